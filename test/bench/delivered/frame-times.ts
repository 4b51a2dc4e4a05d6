/** What is noted of each frame of a run: columns, each with a number a frame, in milliseconds by the page's clock. */
const COLUMNS = ['timestamp', 'begin', 'end', 'script', 'slices', 'delay'] as const;

/**
 * `script` is the script alone, as the contender has measured it; `slices` what our collector took in the gap before the frame,
 * and `delay` by how much our collector put off the end of the frame's work.
 */
export type Column = (typeof COLUMNS)[number];

export class FrameTimes {
  /** Frames that have been noted. */
  length = 0;
  readonly #frames: number;
  readonly #columns: Readonly<Record<Column, Float64Array>>;

  constructor(frames: number) {
    this.#frames = frames;
    const column = (): Float64Array => new Float64Array(frames);
    this.#columns = {
      timestamp: column(),
      begin: column(),
      end: column(),
      script: column(),
      slices: column(),
      delay: column(),
    };
  }

  get isFull(): boolean {
    return this.length === this.#frames;
  }

  /** Sets a value of the frame that is being noted; `length` goes up when it is over. */
  set(column: Column, value: number): void {
    this.#columns[column][this.length] = value;
  }

  /** The columns as far as they are filled, each number rounded to a microsecond. */
  rows(): Record<Column, number[]> {
    const rounded = (column: Column): number[] =>
      Array.from(this.#columns[column].subarray(0, this.length), (ms) => Math.round(ms * 1000) / 1000);
    return Object.fromEntries(COLUMNS.map((column) => [column, rounded(column)])) as Record<Column, number[]>;
  }
}
