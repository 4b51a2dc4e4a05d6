/**
 * Programs with shared values, by chance: what they are made of, and as text. Nothing in them is wrong: a name that is used again has its share on. How a
 * program runs is decided by bits that it is given.
 */
import fc from 'fast-check';
import {
  anyBit,
  branching,
  type CaseOf,
  casesWith,
  DEEPEST,
  type If,
  type Leave,
  type Loop,
  leaving,
  NAMES,
  writeFlow,
} from '../chance-flow.ts';

/** What is done with a name, with what the text of the name is put in; each says what it prints of what the name holds. */
export const DOINGS = {
  use: { text: (x: string) => `(use ${x})`, uses: 1 },
  eat: { text: (x: string) => `(eat ${x})`, uses: 1 },
  'passed on': { text: (x: string) => `(eat (pass (pass ${x})))`, uses: 1 },
  'passed many times': { text: (x: string) => `(eat (passed ${x} 3))`, uses: 1 },
  'lent, and eaten': { text: (x: string) => `(both ${x} (eaten ${x}))`, uses: 2 },
  'eaten twice': { text: (x: string) => `(eat-both ${x} ${x})`, uses: 2 },
  'let go by another name': { text: (x: string) => `(let ((y ${x})) (use y) (drop! y))`, uses: 1 },
  'lent to a function': { text: (x: string) => `(println (map (fn (i) (eat ${x}) i) [1 2]))`, uses: 2 },
  'in an option': {
    text: (x: string) => `(match (Some ${x}) ((Some y) (eat y) (use y)) (None (do)))`,
    uses: 2,
  },
  'an option that is matched': {
    text: (x: string) =>
      `(let ((o (Some ${x}))) (match o ((Some y) (eat y) (eat-option o) (use y)) (None (do))) (eat-option o))`,
    uses: 4,
  },
  'in a value': {
    text: (x: string) =>
      `(let ((p (Pair ${x} ${x})) (q (update p :first (.second p)))) (match q ((Pair a b) (eat a) (use b))) (eat (.first p)))`,
    uses: 3,
  },
  'in a copy': {
    text: (x: string) =>
      `(with-arena b (let ((h (Holder ${x} 1)) (g (update h :n 2))) (eat (.tex h)) (set! (.tex h) *other*) (use (.tex g)) (eat (.tex g))))`,
    uses: 3,
  },
  'by a weak reference': {
    text: (x: string) => `(let ((w (weak ${x}))) (eat-weak w) (use ${x}) (eat-weak (weak ${x})) (use ${x}))`,
    uses: 4,
  },
  'as itself': { text: (x: string) => `(when (same? ${x} (pass ${x})) (use ${x}))`, uses: 1 },
} as const satisfies Readonly<
  Record<string, { readonly text: (x: string) => string; readonly uses: number }>
>;

export type Doing = keyof typeof DOINGS;

export type Statement =
  /** A name for a new value, or for what another name holds; `ends` lets go of it before the scope's end. */
  | {
      readonly kind: 'let';
      readonly name: number;
      readonly from: number | undefined;
      readonly ends: boolean;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'do'; readonly what: Doing; readonly name: number }
  | { readonly kind: 'set'; readonly name: number; readonly from: number | undefined }
  | { readonly kind: 'push' | 'keep' | 'later'; readonly name: number }
  | { readonly kind: 'pop' | 'first' | 'each' | 'kept' | 'taken' | 'forget' }
  | { readonly kind: 'arena'; readonly name: number; readonly body: readonly Statement[] }
  | If<Statement>
  | Loop<Statement>
  | Leave;

export type Case = CaseOf<Statement>;

function statements(names: readonly number[], depth: number): fc.Arbitrary<readonly Statement[]> {
  return fc.array(statement(names, depth), { minLength: 1, maxLength: 4 });
}

