/** Programs whose values lie in many places, and the same places in a plain model. */
import type { Random } from '../../generated/random.ts';
import { type Definition, type Definitions, type Field, I64, type Ty, tyText } from './migrating-types.ts';
import { Migrating, make, makerText, makeText, shown, type Value } from './migrating-values.ts';

/** What the model knows of a place: the values in it, and how often it was looked at. */
export interface Held {
  readonly values: readonly Value[];
  readonly looks: number;
}

/** Where values lie. */
export interface Placement {
  readonly name: string;
  /** Of the values in it. */
  readonly type: Ty;
  /** Globals and functions: `fill-NAME` puts something there that is made of a number, `look-NAME` shows it. */
  text(definitions: Definitions): string;
  /** What lies there then. */
  fill(n: number, definitions: Definitions): readonly Value[];
  show(held: Held, definitions: Definitions): string;
  /** The host may hold it: `give-NAME` returns it, `take-NAME` shows what it is given. */
  readonly isLent?: boolean;
}

/** A placement of which the parts vary: the global, its first value, what is done with one that is made, and how it is shown. */
interface Shape {
  readonly global: (type: string) => string;
  readonly first: string;
  /** The statements of `fill`, where `(v K)` makes a value. */
  readonly fill: readonly string[];
  /** Which of them lie there. */
  readonly made: readonly number[];
  readonly look?: string;
  readonly show: (texts: readonly string[], looks: number) => string;
}

const list = (texts: readonly string[]): string => `[${texts.join(' ')}]`;

const SHAPES: Readonly<Record<string, Shape>> = {
  global: {
    global: (t) => `(Option ${t})`,
    first: 'None',
    fill: ['(set! *g* (Some (v 0)))'],
    made: [0],
    show: ([text]) => `(Some ${text})`,
  },
  nested: {
    global: (t) => `(Vector (Option (Option ${t})))`,
    first: '[]',
    fill: ['(set! *g* [None (Some None) (Some (Some (v 0)))])'],
    made: [0],
    show: ([text]) => `[None (Some None) (Some (Some ${text}))]`,
  },
  'mutable-vector': {
    global: (t) => `(MutVec ${t})`,
    first: '(mut-vec)',
    fill: ['(clear! *g*)', ...[0, 1, 2, 3, 4].map((k) => `(push! *g* (v ${k}))`), '(pop! *g*)', '(pop! *g*)'],
    made: [0, 1, 2],
    show: list,
  },
  rope: {
    global: (t) => `(Vector ${t})`,
    first: '[]',
    fill: ['(set! *g* (concat (map (fn (i) (v i)) (range 0 290)) (map (fn (i) (v i)) (range 290 560))))'],
    made: Array.from({ length: 560 }, (_, i) => i),
    look: '(show (map (fn (i) (nth *g* (* i 93))) (range 0 7)))',
    show: (texts) => list([0, 1, 2, 3, 4, 5, 6].map((i) => texts[i * 93] as string)),
  },
  tuples: {
    global: (t) => `(MutVec (Tuple i64 ${t} ${t}))`,
    first: '(mut-vec)',
    fill: ['(clear! *g*)', '(push! *g* (tuple 5 (v 0) (v 1)))'],
    made: [0, 1],
    show: ([a, b]) => `[(Tuple 5 ${a} ${b})]`,
  },
  map: {
    global: (t) => `(Map String (Option ${t}))`,
    first: '{}',
    fill: ['(set! *g* {"a" (Some (v 0)) "b" None "c" (Some (v 1))})'],
    made: [0, 1],
    show: ([a, b]) => `{"a" (Some ${a}), "b" None, "c" (Some ${b})}`,
  },
  'mutable-map': {
    global: (t) => `(MutMap String ${t})`,
    first: '(mut-map)',
    fill: [
      '(map-set! *g* "b" (v 3))',
      ...['a', 'b', 'c', 'd'].map((key, k) => `(map-set! *g* "${key}" (v ${k}))`),
      '(map-remove! *g* "b")',
      '(map-remove! *g* "a")',
      '(map-set! *g* "a" (v 0))',
      '(map-remove! *g* "c")',
    ],
    made: [3, 0],
    show: ([a, b]) => `{"d" ${a}, "a" ${b}}`,
  },
  deque: {
    global: (t) => `(Deque ${t})`,
    first: '(deque)',
    fill: [
      '(while (< 0 (len *g*)) (pop-back! *g*))',
      ...[0, 1, 2, 3].map((k) => `(push-back! *g* (v ${k}))`),
      '(push-front! *g* (v 4))',
      '(pop-front! *g*)',
      '(pop-front! *g*)',
      '(pop-back! *g*)',
    ],
    made: [1, 2],
    show: ([a, b]) => `(deque ${a} ${b})`,
  },
  captured: {
    global: () => '(Fn [] String)',
    first: '(fn () "")',
    fill: ['(let ((t (v 0)) (u (v 1))) (set! *g* (fn () (str (show t) (show u)))))'],
    made: [0, 1],
    look: '(*g*)',
    show: ([a, b]) => `${a}${b}`,
  },
  stepping: {
    global: () => '(Fn [] String)',
    first: '(fn () "")',
    fill: [
      '(let ((mut t (v 0)) (mut k 0)) (set! *g* (fn () (set! k (+ k 1)) (set! t (ident t)) (str k (show t)))))',
    ],
    made: [0],
    look: '(*g*)',
    show: ([a], looks) => `${looks}${a}`,
  },
  lent: {
    global: (t) => `(MutVec ${t})`,
    first: '(mut-vec)',
    fill: ['(set! *g* (mut-vec (v 0) (v 1)))'],
    made: [0, 1],
    show: list,
  },
};

