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
