/**
 * Samples, taken every 0.1 ms or so, as the time of functions in each frame. What was measured of a frame's script is divided among the
 * samples that lie in it: each stands for the time until the next, the first also for what was before it. So the times of all functions
 * add up to what the recorder says less what the thread waited, and a frame that is too short for a sample has none.
 */
import type { FunctionTime } from './recording.ts';
import type { Sample } from './sampler.ts';
import type { ScriptStack, ScriptStacks } from './script-stacks.ts';

/** Moments by `performance.now`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What ran, from when and how long. */
export interface SampledStack {
  readonly at: number;
  readonly length: number;
  readonly stack: ScriptStack;
}

/** The samples in a stretch; together they are as long as that is, unless there are none. `samples` are in order. */
export function stacksIn(
  { from, to }: Stretch,
  samples: readonly Sample[],
  stacks: Pick<ScriptStacks, 'of'>,
): SampledStack[] {
  const first = firstFrom(samples, from);
  const found: SampledStack[] = [];
  for (let i = first; i < samples.length; i += 1) {
    const { at, stack } = samples[i] as Sample;
    if (at >= to) break;
    const begun = i === first ? from : at;
    const end = Math.min(to, samples[i + 1]?.at ?? to);
    found.push({ at: begun, length: end - begun, stack: stacks.of(stack) });
  }
  return found;
}

/** The same less what the thread waited in all: while it does, no samples are taken, so the longest of them have waited. */
export function withoutWaits(found: readonly SampledStack[], waited: number): SampledStack[] {
  const lengths = found.map(({ length }) => length);
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  let left = waited;
  for (const i of order) {
    const taken = Math.min(left, lengths[i] ?? 0);
    lengths[i] = (lengths[i] ?? 0) - taken;
    left -= taken;
  }
  return found.map((stack, i) => ({ ...stack, length: lengths[i] ?? 0 }));
}

/** Index of the first sample from a moment on. */
function firstFrom(samples: readonly Sample[], moment: number): number {
  let from = 0;
  let to = samples.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((samples[middle] as Sample).at < moment) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Each function's time, those with the most of their own first. */
export function functionTimes(found: readonly SampledStack[]): FunctionTime[] {
  const times = new Map<number, { function: number; self: number; total: number; heap: number }>();
  const timesOf = (index: number) => {
    const known = times.get(index) ?? { function: index, self: 0, total: 0, heap: 0 };
    times.set(index, known);
    return known;
  };
  for (const { length, stack } of found) {
    for (const index of new Set(stack.path)) timesOf(index).total += length;
    if (stack.owner === undefined || stack.inHost) continue;
    timesOf(stack.owner).self += length;
    if (stack.inHeap) timesOf(stack.owner).heap += length;
  }
  return [...times.values()].sort((a, b) => b.self - a.self || b.total - a.total);
}

/** Functions that called one another where most of the time went, without what a library's function has called. */
export function longestPath(found: readonly SampledStack[]): readonly number[] {
  const times = new Map<string, { path: readonly number[]; time: number }>();
  for (const { length, stack } of found) {
    const { path, owner } = stack;
    if (owner === undefined) continue;
    const own = path.slice(0, path.lastIndexOf(owner) + 1);
    // A function that calls itself is one step of the way, however deep it is in.
    const steps = own.filter((index, i) => index !== own[i - 1]);
    const key = steps.join(' ');
    const known = times.get(key) ?? { path: steps, time: 0 };
    known.time += length;
    times.set(key, known);
  }
  const [longest] = [...times.values()].sort((a, b) => b.time - a.time);
  return longest?.path ?? [];
}
