/**
 * Frame-time discrepancy: how uneven moments are, in the same unit as they are. As Chromium's performance tests have it (`frame_time_discrepancy`
 * of Telemetry's smoothness; `TimestampsDiscrepancy` in catapult's `telemetry/util/statistics.py`, the absolute variant): the discrepancy of a
 * sequence of points, after Niederreiter, "Random Number Generation and Quasi-Monte Carlo Methods" (1992), section 2.1.
 *
 * N moments are scaled to lie in the middles of N equal parts of 0 to 1 where they are even. The discrepancy is how far any stretch of
 * that is from having the part of the moments that its length is: too many in it, its ends counted, or too few between its ends.
 *
 *     even      |  .  .  .  .  |     one part, whatever the stretch: one interval
 *     a stall   |  ..  .    .  |     the empty stretch is too long: about as long as the stall
 *
 * So the least is the interval itself, and a stall that is followed by another one is worse than either: a percentile does not see that.
 */
export function discrepancy(moments: readonly number[]): number {
  const count = moments.length;
  const first = moments[0] ?? 0;
  const length = (moments.at(-1) ?? 0) - first;
  if (count < 2 || length <= 0) return 0;
  const scale = (count - 1) / count / length;
  let worst = 0;
  // Stretches that end before the moment looked at: the best beginning for too many in it, and for too few.
  let fullest = Number.NEGATIVE_INFINITY;
  let emptiest = Number.NEGATIVE_INFINITY;
  for (const [i, moment] of moments.entries()) {
    const at = (moment - first) * scale;
    const part = i / count;
    fullest = Math.max(fullest, at - part);
    worst = Math.max(worst, part - at + 1 / count + fullest);
    worst = Math.max(worst, at - part + 1 / count + emptiest);
    emptiest = Math.max(emptiest, part - at);
  }
  return worst / scale;
}
