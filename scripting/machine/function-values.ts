/**
 * Function values across versions. Each is a number of the table; a new version may have a function that is the old one's successor, and
 * then the old number is given its code: whoever holds the value runs the new code from then on, and nothing of the value changes.
 *
 * Who succeeds whom: both stand in the same function, have the same type, and capture names of the same types. Of several in one
 * function those with the same text are one another's. Those left are, in their order, where as many are left between the same of these:
 *
 *     a b c    ->  a B c      b is changed to B
 *     a b c    ->  b c D      a is gone, and D new: they stand on different sides of b
 *     a b      ->  B A        nobody knows
 *
 * In doubt there is no successor, and the old code stays.
 */
import type { KeptFunction } from '../image/index.ts';
import type { Root, Types } from './kept.ts';
import type { HasTable } from './rebind.ts';

/** By a version's own slots: the slot of the running version that has its successor, or undefined. */
type Successors = readonly (number | undefined)[];

/** What is known of the functions of a version. */
interface Functions {
  readonly functions: readonly KeptFunction[];
  readonly kept: Types;
}

interface Known extends Functions {
  readonly first: number;
  readonly now: Successors;
  /** By its slots: the slot of the table to which the code belongs that it has. */
  readonly code: readonly number[];
}

export class FunctionValues {
  readonly #target: HasTable;
  /** By their first slots: all versions that have slots. */
  readonly #versions = new Map<number, Known>();
  #running: readonly KeptFunction[] = [];

  constructor(target: HasTable) {
    this.#target = target;
  }

  /** A version runs, whose slots begin there. */
  run({ functions, kept }: Functions, first: number, plan?: FunctionPlan): void {
    for (const version of plan?.versions ?? []) {
      const code = version.code.map((own, slot) => {
        const next = version.now[slot];
        return next === undefined ? own : first + next;
      });
      this.#versions.set(version.first, { ...version, code });
    }
    this.#running = functions;
    const now = functions.map((_, slot) => slot);
    this.#versions.set(first, { first, functions, kept, now, code: now.map((slot) => first + slot) });
  }

  /** All modules have put their own code into their slots again: gives old numbers the code that they had. */
  renew(): void {
    const { table } = this.#target;
    const codes = [...this.#versions.values()].flatMap(({ first, code }) =>
      code.map((owner, slot) => [first + slot, table.get(owner) as unknown] as const),
    );
    for (const [slot, code] of codes) table.set(slot, code);
  }

  /** What becomes of all function values with the next version. */
  plan({ functions }: Functions): FunctionPlan {
    const step = successors(this.#running, functions);
    return new FunctionPlan(
      [...this.#versions.values()].map((version) => ({
        ...version,
        now: version.now.map((slot) => (slot === undefined ? undefined : step[slot])),
      })),
    );
  }

  /** Takes the code of old numbers for that of their successors, in the version whose slots begin there. */
  take({ versions }: FunctionPlan, { functions }: Functions, slots: number): Takeover {
    const { table } = this.#target;
    const taken: Taken[] = [];
    for (const { first, now } of versions)
      for (const [slot, next] of now.entries()) {
        if (next === undefined) continue;
        const { needs } = functions[next] as KeptFunction;
        const at = first + slot;
        taken.push({ slot: at, was: table.get(at), is: table.get(slots + next), needs });
      }
    return new Takeover(table, taken);
  }

  /** The slots of the table to which the code belongs that the functions have of the version whose slots begin there. */
  codesOf(first: number): readonly number[] {
    return this.#versions.get(first)?.code ?? [];
  }

  /** Slots get other code, or none. */
  forget(first: number): void {
    this.#versions.delete(first);
  }
}

interface Taken {
  readonly slot: number;
  readonly was: unknown;
  readonly is: unknown;
  /** So many globals, from the first on, must have values before it runs. */
  readonly needs: number;
}

/**
 * Old numbers on their way to new code. While the new version's first values are computed, one after the other, its code must not read
 * globals that have none yet: until then the number has no code, neither that nor its own, which belongs to another version.
 */
export class Takeover {
  readonly #table: WebAssembly.Table;
  readonly #taken: readonly Taken[];
  #waiting: readonly Taken[];

  constructor(table: WebAssembly.Table, taken: readonly Taken[]) {
    this.#table = table;
    this.#taken = taken;
    this.#waiting = taken;
    for (const { slot } of taken) table.set(slot, null);
  }

  /** So many globals, from the first on, have values. */
  computed(globals: number): void {
    const ready = this.#waiting.filter(({ needs }) => needs <= globals);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter(({ needs }) => needs > globals);
    for (const { slot, is } of ready) this.#table.set(slot, is);
  }

  /** All have the code that they had. */
  takeBack(): void {
    for (const { slot, was } of this.#taken) this.#table.set(slot, was);
  }
}

/** What becomes of function values with a further version. */
export class FunctionPlan {
  readonly versions: readonly Known[];

  constructor(versions: readonly Known[]) {
    this.versions = versions;
  }

  /** Keys of the types of functions whose code stays what it was. */
  get staying(): ReadonlySet<string> {
    return new Set(
      this.versions.flatMap(({ functions, now }) =>
        functions.filter((_, slot) => now[slot] === undefined).map(({ type }) => type),
      ),
    );
  }

  /** What those have captured that get new code. */
  get captures(): readonly Root[] {
    return this.versions.flatMap(({ functions, kept, now }) =>
      functions
        .filter((_, slot) => now[slot] !== undefined)
        .flatMap(({ captures }) => captures.map((type) => ({ type, types: kept }))),
    );
  }

  /** The successor of the function of a slot of the version whose slots begin there; undefined where there is none. */
  successor(first: number, slot: number): number | undefined {
    return this.versions.find((version) => version.first === first)?.now[slot];
  }
}

/** By slots of the one version: slots of the next. */
export function successors(was: readonly KeptFunction[], is: readonly KeptFunction[]): Successors {
  const found: (number | undefined)[] = was.map(() => undefined);
  const next = byPlace(is);
  for (const [place, olds] of byPlace(was)) {
    const news = next.get(place) ?? [];
    let left = news;
    for (const old of olds) {
      const same = left.find((slot) => is[slot]?.text === was[old]?.text);
      found[old] = same;
      left = left.filter((slot) => slot !== same);
    }
    const same = new Set(olds.flatMap((old) => found[old] ?? []));
    const oldGaps = gaps(olds, (old) => found[old]);
    const newGaps = gaps(news, (slot) => (same.has(slot) ? slot : undefined));
    for (const [gap, changed] of oldGaps) {
      const into = newGaps.get(gap) ?? [];
      if (changed.length === into.length)
        changed.forEach((old, i) => {
          found[old] = into[i];
        });
    }
  }
  return found;
}

/** Slots of functions that have no other of the same text, by those before them that have. */
function gaps(
  slots: readonly number[],
  sameAs: (slot: number) => number | undefined,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  const before: number[] = [];
  for (const slot of slots) {
    const same = sameAs(slot);
    if (same !== undefined) {
      before.push(same);
      continue;
    }
    const gap = before.join();
    found.set(gap, [...(found.get(gap) ?? []), slot]);
  }
  return found;
}

/** Slots by the places of their functions. */
function byPlace(functions: readonly KeptFunction[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [slot, { place }] of functions.entries()) {
    const slots = found.get(place);
    if (slots === undefined) found.set(place, [slot]);
    else slots.push(slot);
  }
  return found;
}
