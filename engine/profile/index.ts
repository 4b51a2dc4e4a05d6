export { Culprit, findCulprit } from './culprit.ts';
export { Panels } from './panels.ts';
export { FrameRecorder, Measure } from './recorder.ts';
export {
  type FrameSummary,
  type SliceKind,
  type SliceTotals,
  type Spread,
  spread,
  summarise,
} from './summary.ts';
