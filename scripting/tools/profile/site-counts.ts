/**
 * What each place of a script makes, frame by frame: an exact count of its objects and bytes, and samples of them, by which is known how
 * long they live (`survivors.ts`) and who called (`site-fates.ts`). A site is a place and the type of what it makes.
 *
 * Of a site's objects the first 64 are sampled, then one in two of 128, one in four of 256, and so on: few are, however many there are. Which
 * ones goes by chance, or it would be the same of ten each time where a game does something in tens; but by the same chance in each run. A
 * sample stands for as many as it was chosen from.
 */
import { BLOCK_ARENA } from '../../heap/index.ts';
import type { AllocationSite } from '../../image/index.ts';
import { type AllocationObserver, blockKindOf, type ObjectViews, objectBytes } from '../../machine/index.ts';
import type { SiteCount } from './recording.ts';
import { type Fate, Survivors } from './survivors.ts';

/** Samples that are taken at one distance. */
const SAMPLES = 64;

/** Of the samples the first so many have a stack, and then one of eight. */
const FIRST_STACKS = 16;
const STACKS = 8;

/** How much of a native stack is kept. */
const DEPTH = 48;

export interface SampledCall {
  readonly stack: Error;
  /** Objects that it stands for. */
  readonly weight: number;
}

export interface CountedSite {
  readonly place: AllocationSite;
  readonly type: string;
  readonly fate: Fate;
  readonly calls: readonly SampledCall[];
}

export class SiteCounts implements AllocationObserver {
  readonly #places: readonly AllocationSite[];
  /** By place. */
  readonly #counters: (Counter | undefined)[];
  readonly #all: Counter[] = [];
  /** Those that have made something in this frame. */
  #touched: Counter[] = [];
  #objects: ObjectViews | undefined;
  #survivors: Survivors | undefined;

  constructor(places: readonly AllocationSite[]) {
    this.#places = places;
    this.#counters = new Array(places.length);
  }

  /** By the numbers that frames know them by. */
  get sites(): readonly CountedSite[] {
    return this.#all;
  }

  attach(objects: ObjectViews): void {
    this.#objects = objects;
    this.#survivors = new Survivors(objects.views);
  }

  made(object: number, site: number): void {
    const { views } = this.#objects as ObjectViews;
    const words = views.u32;
    this.#survivors?.lookAgain(words);
    const counter = this.#counter(object, site, words[object >>> 2] as number);
    const bytes = objectBytes(object, words);
    const isArena = blockKindOf(object, words) === BLOCK_ARENA;
    if (counter.objects === 0) this.#touched.push(counter);
    counter.objects += 1;
    if (isArena) counter.arenaBytes += bytes;
    else counter.bytes += bytes;
    counter.left -= 1;
    if (counter.left > 0) return;
    const weight = counter.sample();
    if (!isArena) this.#survivors?.add(object, bytes, weight, counter.fate);
  }

  /** What was made until now is no frame's. */
  clear(): void {
    this.#all.length = 0;
    this.#counters.fill(undefined);
    this.#touched = [];
    this.#survivors?.clear();
  }

  /** After a slice of the collector; `isFull` where that was a whole collection at once. */
  collected(isFull: boolean): void {
    this.#survivors?.look(isFull);
  }

  /** Ends a frame, before its gap: what was made in it. */
  endFrame(): SiteCount[] {
    const counts = this.#touched.map((counter) => counter.take());
    this.#touched = [];
    this.#survivors?.endFrame();
    return counts;
  }

  /** After a whole collection behind the last frame. */
  finish(): void {
    this.#survivors?.finish();
  }

  #counter(object: number, site: number, descriptor: number): Counter {
    let counter = this.#counters[site];
    while (counter !== undefined && counter.descriptor !== descriptor) counter = counter.next;
    if (counter !== undefined) return counter;
    const type = (this.#objects as ObjectViews).typeOf(object);
    const place = this.#places[site] as AllocationSite;
    const added = new Counter(this.#all.length, place, type, descriptor, this.#counters[site]);
    this.#counters[site] = added;
    this.#all.push(added);
    return added;
  }
}

class Counter implements CountedSite {
  readonly place: AllocationSite;
  readonly type: string;
  readonly descriptor: number;
  /** Of the same place and another type. */
  readonly next: Counter | undefined;
  readonly fate: Fate = { survived: 0, died: 0, deaths: [], kept: [] };
  readonly calls: SampledCall[] = [];
  /** In this frame. */
  objects = 0;
  bytes = 0;
  arenaBytes = 0;
  /** Objects until the next sample, how many that stands for, and how many have been taken. */
  left = 1;
  #distance = 1;
  #taken = 0;
  #state: number;
  readonly #index: number;

  constructor(
    index: number,
    place: AllocationSite,
    type: string,
    descriptor: number,
    next: Counter | undefined,
  ) {
    this.#index = index;
    this.#state = index;
    this.place = place;
    this.type = type;
    this.descriptor = descriptor;
    this.next = next;
  }

  /** Returns how many objects this one stands for. */
  sample(): number {
    const weight = this.#distance;
    if (this.#taken < FIRST_STACKS || this.#taken % STACKS === 0)
      this.calls.push({ stack: stackHere(), weight });
    this.#taken += 1;
    if (this.#taken % SAMPLES === 0) this.#distance *= 2;
    this.left = 1 + Math.floor(this.#chance() * (2 * this.#distance - 1));
    return weight;
  }

  /** From 0 up to 1. https://en.wikipedia.org/wiki/Linear_congruential_generator */
  #chance(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) | 0;
    return (this.#state >>> 0) / 2 ** 32;
  }

  take(): SiteCount {
    const { objects, bytes, arenaBytes } = this;
    this.objects = 0;
    this.bytes = 0;
    this.arenaBytes = 0;
    return { site: this.#index, objects, bytes, arenaBytes };
  }
}

function stackHere(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const stack = new Error();
  Error.stackTraceLimit = limit;
  return stack;
}
