/**
 * Programs with owned values, by chance: what they are made of, and as text. All names of a program own, or may; how a program runs is decided by bits
 * that it is given. `wrong` are statements that no program may have; most programs have none.
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

export type Statement =
  | { readonly kind: 'let'; readonly name: number; readonly body: readonly Statement[] }
  | { readonly kind: 'use' | 'eat' | 'drop' | 'set' | 'push' | 'lend'; readonly name: number }
  | { readonly kind: 'both'; readonly name: number; readonly other: number }
  | { readonly kind: 'pop' }
  | If<Statement>
  | Loop<Statement>
  | Leave
  | { readonly kind: 'arena'; readonly name: number; readonly body: readonly Statement[] }
  | { readonly kind: 'wrong'; readonly name: number; readonly what: Wrong };

/** What is wrong whatever the names own, with what the text of a name is put in. */
export const WRONG = {
  'out of a collection': (x: string) => `(push! *all* ${x}) (eat (nth *all* 0)) (use (nth *all* 0))`,
  'out of a loop over a collection': (x: string) => `(push! *all* ${x}) (for-each (y *all*) (eat y))`,
  'out of a function': (x: string) => `(let ((f (fn () (eat ${x})))) (f) (f))`,
  'used beside a function': (x: string) => `(let ((f (fn () (use ${x})))) (f) (eat ${x}))`,
  'kept by a name': (x: string) => `(keep ${x}) (drop! ${x}) (use-kept)`,
  'given back': (x: string) => `(both (back ${x}) (eaten ${x}))`,
  'owned again': (x: string) => `(drop! (again ${x}))`,
  shared: (x: string) => `(let ((v [${x}])) (use (nth v 0)))`,
  'copied with its holder': (x: string) =>
    `(let ((h (Holder ${x} 1)) (g (update h :n 2))) (set! (.tex g) (make)) (use (.tex h)))`,
  'dropped by hand': (x: string) => `(by-hand ${x})`,
  'moved while lent': (x: string) => `(both ${x} (eaten ${x}))`,
  'moved while matched': (x: string) =>
    `(let ((o (Some ${x}))) (match o ((Some t) (eat-option o) (use t)) (None (do))))`,
} as const satisfies Readonly<Record<string, (x: string) => string>>;

export type Wrong = keyof typeof WRONG;

/** `names` are those that may be used; one of them may well own nothing at the time. */
function statements(names: readonly number[], depth: number): fc.Arbitrary<readonly Statement[]> {
  return fc.array(statement(names, depth), { minLength: 1, maxLength: 4 });
}

function statement(names: readonly number[], depth: number): fc.Arbitrary<Statement> {
  const bit = anyBit();
  const fresh = names.length;
  const inner = depth < DEEPEST ? statements([...names, fresh], depth + 1) : fc.constant([]);
  const same = depth < DEEPEST ? statements(names, depth + 1) : fc.constant([]);
  const bound = {
    weight: 4,
    arbitrary: inner.map((body): Statement => ({ kind: 'let', name: fresh, body })),
  };
  if (names.length === 0) return bound.arbitrary;
  const name = fc.constantFrom(...names);
  const all: fc.WeightedArbitrary<Statement>[] = [
    ...(names.length < NAMES && depth < DEEPEST ? [bound] : []),
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constantFrom('use', 'use', 'eat', 'drop', 'set', 'set', 'push', 'lend'),
        name,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('both'), name, other: name }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'pop' }) },
    leaving(bit),
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wrong'),
        name,
        what: fc.constantFrom(...(Object.keys(WRONG) as Wrong[])),
      }),
    },
  ];
  if (depth < DEEPEST)
    all.push(...branching(bit, same), {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('arena'), name, body: same }),
    });
  return fc.oneof(...all) as fc.Arbitrary<Statement>;
}

export type Case = CaseOf<Statement>;

export const cases = (): fc.Arbitrary<Case> => casesWith(statements([], 0));

