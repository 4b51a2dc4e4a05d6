export { Circles } from './circles.ts';
export type { Fit } from './fit.ts';
export { StageObjects } from './objects.ts';
export { expectBoolean } from './options.ts';
export { Stage, type StageOptions } from './stage.ts';
export type { StageObject } from './stage-object.ts';
