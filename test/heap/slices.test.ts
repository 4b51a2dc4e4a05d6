/** What one slice may cost, whatever is young or was stored where: tracing is divided, and beyond a quota there is none. */
import { describe, expect, test } from 'vitest';
import {
  NURSERY_QUOTA,
  STATS_AGED_BYTES,
  STATS_LIVE_BYTES,
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

/** What a portion may do beyond what was asked for: an object or a piece of one is gone through at once. */
const LARGEST_STEP = (60 * KIB) >> 5;

/** Portions of a young collection, until it is over or what is young becomes old as it stands. */
function collectYoung(target: HeapUnderTest) {
  const portions: number[] = [];
  const before = target.load(STATS_YOUNG_COLLECTIONS);
  do {
    target.heap.gapSlice(WORK);
    portions.push(target.load(STATS_SLICE_WORK));
  } while (target.isTracing);
  const finished = target.load(STATS_YOUNG_COLLECTIONS) !== before;
  const work = portions.reduce((sum, portion) => sum + portion, 0);
  return { finished, work, largest: Math.max(...portions), portions: portions.length };
}

/** Vectors of one length in old age, and one store into each, or `stores` spread over each; then a gap. */
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
  const collected = collectYoung(target);
  while (target.gap(WORK) !== 0);
  target.check();
  return collected;
}

describe('a young collection is traced in one gap', () => {
  test('where what was stored into is little', () => {
    expect(sliceAfterStores(4, 15_000, 1).finished).toBe(true);
    expect(sliceAfterStores(1, 8_000_000, 1).finished).toBe(true);
  });

  test('and says what it cost', () => {
    expect(sliceAfterStores(8, 15_000, 1).work).toBeGreaterThan((8 * 15_000) / 8);
  });
});

describe('no portion of a young collection is much larger than it was asked to be', () => {
  const isSmall = ({ finished, largest, portions }: ReturnType<typeof collectYoung>, least: number) => {
    expect(finished).toBe(true);
    expect(largest).toBeLessThan(WORK + LARGEST_STEP);
    expect(portions).toBeGreaterThan(least);
  };
  const setUp = (bytes = 16 * 1024 * KIB) => {
    const target = new HeapUnderTest();
    target.store(NURSERY_QUOTA, bytes);
    return { target, node: target.describe({ size: 32, addresses: [4, 8] }), root: target.allocateRoots(4) };
  };

  test('where cards of a long vector were stored into', () => {
    isSmall(sliceAfterStores(1, 100_000, 500), 50);
  });

  test('where all survives', () => {
    const { target, node, root } = setUp();
    for (let i = 0; i < 100_000; i++) {
      const object = target.allocate(node);
      target.store(object + 4, target.load(root));
      target.store(root, object);
    }
    isSmall(collectYoung(target), 300);
    target.check();
  });

  test('where there are many globals', () => {
    const { target, node } = setUp();
    const globals = 100_000;
    const cells = target.heap.allocateStatic(globals * WORD) >>> 0;
    target.heap.addRoots(cells, globals, WORD);
    for (let i = 0; i < WORTH / 32; i++) target.store(cells + i * WORD, target.allocate(node));
    isSmall(collectYoung(target), 100);
    target.check();
  });

  test('where there are many handles', () => {
    const { target, node } = setUp();
    for (let i = 0; i < 20_000; i++) target.heap.newHandle(target.allocate(node));
    isSmall(collectYoung(target), 100);
    target.check();
  });

  test('where many objects were stored into', () => {
    const { target, node, root } = setUp();
    const vector = target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] });
    const count = 50_000;
    target.store(root, target.allocateArray(vector, count));
    const each = (body: (cell: number) => void) => {
      const start = target.load(root) + VECTOR_DATA;
      for (let cell = start; cell < start + count * WORD; cell += WORD) body(cell);
    };
    each((cell) => target.store(cell, target.allocate(node)));
    target.heap.collect();
    each((cell) => target.storeAddress(target.load(cell), target.load(cell) + 4, target.allocate(node)));
    isSmall(collectYoung(target), 900);
    target.check();
  });

  test('where there are many weak references, whether or not they lead anywhere', () => {
    const { target, node, root } = setUp();
    const vector = target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] });
    const count = 50_000;
    target.store(root, target.allocateArray(vector, count));
    target.store(root + WORD, target.allocate(node));
    for (let i = 0; i < count; i++) {
      const subject = i % 2 === 0 ? target.load(root + WORD) : target.allocate(node);
      const weak = target.holding([subject], () => target.heap.newWeak(subject) >>> 0);
      const start = target.load(root);
      target.storeAddress(start, start + VECTOR_DATA + i * WORD, weak);
    }
    isSmall(collectYoung(target), 900);
    target.check();
    const subjects = Array.from({ length: count }, (_, i) => {
      const weak = target.load(target.load(root) + VECTOR_DATA + i * WORD);
      return target.heap.upgrade(weak) >>> 0;
    });
    expect(new Set(subjects)).toEqual(new Set([0, target.load(root + WORD)]));
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

describe('what becomes old as it stands counts as alive, what had aged as well,', () => {
  test.each([1, 100, 1_000_000])('in slices of %i', (work) => {
    const target = new HeapUnderTest();
    const node = target.describe({ size: 32, addresses: [4] });
    const vector = target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] });
    const root = target.allocateRoots(2);
    target.store(root, target.allocateArray(vector, 10_000));
    target.store(root + WORD, target.allocateArray(vector, 10_000));
    target.heap.collect();
    const fill = (object: number) => {
      for (let i = 0; i < 10_000; i++)
        target.storeAddress(object, object + VECTOR_DATA + i * WORD, target.allocate(node));
    };
    fill(target.load(root));
    target.gap(1_000_000);
    expect(target.load(STATS_AGED_BYTES)).toBe(320_000);
    target.store(NURSERY_QUOTA, 1024);
    fill(target.load(root + WORD));
    const before = target.load(STATS_LIVE_BYTES);
    const collections = target.load(STATS_YOUNG_COLLECTIONS);
    while (target.load(STATS_YOUNG_COLLECTIONS) === collections) target.heap.gapSlice(work);
    expect(target.load(STATS_LIVE_BYTES) - before).toBe(640_000);
    expect(target.load(STATS_AGED_BYTES)).toBe(0);
  });
});
