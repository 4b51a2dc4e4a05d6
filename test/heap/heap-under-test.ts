/**
 * build/heap.wasm on a memory of its own, for tests: its exports with types, its failures as exceptions, and what a
 * compiled program would bring along: descriptors in static memory, inlined allocation, a shadow stack.
 */
import { readFileSync } from 'node:fs';
import {
  BLOCK_MASK,
  BLOCK_SIZE,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_ID_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_MASK,
  GRANULE_SHIFT,
  KIND_ARRAY,
  KIND_OBJECT,
  LIMIT,
  SHADOW_TOP,
  STATE_CLEAN,
  STATIC_BASE,
  STATS_TRACING,
  STRING_BYTES,
  STRING_DATA,
  TOP,
  VERIFY_ADDRESS,
  VERIFY_CODE,
  VERIFY_OBJECT,
} from '../../scripting/heap/index.ts';

/** An address in the heap's memory, as WebAssembly passes it; 0 is no object. */
export type Address = number;

export interface HeapExports {
  initialise(hardLimitBytes: number): void;
  allocateStatic(bytes: number): Address;
  addRoots(address: Address, count: number, stride: number): void;
  allocateSlow(size: number): Address;
  allocateArray(descriptor: Address, length: bigint): Address;
  mutVectorGrow(vector: Address, descriptor: Address, room: number): void;
  segmentsAdd(segments: Address, chunk: Address, directory: Address, shift: number): number;
  segmentsClear(segments: Address): void;
  arrayCopy(target: Address, to: number, source: Address, from: number, count: number): void;
  arrayClear(array: Address, index: number, count: number): void;
  openArena(chunkBytes: number, limitBytes: number): Address;
  closeArena(): void;
  arenaUsed(region: Address): bigint;
  arenaCapacity(region: Address): bigint;
  arenaPeak(region: Address): bigint;
  enterFrame(): void;
  enterRegionOf(object: Address): void;
  leaveRegion(): void;
  resetFrame(): void;
  suppress(): void;
  resume(): void;
  enterSuppressed(): void;
  leaveSuppressed(): void;
  enter(): Address;
  leave(record: Address): void;
  unwind(record: Address): void;
  newHandle(object: Address): Address;
  freeHandle(cell: Address): void;
  newWeak(object: Address): Address;
  upgrade(weak: Address): Address;
  registerDrop(object: Address, code: number): void;
  takeDrop(): Address;
  newProxy(index: number, generation: number): Address;
  takeDeadProxy(): Address;
  remember(object: Address, slot: Address): void;
  requestCollection(): void;
  collect(): void;
  gapSlice(work: number): number;
  force(wishes: number): void;
  forceSlice(work: number): number;
  endForce(): void;
  finishMove(): void;
  trim(): number;
  verify(): number;
  setStress(modes: number): void;

  textMark(): number;
  textString(string: Address): void;
  textQuoted(string: Address): void;
  textBool(value: number): void;
  textI64(value: bigint): void;
  textU64(value: bigint): void;
  textF64(value: number): void;
  textFixed(value: number, decimals: number): void;
  textF32(value: number): void;
  textPoint(point: bigint): void;
  textTake(mark: number): Address;
  stringOffset(string: Address, index: bigint): bigint;
  stringIndex(string: Address, offset: bigint): bigint;
  stringPoint(string: Address, index: bigint): bigint;
  stringFind(string: Address, part: Address, from: bigint): bigint;
  stringCut(string: Address, from: bigint, to: bigint): Address;
  stringTrim(string: Address): Address;
  stringUpcase(string: Address): Address;
  stringDowncase(string: Address): Address;
  isInteger(string: Address): number;
  readInteger(string: Address): bigint;
  isDecimal(string: Address): number;
  readDecimal(string: Address): number;
  textPrint(mark: number, line: number): void;
  stringEqual(left: Address, right: Address): number;
  stringCompare(left: Address, right: Address): number;
  stringLength(string: Address): bigint;

