/**
 * A world that makes garbage in every frame, beside a level of 64 MB that stays: how long frames take, at the median and at the
 * far end, where collections show. Both get the gap after each frame. Ours is virtual: slices run, and the rest of the wait is
 * skipped. V8's is waited for in its event loop, which is where it collects of its own accord. `delivered` is the same in a page.
 */
import { IN_FRAME, STATS_COLLECTIONS_MID_RUN, STATS_YOUNG_COLLECTIONS } from '../../scripting/heap/index.ts';
import type { Machine } from '../../scripting/machine/index.ts';
import type { Benchmark, Contender, Sample, Scale } from './harness/benchmark.ts';
import { PacedGaps } from './harness/gap.ts';
import { percentile } from './harness/statistics.ts';
import { V8Collections } from './harness/v8-collections.ts';
import { loadLua } from './peers/lua.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const ENTITIES = 10_000;
const TILES = 800_000;
const WIDTH = 1000;
/** Milliseconds from one frame to the next. */
const INTERVAL = 1000 / 60;
const CONTROL = 'control: a loop that allocates nothing';
const TAIL = 'p99.9 / p50';

interface World {
  frame(time: number): void;
  checksum(): number;
}

type WorldClass = new (entities: number, tiles: number, width: number) => World;

/** Lua gets a tenth of the world, once: its times are those of that tenth times ten. */
const LUA_SHARE = 0.1;

export const frames: Benchmark = {
  name: 'frames',
  work: '10,000 entities, each with a new position every frame, beside a level of 800,000 objects; 60 Hz',
  aims: [
    { peer: 'V8', ratio: 0.8, figure: 'p50' },
    { peer: 'V8', ratio: 0.8, figure: 'p99' },
    { peer: 'V8', ratio: 0.5, figure: 'p99.9' },
    { peer: CONTROL, ratio: 1.5, figure: TAIL },
  ],
  rounds: 3,
  warmUp: 1,
  contenders: async (scale) => {
    const { World: V8World } = await loadJavaScript<{ World: WorldClass }>('frames');
    const world = new V8World(ENTITIES, TILES, WIDTH);
    const sums: number[] = [];
    return [
      await sluice('Sluice', 'frame-on-heap', scale, sums),
      await sluice('Sluice, contacts in an arena', 'frame-in-arena', scale, sums),
      await sluice('Sluice, suppressed, then forced', 'frame-on-heap', scale, sums, 600),
      v8(world, scale, sums),
      await lua(V8World, scale),
      control(scale),
    ];
  },
};

async function sluice(
  name: string,
  frame: string,
  scale: Scale,
  sums: number[],
  suppressedFor = 0,
): Promise<Contender> {
  const machine = await loadSluice(programFile('frames.slu'));
  machine.call('build', ENTITIES, TILES, WIDTH);
  machine.collect();
  let time = 0;
  return {
    name,
    round: () => {
      const gaps = new PacedGaps(machine);
      let forced = 0;
      if (suppressedFor > 0) machine.suppress();
      const midRun = machine.statistic(STATS_COLLECTIONS_MID_RUN);
      const times = timesOf(scale.frames, (i) => {
        const before = collectionsOf(machine);
        const begin = performance.now();
        machine.views.setWord(IN_FRAME, 1);
        machine.call(frame, time++);
        machine.resetFrame();
        const ms = performance.now() - begin;
        if (collectionsOf(machine) !== before) throw new Error(`${name}: a collection inside frame ${i}`);
        if (suppressedFor > 0 && i === Math.min(suppressedFor, scale.frames) - 1) {
          machine.resume();
          const start = performance.now();
          machine.collect();
          forced = performance.now() - start;
        }
        gaps.give(begin, INTERVAL);
        return ms;
      });
      if (machine.statistic(STATS_COLLECTIONS_MID_RUN) !== midRun) throw new Error(`${name}: memory ran out`);
      expectSame(sums, Number(machine.call('checksum')), time / scale.frames - 1, name);
      return sample(times, {
        slices: gaps.slices,
        'longest slice': gaps.longest,
        'gaps over': gaps.over,
        'gap work / frame': gaps.total / scale.frames,
        ...(suppressedFor > 0 ? { 'forced collection': forced } : {}),
        'in frames': machine.statistic(STATS_COLLECTIONS_MID_RUN) - midRun,
        'memory (MB)': machine.memory.buffer.byteLength / 2 ** 20,
      });
    },
  };
}

