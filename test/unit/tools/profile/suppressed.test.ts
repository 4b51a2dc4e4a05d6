/** Suppression that was left on, planted: the report of a run says from which frame on, what waits, and for what. */
import { expect, it } from 'vitest';
import { InputPage, RecordedInput } from '../../../../engine/input/index.ts';
import { SUPPRESSED } from '../../../../scripting/heap/index.ts';
import { profileGame, report } from '../../../../scripting/tools/profile/index.ts';
import { imageOf } from '../script.ts';

const FIRST = 20;
const FRAMES = 60;

/** On the command line nobody suppresses anything. This does what a page's `game.suppress()` does, as a frame begins. */
class SuppressingPage extends InputPage {
  #frames = 0;

  override publish(memory: WebAssembly.Memory): void {
    super.publish(memory);
    if (this.#frames === FIRST) new Uint32Array(memory.buffer)[SUPPRESSED >>> 2] = 1;
    this.#frames += 1;
  }
}

it('is told with the frame that it began in, and all that has waited since', async () => {
  const image = await imageOf(`(defglobal mut *text* : String "")
(defn frame ((dt : f64)) : Unit
  (for (i 0 (< i 1000)) (set! *text* (str "line " i))))\n`);
  const game = { image, sources: [], host: { host: {} }, seed: {}, recorded: new RecordedInput('') };
  const { recording } = await profileGame(
    { ...game, page: new SuppressingPage(), frames: FRAMES, rate: 60 },
    'game.slu',
    { out: () => undefined, error: () => undefined },
  );
  const waiting = recording.frames.slice(FIRST).reduce((sum, { allocated }) => sum + allocated, 0);
  const [, since, bytes] =
    /^collections are suppressed at the end of 40 frames, from frame (\d+) on: up to ([\d.]+) KB wait for the end of that: for the `game\.resume\(\)`/m.exec(
      report(recording),
    ) ?? [];
  expect(Number(since)).toBe(FIRST);
  expect(Number(bytes) * 1024).toBeGreaterThanOrEqual(waiting - 1024);
  expect(recording.frames.slice(FIRST).flatMap(({ slices }) => slices)).toEqual([]);
});