  sin(x: number): number;
  cos(x: number): number;
  tan(x: number): number;
  asin(x: number): number;
  acos(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  exp(x: number): number;
  log(x: number): number;
  pow(x: number, y: number): number;
  roundF64(x: number): number;
  remF64(x: number, y: number): number;
  random(): number;
  randomInt(from: bigint, to: bigint): bigint;
  randomSeed(seed: bigint): void;
  timeMs(): number;
}

/** Thrown by `host.fail`: the numbers the heap gave. */
export class HeapFailure extends Error {
  constructor(
    readonly kind: number,
    readonly a: number,
    readonly b: number,
  ) {
    super(`heap failure ${kind} (${a}, ${b})`);
  }
}

export interface HeapOptions {
  /** Hard limit in bytes; 0 or nothing: none. */
  readonly hardLimit?: number;
  /** Most 64 KiB pages the memory can have, as a host may set it. */
  readonly maximumPages?: number;
  /** STRESS_ bits. */
  readonly stress?: number;
  /** False: stores are made without the write barrier, to see that tests notice. */
  readonly barrier?: boolean;
  /** The heap's module; the one that is built otherwise. */
  readonly module?: WebAssembly.Module;
}

export interface Layout {
  /** Bytes of the fixed part, header included. */
  readonly size: number;
  /** Offsets of the fixed addresses from the object's start. */
  readonly addresses?: readonly number[];
  /** Bytes of one element; nothing: not an array. */
  readonly stride?: number;
  /** Offsets of an element's addresses from its start. */
  readonly elementAddresses?: readonly number[];
}

const read = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(new URL(`../../build/${name}`, import.meta.url)));

const HEAP_MODULE = read('heap.wasm');

/** The heap of checked builds. */
export const CHECKED_MODULE = read('heap-checked.wasm');

const WORD = 4;

export class HeapUnderTest {
  readonly memory: WebAssembly.Memory;
  heap: HeapExports;
  /** Everything that was printed. */
  printed = '';
  #view: DataView;
  #words = new Uint32Array(0);
  #staticTop: Address;
  #staticEnd: Address;
  #types = 1;
  readonly #barrier: boolean;
  /** Whether this is the heap of checked builds, which overwrites all that it frees. */
  readonly isChecked: boolean;

  constructor(options: HeapOptions = {}) {
    const initial = STATIC_BASE / BLOCK_SIZE;
    this.memory = new WebAssembly.Memory({ initial, maximum: options.maximumPages ?? 65536 });
    this.#view = new DataView(this.memory.buffer);
    const host = {
      fail: (kind: number, _site: number, a: number, b: number) => {
        throw new HeapFailure(kind, a, b);
      },
      print: (pointer: Address, bytes: number) => {
        this.printed += this.#decode(pointer, bytes);
      },
      time: () => 12.5,
      now: () => 12.5,
    };
    this.#barrier = options.barrier ?? true;
    this.isChecked = options.module === CHECKED_MODULE;
    const instance = new WebAssembly.Instance(options.module ?? HEAP_MODULE, {
      env: { memory: this.memory },
      host,
    });
    // The build is what gives these types; nothing can check them here.
    this.heap = instance.exports as unknown as HeapExports;
    this.heap.initialise(options.hardLimit ?? 0);
    this.#staticTop = this.heap.allocateStatic(BLOCK_SIZE) >>> 0;
    this.#staticEnd = this.#staticTop + BLOCK_SIZE;
    if (options.stress !== undefined) this.heap.setStress(options.stress);
  }

