export { Circles } from './circles.ts';
export { Stage, type StageOptions } from './stage.ts';
