/** Globals of the frame: when they begin anew. */
import { describe, expect, it } from 'vitest';
import type { ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start, thrown } from './script.ts';

const SCRIPT = `(defstruct Hit (mut force : i64))
(defglobal frame *hits* : (MutVec Hit) (mut-vec))
(defglobal mut *fails* : Bool false)
(defglobal frame *checked* : i64 (if *fails* (error "no value today") 7))
(extern "host" (defn call () : Unit))
(defn hit! ((force : i64)) : Unit (with-arena frame (push! *hits* (Hit force))))
(defn total () : i64 (fold + 0 (map .force *hits*)))
(pub defn hit-twice () : i64 (hit! 1) (hit! 2) (total))
(pub defn sum () : i64 (total))
(pub defn hit-and-call () : i64 (hit! 5) (call) (total))
(pub defn hit-and-fail () : i64 (hit! 5) (error "stop"))
(pub defn fails ((yes : Bool)) : Unit (set! *fails* yes))
(pub defn checked () : i64 *checked*)
(defentity Ball (n : i64))
(behave Ball (b dt) (hit! (.n b)) (println (total)) (when (= (.n b) 2) (error "two")))
(defn start () : Unit (for (i 1 (< i 4)) (add-entity! (Ball i))))
(defn frame ((dt : f64)) : Unit (hit! 10))`;

describe.each(MODES)('in %s, a global of the frame', (mode) => {
  const begin = async (call: () => void = () => undefined) =>
    start(await imageOf(SCRIPT, { mode }), { stress: STRESS, host: { host: { call } } });

  it('is its initial value again when the call of the host has ended', async () => {
    const { machine } = await begin();
    for (let i = 0; i < 3; i += 1) {
      expect(machine.call('hit-twice')).toBe(3);
      expect(machine.call('sum')).toBe(0);
      expect(machine.verify()).toBeUndefined();
    }
  });

  it('is so too when the call has failed', async () => {
    const { machine } = await begin();
    expect((thrown(() => machine.call('hit-and-fail')) as ScriptError).message).toBe('stop');
    expect(machine.call('sum')).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });

  it('keeps its value in a call from within an extern', async () => {
    const inner: unknown[] = [];
    const { machine } = await begin(() => inner.push(machine.call('sum'), machine.call('hit-twice')));
    expect(machine.call('hit-and-call')).toBe(8);
    expect(inner).toEqual([5, 8]);
    expect(machine.call('sum')).toBe(0);
  });

  it('keeps its value through a frame of which a part fails, and no longer', async () => {
    const { machine, printed } = await begin();
    machine.call('start');
    for (let i = 0; i < 2; i += 1) {
      expect(machine.step(1 / 60)).toBe(1);
      expect(machine.call('sum')).toBe(16);
      expect(machine.verify()).toBeUndefined();
      machine.resetFrame();
      expect(machine.call('sum')).toBe(0);
    }
    expect(printed().trim().split('\n')).toEqual(['11', '13', '16', '11', '13', '16']);
  });

  it('fails where it is read when its initial value fails, and is computed when it is next read', async () => {
    const { machine } = await begin();
    machine.call('fails', true);
    const error = thrown(() => machine.call('checked')) as ScriptError;
    expect(error.message).toBe('no value today');
    expect(error.position).toMatchObject({ file: 'game.slu', line: 4 });
    machine.call('fails', false);
    expect(machine.call('checked')).toBe(7);
  });
});
