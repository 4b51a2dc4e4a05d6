/** What values of random programs lie in, as types of the language: globals, collections, captures. */
import type { Machine, ScriptFunction, ScriptObject } from '../../../scripting/machine/index.ts';
import type { Random } from '../../generated/random.ts';
import {
  type Given,
  type Held,
  InColumn,
  Initial,
  Keys,
  listed,
  Moved,
  type Placement,
  Pool,
  Things,
  type Version,
} from './migrating-places.ts';
import { type Definition, type Definitions, I64, type Ty, tyText } from './migrating-types.ts';
import { make, makeText, shown, type Value } from './migrating-values.ts';

/** A placement of which the parts vary: the global, its first value, what is done with one that is made, and how it is shown. */
interface Shape {
  readonly global: (type: string) => string;
  readonly first: string;
  /** The statements of `fill`, where `(v K)` makes a value. */
  readonly fill: readonly string[];
  /** Which of them lie there. */
  readonly made: readonly number[];
  readonly look?: string;
  /** Which of these are shown; all where nothing is said. */
  readonly shown?: readonly number[];
  /** `number` is the version's. */
  readonly show: (texts: readonly string[], looks: number, number: number) => string;
}

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
    show: listed,
  },
  rope: {
    global: (t) => `(Vector ${t})`,
    first: '[]',
    // Seven values again and again: as many as the model has to make, and to migrate in each step.
    fill: [
      '(set! *g* (concat (map (fn (i) (v (mod i 7))) (range 0 290)) (map (fn (i) (v (mod i 7))) (range 290 560))))',
    ],
    made: [0, 1, 2, 3, 4, 5, 6],
    look: '(show (map (fn (i) (nth *g* (* i 93))) (range 0 7)))',
    shown: [0, 1, 2, 3, 4, 5, 6].map((i) => (i * 93) % 7),
    show: listed,
  },
  tuples: {
    global: (t) => `(MutVec (Tuple i64 ${t} ${t}))`,
    first: '(mut-vec)',
    fill: ['(clear! *g*)', '(push! *g* (tuple 5 (v 0) (v 1)))'],
    made: [0, 1],
    show: ([a, b]) => `[(Tuple 5 ${a} ${b})]`,
  },
  arrays: {
    global: (t) => `(MutVec (Array 3 ${t}))`,
    first: '(mut-vec)',
    fill: ['(clear! *g*)', '(push! *g* (array (v 0) (v 1) (v 2)))', '(set! (nth (nth *g* 0) 1) (v 3))'],
    made: [0, 3, 2],
    show: (texts) => `[(array ${texts.join(' ')})]`,
  },
  map: {
    global: (t) => `(Map String (Option ${t}))`,
    first: '{}',
    // What was taken out lies in it still.
    fill: ['(set! *g* (dissoc {"a" (Some (v 0)) "x" (Some (v 3)) "b" None "c" (Some (v 1))} "x"))'],
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
    fill: ['(let ((t (v 0)) (u (v 1))) (set! *g* (fn () (str number (show t) (show u)))))'],
    made: [0, 1],
    look: '(*g*)',
    show: ([a, b], _, number) => `${number}${a}${b}`,
  },
  // Which of the two stands first differs between versions.
  'captured-twice': {
    global: () => '(Tuple (Fn [] String) (Fn [] String))',
    first: '(tuple (fn () "") (fn () ""))',
    fill: [
      '(let ((t (v 0)) (u (v 1))) (even (let ((f (fn () (str number "f" (show t)))) (g (fn () (str number "g" (show t) (show u))))) (set! *g* (tuple f g)))))',
      '(let ((t (v 0)) (u (v 1))) (odd (let ((g (fn () (str number "g" (show t) (show u)))) (f (fn () (str number "f" (show t))))) (set! *g* (tuple f g)))))',
    ],
    made: [0, 1],
    look: '(str ((.0 *g*)) ((.1 *g*)))',
    show: ([a, b], _, number) => `${number}f${a}${number}g${a}${b}`,
  },
  'captured-array': {
    global: () => '(Fn [] String)',
    first: '(fn () "")',
    fill: [
      '(let ((mut a (array (v 0) (v 1)))) (set! *g* (fn () (set! (nth a 0) (ident (nth a 0))) (str number (show a)))))',
    ],
    made: [0, 1],
    look: '(*g*)',
    show: ([a, b], _, number) => `${number}(array ${a} ${b})`,
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
};

/** The host holds what is in the global: it keeps what `give-NAME` returns. */
const LENT: Shape = {
  global: (t) => `(MutVec ${t})`,
  first: '(mut-vec)',
  fill: ['(set! *g* (mut-vec (v 0) (v 1)))'],
  made: [0, 1],
  show: listed,
};
const HELD: Shape = SHAPES.captured as Shape;

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

