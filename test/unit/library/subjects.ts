/**
 * What is stopped: something in a global, in a number of states, and what can be done with it. Each is a script that
 * exports `make` (it anew, in a state), `step` (does something with it), `look` (all that can be found out about it, as
 * text), and `live` (what comes later: it grows and shrinks).
 */
export interface Subject {
  readonly name: string;
  readonly text: string;
  readonly states: number;
  readonly steps: number;
  /** Whether it lives in a frame, which is not ended. */
  readonly inFrame?: true;
}

/** Keys of several types: how the i-th is made, and what the type needs. */
const KEYS: readonly {
  name: string;
  type: string;
  key: string;
  text: string;
  most?: number;
}[] = [
  { name: 'numbers', type: 'i64', key: 'i', text: '' },
  { name: 'strings', type: 'String', key: '(str "key " i)', text: '' },
  {
    name: 'keys whose hashes are alike',
    most: 20,
    type: 'Alike',
    key: '(Alike i)',
    text: `
(defstruct Alike (n : i64))
(instance (Hash Alike) (defn hash (k) (bit-and (.n k) 3)))
(instance (Eq Alike) (defn = (a b) (= (.n a) (.n b))))`,
  },
];

/** The states: the next key brings a bucket, or room, or a chunk; slots that are free; after `clear!`. */
const STATES = (fill: string, remove: string, clear: string, most = 256): string => `
    ((< state 6) (${fill} (nth [0 1 3 4 8 33] state)))
    ((= state 6) (${fill} 20) (for (i 5 (< i 15)) (${remove} i)))
    ((= state 7) (${fill} 16) ${clear} (${fill} 2))
    (else (${fill} ${most}))`;

const maps = KEYS.map(
  ({ name, type, key, text, most }): Subject => ({
    name: `a mutable map of ${name}`,
    states: 9,
    steps: 9,
    text: `${text}
(defn key ((i : i64)) : ${type} ${key})
(defglobal mut *m* : (MutMap ${type} i64) (mut-map))
(defn fill! ((n : i64)) : Unit (for (i 0 (< i n)) (map-set! *m* (key i) i)))
(defn drop-key! ((i : i64)) : Unit (map-remove! *m* (key i)))
(pub defn make ((state : i64)) : Unit
  (set! *m* (mut-map))
  (cond ${STATES('fill!', 'drop-key!', '(clear! *m*)', most)}))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (map-set! *m* (key 1000) 1000))
    ((= number 1) (map-set! *m* (key 1) 1001))
    ((= number 2) (map-remove! *m* (key 0)))
    ((= number 3) (map-remove! *m* (key 2)))
    ((= number 4) (map-remove! *m* (key 19)))
    ((= number 5) (map-remove! *m* (key 5)))
    ((= number 6) (map-update! *m* (key 1000) 1000 (fn (v) (+ v 1))))
    ((= number 7) (map-update! *m* (key 1) 1000 (fn (v) (+ v 1))))
    (else (clear! *m*))))
(pub defn look () : String
  (let ((mut text (str (len *m*) (keys *m*) (vals *m*))))
    (for-each ((k v) *m*) (set! text (str text (has-key? *m* k) (map-find *m* k))))
    (for (i 0 (< i 40)) (set! text (str text (map-find *m* (key i)))))
    (str text (map-find *m* (key 1000)))))
(pub defn live () : Unit
  (for (i 0 (< i 40)) (map-set! *m* (key (* 3 i)) i))
  (for (i 0 (< i 30)) (map-remove! *m* (key (* 2 i))))
  (for (i 1000 (< i 1010)) (map-set! *m* (key i) i)))`,
  }),
);

