/**
 * What is known at a place of a printed function: of each variable and each slot of its part of the shadow stack, and which of
 * them hold the same address. Cells are numbered: the variables first, then the slots. Where ways meet, only that is known
 * which holds on each, but what may be wrong on one of them may be wrong.
 */

/** What a cell is known to hold. */
export type Known =
  | { readonly kind: 'anything' }
  | { readonly kind: 'constant'; readonly value: number }
  /** An address in static memory. */
  | { readonly kind: 'static' }
  /** The height of the shadow stack on entry and so many bytes. */
  | { readonly kind: 'shadow'; readonly bytes: number };

/** The class of what holds 0. */
const NOTHING = 0;

export const ANYTHING: Known = { kind: 'anything' };

export class State {
  /** Cells of one class lead into the same object. */
  readonly classes: Int32Array;
  readonly known: Known[];
  /** Whether it may be an address of an object. */
  readonly address: Uint8Array;
  /** Whether what it leads to may have been freed. */
  readonly stale: Uint8Array;
  /** Whether it may lead into an object, and not to its beginning. */
  readonly inside: Uint8Array;
  /** How many arenas were open, at most, when it was found. */
  readonly arenas: Uint8Array;
  /** The height of the shadow stack above that on entry, in bytes; undefined where that differs. */
  top: number | undefined;
  /** What is open, innermost last: `a` an arena, `r` another region, `s` a suppression; undefined where that differs. */
  open: string | undefined;
  #next: number;

  constructor(cells: number, from?: State) {
    this.classes = from?.classes.slice() ?? Int32Array.from({ length: cells }, (_, i) => i + 1);
    this.known = from?.known.slice() ?? Array(cells).fill(ANYTHING);
    this.address = from?.address.slice() ?? new Uint8Array(cells);
    this.stale = from?.stale.slice() ?? new Uint8Array(cells);
    this.inside = from?.inside.slice() ?? new Uint8Array(cells);
    this.arenas = from?.arenas.slice() ?? new Uint8Array(cells);
    this.top = from === undefined ? 0 : from.top;
    this.open = from === undefined ? '' : from.open;
    this.#next = from === undefined ? cells + 1 : from.#next;
  }

  copy(): State {
    return new State(this.classes.length, this);
  }

  /** Something that was not there before. */
  fresh(cell: number, known: Known = ANYTHING): void {
    const isNothing = known.kind === 'constant' && known.value === 0;
    this.classes[cell] = isNothing ? NOTHING : this.#next++;
    this.known[cell] = known;
    this.address[cell] = 0;
    this.stale[cell] = 0;
    this.inside[cell] = 0;
    this.arenas[cell] = 0;
  }

  /** The same as in another cell. */
  same(cell: number, as: number): void {
    this.classes[cell] = this.classes[as] as number;
    this.known[cell] = this.known[as] as Known;
    this.address[cell] = this.address[as] as number;
    this.stale[cell] = this.stale[as] as number;
    this.inside[cell] = this.inside[as] as number;
    this.arenas[cell] = this.arenas[as] as number;
  }

  /** Whether a cell holds nothing that could be freed. */
  isFixed(cell: number): boolean {
    const { kind } = this.known[cell] as Known;
    return kind === 'constant' || kind === 'static';
  }

  /** Takes in what holds on another way to the same place. Says whether anything has changed. */
  meet(other: State): boolean {
    let changed = this.#meetClasses(other);
    for (const [i, known] of this.known.entries()) {
      if (known !== ANYTHING && !isSame(known, other.known[i] as Known)) {
        this.known[i] = ANYTHING;
        changed = true;
      }
    }
    for (const flags of ['address', 'stale', 'inside', 'arenas'] as const) {
      const [mine, theirs] = [this[flags], other[flags]];
      for (let i = 0; i < mine.length; i++)
        if ((theirs[i] as number) > (mine[i] as number)) {
          mine[i] = theirs[i] as number;
          changed = true;
        }
    }
    for (const way of ['top', 'open'] as const)
      if (this[way] !== undefined && this[way] !== other[way]) {
        this[way] = undefined;
        changed = true;
      }
    return changed;
  }

  /** Cells stay in one class where they are in one on both ways. */
  #meetClasses(other: State): boolean {
    const pairs = new Map<number, number>([[0, NOTHING]]);
    const count = this.classes.length + Math.max(this.#next, other.#next) + 1;
    let changed = false;
    // The class that the first cell of each of ours goes to.
    const before = new Int32Array(this.#next).fill(-1);
    for (let i = 0; i < this.classes.length; i++) {
      const mine = this.classes[i] as number;
      const pair = mine * count + (other.classes[i] as number);
      let id = pairs.get(pair);
      if (id === undefined) {
        id = pairs.size;
        pairs.set(pair, id);
      }
      // A class that falls into two is a change; that it gets another number is none.
      if (before[mine] === -1) before[mine] = id;
      else if (before[mine] !== id) changed = true;
      this.classes[i] = id;
    }
    this.#next = pairs.size;
    return changed;
  }
}

function isSame(a: Known, b: Known): boolean {
  if (a.kind === 'constant' && b.kind === 'constant') return a.value === b.value;
  if (a.kind === 'shadow' && b.kind === 'shadow') return a.bytes === b.bytes;
  return a.kind === b.kind;
}
