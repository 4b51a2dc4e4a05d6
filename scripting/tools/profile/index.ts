/** What `sluice profile` does with a game: plays it watched, and makes a report, a trace and a comparison of what it heard. */
export { comparisonReport } from './compare.ts';
export { edited } from './edits.ts';
export { findHints } from './hints.ts';
export { ms } from './in-words.ts';
export { type ProfiledRun, profileGame } from './profiled-run.ts';
export {
  type Hint,
  ownWorkOf,
  type ProfiledFrame,
  type ProfiledSite,
  type Recording,
  readRecording,
  workOf,
} from './recording.ts';
export { type FrameRange, report } from './report.ts';
export { type Trace, type TraceEvent, traceOf } from './trace-events.ts';