  /** The memory as it is now: growing it replaces the buffer. */
  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }

  /** A word; the view on words has no length any more when memory has grown. */
  load(address: Address): number {
    if (this.#words.length === 0) this.#words = new Uint32Array(this.memory.buffer);
    const word = (address & 3) === 0 ? this.#words[address >>> 2] : undefined;
    if (word === undefined) throw new RangeError(`there is no word at ${address}`);
    return word;
  }

  loadF64(address: Address): number {
    return this.view.getFloat64(address, true);
  }

  store(address: Address, value: number): void {
    this.view.setUint32(address, value, true);
  }

  /** What compiled code does to store an address into an object: the barrier's test, then the store. */
  storeAddress(object: Address, cell: Address, value: Address): void {
    const state = (object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT);
    if (this.#barrier && this.view.getUint8(state >>> 0) & STATE_CLEAN) this.heap.remember(object, cell);
    this.store(cell, value);
  }

  /** Zeroed static memory, granule by granule. */
  allocateStatic(bytes: number): Address {
    const address = this.#staticTop;
    this.#staticTop += (bytes + GRANULE_MASK) & ~GRANULE_MASK;
    if (this.#staticTop > this.#staticEnd) throw new RangeError('the test needs more static memory');
    return address;
  }

  /** Cells that are roots. */
  allocateRoots(count: number): Address {
    const address = this.allocateStatic(count * WORD);
    this.heap.addRoots(address, count, WORD);
    return address;
  }

  describe(layout: Layout): Address {
    const fixed = layout.addresses ?? [];
    const element = layout.elementAddresses ?? [];
    const offsets = [...fixed, ...element];
    const address = this.allocateStatic(DESCRIPTOR_OFFSETS_AT + offsets.length * 2);
    const view = this.view;
    const kind = layout.stride === undefined ? KIND_OBJECT : KIND_ARRAY;
    view.setUint32(address, (DESCRIPTOR_MAGIC + kind) >>> 0, true);
    view.setUint32(address + DESCRIPTOR_SIZE_AT, layout.size, true);
    view.setUint32(address + DESCRIPTOR_STRIDE_AT, layout.stride ?? 0, true);
    view.setUint16(address + DESCRIPTOR_FIXED_AT, fixed.length, true);
    view.setUint16(address + DESCRIPTOR_ELEMENT_AT, element.length, true);
    view.setUint32(address + DESCRIPTOR_ID_AT, this.#types++, true);
    offsets.forEach((offset, i) => {
      view.setUint16(address + DESCRIPTOR_OFFSETS_AT + i * 2, offset, true);
    });
    return address;
  }

  /** What compiled code does inline for an object of fixed size; its fields are set to 0. */
  allocate(descriptor: Address): Address {
    const size = (this.load(descriptor + DESCRIPTOR_SIZE_AT) + GRANULE_MASK) & ~GRANULE_MASK;
    let object = this.load(TOP);
    if (object + size > this.load(LIMIT)) object = this.heap.allocateSlow(size) >>> 0;
    else this.store(TOP, object + size);
    new Uint8Array(this.memory.buffer, object, size).fill(0);
    this.store(object, descriptor);
    return object;
  }

  allocateArray(descriptor: Address, length: number): Address {
    return this.heap.allocateArray(descriptor, BigInt(length)) >>> 0;
  }

  /** Puts addresses on the shadow stack while `body` runs. */
  holding<T>(addresses: readonly Address[], body: () => T): T {
    const base = this.load(SHADOW_TOP);
    addresses.forEach((address, i) => {
      this.store(base + i * WORD, address);
    });
    this.store(SHADOW_TOP, base + addresses.length * WORD);
    const result = body();
    this.store(SHADOW_TOP, base);
    return result;
  }

  /** Runs `body` as a call into script code; after a failure everything it left open is unwound. */
  call<T>(body: () => T): T {
    const record = this.heap.enter();
    let result: T;
    try {
      result = body();
    } catch (failure) {
      this.heap.unwind(record);
      throw failure;
    }
    this.heap.leave(record);
    return result;
  }

  /** The failure that a call ends with; it must end with one. */
  failureOf(body: () => void): HeapFailure {
    try {
      this.call(body);
    } catch (failure) {
      if (failure instanceof HeapFailure) return failure;
      throw failure;
    }
    throw new Error('the call did not fail');
  }

  makeString(text: string): Address {
    const bytes = new TextEncoder().encode(text);
    const mark = this.heap.textMark();
    // The only way in from outside is through a string: one is made as the machine makes them.
    const string = this.heap.textTake(mark) >>> 0;
    if (bytes.length === 0) return string;
    const array = this.heap.allocateArray(this.load(string), BigInt(bytes.length)) >>> 0;
    new Uint8Array(this.memory.buffer, array + STRING_DATA, bytes.length).set(bytes);
    this.store(array + STRING_DATA - WORD, [...text].length);
    return array;
  }

  readString(string: Address): string {
    return this.#decode(string + STRING_DATA, this.load(string + STRING_BYTES));
  }

  /** What the text functions called by `write` put together. */
  text(write: (heap: HeapExports) => void): string {
    const mark = this.heap.textMark();
    write(this.heap);
    return this.readString(this.heap.textTake(mark) >>> 0);
  }

  /**
   * A slice in a gap; of a young collection that traces, all portions of so much work, since nothing may be done to objects between
   * two of them. 0 where nothing more is due.
   */
  gap(work: number): number {
    let more = this.heap.gapSlice(work);
    while (this.isTracing) more = this.heap.gapSlice(work);
    return more;
  }

  /** Whether a young collection is between two portions. */
  get isTracing(): boolean {
    return this.load(STATS_TRACING) !== 0;
  }

  /** Throws where the heap is not sound. */
  check(): void {
    if (this.heap.verify() === 0) return;
    const at = (cell: number) => `0x${this.load(cell).toString(16)}`;
    throw new Error(`rule ${this.load(VERIFY_CODE)} broken in ${at(VERIFY_OBJECT)}: ${at(VERIFY_ADDRESS)}`);
  }

  #decode(pointer: Address, bytes: number): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      new Uint8Array(this.memory.buffer, pointer >>> 0, bytes),
    );
  }
}
