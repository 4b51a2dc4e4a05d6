/** Sums and means over frames. */
import { percentiles } from '../../../engine/profile/index.ts';

export const median = (values: readonly number[]): number => percentiles(values).p50;

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : sum(values) / values.length;
