/**
 * Bytes that the world of `frames` takes, all side tables counted, and what memory comes to while it makes garbage: the
 * price of holes, since survivors stay where they lie. One round; the time is that of the frames.
 */
import {
  BLOCK_SIZE,
  IN_FRAME,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
  STATS_LIVE_BYTES,
} from '../../scripting/heap/index.ts';
import type { Machine } from '../../scripting/machine/index.ts';
import type { Benchmark, Contender, Sample, Scale } from './harness/benchmark.ts';
import { Gaps } from './harness/gap.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const ENTITIES = 10_000;
const TILES = 800_000;
const WIDTH = 1000;
const TRAIL = 8;
/** Of an entity: itself, its trail, the trail's buffer, and the positions it holds once the trail is full. */
const OBJECTS = TILES + ENTITIES * (3 + TRAIL + 1);
const INTERVAL = 1000 / 60;

interface World {
  frame(time: number): void;
}

export const memory: Benchmark = {
  name: 'memory',
  work: 'the world of `frames`: MB held after building and collecting, and after frames',
  aims: [
    { peer: 'V8', ratio: 1, figure: 'bytes/object' },
    { peer: 'V8', ratio: 1, figure: 'churned' },
  ],
  rounds: 1,
  warmUp: 0,
  contenders: async (scale) => [sluice(scale), await v8(scale)],
};

function sluice({ frames }: Scale): Contender {
  return {
    name: 'Sluice',
    round: async () => {
      // A machine for each round: the world of another would be counted in.
      const machine = await loadSluice(programFile('frames.slu'));
      const before = held(machine);
      machine.call('build', ENTITIES, TILES, WIDTH);
      machine.collect();
      const built = held(machine) - before;
      const gaps = new Gaps();
      let peak = 0;
      const begin = performance.now();
      for (let i = 0; i < frames; i++) {
        machine.views.setWord(IN_FRAME, 1);
        machine.call('frame-on-heap', i);
        machine.resetFrame();
        peak = Math.max(peak, held(machine) - before);
        gaps.give(machine, INTERVAL);
      }
      const ms = performance.now() - begin;
      const churned = held(machine) - before;
      machine.collect();
      const live = machine.statistic(STATS_LIVE_BYTES);
      const settled = held(machine) - before;
      return sample(ms, { built, churned, settled, peak, live });
    },
  };
}

async function v8({ frames }: Scale): Promise<Contender> {
  const { World } = await loadJavaScript<{
    World: new (entities: number, tiles: number, width: number) => World;
  }>('frames');
  return {
    name: 'V8',
    round: () => {
      const before = settle();
      const world = new World(ENTITIES, TILES, WIDTH);
      const built = settle() - before;
      let peak = 0;
      const begin = performance.now();
      for (let i = 0; i < frames; i++) {
        world.frame(i);
        if (i % 16 === 0) peak = Math.max(peak, process.memoryUsage().heapTotal - before);
      }
      const ms = performance.now() - begin;
      const churned = process.memoryUsage().heapTotal - before;
      const live = settle() - before;
      const settled = process.memoryUsage().heapTotal - before;
      world.frame(frames);
      return sample(ms, { built, churned, settled, peak, live });
    },
  };
}

/** Bytes of the blocks that hold something, with their side tables. */
function held(machine: Machine): number {
  return (machine.statistic(STATS_BLOCKS) - machine.statistic(STATS_BLOCKS_FREE)) * BLOCK_SIZE;
}

/** What V8 uses after a collection. */
function settle(): number {
  if (globalThis.gc === undefined) throw new Error('V8 does not let itself be collected: --expose-gc lacks');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function sample(
  ms: number,
  bytes: Readonly<Record<'built' | 'churned' | 'settled' | 'peak' | 'live', number>>,
): Sample {
  const megabytes = Object.fromEntries(Object.entries(bytes).map(([key, value]) => [key, value / 1e6]));
  return {
    ms,
    further: {
      ...megabytes,
      'bytes/object': bytes.live / OBJECTS,
      'settled / live': bytes.settled / bytes.live,
      'peak / live': bytes.peak / bytes.live,
    },
  };
}
