/**
 * What a game may say about its memory and about the time that collection may take. The numbers are checked when a machine
 * is there to check them against, so that a wrong one is an error at the start and not a slow game.
 *
 *     0 ──────── live ─────────── goal ────── soft limit ───────────────── hard limit
 *                cycles begin and end here    debt: a share of every frame  the script's call fails
 */
export interface LimitOptions {
  /**
   * Bytes of objects and arenas that the heap should stay within: cycles finish before it is reached as long as frames leave
   * gaps; beyond it the collector is in debt, and gets a share of every frame. More than 0, at most the hard limit.
   * Default: half of the hard limit.
   */
  readonly softLimit?: number;
  /**
   * Milliseconds of one gap that a cycle's slices may take while the soft limit is kept; more than 0. Default: as much as
   * the gap has.
   */
  readonly budget?: number;
  /**
   * Milliseconds of a cycle's slices that a frame without a gap is charged with at least, once the heap is beyond the soft
   * limit; more than 0, at most 4. Default 1.
   */
  readonly guarantee?: number;
}

/** The same with nothing left out. */
export interface Limits {
  readonly softLimit: number;
  readonly hardLimit: number;
  readonly budget: number;
  readonly guarantee: number;
}

const GUARANTEE = 1;
/** The browser is kept from its other work no longer than a turn. */
const LARGEST_GUARANTEE = 4;

/** Fills in what was left out. Throws a `RangeError` that names the option for a number that cannot be meant. */
export function resolveLimits(options: LimitOptions, hardLimit: number): Limits {
  const { softLimit = hardLimit / 2, budget = Number.POSITIVE_INFINITY, guarantee = GUARANTEE } = options;
  expectPositive('softLimit', softLimit, 'bytes');
  expectPositive('budget', budget, 'milliseconds of a gap');
  expectPositive('guarantee', guarantee, 'milliseconds of a frame');
  if (softLimit > hardLimit)
    throw new RangeError(
      `softLimit is ${softLimit} bytes, more than the hard limit of ${hardLimit}: lower it, or raise hardLimit`,
    );
  if (guarantee > LARGEST_GUARANTEE)
    throw new RangeError(
      `guarantee is ${guarantee} ms of every late frame; at most ${LARGEST_GUARANTEE} can be given`,
    );
  return { softLimit, hardLimit, budget, guarantee };
}

function expectPositive(name: string, value: number, unit: string): void {
  if (!(value > 0)) throw new RangeError(`${name} is ${value}, and has to be a number of ${unit} above 0`);
}
