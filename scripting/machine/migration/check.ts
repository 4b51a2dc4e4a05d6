/** Looks whether everything that lives can be converted: each object and global is, on trial, and nothing is written. */
import { CLOSURE_CODE, GRANULE_SHIFT, VECTOR_DATA, VECTOR_LENGTH } from '../../heap/index.ts';
import { convertGlobal, type LivingGlobal } from './globals.ts';
import type { Known, KnownObjects } from './known-objects.ts';
import { visitObjects } from './live-objects.ts';
import type { ObjectConversion } from './object-conversion.ts';
import type { Site } from './site.ts';
import { findUsedElements, type IsUsed } from './used-elements.ts';
import { Unconvertible } from './value-conversion.ts';

/** Why a migration is not made, and of how many objects that is true. */
export interface Problem {
  readonly reason: string;
  readonly count: number;
}

/** What cannot be converted, the most frequent first. */
export function findProblems(
  site: Site,
  objects: KnownObjects,
  globals: readonly LivingGlobal[],
): readonly Problem[] {
  const check = new Check(site, objects);
  const { stackTraceLimit } = Error;
  // There may be as many as objects, and nobody asks where they were thrown.
  Error.stackTraceLimit = 0;
  try {
    check.heap();
    check.statics();
    for (const global of globals) check.global(global);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return check.problems;
}

class Check {
  readonly #site: Site;
  readonly #objects: KnownObjects;
  readonly #found = new Map<string, number>();

  constructor(site: Site, objects: KnownObjects) {
    this.#site = site;
    this.#objects = objects;
  }

  get problems(): readonly Problem[] {
    return [...this.#found].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  }

  heap(): void {
    const { from } = this.#site;
    const used = findUsedElements(from, this.#objects);
    visitObjects(from, (object, descriptor) => {
      const known = this.#objects.of(descriptor);
      if (known === undefined) return;
      if (known.entry.kind === 'closure') this.#code(known, object);
      this.#attempt(() => this.#object(known, object, used.get(object)));
    });
  }

  #object({ conversion, entry }: Known, object: number, isUsed: IsUsed | undefined): void {
    const { from } = this.#site;
    switch (conversion.kind) {
      case 'none':
      // Its chunks are objects of their own.
      case 'segments':
        return;
      case 'impossible':
        throw new Unconvertible(conversion.reason);
      case 'fixed':
        conversion.record.check(from, object);
        return;
      case 'elements': {
        const length = from.word(object + VECTOR_LENGTH);
        for (let i = 0; i < length; i++)
          if (isUsed?.(i) ?? true) conversion.record.check(from, object + VECTOR_DATA + i * entry.stride);
      }
    }
  }

  /** Code of an earlier version would take new objects for old ones. */
  #code(known: Known, object: number): void {
    const code = this.#site.from.word(object + CLOSURE_CODE);
    for (const version of this.#objects.versions) {
      const slot = version.slot(code);
      if (slot === undefined) continue;
      if (!version.isSucceeded(slot))
        this.#note(withoutSuccessor(version.functions[slot]?.name ?? known.entry.name));
      return;
    }
  }

  statics(): void {
    const { heap, target, into } = this.#site;
    const flags = heap.findUsedStatics();
    into.refresh();
    // Where the heap has no room to look, all count as used.
    const isUsed = (address: number): boolean =>
      flags === 0 || target.views.u8[flags + (address >>> GRANULE_SHIFT)] !== 0;
    for (const version of this.#objects.versions) {
      for (const [slot, { name }] of version.functions.entries())
        if (isUsed(version.closure(slot)) && !version.isSucceeded(slot)) this.#note(withoutSuccessor(name));
      for (const { address, conversion } of this.#objects.constantsOf(version))
        if (isUsed(address)) this.#attempt(() => this.#constant(conversion, address));
    }
  }

  #constant(conversion: ObjectConversion, address: number): void {
    if (conversion.kind === 'impossible') throw new Unconvertible(conversion.reason);
    if (conversion.kind !== 'fixed') return;
    conversion.record.check(this.#site.from, address);
    const reason = this.#objects.whyNoConstant(conversion.type);
    if (reason !== undefined) throw new Unconvertible(reason);
  }

  global(global: LivingGlobal): void {
    this.#attempt(() => convertGlobal(this.#site.from, this.#objects, global));
  }

  #attempt(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (!(error instanceof Unconvertible)) throw error;
      this.#note(error.message);
    }
  }

  #note(reason: string): void {
    this.#found.set(reason, (this.#found.get(reason) ?? 0) + 1);
  }
}

const withoutSuccessor = (name: string): string =>
  `a value of the function \`${name}\` lives on, and the new code has none in its place`;
