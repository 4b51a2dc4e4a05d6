/** Who is to blame: values of `Measure.MISSED_BY` and `Measure.START_BY`. What each means is told in `lateness.ts`. */
export const Culprit = {
  NOBODY: 0,
  /** Input and reload. */
  INPUT: 1,
  SCRIPT: 2,
  STAGE: 3,
  COLLECTOR: 4,
  /** The browser, the page around the game, or the rest of the machine. */
  OUTSIDE: 5,
  /** The frame before was still at work. */
  FRAME_BEFORE: 6,
} as const;

export type Culprit = (typeof Culprit)[keyof typeof Culprit];
