/**
 * How what lies at certain offsets becomes what lies at others: the fields of an object, or of one element. What stays as it is
 * moves as bytes; the rest is read, converted and written.
 */
import type { Stored } from '../../image/index.ts';
import type { Raw } from '../convert.ts';
import { type Memory, read, sizeOf, type WritableMemory, write } from './memory.ts';
import type { Convert } from './value-conversion.ts';

/** Where a component lies, from the record's start. */
export interface Place {
  readonly stored: Stored;
  readonly offset: number;
}

/** What becomes of a part: the new places it takes, and the old ones it had, or how it is computed of all old ones. */
export interface Part {
  readonly places: readonly Place[];
  readonly from: { readonly same: readonly Place[] } | { readonly convert: Convert };
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

interface Computed {
  readonly convert: Convert;
  readonly places: readonly Place[];
}

export class RecordConversion {
  readonly #old: readonly Place[];
  readonly #moves: readonly Move[];
  readonly #computed: readonly Computed[];

  /** `old` are all components that the parts are computed of, in their order. */
  constructor(old: readonly Place[], parts: readonly Part[]) {
    this.#old = old;
    this.#moves = parts.flatMap(({ places, from }) =>
      'same' in from
        ? places.map(({ stored, offset }, i) => ({
            from: (from.same[i] as Place).offset,
            to: offset,
            size: sizeOf(stored),
          }))
        : [],
    );
    this.#computed = parts.flatMap(({ places, from }) =>
      'convert' in from ? [{ convert: from.convert, places }] : [],
    );
  }

  /** Whether every part lies where it lay. */
  get isNothing(): boolean {
    return this.#computed.length === 0 && this.#moves.every(({ from, to }) => from === to);
  }

  /** Throws an `Unconvertible` for a record that cannot be converted. */
  check(from: Memory, at: number): void {
    if (this.#computed.length > 0) this.#compute(from, at, () => undefined);
  }

  /** `to` is where it lies anew, in the memory of `into`. */
  run(from: Memory, at: number, into: WritableMemory, to: number): void {
    for (const move of this.#moves) {
      if (move.size === 4) into.setWord(to + move.to, from.word(at + move.from));
      else if (move.size === 8) {
        into.setWord(to + move.to, from.word(at + move.from));
        into.setWord(to + move.to + 4, from.word(at + move.from + 4));
      } else {
        for (let i = 0; i < move.size; i++) into.u8[to + move.to + i] = from.u8[at + move.from + i] as number;
      }
    }
    if (this.#computed.length === 0) return;
    this.#compute(from, at, ({ stored, offset }, value) => write(into, stored, to + offset, value));
  }

  #compute(from: Memory, at: number, put: (place: Place, value: Raw) => void): void {
    const old = this.#old.map(({ stored, offset }) => read(from, stored, at + offset));
    for (const { convert, places } of this.#computed) {
      const made: Raw[] = [];
      convert(old, 0, made);
      places.forEach((place, i) => {
        put(place, made[i] as Raw);
      });
    }
  }
}