const set: Subject = {
  name: 'a mutable set',
  states: 9,
  steps: 4,
  text: `
; In a vector, since nothing may look at the clock before the test is ready.
(defglobal mut *sets* : (MutVec (MutSet String)) (mut-vec))
(defn the-set () : (MutSet String) (nth *sets* 0))
(defn item ((i : i64)) : String (str "item " i))
(defn fill! ((n : i64)) : Unit (for (i 0 (< i n)) (set-add! (the-set) (item i))))
(defn drop-item! ((i : i64)) : Unit (set-remove! (the-set) (item i)))
(pub defn make ((state : i64)) : Unit
  (clear! *sets*)
  (push! *sets* (mut-set))
  (cond ${STATES('fill!', 'drop-item!', '(clear! (the-set))')}))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (set-add! (the-set) (item 1000)))
    ((= number 1) (set-remove! (the-set) (item 0)))
    ((= number 2) (set-remove! (the-set) (item 2)))
    (else (clear! (the-set)))))
(pub defn look () : String
  (let ((mut text (str (len (the-set)) (the-set))))
    (for (i 0 (< i 40)) (set! text (str text (contains? (the-set) (item i)))))
    (str text (contains? (the-set) (item 1000)))))
(pub defn live () : Unit
  (for (i 0 (< i 40)) (set-add! (the-set) (item (* 3 i))))
  (for (i 0 (< i 30)) (set-remove! (the-set) (item (* 2 i)))))`,
};

/** Elements of several kinds: a word, an address, several components. */
const ELEMENTS = [
  { name: 'numbers', type: 'i64', item: 'i', text: '' },
  { name: 'strings', type: 'String', item: '(str "item " i)', text: '' },
  {
    name: 'values of several parts',
    type: 'Part',
    item: '(Part (str "part " i) i (Some (f64 i)))',
    text: '(defvalue Part (name : String) (n : i64) (weight : (Option f64)))',
  },
];

const vectors = ELEMENTS.map(
  ({ name, type, item, text }): Subject => ({
    name: `a mutable vector of ${name}`,
    states: 6,
    steps: 14,
    text: `${text}
(defn item ((i : i64)) : ${type} ${item})
(defglobal mut *v* : (MutVec ${type}) (mut-vec))
(pub defn make ((state : i64)) : Unit
  (set! *v* (mut-vec))
  (for (i 0 (< i (nth [0 1 3 4 5 16] state))) (push! *v* (item i))))
(pub defn step ((number : i64)) : Unit
  (let ((count (len *v*)))
    (cond
      ((= number 0) (push! *v* (item 100)))
      ((= number 1) (when (> count 0) (pop! *v*) ()))
      ((= number 2) (insert! *v* 0 (item 100)))
      ((= number 3) (insert! *v* (/ count 2) (item 100)))
      ((= number 4) (insert! *v* count (item 100)))
      ((= number 5) (when (> count 0) (remove-at! *v* 0) ()))
      ((= number 6) (when (> count 0) (remove-at! *v* (/ count 2)) ()))
      ((= number 7) (when (> count 0) (remove-at! *v* (- count 1)) ()))
      ((= number 8) (when (> count 0) (swap-remove! *v* 0) ()))
      ((= number 9) (truncate! *v* 2))
      ((= number 10) (clear! *v*))
      ((= number 11) (retain! *v* (fn (x) (= (mod (hash x) 2) 0))))
      ((= number 12) (sort-by! *v* (fn (x) (hash x))))
      (else (when (> count 0) (set! (nth *v* 0) (item 100)))))))
(pub defn look () : String (str (len *v*) *v*))
(pub defn live () : Unit
  (for (i 0 (< i 20)) (push! *v* (item i)))
  (for (i 0 (< i 5)) (insert! *v* i (item (+ 50 i))))
  (for (i 0 (< i 8)) (remove-at! *v* i)))`,
  }),
);

/** Rings with room, full ones, and ones that go on at the beginning of their room. */
const deques = ELEMENTS.map(
  ({ name, type, item, text }): Subject => ({
    name: `a deque of ${name}`,
    states: 9,
    steps: 5,
    text: `${text}
(defn item ((i : i64)) : ${type} ${item})
; In a vector, since nothing may look at the clock before the test is ready.
(defglobal mut *deques* : (MutVec (Deque ${type})) (mut-vec))
(defn the-deque () : (Deque ${type}) (nth *deques* 0))
(pub defn make ((state : i64)) : Unit
  (clear! *deques*)
  (push! *deques* (deque))
  (for (i 0 (< i (nth [0 1 3 4 8 8 3 4 16] state))) (push-back! (the-deque) (item i)))
  (for (i 0 (< i (nth [0 0 0 0 0 3 2 4 9] state)))
    (pop-front! (the-deque))
    (push-back! (the-deque) (item (+ 50 i)))))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (push-back! (the-deque) (item 100)))
    ((= number 1) (push-front! (the-deque) (item 100)))
    ((= number 2) (unless (empty? (the-deque)) (pop-back! (the-deque)) ()))
    ((= number 3) (unless (empty? (the-deque)) (pop-front! (the-deque)) ()))
    (else (clear! (the-deque)))))
(pub defn look () : String (str (len (the-deque)) (the-deque)))
(pub defn live () : Unit
  (for (i 0 (< i 20)) (push-back! (the-deque) (item i)) (push-front! (the-deque) (item (+ 30 i))))
  (for (i 0 (< i 8)) (pop-front! (the-deque)) (pop-back! (the-deque))))`,
  }),
);

