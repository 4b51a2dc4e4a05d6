/**
 * Which lines a function's own time goes to. V8's profiler knows functions of WebAssembly and no lines, and nothing of functions that a release
 * has put into others. But a watched program asks now and then whether it may go on, from its loops and recursive calls, and a stack that
 * is taken there says to the byte where that is. One is taken at the first such place after each quarter of a millisecond, so a loop is met
 * as often as it runs long. A function's time, as V8 samples it, is divided among the lines that were met in it.
 */
import type { FunctionTime, LineTime, ProfiledLine } from './recording.ts';
import type { ScriptStacks } from './script-stacks.ts';

/** Milliseconds between two stacks at first, and how many are kept: where there are more, every other goes and the period doubles. */
const PERIOD = 0.25;
const MOST = 16_384;

/** Rounds until the program asks again: often enough for the period, and seldom enough to cost little. */
const ROUNDS = 1000;

/** How much of a native stack is kept: this code, the machine's, the library's, and what of the script has called that. */
const DEPTH = 24;

interface Meeting {
  /** By `performance.now`. */
  readonly at: number;
  readonly stack: Error;
}

export class LineWatch {
  #meetings: Meeting[] = [];
  #period = PERIOD;
  #next = 0;

  /** Where the program asks; returns in how many rounds it asks again. */
  readonly look = (): number => {
    const at = performance.now();
    if (at < this.#next) return ROUNDS;
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = DEPTH;
    this.#meetings.push({ at, stack: new Error() });
    Error.stackTraceLimit = limit;
    if (this.#meetings.length >= MOST) {
      this.#meetings = this.#meetings.filter((_, i) => i % 2 === 0);
      this.#period *= 2;
    }
    this.#next = at + this.#period;
    return ROUNDS;
  };

  /** Forgets what was met. */
  clear(): void {
    this.#meetings = [];
  }

  get meetings(): readonly Meeting[] {
    return this.#meetings;
  }
}

/** Times that a line was met, by the function that it is in. */
type Tally = Map<number, Map<number, number>>;

/** Fewer in one frame say nothing; then what was met in all frames is taken. */
const ENOUGH = 4;

export class Lines {
  /** Those that were met, by index. */
  readonly lines: ProfiledLine[] = [];
  readonly #met: readonly { readonly at: number; readonly line: number }[];
  readonly #everywhere: Tally;

  constructor(watch: LineWatch, stacks: ScriptStacks) {
    this.#met = watch.meetings.flatMap(({ at, stack }) => {
      const found = stacks.innermost(stack.stack ?? '');
      if (found === undefined) return [];
      const { name: inner, file, line } = found.inner;
      return [{ at, line: this.#index({ function: found.function, inner, file, line }) }];
    });
    this.#everywhere = this.#tally(this.#met);
  }

  /** Divides what functions took themselves between two moments. */
  of({ from, to }: { from: number; to: number }, times: readonly FunctionTime[]): LineTime[] {
    const here = this.#tally(this.#met.filter(({ at }) => at >= from && at < to));
    return times
      .flatMap(({ function: index, self }) => {
        const inFrame = here.get(index);
        const counts = total(inFrame) >= ENOUGH ? inFrame : this.#everywhere.get(index);
        const all = total(counts);
        return [...(counts ?? [])].map(([line, count]) => ({ line, self: (self * count) / all }));
      })
      .filter(({ self }) => self > 0)
      .sort((a, b) => b.self - a.self);
  }

  #index(found: ProfiledLine): number {
    const same = this.lines.findIndex(
      (line) =>
        line.function === found.function &&
        line.inner === found.inner &&
        line.line === found.line &&
        line.file === found.file,
    );
    return same >= 0 ? same : this.lines.push(found) - 1;
  }

  #tally(met: readonly { readonly line: number }[]): Tally {
    const tally: Tally = new Map();
    for (const { line } of met) {
      const index = this.lines[line]?.function ?? -1;
      const counts = tally.get(index) ?? new Map<number, number>();
      counts.set(line, (counts.get(line) ?? 0) + 1);
      tally.set(index, counts);
    }
    return tally;
  }
}

const total = (counts: ReadonlyMap<number, number> | undefined): number =>
  [...(counts?.values() ?? [])].reduce((a, b) => a + b, 0);
