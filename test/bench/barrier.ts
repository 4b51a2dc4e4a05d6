/** What stores of addresses cost beside stores of numbers, and whether one store into a large vector costs by its length. */
import { IN_FRAME, STATS_YOUNG_COLLECTIONS } from '../../scripting/heap/index.ts';
import { type Benchmark, type Contender, expectResult, timed } from './harness/benchmark.ts';
import { programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const CELLS = 10_000;
const TIMES = 500;
const PLAIN = 'the same with numbers';
const ROUNDS = 15;

export const barrierOld = stores('barrier-old', 'store-into-old', 'old');
export const barrierYoung = stores('barrier-young', 'store-into-young', 'young');

function stores(name: string, work: string, kind: string): Benchmark {
  return {
    name,
    work: `5,000,000 stores of addresses into 10,000 ${kind} objects`,
    per: { count: CELLS * TIMES, unit: 'ns/store' },
    aims: [{ peer: PLAIN, ratio: 1.5 }],
    rounds: ROUNDS,
    contenders: async () => {
      const machine = await prepared(0);
      const contender = (title: string, key: string, expected: number): Contender => ({
        name: title,
        round: () =>
          timed(
            () => machine.call(key, TIMES),
            (result) => expectResult(Number(result), expected, title),
          ),
      });
      return [contender('Sluice', work, CELLS), contender(PLAIN, 'store-numbers', TIMES - 1)];
    },
  };
}

const FRAMES = 200;
const SMALL = 'a vector of 100';

/** What is timed is the young collection: the barrier leaves it the whole vector to scan, and that is its price. */
export const barrierLarge: Benchmark = {
  name: 'barrier-large',
  work: 'the young collection after a frame that stored once into a vector of 100,000',
  per: { count: FRAMES, unit: 'ns/frame' },
  aims: [{ peer: SMALL, ratio: 1.5 }],
  rounds: ROUNDS,
  contenders: async () => [
    await storeOne('Sluice, a vector of 100,000', 100_000),
    await storeOne(SMALL, 100),
  ],
};

async function storeOne(name: string, elements: number): Promise<Contender> {
  const machine = await prepared(elements);
  let index = 0;
  return {
    name,
    round: () => {
      const before = machine.statistic(STATS_YOUNG_COLLECTIONS);
      let ms = 0;
      for (let i = 0; i < FRAMES; i++) {
        machine.views.setWord(IN_FRAME, 1);
        machine.call('store-one', index++);
        // Garbage enough for the gap to find a young collection worth its while.
        machine.call('store-into-young', 1);
        machine.resetFrame();
        const begin = performance.now();
        machine.gapSlice(1);
        ms += performance.now() - begin;
      }
      const collections = machine.statistic(STATS_YOUNG_COLLECTIONS) - before;
      if (collections < FRAMES)
        throw new Error(`${name}: ${collections} young collections in ${FRAMES} frames`);
      const broken = machine.verify();
      if (broken !== undefined) throw new Error(`the heap broke rule ${broken.code}`);
      return { ms };
    },
  };
}

async function prepared(elements: number) {
  const machine = await loadSluice(programFile('barrier.slu'));
  machine.call('prepare', CELLS, elements);
  machine.collect();
  return machine;
}
