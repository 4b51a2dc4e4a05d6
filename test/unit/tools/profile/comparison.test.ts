/** What of two recordings is called slower, and of one a trend: on recordings made up for it. */
import { describe, expect, it } from 'vitest';
import { histogram, percentiles } from '../../../../engine/profile/index.ts';
import { compare } from '../../../../scripting/tools/profile/compare.ts';
import { compareSites, toldSiteDifferences } from '../../../../scripting/tools/profile/compare-sites.ts';
import {
  makeRecording,
  type ProfiledFrame,
  type ProfiledSite,
  type Recording,
} from '../../../../scripting/tools/profile/recording.ts';
import { report } from '../../../../scripting/tools/profile/report.ts';

const FRAME: ProfiledFrame = {
  number: 0,
  time: 0,
  start: 0,
  end: 1,
  input: 0,
  script: 1,
  gap: 0,
  late: false,
  lateBy: '',
  startBy: 'nobody',
  collectorDelay: 0,
  slices: [],
  collections: 0,
  collectionsInFrame: 0,
  allocated: 0,
  live: 0,
  young: 0,
  arena: 0,
  memory: 0,
  debt: 0,
  guaranteed: 0,
  suppressed: 0,
  suppressedBytes: 0,
  waited: 0,
  errors: 0,
  marks: [],
  hostCalls: [],
  v8: [],
  samples: [],
  lines: [],
  sites: [],
  path: [],
};

/** A recording of one function, `think`, which takes so long in each frame. */
function recordingOf(
  times: readonly number[],
  more: (frame: number) => Partial<ProfiledFrame> = () => ({}),
): Recording {
  return makeRecording({
    script: 'game.slu',
    mode: 'release',
    interval: 1000 / 60,
    functions: [{ name: 'think', file: 'game.slu', line: 3 }],
    lines: [],
    frames: times.map((self, number) => ({
      ...FRAME,
      number,
      script: self,
      end: self,
      samples: self > 0 ? [{ function: 0, self, total: self, heap: 0 }] : [],
      ...more(number),
    })),
  });
}

/** The same numbers in each test run, from 0 up to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** What `think` is called, where it takes `before` and `after` in frames that are not all alike, give or take a third. */
function verdict(before: (frame: number) => number, after: (frame: number) => number, frames = 320) {
  const [one, two] = [noise(1), noise(2)];
  const times = (of: (frame: number) => number, random: () => number) =>
    Array.from({ length: frames }, (_, i) => of(i) * (0.8 + 0.4 * random()));
  const [found] = compare(recordingOf(times(before, one)), recordingOf(times(after, two))).functions;
  return found?.verdict;
}

describe('what is slower', () => {
  it('is more than it was, by more than runs differ', () => {
    expect(
      verdict(
        () => 2,
        () => 2,
      ),
    ).toBe(0);
    expect(
      verdict(
        () => 2,
        () => 2.2,
      ),
    ).toBe(0);
    expect(
      verdict(
        () => 2,
        () => 3,
      ),
    ).toBe(1);
    expect(
      verdict(
        () => 3,
        () => 2,
      ),
    ).toBe(-1);
    expect(
      verdict(
        () => 0.01,
        () => 0.02,
      ),
    ).toBe(0);
  });

  it('is found though frames differ more than the two recordings do', () => {
    const busy = (frame: number) => (frame % 64 < 16 ? 20 : 1);
    expect(verdict(busy, (frame) => 1.5 * busy(frame))).toBe(1);
    expect(verdict(busy, busy)).toBe(0);
  });

  it('is not found, and not hidden, by a single stall', () => {
    const stalls = (frame: number) => (frame === 100 ? 2000 : 2);
    expect(verdict(stalls, () => 2)).toBe(0);
    expect(verdict(() => 2, stalls)).toBe(0);
    expect(verdict(stalls, () => 4)).toBe(1);
  });

  it('can be new, or gone', () => {
    expect(
      verdict(
        () => 0,
        () => 1,
      ),
    ).toBe(1);
    expect(
      verdict(
        () => 1,
        () => 0,
      ),
    ).toBe(-1);
  });

  it('is told of few frames too, where all agree', () => {
    expect(
      verdict(
        () => 2,
        () => 4,
        6,
      ),
    ).toBe(1);
    expect(
      verdict(
        () => 2,
        () => 4,
        3,
      ),
    ).toBe(0);
  });
});

describe('percentiles', () => {
  it('are values that were measured, by nearest rank', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    expect(percentiles(values)).toEqual({ p50: 500, p95: 950, p99: 990, p999: 999, max: 1000 });
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7, p999: 7, max: 7 });
    expect(percentiles([])).toEqual({ p50: 0, p95: 0, p99: 0, p999: 0, max: 0 });
  });

  it('stand beside histograms whose ranges end below their number', () => {
    expect(histogram([0, 0.09, 0.1, 0.99, 1, 150])).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1]);
  });
});

