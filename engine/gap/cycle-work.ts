/**
 * How much work a cycle is, before and while it is done. Marking costs a unit an object and an eighth of one an element
 * of a vector, so a number of units for each byte that is old; sweeping costs so many for each block in use. Both are
 * taken from the cycle before: a game's heap is much the same from one cycle to the next.
 *
 * There is a bound as well: no object is smaller than a granule, so marking never takes more than a unit for each.
 */
import { GRANULE_SIZE, PHASE_IDLE, PHASE_MARK, PHASE_MOVE, PHASE_SWEEP } from '../../scripting/heap/index.ts';

/** Until a cycle has been seen: objects of 40 bytes, and 128 units a block. */
const FIRST_PER_BYTE = 1 / 40;
const FIRST_PER_BLOCK = 128;
/** By how much the estimate is raised when a phase turns out to be longer than it said. */
const RAISE = 1.25;
/** A phase that did less than this part of a heap says nothing: it was abandoned, or there was nothing there. */
const TELLING_BYTES = 64 << 10;

export class CycleWork {
  #perByte = FIRST_PER_BYTE;
  #perBlock = FIRST_PER_BLOCK;
  #markTotal = 0;
  #marked = 0;
  #sweepTotal = 0;
  #swept = 0;
  #bytes = 0;
  #blocks = 0;

  /** A cycle begins on so many old bytes in so many blocks. */
  begin(bytes: number, blocks: number): void {
    this.#bytes = bytes;
    this.#blocks = blocks;
    this.#markTotal = this.marking(bytes);
    this.#sweepTotal = this.sweeping(blocks);
    this.#marked = 0;
    this.#swept = 0;
  }

  /** A slice of a phase has done so many units. */
  add(phase: number, units: number): void {
    if (phase === PHASE_MARK) {
      this.#marked += units;
      if (this.#marked > this.#markTotal) this.#markTotal = this.#marked * RAISE;
    } else if (phase === PHASE_SWEEP) {
      this.#swept += units;
      if (this.#swept > this.#sweepTotal) this.#sweepTotal = this.#swept * RAISE;
    }
  }

  /** The cycle is over: what it took is what the next one is expected to take. */
  end(): void {
    if (this.#bytes < TELLING_BYTES) return;
    this.#perByte = Math.min(this.#marked / this.#bytes, 1 / GRANULE_SIZE);
    this.#perBlock = Math.max(this.#swept, 1) / this.#blocks;
  }

  /** Units that marking takes on so many old bytes. */
  marking(bytes: number): number {
    return bytes * this.#perByte;
  }

  /** Units that sweeping takes on so many blocks. */
  sweeping(blocks: number): number {
    return blocks * this.#perBlock;
  }

  /** Units of marking that are left in the cycle in progress. */
  leftToMark(phase: number): number {
    return phase === PHASE_MARK ? this.#markTotal - this.#marked : 0;
  }

  /** Units of sweeping that are left in it. */
  leftToSweep(phase: number): number {
    return phase === PHASE_IDLE || phase === PHASE_MOVE ? 0 : this.#sweepTotal - this.#swept;
  }
}