/** Few statements around one that is wrong: where that is rare among all programs. */
export const casesOf = (what: Wrong): fc.Arbitrary<Case> =>
  fc
    .record({ before: fc.array(simple(), { maxLength: 2 }), after: fc.array(simple(), { maxLength: 1 }) })
    .map(({ before, after }) => ({
      body: [{ kind: 'let', name: 0, body: [...before, { kind: 'wrong', name: 0, what }, ...after] }],
      bits: 0,
    }));

const simple = (): fc.Arbitrary<Statement> =>
  fc.oneof(
    fc.record({ kind: fc.constantFrom('use' as const, 'set' as const), name: fc.constant(0) }),
    fc.constant<Statement>({ kind: 'pop' }),
  );

const HEAD = `(defstruct Tex (id : i64))
(defstruct Holder (mut tex : (Owned Tex)) (n : i64))
(defstruct Kept (tex : Tex))
(defglobal mut *next* : i64 0)
(defglobal mut *all* : (MutVec (Owned Tex)) (mut-vec))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (println "d" (.id t))))
(defn make () : (Owned Tex) (inc! *next*) (println "m" *next*) (own (Tex *next*)))
(defn use ((t : Tex)) : Unit (println "u" (.id t)))
(defn eat ((t : (Owned Tex))) : Unit (println "u" (.id t)))
(defn eaten ((t : (Owned Tex))) : i64 (println "u" (.id t)) 1)
(defn both ((t : Tex) (n : i64)) : Unit (println "u" (.id t)))
(defn bit ((bits : i64) (n : i64)) : Bool (= 1 (bit-and 1 (shr bits n))))
`;

/** Functions that only programs with something wrong have: they are wrong themselves. */
const HELPERS: Partial<Record<Wrong, string>> = {
  'kept by a name': `(defglobal mut *kept* : (Option Kept) None)
(defn keep ((t : Tex)) : Unit (set! *kept* (Some (Kept t))))
(defn use-kept () : Unit (match *kept* ((Some k) (use (.tex k))) (None (do))))
`,
  'dropped by hand': '(defn by-hand ((t : Tex)) : Unit (drop t))\n',
  'given back': '(defn back ((t : Tex)) : Tex t)\n',
  'owned again': '(defn again ((t : Tex)) : (Owned Tex) (own t))\n',
  'moved while matched':
    '(defn eat-option ((o : (Option (Owned Tex)))) : Unit (match o ((Some t) (eat t)) (None (do))))\n',
};

export function textOf({ body }: Case): string {
  const wrong = new Set<Wrong>();
  const written = body.map((s) => write(s, wrong)).join(' ');
  const helpers = [...wrong].map((what) => HELPERS[what] ?? '').join('');
  return `${HEAD}${helpers}(pub defn run ((bits : i64)) : i64 ${written} 0)
(pub defn finish () : Unit (clear! *all*))`;
}

function write(s: Statement, wrong: Set<Wrong>): string {
  const all = (body: readonly Statement[]): string =>
    body.length === 0 ? '(do)' : body.map((one) => write(one, wrong)).join(' ');
  switch (s.kind) {
    case 'let':
      return `(let ((mut x${s.name} (make))) (use x${s.name}) ${all(s.body)})`;
    case 'use':
    case 'eat':
      return `(${s.kind} x${s.name})`;
    case 'drop':
      return `(drop! x${s.name})`;
    case 'set':
      return `(set! x${s.name} (make))`;
    case 'push':
      return `(push! *all* x${s.name})`;
    case 'lend':
      return `(println (map (fn (i) (use x${s.name}) i) [1 2]))`;
    case 'both':
      return `(both x${s.name} (eaten x${s.other}))`;
    case 'pop':
      return '(when (> (len *all*) 0) (let ((y (pop! *all*))) (use y)))';
    case 'arena':
      return `(with-arena a (let ((h (Holder x${s.name} 1))) (use (.tex h)) ${all(s.body)} (do)))`;
    case 'if':
    case 'loop':
    case 'return':
    case 'fail':
      return writeFlow(s, all);
    case 'wrong':
      wrong.add(s.what);
      return WRONG[s.what](`x${s.name}`);
  }
}
