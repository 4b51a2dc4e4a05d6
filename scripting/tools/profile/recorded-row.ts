import { Culprit, type FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { culpritName } from '../culprit-name.ts';
import type { ProfiledFrame } from './recording.ts';

/** What of a frame the engine's recorder knows. */
export type RecordedRow = Omit<
  ProfiledFrame,
  'slices' | 'hostCalls' | 'v8' | 'waited' | 'samples' | 'lines' | 'path' | 'marks' | 'sites'
>;

/** The row of a frame, by its number; the recorder holds all frames of the run. */
export function readRow(recorder: FrameRecorder, number: number): RecordedRow {
  const ago = recorder.frames - 1 - number;
  const read = (measure: Measure): number => recorder.read(measure, ago);
  const late = read(Measure.LATE) === 1;
  const missedBy = read(Measure.MISSED_BY);
  return {
    number,
    time: read(Measure.TIME),
    start: read(Measure.START),
    // Nothing is drawn: the stage is where the run looks at its thread, and where that took long, other programs ran.
    end: read(Measure.END) - read(Measure.STAGE),
    input: read(Measure.INPUT),
    script: read(Measure.SCRIPT),
    gap: read(Measure.GAP),
    late,
    lateBy: late ? culpritName(missedBy === Culprit.STAGE ? Culprit.OUTSIDE : missedBy) : '',
    startBy: culpritName(read(Measure.START_BY)),
    collectorDelay: read(Measure.COLLECTOR_DELAY),
    collections: read(Measure.COLLECTIONS),
    collectionsInFrame: read(Measure.COLLECTIONS_IN_FRAME),
    allocated: read(Measure.ALLOCATED),
    live: read(Measure.LIVE),
    young: read(Measure.YOUNG),
    arena: read(Measure.ARENA),
    memory: read(Measure.MEMORY),
    debt: read(Measure.DEBT),
    guaranteed: read(Measure.GUARANTEED),
    suppressed: read(Measure.SUPPRESSED),
    suppressedBytes: read(Measure.SUPPRESSED_BYTES),
    errors: read(Measure.ERRORS),
  };
}
