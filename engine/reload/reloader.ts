/**
 * Brings newly compiled code into the running game. A compilation that arrives is prepared in the background; at the
 * start of the next frame, when nothing of the script is on the stack, it is swapped in, all or nothing, and what lives is
 * given its layouts. Where that cannot be, whoever writes the code is asked whether the scene is to start anew; and it does where
 * values of before could not be told from others. Where a compilation failed, its errors are shown and the old code goes on.
 */
import type {
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
  /** Whether another is on its way to take its place: new code would be lost with the one that runs. */
  readonly restarting: boolean;
  /** The scene starts anew with this image, because of `reason`. */
  restart(image: Image, reason: string, times: ReloadTimes): void;
  showProblems(problems: readonly ScriptProblem[]): void;
  clearProblems(): void;
  /** The new code runs: this image's. */
  replaced(image: Image, times: ReloadTimes, names: ReplacedNames): void;
  /** New code is not swapped in unless `use` is called, because of `reason`; where it is refused, the scene starts anew then. */
  ask(kind: 'confirm' | 'refused', reason: string, times: ReloadTimes, use: () => void): void;
  /** The new code cannot be used: a first value fails, or the page lacks what it asks for. The old code goes on. */
  failed(error: unknown, times: ReloadTimes): void;
}

export class Reloader {
  readonly #target: ReloadTarget;
  readonly #clock: Clock;
  #waiting: Waiting | undefined;
  /** The newest compilation that is being prepared. */
  #preparing = -1;
  /** Names of the files that have changed since what runs. */
  readonly #changed = new Set<string>();
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
    for (const file of event.news?.changed ?? []) this.#changed.add(file);
    if (event.kind === 'failed') {
      this.#waiting = undefined;
      this.#target.showProblems(event.problems);
      return;
    }
    this.#target.clearProblems();
    this.#preparing = mine;
    const compiled = event.news?.compiled ?? 0;
    try {
      const patch = await this.#target.machine.prepare(event.image);
      const prepared = this.#clock.now() - start;
      if (mine === this.#newest && !this.#ended) this.#waiting = { patch, prepared, compiled };
    } catch (error) {
      if (!this.#ended) this.#target.failed(error, this.#times(compiled, this.#clock.now() - start, 0));
    }
    if (this.#preparing === mine) this.#preparing = -1;
  }

  #times(compiled: number, prepared: number, swapped: number): ReloadTimes {
    return { changed: [...this.#changed], compiled, prepared, swapped };
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
    if (waiting === undefined || this.#target.restarting) return;
    this.#waiting = undefined;
    const { patch, prepared, compiled } = waiting;
    const start = this.#clock.now();
    const times = (): ReloadTimes => this.#times(compiled, prepared, this.#clock.now() - start);
    try {
      const outcome = this.#target.machine.replace(patch, { ask: !waiting.sure });
      const known = times();
      if (outcome.kind === 'replaced' || outcome.kind === 'restart') this.#changed.clear();
      if (outcome.kind === 'replaced') this.#target.replaced(patch.image, known, outcome);
      else if (outcome.kind === 'restart') this.#target.restart(patch.image, outcome.reason, known);
      else this.#target.ask(outcome.kind, outcome.reason, known, this.#laterUse(waiting));
    } catch (error) {
      this.#target.failed(error, times());
    }
  }
}

interface Waiting {
  /** Whether whoever writes it has said that it is meant so. */
  readonly sure?: boolean;
  readonly patch: Patch;
  readonly prepared: number;
  readonly compiled: number;
}
