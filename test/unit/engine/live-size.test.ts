/**
 * What a slice may do does not depend on how much is alive: the most work between two readings of the clock, and the gaps that
 * are exceeded, are the same for a small and a large heap. Work is counted, in simulated time; `npm run bench -- pause` measures.
 */
import { expect, test } from 'vitest';
import { Measure } from '../../../engine/profile/index.ts';
import { programFile } from '../../bench/peers/program.ts';
import { loadSluice } from '../../bench/peers/sluice.ts';
import { simulate } from '../../bench/plots/simulation.ts';

const SIZES = process.env.SLUICE_LONG === '1' ? [16, 64, 256, 1024] : [16, 64];
const CHAIN = 64 * 48;
/** Chains that a frame replaces: 1 MB. */
const REPLACED = 340;
/** Leaves gaps of about 6 ms: with much less, a cycle of a gigabyte cannot keep up with a megabyte a frame. */
const SCRIPT = 10;

async function measure(megabytes: number) {
  const machine = await loadSluice(programFile('pacing.slu'), { hardLimit: 3 * 2 ** 30 });
  machine.call('build', Math.round((megabytes * 1e6) / CHAIN));
  machine.collect();
  // As many frames as it takes to replace what is alive twice.
  const frames = Math.max(100, 2 * megabytes + 50);
  const recorder = simulate(machine, frames, () => ({ script: SCRIPT, replaced: REPLACED }));
  const gap = recorder.series(Measure.GAP_LENGTH);
  const spent = recorder.series(Measure.GAP);
  return {
    work: Math.max(...recorder.series(Measure.LARGEST_WORK)),
    exceeded: spent.filter((ms, i) => ms > (gap[i] ?? 0) + 0.5).length,
    late: recorder.series(Measure.LATE).filter((value) => value > 0).length,
    cycles: recorder.series(Measure.COLLECTIONS).reduce((a, b) => a + b, 0),
    inFrames: recorder.series(Measure.COLLECTIONS_IN_FRAME).reduce((a, b) => a + b, 0),
  };
}

test('the work between two readings of the clock does not grow with the live heap', async () => {
  const found = [];
  for (const size of SIZES) found.push(await measure(size));
  for (const { work, exceeded, late, cycles, inFrames } of found) {
    expect({ exceeded, late, inFrames }).toEqual({ exceeded: 0, late: 0, inFrames: 0 });
    expect(cycles).toBeGreaterThan(0);
    // The most is a young collection of what a frame replaces: two units an object, and the cards of what it is stored in.
    expect(work).toBeLessThanOrEqual((found[0]?.work ?? 0) * 1.25);
    expect(work).toBeLessThanOrEqual(3 * REPLACED * 64);
  }
});
