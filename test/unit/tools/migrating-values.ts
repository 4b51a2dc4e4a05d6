/** Values of a random program, as a plain model has them: how they are made, what they are shown as, and what an edit makes of them. */
import {
  type Definition,
  type Definitions,
  type Field,
  isDirect,
  type NumberName,
  type Ty,
  tyText,
  type Variant,
} from './migrating-types.ts';

export type Value =
  | bigint
  | number
  | boolean
  | string
  | { readonly kind: 'option'; readonly some?: Value }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Value])[] }
  | { readonly kind: 'made'; readonly variant: string; readonly fields: ReadonlyMap<string, Value> };

type Made = Extract<Value, { kind: 'made' }>;

/** An edit has no answer for a value. */
export class Impossible extends Error {}

// ------------------------------------------------------------------------------------------ making

/** How the script makes a number of a type of `n`, and what it is: some do not fit into narrower types. */
const MADE: Readonly<
  Record<NumberName, readonly [text: (n: string) => string, value: (n: number) => bigint | number]>
> = {
  i8: [(n) => `(i8 (- (mod (* 7 ${n}) 100) 50))`, (n) => BigInt(((7 * n) % 100) - 50)],
  u8: [(n) => `(u8 (+ (mod (* 7 ${n}) 100) 100))`, (n) => BigInt(((7 * n) % 100) + 100)],
  i16: [(n) => `(i16 (- (* 100 (mod ${n} 100)) 300))`, (n) => BigInt(100 * (n % 100) - 300)],
  u16: [(n) => `(u16 (* 600 (mod ${n} 100)))`, (n) => BigInt(600 * (n % 100))],
  i32: [(n) => `(i32 (- (* 1000 (mod ${n} 1000)) 2000))`, (n) => BigInt(1000 * (n % 1000) - 2000)],
  u32: [
    (n) => `(u32 (if (= 0 (mod ${n} 7)) 4000000000 (mod ${n} 100)))`,
    (n) => (n % 7 === 0 ? 4000000000n : BigInt(n % 100)),
  ],
  i64: [
    (n) => `(if (= 0 (mod ${n} 11)) (+ 9007199254740993 ${n}) (mod ${n} 50))`,
    (n) => (n % 11 === 0 ? 9007199254740993n + BigInt(n) : BigInt(n % 50)),
  ],
  u64: [
    (n) => `(u64 (if (= 0 (mod ${n} 13)) 9223372036854775807 (mod ${n} 50)))`,
    (n) => (n % 13 === 0 ? 9223372036854775807n : BigInt(n % 50)),
  ],
  f32: [
    (n) => `(if (= 0 (mod ${n} 6)) (+ 0.5 (f32 (mod ${n} 50))) (f32 (mod ${n} 50)))`,
    (n) => (n % 50) + (n % 6 === 0 ? 0.5 : 0),
  ],
  f64: [
    (n) => `(if (= 0 (mod ${n} 6)) (+ 0.5 (f64 (mod ${n} 50))) (f64 (mod ${n} 50)))`,
    (n) => (n % 50) + (n % 6 === 0 ? 0.5 : 0),
  ],
};

/** The expression that makes a value of `n`, which is an expression too. Within a definition's own maker `self` is its name. */
export function makeText(type: Ty, n: string, definitions: Definitions, self = ''): string {
  const inner = (of: Ty, more: number): string =>
    makeText(of, more === 0 ? n : `(+ ${n} ${more})`, definitions, self);
  switch (type.kind) {
    case 'number':
      return MADE[type.name][0](n);
    case 'Bool':
      return `(= 0 (mod ${n} 2))`;
    case 'String':
      return `(if (= 0 (mod ${n} 2)) "even" (str "t" ${n}))`;
    case 'parameter':
      throw new Error('a parameter stands for a type');
    case 'own': {
      if (type.name === self) return `(make-${type.name} (/ ${n} 3))`;
      const definition = definitions.get(type.name) as Definition;
      if (!definition.generic) return `(make-${type.name} ${n})`;
      return `(${type.name} ${parts(definition, type.arg)
        .map((f, i) => inner(f.type, i))
        .join(' ')})`;
    }
    case 'Option':
      if (isDirect(type.of, self)) return `(if (< ${n} 3) None (Some ${inner(type.of, 0)}))`;
      return `(if (= 0 (mod ${n} 3)) None (Some ${inner(type.of, 0)}))`;
    case 'Vector':
      return `(if (= 0 (mod ${n} 3)) [] [${inner(type.of, 0)} ${inner(type.of, 1)}])`;
    case 'Tuple':
      return `(tuple ${inner(type.of, 0)} ${n})`;
    case 'Map':
      return `{"k" ${inner(type.of, 0)} "q" ${inner(type.of, 1)}}`;
    case 'Array':
      return `(array ${Array.from({ length: type.length }, (_, i) => inner(type.of, i)).join(' ')})`;
  }
}

