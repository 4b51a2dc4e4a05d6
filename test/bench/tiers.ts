/**
 * What each lifetime costs: three numbers that are made, looked at and gone. Beside each what a language with the same four tiers
 * says of itself, which is the most that ours should take.
 */
import { type Benchmark, type Contender, expectResult, type Sample, timed } from './harness/benchmark.ts';
import { programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const COUNT = 1_000_000;
/** The sum of i + 3. */
const SUM = (COUNT * (COUNT - 1)) / 2 + 3 * COUNT;

type Machine = Awaited<ReturnType<typeof loadSluice>>;

export const tiers: Benchmark = {
  name: 'tiers',
  work: `${COUNT.toLocaleString('en')} times three numbers, in each lifetime: made, looked at, gone`,
  per: { count: COUNT, unit: 'ns' },
  aims: [],
  rounds: 11,
  contenders: async () => {
    const machine = await loadSluice(programFile('tiers.slu'));
    return [
      tier(machine, 'stack'),
      tier(machine, 'arena', { most: 10 }),
      tier(machine, 'arena-end', { most: 100 }),
      tier(machine, 'collected'),
      tier(machine, 'owned', { most: 150, drops: COUNT }),
      tier(machine, 'shared', { drops: COUNT }),
      tier(machine, 'retained', { most: 10, drops: 1 }),
      many(machine),
    ];
  },
};

interface TierOptions {
  /** Nanoseconds that it should take at most. */
  readonly most?: number;
  /** How many it drops. */
  readonly drops?: number;
}

function tier(machine: Machine, name: string, { most, drops = 0 }: TierOptions = {}): Contender {
  return {
    name,
    round: () => {
      const before = machine.allocatedBytes;
      const { ms } = timed(
        () => machine.call(name, COUNT),
        (sum) => expectResult(sum, SUM, name),
      );
      expectResult(Number(machine.call('dropped')), drops, name);
      const bytes = (machine.allocatedBytes - before) / COUNT;
      return { ms, further: { 'bytes collected': bytes, ...(most !== undefined && { 'at most': most }) } };
    },
  };
}

/** All alive at once, and dropped one after the other. */
function many(machine: Machine): Contender {
  const round = (): Sample => {
    const before = machine.allocatedBytes;
    const { ms } = timed(
      () => machine.call('owned-many', COUNT),
      (sum) => expectResult(sum, SUM, 'owned-many'),
    );
    expectResult(Number(machine.call('dropped')), COUNT, 'owned-many');
    const bytes = (machine.allocatedBytes - before) / COUNT;
    const each = (name: string): number => (Number(machine.call(name)) * 1e6) / COUNT;
    return {
      ms,
      further: { 'bytes collected': bytes, 'ns to make': each('made-ms'), 'ns to drop': each('dropped-ms') },
    };
  };
  return { name: 'owned, all at once', round };
}
