/** What timers and scenes leave when something fails in them, and when new code comes. */
import { describe, expect, it } from 'vitest';
import type { FrameFailure, Machine } from '../../../scripting/machine/index.ts';
import { refill, stoppable, stopped } from '../library/stops.ts';
import { imageOf, MODES, start } from './script.ts';

const TIMERS = `(import sluice.game :all)
(defentity Ball (x : f64))
(behave Ball (b dt) (print "ball "))
(defn main () : Unit
  (add-entity! (Ball 0.0))
  (after 0.5 (print "first ") (error "once"))
  (every 0.5 (print "second ") (error "always"))
  (after 0.5 (print "third "))
  ())
(pub defn begin () : Unit (main))`;

const SCENES = `(import sluice.game :all)
(defentity Ball (name : String))
(scene one
  :enter (add-entity! (Ball "one"))
  :leave (print "leave ") (error "leaving"))
(scene two :enter (print "enter ") (error "entering"))
(pub defn go () : Unit (go-to-scene! (if (in-scene? one) two one)))
(pub defn again () : Unit (restart-scene!))
(pub defn told () : String (str (current-scene) (count-entities Ball) (in-scene? one)))`;

function frame(machine: Machine, dt: number): number {
  const failed = machine.step(dt);
  machine.resetFrame();
  return failed;
}

describe.each(MODES)('in %s', (mode) => {
  it('a timer that fails is left out, and the others run, and the behaviours', async () => {
    const failures: FrameFailure[] = [];
    const { machine, printed } = await start(await imageOf(TIMERS, { mode }), {
      onFailure: (failure) => failures.push(failure),
    });
    machine.call('begin');
    expect(frame(machine, 0.5)).toBe(2);
    expect(printed()).toBe('first second third ball ');
    expect(frame(machine, 0.5)).toBe(1);
    expect(printed()).toBe('first second third ball second ball ');
    expect(failures.map(({ where, entity, error }) => [where, entity, error.message])).toEqual([
      ['timers', -1, 'once'],
      ['timers', -1, 'always'],
    ]);
    expect(machine.failures.map(({ count }) => count)).toEqual([1, 2]);
  });

  it('a scene that fails when it is left or entered is so all the same, once', async () => {
    const { machine, printed } = await start(await imageOf(SCENES, { mode }));
    machine.call('go');
    expect(frame(machine, 0)).toBe(0);
    expect(machine.call('told')).toBe('(Some (Scene one))1true');
    machine.call('go');
    expect(frame(machine, 0)).toBe(2);
    expect(frame(machine, 0)).toBe(0);
    expect(printed()).toBe('leave enter ');
    expect(machine.call('told')).toBe('(Some (Scene two))0false');
    expect(machine.failures.map(({ where }) => where)).toEqual(['scene', 'scene']);
  });

  it('no timer is passed over whose turn had not come, wherever the time ran out', async () => {
    const text = `(import sluice.game :all)
(defglobal mut *begun* : (MutVec i64) (mut-vec))
(pub defn begin () : Unit
  (for (i 0 (< i 4)) (after 0.1 (push! *begun* i) (for (j 0 (< j 2)) (print ""))))
  (for (i 0 (< i 2)) (every 0.25 :owner (add-entity! (Ball 1.0)) (push! *begun* (+ 10 i)) (for (j 0 (< j 2)) (print "")))))
(defentity Ball (x : f64))
(pub defn begun () : (Vector i64) (freeze *begun*))`;
    const image = await imageOf(text, { mode, watch: true });
    let places = 0;
    for (let failed = true; failed; places += 1) {
      const machine: Machine = await stoppable(image, { onFailure: () => refill(machine) });
      machine.call('begin');
      stopped(machine, 'time', places, () => {
        failed = machine.step(0.5) > 0;
      });
      machine.resetFrame();
      // Where the time ran out between two of the library's own steps, what is left comes with the next frame.
      frame(machine, 0.5);
      const begun = [...(machine.call('begun') as readonly number[])].sort((a, b) => a - b);
      expect(begun, `stopped at place ${places}`).toEqual([0, 1, 2, 3, 10, 10, 10, 10, 11, 11, 11, 11]);
    }
    expect(places).toBeGreaterThan(4);
  });
});

describe('when new code comes', () => {
  it('the scene goes on, begins anew with the new code, and timers run it', async () => {
    const text = (word: string): string => `(import sluice.game :all)
(scene title :enter (print "${word} ") (every 1.0 (print "${word} ticks ")))
(defglobal mut *begun* : Bool false)
(pub defn begin () : Unit (go-to-scene! title))
(pub defn again () : Unit (restart-scene!))
(pub defn told () : String (str (current-scene) (in-scene? title)))`;
    const { machine, printed } = await start(await imageOf(text('old')));
    machine.call('begin');
    frame(machine, 0);
    frame(machine, 1);
    const next = await machine.prepare(await imageOf(text('new')));
    expect(machine.replace(next)).toMatchObject({ kind: 'replaced' });
    expect(machine.call('told')).toBe('(Some (Scene title))true');
    frame(machine, 1);
    expect(printed()).toBe('old old ticks new ticks ');
    machine.call('again');
    frame(machine, 1);
    frame(machine, 1);
    expect(printed()).toBe('old old ticks new ticks new new ticks ');
    expect(machine.verify()).toBeUndefined();
  });
});
