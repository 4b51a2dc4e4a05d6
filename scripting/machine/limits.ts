/** The limits that a host may set on a machine's memory, checked before anything is made. */

export interface MemoryLimits {
  /** Bytes. */
  readonly hardLimit: number;
  /** Bytes; undefined for the heap's own. */
  readonly nursery: number | undefined;
}

const MEGABYTE = 1 << 20;
const DEFAULT_HARD_LIMIT = 1024 * MEGABYTE;
/** The fixed areas, a program's literals and globals, and a few blocks. */
const LEAST_HARD_LIMIT = 2 * MEGABYTE;
const MOST_HARD_LIMIT = 4096 * MEGABYTE;
const LEAST_NURSERY = 64 << 10;
const MOST_NURSERY = 256 * MEGABYTE;

/** Throws a `RangeError` that names the option for a number of bytes that cannot be meant. */
export function checkLimits(options: {
  readonly hardLimit?: number;
  readonly nursery?: number;
}): MemoryLimits {
  const { hardLimit = DEFAULT_HARD_LIMIT, nursery } = options;
  expectBytes('hardLimit', hardLimit, LEAST_HARD_LIMIT, MOST_HARD_LIMIT);
  if (nursery !== undefined) expectBytes('nursery', nursery, LEAST_NURSERY, MOST_NURSERY);
  return { hardLimit, nursery };
}

function expectBytes(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(`${name} is ${value}, and has to be a number of bytes from ${least} to ${most}`);
}
