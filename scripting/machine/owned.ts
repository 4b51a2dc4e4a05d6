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
  SUPPRESSED,
} from '../heap/index.ts';
import { DROP_FRAME, DROP_LEFT, FORGET_ALL, FORGOTTEN } from '../image/index.ts';
import type { Calls } from './calls.ts';
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
interface Mark {
  readonly floor: number;
  readonly loans: number;
}

/** Bytes of an entry of the stack. */
const ENTRY = 4;
/** Where the heap has a share to be had again, which what has ended may have let go. */
const SPARE = (OWNERS_ROOM + LOANS_ROOM) * ENTRY;
/** Drop code that fails may have made more that fails likewise. That is let go at some point. */
const MOST_FAILURES = 1000;
/** What was forgotten is dropped by so many a frame. */
const FORGOTTEN_EACH = 256;
/** Drop code that owns more each time is let be at some point. */
const MOST_ENDINGS = 100;

export class OwnedValues {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  readonly #calls: Calls;
  readonly #listener: OwnedListener;
  /** Of the calls that run; none for those that run drop code here, whatever they leave behind being left with the rest. */
  readonly #marks: (Mark | undefined)[] = [];
  /** Whether the next call runs drop code. */
  #drops = false;
  /** Whose drop code runs; undefined while no program has owned anything. */
  #program: LinkedProgram | undefined;

  constructor(views: MemoryViews, heap: Heap, calls: Calls, listener: OwnedListener) {
    this.#views = views;
    this.#heap = heap;
    this.#calls = calls;
    this.#listener = listener;
  }

  /** The program whose drop code runs from now on. */
  use(program: LinkedProgram): void {
    if (program.manifest.drops && this.#views.word(OWNERS) === 0) {
      const room = OWNERS_ROOM + LOANS_ROOM + 1;
      const area = this.#heap.allocateStatic(room * ENTRY) >>> 0;
      this.#heap.addRoots(area, room, ENTRY);
      this.#views.setWord(OWNERS, area);
    }
    this.#program = this.#views.word(OWNERS) !== 0 && program.manifest.drops ? program : undefined;
  }

  /** A call begins. */
  begin(): void {
    const isPlain = this.#drops || this.#program === undefined;
    this.#drops = false;
    const views = this.#views;
    this.#marks.push(
      isPlain ? undefined : { floor: views.word(OWNERS_FLOOR), loans: views.word(LOANS_FLOOR) },
    );
    if (isPlain) return;
    views.setWord(OWNERS_FLOOR, views.word(OWNERS_TOP));
    views.setWord(LOANS_FLOOR, views.word(LOANS_TOP));
  }

  /** It has come to its end. */
  end(): void {
    const mark = this.#marks.pop();
    const owners = this.#views.word(OWNERS);
    if (owners !== 0) this.#views.setWord(owners + SPARE, 0);
    if (mark === undefined) return;
    this.#views.setWord(OWNERS_FLOOR, mark.floor);
    this.#views.setWord(LOANS_FLOOR, mark.loans);
  }

  /** It has failed: what it has left behind is dropped. */
  fail(): void {
    try {
      if (this.#marks.at(-1) !== undefined) this.#dropLeft();
    } finally {
      this.end();
    }
  }

  #dropLeft(): void {
    const views = this.#views;
    const isNothing =
      views.word(OWNERS_TOP) === views.word(OWNERS_FLOOR) &&
      views.word(LOANS_TOP) === views.word(LOANS_FLOOR);
    if (!isNothing) this.#dropAll(DROP_LEFT);
  }

  /** Drops what objects of the frame's arena own, which ends. */
  dropFrame(): void {
    if (this.#program !== undefined && this.#views.word(OWNERS_TOP) > 0) this.#dropAll(DROP_FRAME);
  }

  /** Drops and reports what collections have found forgotten. Nothing of the script is on the stack. */
  dropForgotten(): void {
    for (let count = 0; count < FORGOTTEN_EACH; count += 1) if (!this.#dropNext(true)) return;
  }

  /**
   * The program ends: drops all that is owned, whoever holds it, what was made last before what was made first. Nothing of the script is on
   * the stack. Suppressions of collection end.
   */
  dropEverything(): void {
    if (this.#program === undefined) return;
    while (this.#views.word(SUPPRESSED) !== 0) this.#heap.resume();
    this.dropFrame();
    for (let endings = 0; endings < MOST_ENDINGS; endings += 1) {
      // What is forgotten by now is found and told; of the rest the records are where they can be had.
      this.#heap.collect();
      while (this.#dropNext(true));
      this.#heap.collect();
      this.#run(FORGET_ALL);
      if (!this.#dropNext(false)) return;
      while (this.#dropNext(false));
    }
  }

  /** Drops the next of what waits for it; false where nothing does. */
  #dropNext(isReported: boolean): boolean {
    if (this.#program === undefined) return false;
    const owned = (this.#run(FORGOTTEN) as number) >>> 0;
    if (owned === 0) return false;
    if (isReported) {
      const text = (at: number): string => readString(this.#views, this.#views.word(owned + at));
      this.#listener.forgotten({ type: text(OWNED_TYPE), place: text(OWNED_PLACE) });
    }
    this.#dropLeft();
    return true;
  }

  /** Goes on after each that fails: it is dropped all the same. */
  #dropAll(name: string): void {
    for (let failures = 0; failures < MOST_FAILURES; failures += 1) {
      try {
        this.#run(name);
        return;
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        this.#listener.failed(error);
      }
    }
  }

  #run(name: string): unknown {
    this.#drops = true;
    try {
      return this.#calls.guard(() => this.#program?.need(name)());
    } finally {
      this.#drops = false;
    }
  }
}

export interface OwnedListener {
  /** Drop code has failed that the machine ran. */
  failed(error: ScriptError): void;
  forgotten(forgotten: Forgotten): void;
}

export function reportForgotten({ type, place }: Forgotten): void {
  console.warn(`a ${type} that ${place} owned was forgotten with what held it, and is dropped now`);
}
