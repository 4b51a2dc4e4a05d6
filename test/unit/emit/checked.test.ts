/** Checked builds stop a program that lets something out of an arena where it does, whatever the proof says of it. */
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { Machine, type MachineOptions, ScriptError } from '../../../scripting/machine/index.ts';
import type { Rule } from '../../../scripting/regions/index.ts';
import { type Mode, refusals, unproved, withGone, withoutCopies } from './unproved.ts';

const MODES: readonly Mode[] = ['development', 'release'];

const HOST = {
  host: {
    each: (count: number, f: (i: number) => void) => {
      for (let i = 0; i < count; i += 1) f(i);
    },
  },
};

/** What stops an image's `main`, as `kind line: message`; undefined where nothing does. */
async function stopped(image: Image, options: MachineOptions = {}): Promise<string | undefined> {
  try {
    const machine = await Machine.create(image, { host: HOST, output: () => undefined, ...options });
    machine.call('main');
    expect(machine.verify()).toBeUndefined();
    return undefined;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return `${error.kind} ${error.position?.line}: ${error.message}`;
  }
}

const THINGS = `(defstruct Inner (mut v : i64)) (defstruct Box (mut inner : (Option Inner)))
`;

/** A script for each rule, and what the checked build says of it once the rule is off. */
const ESCAPES: Partial<Record<Rule, readonly [script: string, found: string]>> = {
  field: [
    `${THINGS}(defglobal mut *box* : Box (Box None))
(defn main () : Unit
  (with-arena a
    (let ((box *box*))
      (set! (.inner box) (Some (Inner 1))))))`,
    'escape 6: this `Inner` lives in arena `a` (game.slu:4:3); a `Box` that lives in the heap would hold it for longer',
  ],
  element: [
    `${THINGS}(defglobal mut *all* : (MutVec Inner) (mut-vec))
(defn main () : Unit
  (with-arena frame
    (with-arena a
      (push! *all* (Inner 1)))))`,
    'escape 6: this `Inner` lives in arena `a` (game.slu:5:5); a `(Vector Inner)` that lives in the heap would hold it for longer',
  ],
  birth: [
    `${THINGS}(defn main () : Unit
  (with-arena a
    (let ((inner (Inner 1)) (box (outside (Box (Some inner)))))
      (set! (.inner box) None))))`,
    'escape 4: this `Inner` lives in arena `a` (game.slu:3:3); a `Box` that lives in the heap would hold it for longer',
  ],
  global: [
    `${THINGS}(defglobal mut *last* : Inner (Inner 0))
(defn main () : Unit
  (with-arena frame
    (set! *last* (Inner 1))))`,
    'escape 5: this `Inner` lives in the frame; the global `*last*` would outlive it',
  ],
  'frame-global': [
    `${THINGS}(defglobal frame *last* : (Option Inner) None)
(defn main () : Unit
  (with-arena a
    (set! *last* (Some (Inner 1)))))`,
    'escape 5: this `Inner` lives in arena `a` (game.slu:4:3); the global `*last*` would outlive it',
  ],
  local: [
    `${THINGS}(defn main () : Unit
  (let ((mut kept (Inner 0)))
    (with-arena a
      (set! kept (Inner 1)))
    (println (.v kept))))`,
    'escape 5: this `Inner` lives in arena `a` (game.slu:4:5); the name `kept` would outlive it',
  ],
  copies: [
    `${THINGS}(defglobal mut *last* : (Option Inner) None)
(defn main () : Unit
  (with-arena a
    (let ((inner (Inner 1))
          (box (with-arena b (copy-out (Box (Some inner))))))
      (set! *last* (.inner box)))))`,
    'escape 7: this `Inner` lives in arena `a` (game.slu:4:3); the global `*last*` would outlive it',
  ],
  outside: [
    `${THINGS}(defglobal mut *last* : Inner (Inner 0))
(defn main () : Unit
  (with-arena a
    (with-arena b
      (set! *last* (outside (Inner 1))))))`,
    'escape 6: this `Inner` lives in arena `a` (game.slu:4:3); the global `*last*` would outlive it',
  ],
  within: [
    `(defstruct Leaf (v : i64)) (defstruct Pair (leaf : Leaf))
(defglobal *number* (atom 0))
(defn read ((pair : Pair)) : i64 (.v (.leaf pair)))
(defn main () : Unit
  (with-arena a
    (let ((leaf (Leaf 1)))
      (swap! *number* (fn (n) (+ n (read (Pair leaf)))))
      ())))`,
    'escape 7: this `Leaf` lives in arena `a` (game.slu:5:3); a `Pair` that lives in the heap would hold it for longer',
  ],
  weak: [
    `(defstruct Inner (mut v : i64))
(defglobal mut *last* : (Option (Weak Inner)) None)
(defn main () : Unit
  (with-arena a
    (let ((inner (Inner 1)))
      (set! *last* (Some (weak inner))))))`,
    'escape 6: this `Inner` lives in arena `a` (game.slu:4:3); a weak reference to it would outlive it',
  ],
  lent: [
    `(extern "host" (defn each ((count : i64) (f : (Fn [i64] Unit) :borrows)) : Unit))
(defglobal mut *seen* : (Vector i64) [])
(defn main () : Unit
  (with-arena a
    (let ((xs (range 0 10)))
      (each 2 (fn (i) (set! *seen* xs))))))`,
    'escape 6: this `(Vector i64)` lives in arena `a` (game.slu:4:3); the global `*seen*` would outlive it',
  ],
};

