/** The heap while its objects are converted: what is read, what is written, and what is made anew. */

import { STRESS, STRESS_MOVE, SUPPRESSED } from '../../heap/index.ts';
import type { DevelopmentHeap } from '../development-heap.ts';
import type { LinkedProgram, LinkTarget } from '../program.ts';
import { HeldTrial } from './held-trial.ts';
import { LiveMemory, type Memory, MemoryCopy } from './memory.ts';

export class Site {
  readonly target: LinkTarget;
  readonly heap: DevelopmentHeap;
  readonly into: LiveMemory;
  /** The new version; undefined while nothing is done yet, and conversions are on trial. */
  program: LinkedProgram | undefined;
  /** Of the new version, by type ids. */
  descriptors: readonly number[] = [];
  /** New objects: what they hold may be redirected after they were made. */
  readonly made: number[] = [];
  #from: Memory;
  #trial: HeldTrial | undefined;
  /** A copy that is not needed any more: room of its size is not taken, and found empty page by page, once more. */
  #spare: MemoryCopy | undefined;

  constructor(target: LinkTarget, heap: DevelopmentHeap) {
    this.target = target;
    this.heap = heap;
    this.into = new LiveMemory(target.views);
    this.#from = this.into;
  }

  /** What is converted is read from there, and written to `into`. */
  get from(): Memory {
    return this.#from;
  }

  /** What is converted is read from memory as it is now. */
  copy(): void {
    this.#from = this.#copied();
    this.into.refresh();
  }

  #copied(): MemoryCopy {
    const { views } = this.target;
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.retake(views) === true ? spare : new MemoryCopy(views);
  }

  /** Runs `body`. Meanwhile JavaScript can neither use nor give to scripts what it has held of them before. */
  closed<T>(body: () => T): T {
    return (this.#trial as HeldTrial).closed(body);
  }

  /** Runs `body`, which runs no code, and puts memory back as it was. */
  onTrial<T>(body: () => T): T {
    const copy = this.#copied();
    try {
      return body();
    } finally {
      copy.restore(this.target.views);
      this.into.refresh();
      this.#spare = copy;
    }
  }

  /** Runs `body` with a copy of memory. Where it fails, all is as it was before: memory, and what both sides hold of one another. */
  trial<T>(body: () => T): T {
    const { views, converter, heap } = this.target;
    const copy = this.#copied();
    this.#from = copy;
    this.#trial = new HeldTrial(converter, heap);
    return this.#trial.run(body, () => copy.restore(views));
  }

  /** A full collection, also while collections are suppressed. */
  collect(): void {
    const { heap, views } = this.target;
    const suppressed = views.word(SUPPRESSED);
    views.setWord(SUPPRESSED, 0);
    heap.collect();
    views.setWord(SUPPRESSED, suppressed);
  }

  /** While `body` runs nothing is collected, and nothing moves. */
  holding(body: () => void): void {
    const { views } = this.target;
    const stress = views.word(STRESS);
    views.setWord(STRESS, stress & ~STRESS_MOVE);
    views.setWord(SUPPRESSED, views.word(SUPPRESSED) + 1);
    body();
    views.setWord(SUPPRESSED, views.word(SUPPRESSED) - 1);
    views.setWord(STRESS, stress);
  }

  /** A zeroed object, which is brought up to date at the end. */
  make(descriptor: number, length: number): number {
    const object = this.heap.makeObject(descriptor, length);
    this.into.refresh();
    this.made.push(object);
    return object;
  }

  descriptorOf(type: number): number {
    return this.descriptors[type] as number;
  }
}
