/** Components of values in linear memory. */
import type { Stored } from '../../image/index.ts';
import type { Raw } from '../convert.ts';

/** Memory that is read: the linear memory, or a copy of it. */
export interface Memory {
  readonly u8: Uint8Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  /** The 32-bit word at an address, unsigned. */
  word(address: number): number;
}

export interface WritableMemory extends Memory {
  setWord(address: number, value: number): void;
}

/** An array of bytes, as numbers of every size: of one buffer, so that whoever goes through it does not ask each time which. */
class Bytes implements WritableMemory {
  u8: Uint8Array;
  f32: Float32Array;
  f64: Float64Array;
  #u32: Uint32Array;

  constructor(u8: Uint8Array) {
    this.u8 = u8;
    this.f32 = new Float32Array(u8.buffer);
    this.f64 = new Float64Array(u8.buffer);
    this.#u32 = new Uint32Array(u8.buffer);
  }

  word(address: number): number {
    return this.#u32[address >>> 2] ?? 0;
  }

  setWord(address: number, value: number): void {
    this.#u32[address >>> 2] = value;
  }

  protected take(other: Bytes): void {
    this.u8 = other.u8;
    this.f32 = other.f32;
    this.f64 = other.f64;
    this.#u32 = other.#u32;
  }
}

/** The linear memory, which has another buffer after it grew: `refresh` after whatever may take memory. */
export class LiveMemory extends Bytes {
  readonly #views: Pick<Memory, 'u8'>;

  constructor(views: Pick<Memory, 'u8'>) {
    super(views.u8);
    this.#views = views;
  }

  refresh(): void {
    if (this.u8.buffer !== this.#views.u8.buffer) this.take(new Bytes(this.#views.u8));
  }
}

/** What memory holds now, to be read, and put back, when it holds something else. */
export class MemoryCopy extends Bytes {
  constructor({ u8 }: Pick<Memory, 'u8'>) {
    super(u8.slice());
  }

  /** Takes what memory holds by now, if it is as large as it was. */
  retake({ u8 }: Pick<Memory, 'u8'>): boolean {
    if (u8.length !== this.u8.length) return false;
    this.u8.set(u8);
    return true;
  }

  /** Memory that grew meanwhile keeps its size; the heap does not know of it, and expects zeros there when it grows itself. */
  restore({ u8 }: Pick<Memory, 'u8'>): void {
    u8.set(this.u8);
    u8.fill(0, this.u8.length);
  }
}

/** What a component is as a local of WebAssembly; addresses are unsigned. */
export function read(memory: Memory, stored: Stored, address: number): Raw {
  switch (stored) {
    case 'i8s':
      return ((memory.u8[address] as number) << 24) >> 24;
    case 'i8u':
      return memory.u8[address] as number;
    case 'i16s':
      return (halfword(memory, address) << 16) >> 16;
    case 'i16u':
      return halfword(memory, address);
    case 'i32':
      return memory.word(address) | 0;
    case 'ref':
      return memory.word(address);
    case 'i64':
      return BigInt.asIntN(64, (BigInt(memory.word(address + 4)) << 32n) | BigInt(memory.word(address)));
    case 'f32':
      return memory.f32[address >>> 2] as number;
    case 'f64':
      return memory.f64[address >>> 3] as number;
  }
}

const halfword = ({ u8 }: Memory, address: number): number =>
  (u8[address] as number) | ((u8[address + 1] as number) << 8);

export function write(memory: WritableMemory, stored: Stored, address: number, value: Raw): void {
  switch (stored) {
    case 'i8s':
    case 'i8u':
      memory.u8[address] = Number(value);
      return;
    case 'i16s':
    case 'i16u':
      memory.u8[address] = Number(value);
      memory.u8[address + 1] = Number(value) >> 8;
      return;
    case 'i32':
    case 'ref':
      memory.setWord(address, Number(value));
      return;
    case 'i64': {
      const bits = BigInt.asUintN(64, BigInt(value));
      memory.setWord(address, Number(bits & 0xffffffffn));
      memory.setWord(address + 4, Number(bits >> 32n));
      return;
    }
    case 'f32':
      memory.f32[address >>> 2] = Number(value);
      return;
    case 'f64':
      memory.f64[address >>> 3] = Number(value);
  }
}
