/** Script strings: read as JavaScript strings, written as objects of the heap. */
import { STRING_BYTES, STRING_DATA, STRING_DESCRIPTOR, STRING_POINTS } from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** `bytes` bytes of UTF-8 at an address. */
export function readUtf8(views: MemoryViews, address: number, bytes: number): string {
  return decoder.decode(views.u8.subarray(address, address + bytes));
}

/** The string object at an address. */
export function readString(views: MemoryViews, address: number): string {
  return readUtf8(views, address + STRING_DATA, views.word(address + STRING_BYTES));
}

/**
 * A new string object in the current region. May collect: addresses the host holds must be rooted. Half a surrogate pair
 * becomes U+FFFD, since UTF-8 cannot say it.
 */
export function writeString(views: MemoryViews, heap: Heap, text: string): number {
  const bytes = encoder.encode(text);
  const address = heap.allocateArray(STRING_DESCRIPTOR, BigInt(bytes.length)) >>> 0;
  views.u8.set(bytes, address + STRING_DATA);
  views.setWord(address + STRING_POINTS, countPoints(bytes));
  return address;
}

/** Code points of well-formed UTF-8: every byte that does not continue one begins one. */
function countPoints(bytes: Uint8Array): number {
  let points = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) points += 1;
  return points;
}
