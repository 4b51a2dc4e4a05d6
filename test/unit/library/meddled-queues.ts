/**
 * A priority queue whose priorities are compared by code of the program's own, which meddles with the queue at its n-th call: as in
 * `meddling.ts`. `live` takes everything out, and notes what does not come out in the order in which it was said to be.
 */

import { ARMED, type Meddling } from './meddling.ts';

export const MEDDLED_QUEUE: Meddling = {
  states: 6,
  steps: 5,
  ways: 8,
  text: `
(defstruct Rank (n : i64))
(extern "host" (defn throw () : Unit))
(defglobal mut *q* : (PriorityQueue i64 Rank) (priority-queue))
(defglobal mut *trouble* : String "")
${ARMED}
(instance (Ord Rank) (defn compare (a b) (called) (compare (.n a) (.n b))))
(defn fill! ((from : i64) (to : i64)) : Unit
  (for (i from (< i to)) (enqueue! *q* i (Rank (mod (* i 5) 4)))))
(pub defn meddle () : Unit
  (cond
    ((= *way* 0) (error "this cannot be compared"))
    ((= *way* 1) (throw))
    ((= *way* 2) (clear! *q*))
    ((= *way* 3) (dequeue! *q*) ())
    ((= *way* 4) (while (> (len *q*) 1) (dequeue! *q*)))
    ((= *way* 5) (enqueue! *q* 77 (Rank -1)))
    ((= *way* 6) (fill! 80 90))
    (else (clear! *q*) (fill! 60 63))))
(pub defn make ((state : i64)) : Unit
  (set! *left* -1)
  (set! *trouble* "")
  (set! *q* (priority-queue))
  (fill! 0 (nth [1 2 3 8 13 60] state)))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (enqueue! *q* 1000 (Rank -2)))
    ((= number 1) (enqueue! *q* 1000 (Rank 2)))
    ((= number 2) (dequeue! *q*) ())
    ((= number 3) (for-each (x *q*) x))
    (else (enqueue! *q* 1000 (Rank 100)))))
(defn all () (let ((out (mut-vec))) (for-each (x *q*) (push! out x)) (freeze out)))
(pub defn look () : String
  (set! *left* -1)
  (str *trouble* (if (= (len (all)) (len *q*)) "" "miscounted") (all)))
(pub defn live () : Unit
  (fill! 20 30)
  (let ((said (all)) (out (mut-vec)))
    (while (not (empty? *q*)) (push! out (dequeue! *q*)))
    (unless (= said (freeze out)) (set! *trouble* "lost"))))`,
};