/** The fields of a product, its parameter replaced. */
function parts({ variants }: Definition, arg: Ty | undefined): readonly Field[] {
  return fieldsAt((variants[0] as Variant).fields, arg);
}

const fieldsAt = (fields: readonly Field[], arg: Ty | undefined): readonly Field[] =>
  fields.map((field) =>
    field.type.kind === 'parameter' && arg !== undefined ? { ...field, type: arg } : field,
  );

/** A third of a number each time, so that it ends. */
const holds = (type: Ty, name: string): boolean =>
  isDirect(type, name) || ('of' in type && holds(type.of, name));

const hasSelf = ({ fields }: Variant, name: string): boolean =>
  fields.some(({ type }) => isDirect(type, name));

/** The function that makes values of a definition; undefined for a generic one. */
export function makerText(definition: Definition, definitions: Definitions): string | undefined {
  const { name, kind, generic, variants } = definition;
  if (generic) return undefined;
  const one = (maker: string, { fields }: Variant): string =>
    fields.length === 0
      ? maker
      : `(${maker} ${fields.map((f, i) => makeText(f.type, holds(f.type, name) ? 'n' : `(+ n ${i})`, definitions, name)).join(' ')})`;
  const ends = variants.find((variant) => !hasSelf(variant, name)) as Variant;
  const arms = variants.map((v, i) => `((= ${i} (mod n ${variants.length})) ${one(v.name, v)})`);
  const body =
    kind !== 'sum'
      ? one(name, variants[0] as Variant)
      : `(cond ((< n 3) ${one(ends.name, ends)}) ${arms.join(' ')} (else ${one(ends.name, ends)}))`;
  return `(defn make-${name} ((n : i64)) : ${name} ${body})`;
}

/** The same in the model. */
export function make(type: Ty, n: number, definitions: Definitions, self = ''): Value {
  const inner = (of: Ty, more: number): Value => make(of, n + more, definitions, self);
  switch (type.kind) {
    case 'number':
      return MADE[type.name][1](n);
    case 'Bool':
      return n % 2 === 0;
    case 'String':
      return n % 2 === 0 ? 'even' : `t${n}`;
    case 'parameter':
      throw new Error('a parameter stands for a type');
    case 'own': {
      const at = type.name === self ? Math.floor(n / 3) : n;
      const definition = definitions.get(type.name) as Definition;
      const { name, variants } = definition;
      const ends = variants.find((variant) => !hasSelf(variant, name)) as Variant;
      const variant = (at < 3 ? ends : variants[at % variants.length]) as Variant;
      const fields = fieldsAt(variant.fields, type.arg).map(
        (f, i) =>
          [
            f.name,
            make(f.type, holds(f.type, name) ? at : at + i, definitions, definition.generic ? self : name),
          ] as const,
      );
      return { kind: 'made', variant: variant.name, fields: new Map(fields) };
    }
    case 'Option': {
      const none = isDirect(type.of, self) ? n < 3 : n % 3 === 0;
      return none ? { kind: 'option' } : { kind: 'option', some: inner(type.of, 0) };
    }
    case 'Vector':
      return { kind: 'list', items: n % 3 === 0 ? [] : [inner(type.of, 0), inner(type.of, 1)] };
    case 'Tuple':
      return { kind: 'list', items: [inner(type.of, 0), BigInt(n)] };
    case 'Array':
      return { kind: 'list', items: Array.from({ length: type.length }, (_, i) => inner(type.of, i)) };
    case 'Map':
      return {
        kind: 'map',
        entries: [
          ['k', inner(type.of, 0)],
          ['q', inner(type.of, 1)],
        ],
      };
  }
}

// ------------------------------------------------------------------------------------------ showing

/** As `show` writes it. */
export function shown(value: Value, type: Ty, definitions: Definitions): string {
  const inner = (part: Value, of: Ty): string => shown(part, of, definitions);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (typeof value === 'string') return `"${value}"`;
  switch (value.kind) {
    case 'option':
      return value.some === undefined ? 'None' : `(Some ${inner(value.some, of(type))})`;
    case 'list': {
      if (type.kind === 'Tuple')
        return `(Tuple ${inner(value.items[0] as Value, type.of)} ${value.items[1]})`;
      const items = value.items.map((item) => inner(item, of(type))).join(' ');
      return type.kind === 'Array' ? `(array ${items})` : `[${items}]`;
    }
    case 'map':
      return `{${value.entries.map(([key, part]) => `"${key}" ${inner(part, of(type))}`).join(', ')}}`;
    case 'made': {
      const { name, arg } = type as Extract<Ty, { kind: 'own' }>;
      const { kind, variants } = definitions.get(name) as Definition;
      const { fields } = variants.find((variant) => variant.name === value.variant) as Variant;
      const all = fieldsAt(fields, arg).map((f) => ({
        ...f,
        text: inner(value.fields.get(f.name) as Value, f.type),
      }));
      if (kind !== 'sum') return `(${name} ${all.map((f) => `:${f.name} ${f.text}`).join(' ')})`;
      return all.length === 0 ? value.variant : `(${value.variant} ${all.map((f) => f.text).join(' ')})`;
    }
  }
}

