/**
 * What it costs to look: recording each frame, which is always on, beside a loop that records nothing; and a snapshot of a heap of
 * 900,000 objects, in steps of which the longest counts, since each has to fit a gap.
 */
import { pageClock } from '../../engine/clock.ts';
import { GapScheduler } from '../../engine/gap/index.ts';
import { FrameInterval, Loop } from '../../engine/loop/index.ts';
import { FrameRecorder, Measure } from '../../engine/profile/index.ts';
import { takeSnapshot } from '../../scripting/machine/snapshot/index.ts';
import { type Benchmark, type Contender, expectResult } from './harness/benchmark.ts';
import { programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const FRAMES = 20_000;
const INTERVAL = 1000 / 60;
const ENTITIES = 10_000;
const TILES = 800_000;
const WIDTH = 1000;

/** Says that it has recorded, and has not. */
class Unrecorded extends FrameRecorder {
  override begin(): void {}
  override set(): void {}
  override add(): void {}
  override raise(): void {}
  override read(): number {
    return 0;
  }
}

export const recorder: Benchmark = {
  name: 'recorder',
  work: `${FRAMES.toLocaleString('en')} frames of a game that does nothing, and the gaps after them`,
  per: { count: FRAMES, unit: 'ns/frame' },
  aims: [],
  contenders: async () => [
    await frames('Sluice', new FrameRecorder()),
    await frames('nothing recorded', new Unrecorded()),
  ],
};

async function frames(name: string, recorder: FrameRecorder): Promise<Contender> {
  const machine = await loadSluice(programFile('idle.slu'));
  const interval = new FrameInterval(INTERVAL);
  const loop = new Loop({
    machine,
    clock: pageClock,
    recorder,
    gap: new GapScheduler(pageClock, recorder),
    interval,
  });
  return {
    name,
    round: () => {
      const first = recorder.frames;
      const begin = performance.now();
      for (let i = 0; i < FRAMES; i += 1) {
        // Where a display would have it: in this moment.
        loop.frame(performance.now());
        loop.turn();
      }
      const ms = performance.now() - begin;
      if (!(recorder instanceof Unrecorded)) {
        expectResult(recorder.frames - first, FRAMES, name);
        expectResult(recorder.read(Measure.ERRORS), 0, name);
      }
      return { ms, further: { '% of 1/60 s': (100 * ms) / FRAMES / INTERVAL } };
    },
  };
}

export const snapshot: Benchmark = {
  name: 'snapshot',
  work: 'a snapshot of the world of `frames`, with dominators; the longest of its steps',
  aims: [],
  rounds: 5,
  warmUp: 2,
  contenders: async () => {
    const machine = await loadSluice(programFile('frames.slu'));
    machine.call('build', ENTITIES, TILES, WIDTH);
    machine.collect();
    return [
      {
        name: 'Sluice',
        round: () => {
          let longest = 0;
          let ms = 0;
          const steps = takeSnapshot(machine);
          while (true) {
            const begin = performance.now();
            const step = steps.next();
            const took = performance.now() - begin;
            ms += took;
            longest = Math.max(longest, took);
            if (!step.done) continue;
            const { count } = step.value;
            if (count < TILES) throw new Error(`the snapshot has ${count} objects of more than ${TILES}`);
            return { ms, further: { 'objects/ms': count / ms, 'longest step, ms': longest } };
          }
        },
      },
    ];
  },
};
