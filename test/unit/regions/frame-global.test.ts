/** Globals of the frame, in scripts: what they may hold, and what may be made of what they hold. */
import { describe, expect, test } from 'vitest';
import { refusals } from './script.ts';

const WORLD = `
(defstruct Body (mut x : f64) (mut near : (MutVec Body)))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal frame *found* : (MutVec Body) (mut-vec))
(defglobal frame *best* : (Option Body) None)
(defn new-body ((x : f64)) : Body (Body x (mut-vec)))
`;

describe('accepted', () => {
  const accepted: Readonly<Record<string, string>> = {
    'pushing what lives in the frame, and what lives longer': `
      (pub defn f () : Unit
        (with-arena frame (push! *found* (new-body 1.0)))
        (push! *found* (nth *bodies* 0))
        (for-each (b *bodies*) (set! *best* (Some b))))`,
    'a value that the frame made, given by a function': `
      (defn nearest () : Body (with-arena frame (new-body 1.0)))
      (pub defn f () : Unit (set! *best* (Some (nearest))) (push! *found* (nearest)))`,
    'setting it through a function, to what its caller made': `
      (defn keep! ((bodies : (MutVec Body))) : Unit (set! *found* bodies))
      (pub defn f () : Unit
        (with-arena frame (keep! (mut-vec)) (push! *found* (new-body 2.0))))`,
    'numbers of what it holds, anywhere': `
      (defglobal mut *sum* : f64 0.0)
      (pub defn f () : Unit
        (with-arena work (set! *sum* (fold + *sum* (map .x *found*)))))`,
    'something far away in what is no thing of the frame, given to it outside of the frame': `
      (defstruct Link (mut next : (Option Link)))
      (defglobal frame *link* : Link (Link None))
      (defglobal mut *kept* : Link (Link None))
      (defn next ((l : Link)) : Link (match (.next l) ((Some n) n) (None l)))
      (defn keep! ((l : Link)) : Unit (set! *kept* (next (next (next (next (next (next (next l)))))))))
      (pub defn f () : Unit
        (let ((l (Link None)))
          (set! (.next l) (Some l))
          (set! *link* l)
          (keep! l)))`,
    'what the frame made, in a map and in a set': `
      (defglobal frame *near* : (MutMap i64 Body) (mut-map))
      (defglobal frame *names* : (MutSet String) (mut-set))
      (pub defn f () : Unit
        (with-arena frame
          (map-set! *near* 1 (new-body 1.0))
          (for-each (b *bodies*) (map-set! *near* 2 b))
          (set-add! *names* (str "body " 1))))`,
    'what the frame made, in a bucket that is made with its first body': `
      (defglobal frame *grid* : (MutMap i64 (MutVec Body)) (mut-map))
      (defn place! ((b : Body)) : Unit
        (match (map-find *grid* (i64 (.x b)))
          ((Some bucket) (push! bucket b))
          (None (map-set! *grid* (i64 (.x b)) (mut-vec b)))))
      (pub defn f () : Unit (with-arena frame (place! (new-body 1.0)) (place! (nth *bodies* 0))))`,
    'what the frame made, in vectors of a struct that was made there': `
      (defstruct Scratch (mut all : (MutVec Body)) (rows : (MutVec (MutVec Body))))
      (defglobal frame *scratch* : Scratch (Scratch (mut-vec) (mut-vec)))
      (pub defn f () : Unit
        (with-arena frame
          (push! (.all *scratch*) (new-body 1.0))
          (push! (.rows *scratch*) (mut-vec (new-body 1.0)))
          (push! (nth (.rows *scratch*) 0) (new-body 2.0))
          (set! (.all *scratch*) (mut-vec (new-body 2.0)))))`,
    'what the frame made, in a bucket found by way of a parameter, beside what is older': `
      (defstruct Grid (rows : (MutMap i64 (MutVec Body))))
      (defglobal frame *grid* : Grid (Grid (mut-map)))
      (defn add! ((g : Grid) (b : Body)) : Unit
        (match (map-find (.rows g) 1)
          ((Some row) (push! row b))
          (None (map-set! (.rows g) 1 (mut-vec b)))))
      (pub defn f () : Unit
        (with-arena frame
          (for-each (b *bodies*) (add! *grid* b))
          (add! *grid* (new-body 1.0))))`,
    'what it holds, changed by another function that made it and keeps a name of it': `
      (pub defn f () : Unit
        (with-arena frame
          (let ((found (mut-vec)))
            (set! *found* found)
            (g)
            (push! found (new-body 1.0)))))
      (defn g () : Unit (with-arena frame (push! *found* (new-body 2.0))))`,
    'a copy of it in the heap': `
      (defglobal mut *kept* : (Option Body) None)
      (pub defn f () : Unit (with-arena frame (set! *kept* (copy-out *best*))))`,
  };
  for (const [name, text] of Object.entries(accepted))
    test(name, () => expect(refusals(WORLD + text)).toEqual([]));
});