/** JavaScript with its gaps: after each frame the event loop has the rest of the interval. */
function v8(world: World, scale: Scale, sums: number[]): Contender {
  let time = 0;
  return {
    name: 'V8',
    round: async () => {
      const collections = new V8Collections();
      const frames: (readonly [number, number])[] = [];
      for (let i = 0; i < scale.frames; i++) {
        const begin = performance.now();
        world.frame(time++);
        const end = performance.now();
        frames.push([begin, end]);
        await rest(begin + INTERVAL - end);
      }
      const spans = await collections.stop();
      expectSame(sums, world.checksum(), time / scale.frames - 1, 'V8');
      const inFrames = spans.filter(([from]) => frames.some(([begin, end]) => from >= begin && from < end));
      return sample(
        frames.map(([begin, end]) => end - begin),
        {
          'gap work / frame': spans.reduce((sum, [from, to]) => sum + to - from, 0) / scale.frames,
          'in frames': inFrames.length,
        },
      );
    },
  };
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

/**
 * Lua's collector is stopped in frames and stepped in gaps, as a game in Lua does it: a cycle begins when memory has grown by
 * half. Steps have a fixed size, and the clock is read between them.
 */
async function lua(V8World: WorldClass, scale: Scale): Promise<Contender> {
  const program = await loadLua('frames');
  const entities = ENTITIES * LUA_SHARE;
  const tiles = TILES * LUA_SHARE;
  program.call('build', entities, tiles, WIDTH);
  const beside = new V8World(entities, tiles, WIDTH);
  return {
    name: 'Lua (wasmoon)',
    share: LUA_SHARE,
    rounds: 1,
    round: () => {
      let longest = 0;
      let over = 0;
      let total = 0;
      let peak = 0;
      let collecting = false;
      let trigger = 1.5 * program.call('used');
      const times = timesOf(scale.frames, (i) => {
        const begin = performance.now();
        program.call('frame', i);
        const ms = performance.now() - begin;
        const used = program.call('used');
        peak = Math.max(peak, used);
        collecting ||= used > trigger;
        let now = performance.now();
        while (collecting && now < begin + INTERVAL) {
          collecting = program.call('step') === 0;
          const after = performance.now();
          longest = Math.max(longest, after - now);
          total += after - now;
          now = after;
          if (!collecting) trigger = 1.5 * program.call('used');
        }
        if (now > begin + INTERVAL) over += 1;
        beside.frame(i);
        return ms / LUA_SHARE;
      });
      const sum = program.call('checksum');
      if (sum !== beside.checksum())
        throw new Error(`Lua computed ${sum} where ${beside.checksum()} is right`);
      return sample(times, {
        'longest slice': longest,
        'gaps over': over,
        'gap work / frame': total / scale.frames,
        'memory (MB)': peak / 1024,
      });
    },
    close: () => program.close(),
  };
}

function collectionsOf(machine: Machine): number {
  return machine.statistic(STATS_YOUNG_COLLECTIONS) + machine.statistic(STATS_COLLECTIONS_MID_RUN);
}

function timesOf(count: number, frame: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => frame(index));
}

function sample(times: readonly number[], further: Readonly<Record<string, number>>): Sample {
  const p50 = percentile(times, 50);
  const p999 = percentile(times, 99.9);
  return {
    ms: times.reduce((a, b) => a + b, 0),
    further: {
      p50,
      p99: percentile(times, 99),
      'p99.9': p999,
      max: times.reduce((a, b) => Math.max(a, b), 0),
      [TAIL]: p999 / p50,
      ...further,
    },
  };
}

/** All worlds start alike and draw the same numbers: after as many frames their sums are the same, bit for bit. */
function expectSame(sums: number[], sum: number, round: number, who: string): void {
  sums[round] ??= sum;
  if (sums[round] !== sum) throw new Error(`${who} computed ${sum} where ${sums[round]} is right`);
}

function control(scale: Scale): Contender {
  const loop = new Control();
  let time = 0;
  return {
    name: CONTROL,
    round: () => {
      const times = timesOf(scale.frames, () => {
        const begin = performance.now();
        loop.frame(time++);
        return performance.now() - begin;
      });
      return sample(times, {});
    },
  };
}

/** What a frame's arithmetic takes where nothing is allocated: all that its times vary by is the machine's doing. */
class Control {
  readonly #x = new Float64Array(ENTITIES);
  readonly #v = Float64Array.from({ length: ENTITIES }, (_, i) => (i % 17) - 8);

  frame(time: number): void {
    for (let pass = 0; pass < 12; pass++) {
      for (let i = 0; i < ENTITIES; i++) {
        const x = (this.#x[i] ?? 0) + (this.#v[i] ?? 0);
        if (x < 0 || x > 1000) this.#v[i] = -(this.#v[i] ?? 0);
        else this.#x[i] = x + Math.sqrt(time);
      }
    }
  }
}
