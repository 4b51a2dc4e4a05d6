/** What a frame leaves after when something fails in it. */
import { describe, expect, it } from 'vitest';
import { Machine } from '../../../scripting/machine/index.ts';
import { refill, stoppable, stopped } from '../library/stops.ts';
import { imageOf, MODES } from './script.ts';

const GAME = `(defentity Ball (name : String))
(defn main () : Unit (add-entity! (Ball "a")) (add-entity! (Ball "b")) ())
(pub defn begin () : Unit (main))
(defn frame ((dt : f64)) : Unit (print "frame "))
(behave Ball (ball dt) (print (.name ball) " "))`;

describe.each(MODES)('in %s', (mode) => {
  it('a host whose printing fails gets that error, and the next frame begins anew', async () => {
    let printed = '';
    let broken = '';
    const machine = await Machine.create(await imageOf(GAME, { mode }), {
      output: (text) => {
        if (text === broken) throw new Error('the paper has run out');
        printed += text;
      },
    });
    machine.call('begin');
    for (const text of ['frame ', 'a ', 'b ']) {
      broken = text;
      expect(() => machine.step(0)).toThrow('the paper has run out');
      machine.resetFrame();
      broken = '';
      printed = '';
      expect(machine.step(0)).toBe(0);
      machine.resetFrame();
      expect(printed).toBe('frame a b ');
      expect(machine.verify()).toBeUndefined();
    }
  });

  it('no entity is passed over whose turn had not begun, wherever the time ran out', async () => {
    const text = `(defentity Ball (id : i64))
(defglobal mut *begun* : (MutVec i64) (mut-vec))
(pub defn begin () : Unit (for (i 0 (< i 4)) (add-entity! (Ball i))))
(pub defn begun () : (Vector i64) (let ((all (freeze *begun*))) (clear! *begun*) all))
(behave Ball (ball dt) (push! *begun* (.id ball)) (for (i 0 (< i 2)) (print "")))`;
    const image = await imageOf(text, { mode, watch: true });
    let places = 0;
    for (let failed = true; failed; places += 1) {
      // What fails once is given more time after that.
      const machine: Machine = await stoppable(image, { onFailure: () => refill(machine) });
      machine.call('begin');
      stopped(machine, 'time', places, () => {
        failed = machine.step(0) > 0;
      });
      expect(machine.call('begun'), `stopped at place ${places}`).toEqual([0, 1, 2, 3]);
    }
    expect(places).toBeGreaterThan(4);
  });
});