function statement(names: readonly number[], depth: number): fc.Arbitrary<Statement> {
  const bit = anyBit();
  const fresh = names.length;
  const inner = depth < DEEPEST ? statements([...names, fresh], depth + 1) : fc.constant([]);
  const same = depth < DEEPEST ? statements(names, depth + 1) : fc.constant([]);
  const from = fc.constantFrom(undefined, ...names);
  const bound = fc.record({
    kind: fc.constant('let'),
    name: fc.constant(fresh),
    from,
    ends: fc.boolean(),
    body: inner,
  });
  if (names.length === 0) return bound as fc.Arbitrary<Statement>;
  const name = fc.constantFrom(...names);
  const all: fc.WeightedArbitrary<unknown>[] = [
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('do'),
        what: fc.constantFrom(...(Object.keys(DOINGS) as Doing[])),
        name,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('set'), name, from }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('push', 'keep', 'later'), name }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('pop', 'first', 'each', 'kept', 'taken', 'forget'),
      }),
    },
    leaving(bit),
  ];
  if (names.length < NAMES && depth < DEEPEST) all.push({ weight: 4, arbitrary: bound });
  if (depth < DEEPEST)
    all.push(...branching(bit, same), {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('arena'), name, body: same }),
    });
  return fc.oneof(...(all as fc.WeightedArbitrary<Statement>[]));
}

export const cases = (): fc.Arbitrary<Case> => casesWith(statements([], 0));

const HEAD = `(defstruct Tex (id : i64))
(defstruct Holder (mut tex : (Shared Tex)) (n : i64))
(defvalue Pair (first : (Shared Tex)) (second : (Shared Tex)))
(defglobal mut *next* : i64 0)
(defglobal mut *all* : (MutVec (Shared Tex)) (mut-vec))
(defglobal *other* : (Shared Tex) (share (Tex 0)))
(defglobal mut *kept* : (Option (Shared Tex)) None)
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (println "d" (.id t))))
(defn make () : (Shared Tex) (inc! *next*) (println "m" *next*) (share (Tex *next*)))
(defn use ((t : Tex)) : Unit (println "u" (.id t)))
(defn eat ((t : (Shared Tex))) : Unit (println "u" (.id t)))
(defn eaten ((t : (Shared Tex))) : i64 (println "u" (.id t)) 1)
(defn eat-both ((a : (Shared Tex)) (b : (Shared Tex))) : Unit (eat a) (use b))
(defn eat-option ((o : (Option (Shared Tex)))) : Unit (match o ((Some t) (eat t)) (None (do))))
(defn eat-weak ((w : (Weak (Shared Tex)))) : Unit (eat-option (upgrade w)))
(defn pass ((t : (Shared Tex))) : (Shared Tex) t)
(defn passed ((t : (Shared Tex)) (n : i64)) : (Shared Tex) (if (= n 0) t (passed t (- n 1))))
(defn both ((t : Tex) (n : i64)) : Unit (println "u" (.id t)))
(defn bit ((bits : i64) (n : i64)) : Bool (= 1 (bit-and 1 (shr bits n))))
`;

export function textOf({ body }: Case): string {
  return `${HEAD}(pub defn run ((bits : i64)) : i64 ${body.map(write).join(' ')} 0)
(pub defn finish () : Unit (clear! *all*) (set! *kept* None))`;
}

function write(s: Statement): string {
  const all = (body: readonly Statement[]): string =>
    body.length === 0 ? '(do)' : body.map(write).join(' ');
  const value = (from: number | undefined): string => (from === undefined ? '(make)' : `x${from}`);
  switch (s.kind) {
    case 'let':
      return `(let ((mut x${s.name} ${value(s.from)})) (use x${s.name}) ${all(s.body)}${s.ends ? ` (drop! x${s.name})` : ''})`;
    case 'do':
      return DOINGS[s.what].text(`x${s.name}`);
    case 'set':
      return `(set! x${s.name} ${value(s.from)})`;
    case 'push':
      return `(push! *all* x${s.name})`;
    case 'keep':
      return `(set! *kept* (Some x${s.name}))`;
    case 'later':
      return `(let ((f (fn () (use x${s.name}) (eat x${s.name})))) (f) (f))`;
    case 'pop':
      return '(when (> (len *all*) 0) (let ((y (pop! *all*))) (eat y)))';
    case 'first':
      return '(when (> (len *all*) 0) (eat (nth *all* 0)))';
    case 'each':
      return '(for-each (y *all*) (eat y))';
    case 'kept':
      return '(match *kept* ((Some y) (set! *kept* None) (eat y) (use y)) (None (do)))';
    case 'taken':
      return '(match (take! *kept*) ((Some y) (eat y) (use y)) (None (do)))';
    case 'forget':
      return '(set! *kept* None)';
    case 'arena':
      return `(with-arena a (let ((h (Holder x${s.name} 1))) (use (.tex h)) ${all(s.body)} (eat (.tex h))))`;
    case 'if':
    case 'loop':
    case 'return':
    case 'fail':
      return writeFlow(s, all);
  }
}