const queues = ELEMENTS.map(
  ({ name, type, item, text }): Subject => ({
    name: `a priority queue of ${name}`,
    states: 7,
    steps: 5,
    text: `${text}
(defn item ((i : i64)) : ${type} ${item})
(defglobal mut *queues* : (MutVec (PriorityQueue ${type} i64)) (mut-vec))
(defn the-queue () : (PriorityQueue ${type} i64) (nth *queues* 0))
(defn add! ((i : i64)) : Unit (enqueue! (the-queue) (item i) (mod (* i 7) 5)))
(pub defn make ((state : i64)) : Unit
  (clear! *queues*)
  (push! *queues* (priority-queue))
  (for (i 0 (< i (nth [0 1 2 3 4 8 21] state))) (add! i)))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (enqueue! (the-queue) (item 100) -1))
    ((= number 1) (enqueue! (the-queue) (item 100) 2))
    ((= number 2) (enqueue! (the-queue) (item 100) 100))
    ((= number 3) (unless (empty? (the-queue)) (dequeue! (the-queue)) ()))
    (else (clear! (the-queue)))))
(pub defn look () : String (str (len (the-queue)) (the-queue)))
(pub defn live () : Unit
  (for (i 0 (< i 20)) (add! i))
  (for (i 0 (< i 9)) (dequeue! (the-queue))))`,
  }),
);

const places: Subject = {
  name: 'places for values of several parts',
  states: 1,
  steps: 7,
  text: `
(defvalue Part (name : String) (n : i64) (weight : (Option f64)))
(defstruct Holder (mut part : Part) (mut many : (Option Part)))
(defglobal mut *part* : Part (Part "" 0 None))
(defglobal mut *holder* : Holder (Holder (Part "" 0 None) None))
(defglobal mut *atom* : (Atom Part) (atom (Part "" 0 None)))
(defn deep ((i : i64)) : i64 (if (> i 0) (+ 1 (deep (- i 1))) 7))
(defn part ((i : i64)) : Part (Part (str "part " (deep i)) (deep (+ i 1)) (Some (f64 (deep (+ i 2))))))
; A closure has a name of its own, with several parts.
(defvalue Pair (a : i64) (b : i64))
(defglobal mut *keeper* : (Fn [i64] Pair) (fn (i) (Pair 0 0)))
(defn keeper () : (Fn [i64] Pair)
  (let ((mut own (Pair 1 2)))
    (fn (i)
      (when (> i 0) (set! own (Pair (.b own) (deep i))))
      own)))
(pub defn make ((state : i64)) : Unit
  (set! *part* (part 0))
  (set! *keeper* (keeper))
  (set! *holder* (Holder (part 0) None))
  (set! *atom* (atom (part 0))))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (set! *part* (Part (str "x" (deep 3)) (deep 4) (Some (f64 (deep 5))))))
    ((= number 1) (set! (.part *holder*) (Part (str "x" (deep 3)) (deep 4) (Some (f64 (deep 5))))))
    ((= number 2) (set! (.many *holder*) (Some (Part (str "x" (deep 3)) (deep 4) (Some (f64 (deep 5)))))))
    ((= number 3) (set! (.weight *part*) (Some (f64 (deep 4)))))
    ((= number 4) (reset! *atom* (part (deep 3))))
    ((= number 5) (*keeper* 3) ())
    (else (swap! *atom* (fn (p) (Part (str (.name p) (deep 2)) (deep 3) (Some (f64 (deep 4)))))) ())))
(pub defn look () : String (str *part* *holder* *atom* (*keeper* 0)))
(pub defn live () : Unit (for (i 0 (< i 3)) (step i)))`,
};

