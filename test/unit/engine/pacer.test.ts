import { describe, expect, test } from 'vitest';
import { CycleWork } from '../../../engine/gap/cycle-work.ts';
import { resolveLimits } from '../../../engine/gap/limits.ts';
import { Pacer, type Reading } from '../../../engine/gap/pacer.ts';
import { BLOCK_SIZE, PHASE_IDLE, PHASE_MARK, PHASE_SWEEP } from '../../../scripting/heap/index.ts';

const MEGABYTE = 1 << 20;

function reading(given: Partial<Reading> = {}): Reading {
  return {
    oldBytes: 32 * MEGABYTE,
    youngBytes: 0,
    arenaBytes: 0,
    promoted: 0,
    quota: 4 * MEGABYTE,
    blocks: 600,
    phase: PHASE_IDLE,
    suppressed: 0,
    gap: 10,
    youngTime: 0.5,
    interval: 16.7,
    idle: false,
    markRate: 30_000,
    sweepRate: 30_000,
    ...given,
  };
}

interface Situation {
  readonly softLimit?: number;
  readonly budget?: number;
  readonly growth?: number;
  readonly gap?: number;
}

/** A pacer that has seen a hundred frames of a heap which was 32 MB after its last cycle. */
function settled({ softLimit = 96 * MEGABYTE, budget, growth = 0, gap = 10 }: Situation = {}) {
  const work = new CycleWork();
  const limits = resolveLimits({ softLimit, ...(budget !== undefined && { budget }) }, 256 * MEGABYTE);
  const pacer = new Pacer(limits, work);
  for (let i = 0; i < 100; i += 1) pacer.observe(reading({ promoted: i * growth, gap }));
  return { pacer, work };
}

