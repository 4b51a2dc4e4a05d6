/** Emission looks at itself: every form in which an address is read before something allocates. */
import { expect, it } from 'vitest';
import { lowered } from '../../lower/lowered.ts';
import { HEAP_BYTES } from './effects.ts';
import { look } from './program.ts';

const TYPES = `(extern "host" (defn back ((n : Node)) : Node) (defn many ((a : Node) (s : String) (b : Node)) : Unit))
(defstruct Node (mut next : (Option Node)) (mut name : String) (items : (MutVec Node)) (f : (Fn [Node] Node))
  (by : (MutMap String Node)) (lasting : (Map String Node)) (mut flat : (Option Both)))
(defvalue Both (one : Node) (other : Node))
(deftype Tree (Leaf Node) (Branch Tree Tree))
(defglobal mut *kept* : (MutVec Node) (mut-vec))
(defn id ((n : Node)) : Node n)
(defn mk ((n : i64)) : Node
  (Node None (str n) (mut-vec) id (mut-map) {} None))
(defn text ((n : i64)) : String (str "text " n))
(defn child ((n : Node)) : Node (match (.next n) ((Some m) m) (None n)))
(defn both ((n : i64)) : Both (Both (mk n) (mk n)))
`;

const FORMS: readonly (readonly [what: string, form: string])[] = [
  ['a comparison', '(same? (child a) (mk 1))'],
  ['a comparison of what was read', '(same? (.f a) (.f (mk 1)))'],
  ['a store into a field', '(set! (.next (child a)) (Some (mk 1)))'],
  ['a store into what a field holds', '(set! (.name (nth (.items a) 0)) (text 1))'],
  ['a store of a flat value', '(set! (.flat (child a)) (Some (Both (child a) (mk 1))))'],
  ['an element', '(push! (.items a) (mk 1))'],
  ['an element that is set', '(set! (nth (.items (child a)) (string-length (text 1))) (mk 1))'],
  ['an entry', '(map-set! (.by (child a)) (text 1) (mk 1))'],
  ['an entry of a new map', '(assoc (.lasting a) (text 1) (mk 1))'],
  ['a call of what a field holds', '((.f (child a)) (mk 1))'],
  ['a call with several', '(id (if (same? (child a) (mk 2)) (child a) (mk 1)))'],
  ['an extern with several', '(many (child a) (text 1) (mk 1))'],
  ['a result of an extern', '(same? (back (child a)) (back (mk 1)))'],
  ['a vector', '[(child a) (mk 1) (child a)]'],
  ['a tuple', '(tuple (child a) (mk 1) (.name a) (text 1))'],
  ['a match of several', '(match (tuple (child a) (both 1)) ((tuple n b) (same? n (.one b))))'],
  ['a sum', '(Branch (Leaf (child a)) (Branch (Leaf (mk 1)) (Leaf (child (mk 2)))))'],
  ['a text', '(str (.name a) (text 1) (.name (mk 1)) (text 2))'],
  ['a comparison of texts', '(= (.name (child a)) (text 1))'],
  ['a part of a text', '(substring (.name (child a)) 0 (string-length (text 1)))'],
  ['a weak reference', '(upgrade (weak (child a)))'],
  [
    'a closure',
    '(let ((b (child a)) (f (fn ((n : Node)) : Node (if (same? n b) (mk 1) b)))) (f (f (mk 2))))',
  ],
  ['a fold', '(fold (fn (n m) (if (same? n m) (mk 1) m)) (child a) (.items (child a)))'],
  ['a map of a map', '(map (fn (n) (.name n)) (filter (fn (n) (same? n (mk 1))) (.items (child a))))'],
  ['a sort', '(sort-by (fn (n) (.name n)) [(child a) (mk 1)])'],
  ['a name that is set in between', '(let ((mut m (child a))) (same? m (do (set! m (mk 1)) (child m))))'],
  [
    'a flat value that is set in between',
    '(let ((mut m (both 1))) (same? (.one m) (do (set! m (both 2)) (.other m))))',
  ],
  ['a condition in an argument', '(id (do (when (same? a (mk 1)) (push! *kept* (mk 2))) (child a)))'],
  ['a loop in an argument', '(many (child a) (do (for (i 0 (< i 3)) (mk i)) (.name a)) (mk 1))'],
  ['a block in an argument', '(many (child a) (do (with-arena w (len [(mk 1)])) (text 1)) (child a))'],
  [
    'a block that is left in an argument',
    '(for (i 0 (< i 9)) (many (child a) (do (with-arena w (when (same? a (mk i)) (break))) (text 1)) (mk i)))',
  ],
  [
    'a copy',
    '(with-arena w (let ((m (mut-vec a))) (push! *kept* (copy-out (nth m 0))) (mk 1)) (push! *kept* (child a)))',
  ],
];

const MODES = ['development', 'release'] as const;

/** Each form in a function of its own, in one program: to print one a form took thirty times as long. */
const program = lowered(
  TYPES +
    FORMS.map(([, form], i) => `(pub defn run-${i} ((a : Node)) : Unit (do ${form} (push! *kept* a)))`).join(
      '\n',
    ),
);
const looked = MODES.map((mode) => look(program, { mode, watch: false, heap: HEAP_BYTES }));

it.each(FORMS)('%s loses no address', (what) => {
  const run = `run-${FORMS.findIndex(([name]) => name === what)}`;
  expect(looked.flatMap(({ faults }) => faults.filter((fault) => fault.startsWith(`${run} `)))).toEqual([]);
});

it('all of them were looked at, and what they call', () => {
  for (const { faults, functions } of looked) {
    expect(faults).toEqual([]);
    expect(functions).toBeGreaterThan(FORMS.length);
  }
});
