/** What a snapshot knows of a type of objects: how they lie, and what their places are called. */
import {
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
} from '../../heap/index.ts';
import type { TypeEntry } from '../../image/index.ts';
import type { MemoryViews } from '../views.ts';
import type { World } from '../world.ts';

export interface ObjectType {
  readonly name: string;
  /** Bytes of what is not elements, and of an element; 0 for objects without. */
  readonly size: number;
  readonly stride: number;
  /** Where addresses are, from the object's beginning and from an element's. */
  readonly fixed: readonly number[];
  readonly inElement: readonly number[];
  /** As the script has them; of an object with elements, an element's. Empty where the type is not known. */
  readonly fields: TypeEntry['fields'];
}

/** Types by the addresses of their descriptors, in the order in which they are come to. */
export class ObjectTypes {
  readonly list: ObjectType[] = [];
  readonly #world: World;
  readonly #numbers = new Map<number, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The number in `list` of an object's type. */
  numberOf(object: number): number {
    const { views, types } = this.#world;
    const descriptor = views.word(object);
    const known = this.#numbers.get(descriptor);
    if (known !== undefined) return known;
    const number = this.list.length;
    const entry = types.entryOf(object, views);
    const fixed = half(views, descriptor + DESCRIPTOR_FIXED_AT);
    const offsets = Array.from({ length: fixed + half(views, descriptor + DESCRIPTOR_ELEMENT_AT) }, (_, i) =>
      half(views, descriptor + DESCRIPTOR_OFFSETS_AT + 2 * i),
    );
    this.list.push({
      name: entry?.name ?? 'object',
      size: views.word(descriptor + DESCRIPTOR_SIZE_AT),
      stride: views.word(descriptor + DESCRIPTOR_STRIDE_AT),
      fixed: offsets.slice(0, fixed),
      inElement: offsets.slice(fixed),
      fields: entry?.fields ?? [],
    });
    this.#numbers.set(descriptor, number);
    return number;
  }
}

const half = ({ u8 }: MemoryViews, at: number): number => (u8[at] as number) | ((u8[at + 1] as number) << 8);

/** What the collections of the library keep between themselves and what is in them: no step that a person knows. */
const INNER = new Set(['buffer', 'directory']);

/**
 * A place in an object as a step of a path: `.name`, `[12]`, `[12].at`; '' for what is in between, and `.%keys` for what the library keeps in its
 * own collections. `index` is what is put for a number.
 */
export function stepAt({ size, stride, fields }: ObjectType, offset: number, index?: string): string {
  if (stride === 0 || offset < size) {
    const name = nameOf(fields, offset) ?? `+${offset}`;
    return INNER.has(name) ? '' : `.${name}`;
  }
  const element = Math.floor((offset - size) / stride);
  const name = nameOf(fields, (offset - size) % stride) ?? '';
  return `[${index ?? element}]${name === '' ? '' : `.${name}`}`;
}

const nameOf = (fields: TypeEntry['fields'], offset: number): string | undefined =>
  fields.find((field) => field.offset === offset)?.name;

/** Names that no script uses begin with `%`. */
export const isInnerStep = (step: string): boolean => step.startsWith('.%');

/** A step as people read it. */
export const shown = (step: string): string => step.replace('.%', '.');
