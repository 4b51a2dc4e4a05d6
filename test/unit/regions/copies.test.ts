/** `copy-out`: what is given, and what copies hold. */
import { describe, expect, test } from 'vitest';
import { refusals } from './script.ts';

const WORLD = `
(defstruct It (mut v : i64))
(defstruct Box (mut it : (Option It)))
(defglobal mut *kept* : It (It 0))
(defglobal mut *box* : Box (Box None))
(defn dup ((p : It)) : It (with-arena frame (copy-out p)))
(defn copied () : It (with-arena frame (copy-out (It 1))))
`;

describe('accepted', () => {
  const accepted: Readonly<Record<string, string>> = {
    'a copy out of the frame, kept in the heap': `
      (pub defn f () : Unit (set! *kept* (with-arena frame (copy-out (It 1)))))`,
    'the same, made by a function that is called in the frame, in an arena and outside of both': `
      (defn keep! () : Unit (set! *kept* (copied)))
      (pub defn f () : Unit (keep!) (with-arena frame (keep!)) (with-arena a (keep!)))`,
    'the thing itself, kept in the frame from inside of an arena': `
      (pub defn f () : i64
        (with-arena frame
          (let ((mut kept (It 1)))
            (with-arena a (set! kept (dup kept)))
            (.v kept))))`,
    'copies of copies in a loop': `
      (pub defn f () : i64
        (let ((mut x (copied)))
          (for (i 0 (< i 9)) (with-arena frame (set! x (copy-out x))))
          (.v x)))`,
    'a path that is found in the frame, and copied out of it for whoever asks': `
      (defstruct Path (steps : (MutVec It)))
      (defn find-path ((n : i64)) : Path
        (with-arena frame
          (let ((p (Path (mut-vec))))
            (for (i 0 (< i n)) (push! (.steps p) (It i)))
            (set! (.v (nth (.steps p) 0)) 9)
            (copy-out p))))
      (defglobal mut *path* : Path (Path (mut-vec)))
      (defn keep-path! () : Unit (set! *path* (find-path 3)))
      (pub defn f () : i64
        (keep-path!)
        (with-arena frame (keep-path!))
        (with-arena a (len (.steps (find-path 3)))))`,
    'a vector whose elements are changed, and copied': `
      (pub defn f () : (MutVec Box)
        (with-arena frame
          (let (((v : (MutVec Box)) (mut-vec)))
            (push! v (Box None))
            (set! (.it (nth v 0)) (Some (It 2)))
            (copy-out v))))`,
    'a thing of the frame that a function value was given, and a global of the frame holds': `
      (defstruct Log (lines : (MutVec It)))
      (defglobal frame *log* : (Option Log) None)
      (defn logging ((body : (Fn [Log] Unit))) : i64
        (with-arena frame
          (let ((log (Log (mut-vec))))
            (set! *log* (Some log))
            (body log)
            (push! (.lines log) (It 1))
            (len (.lines log)))))
      (pub defn f () : i64 (logging (fn ((log : Log)) : Unit (push! (.lines log) (It 2)))))`,
    'copies of what copies hold': `
      (defn open ((b : Box)) : Box
        (let ((c (with-arena frame (copy-out b))))
          (with-arena frame (copy-out (match (.it c) ((Some i) (Box (Some i))) (None c))))))
      (pub defn f () : Unit (set! *box* (open *box*)))`,
  };
  for (const [name, text] of Object.entries(accepted))
    test(name, () => expect(refusals(WORLD + text)).toEqual([]));
});

describe('refused', () => {
  const refused: Readonly<Record<string, readonly [script: string, error: string]>> = {
    'what was given, where it may be in the frame': [
      `(pub defn f () : Unit (with-arena frame (set! *kept* (dup (It 1)))))`,
      'arena-escape at (set! *kept* (dup (It 1)))',
    ],
    'a copy in the block from which the frame was entered': [
      `(pub defn f () : i64
         (let ((x (with-arena frame (It 1))) (mut kept *kept*))
           (with-arena a (set! kept (dup x)))
           (.v kept)))`,
      'arena-escape at (dup x)',
    ],
    'what is put into the thing itself by the name of its copy': [
      `(pub defn f () : Unit
         (with-arena frame
           (let ((box (Box None)))
             (with-arena a
               (set! (.it (with-arena frame (copy-out box))) (Some (It 1)))))))`,
      'arena-escape at (set! (.it (with-arena frame (copy-out box))) (Some (It 1)))',
    ],
    'the same, where a function returns it': [
      `(defn same ((b : Box)) : Box (with-arena frame (copy-out b)))
       (pub defn f () : Unit
         (with-arena frame
           (let ((box (Box None))) (with-arena a (set! (.it (same box)) (Some (It 1)))))))`,
      'arena-escape at (set! (.it (same box)) (Some (It 1)))',
    ],
    'elements of a copied vector': [
      `(pub defn f () : Unit
         (with-arena a
           (let ((m (with-arena b (let (((m : (MutVec It)) (mut-vec))) (push! m (It 1)) (copy-out m)))))
             (set! *kept* (nth m 0)))))`,
      'arena-escape at (set! *kept* (nth m 0))',
    ],
    'values of a copied map in a struct': [
      `(defstruct Table (rows : (MutMap String It)))
       (pub defn f () : Unit
         (with-arena a
           (let ((t (with-arena b (let ((t (Table (mut-map)))) (map-set! (.rows t) "x" (It 1)) (copy-out t)))))
             (set! *kept* (map-get (.rows t) "x")))))`,
      'arena-escape at (set! *kept* (map-get (.rows t) "x"))',
    ],
  };
  for (const [name, [text, error]] of Object.entries(refused))
    test(name, () => expect(refusals(WORLD + text)).toEqual([error]));
});
