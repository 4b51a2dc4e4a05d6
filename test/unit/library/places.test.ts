/** Entities that are attached to others, however many there are, and what is said of those that cannot be. */
import { describe, expect, test } from 'vitest';
import { STRESS_COLLECT, STRESS_MOVE, STRESS_POISON, STRESS_VERIFY } from '../../../scripting/heap/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { Random } from '../../generated/random.ts';
import { Drawing } from './drawn.ts';

test.each([
  [
    '(defentity Tank (place : Place)) (defn f ((t : Tank)) : Unit (detach! t))',
    'the place of `Tank` cannot be changed',
    'its field is to be `mut`: `(mut place : Place)`',
  ],
  [
    '(defentity Rock (mut at : Vec2)) (defn f ((r : Rock)) : Unit (teleport! r (Vec2 0.0 0.0)))',
    '`Rock` has no place',
    'an entity has one where it declares a field of the type `Place`: `(mut place : Place)`',
  ],
])('a place that cannot be changed is told: %s', async (script, message, hint) => {
  const { diagnostics } = await compile(
    [new Source('game.slu', `(import sluice.stage :all) (import sluice.math :all) ${script}`)],
    { mode: 'development' },
  );
  expect(diagnostics).toMatchObject([{ code: 'no-instance', message, hint }]);
});

const LINKS = `(defentity Link (mut place : Place))
  (defentity Tip (mut place : Place))
  (defglobal mut *last* : (Option Link) None)
  (defglobal mut *first* : (Option Link) None)
  (defn link () : Link (add-entity! (Link (Place (Vec2 1.0 0.0) 0.0 1.0))))
  (pub defn chain ((n : i64)) : Unit
    (let ((first (link)) (mut last first))
      (set! *first* (Some first))
      (for (i 1 (< i n))
        (let ((next (link)))
          (attach! next last)
          (set! last next)))
      (attach! (add-entity! (Tip (Place (Vec2 0.0 0.0) 0.0 1.0))) last)
      (set! *last* (Some last))))
  (pub defn fan ((n : i64)) : Unit
    (let ((first (link)))
      (set! *first* (Some first))
      (for (i 1 (< i n)) (attach! (link) first))))
  (pub defn pairs ((n : i64)) : Unit
    (for (i 0 (< i n)) (attach! (add-entity! (Tip (Place (Vec2 0.0 0.0) 0.0 1.0))) (link))))
  (pub defn cut () : Unit (remove-entity! (unwrap *first*)))
  (pub defn cut-all () : Unit (for-entities (l Link) (remove-entity! l)))
  (pub defn end-at () : f64 (.x (.at (world-place (unwrap *last*)))))
  (pub defn count () : i64 (+ (count-entities Link) (count-entities Tip)))`;

describe.each(['development', 'release'] as const)('in a %s build', (mode) => {
  // The call's own time limit is what a quadratic one would meet, or the stack's end.
  test.each([
    ['chain', 30_000, 'cut', 30_001],
    ['fan', 30_000, 'cut', 30_000],
    ['pairs', 30_000, 'cut-all', 60_000],
  ])('a %s of %i goes at once', async (make, size, cut, count) => {
    const { machine } = await Drawing.of(LINKS, mode);
    machine.call(make, size);
    expect(machine.call('count')).toBe(count);
    if (make === 'chain') expect(machine.call('end-at')).toBe(size);
    machine.call(cut);
    expect(machine.call('count')).toBe(0);
    machine.step(0.01);
    machine.resetFrame();
    expect(machine.call('count')).toBe(0);
  });
});

// ------------------------------------------------------------------------------------------ beside a plain model

const SIZE = 8;

