/**
 * How long the script's steps are, and how many of them a frame has. With a variable step, a frame has one, as long as
 * the time since the frame before. With a fixed step, a frame has as many as are due:
 *
 *     display   |    16 ms    |    16 ms    |        34 ms            |
 *     steps     |      |      |      |      |      |      |     |     |     of 10 ms
 *               0             1             2                    3          due in the frame, and 6, 2, 6 ms left over
 */
export interface StepOptions {
  /** Seconds: with a variable step, the script never sees a longer one, however long the page slept. Default 0.1. */
  readonly longestStep?: number;
  /** Seconds: every step is this long, and a frame has as many as are due. Default: one step a frame, as long as it is. */
  readonly fixedStep?: number;
  /** How many fixed steps a frame may have to catch up. Time beyond them is lost: the game is slower than the clock. Default 5. */
  readonly mostSteps?: number;
  /**
   * Draws between the last step and the one before, by the time that was not enough for another: smooth at any rate of the display, up to
   * one step late. Needs `fixedStep`. Default false.
   */
  readonly interpolate?: boolean;
  /** How fast time goes in the game: 0 to 100. Default 1. */
  readonly timeScale?: number;
}

/** Frame times are sums of fractions: a step that is due but for their rounding is due. */
const ROUNDING = 1e-9;

export class Steps {
  /** Seconds of each step that `take` found due. */
  length = 0;
  readonly #longest: number;
  readonly #fixed: number | undefined;
  readonly #most: number;
  /** Whether what is drawn lies between two steps. */
  readonly interpolate: boolean;
  #scale = 1;
  /** Seconds that were not enough for a fixed step yet. */
  #left = 0;

  /** Throws a `RangeError` for options out of their range. */
  constructor(options: StepOptions = {}) {
    this.#longest = inRange('longestStep', options.longestStep ?? 0.1, 0.001, 10);
    this.#fixed =
      options.fixedStep === undefined ? undefined : inRange('fixedStep', options.fixedStep, 0.0001, 10);
    this.#most = inRange('mostSteps', options.mostSteps ?? 5, 1, 1000);
    if (!Number.isInteger(this.#most)) throw new RangeError(`mostSteps is a whole number, not ${this.#most}`);
    this.interpolate = options.interpolate ?? false;
    if (typeof this.interpolate !== 'boolean')
      throw new TypeError(`interpolate is true or false, not ${String(this.interpolate)}`);
    if (this.interpolate && this.#fixed === undefined)
      throw new RangeError('interpolate needs a fixedStep: with a variable step every frame has its own');
    this.scale = options.timeScale ?? 1;
  }

  /** How fast time goes in the game. */
  get scale(): number {
    return this.#scale;
  }

  set scale(scale: number) {
    this.#scale = inRange('timeScale', scale, 0, 100);
  }

  /** How much of a fixed step has gone by since the last: 0 up to, not including, 1. */
  get part(): number {
    return this.#fixed === undefined ? 0 : Math.max(0, this.#left / this.#fixed);
  }

  /** Seconds have gone by on the clock. Returns how many steps are due, each of `length`. */
  take(seconds: number): number {
    const scaled = seconds * this.#scale;
    const fixed = this.#fixed;
    if (fixed === undefined) {
      this.length = Math.min(scaled, this.#longest);
      return this.length > 0 ? 1 : 0;
    }
    this.length = fixed;
    this.#left += scaled;
    const due = Math.floor((this.#left + ROUNDING) / fixed);
    this.#left -= due * fixed;
    return Math.min(due, this.#most);
  }

  /** One step, whatever the clock says: `seconds` long where steps are not fixed. */
  takeOne(seconds: number): number {
    this.length = this.#fixed ?? Math.min(seconds, this.#longest);
    return 1;
  }
}

/** Also refuses what is no number. */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new RangeError(`${name} is a number from ${least} to ${most}, not ${String(value)}`);
}
