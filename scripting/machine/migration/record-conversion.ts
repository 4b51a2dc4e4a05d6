/**
 * How what lies at certain offsets becomes what lies at others: the fields of an object, or of one element. What stays as it is
 * moves as bytes; the rest is read, converted and written.
 */
import { type Stored, storedSize } from '../../image/index.ts';
import type { Raw } from '../convert.ts';
import { type Memory, read, type WritableMemory, write } from './memory.ts';
import type { Convert } from './value-conversion.ts';

/** Where a component lies, from the record's start. */
export interface Place {
  readonly stored: Stored;
  readonly offset: number;
}

/** What becomes of a part: the new places it takes, and the old ones that it had, or is computed of. */
export interface Part {
  readonly places: readonly Place[];
  readonly from: readonly Place[];
  /** Undefined where it stays as it is. */
  readonly convert?: Convert;
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

type Computed = Required<Part>;

export class RecordConversion {
  readonly #moves: readonly Move[];
  readonly #computed: readonly Computed[];

  constructor(parts: readonly Part[]) {
    this.#moves = parts.flatMap(({ places, from, convert }) =>
      convert !== undefined
        ? []
        : places.map(({ stored, offset }, i) => ({
            from: (from[i] as Place).offset,
            to: offset,
            size: storedSize(stored),
          })),
    );
    this.#computed = parts.filter((part): part is Computed => part.convert !== undefined);
  }

  /** Whether every part lies where it lay. */
  get isNothing(): boolean {
    return this.#computed.length === 0 && this.#moves.every(({ from, to }) => from === to);
  }

  /** Throws an `Unconvertible` for a record that cannot be converted. */
  check(from: Memory, at: number): void {
    for (const part of this.#computed) compute(part, from, at);
  }

  /** `to` is where it lies anew, in the memory of `into`. */
  run(from: Memory, at: number, into: WritableMemory, to: number): void {
    for (const move of this.#moves) {
      if (move.size >= 4) {
        into.setWord(to + move.to, from.word(at + move.from));
        if (move.size === 8) into.setWord(to + move.to + 4, from.word(at + move.from + 4));
      } else {
        for (let i = 0; i < move.size; i++) into.u8[to + move.to + i] = from.u8[at + move.from + i] as number;
      }
    }
    for (const part of this.#computed) {
      const made = compute(part, from, at);
      for (const [i, { stored, offset }] of part.places.entries())
        write(into, stored, to + offset, made[i] as Raw);
    }
  }
}

function compute({ from: places, convert }: Computed, from: Memory, at: number): readonly Raw[] {
  const old: Raw[] = [];
  for (const { stored, offset } of places) old.push(read(from, stored, at + offset));
  const made: Raw[] = [];
  convert(old, 0, made);
  return made;
}
