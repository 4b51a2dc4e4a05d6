/**
 * How long objects live, by samples of them: after each slice of the collector it is looked up which of the sampled objects the heap has
 * found dead. Nothing holds them, and nothing is allocated for it; objects stay where they are (the command forces no collection that
 * moves), and a dead one is heard of before any script can be given its place.
 *
 *     state byte     0 ──a young collection──▶ AGED, OLD: it has survived     still 0: it is dead
 *                    OLD ──swept──▶ OLD: alive                                0: dead
 *
 * A nursery that became old as it stood was not looked at: such objects count as neither dead nor survivors until a cycle frees them, or a
 * whole collection does not.
 */
import {
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  GRANULE_SHIFT,
  NURSERY_QUOTA,
  PHASE_SWEEP,
  STATE_AGED,
  STATE_OLD,
  STATS_COLLECTIONS_MID_RUN,
  STATS_GIVEN_UP,
  STATS_PHASE,
  STATS_TRACING,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
  TRACING_RECLAIM,
} from '../../heap/index.ts';
import { blockKindOf, type MemoryViews } from '../../machine/index.ts';

/** What became of a site's objects in the heap; a sample counts as often as it stands for objects. */
export interface Fate {
  /** Alive after the first collection that looked at them, and dead. */
  survived: number;
  died: number;
  readonly deaths: { readonly frames: number; readonly weight: number }[];
  /** What is alive in the end. */
  readonly kept: { readonly frame: number; readonly bytes: number; readonly weight: number }[];
}

interface Sampled {
  readonly object: number;
  readonly bytes: number;
  readonly weight: number;
  readonly fate: Fate;
  /** The frame that made it, and how many collections there had been. */
  readonly frame: number;
  readonly epoch: number;
  /** Whether it is known to have survived, and whether it became old unseen, so that no young collection will tell. */
  survived: boolean;
  unseen: boolean;
}

/** What the collector has done since the last look. */
interface Look {
  readonly collected: boolean;
  /** All of it. */
  readonly whole: boolean;
  /** A young collection, which has made the nursery old as it stood. */
  readonly unseen: boolean;
}

export class Survivors {
  readonly #views: MemoryViews;
  #samples: Sampled[] = [];
  #frame = 0;
  /** Young and whole collections, and of the former the one that was last. */
  #epoch = 0;
  #young = 0;
  #midRun = 0;
  #givenUp = 0;
  /** Whether a cycle was freeing what it has found dead. */
  #sweeps = false;

  constructor(views: MemoryViews) {
    this.#views = views;
  }

  add(object: number, bytes: number, weight: number, fate: Fate): void {
    this.#samples.push({
      object,
      bytes,
      weight,
      fate,
      frame: this.#frame,
      epoch: this.#epoch,
      survived: false,
      unseen: false,
    });
  }

  /** Before anything else is made: a collection in the middle of a frame, as for want of memory, may just have been. */
  lookAgain(words: Uint32Array): void {
    const same =
      words[STATS_COLLECTIONS_MID_RUN >>> 2] === this.#midRun &&
      words[STATS_YOUNG_COLLECTIONS >>> 2] === this.#young;
    if (!same) this.look(false);
  }

  clear(): void {
    this.#samples = [];
    this.#frame = 0;
    this.look(false);
  }

  /** After a slice. `isFull`: it was a whole collection. */
  look(isFull: boolean): void {
    const views = this.#views;
    const words = views.u32;
    const young = views.word(STATS_YOUNG_COLLECTIONS);
    const midRun = views.word(STATS_COLLECTIONS_MID_RUN);
    const whole = isFull || midRun !== this.#midRun;
    // Of what has been traced all that lives is known; if the freeing is given up, some of its memory is given away before the collection ends.
    const traced = views.word(STATS_TRACING) === TRACING_RECLAIM;
    const collected = whole || traced || young !== this.#young;
    const unseen = !whole && !traced && this.#stoodAsItWas();
    const sweeps = views.word(STATS_PHASE) === PHASE_SWEEP;
    const swept = sweeps || this.#sweeps;
    if (collected) this.#epoch += 1;
    this.#young = young;
    this.#midRun = midRun;
    this.#givenUp = views.word(STATS_GIVEN_UP);
    this.#sweeps = sweeps;
    if (collected || swept)
      this.#samples = this.#samples.filter((sample) =>
        this.#isAlive(sample, { collected, whole, unseen }, words),
      );
  }

  endFrame(): void {
    this.lookAgain(this.#views.u32);
    this.#frame += 1;
  }

  /** After a whole collection: what is left is kept by something. */
  finish(): void {
    this.look(true);
    for (const { fate, frame, bytes, weight } of this.#samples) fate.kept.push({ frame, bytes, weight });
  }

  #isAlive(sample: Sampled, { collected, whole, unseen }: Look, words: Uint32Array): boolean {
    const { object, fate, weight, epoch } = sample;
    const kind = blockKindOf(object, words);
    const inUse = kind === BLOCK_OBJECTS || kind === BLOCK_LARGE;
    if (inUse && epoch === this.#epoch) return true;
    const cell = (object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT);
    if (!inUse || (stateAt(cell >>> 0, words) & (STATE_OLD | STATE_AGED)) === 0) {
      if (!sample.survived) fate.died += weight;
      fate.deaths.push({ frames: this.#frame - sample.frame, weight });
      return false;
    }
    if (!collected || sample.survived) return true;
    if (unseen) sample.unseen = true;
    else if (whole || !sample.unseen) {
      sample.survived = true;
      fate.survived += weight;
    }
    return true;
  }

  /** Whether the last young collection made the nursery old without a look at it. */
  #stoodAsItWas(): boolean {
    const views = this.#views;
    const seen = views.word(STATS_YOUNG_SEEN);
    if (views.word(STATS_YOUNG_SURVIVED) < seen) return false;
    return seen > views.word(NURSERY_QUOTA) || views.word(STATS_GIVEN_UP) !== this.#givenUp;
  }
}

function stateAt(cell: number, words: Uint32Array): number {
  return ((words[cell >>> 2] as number) >>> (8 * (cell & 3))) & 0xff;
}
