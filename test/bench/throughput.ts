/** Programs that do little else than allocate and follow addresses, without frames: collections are part of their time. */
import { STATS_COLLECTIONS, STATS_YOUNG_COLLECTIONS } from '../../scripting/heap/index.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { timed } from './harness/benchmark.ts';
import { loadLua } from './peers/lua.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

type Program = (...args: readonly number[]) => number;

export const binaryTrees = program('trees', 'binary trees of depth 14', 'binary-trees', 'binaryTrees', [14]);
export const gcbench = program(
  'gcbench',
  'GCBench to depth 14, an array of 200,000',
  'gcbench',
  'gcbench',
  [14, 200_000],
);
export const splay = program(
  'splay',
  'a splay tree of 8,000 with payloads, 20,000 changes',
  'splay-tree',
  'splayTree',
  [8000, 20_000],
);

function program(name: string, work: string, key: string, v8Key: string, args: readonly number[]): Benchmark {
  return {
    name: `throughput-${name}`,
    work,
    aims: [{ peer: 'V8', ratio: 1.5 }],
    rounds: 5,
    warmUp: 2,
    contenders: async () => {
      const machine = await loadSluice(programFile('throughput.slu'));
      const v8 = (await loadJavaScript<Record<string, Program>>('throughput'))[v8Key];
      if (v8 === undefined) throw new Error(`there is no ${v8Key}`);
      const lua = await loadLua('throughput');
      // All sides must come to the same number in every round.
      let agreed: number | undefined;
      const check = (who: string) => (result: number) => {
        agreed ??= result;
        if (agreed !== result) throw new Error(`${who} computed ${result} where ${agreed} is right`);
      };
      return [
        {
          name: 'Sluice',
          round: () => {
            const young = machine.statistic(STATS_YOUNG_COLLECTIONS);
            const full = machine.statistic(STATS_COLLECTIONS);
            const sample = timed(() => Number(machine.call(key, ...args)), check('Sluice'));
            return {
              ...sample,
              further: {
                'young collections': machine.statistic(STATS_YOUNG_COLLECTIONS) - young,
                'full ones': machine.statistic(STATS_COLLECTIONS) - full,
                'memory (MB)': machine.memory.buffer.byteLength / 2 ** 20,
              },
            };
          },
        },
        { name: 'V8', round: () => timed(() => v8(...args), check('V8')) },
        {
          name: 'Lua (wasmoon)',
          rounds: 1,
          round: () => timed(() => lua.call(v8Key, ...args), check('Lua')),
          close: () => lua.close(),
        },
      ];
    },
  };
}
