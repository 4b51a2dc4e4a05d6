export { Culprit } from './culprit.ts';
export { profileHost } from './host.ts';
export { Lateness } from './lateness.ts';
export { Panels } from './panels.ts';
export { histogram, type Percentiles, percentiles, RANGES } from './percentiles.ts';
export { FrameRecorder, Measure, type NamedMark } from './recorder.ts';
export { type RecordedGame, readRecording, saveRecording, tableOf } from './recording.ts';
export { SLICE_MEASURES, type SliceKind } from './slices.ts';
export {
  type FrameSummary,
  type SliceTotals,
  type Spread,
  spread,
  summarise,
} from './summary.ts';
export { Timeline, type TimelineOptions } from './timeline/index.ts';