/** What needs the text buffer, arenas and references: a stop leaves nothing open in them. */
const made: Subject = {
  name: 'what is made anew',
  states: 1,
  steps: 7,
  text: `
(defstruct Node (name : String) (next : (Option Node)))
(instance (Show Node) (defn show (n) (str "<" (.name n) (.next n) ">")))
(defglobal mut *kept* : (Option Node) None)
(defglobal mut *text* : String "")
(defglobal mut *weak* : (Option (Weak Node)) None)
(defglobal mut *sorted* : (Vector i64) [])
(defglobal mut *map* : (Map String i64) {})
(defn chain ((n : i64)) : (Option Node)
  (if (= n 0) None (Some (Node (str "node " n) (chain (- n 1))))))
(pub defn make ((state : i64)) : Unit
  (set! *kept* (chain 2))
  (set! *text* "none")
  (set! *weak* None)
  (set! *sorted* [1])
  (set! *map* {"a" 1}))
(pub defn step ((number : i64)) : Unit
  (cond
    ((= number 0) (set! *kept* (with-arena a (copy-out (chain 5)))))
    ((= number 1) (set! *kept* (with-arena a (outside (chain 4)))))
    ((= number 2) (set! *text* (str (chain 3) (string-join ["a" (str (chain 2)) "c"] ", "))))
    ((= number 3) (match *kept* ((Some node) (set! *weak* (Some (weak node)))) (None ())))
    ((= number 4) (set! *sorted* (sort-by (fn (i) (mod (* i 7) 10)) (range 0 10))))
    ((= number 5) (set! *map* (fold (fn (m i) (assoc m (str "key " i) i)) *map* (range 0 12))))
    (else (without-collection (set! *text* (string-upcase (str (chain 3))))))))
(pub defn look () : String
  (str *kept* *text* (match *weak* ((Some w) (str (upgrade w))) (None "")) *sorted* *map* (.suppressed (memory-stats))))
(pub defn live () : Unit (for (i 0 (< i 7)) (step i)))`,
};

/** The same map in the frame's arena: what it takes, it takes there. */
const framed: Subject = {
  ...(maps[0] as Subject),
  name: 'a mutable map of numbers in the frame',
  inFrame: true,
  text: (maps[0] as Subject).text
    .replace('(defglobal mut *m*', '(defglobal frame *m*')
    .replace('(set! *m* (mut-map))', '(clear! *m*)'),
};

export const SUBJECTS: readonly Subject[] = [
  ...maps,
  framed,
  set,
  ...vectors,
  ...deques,
  ...queues,
  places,
  made,
];

/** A world: `add` brings one more into it, at `leave` some are to leave it when the frame ends. */
export const ENTITIES = `
(defentity Ball (name : String))
(defglobal mut *balls* : (Vector Ball) [])
(defglobal mut *weak* : (Vector (Weak Ball)) [])
(defglobal mut *rounds* : i64 0)
(defn names ((count : i64)) : (Vector String) (map (fn (i) (str "ball " i)) (range 0 count)))
(pub defn make ((count : i64)) : Unit
  (for-entities (b Ball) (remove-entity! b))
  (set! *balls* (map Ball (names count)))
  (set! *weak* (map weak *balls*))
  (for-each (b *balls*) (add-entity! b)))
(pub defn add () : Unit (add-entity! (Ball "one more")) ())
(pub defn leave () : Unit
  (for (i 0 (< i (len *balls*)) (+ i 2)) (remove-entity! (nth *balls* i))))
(pub defn look () : String
  (let ((mut text (str (count-entities Ball))))
    (for-entities (b Ball) (set! text (str text b)))
    (for-each (w *weak*) (set! text (str text (upgrade w))))
    text))
(pub defn live () : Unit
  (for (i 0 (< i 20)) (add))
  (when (> (len *balls*) 1) (remove-entity! (nth *balls* 1))))
(defn frame ((dt : f64)) : Unit (for (i 0 (< i 3)) (set! *rounds* (+ *rounds* i))))`;
