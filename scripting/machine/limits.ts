/** The limits that a host may set on a machine's memory, checked before anything is made. */
import { SHADOW_STACK, SHADOW_STACK_SIZE } from '../heap/index.ts';

export interface MemoryLimits {
  /** Bytes. */
  readonly hardLimit: number;
  /** Bytes; undefined for the heap's own. */
  readonly nursery: number | undefined;
  /** Bytes of native stack. */
  readonly depthLimit: number;
}

const MEGABYTE = 1 << 20;
const DEFAULT_HARD_LIMIT = 1024 * MEGABYTE;
/** The fixed areas, a program's literals and globals, and a few blocks. */
const LEAST_HARD_LIMIT = 2 * MEGABYTE;
const MOST_HARD_LIMIT = 4096 * MEGABYTE;
const LEAST_NURSERY = 64 << 10;
const MOST_NURSERY = 256 * MEGABYTE;
const DEFAULT_DEPTH_LIMIT = 400 << 10;
const LEAST_DEPTH_LIMIT = 1 << 10;
/**
 * A function that can recurse has at most half as many bytes of slots on the shadow stack as it counts bytes of depth. So a quarter
 * of the shadow stack is enough for all of them; half is for what the host holds, and a quarter for functions that cannot.
 */
const MOST_DEPTH_LIMIT = SHADOW_STACK_SIZE / 2;

/** How high the shadow stack may be where the host calls a script, or puts something there itself. */
export const SHADOW_HALF = SHADOW_STACK + SHADOW_STACK_SIZE / 2;

/** Throws a `RangeError` that names the option for a number of bytes that cannot be meant. */
export function checkLimits(options: {
  readonly hardLimit?: number;
  readonly nursery?: number;
  readonly depthLimit?: number;
}): MemoryLimits {
  const { hardLimit = DEFAULT_HARD_LIMIT, nursery, depthLimit = DEFAULT_DEPTH_LIMIT } = options;
  expectBytes('hardLimit', hardLimit, LEAST_HARD_LIMIT, MOST_HARD_LIMIT);
  if (nursery !== undefined) expectBytes('nursery', nursery, LEAST_NURSERY, MOST_NURSERY);
  expectBytes('depthLimit', depthLimit, LEAST_DEPTH_LIMIT, MOST_DEPTH_LIMIT);
  return { hardLimit, nursery, depthLimit };
}

function expectBytes(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(`${name} is ${value}, and has to be a number of bytes from ${least} to ${most}`);
}
