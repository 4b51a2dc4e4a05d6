/** Words that come one after the other, in as much room as they take. */
export class Words {
  #words = new Uint32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(word: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length] = word;
    this.#length += 1;
  }

  /** The word at an index less than `length`. */
  at(index: number): number {
    return this.#words[index] as number;
  }

  /** All of them; further ones may not be in it. */
  get all(): Uint32Array<ArrayBuffer> {
    return this.#words.subarray(0, this.#length);
  }
}
