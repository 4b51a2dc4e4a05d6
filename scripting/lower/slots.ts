/** The functions that are called through the table, and their places in it. */

interface Slot {
  readonly index: number;
  /** The key of its type. */
  readonly type: string;
  /** The descriptor of its closures, where those capture anything. */
  readonly object: number | undefined;
}

export class Slots {
  readonly #slots = new Map<string, Slot>();
  /** By the places of functions that an edit has had made again: the slot of the last one. */
  readonly #lastSlots = new Map<string, number>();
  #isInOrder = true;
  #wasEdited = false;

  /** Keys of the functions, in the order of their slots. */
  get keys(): readonly string[] {
    return [...this.#slots.keys()];
  }

  get all(): readonly Slot[] {
    return [...this.#slots.values()];
  }

  /** Whether functions in one function have their slots in the order of the text: a reload goes by it. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  /** Functions are lowered anew from here on: those in one function come in the order of the text. */
  beginEdit(): void {
    this.#lastSlots.clear();
    this.#wasEdited = true;
  }

  /** The table's index for a function, which has one from here on. */
  add(key: string, type: string, object: number | undefined): number {
    const index = this.#slots.get(key)?.index ?? this.#slots.size;
    if (this.#wasEdited) this.#noteOrder(key, index);
    this.#slots.set(key, { index, type, object });
    return index;
  }

  #noteOrder(key: string, slot: number): void {
    const place = key.replace(/ fn \d+/g, ' fn');
    const last = this.#lastSlots.get(place);
    if (last !== undefined && slot < last) this.#isInOrder = false;
    this.#lastSlots.set(place, slot);
  }
}
