/** What a benchmark is: one piece of work, done by several programs that are measured in turn. */

/** What one round of a program came to. */
export interface Sample {
  /** Milliseconds of the work alone. */
  readonly ms: number;
  /** Further figures that belong to it, by the name they have in the table. */
  readonly further?: Readonly<Record<string, number>>;
}

export interface Contender {
  /** As the table calls it: `Sluice`, `V8`, `Lua (wasmoon)`. */
  readonly name: string;
  /**
   * Does a round of the work, checks its result and throws where it is wrong. A peer that is much slower does only a
   * share of the work, and returns the time the whole would have taken.
   */
  round(): Sample | Promise<Sample>;
  /** The share of the work that a round does, from 0 to 1. Default 1. */
  readonly share?: number;
  /** Rounds that count. Default: as many as the others. A slow peer runs one. */
  readonly rounds?: number;
  close?(): void;
}

/** What a ratio of Sluice's time to a peer's should be at most. */
export interface Aim {
  readonly peer: string;
  readonly ratio: number;
  /** The further figure that is related instead of the time. */
  readonly figure?: string;
}

/** How much of a benchmark is run: from the command line. */
export interface Scale {
  /** Frames in a round of what runs by frames. */
  readonly frames: number;
  /** The live megabytes that pauses are measured at. */
  readonly sizes: readonly number[];
}

export interface Benchmark {
  readonly name: string;
  /** One line: what is done. */
  readonly work: string;
  /** What a time is divided by for the table: 1,000,000 objects give `ns` an object. */
  readonly per?: { readonly count: number; readonly unit: string };
  readonly aims: readonly Aim[];
  /** How many rounds count, where the command line does not say. Default 7. */
  readonly rounds?: number;
  /** Rounds before those that count. Default 5. */
  readonly warmUp?: number;
  /** Makes the programs ready to run. The first is Sluice's. */
  contenders(scale: Scale): Promise<readonly Contender[]>;
}

/** Runs `work` once and returns what it took; `check` gets its result and throws where that is wrong. */
export function timed<T>(work: () => T, check: (result: T) => void): Sample {
  const begin = performance.now();
  const result = work();
  const ms = performance.now() - begin;
  check(result);
  return { ms };
}

/** Fails a round whose result is wrong. */
export function expectResult(actual: unknown, expected: number, who: string): void {
  if (actual !== expected) throw new Error(`${who} computed ${String(actual)} where ${expected} is right`);
}
