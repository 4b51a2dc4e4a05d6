export { Culprit, findCulprit } from './culprit.ts';
export { Panels } from './panels.ts';
export { FrameRecorder, Measure } from './recorder.ts';
export { type FrameSummary, type Spread, spread, summarise } from './summary.ts';
