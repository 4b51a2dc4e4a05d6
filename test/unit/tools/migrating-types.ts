/** Types of random programs, and random edits of them. */
import type { Random } from '../../generated/random.ts';

export type NumberName = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

export type Ty =
  | { readonly kind: 'number'; readonly name: NumberName }
  | { readonly kind: 'Bool' | 'String' | 'parameter' }
  | { readonly kind: 'own'; readonly name: string; readonly arg?: Ty }
  | { readonly kind: 'Option' | 'Vector' | 'Tuple' | 'Map'; readonly of: Ty }
  | { readonly kind: 'Array'; readonly of: Ty; readonly length: number };

/** What a new field begins with: its default, made of a number, or what `migrate` makes of an i64 field, or of none. */
export type Rule =
  | { readonly kind: 'default'; readonly n: number }
  | { readonly kind: 'migrate'; readonly from?: string };

export interface Field {
  readonly name: string;
  readonly type: Ty;
  readonly rule?: Rule;
}

export interface Variant {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Definition {
  readonly name: string;
  readonly kind: 'struct' | 'value' | 'entity' | 'sum';
  /** It has a parameter, which may be the type of fields. */
  readonly generic: boolean;
  /** One, without a name, but for sums. */
  readonly variants: readonly Variant[];
}

/** In the order of the program: each is made of those before it, and of itself. */
export type Definitions = ReadonlyMap<string, Definition>;

export const NUMBERS: readonly NumberName[] = [
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'f32',
  'f64',
];

export const I64: Ty = { kind: 'number', name: 'i64' };
const U16: Ty = { kind: 'number', name: 'u16' };

/** As the script writes it. */
export function tyText(type: Ty): string {
  switch (type.kind) {
    case 'number':
      return type.name;
    case 'Bool':
    case 'String':
      return type.kind;
    case 'parameter':
      return "'a";
    case 'own':
      return type.arg === undefined ? type.name : `(${type.name} ${tyText(type.arg)})`;
    case 'Map':
      return `(Map String ${tyText(type.of)})`;
    case 'Tuple':
      return `(Tuple ${tyText(type.of)} i64)`;
    case 'Array':
      return `(Array ${type.length} ${tyText(type.of)})`;
    default:
      return `(${type.kind} ${tyText(type.of)})`;
  }
}

/** Whether a value of the type is one of the definition's by itself, and so has no end. */
export const isDirect = (type: Ty, name: string): boolean => type.kind === 'own' && type.name === name;

export class RandomTypes {
  readonly #random: Random;
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A struct, a value, a sum, an entity, a generic one, the type of keys `K`, and `C` of columns, which is of numbers. */
  definitions(): Definitions {
    const random = this.#random;
    const found = new Map<string, Definition>();
    const kinds = ['struct', random.pick(['value', 'sum'] as const), 'sum', 'value', 'entity'] as const;
    for (const [i, kind] of random.some(kinds, 5).entries()) {
      const own = [...found.keys()];
      found.set(`T${i}`, this.#definition(`T${i}`, kind, own));
    }
    const box = { name: 'Box', kind: 'struct', generic: true } as const;
    const fields = [this.#field(['T0']), { name: this.#fresh('f'), type: { kind: 'parameter' as const } }];
    found.set('Box', { ...box, variants: [{ name: '', fields }] });
    found.set('K', this.#key());
    const numbers = [this.#number(), this.#number()];
    found.set('C', { name: 'C', kind: 'value', generic: false, variants: [{ name: '', fields: numbers }] });
    return found;
  }

  #number(): Field {
    return { name: this.#fresh('f'), type: { kind: 'number', name: this.#random.pick(NUMBERS) } };
  }

  #key(): Definition {
    const plain = (): Field => ({
      name: this.#fresh('f'),
      type: this.#random.pick([I64, { kind: 'String' }, U16, { kind: 'Array', of: U16, length: 2 }] as const),
      rule: { kind: 'default', n: this.#random.below(9) },
    });
    if (this.#random.chance(0.5))
      return {
        name: 'K',
        kind: 'value',
        generic: false,
        variants: [{ name: '', fields: [plain(), plain()] }],
      };
    const variants = [
      { name: this.#fresh('V'), fields: [plain()] },
      { name: this.#fresh('V'), fields: [] },
    ];
    return { name: 'K', kind: 'sum', generic: false, variants };
  }

  #definition(name: string, kind: Definition['kind'], own: readonly string[]): Definition {
    const random = this.#random;
    const generic = false;
    if (kind !== 'sum') {
      const fields = this.#fields(own, 1 + random.below(4));
      if (kind === 'struct' && random.chance(0.5))
        fields.push({ name: this.#fresh('f'), type: { kind: 'Option', of: { kind: 'own', name } } });
      return { name, kind, generic, variants: [{ name: '', fields }] };
    }
    const variants: Variant[] = [];
    const style = random.pick(['tags', 'flat', 'boxed', 'nullable'] as const);
    for (let i = 2 + random.below(3); i > 0; i -= 1)
      variants.push({
        name: this.#fresh('V'),
        fields: style === 'flat' ? this.#fields(own, random.below(3)) : [],
      });
    if (style === 'boxed') {
      const self: Field = { name: this.#fresh('f'), type: { kind: 'own', name } };
      variants.push({ name: this.#fresh('V'), fields: [self, ...this.#fields(own, 1)] });
      variants.push({ name: this.#fresh('V'), fields: this.#fields(own, 2) });
    }
    if (style !== 'nullable') return { name, kind, generic, variants };
    const text: Field = { name: this.#fresh('f'), type: { kind: 'String' } };
    return {
      name,
      kind,
      generic,
      variants: [variants[0] as Variant, { name: this.#fresh('V'), fields: [text] }],
    };
  }

  #fields(own: readonly string[], count: number): Field[] {
    return Array.from({ length: count }, () => this.#field(own));
  }

  #field(own: readonly string[]): Field {
    const rule: Rule = { kind: 'default', n: this.#random.below(9) };
    return { name: this.#fresh('f'), type: this.#type(own), ...(this.#random.chance(0.8) && { rule }) };
  }

  #type(own: readonly string[]): Ty {
    const random = this.#random;
    const named = own.length === 0 ? I64 : ({ kind: 'own', name: random.pick(own) } as const);
    const inner = random.weighted<Ty>([
      [3, { kind: 'number', name: random.pick(NUMBERS) }],
      [3, I64],
      [2, { kind: 'String' }],
      [1, { kind: 'Bool' }],
      [6, named],
    ]);
    const around = random.weighted<'Option' | 'Vector' | 'Tuple' | 'Map' | 'Array' | undefined>([
      [6, undefined],
      [2, 'Option'],
      [1, 'Vector'],
      [1, 'Tuple'],
      [1, 'Map'],
      [1, 'Array'],
    ]);
    if (around === 'Array') return { kind: around, of: inner, length: 2 + random.below(2) };
    return around === undefined ? inner : { kind: around, of: inner };
  }

  #fresh(letter: string): string {
    this.#names += 1;
    return `${letter}${this.#names}`;
  }

  // ------------------------------------------------------------------------------------------ edits

  /** Some edits of one definition or two, and of keys. */
  edited(definitions: Definitions): Definitions {
    const random = this.#random;
    const names = [...definitions.keys()].filter((name) => name !== 'K');
    const next = new Map(definitions);
    for (const name of random.some(names, 1 + random.below(2)))
      for (let i = 1 + random.below(2); i > 0; i -= 1)
        next.set(name, this.#edit(next.get(name) as Definition, [...definitions.keys()]));
    if (random.chance(0.4)) next.set('K', this.#edit(next.get('K') as Definition, []));
    return next;
  }

  #edit(definition: Definition, names: readonly string[]): Definition {
    const random = this.#random;
    const { kind, name } = definition;
    const own = names.slice(0, names.indexOf(name)).filter((other) => !['Box', 'K', 'C'].includes(other));
    const at = random.below(definition.variants.length);
    const variants = [...definition.variants];
    const { fields, ...variant } = variants[at] as Variant;
    const set = (list: readonly Field[]): Definition => {
      if (kind !== 'sum' && list.length === 0) return definition;
      variants[at] = { ...variant, fields: list };
      return { ...definition, variants };
    };
    const changed = random.below(Math.max(1, fields.length));
    const replace = (make: (field: Field) => Field): Definition =>
      set(fields.map((field, i) => (i === changed && !isDirect(field.type, name) ? make(field) : field)));
    const insert = (field: Field): Definition => {
      const place = random.below(fields.length + 1);
      return set([...fields.slice(0, place), field, ...fields.slice(place)]);
    };
    const isPlain = name === 'K' || name === 'C';
    const plain = definition.generic ? [] : own;
    const added = (): Field =>
      name === 'K'
        ? { name: this.#fresh('f'), type: I64 }
        : name === 'C'
          ? this.#number()
          : this.#field(plain);
    const rule: Rule = { kind: 'default', n: random.below(9) };
    const whole = fields.filter(({ type }) => tyText(type) === 'i64');
    const edits: (readonly [weight: number, make: () => Definition])[] = [
      [3, () => set(shuffled(random, fields))],
      [4, () => insert({ ...added(), rule })],
      // So that it does not fit where it lies.
      [
        name === 'K' ? 0 : 2,
        () => set([...[0, 1, 2].map((n) => ({ ...added(), rule: { ...rule, n } })), ...fields]),
      ],
      [0.3, () => insert(without(added()))],
      [1.5, () => set(fields.filter((field, i) => i !== changed || isDirect(field.type, name)))],
      [0.3, () => replace((field) => ({ ...field, name: this.#fresh('f') }))],
      [2, () => replace((field) => retyped(field, this.#retyped(field.type)))],
      [
        1.5,
        () =>
          replace((field) =>
            isPlain || field.type.kind === 'parameter'
              ? field
              : retyped(field, { kind: 'Option', of: field.type }),
          ),
      ],
    ];
    if (kind === 'sum') {
      const more = (list: readonly Field[]): Definition => {
        const place = random.below(variants.length + 1);
        variants.splice(place, 0, { name: this.#fresh('V'), fields: list });
        return { ...definition, variants };
      };
      edits.push(
        [4, () => ({ ...definition, variants: shuffled(random, variants) })],
        [3, () => more(random.chance(0.5) ? [] : [added()])],
        [
          name === 'K' ? 0 : 1.5,
          () => more(Array.from({ length: 6 }, () => ({ name: this.#fresh('f'), type: I64 }))),
        ],
        [name === 'K' ? 0 : 1.5, () => more([{ name: this.#fresh('f'), type: { kind: 'own', name } }])],
        [
          0.4,
          () => {
            const left = variants.filter((_, i) => i !== at);
            const ends = left.some((other) => !other.fields.some(({ type }) => isDirect(type, name)));
            return left.length > 1 && ends ? { ...definition, variants: left } : definition;
          },
        ],
      );
    } else {
      edits.push([2, () => insert({ name: this.#fresh('f'), type: I64, rule: { kind: 'migrate' } })]);
      if (whole.length > 0 && !definition.generic) {
        const from = random.pick(whole).name;
        const rest = fields.filter((field) => field.name !== from);
        const moved: Field = { name: this.#fresh('f'), type: I64, rule: { kind: 'migrate', from } };
        edits.push([2, () => set([...rest, moved])]);
        edits.push([1, () => replace((field) => ({ ...field, type: I64, rule: { kind: 'migrate', from } }))]);
      }
      if (
        !isPlain &&
        kind !== 'entity' &&
        !definition.generic &&
        !fields.some(({ type }) => 'of' in type && isDirect(type.of, name))
      )
        edits.push([0.2, () => ({ ...definition, kind: kind === 'struct' ? 'value' : 'struct' })]);
    }
    return random.weighted(edits)();
  }

  #retyped(type: Ty): Ty {
    const random = this.#random;
    if (type.kind === 'number') return { kind: 'number', name: random.pick(NUMBERS) };
    if (type.kind === 'Option' && random.chance(0.5)) return { kind: 'Option', of: type };
    if (type.kind === 'Array' && random.chance(0.2)) return { ...type, length: 5 - type.length };
    return type;
  }
}

const without = ({ name, type }: Field): Field => ({ name, type });

/** What `migrate` says is of the type that it was said for. */
function retyped({ name, type: was, rule }: Field, type: Ty): Field {
  const fits = rule?.kind === 'default' || tyText(was) === tyText(type);
  return { name, type, ...(rule !== undefined && fits && { rule }) };
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
