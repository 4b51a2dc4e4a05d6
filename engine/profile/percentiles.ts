/** How a measure is spread over frames: percentiles, and how many frames lie in which range. */

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** By nearest rank, so each is a value that was measured; zeros for none. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (part: number): number => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), p999: rank(0.999), max: rank(1) };
}

/** Milliseconds that ranges of a histogram end below; the last has no end. */
export const RANGES: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 33, 100, Number.POSITIVE_INFINITY];

/** How many values lie in each range. */
export function histogram(values: readonly number[]): number[] {
  const counts = RANGES.map(() => 0);
  for (const value of values) {
    const range = RANGES.findIndex((end) => value < end);
    counts[range] = (counts[range] ?? 0) + 1;
  }
  return counts;
}
