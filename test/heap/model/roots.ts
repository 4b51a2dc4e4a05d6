/** Where a program holds things: locals on the shadow stack, global variables, and the host's handles. */
import { SHADOW_STACK, SHADOW_TOP } from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';
import { equal } from './expect.ts';
import { WORD } from './memory.ts';
import { FRAME_RANK, isInHeap, type Region, type Thing } from './things.ts';

const LOCALS = 12;
const GLOBALS = 6;

/** A cell that is a root, and what it must lead to. */
export type Root = readonly [thing: Thing | null, cell: Address];

export class Roots {
  readonly #target: HeapUnderTest;
  readonly #globalCells: Address;
  readonly #locals: (Thing | null)[] = Array.from({ length: LOCALS }, () => null);
  readonly #globals: (Thing | null)[] = Array.from({ length: GLOBALS }, () => null);
  readonly #handles: { readonly cell: Address; readonly thing: Thing }[] = [];

  constructor(target: HeapUnderTest) {
    this.#target = target;
    this.#globalCells = target.allocateRoots(GLOBALS);
    for (let i = 0; i < LOCALS; i++) target.store(localCell(i), 0);
    target.store(SHADOW_TOP, localCell(LOCALS));
  }

  /** Any number means one of the locals; of the globals likewise. */
  local(i: number): Thing | null {
    return this.#locals[i % LOCALS] ?? null;
  }

  setLocal(i: number, thing: Thing | null): void {
    this.#locals[i % LOCALS] = thing;
    this.#target.store(localCell(i % LOCALS), thing?.address ?? 0);
  }

  /** Globals outlive all arenas but the frame's, and are forgotten with that. */
  setGlobal(i: number, thing: Thing | null): void {
    if (thing !== null && thing.region.rank > FRAME_RANK) return;
    this.#globals[i % GLOBALS] = thing;
    this.#target.store(this.#globalCell(i % GLOBALS), thing?.address ?? 0);
  }

  takeHandle(thing: Thing | null): void {
    if (thing === null || !isInHeap(thing)) return;
    this.#handles.push({ cell: this.#target.heap.newHandle(thing.address) >>> 0, thing });
  }

  freeHandle(i: number): void {
    if (this.#handles.length === 0) return;
    const [handle] = this.#handles.splice(i % this.#handles.length, 1);
    if (handle !== undefined) this.#target.heap.freeHandle(handle.cell);
  }

  /** What compiled code does when an arena ends: no root points into it any more. */
  forget(region: Region): void {
    this.#locals.forEach((thing, i) => {
      if (thing?.region === region) this.setLocal(i, null);
    });
    this.#globals.forEach((thing, i) => {
      if (thing?.region === region) this.setGlobal(i, null);
    });
  }

  things(): (Thing | null)[] {
    return [...this.#globals, ...this.#locals, ...this.#handles.map(({ thing }) => thing)];
  }

  *cells(): Iterable<Root> {
    for (const [i, thing] of this.#globals.entries()) yield [thing, this.#globalCell(i)];
    for (const [i, thing] of this.#locals.entries()) yield [thing, localCell(i)];
    for (const { thing, cell } of this.#handles) yield [thing, cell];
  }

  /** What globals and handles hold is what the model says. */
  compare(): void {
    this.#globals.forEach((thing, i) => {
      equal('a global', this.#target.load(this.#globalCell(i)), thing?.address ?? 0);
    });
    for (const { cell, thing } of this.#handles) equal('a handle', this.#target.load(cell), thing.address);
  }

  #globalCell(i: number): Address {
    return this.#globalCells + i * WORD;
  }
}

function localCell(i: number): Address {
  return SHADOW_STACK + i * WORD;
}