describe('what one rule of the proof refuses is stopped where it happens:', () => {
  const cases = Object.entries(ESCAPES) as [Rule, readonly [string, string]][];
  it.each(cases)('%s', async (rule, [script, found]) => {
    expect(refusals(script)).not.toEqual([]);
    expect(refusals(script, rule)).toEqual([]);
    expect(await stopped(await unproved(script, 'development', rule))).toBe(found);
  });
});

/** Programs that the proof took for safe once, and what the checked build says of them. */
const ACCEPTED_ONCE: readonly (readonly [why: string, script: string, found: string])[] = [
  [
    'what others put into an object that was made here',
    `${THINGS}(defglobal mut *last* : (Option Inner) None)
(defn build ((setup : (Fn [Box] Unit))) : Unit
  (let ((o (Box None))) (setup o) (set! *last* (.inner o))))
(defn main () : Unit
  (with-arena a (build (fn ((b : Box)) : Unit (set! (.inner b) (Some (Inner 42)))))))`,
    'escape 4: this `Inner` lives in arena `a` (game.slu:6:3); the global `*last*` would outlive it',
  ],
  [
    'what lies in the buffer of a copied vector',
    `${THINGS}(defglobal mut *kept* : Inner (Inner 0))
(defn main () : Unit
  (with-arena a
    (let ((m (with-arena b (let (((m : (MutVec Inner)) (mut-vec))) (push! m (Inner 42)) (copy-out m)))))
      (set! *kept* (nth m 0)))))`,
    'escape 6: this `Inner` lives in arena `a` (game.slu:4:3); the global `*kept*` would outlive it',
  ],
];

describe.each(MODES)('in %s, these are stopped too:', (mode) => {
  it.each(ACCEPTED_ONCE)('%s', async (_, script, found) => {
    expect(await stopped(await unproved(script, mode))).toBe(found);
  });
});

describe('whatever would hold it is tested:', () => {
  const HOLDERS: readonly (readonly [holder: string, script: string, found: RegExp])[] = [
    [
      'a closure',
      `(defglobal mut *f* : (Fn [] i64) (fn () 0))
(defn main () : Unit
  (with-arena a
    (let ((inner (Inner 1)))
      (set! *f* (outside (fn () (.v inner)))))))`,
      /^escape 6: this `Inner` lives in arena `a` \(game\.slu:4:3\); a `fn .*` that lives in the heap/,
    ],
    [
      'a name that a closure has captured',
      `(defn main () : Unit
  (let ((mut kept (Inner 0)))
    (let ((keep! (fn ((n : i64)) : Unit (set! kept (Inner n)))))
      (with-arena a (keep! 1)))
    (println (.v kept))))`,
      /^escape 4: this `Inner` lives in arena `a` \(game\.slu:5:7\); a `.*` that lives in the heap/,
    ],
    [
      'a map',
      `(defglobal mut *map* : (MutMap i64 Inner) (mut-map))
(defn main () : Unit
  (with-arena a
    (map-set! *map* 1 (Inner 1))))`,
      /^escape 5: this `Inner` lives in arena `a` \(game\.slu:4:3\); a `.*` that lives in the heap/,
    ],
    [
      'a longer vector',
      `(defglobal mut *all* : (Vector Inner) [])
(defn main () : Unit
  (with-arena a
    (let ((inner (Inner 1)))
      (set! *all* (outside (append *all* inner))))))`,
      /^escape 6: this `Inner` lives in arena `a` \(game\.slu:4:3\); a `\(Vector Inner\)` that lives in the heap/,
    ],
    [
      'an arena around it',
      `(defn main () : Unit
  (with-arena a
    (let ((all (mut-vec (Inner 0))))
      (with-arena b
        (set! (nth all 0) (Inner 1)))
      (println (len all)))))`,
      /^escape 6: this `Inner` lives in arena `b` \(game\.slu:5:7\); a `\(Vector Inner\)` that lives in arena `a` \(game\.slu:3:3\) would/,
    ],
    [
      'the frame',
      `(defn main () : Unit
  (with-arena frame
    (let ((all (mut-vec (Inner 0))))
      (with-arena b
        (push! all (Inner 1)))
      (println (len all)))))`,
      /^escape 6: this `Inner` lives in arena `b` \(game\.slu:5:7\); a `\(Vector Inner\)` that lives in the frame would/,
    ],
    [
      'a global from the start',
      `(defglobal *kept* : Inner (with-arena frame (Inner 1)))
(defn main () : Unit (println (.v *kept*)))`,
      /^escape \d: this `Inner` lives in the frame; the global `\*kept\*` would outlive it/,
    ],
  ];
  it.each(HOLDERS)('%s', async (_, script, found) => {
    const image = await unproved(`(defstruct Inner (mut v : i64))\n${script}`, 'development');
    expect(await stopped(image)).toMatch(found);
  });
});

