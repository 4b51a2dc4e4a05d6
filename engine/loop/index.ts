export { HeadlessDriver, type HeadlessOptions } from './headless.ts';
export { FrameInterval } from './interval.ts';
export { type FramePart, Loop, type LoopOptions, type StagePart } from './loop.ts';
export { PageDriver, type PageOptions } from './page.ts';
export { inRange, type StepOptions, Steps } from './steps.ts';
