/** Postfix `?` that waits until it is known what it is about: see `forms/try.ts`. */

import type { Inference, WantedTry } from './inference.ts';

/** Looks again at those that wait; true if one is decided. */
export function decideTries(cx: Inference): boolean {
  const waiting = cx.wantedTries;
  const left = waiting.filter((wanted) => !wanted.decide(false));
  cx.wantedTries = left;
  return left.length < waiting.length;
}

/**
 * At the end of a function, where no value will say any more what it is: the function's result does, or else it is a `Result`.
 * Only what `isComplete` is looked at, and one at a time, since each may say something about the others.
 */
export function guessTry(cx: Inference, isComplete: (wanted: WantedTry) => boolean): boolean {
  const complete = cx.wantedTries.filter(isComplete);
  const said = complete.find((wanted) => wanted.decide(true));
  const decided = said ?? complete[0];
  if (decided === undefined) return false;
  if (said === undefined) decided.assume();
  cx.wantedTries = cx.wantedTries.filter((wanted) => wanted !== decided);
  return true;
}
