/** Words that come one after the other. They lie in pieces, so that one more never takes long: nothing is copied to make room. */

const PIECE_SHIFT = 14;
const PIECE = 1 << PIECE_SHIFT;

export class Words {
  readonly #pieces: Uint32Array[] = [];
  #newest = new Uint32Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(word: number): void {
    const at = this.#length & (PIECE - 1);
    if (at === 0) {
      this.#newest = new Uint32Array(PIECE);
      this.#pieces.push(this.#newest);
    }
    this.#newest[at] = word;
    this.#length += 1;
  }

  /** The word at an index less than `length`. */
  at(index: number): number {
    return (this.#pieces[index >>> PIECE_SHIFT] as Uint32Array)[index & (PIECE - 1)] as number;
  }

  /** All of them. */
  get all(): Uint32Array<ArrayBuffer> {
    const steps = this.copied();
    while (true) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same in steps. `room` is how many words more there are, which are 0. */
  *copied(room = 0): Generator<void, Uint32Array<ArrayBuffer>> {
    const words = new Uint32Array(this.#length + room);
    for (const [i, piece] of this.#pieces.entries()) {
      words.set(piece.subarray(0, Math.min(PIECE, this.#length - i * PIECE)), i * PIECE);
      yield;
    }
    return words;
  }
}
