/** What crosses to the host and back, in the eyes of the escape proof. */
import { describe, expect, test } from 'vitest';
import { refusals as refusalsOf } from './script.ts';

const HOST = `(extern-type "host" Sprite)
(defstruct Button (looks : Sprite) (press : (Fn [i64] i64)))
(extern "host"
  (defn sprite ((name : String)) : Sprite)
  (defn find-sprite ((name : String)) : (Option Sprite))
  (defn sprites () : (Vector Sprite))
  (defn place! ((s : Sprite)) : Unit)
  (defn place-all! ((s : (Vector Sprite))) : Unit)
  (defn adder ((n : i64)) : (Fn [i64] i64))
  (defn taker () : (Fn [(MutVec i64)] i64))
  (defn copier () : (Fn [(Vector i64)] i64))
  (defn set-handlers ((handlers : (Map String (Fn [i64] i64)))) : Unit)
  (defn set-words ((words : (MutMap String i64))) : Unit)
  (defn add-button ((b : Button)) : Unit)
  (defn each ((n : i64) (f : (Fn [i64 f64] Unit) :borrows)) : Unit)
  (defn ask ((f : (Fn [] (Vector (Fn [i64] i64))) :borrows)) : Unit)
  (defn show ((f : (Fn [] (MutVec i64)) :borrows)) : Unit)
  (defn collect ((f : (Fn [(MutVec (MutVec i64))] Unit) :borrows)) : Unit))
(defglobal mut *rows* : (MutVec (MutVec i64)) (mut-vec))
(defglobal mut *sprite* : (Option Sprite) None)
(defglobal mut *sprites* : (MutVec Sprite) (mut-vec))
(defglobal mut *add* : (Option (Fn [i64] i64)) None)
`;

const refusals = (text: string): string[] => refusalsOf(`${HOST}\n${text}`);

describe('accepted', () => {
  const accepted: Readonly<Record<string, string>> = {
    'an object of the host leaves a block': `
      (pub defn f () : Sprite (with-arena work (sprite "a")))
      (pub defn g () : Unit (with-arena work (set! *sprite* (find-sprite "a"))))
      (pub defn h () : Unit (with-arena work (push! *sprites* (sprite "a")) (set! *sprite* (Some (sprite "b")))))`,
    'objects of the host are given to it, also in vectors that lie in a block': `
      (pub defn f () : Unit
        (with-arena work
          (let ((all (mut-vec)))
            (for-each (s (sprites)) (push! all s) (place! s))
            (place-all! (freeze all)))))`,
    'maps are copied': `
      (pub defn f () : Unit (with-arena work (set-words (mut-map "a" 1))))`,
    'functions of the host are called in a block': `
      (pub defn f ((n : i64)) : i64 (with-arena work (let ((add (adder n))) ((copier) (map add [1 2])))))`,
    'a function is lent that reads and fills what lies in a block': `
      (pub defn f () : i64
        (with-arena work
          (let ((xs (mut-vec 1)) (rows (mut-vec))) (each 3 (fn (i x) (push! xs i) (push! rows (mut-vec i)))) (len xs))))`,
    'a lent function fills what is older with what it makes': `
      (pub defn f () : Unit
        (with-arena work (let ((xs (mut-vec 1))) (each 3 (fn (i x) (push! *rows* (mut-vec i (len xs))))))))`,
    'a lent function came as a parameter': `
      (defn twice ((f : (Fn [i64 f64] Unit))) : Unit (each 2 f))
      (pub defn f () : i64 (with-arena work (let ((xs (mut-vec 1))) (twice (fn (i x) (push! xs i))) (len xs))))`,
  };
  test.each(Object.entries(accepted))('%s', (_, text) => expect(refusals(text)).toEqual([]));
});

describe('refused', () => {
  const refused: Readonly<Record<string, string>> = {
    'a function value that was made in a block from a function of the host': `
      (pub defn f () : Unit (with-arena work (set! *add* (Some (adder 1)))))`,
    'a map of functions that lie in a block': `
      (pub defn f ((n : i64)) : Unit (with-arena work (let ((xs (mut-vec n))) (set-handlers {"a" (fn (i) (nth xs i))}))))`,
    'a struct with a function that lies in a block': `
      (pub defn f ((n : i64)) : Unit
        (with-arena work (let ((xs (mut-vec n))) (add-button (Button (sprite "a") (fn (i) (nth xs i)))))))`,
    'what a function of the host would keep': `
      (pub defn f () : i64 (with-arena work ((taker) (mut-vec 1 2))))`,
    'what a function might keep that came from the host by way of a parameter': `
      (defn through ((f : (Fn [(MutVec i64)] i64))) : i64 (with-arena work (f (mut-vec 1))))
      (pub defn g () : i64 (through (taker)))`,
    'what a lent function keeps': `
      (pub defn f () : Unit
        (with-arena work (let ((xs (mut-vec 1))) (each 3 (fn (i x) (push! *rows* xs))))))`,
    'what a lent function keeps that came as a parameter': `
      (defn twice ((f : (Fn [i64 f64] Unit))) : Unit (each 2 f))
      (pub defn f () : Unit
        (with-arena work (let ((xs (mut-vec 1))) (twice (fn (i x) (push! *rows* xs))))))`,
    'what a lent function stores in what the host returns it': `
      (pub defn f () : Unit
        (with-arena work (let ((xs (mut-vec 1))) (collect (fn (rows) (push! rows xs))))))`,
    'a function that a lent function returns': `
      (pub defn f () : Unit
        (with-arena work (let ((xs (mut-vec 1))) (ask (fn () [(fn (i) (nth xs i))])))))`,
    'a handle that a lent function returns': `
      (pub defn f () : Unit (with-arena work (let ((xs (mut-vec 1))) (show (fn () xs)))))`,
  };
  test.each(Object.entries(refused))('%s', (_, text) => {
    const found = refusals(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((line) => /arena-(store|escape)/.test(line))).toBe(true);
  });
});