/** Only objects. */
const OBJECTS: Readonly<Record<string, Shape>> = {
  weak: {
    global: (t) => `(Tuple (MutVec ${t}) (Vector (Weak ${t})))`,
    first: '(tuple (mut-vec) [])',
    fill: ['(let ((a (v 0)) (b (v 1))) (set! *g* (tuple (mut-vec a b a) [(weak a) (weak b) (weak (v 2))])))'],
    made: [0, 1],
    look: `(str (show (.0 *g*)) (show (map (fn (w) (upgrade w)) (.1 *g*)))
  (show (same? (nth (.0 *g*) 0) (nth (.0 *g*) 2)))
  (show (match (upgrade (nth (.1 *g*) 1)) ((Some b) (same? b (nth (.0 *g*) 1))) (None false))))`,
    show: ([a, b]) => `[${a} ${b} ${a}][(Some ${a}) (Some ${b}) None]truetrue`,
  },
};

/** The host holds what is in the global. */
const lentText = (name: string, type: string): string => `(pub defn give-${name} () : ${type} *${name}*)
(pub defn take-${name} ((held : ${type})) : String (str (same? held *${name}*) (show held)))`;

class Plain implements Placement {
  readonly name: string;
  readonly type: Ty;
  readonly #shape: Shape;

  constructor(name: string, type: Ty, shape: Shape) {
    this.name = name;
    this.type = type;
    this.#shape = shape;
  }

  get isLent(): boolean {
    return this.#shape === SHAPES.lent;
  }

  text(definitions: Definitions): string {
    const { name } = this;
    const type = tyText(this.type);
    const { global, first, fill, look = '(show *g*)' } = this.#shape;
    const own = (text: string): string => text.replaceAll('*g*', `*${name}*`);
    const value = makeText(this.type, '(+ n i)', definitions);
    const made = own(fill.join(' '))
      .replaceAll('(v ', `(v-${name} n `)
      .replaceAll('(ident ', `(ident-${name} `);
    return `(defglobal mut *${name}* : ${global(type)} ${first})
(defn v-${name} ((n : i64) (i : i64)) : ${type} ${value})
(defn ident-${name} ((t : ${type})) : ${type} t)
(pub defn fill-${name} ((n : i64)) : Unit ${made})
(pub defn look-${name} () : String ${own(look)})
${this.isLent ? lentText(name, global(type)) : ''}`;
  }

  fill(n: number, definitions: Definitions): readonly Value[] {
    return this.#shape.made.map((i) => make(this.type, n + i, definitions));
  }

  show({ values, looks }: Held, definitions: Definitions): string {
    return this.#shape.show(
      values.map((value) => shown(value, this.type, definitions)),
      looks,
    );
  }
}

/** In the world. */
class Pool implements Placement {
  readonly name: string;
  readonly type: Ty;

  constructor(name: string, type: Ty) {
    this.name = name;
    this.type = type;
  }

  text(): string {
    const type = tyText(this.type);
    return `(pub defn fill-${this.name} ((n : i64)) : Unit
  (for-entities (e ${type}) (remove-entity! e))
  (for (i 0 (< i 4)) (let ((e (add-entity! (make-${type} (+ n i))))) (when (= i 1) (remove-entity! e)))))
(pub defn look-${this.name} () : String (let ((mut all "")) (for-entities (e ${type}) (set! all (str all (show e)))) all))`;
  }

  fill(n: number, definitions: Definitions): readonly Value[] {
    return [0, 2, 3].map((i) => make(this.type, n + i, definitions));
  }

  show({ values }: Held, definitions: Definitions): string {
    return values.map((value) => shown(value, this.type, definitions)).join('');
  }
}

