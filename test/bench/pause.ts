/**
 * Slices of 2 ms at several sizes of the live heap, while a part of it is replaced: by how much they overrun, and how much
 * is done between two readings of the clock. Neither may grow with the heap. The control is a loop that reads the same
 * clock for 2 ms: what it overruns by is the machine's doing.
 */
import { IN_FRAME, STATS_COLLECTIONS } from '../../scripting/heap/index.ts';
import type { Benchmark, Contender, Sample } from './harness/benchmark.ts';
import { Gaps } from './harness/gap.ts';
import { percentile } from './harness/statistics.ts';
import { programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const BUDGET = 2;
/** Bytes of one chain, and how many are replaced in a frame: 1 MB. */
const CHAIN = 64_000;
const REPLACED = 16;
/** Slices of a round, at least; a round also ends a cycle. */
const SLICES = 300;
/** Frames after which a round that saw no cycle is wrong. */
const FRAMES_AT_MOST = 5000;
const CONTROL = 'control: a loop that reads the clock';

export const pause: Benchmark = {
  name: 'pause',
  work: 'slices of 2 ms while 1 MB a frame is replaced in a live heap of so many MB; times in ms',
  aims: [{ peer: CONTROL, ratio: 1.5, figure: 'p99.9' }],
  rounds: 3,
  warmUp: 1,
  contenders: async ({ sizes }) => {
    // The largest is what is judged: the others show that it is no different.
    const inOrder = [...sizes].sort((a, b) => b - a);
    const contenders: Contender[] = [];
    for (const size of inOrder) contenders.push(await sluice(size));
    return [...contenders, control];
  },
};

async function sluice(size: number): Promise<Contender> {
  const machine = await loadSluice(programFile('pause.slu'), { hardLimit: 3 * 2 ** 30 });
  const chains = Math.round((size * 1e6) / CHAIN);
  machine.call('build', chains);
  machine.collect();
  return {
    name: `Sluice, ${size} MB live`,
    round: () => {
      const gaps = new Gaps();
      const before = machine.statistic(STATS_COLLECTIONS);
      let frames = 0;
      while (gaps.overshoots.length < SLICES || machine.statistic(STATS_COLLECTIONS) === before) {
        if (++frames > FRAMES_AT_MOST) throw new Error(`no cycle was finished in ${frames} frames`);
        machine.views.setWord(IN_FRAME, 1);
        machine.call('replace-some', REPLACED);
        machine.resetFrame();
        gaps.give(machine, BUDGET);
      }
      const links = Number(machine.call('count-links'));
      if (links !== chains * 1000) throw new Error(`${links} links are left of ${chains * 1000}`);
      return sample(gaps.overshoots, gaps.portions, gaps.total);
    },
  };
}

const control: Contender = {
  name: CONTROL,
  round: () => {
    const overshoots: number[] = [];
    const portions: number[] = [];
    let total = 0;
    for (let slice = 0; slice < SLICES; slice++) {
      const begin = performance.now();
      let now = begin;
      while (now < begin + BUDGET) {
        const after = performance.now();
        portions.push(after - now);
        now = after;
      }
      overshoots.push(now - begin - BUDGET);
      total += now - begin;
    }
    return sample(overshoots, portions, total);
  },
};

function sample(overshoots: readonly number[], portions: readonly number[], total: number): Sample {
  return {
    ms: total,
    further: {
      slices: overshoots.length,
      'over p50': percentile(overshoots, 50),
      'p99.9': percentile(overshoots, 99.9),
      'between clocks p50': percentile(portions, 50),
      p99: percentile(portions, 99),
      longest: portions.reduce((a, b) => Math.max(a, b), 0),
    },
  };
}
