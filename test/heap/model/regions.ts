/**
 * Where objects are allocated, and what is open: arenas, blocks of code that allocate elsewhere or suppress the collector,
 * and calls, which may fail. What was opened last ends first.
 */
import { SUPPRESSED } from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';
import { equal } from './expect.ts';
import type { Roots } from './roots.ts';
import { FRAME_RANK, HEAP_RANK, type Region, type Thing } from './things.ts';

type Open =
  | { readonly kind: 'arena'; readonly before: Region; readonly region: Region }
  | { readonly kind: 'switch'; readonly before: Region }
  | { readonly kind: 'suppress'; readonly before: Region }
  | { readonly kind: 'call'; readonly before: Region; readonly record: Address };

export class Regions {
  readonly heap: Region = { rank: HEAP_RANK, things: new Set() };
  readonly #target: HeapUnderTest;
  readonly #roots: Roots;
  readonly #frame: Region = { rank: FRAME_RANK, things: new Set() };
  readonly #open: Open[] = [];
  #current: Region = this.heap;
  #suppressed = 0;

  constructor(target: HeapUnderTest, roots: Roots) {
    this.#target = target;
    this.#roots = roots;
  }

  /** Where objects are allocated now. */
  get current(): Region {
    return this.#current;
  }

  /** The arenas that there are, outermost first. */
  get arenas(): Region[] {
    return [this.#frame, ...this.#open.flatMap((open) => (open.kind === 'arena' ? [open.region] : []))];
  }

  get isAnythingOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Whether what was opened last is a call. */
  get isInCall(): boolean {
    return this.#open.at(-1)?.kind === 'call';
  }

  get isSuppressed(): boolean {
    return this.#suppressed > 0;
  }

  openArena(chunkBytes: number, limitBytes: number): void {
    this.#target.heap.openArena(chunkBytes, limitBytes);
    const region: Region = { rank: FRAME_RANK + this.arenas.length, things: new Set() };
    this.#enter({ kind: 'arena', before: this.#current, region }, region);
  }

  enterFrame(): void {
    this.#target.heap.enterFrame();
    this.#enter({ kind: 'switch', before: this.#current }, this.#frame);
  }

  /** What is allocated next lies where a thing does. */
  enterRegionOf(thing: Thing | null): void {
    if (thing === null) return;
    this.#target.heap.enterRegionOf(thing.address);
    this.#enter({ kind: 'switch', before: this.#current }, thing.region);
  }

  enterSuppressed(): void {
    this.#target.heap.enterSuppressed();
    this.#suppressed++;
    this.#enter({ kind: 'suppress', before: this.#current }, this.#current);
  }

  enterCall(): void {
    const record = this.#target.heap.enter();
    this.#enter({ kind: 'call', before: this.#current, record }, this.heap);
  }

  /** Ends what was opened last. */
  close(): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    const { heap } = this.#target;
    switch (open.kind) {
      case 'arena':
        heap.closeArena();
        break;
      case 'switch':
        heap.leaveRegion();
        break;
      case 'suppress':
        heap.leaveSuppressed();
        break;
      case 'call':
        heap.leave(open.record);
    }
    this.#ended();
  }

  closeAll(): void {
    while (this.isAnythingOpen) this.close();
    while (this.isSuppressed) this.resume();
  }

  /** The innermost call fails: all that was opened since ends with it. */
  fail(): void {
    const call = this.#open.findLast((open) => open.kind === 'call');
    if (call === undefined || call.kind !== 'call') return;
    this.#target.heap.unwind(call.record);
    while (this.#open.at(-1) !== call) this.#ended();
    this.#ended();
  }

  suppress(): void {
    this.#target.heap.suppress();
    this.#suppressed++;
  }

  /** Only what `suppress` did: a block that suppresses ends by itself. */
  resume(): void {
    const inBlocks = this.#open.filter((open) => open.kind === 'suppress').length;
    if (this.#suppressed <= inBlocks) return;
    this.#target.heap.resume();
    this.#suppressed--;
  }

  resetFrame(): void {
    if (this.#current === this.#frame || this.#open.some((open) => open.before === this.#frame)) return;
    // Whatever an open arena holds of the frame's would dangle: the loop resets the frame when no script runs.
    if (this.#open.some((open) => open.kind === 'arena')) return;
    this.#target.heap.resetFrame();
    this.#forget(this.#frame);
  }

  compare(): void {
    equal('suppression', this.#target.load(SUPPRESSED), this.#suppressed);
  }

  #enter(open: Open, region: Region): void {
    this.#open.push(open);
    this.#current = region;
  }

  /** The model's side of an end. */
  #ended(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    if (open.kind === 'suppress') this.#suppressed--;
    if (open.kind === 'arena') this.#forget(open.region);
    this.#current = open.before;
  }

  #forget(region: Region): void {
    this.#roots.forget(region);
    region.things.clear();
  }
}