/** Keys of a map, and a set, which are found. */
class Keys implements Placement {
  readonly name: string;
  readonly type: Ty;

  constructor(name: string, type: Ty) {
    this.name = name;
    this.type = type;
  }

  text(definitions: Definitions): string {
    const { name } = this;
    const key = makeText(this.type, 'n', definitions);
    return `(defglobal mut *${name}* : (Tuple (MutMap ${tyText(this.type)} i64) (MutSet ${tyText(this.type)})) (tuple (mut-map) (mut-set)))
(pub defn fill-${name} ((n : i64)) : Unit
  (set! *${name}* (tuple (mut-map) (mut-set)))
  (map-set! (.0 *${name}*) ${key} 1)
  (set-add! (.1 *${name}*) ${key}))
(pub defn look-${name} () : String
  (str *${name}* (map (fn (k) (tuple (map-get (.0 *${name}*) k) (contains? (.1 *${name}*) k))) (keys (.0 *${name}*)))))`;
  }

  fill(n: number, definitions: Definitions): readonly Value[] {
    return [make(this.type, n, definitions)];
  }

  show({ values }: Held, definitions: Definitions): string {
    const text = shown(values[0] as Value, this.type, definitions);
    return `(Tuple {${text} 1} (mut-set ${text}))[(Tuple 1 true)]`;
  }
}

/** Every shape at some type, the world, and keys; they are the same for all versions of a program. */
export function placements(random: Random, definitions: Definitions): readonly Placement[] {
  const own = [...definitions.values()].filter(({ name }) => name !== 'K');
  const typeOf = ({ name, generic }: Definition): Ty =>
    generic
      ? { kind: 'own', name, arg: random.pick<Ty>([I64, { kind: 'own', name: 'T1' }]) }
      : { kind: 'own', name };
  const found: Placement[] = [];
  const add = (shapes: typeof SHAPES, from: readonly Definition[]): void => {
    for (const [name, shape] of Object.entries(shapes)) {
      const definition = random.pick(from);
      found.push(new Plain(`${name}-${definition.name}`, typeOf(definition), shape));
    }
  };
  add(SHAPES, own);
  add(
    OBJECTS,
    own.filter(({ kind }) => kind === 'struct'),
  );
  const entity = own.find(({ kind }) => kind === 'entity') as Definition;
  found.push(new Pool('pool', typeOf(entity)), new Keys('keys', { kind: 'own', name: 'K' }));
  return found;
}

/** The script. */
export function programText(definitions: Definitions, places: readonly Placement[]): string {
  const all = [...definitions.values()];
  const makers = all.flatMap((definition) => makerText(definition, definitions) ?? []);
  return [
    ...all.map((definition) => definitionText(definition, definitions)),
    ...all.flatMap((definition) => migrationText(definition) ?? []),
    ...makers,
    ...places.map((place) => place.text(definitions)),
  ].join('\n');
}

function definitionText({ name, kind, generic, variants }: Definition, definitions: Definitions): string {
  const fields = (all: readonly Field[]): string =>
    all.map((field) => fieldText(field, definitions)).join(' ');
  const head = generic ? `(${name} 'a)` : name;
  if (kind !== 'sum') return `(def${kind} ${head} ${fields(variants[0]?.fields ?? [])})`;
  const cases = variants.map((v) => (v.fields.length === 0 ? v.name : `(${v.name} ${fields(v.fields)})`));
  return `(deftype ${head} ${cases.join(' ')})`;
}

function fieldText({ name, type, rule }: Field, definitions: Definitions): string {
  const value = rule?.kind === 'default' ? ` ${makeText(type, String(rule.n), definitions)}` : '';
  return `(${name} : ${tyText(type)}${value})`;
}

function migrationText({ name, kind, generic, variants }: Definition): string | undefined {
  if (kind === 'sum') return undefined;
  const rules = (variants[0]?.fields ?? []).flatMap(({ name: field, rule }) =>
    rule?.kind !== 'migrate'
      ? []
      : rule.from === undefined
        ? [`:${field} 77`]
        : [`:${field} (+ 1000 (ann i64 (.${rule.from} old)))`],
  );
  return rules.length === 0
    ? undefined
    : `(migrate ((old ${generic ? `(${name} 'a)` : name})) ${rules.join(' ')})`;
}

/** What becomes of everything with an edit. Throws an `Impossible` where something cannot be brought along. */
export function migrated(
  world: ReadonlyMap<Placement, Held>,
  was: Definitions,
  is: Definitions,
): ReadonlyMap<Placement, Held> {
  const migrating = new Migrating(was, is);
  return new Map(
    [...world].map(([place, { values, looks }]) => [
      place,
      { values: values.map((value) => migrating.value(value, place.type)), looks },
    ]),
  );
}
