/** The object types of one version of a program, as they lie in memory: descriptors, and the objects in its static memory. */
import {
  CLOSURE_CAPTURES,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_ID_AT,
  DESCRIPTOR_OFFSETS_AT,
  GRANULE_SIZE,
} from '../../heap/index.ts';
import type { KeptFunction, Manifest, TypeEntry } from '../../image/index.ts';
import type { FunctionPlan } from '../function-values.ts';
import type { Types } from '../kept.ts';
import type { Place } from '../program.ts';
import type { Memory } from './memory.ts';
import type { Version } from './object-conversion.ts';

/** What is remembered of a version as long as objects of its types may live. */
export interface Remembered {
  readonly types: readonly TypeEntry[];
  readonly kept: Types;
  readonly functions: readonly KeptFunction[];
}

/** The same, and where it was put. */
export interface LinkedVersion extends Remembered {
  readonly place: Place;
  /** Whether its code may run. */
  readonly runs: boolean;
  /** It could not be loaded. */
  readonly failed: boolean;
}

export function remember({ types, kept }: Manifest): Remembered {
  return { types, kept: new Map(kept.types.map((type) => [type.key, type])), functions: kept.functions };
}

/**
 * The same, of what an earlier version has where that is no other: versions that live on for an object or two differ in little. Most edits
 * leave all types as they were, and the whole map of them, which is what is largest, is one for all versions then.
 */
export function sharing(version: Remembered, earlier: Remembered | undefined): Remembered {
  if (earlier === undefined) return version;
  const kept = [...version.kept].map(([key, type]) => [key, shared(type, earlier.kept.get(key))] as const);
  const isSame =
    kept.length === earlier.kept.size && kept.every(([key, type]) => type === earlier.kept.get(key));
  return {
    types: sharedAll(version.types, earlier.types),
    kept: isSame ? earlier.kept : new Map(kept),
    functions: sharedAll(version.functions, earlier.functions),
  };
}

const shared = <T>(one: T, other: T | undefined): T =>
  other !== undefined && JSON.stringify(one) === JSON.stringify(other) ? other : one;

function sharedAll<T>(all: readonly T[], others: readonly T[]): readonly T[] {
  const found = all.map((one, i) => shared(one, others[i]));
  return found.length === others.length && found.every((one, i) => one === others[i]) ? others : found;
}

export class VersionTypes implements Version {
  readonly types: readonly TypeEntry[];
  readonly kept: Types;
  readonly functions: readonly KeptFunction[];
  readonly failed: boolean;
  /** By type ids; 0 for those without. */
  readonly descriptors: readonly number[];
  readonly #place: Place;
  readonly #runs: boolean;
  readonly #end: number;
  readonly #plan: FunctionPlan | undefined;

  /** `plan` says what becomes of its functions. */
  constructor(
    memory: Memory,
    { types, kept, functions, place, runs, failed }: LinkedVersion,
    plan: FunctionPlan | undefined,
  ) {
    this.types = types;
    this.kept = kept;
    this.functions = functions;
    this.#place = place;
    this.#runs = runs;
    this.failed = failed;
    this.#plan = plan;
    const descriptors = types.map(() => 0);
    let at = place.statics;
    for (let left = types.length - 1; left > 0; left--) {
      descriptors[memory.word(at + DESCRIPTOR_ID_AT)] = at;
      // How many fixed fields are addresses, and how many of an element.
      const counts = memory.word(at + DESCRIPTOR_FIXED_AT);
      at = align(at + DESCRIPTOR_OFFSETS_AT + 2 * ((counts & 0xffff) + (counts >>> 16)), 4);
    }
    this.descriptors = descriptors;
    this.#end = at;
  }

  /** The slot, among the version's own, of a function of the table; undefined where it is another's. */
  slot(code: number): number | undefined {
    const slot = code - this.#place.slots;
    return this.#runs && slot >= 0 && slot < this.functions.length ? slot : undefined;
  }

  /** Whether a slot's function has a successor in the new version, or never runs. */
  isSucceeded(slot: number): boolean {
    return !this.#runs || this.#plan?.successor(this.#place.slots, slot) !== undefined;
  }

  successor(entry: TypeEntry): number | undefined {
    const id = this.types.indexOf(entry);
    const slot = this.functions.findIndex(({ object }) => object === id);
    return slot < 0 ? undefined : this.#plan?.successor(this.#place.slots, slot);
  }

  /** Static closures by their slots: they lie after the descriptors. */
  closure(slot: number): number {
    return align(this.#end, GRANULE_SIZE) + slot * align(CLOSURE_CAPTURES, GRANULE_SIZE);
  }

  /** Where the variants without data begin: each takes a granule. */
  get constants(): number {
    return this.closure(this.functions.length);
  }
}

const align = (address: number, to: number): number => Math.ceil(address / to) * to;
