import type { ScriptMachine } from '../script.ts';

/** What the scheduler drives and reads; a `ScriptMachine` is one. */
export type Collector = Pick<
  ScriptMachine,
  'gapSlice' | 'startCycleAt' | 'startYoungAt' | 'statistic' | 'promotedBytes' | 'hardLimit'
>;
