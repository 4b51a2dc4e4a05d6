import { describe, expect, test } from 'vitest';
import { refusals as refusalsOf } from './script.ts';

const WORLD = `
(defstruct Body (mut x : f64) (mut friend : (MutVec Body)))
(defstruct Contact (a : Body) (b : Body) (mut depth : f64))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal mut *best* : (MutVec Contact) (mut-vec))
(defglobal mut *count* : i64 0)
(defn new-body ((x : f64)) : Body (Body x (mut-vec)))
(defn find-contacts ((bodies : (MutVec Body))) : (MutVec Contact)
  (let ((contacts (mut-vec)))
    (for-each (a bodies)
      (for-each (b bodies)
        (when (< (.x a) (.x b)) (push! contacts (Contact a b (- (.x b) (.x a)))))))
    contacts))
(defn deepest ((contacts : (MutVec Contact))) : f64
  (let ((mut depth 0.0))
    (for-each (c contacts) (set! depth (max depth (.depth c))))
    depth))
`;

const refusals = (text: string): string[] => refusalsOf(`${WORLD}\n${text}`);

describe('accepted', () => {
  const accepted: Readonly<Record<string, string>> = {
    'a block that gives a number': `
      (pub defn f () : f64 (with-arena work (deepest (find-contacts *bodies*))))`,
    'changing numbers of old things': `
      (pub defn f () : Unit
        (with-arena work
          (for-each (c (find-contacts *bodies*))
            (set! (.x (.a c)) (+ (.x (.a c)) (.depth c))))))`,
    'maps that hold what is old and what the arena has made': `
      (pub defn f () : i64
        (with-arena work
          (let ((m (mut-map)) (s (mut-set)))
            (map-set! m 1 "old")
            (map-set! m 2 (str "new " 2))
            (map-set! m (+ 1 (len m)) (map-get m 1))
            (for-each (entry m) (set-add! s (.1 entry)))
            (len s))))`,
    'a grid of vectors of old things': `
      (pub defn f () : i64
        (with-arena work
          (let ((cells (mut-vec)))
            (for (i 0 (< i 10)) (push! cells (mut-vec)))
            (for-each (b *bodies*) (push! (nth cells (mod (i64 (.x b)) 10)) b))
            (let ((mut n 0)) (for-each (cell cells) (set! n (+ n (len cell)))) n))))`,
    'closures over arena things, called in the arena': `
      (defn each ((contacts : (MutVec Contact)) (f : (Fn [Contact] Unit))) : Unit
        (for-each (c contacts) (f c)))
      (pub defn f () : i64
        (with-arena work
          (let ((deep (mut-vec)))
            (each (find-contacts *bodies*) (fn (c) (when (> (.depth c) 1.0) (push! deep c))))
            (len deep))))`,
    'text, and printing': `
      (pub defn f () : Unit
        (with-arena work
          (for-each (c (find-contacts *bodies*)) (println (str "depth " (.depth c))))))`,
    'arenas in loops and in each other': `
      (pub defn f () : f64
        (let ((mut sum 0.0))
          (for (i 0 (< i 10))
            (with-arena outer
              (let ((contacts (find-contacts *bodies*)))
                (with-arena inner
                  (let ((mine (mut-vec)))
                    (for-each (c contacts) (push! mine c))
                    (set! sum (+ sum (deepest mine))))))))
          sum))`,
    'old things that go through an arena and come out again': `
      (pub defn f () : Body
        (with-arena work
          (let ((first (nth *bodies* 0)) (second (nth *bodies* 1)))
            (if (< (.x first) (.x second)) first second))))`,
    'frame things in a name outside of their block': `
      (pub defn f () : i64
        (let ((contacts (with-arena frame (find-contacts *bodies*))))
          (len contacts)))`,
    'what the block does not touch': `
      (pub defn f () : Unit
        (push! *bodies* (new-body 1.0))
        (with-arena work (set! *count* (len (find-contacts *bodies*))))
        (push! *bodies* (new-body 2.0)))`,
  };
  for (const [name, text] of Object.entries(accepted)) test(name, () => expect(refusals(text)).toEqual([]));
});

describe('refused', () => {
  test('the value of a block', () => {
    expect(refusals('(pub defn f () : i64 (len (with-arena work (find-contacts *bodies*))))')).toEqual([
      'arena-escape at (find-contacts *bodies*)',
    ]);
  });

  test('a global', () => {
    expect(
      refusals('(pub defn f () : Unit (with-arena work (set! *best* (find-contacts *bodies*))))'),
    ).toEqual(['arena-escape at (set! *best* (find-contacts *bodies*))']);
  });

  test('an older vector', () => {
    expect(refusals('(pub defn f () : Unit (with-arena work (push! *bodies* (new-body 1.0))))')).toEqual([
      'arena-escape at (push! *bodies* (new-body 1.0))',
    ]);
  });

  test('a function that keeps what it is given', () => {
    expect(
      refusals(`
        (defn keep! ((c : Contact)) : Unit (push! *best* c))
        (pub defn f () : Unit
          (with-arena work (for-each (c (find-contacts *bodies*)) (keep! c))))`),
    ).toEqual(['arena-store at (keep! c)']);
  });

  test('a name of a wider scope', () => {
    expect(
      refusals(`
        (pub defn f () : i64
          (let ((mut found (find-contacts *bodies*)))
            (with-arena work (set! found (find-contacts *bodies*)))
            (len found)))`),
    ).toEqual(['arena-escape at (find-contacts *bodies*)']);
  });

  test('a captured name of an older closure', () => {
    expect(
      refusals(`
        (defn each ((contacts : (MutVec Contact)) (f : (Fn [Contact] Unit))) : Unit
          (for-each (c contacts) (f c)))
        (pub defn f () : Unit
          (let ((kept *best*) (keep (fn ((c : Contact)) : Unit (push! kept c))))
            (with-arena work (each (find-contacts *bodies*) keep))))`),
    ).toEqual(['arena-store at (each (find-contacts *bodies*) keep)']);
  });
});
