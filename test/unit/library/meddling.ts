/**
 * A map whose keys have a `=`, a `hash` and a `show` of the program's own, which meddle with the map at their n-th call:
 * `arm` says at which, and with what. `step` does something with the map, `look` says what is in it, each key once, and
 * names what contradicts itself.
 */
export interface Meddling {
  readonly text: string;
  readonly states: number;
  readonly steps: number;
  /** Kinds of meddling. */
  readonly ways: number;
}

/** `called` counts down to the call in which `meddle`, which each program has, does its worst in the way that was chosen. */
export const ARMED = `\
(defglobal mut *left* : i64 -1)
(defglobal mut *way* : i64 0)
(pub defn arm ((at : i64) (way : i64)) : Unit (set! *left* at) (set! *way* way))
(pub defn armed () : Bool (>= *left* 0))
(defn called () : Unit
  (set! *left* (- *left* 1))
  (when (= *left* -1) (meddle)))`;

export const MEDDLED_MAP: Meddling = {
  states: 5,
  steps: 15,
  ways: 8,
  text: `
(defstruct Key (n : i64))
(defvalue Mark (n : i64))
(extern "host" (defn throw () : Unit))
(defglobal mut *m* : (MutMap Key Mark) (mut-map))
(defglobal mut *copy* : (MutMap Key Mark) (mut-map))
${ARMED}
(pub defn meddle () : Unit
  (cond
    ((= *way* 0) (error "this cannot be compared"))
    ((= *way* 1) (throw))
    ((= *way* 2) (clear! *m*))
    ((= *way* 3) (map-remove! *m* (Key 1)))
    ((= *way* 4) (for (i 0 (< i 5)) (map-remove! *m* (Key i))))
    ((= *way* 5) (map-set! *m* (Key 77) (Mark 77)))
    ((= *way* 6) (for (i 80 (< i 90)) (map-set! *m* (Key i) (Mark i))))
    (else (clear! *m*) (for (i 2 (< i 6)) (map-set! *m* (Key i) (Mark (+ i 500)))))))
(instance (Hash Key) (defn hash (k) (called) (bit-and (.n k) 3)))
(instance (Eq Key) (defn = (a b) (called) (= (.n a) (.n b))))
(instance (Show Key) (defn show (k) (called) (str "k" (.n k))))
(instance (Eq Mark) (defn = (a b) (called) (= (.n a) (.n b))))
(instance (Hash Mark) (defn hash (m) (called) (.n m)))
(defn fill! ((m : (MutMap Key Mark)) (n : i64)) : Unit (for (i 0 (< i n)) (map-set! m (Key i) (Mark i))))
(pub defn make ((state : i64)) : Unit
  (set! *left* -1)
  (set! *m* (mut-map))
  (set! *copy* (mut-map))
  (let ((count (nth [1 3 4 9 12] state)))
    (fill! *m* count)
    (fill! *copy* count)
    (when (= state 4)
      (for (i 2 (< i 6)) (map-remove! *m* (Key i)) (map-remove! *copy* (Key i))))))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (map-set! *m* (Key 1000) (Mark 1000)))
    ((= number 1) (map-set! *m* (Key 0) (Mark 1001)))
    ((= number 2) (map-remove! *m* (Key 0)))
    ((= number 3) (map-remove! *m* (Key 8)))
    ((= number 4) (map-get *m* (Key 0)) ())
    ((= number 5) (map-find *m* (Key 8)) ())
    ((= number 6) (has-key? *m* (Key 1000)) ())
    ((= number 7) (= *m* *copy*) ())
    ((= number 8) (= *copy* *m*) ())
    ((= number 9) (hash *m*) ())
    ((= number 10) (str *m*) ())
    ((= number 11) (for-each ((k v) *m*) (hash k)))
    ((= number 12) (for-each ((k v) *m*) (map-set! *m* k (Mark (+ (.n v) 2000)))))
    ((= number 13) (for-each ((k v) *m*) (map-remove! *m* k)))
    (else (map-update! *m* (Key 1) (Mark 7) (fn (v) (called) (Mark (+ (.n v) 1)))))))
(pub defn look () : String
  (set! *left* -1)
  (let ((all (keys *m*)) (mut text (str (len *m*) ":")))
    (for-each (k all)
      (set! text (str text " " (.n k) "=" (.n (map-get *m* k))))
      (when (!= (count-if (fn (other) (= other k)) all) 1) (set! text (str text " twice"))))
    (when (!= (len all) (len *m*)) (set! text (str text " miscounted")))
    (for-each (i [0 1 2 3 4 5 6 7 8 9 10 11 12 77 80 85 89 90 1000])
      (when (!= (has-key? *m* (Key i)) (any? (fn (k) (= (.n k) i)) all)) (set! text (str text " lost " i))))
    text))
(pub defn live () : Unit
  (for (i 0 (< i 20)) (map-set! *m* (Key (* 3 i)) (Mark i)))
  (for (i 0 (< i 15)) (map-remove! *m* (Key (* 2 i)))))`,
};
