/** How long objects live, by samples: what is kept is never called dead, and what is dropped always is, however the collector works. */
import { describe, expect, it } from 'vitest';
import {
  BLOCK_DATA,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  GRANULE_SHIFT,
  NURSERY_QUOTA,
  PHASE_SWEEP,
  STATE_OLD,
  STATS_PHASE,
  STATS_TRACING,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
  STRESS_COLLECT,
  STRESS_EAGER,
  STRESS_POISON,
  TRACING_RECLAIM,
} from '../../../../scripting/heap/index.ts';
import { Machine } from '../../../../scripting/machine/index.ts';
import { MemoryViews } from '../../../../scripting/machine/views.ts';
import { SiteCounts } from '../../../../scripting/tools/profile/site-counts.ts';
import { type Fate, Survivors } from '../../../../scripting/tools/profile/survivors.ts';
import { imageOf } from '../script.ts';

/** Each frame makes ten, keeps every third for four frames, and every tenth for good. */
const SCRIPT = `(defstruct Thing (n : i64))
(defglobal *soon* : (MutVec Thing) (mut-vec))
(defglobal *always* : (MutVec Thing) (mut-vec))
(defglobal mut *n* : i64 0)
(defn frame ((dt : f64)) : Unit
  (when (= 0 (rem *n* 40)) (clear! *soon*))
  (for (i 0 (< i 10))
    (let ((thing (Thing *n*)))
      (when (= 0 (rem *n* 3)) (push! *soon* thing))
      (when (= 0 (rem *n* 10)) (push! *always* thing))
      (inc! *n*))))
(pub defn kept () : i64
  (+ (len *always*) (len (filter (fn (thing) (not (= 0 (rem (.n thing) 10)))) *soon*))))
`;

const FRAMES = 120;

interface Slices {
  /** Units of the collector's work in one, and how many there are after a frame. */
  readonly work: number;
  readonly count: number;
  readonly stress: number;
}

/** Plays frames, and says what became of the things that the script has made. */
async function played(script: string, { work, count, stress }: Slices) {
  const image = await imageOf(script, { mode: 'development', counted: true });
  const counts = new SiteCounts(image.manifest.allocationSites ?? []);
  const machine = await Machine.create(image, { stress, allocations: counts });
  counts.clear();
  let objects = 0;
  for (let frame = 0; frame < FRAMES; frame += 1) {
    machine.step(1 / 60);
    for (const { site, objects: more } of counts.endFrame())
      if (counts.sites[site]?.type === 'Thing') objects += more;
    machine.resetFrame();
    for (let left = count; left > 0; left -= 1) {
      const goesOn = machine.gapSlice(work);
      counts.collected(false);
      if (!goesOn) break;
    }
  }
  machine.collect();
  counts.finish();
  const fate = counts.sites.find(({ type }) => type === 'Thing')?.fate;
  if (fate === undefined) throw new Error('no thing was made');
  const weights = (samples: readonly { readonly weight: number }[]): number =>
    samples.reduce((sum, { weight }) => sum + weight, 0);
  return { objects, fate, machine, dead: weights(fate.deaths), left: weights(fate.kept) };
}

describe('samples of what is made', () => {
  it.each([
    ['collected whole after each frame', 1e9, STRESS_EAGER],
    ['collected a little at a time', 40, STRESS_EAGER],
    ['collected in other pieces, and overwritten', 130, STRESS_EAGER | STRESS_POISON],
    ['collected at every allocation', 1e9, STRESS_COLLECT | STRESS_POISON],
    ['not collected before the end', 0, 0],
  ])('stand for all objects, and are alive or dead as these are: %s', async (_, work, stress) => {
    const { objects, machine, dead, left, fate } = await played(SCRIPT, { work, count: 8, stress });
    const kept = Number(machine.call('kept'));
    expect(objects).toBe(10 * FRAMES);
    // Each sample comes to one end, and stands for as many as it was chosen from.
    expect(fate.survived + fate.died).toBe(dead + left);
    expect(Math.abs(objects - (dead + left))).toBeLessThan(objects / 10);
    expect(Math.abs(left - kept)).toBeLessThan(objects / 20);
  });

  it('tell how long: half of what is made dies in the frame it is made in', async () => {
    const { fate } = await played(SCRIPT, { work: 1e9, count: 8, stress: STRESS_EAGER });
    const soon = fate.deaths.filter(({ frames }) => frames <= 2).reduce((sum, { weight }) => sum + weight, 0);
    const late = fate.deaths.filter(({ frames }) => frames > 2);
    expect(soon / (10 * FRAMES)).toBeCloseTo(0.6, 0);
    expect(late.length).toBeGreaterThan(0);
    expect(Math.max(...late.map(({ frames }) => frames))).toBeLessThanOrEqual(8);
  });
});

describe('a look at a sample', () => {
  const OBJECT = (40 << BLOCK_SHIFT) + BLOCK_DATA;
  const STATE = (40 << BLOCK_SHIFT) + (BLOCK_DATA >> GRANULE_SHIFT);

  /** A new object in memory of which nothing else is used. */
  function sampled() {
    const views = new MemoryViews(new WebAssembly.Memory({ initial: 64 }));
    views.u8[BLOCK_TABLE + 40] = BLOCK_OBJECTS;
    views.setWord(NURSERY_QUOTA, 1 << 20);
    const fate: Fate = { survived: 0, died: 0, deaths: [], kept: [] };
    const survivors = new Survivors(views);
    survivors.add(OBJECT, 16, 3, fate);
    return { views, fate, survivors };
  }

  it('says nothing before a collection has come', () => {
    const { fate, survivors } = sampled();
    survivors.look(false);
    expect([fate.survived, fate.died]).toEqual([0, 0]);
  });

  it('finds the dead while their memory is freed, for a script may be given it before the collection is over', () => {
    const { views, fate, survivors } = sampled();
    views.setWord(STATS_TRACING, TRACING_RECLAIM);
    survivors.look(false);
    expect(fate).toMatchObject({ survived: 0, died: 3, deaths: [{ frames: 0, weight: 3 }] });
    survivors.finish();
    expect(fate.kept).toEqual([]);
  });

  it('takes what became old as it stood for neither, until a cycle has freed it or a whole collection has not', () => {
    for (const isFreed of [true, false]) {
      const { views, fate, survivors } = sampled();
      views.u8[STATE] = STATE_OLD;
      views.setWord(STATS_YOUNG_COLLECTIONS, 1);
      for (const cell of [STATS_YOUNG_SEEN, STATS_YOUNG_SURVIVED]) views.setWord(cell, 2 << 20);
      survivors.look(false);
      survivors.endFrame();
      expect([fate.survived, fate.died]).toEqual([0, 0]);
      views.setWord(STATS_PHASE, PHASE_SWEEP);
      views.u8[STATE] = isFreed ? 0 : STATE_OLD;
      survivors.look(false);
      expect([fate.survived, fate.died]).toEqual([0, isFreed ? 3 : 0]);
      survivors.finish();
      expect([fate.survived, fate.died]).toEqual(isFreed ? [0, 3] : [3, 0]);
      expect(fate.kept).toEqual(isFreed ? [] : [{ frame: 0, bytes: 16, weight: 3 }]);
    }
  });
});
