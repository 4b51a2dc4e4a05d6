/**
 * Brings newly compiled code into the running game. A compilation that arrives is prepared in the background; at the
 * start of the next frame, when nothing of the script is on the stack, it is swapped in, all or nothing. Where live data
 * does not fit the new code the scene starts anew. Where a compilation failed, its errors are shown and the old code
 * goes on.
 */
import type { Image, ScriptEvent, ScriptModule, ScriptProblem } from '../../scripting/image/index.ts';
import type { Patch, ReloadableMachine } from '../script.ts';

/** What the reloader acts on: the game. */
export interface ReloadTarget {
  /** The machine that runs now. */
  readonly machine: ReloadableMachine;
  /** The scene starts anew with this image, because of `reason`. */
  restart(image: Image, reason: string): void;
  showProblems(problems: readonly ScriptProblem[]): void;
  clearProblems(): void;
  /** The new code runs: this image's. */
  replaced(image: Image): void;
  /** Something went wrong that is nobody's mistake in a script. */
  report(error: unknown): void;
}

export class Reloader {
  readonly #target: ReloadTarget;
  #waiting: Patch | undefined;
  /** Counts compilations, so that one which was overtaken while it was prepared is dropped. */
  #newest = 0;
  #ended = false;
  readonly #unsubscribe: () => void;

  constructor(script: ScriptModule<object>, target: ReloadTarget) {
    this.#target = target;
    this.#unsubscribe = script.subscribe((event) => void this.receive(event));
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
    if (event.kind === 'failed') {
      this.#waiting = undefined;
      this.#target.showProblems(event.problems);
      return;
    }
    this.#target.clearProblems();
    try {
      const patch = await this.#target.machine.prepare(event.image);
      if (mine === this.#newest && !this.#ended) this.#waiting = patch;
    } catch (error) {
      if (!this.#ended) this.#target.report(error);
    }
  }

  /** The loop's turn, at the start of a frame. */
  run(): void {
    const patch = this.#waiting;
    if (patch === undefined) return;
    this.#waiting = undefined;
    try {
      const outcome = this.#target.machine.replace(patch);
      if (outcome.kind === 'replaced') this.#target.replaced(patch.image);
      else this.#target.restart(patch.image, outcome.reason);
    } catch (error) {
      this.#target.report(error);
    }
  }
}
