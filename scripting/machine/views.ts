/**
 * The one accessor for linear memory. A `WebAssembly.Memory` gets a new buffer when it grows, and every view of the old
 * one reads as empty from then on; so nobody keeps a view: all ask here, each time.
 */
export class MemoryViews {
  readonly memory: WebAssembly.Memory;
  #buffer: ArrayBufferLike;
  #u8: Uint8Array;
  #i32: Int32Array;
  #u32: Uint32Array;
  #f32: Float32Array;
  #f64: Float64Array;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    const buffer = memory.buffer;
    this.#buffer = buffer;
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }

  /** Bytes. The other views are indexed by address divided by their element's size. */
  get u8(): Uint8Array {
    if (this.#buffer !== this.memory.buffer) this.#renew();
    return this.#u8;
  }

  get i32(): Int32Array {
    if (this.#buffer !== this.memory.buffer) this.#renew();
    return this.#i32;
  }

  get u32(): Uint32Array {
    if (this.#buffer !== this.memory.buffer) this.#renew();
    return this.#u32;
  }

  get f32(): Float32Array {
    if (this.#buffer !== this.memory.buffer) this.#renew();
    return this.#f32;
  }

  get f64(): Float64Array {
    if (this.#buffer !== this.memory.buffer) this.#renew();
    return this.#f64;
  }

  /** The 32-bit word at an address, unsigned. */
  word(address: number): number {
    return this.u32[address >>> 2] ?? 0;
  }

  setWord(address: number, value: number): void {
    this.u32[address >>> 2] = value;
  }

  #renew(): void {
    const buffer = this.memory.buffer;
    this.#buffer = buffer;
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }
}
