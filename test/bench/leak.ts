/**
 * What is left of evaluations: new text each time, compiled, run on the same machine and reset away, with temporaries on both sides. Of
 * linear memory, the table, handles and objects of the host nothing may be; what JavaScript has more of is told, after its collection.
 */

import { STATS_LIVE_BYTES } from '../../scripting/heap/index.ts';
import { Machine } from '../../scripting/machine/index.ts';
import { render, Source } from '../../scripting/syntax/index.ts';
import { compile } from '../../scripting/tools/index.ts';
import { type Benchmark, type Contender, expectResult } from './harness/benchmark.ts';

const EVALUATIONS = 1000;

/** Makes texts, structs, closures, a map, what is owned, and objects of the host; each text is another. */
const textOf = (n: number): string => `(extern-type "host" Box)
(extern "host" (defn box ((n : i64)) : Box))
(extern "host" (defn boxed ((b : Box)) : i64))
(defstruct Tex (id : i64))
(instance (Drop Tex) (defn drop ((_ : Tex)) : Unit (do)))
(defstruct Node-${n} (at : i64) (box : Box))
(defglobal mut *nodes* : (MutVec Node-${n}) (mut-vec))
(defglobal mut *tex* : (MutVec (Owned Tex)) (mut-vec))
(defglobal *names* : (Map String i64) {"one" 1 "two" ${n}})
(pub defn later ((k : i64)) : (Fn [i64] i64) (fn (x) (+ x (+ k ${n}))))
(pub defn nodes () : (MutVec Node-${n}) *nodes*)
(pub defn run () : i64
  (for (i 0 (< i 100))
    (push! *nodes* (Node-${n} i (box (+ i ${n}))))
    (push! *tex* (own (Tex i))))
  (let ((mut sum 0))
    (for-each (node *nodes*) (set! sum (+ sum (+ (.at node) (boxed (.box node))))))
    sum))`;

const host = { host: { box: (n: number) => ({ n }), boxed: ({ n }: { n: number }) => n } };

async function imageOf(n: number) {
  const { image, diagnostics } = await compile([new Source('eval.slu', textOf(n))], { mode: 'development' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

/** What JavaScript has when it has collected, and has let go of what it found dead: that takes turns of the event loop. */
async function settled(): Promise<NodeJS.MemoryUsage> {
  for (let turn = 0; turn < 6; turn += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage();
}

async function sluice(): Promise<Contender> {
  let n = 0;
  const machine = await Machine.create(await imageOf(n), { host });
  const bytes = machine.memory.buffer.byteLength;
  const live = machine.statistic(STATS_LIVE_BYTES);
  return {
    name: 'Sluice',
    round: async () => {
      const before = await settled();
      const begin = performance.now();
      for (let i = 0; i < EVALUATIONS; i += 1) {
        n += 1;
        await machine.reset(await imageOf(n));
        expectResult(Number(machine.call('run')), 2 * 4950 + 100 * n, 'an evaluation');
        // Temporaries that JavaScript never lets go of.
        const later = machine.call('later', 1) as (x: number) => number;
        expectResult(Number(later(1)), n + 2, 'a function of an evaluation');
        machine.call('nodes');
      }
      const ms = performance.now() - begin;
      await machine.reset(await imageOf(0));
      expectResult(machine.memory.buffer.byteLength, bytes, 'memory');
      expectResult(machine.statistic(STATS_LIVE_BYTES), live, 'what is alive');
      expectResult(machine.hostObjects, 0, 'objects of the host');
      const after = await settled();
      return {
        ms,
        further: {
          'bytes of JavaScript left': (after.heapUsed - before.heapUsed) / EVALUATIONS,
          'bytes outside of it': (after.external - before.external) / EVALUATIONS,
        },
      };
    },
  };
}

export const leak: Benchmark = {
  name: 'leak',
  work: `${EVALUATIONS.toLocaleString('en')} evaluations of new text on one machine: what each leaves`,
  per: { count: EVALUATIONS, unit: 'ns/evaluation' },
  aims: [],
  rounds: 10,
  warmUp: 1,
  contenders: async () => [await sluice()],
};
