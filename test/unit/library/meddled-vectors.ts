/**
 * A mutable vector that callbacks, and the `=`, `compare`, `hash` and `show` of its elements, meddle with at their n-th
 * call: as in `meddling.ts`. What is done with the vector does not change it, so it holds what it held, or what the meddling left.
 */

import { ARMED, type Meddling } from './meddling.ts';

/** Each returns all elements that there were when it began. */
const ALL = [
  '(sort-by (fn (x) (called) (.n x)) *v*)',
  '(sort *v*)',
  '(map (fn (x) (called) x) (freeze *v*))',
  '(let ((held (freeze *v*))) (for-each (x held) (called)) held)',
];
const SOME = [
  '(map (fn (x) (called) x) *v*)',
  '(filter (fn (x) (called) (> (.n x) 1)) *v*)',
  '(flat-map (fn (x) (called) [x x]) *v*)',
  '(do (fold (fn (sum x) (called) (+ sum (.n x))) 0 *v*) [])',
  '(do (any? (fn (x) (called) false) *v*) [])',
  '(do (all? (fn (x) (called) true) *v*) [])',
  '(do (find (fn (x) (called) false) *v*) [])',
  '(do (index-of *v* (Item 1000)) [])',
  '(do (contains? *v* (Item 1000)) [])',
  '(do (count-if (fn (x) (called) true) *v*) [])',
  '(do (= *v* *copy*) [])',
  '(do (= *copy* *v*) [])',
  '(do (hash *v*) [])',
  '(do (str *v*) [])',
  '(do (for-each (x *v*) (called)) [])',
  '(do (for (i 0 (< i (len *v*))) (set! (nth *v* i) (do (called) (nth *v* i)))) [])',
];

/** So many steps, the first, give the elements that there were when they began, each once. */
export const COMPLETE = ALL.length;

const MEDDLING = `
(defstruct Item (n : i64))
(extern "host" (defn throw () : Unit))
(defglobal mut *v* : (MutVec Item) (mut-vec))
(defglobal mut *copy* : (MutVec Item) (mut-vec))
${ARMED}
(pub defn meddle () : Unit
  (cond
    ((= *way* 0) (error "this cannot be compared"))
    ((= *way* 1) (throw))
    ((= *way* 2) (clear! *v*))
    ((= *way* 3) (pop! *v*) ())
    ((= *way* 4) (truncate! *v* 1))
    ((= *way* 5) (push! *v* (Item 77)))
    ((= *way* 6) (for (i 80 (< i 120)) (insert! *v* 0 (Item i))))
    ((= *way* 7) (remove-at! *v* 0) ())
    (else (clear! *v*) (for (i 60 (< i 63)) (push! *v* (Item i))))))
(instance (Eq Item) (defn = (a b) (called) (= (.n a) (.n b))))
(instance (Hash Item) (defn hash (a) (called) (.n a)))
(instance (Ord Item) (defn compare (a b) (called) (compare (.n a) (.n b))))
(instance (Show Item) (defn show (a) (called) (str "item " (.n a))))
(pub defn make ((state : i64)) : Unit
  (set! *left* -1)
  (set! *v* (mut-vec))
  (set! *copy* (mut-vec))
  (for (i 0 (< i (nth [1 3 4 9] state)))
    (push! *v* (Item (mod (* i 5) 9)))
    (push! *copy* (Item (mod (* i 5) 9)))))
(defn written (xs) (string-join (map (fn (x) (str (.n x))) xs) " "))`;

export const MEDDLED_VECTOR: Meddling = {
  states: 4,
  steps: ALL.length + SOME.length,
  ways: 9,
  text: `${MEDDLING}
(pub defn look () : String (set! *left* -1) (written *v*))
(pub defn step ((number : i64)) : String
  (let (((found : (Vector Item)) (cond
      ${[...ALL, ...SOME].map((step, i) => `((= number ${i}) ${step})`).join('\n      ')}
      (else []))))
    (set! *left* (max *left* -1))
    (written found)))`,
};

/** Here the vector is changed as a whole. A `retain!` whose elements are replaced meanwhile keeps what stands at its places. */
export const MEDDLED_WHOLE: Meddling = {
  states: 4,
  steps: 3,
  ways: 9,
  text: `${MEDDLING}
(pub defn look () : String (set! *left* -1) (written *v*))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (sort! *v*))
    ((= number 1) (sort-by! *v* (fn (x) (called) (mod (.n x) 3))))
    (else (retain! *v* (fn (x) (called) (> (.n x) 3))))))
(pub defn live () : Unit
  (push! *v* (Item 5))
  (sort! *v*)
  (retain! *v* (fn (x) (> (.n x) 1))))`,
};
