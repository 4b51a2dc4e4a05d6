/** Where called functions make what they store into something older. */
import { describe, expect, test } from 'vitest';
import { refusals } from './script.ts';

const WORLD = `
(defstruct Body (mut x : f64) (mut near : (MutVec Body)))
(defstruct Pair (a : Body) (b : Body))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defn new-body ((x : f64)) : Body (Body x (mut-vec)))
(defn add! ((bodies : (MutVec Body)) (x : f64)) : Body
  (let ((b (new-body x))) (push! bodies b) b))
(defn pair! ((pairs : (MutVec Pair)) (a : Body) (b : Body)) : Unit (push! pairs (Pair a b)))
`;

describe('accepted', () => {
  const accepted: Readonly<Record<string, string>> = {
    'what is stored in a global': `
      (pub defn f () : Unit (with-arena work (do (add! *bodies* 1.0) ())))`,
    'in `frame` too': `
      (pub defn f () : Unit (with-arena frame (do (add! *bodies* 1.0) ())))`,
    'what is stored in what the caller was given': `
      (pub defn f ((bodies : (MutVec Body))) : Unit (with-arena work (do (add! bodies 1.0) ())))`,
    'what is stored in what the caller made before the block': `
      (pub defn f () : i64
        (let ((bodies (mut-vec))) (with-arena work (add! bodies 1.0)) (len bodies)))`,
    'what is stored in an outer arena, holding what lives there': `
      (pub defn f () : i64
        (with-arena outer
          (let ((pairs (mut-vec)) (a (new-body 1.0)))
            (with-arena inner (pair! pairs a a))
            (len pairs))))`,
    'what is stored in `frame`, holding what lives there': `
      (pub defn f () : i64
        (with-arena frame
          (let ((pairs (mut-vec)) (a (new-body 1.0)))
            (with-arena inner (pair! pairs a a))
            (len pairs))))`,
    'the result of such a call leaving the block': `
      (pub defn f () : Body (with-arena work (add! *bodies* 1.0)))`,
    'through functions that call themselves and each other': `
      (defn some! ((n : i64)) : Unit (when (> n 0) (add! *bodies* 1.0) (more! (- n 1))))
      (defn more! ((n : i64)) : Unit (add! *bodies* 2.0) (some! n))
      (pub defn f () : Unit (with-arena work (some! 5)))`,
    'what a function value that the function was given does not make': `
      (defn each! ((n : i64) (act : (Fn [i64] Unit))) : Unit (for (i 0 (< i n)) (act i)))
      (defn many! () : Unit (each! 3 (fn (i) (do (add! *bodies* (f64 i)) ()))))
      (pub defn f () : Unit (with-arena work (many!)))`,
    'what a function value keeps that another global holds': `
      (defglobal mut *act* : (Fn [f64] Unit) (fn (x) (do (add! *bodies* x) ())))
      (pub defn f () : Unit (with-arena work (*act* 1.0)))`,
    'what a function value keeps in what it has captured': `
      (defn adder ((bodies : (MutVec Body))) : (Fn [f64] Unit) (fn (x) (do (add! bodies x) ())))
      (pub defn f ((bodies : (MutVec Body))) : Unit (let ((g (adder bodies))) (with-arena work (g 1.0))))`,
    'what a named function keeps that is passed on': `
      (defn keep! ((x : f64)) : Unit (do (add! *bodies* x) ()))
      (defn call ((g : (Fn [f64] Unit)) (x : f64)) : Unit (g x))
      (pub defn f () : Unit (with-arena work (call keep! 1.0)))`,
    'what a function of the block keeps, and returns out of it': `
      (defn call ((g : (Fn [f64] Body)) (x : f64)) : Body (g x))
      (pub defn f () : Body (with-arena work (call (fn (x) (add! *bodies* x)) 1.0)))`,
    'a longer text': `
      (defglobal mut *log* : (Vector String) [])
      (defn note! ((n : i64)) : Unit (set! *log* (append *log* (str "line " n))))
      (pub defn f () : Unit (with-arena work (for (i 0 (< i 10)) (note! i))))`,
  };
  for (const [name, text] of Object.entries(accepted))
    test(name, () => expect(refusals(WORLD + text)).toEqual([]));
});

