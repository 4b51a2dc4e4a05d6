/**
 * The one accessor for linear memory. A `WebAssembly.Memory` gets a new buffer when it grows, and every view of the old
 * one reads as empty from then on; when memory shrinks, another `WebAssembly.Memory` takes its place. So nobody keeps a
 * view or a memory: all ask here, each time.
 */
export class MemoryViews {
  #memory: WebAssembly.Memory;
  #views: Views;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#views = viewsOf(memory.buffer);
  }

  get memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /** From now on everything is read from another memory, which holds what this one held. */
  replace(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.#views = viewsOf(memory.buffer);
  }

  /** Bytes. The other views are indexed by address divided by their element's size. */
  get u8(): Uint8Array {
    return this.#current().u8;
  }

  get i32(): Int32Array {
    return this.#current().i32;
  }

  get u32(): Uint32Array {
    return this.#current().u32;
  }

  get f32(): Float32Array {
    return this.#current().f32;
  }

  get f64(): Float64Array {
    return this.#current().f64;
  }

  /** The 32-bit word at an address, unsigned. */
  word(address: number): number {
    return this.u32[address >>> 2] ?? 0;
  }

  setWord(address: number, value: number): void {
    this.u32[address >>> 2] = value;
  }

  #current(): Views {
    const { buffer } = this.#memory;
    if (this.#views.u8.buffer !== buffer) this.#views = viewsOf(buffer);
    return this.#views;
  }
}

interface Views {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    u8: new Uint8Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}