describe('what a run has besides its times', () => {
  const SLOW = { script: 30, end: 31, late: true, lateBy: 'script' };
  const many = (more: (frame: number) => Partial<ProfiledFrame>) =>
    report(
      recordingOf(
        Array.from({ length: 100 }, () => 1),
        more,
      ),
    );
  const MB = 1024 * 1024;

  it('is suppression that was left on, and from when', () => {
    const out = many((number) =>
      number < 40 ? {} : { suppressed: 1, suppressedBytes: (number - 39) * 1024 },
    );
    expect(out).toContain(
      '\ncollections are suppressed at the end of 60 frames, from frame 40 on: up to 60.0 KB wait for the end of that: ' +
        'for the `game.resume()` of a `game.suppress()`, or the end of a load\n',
    );
  });

  it('is debt, and what it cost', () => {
    const out = many((number) => (number === 9 ? { end: 2, debt: 2 * MB, guaranteed: 3 } : {}));
    expect(out).toContain('  frame 9: 2.000 ms; allocated 0.0 KB; 2048.0 KB beyond the soft limit\n');
    expect(out).toContain(
      '\nthe heap is beyond its soft limit in 1 frame, by up to 2048.0 KB: frames were charged 3.000 ms for it\n',
    );
  });

  it('is a heap that grows, with doubt where no collection has looked; one that comes and goes is none', () => {
    const grows = (number: number) => ({ live: number * 100 * 1024 });
    expect(many(grows)).toContain(
      '\nthe heap grows: from 2500.0 KB to 7500.0 KB, 100.0 KB a frame; no whole collection has ended meanwhile',
    );
    expect(many((number) => ({ ...grows(number), collections: number === 80 ? 1 : 0 }))).toContain(
      '\nthe heap grows: from 2500.0 KB to 7500.0 KB, 100.0 KB a frame\n',
    );
    expect(many((number) => grows(number % 20))).not.toContain('the heap grows');
  });

  it('is a slice that ran into a frame, by kind', () => {
    const out = many((number) => {
      if (number === 49)
        return {
          gap: 20,
          slices: [
            { kind: 'mark', at: 2, length: 16 },
            { kind: 'young', at: 18, length: 4 },
          ],
        };
      return number === 50 ? { start: 12, startBy: 'collector', collectorDelay: 12, end: 13 } : {};
    });
    expect(out).toContain(
      '  frame 50: 13.000 ms; allocated 0.0 KB\n' +
        '    our slices ran past its time by 12.000 ms (usually 0.000): mark 16.000, young 4.000\n' +
        '    script 1.000 ms (usually 1.000): `think` (game.slu:3) 1.000\n',
    );
  });

  it('is a collection inside a frame, which is not the time of the script', () => {
    const out = many((number) =>
      number === 7 ? { ...SLOW, collectionsInFrame: 1, collectorDelay: 28 } : {},
    );
    expect(out).toContain(
      "  frame 7: 31.000 ms, late by script; allocated 0.0 KB\n    a collection of the script's heap inside the frame 28.000 ms (usually 0.000)\n",
    );
  });

  it('is time that the thread waited, by which no frame is the worst', () => {
    const out = many((number) =>
      number === 3 ? { ...SLOW, waited: 29 } : number === 5 ? { script: 9, end: 9 } : {},
    );
    expect(out).toContain(
      'late frames   1 of 100 (script 1); 1 of them would not be, had other programs not run\n',
    );
    expect(out).toMatch(/less waits for other programs\n {2}frame 5: /);
  });

  it("is a collection of V8's: of a host's call that it ran in, the rest is the host's", () => {
    const out = many((number) =>
      number === 8
        ? {
            ...SLOW,
            v8: [{ kind: 'major', at: 2, length: 20 }],
            hostCalls: [{ name: 'sound.play', count: 2, time: 28, longest: 22, at: 1, v8: 20 }],
          }
        : {},
    );
    expect(out).toContain(
      "    a collection of V8's 20.000 ms (usually 0.000): major 20.000; outside our work: what the host or Node has made\n" +
        '    host sound.play: 8.000 ms (usually 0.000) in 2 calls, the longest 22.000\n',
    );
  });
});

describe('what two recordings allocate', () => {
  const site = (name: string, line: number, type: string): ProfiledSite => ({
    function: name,
    file: 'game.slu',
    line,
    column: 3,
    type,
    paths: [],
    kept: 0,
    keptLong: 0,
  });
  /** Two frames in which sites give the heap so many bytes. */
  const counted = (...made: readonly (readonly [site: ProfiledSite, bytes: number])[]): Recording => ({
    ...recordingOf([1, 1], () => ({
      sites: made.map(([, bytes], index) => ({ site: index, objects: 1, bytes, arenaBytes: 32 })),
    })),
    sites: made.map(([one]) => one),
  });

  it('is told by function and type, wherever the lines are now, the largest change first', () => {
    const before = counted(
      [site('spawn', 4, 'Orc'), 2048],
      [site('spawn', 5, 'Orc'), 1024],
      [site('aim', 9, 'String'), 640],
    );
    const after = counted(
      [site('aim', 19, 'String'), 640],
      [site('spawn', 14, 'Orc'), 1024],
      [site('hit', 30, 'Spark'), 512],
    );
    expect(compareSites(before, after)).toEqual([
      { name: 'Orc in spawn (game.slu)', before: 3072, after: 1024 },
      { name: 'Spark in hit (game.slu)', before: 0, after: 512 },
    ]);
    expect(toldSiteDifferences(before, after)).toEqual([
      'allocation sites, KB a frame that the heap is given',
      '  less          3.6 ->       2.1  in all',
      '  less          3.0 ->       1.0  Orc in spawn (game.slu)',
      '  more          0.0 ->       0.5  Spark in hit (game.slu)',
    ]);
  });

  it('is the same where nothing has changed, and nothing where nobody counted', () => {
    const one = counted([site('spawn', 4, 'Orc'), 2048]);
    expect(compareSites(one, one)).toEqual([]);
    expect(toldSiteDifferences(recordingOf([1]), recordingOf([1]))).toEqual([]);
    expect(toldSiteDifferences(recordingOf([1]), one)).toEqual([
      'allocation sites cannot be compared: the older recording did not count them (`--sites`), so times differ as well',
    ]);
  });
});
