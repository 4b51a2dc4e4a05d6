/** Short-lived objects, one in a thousand kept: what an allocation costs, its share of the collections included. */
import { type Benchmark, type Contender, expectResult, timed } from './harness/benchmark.ts';
import { loadLua } from './peers/lua.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadQuickJs } from './peers/quickjs.ts';
import { loadSluice } from './peers/sluice.ts';

type Kind = 'particles' | 'records';

const COUNT = 1_000_000;
/** What interpreters do of it. */
const SHARE = 1 / 10;

/** Short rounds and many: on a shared machine fewer of them meet somebody else's work. */
const ROUNDS = 31;

const AIMS = [{ peer: 'V8', ratio: 1 / 5 }];

export const alloc: Benchmark = {
  name: 'alloc',
  work: '1,000,000 objects of an i32 and three f64 (32 bytes), all fields set, 1 in 1,000 kept',
  per: { count: COUNT, unit: 'ns/object' },
  aims: AIMS,
  rounds: ROUNDS,
  contenders: () => contenders('particles'),
};

/** V8 puts numbers that are not small integers into objects of their own; here it has none of those. */
export const allocIntegers: Benchmark = {
  name: 'alloc-integers',
  work: '1,000,000 objects of seven i32 (32 bytes), all fields set, 1 in 1,000 kept',
  per: { count: COUNT, unit: 'ns/object' },
  aims: AIMS,
  rounds: ROUNDS,
  contenders: () => contenders('records'),
};

async function contenders(kind: Kind): Promise<Contender[]> {
  const machine = await loadSluice(programFile('alloc.slu'));
  const v8 = await loadJavaScript<Record<Kind, (count: number) => number>>('alloc');
  const lua = await loadLua('alloc');
  const quickJs = await loadQuickJs('alloc');
  const contender = (name: string, share: number, work: (count: number) => unknown): Contender => ({
    name,
    share,
    ...(share < 1 ? { rounds: 3 } : {}),
    round: () => {
      const count = COUNT * share;
      const { ms } = timed(
        () => work(count),
        (result) => expectResult(result, expected(kind, count), name),
      );
      return { ms: ms / share };
    },
  });
  return [
    contender('Sluice', 1, (count) => machine.call(kind, count)),
    contender('V8', 1, (count) => v8[kind](count)),
    contender('Lua (wasmoon)', SHARE, (count) => lua.call(kind, count)),
    contender('QuickJS', SHARE, (count) => quickJs.call(kind, count)),
  ];
}

/** The sum over every thousandth object i of its fields: 4i - 1.5, or of two of its fields: 2i + 6. */
function expected(kind: Kind, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i += 1000) sum += kind === 'particles' ? 4 * i - 1.5 : 2 * i + 6;
  return sum;
}