class Plain implements Placement {
  readonly name: string;
  readonly type: Ty;
  readonly #shape: Shape;

  constructor(name: string, type: Ty, shape: Shape) {
    this.name = name;
    this.type = type;
    this.#shape = shape;
  }

  text({ definitions, number }: Version): string {
    const { name } = this;
    const type = tyText(this.type);
    const { global, first, fill, look = '(show *g*)' } = this.#shape;
    const own = (text: string): string =>
      text.replaceAll('*g*', `*${name}*`).replaceAll('(str number', `(str "${number}"`);
    const value = makeText(this.type, '(+ n i)', definitions);
    const left = number % 2 === 0 ? '(odd ' : '(even ';
    const made = own(fill.filter((statement) => !statement.includes(left)).join(' '))
      .replaceAll(/\((?:even|odd) /g, '(do ')
      .replaceAll('(v ', `(v-${name} n `)
      .replaceAll('(ident ', `(ident-${name} `);
    return `(defglobal mut *${name}* : ${global(type)} ${first})
(defn v-${name} ((n : i64) (i : i64)) : ${type} ${value})
(defn ident-${name} ((t : ${type})) : ${type} t)
(pub defn fill-${name} ((n : i64)) : Unit ${made})
(pub defn look-${name} () : String ${own(look)})`;
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return this.#shape.made.map((i) => make(this.type, n + i, definitions));
  }

  show({ values, looks }: Held, { definitions, number }: Version): string {
    const seen = this.#shape.shown?.map((i) => values[i] as Value) ?? values;
    return this.#shape.show(
      seen.map((value) => shown(value, this.type, definitions)),
      looks,
      number,
    );
  }

  see(machine: Machine): string {
    return machine.call(`look-${this.name}`) as string;
  }
}

/** A vector that the host holds too. */
class Lent extends Plain {
  constructor(type: Ty) {
    super('lent', type, LENT);
  }

  override text(version: Version): string {
    const type = LENT.global(tyText(this.type));
    return `${super.text(version)}
(pub defn give-lent () : ${type} *lent*)
(pub defn take-lent ((held : ${type})) : String (str (same? held *lent*) (show held)))`;
  }

  readonly host = {
    give: (machine: Machine) => machine.call('give-lent') as ScriptObject,
    see: (machine: Machine, given: Given) => machine.call('take-lent', given) as string,
    show: (held: Held, version: Version) => `true${this.show(held, version)}`,
  };
}

/** A function that the host holds too. */
class HeldFunction extends Plain {
  constructor(type: Ty) {
    super('held', type, HELD);
  }

  override text(version: Version): string {
    return `${super.text(version)}\n(pub defn give-held () : (Fn [] String) *held*)`;
  }

  readonly host = {
    give: (machine: Machine) => machine.call('give-held') as ScriptFunction,
    see: (_: Machine, given: Given) => (given as ScriptFunction)() as string,
    show: (held: Held, version: Version) => this.show(held, version),
  };
}

/** So many shapes are in a program; the host's part and what is special are in all. */
const SHAPES_EACH = 6;

/** Some shapes, each at some type, the world, keys, and what the host has to do with; they are the same for all versions of a program. */
export function placements(random: Random, versions: readonly Definitions[]): readonly Placement[] {
  const own = [...(versions[0] as Definitions).values()].filter(({ name }) => name !== 'K' && name !== 'C');
  const typeOf = ({ name, generic }: Definition): Ty =>
    generic
      ? { kind: 'own', name, arg: random.pick<Ty>([I64, { kind: 'own', name: 'T1' }]) }
      : { kind: 'own', name };
  const some = (from: readonly Definition[] = own): Ty => typeOf(random.pick(from));
  // An edit may make values of them.
  const structs = own.filter(({ name }) => versions.every((all) => all.get(name)?.kind === 'struct'));
  const shapes = random.some(Object.entries(SHAPES), SHAPES_EACH);
  const entity = own.find(({ kind }) => kind === 'entity') as Definition;
  return [
    ...shapes.map(([name, shape]) => new Plain(name, some(), shape)),
    ...Object.entries(OBJECTS).map(([name, shape]) => new Plain(name, some(structs), shape)),
    new Pool(typeOf(entity)),
    new Keys({ kind: 'own', name: 'K' }),
    new InColumn({ kind: 'own', name: 'C' }),
    new Lent(some()),
    new HeldFunction(some()),
    new Things(some()),
    new Moved(some()),
    new Initial('count', I64),
    new Initial('initial', some(own.filter(({ generic }) => !generic))),
  ];
}
