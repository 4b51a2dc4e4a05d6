/**
 * The types whose values may live on when a reload brings other code: those of mutable globals, those that the host may hold
 * objects and functions of, those of which the program has objects, and whatever they are made of. How a value lies in memory follows from the definitions of its
 * types, so these are what is written down: kinds, and names and types of fields and variants in their order.
 */
import type { KeptField, KeptForm, KeptType } from '../image/index.ts';
import { isTooLarge, placeField, type Type, type TypeDefinition } from '../types/index.ts';
import { components, elementOf, fieldsOf, isFlat, isHostObject, type ObjectTypes } from './representation.ts';
import { bind, concrete, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { variantObject } from './variant.ts';

/** Types nest so deep only where one holds itself at ever larger arguments. */
const DEEPEST = 40;

/**
 * Collections of the library's that lie by what a program's own code says of a part of them: by which argument, and which methods; and
 * the function that makes one with the same parts anew.
 */
const ARRANGED: Readonly<
  Record<string, { readonly argument: number; readonly methods: Arranged['methods']; readonly again: string }>
> = {
  'prelude.Map': {
    argument: 0,
    methods: [
      ['Hash', 'hash'],
      ['Eq', '='],
    ],
    again: 'prelude.%map-again',
  },
  'prelude.MutMap': {
    argument: 0,
    methods: [
      ['Hash', 'hash'],
      ['Eq', '='],
    ],
    again: 'prelude.%mut-map-again',
  },
  'prelude.PriorityQueue': { argument: 1, methods: [['Ord', 'compare']], again: 'prelude.%queue-again' },
};

/** A collection that lies by what methods say of a type: keys of a map by their hashes. */
export interface Arranged {
  /** The collection's. */
  readonly key: string;
  readonly by: Type;
  readonly methods: readonly (readonly [className: string, method: string])[];
  /** The key of the function that makes one with the same parts anew, and the collection's arguments. */
  readonly again: string;
  readonly args: readonly Type[];
}

export class KeptTypes {
  readonly #described = new Map<string, KeptType>();
  /** By keys, what was described: concrete types. */
  readonly #types = new Map<string, Type>();
  /** Of which values may live on. */
  readonly #living = new Set<string>();
  readonly #arranged: Arranged[] = [];
  readonly #handles = new Set<string>();
  readonly #replaceable: boolean;

  /** Nothing is written down of a program that is never replaced. */
  constructor(replaceable: boolean) {
    this.#replaceable = replaceable;
  }

  /** All that were described. */
  get types(): readonly KeptType[] {
    return [...this.#described.values()];
  }

  /** The same as the checker has them. What is described meanwhile is among them. */
  get described(): Iterable<Type> {
    return this.#types.values();
  }

  /** The type of a key. */
  typeOf(key: string): Type | undefined {
    return this.#types.get(key);
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

  /** Adds a concrete type of values that may live on, and all that they may lead to; returns its key. */
  add(type: Type): string {
    const root = this.describe(type);
    const pending = this.#replaceable ? [root] : [];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      if (this.#living.has(key)) continue;
      this.#living.add(key);
      this.#noteArranged(key, this.#types.get(key) as Type);
      pending.push(...(this.#described.get(key)?.holds ?? []));
    }
    return root;
  }

  /** Writes down what values of a concrete type are, and those that they lead to; returns its key. */
  describe(type: Type): string {
    const root = typeKey(type);
    if (!this.#replaceable) return root;
    const pending = [type];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const key = typeKey(next);
      if (this.#described.has(key)) continue;
      const { layout, holds, form } = describe(next);
      const parts = layout === undefined ? [] : components(next).map(({ stored }) => stored);
      const leadsTo = [...new Set(holds.map(typeKey))];
      this.#types.set(key, next);
      this.#described.set(key, {
        key,
        name: typeName(next),
        layout,
        form,
        components: parts,
        holds: leadsTo,
      });
      pending.push(...holds);
    }
    return root;
  }

  /** Whether values of a concrete type may hold objects of the host, and hold no functions. False in a program that is never replaced. */
  leadsToHost(root: Type): boolean {
    const seen = new Map([[typeKey(root), root]]);
    let found = false;
    for (const [, type] of this.#replaceable ? seen : []) {
      const { layout, holds } = describe(type);
      if (layout === undefined || type.kind === 'function') return false;
      found ||= isHostObject(type);
      for (const held of holds) seen.set(typeKey(held), held);
    }
    return found;
  }

  #noteArranged(key: string, type: Type): void {
    const found = type.kind === 'named' ? ARRANGED[type.definition.key] : undefined;
    const by = type.kind === 'named' && found !== undefined ? type.args[found.argument] : undefined;
    if (type.kind !== 'named' || found === undefined || by === undefined) return;
    this.#arranged.push({ key, by, methods: found.methods, again: found.again, args: type.args });
  }
}

/** Lays out the objects that values of a type may be, whether or not the program makes or reads any: others may live. */
export function layOutObjects(types: ObjectTypes, type: Type): void {
  if (type.kind !== 'named' || isTooLarge(type, DEEPEST)) return;
  const { kind, name } = type.definition;
  if (kind === 'struct') types.struct(type);
  else if (kind === 'sum' && sumOf(type).kind === 'boxed')
    for (const variant of sumOf(type).variants) variantObject(types, type, variant);
  else if (kind === 'builtin' && ['Vector', 'MutVec', '%Segments'].includes(name)) {
    types.vector(elementOf(type));
    if (name === 'MutVec') types.mutVector(elementOf(type));
    else if (name === '%Segments') types.segments(elementOf(type));
  }
}

function describe(type: Type): { layout: string | undefined; holds: readonly Type[]; form: KeptForm } {
  if (isTooLarge(type, DEEPEST)) return { layout: undefined, holds: [], form: PLAIN };
  if (type.kind === 'function')
    return { layout: 'function', holds: [...type.params, type.result], form: PLAIN };
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
    form: formOf(type),
  };
}

const PLAIN: KeptForm = { kind: 'plain' };

function formOf(type: Extract<Type, { kind: 'named' }>): KeptForm {
  const { definition } = type;
  if (isFlat(type)) return { kind: 'flat', fields: keptFields(fieldsOf(type)) };
  if (definition.kind === 'struct') {
    const place = placeField(type);
    return {
      kind: 'struct',
      entity: definition.entity,
      ...(place !== undefined && { place: place.name }),
      fields: keptFields(fieldsOf(type)),
    };
  }
  if (definition.kind !== 'sum') return PLAIN;
  const { kind, variants } = sumOf(type);
  return {
    kind: 'sum',
    held: kind,
    variants: variants.map(({ name, fields, at }) => ({ name, fields: keptFields(fields), at })),
  };
}

const keptFields = (fields: readonly Field[]): readonly KeptField[] =>
  fields.map(({ name, type }) => ({ name, type: typeKey(type) }));

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
