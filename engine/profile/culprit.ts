/** Who made a frame miss its deadline: told from what each part of it took. */

/** Values of `Measure.MISSED_BY`. */
export const Culprit = {
  NOBODY: 0,
  /** Input and reload. */
  INPUT: 1,
  SCRIPT: 2,
  STAGE: 3,
  /** The frame's own work was in time, and a slice of the collector was not. */
  COLLECTOR: 4,
  /** All of it was in time: the browser, or the rest of the machine. */
  OUTSIDE: 5,
} as const;

export type Culprit = (typeof Culprit)[keyof typeof Culprit];

/**
 * All in milliseconds: what the parts took, where the frame and its last slice ended after its begin (0 without a slice), and
 * how long a frame lasts. Where the parts together are too long, it is the longest of them.
 */
export function findCulprit(
  input: number,
  script: number,
  stage: number,
  sliceEnd: number,
  interval: number,
): Culprit {
  if (input + script + stage > interval) {
    if (script >= input && script >= stage) return Culprit.SCRIPT;
    return stage >= input ? Culprit.STAGE : Culprit.INPUT;
  }
  return sliceEnd > interval ? Culprit.COLLECTOR : Culprit.OUTSIDE;
}
