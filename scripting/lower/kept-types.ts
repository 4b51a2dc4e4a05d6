/**
 * The types whose values may live on when a reload brings other code: those of mutable globals, those that the host may hold
 * objects and functions of, and whatever they are made of. How a value lies in memory follows from the definitions of its
 * types, so these are what is written down: kinds, and names and types of fields and variants in their order.
 */
import type { KeptType } from '../image/index.ts';
import { isTooLarge, type Type, type TypeDefinition } from '../types/index.ts';
import { fieldsOf } from './representation.ts';
import { bind, concrete, typeKey, typeName } from './substitution.ts';

/** Types nest so deep only where one holds itself at ever larger arguments. */
const DEEPEST = 40;

/** Collections of the library's that lie by what a program's own code says of a part of them: by which argument, and which methods. */
const ARRANGED: Readonly<
  Record<string, { readonly argument: number; readonly methods: Arranged['methods'] }>
> = {
  'prelude.Map': {
    argument: 0,
    methods: [
      ['Hash', 'hash'],
      ['Eq', '='],
    ],
  },
  'prelude.MutMap': {
    argument: 0,
    methods: [
      ['Hash', 'hash'],
      ['Eq', '='],
    ],
  },
  'prelude.PriorityQueue': { argument: 1, methods: [['Ord', 'compare']] },
};

/** A collection that lies by what methods say of a type: keys of a map by their hashes. */
export interface Arranged {
  /** The collection's. */
  readonly key: string;
  readonly by: Type;
  readonly methods: readonly (readonly [className: string, method: string])[];
}

export class KeptTypes {
  readonly #known = new Map<string, KeptType>();
  readonly #arranged: Arranged[] = [];
  readonly #handles = new Set<string>();

  get types(): readonly KeptType[] {
    return [...this.#known.values()];
  }

  get arranged(): readonly Arranged[] {
    return this.#arranged;
  }

  /** Keys of the types of which the host may hold objects or functions. */
  get handles(): readonly string[] {
    return [...this.#handles];
  }

  addHandle(type: Type): void {
    this.#handles.add(this.add(type));
  }

  /** Adds a concrete type and all that its values may lead to; returns its key. */
  add(type: Type): string {
    const pending = [type];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const key = typeKey(next);
      if (this.#known.has(key)) continue;
      const { layout, holds } = describe(next);
      this.#known.set(key, { key, name: typeName(next), layout, holds: [...new Set(holds.map(typeKey))] });
      pending.push(...holds);
      this.#noteArranged(key, next);
    }
    return typeKey(type);
  }

  #noteArranged(key: string, type: Type): void {
    const found = type.kind === 'named' ? ARRANGED[type.definition.key] : undefined;
    const by = type.kind === 'named' && found !== undefined ? type.args[found.argument] : undefined;
    if (found !== undefined && by !== undefined) this.#arranged.push({ key, by, methods: found.methods });
  }
}

function describe(type: Type): { layout: string | undefined; holds: readonly Type[] } {
  if (isTooLarge(type, DEEPEST)) return { layout: undefined, holds: [] };
  if (type.kind === 'function') return { layout: 'function', holds: [...type.params, type.result] };
  if (type.kind !== 'named') throw new Error(`${typeName(type)} is not concrete`);
  const { definition, args } = type;
  const fields = fieldsOf(type);
  const variants = variantsOf(definition, args);
  const kind = `${definition.kind} ${definition.entity ? 'entity ' : ''}${definition.host ?? ''}`;
  const text = [listed(fields), ...variants.map(({ name, fields: own }) => `${name}(${listed(own)})`)].join(
    ' | ',
  );
  return {
    layout: `${kind}: ${text}`,
    holds: [...args, ...fields.map((f) => f.type), ...variants.flatMap((v) => v.fields.map((f) => f.type))],
  };
}

interface Field {
  readonly name: string;
  readonly type: Type;
}

function listed(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name}: ${typeKey(type)}`).join(', ');
}

function variantsOf(
  { parameters, variants }: TypeDefinition,
  args: readonly Type[],
): readonly { readonly name: string; readonly fields: readonly Field[] }[] {
  const substitution = bind(parameters, args);
  return variants.map(({ name, fields }) => ({
    name,
    fields: fields.map((f) => ({ name: f.name, type: concrete(f.type, substitution) })),
  }));
}
