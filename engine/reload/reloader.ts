/**
 * Brings newly compiled code into the running game. A compilation that arrives is prepared in the background; at the
 * start of the next frame, when nothing of the script is on the stack, it is swapped in, all or nothing, and what lives is
 * given its layouts. Where that cannot be, whoever writes the code is asked whether the scene is to start anew; and it does where
 * values of before could not be told from others. Where a compilation failed, its errors are shown and the old code goes on.
 */
import type {
  CompileNews,
  Image,
  ReloadReport,
  ScriptEvent,
  ScriptModule,
  ScriptProblem,
} from '../../scripting/image/index.ts';
import { type Clock, pageClock } from '../clock.ts';
import type { Patch, ReloadableMachine, ReplacedNames } from '../script.ts';

/** What is known of a reload when the code was swapped in, or was not. */
export type ReloadTimes = Pick<ReloadReport, 'changed' | 'compiled' | 'prepared' | 'swapped'>;

/** What the reloader acts on: the game. */
export interface ReloadTarget {
  /** The machine that runs now. */
  readonly machine: ReloadableMachine;
  /** The scene starts anew with this image, because of `reason`. */
  restart(image: Image, reason: string, times: ReloadTimes): void;
  showProblems(problems: readonly ScriptProblem[]): void;
  clearProblems(): void;
  /** The new code runs: this image's. */
  replaced(image: Image, times: ReloadTimes, names: ReplacedNames): void;
  /** New code is not swapped in unless `use` is called, because of `reason`; where it is refused, the scene starts anew then. */
  ask(kind: 'confirm' | 'refused', reason: string, times: ReloadTimes, use: () => void): void;
  /** Something went wrong that is nobody's mistake in a script. */
  report(error: unknown): void;
}

export class Reloader {
  readonly #target: ReloadTarget;
  readonly #clock: Clock;
  #waiting: Waiting | undefined;
  /** The newest compilation that is being prepared. */
  #preparing = -1;
  /** Counts compilations, so that one which was overtaken while it was prepared is dropped. */
  #newest = 0;
  #ended = false;
  readonly #unsubscribe: () => void;

  constructor(script: ScriptModule<object>, target: ReloadTarget, clock: Clock = pageClock) {
    this.#target = target;
    this.#clock = clock;
    this.#unsubscribe = script.subscribe((event) => void this.receive(event));
  }

  /** Whether new code is on its way: no frame of the old one need be waited for. */
  get coming(): boolean {
    return this.#waiting !== undefined || this.#preparing === this.#newest;
  }

  /** Hears of nothing any more; what is being prepared is dropped. */
  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    this.#waiting = undefined;
  }

  /** Takes an event of the script; resolves when a patch it brought is ready to be swapped in. */
  async receive(event: ScriptEvent): Promise<void> {
    // Images are the stage's.
    if (this.#ended || event.kind === 'images') return;
    this.#newest += 1;
    const mine = this.#newest;
    const start = this.#clock.now();
    if (event.kind === 'failed') {
      this.#waiting = undefined;
      this.#target.showProblems(event.problems);
      return;
    }
    this.#target.clearProblems();
    this.#preparing = mine;
    try {
      const patch = await this.#target.machine.prepare(event.image);
      const prepared = this.#clock.now() - start;
      if (mine === this.#newest && !this.#ended) this.#waiting = { patch, prepared, news: event.news };
    } catch (error) {
      if (!this.#ended) this.#target.report(error);
    }
    if (this.#preparing === mine) this.#preparing = -1;
  }

  /** Has the next frame swap it in, unless there is newer code by then. */
  #laterUse(waiting: Waiting): () => void {
    const mine = this.#newest;
    return () => {
      if (mine === this.#newest && !this.#ended) this.#waiting = { ...waiting, sure: true };
    };
  }

  /** The loop's turn, at the start of a frame. */
  run(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    const { patch, prepared, news } = waiting;
    const start = this.#clock.now();
    try {
      const outcome = this.#target.machine.replace(patch, { ask: !waiting.sure });
      const swapped = this.#clock.now() - start;
      const times = { changed: [], compiled: 0, ...news, prepared, swapped };
      if (outcome.kind === 'replaced') this.#target.replaced(patch.image, times, outcome);
      else if (outcome.kind === 'restart') this.#target.restart(patch.image, outcome.reason, times);
      else this.#target.ask(outcome.kind, outcome.reason, times, this.#laterUse(waiting));
    } catch (error) {
      this.#target.report(error);
    }
  }
}

interface Waiting {
  /** Whether whoever writes it has said that it is meant so. */
  readonly sure?: boolean;
  readonly patch: Patch;
  readonly prepared: number;
  readonly news: CompileNews | undefined;
}