const NODES = `(import sluice.game (alive?))
  (defentity Even (mut place : Place) (id : i64))
  (defentity Odd (mut place : Place) (id : i64))
  (defglobal *evens* : (MutVec Even) (mut-vec))
  (defglobal *odds* : (MutVec Odd) (mut-vec))
  (defn home () : Place (Place (Vec2 0.0 0.0) 0.0 1.0))
  (defn start () : Unit
    (for (i 0 (< i ${SIZE}))
      (push! *evens* (Even (home) i))
      (push! *odds* (Odd (home) i))))
  (pub defn add ((n : i64)) : Unit
    (if (= (mod n 2) 0) (do (add-entity! (nth *evens* (/ n 2))) ()) (do (add-entity! (nth *odds* (/ n 2))) ())))
  (pub defn remove ((n : i64)) : Unit
    (if (= (mod n 2) 0) (remove-entity! (nth *evens* (/ n 2))) (remove-entity! (nth *odds* (/ n 2)))))
  (pub defn leave ((n : i64)) : Unit
    (if (= (mod n 2) 0) (detach! (nth *evens* (/ n 2))) (detach! (nth *odds* (/ n 2)))))
  (declare bind (=> (Placed 'a) (Fn ['a i64] Unit)))
  (defn bind (child n)
    (if (= (mod n 2) 0) (attach! child (nth *evens* (/ n 2))) (attach! child (nth *odds* (/ n 2)))))
  (pub defn join ((n : i64) (to : i64)) : Unit
    (if (= (mod n 2) 0) (bind (nth *evens* (/ n 2)) to) (bind (nth *odds* (/ n 2)) to)))
  (pub defn living () : String
    (let ((mut s (str (count-entities Even) " " (count-entities Odd) ":")))
      (for (i 0 (< i ${SIZE}))
        (set! s (str s (if (alive? (nth *evens* i)) "1" "0") (if (alive? (nth *odds* i)) "1" "0"))))
      s))`;

/** Who is in the world, by the rules of the reference: parents are looked for by everyone, each time. */
class Model {
  readonly alive = Array.from({ length: 2 * SIZE }, () => false);
  readonly parent: (number | undefined)[] = this.alive.map(() => undefined);

  add(n: number): void {
    this.alive[n] = true;
  }

  remove(n: number): void {
    if (this.alive[n] !== true) return;
    this.alive[n] = false;
    for (const [child, parent] of this.parent.entries()) if (parent === n) this.remove(child);
  }

  leave(n: number): void {
    this.parent[n] = undefined;
  }

  join(n: number, to: number): void {
    for (let above: number | undefined = to; above !== undefined; above = this.parent[above])
      if (above === n) throw new Error('a circle');
    this.parent[n] = to;
  }

  living(): string {
    const count = (odd: number) => this.alive.filter((is, n) => is && n % 2 === odd).length;
    return `${count(0)} ${count(1)}:${this.alive.map(Number).join('')}`;
  }
}

test.each([
  ['development', 0],
  ['development', STRESS_COLLECT | STRESS_POISON | STRESS_VERIFY],
  ['release', STRESS_MOVE | STRESS_POISON],
] as const)('what is attached goes with its parent, in every order: %s, stress %i', async (mode, stress) => {
  for (let seed = 1; seed <= (stress === 0 ? 40 : 4); seed += 1) {
    const random = new Random(seed);
    const { machine } = await Drawing.of(NODES, mode, { stress, timeLimit: Number.POSITIVE_INFINITY });
    machine.call('start');
    const model = new Model();
    for (let i = 0; i < 2 * SIZE; i += 1) {
      machine.call('add', i);
      model.add(i);
    }
    for (let i = 0; i < 200; i += 1) {
      const [n, to] = [random.below(2 * SIZE), random.below(2 * SIZE)];
      const what = (['add', 'add', 'remove', 'leave', 'join', 'join', 'join', 'frame'] as const)[
        random.below(8)
      ];
      const fails = (act: () => unknown): boolean => {
        try {
          act();
          return false;
        } catch {
          return true;
        }
      };
      if (what === 'frame') {
        machine.step(0.01);
        machine.resetFrame();
        if (i % 3 === 0) machine.collect();
      } else if (what === 'join')
        expect(fails(() => machine.call('join', n, to))).toBe(fails(() => model.join(n, to)));
      else {
        machine.call(what ?? 'add', n);
        model[what ?? 'add'](n);
      }
      expect(machine.call('living'), `seed ${seed}, act ${i}: ${what} ${n} ${to}`).toBe(model.living());
    }
    expect(machine.verify()).toBeUndefined();
  }
});
