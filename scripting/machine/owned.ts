/**
 * What scripts own, as the machine sees it. Of a call that has failed, it drops what the call left behind, one after the other: a drop that fails
 * is reported, and the others run. Between frames it drops what a collection has found forgotten, and reports that. Each of these drops
 * is a call of its own, with its own time.
 */
import {
  LOANS_FLOOR,
  LOANS_ROOM,
  LOANS_TOP,
  OWNED_PLACE,
  OWNED_TYPE,
  OWNERS,
  OWNERS_FLOOR,
  OWNERS_ROOM,
  OWNERS_TOP,
} from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { LinkedProgram } from './program.ts';
import { ScriptError } from './script-error.ts';
import { readString } from './text.ts';
import type { MemoryViews } from './views.ts';

/** Something owned that was forgotten with the object of the heap that held it. It was dropped when a collection had found that. */
export interface Forgotten {
  /** Of what was owned: `game.Texture`, by its module and name. */
  readonly type: string;
  /** Where it was made: `game.slu:12:7`. */
  readonly place: string;
}

/** What a call that begins puts aside until it ends: how much belongs to the calls around it. */
export interface OwnedMark {
  readonly floor: number;
  readonly loans: number;
}

/** Runs something of the program as a call that puts nothing aside. */
type Run = (body: () => number | undefined) => number | undefined;

/** Bytes of an entry of the stack. */
const ENTRY = 4;
/** Drop code that fails may have made more that fails likewise. That is let go at some point. */
const MOST_FAILURES = 1000;
/** What was forgotten is dropped by so many a frame. */
const FORGOTTEN_EACH = 256;

export class OwnedValues {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  readonly #listener: OwnedListener;
  /** Whose drop code runs; undefined while no program has owned anything. */
  #program: LinkedProgram | undefined;

  constructor(views: MemoryViews, heap: Heap, listener: OwnedListener) {
    this.#views = views;
    this.#heap = heap;
    this.#listener = listener;
  }

  /** The program whose drop code runs from now on. */
  use(program: LinkedProgram): void {
    if (program.drops && this.#views.word(OWNERS) === 0) {
      const room = OWNERS_ROOM + LOANS_ROOM;
      const area = this.#heap.allocateStatic(room * ENTRY) >>> 0;
      this.#heap.addRoots(area, room, ENTRY);
      this.#views.setWord(OWNERS, area);
    }
    this.#program = this.#views.word(OWNERS) !== 0 && program.drops ? program : undefined;
  }

  /** A call begins. */
  begin(): OwnedMark | undefined {
    if (this.#program === undefined) return undefined;
    const views = this.#views;
    const mark = { floor: views.word(OWNERS_FLOOR), loans: views.word(LOANS_FLOOR) };
    views.setWord(OWNERS_FLOOR, views.word(OWNERS_TOP));
    views.setWord(LOANS_FLOOR, views.word(LOANS_TOP));
    return mark;
  }

  /** It has ended, and what it has left behind was dropped. */
  end(mark: OwnedMark | undefined): void {
    if (mark === undefined) return;
    this.#views.setWord(OWNERS_FLOOR, mark.floor);
    this.#views.setWord(LOANS_FLOOR, mark.loans);
  }

  /** Drops what the call has left behind that has just failed. */
  dropLeft(run: Run): void {
    const views = this.#views;
    if (this.#program === undefined) return;
    if (
      views.word(OWNERS_TOP) === views.word(OWNERS_FLOOR) &&
      views.word(LOANS_TOP) === views.word(LOANS_FLOOR)
    )
      return;
    this.#dropAll(run, 'sluice:drop-left');
  }

  /** Drops what objects of the frame's arena own, which ends. */
  dropFrame(run: Run): void {
    if (this.#program !== undefined && this.#views.word(OWNERS_TOP) > 0)
      this.#dropAll(run, 'sluice:drop-frame');
  }

  /** Drops and reports what collections have found forgotten. Nothing of the script is on the stack. */
  dropForgotten(run: Run): void {
    const program = this.#program;
    if (program === undefined) return;
    for (let count = 0; count < FORGOTTEN_EACH; count += 1) {
      const owned = (run(() => program.need('sluice:forgotten')() as number) ?? 0) >>> 0;
      if (owned === 0) return;
      const text = (at: number): string => readString(this.#views, this.#views.word(owned + at));
      this.#listener.forgotten({ type: text(OWNED_TYPE), place: text(OWNED_PLACE) });
      this.dropLeft(run);
    }
  }

  /** Goes on after each that fails: it is dropped all the same. */
  #dropAll(run: Run, name: string): void {
    const program = this.#program;
    for (let failures = 0; program !== undefined && failures < MOST_FAILURES; failures += 1) {
      try {
        run(() => {
          program.need(name)();
          return undefined;
        });
        return;
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        this.#listener.failed(error);
      }
    }
  }
}

export interface OwnedListener {
  /** Drop code has failed that the machine ran. */
  failed(error: ScriptError): void;
  forgotten(forgotten: Forgotten): void;
}
