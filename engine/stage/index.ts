export { checkerboard } from './checkerboard.ts';
export { Circles } from './circles.ts';
export type { Fit } from './fit.ts';
export { StageObjects } from './objects.ts';
export { expectBoolean, type StageOptions } from './options.ts';
export { Stage } from './stage.ts';
export type { StageObject } from './stage-object.ts';