const of = (type: Ty): Ty => (type as Extract<Ty, { of: Ty }>).of;

// ------------------------------------------------------------------------------------------ migrating

/** What becomes of values where the one definitions are edited to the others. */
export class Migrating {
  readonly #was: Definitions;
  readonly #is: Definitions;
  /** Whether something may hinder: what goes, and could not be brought along, is alive still. */
  isDoubtful = false;

  constructor(was: Definitions, is: Definitions) {
    this.#was = was;
    this.#is = is;
  }

  /** A value of a type that stays, made of what it is made of now. */
  value(value: Value, type: Ty): Value {
    if (typeof value !== 'object') return value;
    switch (value.kind) {
      case 'option':
        return value.some === undefined ? value : { kind: 'option', some: this.value(value.some, of(type)) };
      case 'list':
        return {
          kind: 'list',
          items: value.items.map((item, i) =>
            type.kind === 'Tuple' && i > 0 ? item : this.value(item, of(type)),
          ),
        };
      case 'map':
        return {
          kind: 'map',
          entries: value.entries.map(([key, part]) => [key, this.value(part, of(type))]),
        };
      case 'made':
        return this.#made(value, type as Extract<Ty, { kind: 'own' }>);
    }
  }

  #made(value: Made, { name, arg }: Extract<Ty, { kind: 'own' }>): Value {
    const was = this.#was.get(name) as Definition;
    const is = this.#is.get(name) as Definition;
    if (was.kind !== is.kind) throw new Impossible(`${name} is of another kind`);
    const old = was.variants.find((variant) => variant.name === value.variant) as Variant;
    const now = is.variants.find((variant) => variant.name === value.variant);
    if (now === undefined) throw new Impossible(`${value.variant} is gone`);
    const before = fieldsAt(old.fields, arg);
    const after = fieldsAt(now.fields, arg);
    // It may be in static memory, where there is no room for everything.
    if (is.kind === 'sum' && before.length === 0 && after.length > 0) this.isDoubtful = true;
    const fields = after.map((field) => [field.name, this.#field(value, before, field)] as const);
    for (const field of before) if (!after.some((is) => isKept(field, is))) this.#drop(value, field);
    return { kind: 'made', variant: value.variant, fields: new Map(fields) };
  }

  #drop(value: Made, { name, type }: Field): void {
    try {
      this.value(value.fields.get(name) as Value, type);
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      this.isDoubtful = true;
    }
  }

  #field(value: Made, before: readonly Field[], { name, type, rule }: Field): Value {
    const old = before.find((field) => field.name === name);
    const had = value.fields.get(name);
    if (old !== undefined && had !== undefined && tyText(old.type) === tyText(type))
      return this.value(had, type);
    if (rule?.kind === 'migrate') {
      if (rule.from === undefined) return 77n;
      const from = before.find((field) => field.name === rule.from);
      if (from === undefined || tyText(from.type) !== 'i64') throw new Impossible(`no ${rule.from} to go by`);
      return BigInt.asIntN(64, (value.fields.get(rule.from) as bigint) + 1000n);
    }
    if (old === undefined || had === undefined) {
      if (rule === undefined) throw new Impossible(`${name} is new`);
      return make(type, rule.n, this.#is);
    }
    if (old.type.kind === 'number' && type.kind === 'number')
      return converted(had as bigint | number, type.name);
    if (type.kind === 'Option' && tyText(type.of) === tyText(old.type))
      return { kind: 'option', some: this.value(had, old.type) };
    throw new Impossible(`${name} is of another type`);
  }
}

const isKept = (was: Field, is: Field): boolean =>
  was.name === is.name && tyText(was.type) === tyText(is.type);

/** The same number of another type. */
function converted(value: bigint | number, to: NumberName): bigint | number {
  if (to === 'f32' || to === 'f64') {
    const near = to === 'f32' ? Math.fround(Number(value)) : Number(value);
    if (typeof value === 'bigint' ? BigInt(near) !== value : near !== value)
      throw new Impossible(`no ${value}`);
    return near;
  }
  if (!Number.isInteger(Number(value))) throw new Impossible(`no ${value}`);
  const whole = BigInt(value);
  const bits = Number(to.slice(1));
  const fits = to.startsWith('u') ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole);
  if (fits !== whole) throw new Impossible(`no ${value}`);
  return whole;
}