describe('refused', () => {
  const refused: Readonly<Record<string, readonly [script: string, error: string]>> = {
    'what holds something of the arena': [
      `(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
       (pub defn f () : Unit
         (with-arena work (let ((a (new-body 1.0))) (pair! *pairs* a a))))`,
      'arena-store at (pair! *pairs* a a)',
    ],
    'what the text of the block makes': [
      `(pub defn f () : Unit (with-arena work (push! *bodies* (Body 1.0 (mut-vec)))))`,
      'arena-escape at (push! *bodies* (Body 1.0 (mut-vec)))',
    ],
    'what a function makes and the text of the block stores': [
      `(pub defn f () : Unit (with-arena work (push! *bodies* (new-body 1.0))))`,
      'arena-escape at (push! *bodies* (new-body 1.0))',
    ],
    'what holds something of the arena that a function value was given': [
      `(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
       (defglobal mut *act* : (Fn [Body] Unit) (fn (b) (pair! *pairs* b b)))
       (pub defn f () : Unit (with-arena work (*act* (new-body 1.0))))`,
      'arena-store at (*act* (new-body 1.0))',
    ],
    'what a function value makes and the text of the block stores': [
      `(defglobal mut *make* : (Fn [f64] Body) (fn (x) (new-body x)))
       (pub defn f () : Unit (with-arena work (push! *bodies* (*make* 1.0))))`,
      'arena-escape at (push! *bodies* (*make* 1.0))',
    ],
    'what one function makes and another stores': [
      `(defn keep! ((b : Body)) : Unit (push! *bodies* b))
       (pub defn f () : Unit (with-arena work (keep! (new-body 1.0))))`,
      'arena-store at (keep! (new-body 1.0))',
    ],
    'what a block gives to a function value that an older one keeps, called outside of the block': [
      `(defn keep! ((b : Body)) : Unit (push! *bodies* b))
       (defn through ((act : (Fn [Body] Unit))) : Unit
         (with-arena work (let ((b (new-body 1.0))) (outside (act b)))))
       (pub defn f () : Unit (through keep!))`,
      'arena-store at (act b)',
    ],
    'what is made in the heap and holds what lives in the frame': [
      `(defglobal frame *one* : Body (new-body 1.0))
       (defglobal mut *pairs* : (MutVec Pair) (mut-vec))
       (pub defn f () : Unit (with-arena frame (pair! *pairs* *one* *one*)))`,
      'arena-store at (pair! *pairs* *one* *one*)',
    ],
  };
  for (const [name, [text, error]] of Object.entries(refused))
    test(name, () => expect(refusals(WORLD + text)).toEqual([error]));
});

describe('an atom that is older than the arena', () => {
  const ATOM = '(defglobal *a* : (Atom (Vector String)) (atom []))';
  test('is swapped by a function that makes what it likes', () => {
    const swap = '(swap! *a* (fn (v) (append v (str "n" (len v)))))';
    expect(refusals(`${ATOM} (pub defn f () : Unit (with-arena work (do ${swap} ())))`)).toEqual([]);
  });
  test('is swapped by a function value too', () => {
    const f = `(defn change ((g : (Fn [(Vector String)] (Vector String)))) : Unit (with-arena work (do (swap! *a* g) ())))
      (pub defn f () : Unit (change (fn (v) (append v (str "n" (len v))))))`;
    expect(refusals(`${ATOM} ${f}`)).toEqual([]);
  });
  test('is not made to hold what the arena has', () => {
    const swap = '(let ((text (str "n" 1))) (swap! *a* (fn (v) (append v text))))';
    expect(refusals(`${ATOM} (pub defn f () : Unit (with-arena work (do ${swap} ())))`)).toHaveLength(1);
  });
});
