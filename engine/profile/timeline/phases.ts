/**
 * What is stacked for a frame, from below: from its timestamp on, what it waited, what its work was, and the slices of the gap after it.
 * Up to the stage this ends where its work did, so what reaches over the line of the deadline there is late; slices are in nobody's way.
 */
import { Measure } from '../recorder.ts';
import type { Snapshot } from './snapshot.ts';

export interface Phase {
  readonly name: string;
  /** Of the style sheet's colours. */
  readonly colour: string;
  /** Milliseconds; their sum is what the phase took. */
  readonly measures: readonly Measure[];
}

export const PHASES: readonly Phase[] = [
  { name: 'waited', colour: '--waited', measures: [Measure.START] },
  { name: 'input', colour: '--input', measures: [Measure.INPUT] },
  { name: 'script', colour: '--script', measures: [Measure.SCRIPT] },
  { name: 'stage', colour: '--stage', measures: [Measure.STAGE] },
  { name: 'young slices', colour: '--young', measures: [Measure.YOUNG_TIME] },
  { name: 'mark slices', colour: '--mark', measures: [Measure.MARK_TIME, Measure.WEAK_TIME] },
  { name: 'sweep slices', colour: '--sweep', measures: [Measure.SWEEP_TIME] },
  { name: 'full, move', colour: '--full', measures: [Measure.FULL_TIME, Measure.MOVE_TIME] },
];

/**
 * Frame numbers, and above them for each phase where it ends in its stack: the last phase first, so that each is drawn over those that it
 * stands below of.
 */
export function stacks(snapshot: Snapshot, first: number, last: number): number[][] {
  const frames: number[] = [];
  const ends = PHASES.map((): number[] => []);
  for (let frame = first; frame <= last; frame += 1) {
    frames.push(frame);
    let end = 0;
    for (const [phase, { measures }] of PHASES.entries()) {
      for (const measure of measures) end += snapshot.read(measure, frame);
      ends[phase]?.push(end);
    }
  }
  return [frames, ...ends.reverse()];
}

/** Where the scale of milliseconds ends: all is seen up to four intervals, and a stall does not make the rest too small to see. */
export function scaleEnd(highest: number, interval: number): number {
  return Math.min(4 * interval, Math.max(1.5 * interval, 1.05 * highest));
}
