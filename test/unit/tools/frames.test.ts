/** What a frame leaves behind when something fails in it. */
import { describe, expect, it } from 'vitest';
import { Machine } from '../../../scripting/machine/index.ts';
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
});
