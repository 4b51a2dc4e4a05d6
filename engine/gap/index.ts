export type { Collector } from './collector.ts';
export type { LimitOptions } from './limits.ts';
export { type GapOptions, GapScheduler } from './scheduler.ts';
export { PageTurns } from './turns.ts';
