/** What the plots in engine/gap/plots show, as claims: the real heap in simulated time. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Culprit, type FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { PHASE_IDLE } from '../../../scripting/heap/index.ts';
import { type Outcome, play, SCENARIOS } from '../../bench/plots/scenarios.ts';

async function outcomeOf(name: string): Promise<Outcome> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return play(scenario);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Bytes of objects at the end of each frame. */
function objects(recorder: FrameRecorder): Float64Array {
  const young = recorder.series(Measure.YOUNG);
  return recorder.series(Measure.LIVE).map((live, i) => live + (young[i] ?? 0));
}

function softLimit({ scenario }: Outcome): number {
  if (scenario.limits.softLimit === undefined)
    throw new Error(`${scenario.name} has no soft limit of its own`);
  return scenario.limits.softLimit;
}

describe.each(['steady-play', 'display-144-hz'])('%s', (name) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await outcomeOf(name);
  });

  test('has cycles that finish before their goal, and so before the soft limit', () => {
    const { recorder } = outcome;
    const goal = recorder.series(Measure.GOAL);
    const phase = recorder.series(Measure.PHASE);
    const bytes = objects(recorder);
    expect(Math.max(...bytes)).toBeLessThan(softLimit(outcome));
    for (let i = 0; i < bytes.length; i += 1) {
      if (phase[i] !== PHASE_IDLE) expect(bytes[i]).toBeLessThanOrEqual(goal[i] ?? 0);
    }
    expect(sum(recorder.series(Measure.COLLECTIONS))).toBeGreaterThan(3);
  });

  test('spends a small part of its gaps, and all of none', () => {
    const { recorder } = outcome;
    const spent = recorder.series(Measure.GAP);
    const gap = recorder.series(Measure.GAP_LENGTH);
    expect(sum(spent) / sum(gap)).toBeLessThan(0.25);
    expect(spent.every((ms, i) => ms < (gap[i] ?? 0))).toBe(true);
    expect(sum(recorder.series(Measure.LATE))).toBe(0);
    expect(sum(recorder.series(Measure.COLLECTIONS_IN_FRAME))).toBe(0);
  });

  test('foresees when its cycles finish', () => {
    const { recorder } = outcome;
    const finish = recorder.series(Measure.FINISH);
    const collections = recorder.series(Measure.COLLECTIONS);
    const ends = [...collections.keys()].filter((i) => collections[i] === 1);
    // A fifth of a second: twelve frames at 60 Hz.
    const most = 200 / recorder.read(Measure.INTERVAL);
    // Not the first: nothing is known of the heap then.
    for (const end of ends.slice(1)) {
      const foreseen = finish[end - 3] ?? 0;
      expect(foreseen).toBeGreaterThanOrEqual(2);
      expect(foreseen).toBeLessThanOrEqual(most);
    }
  });
});

describe('allocation-burst', () => {
  test('stays below the soft limit, in time, with more of the gap', async () => {
    const outcome = await outcomeOf('allocation-burst');
    const { recorder } = outcome;
    const spent = recorder.series(Measure.GAP);
    const share = (from: number, to: number) =>
      sum(spent.slice(from, to)) / sum(recorder.series(Measure.GAP_LENGTH).slice(from, to));
    expect(Math.max(...objects(recorder))).toBeLessThan(softLimit(outcome));
    expect(sum(recorder.series(Measure.LATE))).toBe(0);
    expect(share(300, 360)).toBeGreaterThan(4 * share(0, 300));
    expect(share(400, 900)).toBeLessThan(0.25);
  });
});

describe('level-load', () => {
  test('takes the new level in as it stands: only the frame that built it is late', async () => {
    const outcome = await outcomeOf('level-load');
    const { recorder } = outcome;
    const late = [...recorder.series(Measure.LATE).entries()].filter(([, value]) => value === 1);
    expect(late.map(([frame]) => frame)).toEqual([150]);
    expect(recorder.series(Measure.MISSED_BY)[150]).toBe(Culprit.SCRIPT);
    expect(Math.max(...recorder.series(Measure.YOUNG_TIME).slice(150, 160))).toBeLessThan(6);
    expect(Math.max(...objects(recorder))).toBeLessThan(softLimit(outcome));
  });
});

describe('leak', () => {
  test('ends with a clear error when memory is full, after the collector had its guaranteed share', async () => {
    const outcome = await outcomeOf('leak');
    const { recorder, failures } = outcome;
    const errors = recorder.series(Measure.ERRORS);
    const guaranteed = recorder.series(Measure.GUARANTEED);
    const debt = recorder.series(Measure.DEBT);
    const first = errors.findIndex((count) => count > 0);
    expect(failures).toEqual([
      expect.stringMatching(/^out of memory: \d+ bytes more would pass the limit of 134217728 bytes$/),
    ]);
    expect(guaranteed.every((ms, i) => ms === 0 || (debt[i] ?? 0) > 0)).toBe(true);
    expect(sum(guaranteed.slice(0, first))).toBeGreaterThan(100);
    // The script alone is in time: it is what the frame before was charged with that makes a frame late.
    const missed = recorder.series(Measure.MISSED_BY);
    const late = [...missed.keys()].filter((i) => missed[i] !== Culprit.NOBODY);
    expect(late.length).toBeGreaterThan(100);
    expect(late.every((i) => (guaranteed[i - 1] ?? 0) > 0)).toBe(true);
    expect(new Set(late.map((i) => missed[i]))).toEqual(new Set([Culprit.COLLECTOR]));
    // When memory is full, collections in place put the error off for some frames.
    expect(sum(recorder.series(Measure.COLLECTIONS_IN_FRAME).slice(0, first - 8))).toBe(0);
  });
});

describe('no-gap', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await outcomeOf('no-gap');
  });

  test('hands out nothing to late frames until the debt requires it, then a small share, and says so', () => {
    const { recorder, scenario } = outcome;
    const spent = recorder.series(Measure.GAP);
    const guaranteed = recorder.series(Measure.GUARANTEED);
    const debt = recorder.series(Measure.DEBT);
    const most = 1000 / scenario.rate / 4 + 1;
    let paid = 0;
    for (let i = 150; i < 450; i += 1) {
      expect(guaranteed[i]).toBe(spent[i]);
      if ((debt[i] ?? 0) === 0) expect(spent[i]).toBe(0);
      expect(spent[i]).toBeLessThan(most);
      paid += spent[i] ?? 0;
    }
    expect(paid).toBeGreaterThan(20);
    expect(paid / 300).toBeLessThan(1);
  });

  test('says that the script made them late', () => {
    const missed = outcome.recorder.series(Measure.MISSED_BY);
    expect(new Set(missed.slice(151, 450))).toEqual(new Set([Culprit.SCRIPT]));
    expect(new Set(missed.slice(0, 150))).toEqual(new Set([Culprit.NOBODY]));
  });

  test('keeps the heap near its soft limit, and no collection inside a frame', () => {
    expect(Math.max(...objects(outcome.recorder))).toBeLessThan(softLimit(outcome) * 1.2);
    expect(sum(outcome.recorder.series(Measure.COLLECTIONS_IN_FRAME))).toBe(0);
  });

  test('is the same each time it is played', async () => {
    const again = await outcomeOf('no-gap');
    for (const measure of [Measure.GAP, Measure.LIVE, Measure.GOAL, Measure.FINISH]) {
      expect(again.recorder.series(measure)).toEqual(outcome.recorder.series(measure));
    }
  });
});