describe('a cycle begins', () => {
  test('when old bytes have nearly doubled, where nothing presses', () => {
    const { pacer } = settled({ growth: 1000 });
    expect(pacer.plan.goal).toBe(64 * MEGABYTE);
    expect(pacer.plan.cycleStart).toBeGreaterThan(60 * MEGABYTE);
    expect(pacer.plan.cycleStart).toBeLessThan(64 * MEGABYTE);
  });

  test('when holes take half as much as is old, and not again for those that it leaves', () => {
    const { pacer } = settled();
    const blocks = (holes: number): number => ((32 + holes) * MEGABYTE) / BLOCK_SIZE;
    const isDue = (holes: number): boolean => {
      const seen = reading({ blocks: blocks(holes) });
      pacer.observe(seen);
      return pacer.plan.cycleStart <= seen.oldBytes;
    };
    expect([1, 10, 17, 30].map(isDue)).toEqual([false, false, false, true]);
    pacer.cycleEnded(32 * MEGABYTE, 0);
    expect([30, 40, 55, 70].map(isDue)).toEqual([false, false, false, true]);
  });

  test('a second after the last, where little is promoted and that one has freed much, and more rarely where it has not', () => {
    const { pacer } = settled();
    const secondsUntilDue = (): number => {
      for (let frames = 1; ; frames += 1) {
        const seen = reading({ markRate: 300_000, sweepRate: 300_000 });
        pacer.observe(seen);
        if (pacer.plan.cycleStart <= seen.oldBytes) return Math.round((frames * seen.interval) / 1000);
      }
    };
    const waits = [20, 20, 31, 31, 31, 31, 31, 31, 20].map((live) => {
      pacer.cycleEnded(live * MEGABYTE, 0);
      return secondsUntilDue();
    });
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 32, 1]);
  });

  test.each([144, 60, 30])('at %i Hz for time no more often than costs a hundredth of it', (rate) => {
    const { pacer } = settled({ softLimit: 220 * MEGABYTE });
    const interval = 1000 / rate;
    const live = 100 * MEGABYTE;
    // As much dies as is promoted; what is old has doubled in ten seconds.
    const growth = live / 10 / rate;
    pacer.cycleEnded(live, 0);
    let oldBytes = live;
    let cycles = 0;
    for (let frame = 1; frame <= 120 * rate; frame += 1) {
      oldBytes += growth;
      const blocks = oldBytes / BLOCK_SIZE;
      pacer.observe(reading({ oldBytes, blocks, promoted: frame * growth, interval, gap: interval / 2 }));
      if (oldBytes < pacer.plan.cycleStart) continue;
      oldBytes = live;
      cycles += 1;
      pacer.cycleEnded(live, 0);
    }
    // Doubling alone asks for at least twelve.
    expect(cycles).toBeGreaterThanOrEqual(12);
    expect(cycles).toBeLessThan(18);
  });

  test('not for time alone where much is promoted, or where there is little', () => {
    const { pacer } = settled({ growth: MEGABYTE / 4 });
    pacer.cycleEnded(20 * MEGABYTE, 0);
    for (let i = 0; i < 200; i += 1) {
      pacer.observe(reading({ oldBytes: 21 * MEGABYTE, promoted: (100 + i) * (MEGABYTE / 4) }));
      expect(pacer.plan.cycleStart).toBeGreaterThan(21 * MEGABYTE);
    }
    const small = settled().pacer;
    small.cycleEnded(MEGABYTE, 0);
    for (let i = 0; i < 200; i += 1) {
      small.observe(reading({ oldBytes: MEGABYTE, blocks: 20 }));
      expect(small.plan.cycleStart).toBeGreaterThan(MEGABYTE);
    }
  });

  test('the earlier the more is promoted in a frame', () => {
    const starts = [0.1, 0.25, 0.5].map(
      (megabytes) => settled({ growth: megabytes * MEGABYTE }).pacer.plan.cycleStart,
    );
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    expect(new Set(starts).size).toBe(3);
  });

  test('the earlier the shorter gaps are', () => {
    const starts = [12, 4, 2].map((gap) => settled({ growth: MEGABYTE / 4, gap }).pacer.plan.cycleStart);
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    expect(starts[2]).toBeLessThan(starts[0] ?? 0);
  });

  test('before a soft limit that is nearer than twice what is alive', () => {
    const { pacer } = settled({ softLimit: 48 * MEGABYTE, growth: 1000 });
    expect(pacer.plan.goal).toBe(48 * MEGABYTE);
    expect(pacer.plan.cycleStart).toBeLessThan(48 * MEGABYTE);
  });

  test('never right after the last, not even where there are no gaps at all', () => {
    const { pacer } = settled({ growth: MEGABYTE, gap: 0 });
    expect(pacer.plan.cycleStart).toBe(40 * MEGABYTE);
  });

  test('above a soft limit that does not even hold what is alive, every time that an eighth has been added', () => {
    const { pacer } = settled({ softLimit: 16 * MEGABYTE, growth: 1000 });
    expect(pacer.plan.goal).toBe(36 * MEGABYTE);
    expect(pacer.plan.debt).toBe(16 * MEGABYTE);
  });

  test('earlier by what arenas hold, of the soft limit alone', () => {
    const { pacer } = settled();
    pacer.decide(reading({ arenaBytes: 40 * MEGABYTE }));
    expect(pacer.plan.goal).toBe(56 * MEGABYTE);
    pacer.decide(reading({ arenaBytes: 10 * MEGABYTE }));
    expect(pacer.plan.goal).toBe(64 * MEGABYTE);
  });

  test('for a megabyte while nobody plays', () => {
    const { pacer } = settled();
    pacer.decide(reading({ idle: true }));
    expect(pacer.plan.cycleStart).toBe(33 * MEGABYTE);
    expect(pacer.plan.cycleBudget).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('after a cycle', () => {
  test('what was promoted while it ran does not raise the goal, and the next begins the sooner', () => {
    const { pacer } = settled({ growth: MEGABYTE / 4 });
    pacer.cycleEnded(52 * MEGABYTE, 20 * MEGABYTE);
    pacer.decide(reading({ oldBytes: 52 * MEGABYTE }));
    expect(pacer.plan.goal).toBe(64 * MEGABYTE);
    expect(pacer.plan.cycleStart).toBeGreaterThanOrEqual(55 * MEGABYTE);
  });
});

describe('a cycle gets', () => {
  function running(given: Situation & Partial<Reading>) {
    const { pacer, work } = settled(given);
    work.begin(given.oldBytes ?? 56 * MEGABYTE, 900);
    pacer.decide(reading({ phase: PHASE_MARK, oldBytes: 56 * MEGABYTE, ...given }));
    return pacer.plan;
  }

  test('less of a gap the more frames are left, and never nothing', () => {
    const shares = [0.05, 0.2, 0.5].map((megabytes) => running({ growth: megabytes * MEGABYTE }).cycleBudget);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeGreaterThanOrEqual(0.25);
    expect(shares[2]).toBeGreaterThan(shares[0] ?? 0);
  });

  test('what it needs to be done before the goal', () => {
    const growth = MEGABYTE / 4;
    const { cycleBudget, goal, framesToFinish } = running({ growth });
    const frames = (goal - 56 * MEGABYTE) / growth;
    expect(framesToFinish).toBeLessThanOrEqual(frames);
    expect(cycleBudget * frames).toBeGreaterThan((56 * MEGABYTE) / 40 / 30_000);
  });

  test('all of the gap when the goal has been reached', () => {
    expect(running({ growth: 1000, oldBytes: 64 * MEGABYTE }).cycleBudget).toBe(Number.POSITIVE_INFINITY);
  });

  test('its end soon even where nothing grows: within a second, where a quarter of the usual gap does it', () => {
    const { framesToFinish, cycleBudget } = running({ growth: 0 });
    expect(framesToFinish).toBeGreaterThan(0);
    expect(framesToFinish).toBeLessThanOrEqual(60);
    expect(cycleBudget).toBeLessThan(10 / 4);
  });

  test('no more than the budget below the soft limit, and what it needs beyond it', () => {
    expect(running({ growth: MEGABYTE, budget: 1, oldBytes: 64 * MEGABYTE }).cycleBudget).toBe(1);
    expect(running({ growth: MEGABYTE, budget: 1, oldBytes: 97 * MEGABYTE }).cycleBudget).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  test('nothing while suppressed, whatever the debt', () => {
    const { cycleBudget, guaranteedBudget, debt } = running({ oldBytes: 120 * MEGABYTE, suppressed: 1 });
    expect({ cycleBudget, guaranteedBudget }).toEqual({ cycleBudget: 0, guaranteedBudget: 0 });
    expect(debt).toBe(24 * MEGABYTE);
  });
});

describe('a frame without a gap', () => {
  test('owes nothing below the soft limit', () => {
    const { pacer } = settled({ gap: 0 });
    pacer.decide(reading({ gap: 0, oldBytes: 95 * MEGABYTE }));
    expect(pacer.plan.guaranteedBudget).toBe(0);
  });

  test('owes a millisecond beyond it, more where the hard limit comes near, and never more than a quarter of a frame', () => {
    const shares = [97, 200, 239].map((megabytes) => {
      const { pacer } = settled({ gap: 0, growth: MEGABYTE / 4 });
      pacer.decide(reading({ gap: 0, oldBytes: megabytes * MEGABYTE }));
      return pacer.plan.guaranteedBudget;
    });
    expect(shares[0]).toBe(1);
    expect(shares[1]).toBeGreaterThan(1);
    expect(shares[2]).toBeCloseTo(16.7 / 4, 6);
  });
});

describe('growth', () => {
  test('counts a nursery that will become old as it stands before it does, and only once', () => {
    const { pacer } = settled({ gap: 0 });
    pacer.observe(reading({ youngBytes: 8 * MEGABYTE }));
    const counted = pacer.growthPerFrame;
    expect(counted).toBe(2 * MEGABYTE);
    pacer.observe(reading({ promoted: 8 * MEGABYTE }));
    expect(pacer.growthPerFrame).toBeLessThan(counted);
  });
});

describe('the work of a cycle', () => {
  test('is taken from the cycle before', () => {
    const work = new CycleWork();
    work.begin(1_000_000, 100);
    work.add(PHASE_MARK, 20_000);
    work.add(PHASE_SWEEP, 5_000);
    work.end();
    expect(work.marking(2_000_000)).toBe(40_000);
    expect(work.sweeping(300)).toBe(15_000);
  });

  test('is left less by what is done, and raised where a phase takes longer than was thought', () => {
    const work = new CycleWork();
    work.begin(400_000, 10);
    expect(work.leftToMark(PHASE_MARK)).toBe(10_000);
    work.add(PHASE_MARK, 4_000);
    expect(work.leftToMark(PHASE_MARK)).toBe(6_000);
    work.add(PHASE_MARK, 12_000);
    expect(work.leftToMark(PHASE_MARK)).toBe(4_000);
    expect(work.leftToMark(PHASE_SWEEP)).toBe(0);
    expect(work.leftToSweep(PHASE_SWEEP)).toBe(1_280);
  });

  test('is never more than a unit a granule', () => {
    const work = new CycleWork();
    work.begin(1_000_000, 100);
    work.add(PHASE_MARK, 10_000_000);
    work.end();
    expect(work.marking(1600)).toBe(100);
  });
});