describe('refused', () => {
  const refused: Readonly<Record<string, readonly [script: string, error: string]>> = {
    'what a block made': [
      `(pub defn f () : Unit (with-arena work (set! *best* (Some (new-body 1.0)))))`,
      'arena-escape at (set! *best* (Some (new-body 1.0)))',
    ],
    'what a block made, in a vector that it holds': [
      `(pub defn f () : Unit (with-arena work (push! *found* (new-body 1.0))))`,
      'arena-escape at (push! *found* (new-body 1.0))',
    ],
    'what a block made, set by a function': [
      `(defn keep! ((b : Body)) : Unit (set! *best* (Some b)))
       (pub defn f () : Unit (with-arena work (keep! (new-body 1.0))))`,
      'arena-store at (keep! (new-body 1.0))',
    ],
    'its initial value in the heap, where nothing else opens an arena': [
      `(defglobal frame *first* : Body (new-body 0.0))
       (pub defn f () : Unit (push! *bodies* *first*))`,
      'arena-escape at (push! *bodies* *first*)',
    ],
    'what it holds, in the heap': [
      `(pub defn f () : Unit (with-arena frame (push! *found* (new-body 1.0))) (push! *bodies* (nth *found* 0)))`,
      'arena-escape at (push! *bodies* (nth *found* 0))',
    ],
    'what it holds, in something older that it leads to': [
      `(pub defn f () : Unit
         (with-arena frame
           (push! *found* (nth *bodies* 0))
           (push! (.near (nth *found* 0)) (new-body 1.0))))`,
      'arena-escape at (push! (.near (nth *found* 0)) (new-body 1.0))',
    ],
    'filling a vector that may be older, where another function sets it to one': [
      `(pub defn older () : Unit (set! *found* *bodies*))
       (pub defn f () : Unit (with-arena frame (push! *found* (new-body 1.0))))`,
      'arena-escape at (push! *found* (new-body 1.0))',
    ],
    'filling a vector that its callers made, of whom one is the host': [
      `(pub defn keep! () : Unit (set! *found* (mut-vec)))
       (pub defn f () : Unit (with-arena frame (push! *found* (new-body 1.0))))`,
      'arena-escape at (push! *found* (new-body 1.0))',
    ],
    'what the frame made, in a bucket that another function made in the heap': [
      `(defglobal frame *grid* : (MutMap i64 (MutVec Body)) (mut-map))
       (pub defn older () : Unit (map-set! *grid* 1 (mut-vec)))
       (pub defn f () : Unit (with-arena frame (push! (map-get *grid* 1) (new-body 1.0))))`,
      'arena-escape at (push! (map-get *grid* 1) (new-body 1.0))',
    ],
    'what the frame made, in a vector of a struct that is made with an older one': [
      `(defstruct Scratch (mut all : (MutVec Body)))
       (defglobal frame *scratch* : Scratch (Scratch *bodies*))
       (pub defn f () : Unit (with-arena frame (push! (.all *scratch*) (new-body 1.0))))`,
      'arena-escape at (push! (.all *scratch*) (new-body 1.0))',
    ],
    'what the frame made, in a vector of a struct that its caller gave another': [
      `(defstruct Scratch (mut all : (MutVec Body)))
       (defglobal frame *scratch* : Scratch (Scratch (mut-vec)))
       (defn give! ((s : Scratch) (all : (MutVec Body))) : Unit (set! (.all s) all))
       (pub defn g () : Unit (give! *scratch* *bodies*))
       (pub defn f () : Unit (with-arena frame (push! (.all *scratch*) (new-body 1.0))))`,
      'arena-escape at (push! (.all *scratch*) (new-body 1.0))',
    ],
    'what it holds, by a function value': [
      `(defglobal frame *f* : (Fn [] Unit) (fn () ()))
       (defn run ((g : (Fn [] Unit))) : Unit (g))
       (pub defn set () : Unit
         (with-arena frame (let ((b (new-body 1.0))) (set! *f* (fn () (push! *bodies* b))))))
       (pub defn f () : Unit (run *f*))`,
      'arena-store at (run *f*)',
    ],
  };
  for (const [name, [text, error]] of Object.entries(refused))
    test(name, () => expect(refusals(WORLD + text)).toContain(error));
});
