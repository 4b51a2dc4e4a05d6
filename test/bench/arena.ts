/** Many objects in one arena, all alive until its block ends: what they cost, and what the end costs. */
import { type Benchmark, type Contender, expectResult, timed } from './harness/benchmark.ts';
import { loadLua } from './peers/lua.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadQuickJs } from './peers/quickjs.ts';
import { loadSluice } from './peers/sluice.ts';

const COUNT = 1_000_000;
const SHARE = 1 / 10;
/** Fills whose ends are timed beside the large one's: a thousandth of the objects. */
const SMALL = 1000;

export const arena: Benchmark = {
  name: 'arena',
  work: '1,000,000 objects of 32 bytes in one arena, all reachable from a vector in it, then the block ends',
  per: { count: COUNT, unit: 'ns/object' },
  aims: [{ peer: 'V8', ratio: 1 / 5 }],
  rounds: 11,
  contenders: async () => {
    const machine = await loadSluice(programFile('arena.slu'));
    const v8 = await loadJavaScript<{ fill(count: number): number }>('arena');
    const lua = await loadLua('arena');
    const quickJs = await loadQuickJs('arena');
    const sluice: Contender = {
      name: 'Sluice',
      round: () => {
        const { ms } = timed(() => machine.call('fill', COUNT), checkFor('Sluice', COUNT));
        const largeEnd = Number(machine.call('end-ms'));
        checkFor('Sluice', SMALL)(machine.call('fill', SMALL));
        const smallEnd = Number(machine.call('end-ms'));
        return {
          ms,
          further: { 'end of 1,000,000 (us)': largeEnd * 1000, 'end of 1,000 (us)': smallEnd * 1000 },
        };
      },
    };
    return [
      sluice,
      contender('V8', 1, (count) => v8.fill(count)),
      contender('Lua (wasmoon)', SHARE, (count) => lua.call('fill', count)),
      contender('QuickJS', SHARE, (count) => quickJs.call('fill', count)),
    ];
  },
};

function contender(name: string, share: number, work: (count: number) => unknown): Contender {
  return {
    name,
    share,
    ...(share < 1 ? { rounds: 3 } : {}),
    round: () => {
      const { ms } = timed(() => work(COUNT * share), checkFor(name, COUNT * share));
      return { ms: ms / share };
    },
  };
}

/** The sum of 2i + 0.5 over all objects. */
function checkFor(name: string, count: number): (result: unknown) => void {
  return (result) => expectResult(result, count * (count - 1) + count * 0.5, name);
}
