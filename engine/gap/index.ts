export { type Collector, type GapOptions, GapScheduler } from './scheduler.ts';
export { PageTurns } from './turns.ts';