describe('what was freed is not used:', () => {
  const USES: readonly (readonly [use: string, expression: string])[] = [
    ['a field that is read', '(println (.v inner))'],
    ['a field that is set', '(set! (.v inner) 2)'],
    ['an address that is set', '(set! (.next inner) None)'],
    ['what is stored', '(set! (.next other) (Some inner))'],
  ];
  it.each(USES)('%s', async (_, use) => {
    const script = `(defstruct Inner (mut v : i64) (mut next : (Option Inner)))
(defn gone ((inner : Inner)) : Unit (set! (.v inner) 0))
(defn pass ((inner : Inner)) : Inner inner)
(defn main () : Unit
  (let ((inner (pass (Inner 1 None))) (other (pass (Inner 2 None))))
    (set! (.next other) None)
    (gone inner)
    ${use}))`;
    const found = 'freed 8: this uses what the collector has freed';
    expect(await stopped(await withGone(script, 'development'))).toBe(found);
  });
});

describe('every way out of an arena is tested:', () => {
  /** A block that returns, or lets out by a name, what it made. */
  const WAYS: readonly (readonly [way: string, script: string, found: string])[] = [
    [
      'its end',
      `${THINGS}(defn read ((inner : Inner)) : i64 (.v inner))
(defn main () : Unit
  (println (read (with-arena a (Inner 1)))))`,
      'escape 4: this `Inner` lives in arena `a` (game.slu:4:18); what the block returns would outlive it',
    ],
    [
      '`break`',
      `${THINGS}(defn main () : Unit
  (let ((mut kept (Inner 0)))
    (while true
      (with-arena a
        (set! kept (Inner 1))
        (break)))
    (println (.v kept))))`,
      'escape 6: this `Inner` lives in arena `a` (game.slu:5:7); the name `kept` would outlive it',
    ],
    [
      '`continue`',
      `${THINGS}(defn main () : Unit
  (let ((mut kept (Inner 0)) (mut i 0))
    (while (< i 3)
      (set! i (+ i 1))
      (with-arena a
        (set! kept (Inner 1))
        (continue)))
    (println (.v kept))))`,
      'escape 7: this `Inner` lives in arena `a` (game.slu:6:7); the name `kept` would outlive it',
    ],
    [
      'a field that has become a local',
      `${THINGS}(defn main () : Unit
  (let ((box (Box None)))
    (with-arena a
      (set! (.inner box) (Some (Inner 1))))
    (match (.inner box) ((Some inner) (println (.v inner))) (None ()))))`,
      'escape 5: this `Inner` lives in arena `a` (game.slu:4:5); a field of `box` would outlive it',
    ],
  ];
  it.each(WAYS)('%s', async (_, script, found) => {
    expect(await stopped(await unproved(script, 'development'))).toBe(found);
  });

  it('`?`', async () => {
    const script = `${THINGS}(defn tested ((inner : Inner)) : (Result i64 Inner) (Err inner))
(defn made () : (Result i64 Inner)
  (with-arena a
    (Ok (+ 1 (tested (Inner 1))?))))
(defn main () : Unit (match (made) ((Ok n) (println n)) ((Err inner) (println (.v inner)))))`;
    expect(await stopped(await unproved(script, 'development'))).toBeUndefined();
    expect(await stopped(await withoutCopies(script, 'development'))).toBe(
      'escape 5: this `Inner` lives in arena `a` (game.slu:4:3); the result of `made` would outlive it',
    );
  });

  it('nothing that a failing call had open can be reached afterwards', async () => {
    const script = `${THINGS}(defglobal mut *box* : Box (Box None))
(defn main () : Unit
  (with-arena a
    (let ((box (Box (Some (Inner 1)))))
      (println (nth [1 2 3] (+ 3 (match (.inner box) ((Some inner) (.v inner)) (None 0))))))))`;
    const machine = await Machine.create(await unproved(script, 'development'));
    expect(() => machine.call('main')).toThrow('index 4 is out of range for length 3');
    expect(machine.verify()).toBeUndefined();
  });
});
