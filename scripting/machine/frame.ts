/**
 * One frame of a script, and what fails in it. The frame's call keeps its place in memory: at which of its stages it is, as the script's
 * own `frame` or a behaviour, and at which entity of that. When something fails, the call is entered again after it, so that one broken
 * entity does not stop the others.
 */
import { IN_FRAME, PLACE_BEHAVIOUR, PLACE_ENTITY } from '../heap/index.ts';
import type { Calls } from './calls.ts';
import type { LinkedProgram } from './program.ts';
import { ScriptError } from './script-error.ts';
import type { MemoryViews } from './views.ts';

/** Something that failed in frames: reported when it fails first, counted from then on. */
export interface FrameFailure {
  /** The first error of its kind. */
  readonly error: ScriptError;
  /** What ran: `scene`, `frame`, `timers`, a behaviour's name, or `drop`: drop code of what a failed call had left behind, or of what was forgotten. */
  readonly where: string;
  /** Which entity of the behaviour's pool it first was; -1 in what is no behaviour. */
  readonly entity: number;
  /** How often it has failed by now, in this frame and earlier ones. */
  readonly count: number;
}

/** So many endless loops are waited for in one frame; then the rest of the frame is left out. */
const LONGEST_WAITS = 2;

export class Frames {
  readonly #views: MemoryViews;
  readonly #calls: Calls;
  readonly #listener: (failure: FrameFailure) => void;
  readonly #failures = new Map<string, FrameFailure & { count: number }>();
  #running = false;

  constructor(views: MemoryViews, calls: Calls, listener: (failure: FrameFailure) => void) {
    this.#views = views;
    this.#calls = calls;
    this.#listener = listener;
  }

  /** True in a frame's call, also while the listener hears of what failed: the rest of the frame comes after that. */
  get running(): boolean {
    return this.#running;
  }

  /** What has failed so far, each kind once. */
  get failures(): readonly FrameFailure[] {
    return [...this.#failures.values()];
  }

  /** New code: what fails from now on is news again. */
  forget(): void {
    this.#failures.clear();
  }

  /** Runs a frame to its end, whatever fails. Returns how many calls failed. */
  step(program: LinkedProgram, dt: number): number {
    this.#running = true;
    try {
      return this.#step(program, dt);
    } finally {
      this.#running = false;
    }
  }

  #step(program: LinkedProgram, dt: number): number {
    this.#views.setWord(IN_FRAME, 1);
    let failed = 0;
    let waits = 0;
    for (;;) {
      const record = this.#calls.enter();
      try {
        program.step(dt);
      } catch (thrown) {
        const error = this.#calls.abandon(record, thrown);
        if (!(error instanceof ScriptError)) {
          // The host's own printing or clock failed: this frame is given up, and the next begins anew.
          this.#place(0, 0);
          throw error;
        }
        failed += 1;
        if (error.kind === 'fuel') waits += 1;
        this.#noteIn(error, program);
        if (!this.#moveOn(program, waits >= LONGEST_WAITS)) return failed;
        continue;
      }
      this.#calls.leave(record);
      return failed;
    }
  }

  #noteIn(error: ScriptError, program: LinkedProgram): void {
    const where = program.manifest.stages[this.#views.word(PLACE_BEHAVIOUR)] ?? 'the end of the frame';
    this.note(error, where, where.startsWith('behave ') ? this.#views.word(PLACE_ENTITY) : -1);
  }

  /** Reports what has failed, where it is news. */
  note(error: ScriptError, where: string, entity = -1): void {
    const known = this.#failures.get(error.identity);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const failure = { error, where, entity, count: 1 };
    this.#failures.set(error.identity, failure);
    this.#listener(failure);
  }

  /** Puts the place after what failed. False where nothing of the frame is left. */
  #moveOn(program: LinkedProgram, toTheEnd: boolean): boolean {
    const stages = program.manifest.stages.length;
    const stage = this.#views.word(PLACE_BEHAVIOUR);
    if (stage >= stages) {
      // The end of the frame itself failed: the next frame begins anew.
      this.#place(0, 0);
      return false;
    }
    if (toTheEnd) this.#place(stages, 0);
    else this.#place(stage, this.#views.word(PLACE_ENTITY) + 1);
    return true;
  }

  #place(stage: number, entity: number): void {
    this.#views.setWord(PLACE_BEHAVIOUR, stage);
    this.#views.setWord(PLACE_ENTITY, entity);
  }
}
