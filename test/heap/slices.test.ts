/** What one slice may cost, whatever the program has stored where: beyond the quota the nursery becomes old, untraced. */
import { describe, expect, test } from 'vitest';
import {
  NURSERY_QUOTA,
  STATS_SLICE_WORK,
  STATS_YOUNG_COLLECTIONS,
  VECTOR_DATA,
} from '../../scripting/heap/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';

const KIB = 1 << 10;
const WORD = 4;
/** Bytes allocated that make a young collection worth its while. */
const WORTH = 300 * KIB;
const WORK = 100;

/** Vectors of one length in old age, and one store into each, or `stores` spread over each; then a slice. */
function sliceAfterStores(vectors: number, length: number, stores: number) {
  const target = new HeapUnderTest();
  const node = target.describe({ size: 32, addresses: [4, 8] });
  const vector = target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] });
  const root = target.allocateRoots(vectors);
  for (let i = 0; i < vectors; i++) target.store(root + i * WORD, target.allocateArray(vector, length));
  target.heap.collect();
  target.store(NURSERY_QUOTA, 1024 * KIB);
  for (let i = 0; i < vectors; i++) {
    const object = target.load(root + i * WORD);
    for (let j = 0; j < stores; j++) {
      const cell = object + VECTOR_DATA + Math.floor((j * length) / stores) * WORD;
      target.storeAddress(object, cell, target.allocate(node));
    }
  }
  for (let i = 0; i < WORTH / 32; i++) target.allocate(node);
  const before = target.load(STATS_YOUNG_COLLECTIONS);
  target.heap.gapSlice(WORK);
  const finished = target.load(STATS_YOUNG_COLLECTIONS) !== before;
  const work = target.load(STATS_SLICE_WORK);
  while (target.heap.gapSlice(WORK) !== 0);
  target.check();
  return { finished, work };
}

describe('a young collection is traced at once', () => {
  test('where what was stored into is little', () => {
    expect(sliceAfterStores(4, 15_000, 1).finished).toBe(true);
    expect(sliceAfterStores(1, 8_000_000, 1).finished).toBe(true);
  });

  test('and says what it cost', () => {
    expect(sliceAfterStores(8, 15_000, 1).work).toBeGreaterThan((8 * 15_000) / 8);
  });
});

describe('a young collection costs no more than it may', () => {
  test('where many long vectors of one block each were stored into', () => {
    const { finished, work } = sliceAfterStores(100, 15_000, 1);
    expect(finished).toBe(false);
    expect(work).toBeLessThan(2 * WORK);
  });

  test('where large cards of a very long vector were stored into', () => {
    expect(sliceAfterStores(1, 16_000_000, 1000).work).toBeLessThan(2 * WORK);
  });
});
