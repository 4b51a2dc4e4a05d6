import { describe, expect, test } from 'vitest';
import {
  BLOCK_SIZE,
  FAIL_MEMORY,
  FAIL_SIZE,
  FORCE_FULL,
  FORCE_MOVE,
  IN_FRAME,
  NEXT_CYCLE,
  STATIC_BASE,
  STATS_ALLOCATED,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
  STATS_COLLECTIONS,
  STATS_COLLECTIONS_MID_RUN,
  STATS_HANDLES,
  STATS_HOLE_BYTES,
  STATS_LARGE_BYTES,
  STATS_LIVE_BYTES,
  STATS_MOVES,
  STATS_NEXT,
  STATS_SLICE_WORK,
  STATS_SLICES,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_COLLECTIONS,
  STRESS_OVERFLOW,
} from '../../scripting/heap/index.ts';
import { Random } from '../generated/random.ts';
import { type Address, HeapUnderTest } from './heap-under-test.ts';

const MIB = 1 << 20;

function setUp(options = {}) {
  const target = new HeapUnderTest(options);
  const node = target.describe({ size: 32, addresses: [4, 8] });
  const vector = target.describe({ size: 8, stride: 4, elementAddresses: [0] });
  const bytes = target.describe({ size: 8, stride: 1 });
  const root = target.allocateRoots(1);
  return { target, heap: target.heap, node, vector, bytes, root };
}

/** Puts a list of `count` nodes, the last one first, at `root`; each holds its number. */
function makeList(target: HeapUnderTest, node: Address, root: Address, count: number): void {
  for (let i = 0; i < count; i++) {
    const object = target.allocate(node);
    target.store(object + 4, target.load(root));
    target.store(object + 12, i);
    target.store(root, object);
  }
}

function readList(target: HeapUnderTest, root: Address): number[] {
  const numbers: number[] = [];
  for (let at = target.load(root); at !== 0; at = target.load(at + 4)) numbers.push(target.load(at + 12));
  return numbers;
}

describe('a full collection', () => {
  test('keeps what roots reach, with its contents, and nothing else', () => {
    const { target, heap, node, root } = setUp();
    makeList(target, node, root, 5000);
    for (let i = 0; i < 20_000; i++) target.allocate(node);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(5000 * 32);
    expect(readList(target, root)).toEqual(Array.from({ length: 5000 }, (_, i) => 4999 - i));
    target.check();
  });

  test('frees a list of a million objects, and survives its depth', () => {
    const { target, heap, node, root } = setUp();
    makeList(target, node, root, 1_000_000);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(32_000_000);
    target.store(root, 0);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(0);
    target.check();
  });

  test('finds its way through trees that are deeper than its first mark stack', () => {
    const { target, heap, node, root } = setUp();
    // Each node holds a leaf and the next node, in the order that leaves the most after on the stack.
    for (let i = 0; i < 50_000; i++) {
      const leaf = target.allocate(node);
      target.store(leaf + 4, target.load(root));
      const object = target.allocate(node);
      target.store(object + 4, leaf);
      target.store(object + 8, target.load(root));
      target.store(root, object);
    }
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(50_000 * 64);
    target.check();
  });

  test('recovers what a full mark stack could not take', () => {
    const { target, heap, node, vector, root } = setUp({ stress: STRESS_OVERFLOW });
    target.store(root, target.allocateArray(vector, 1000));
    for (let i = 0; i < 1000; i++) {
      makeList(target, node, target.load(root) + 8 + i * 4, 5);
    }
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(4016 + 5000 * 32);
    target.check();
  });

  test('marks through vectors that are scanned in portions', () => {
    const { target, heap, node, vector, root } = setUp();
    target.store(root, target.allocateArray(vector, 100_000));
    for (let i = 0; i < 100_000; i += 3) {
      const object = target.allocate(node);
      target.store(object + 12, i);
      const holder = target.load(root);
      target.storeAddress(holder, holder + 8 + i * 4, object);
    }
    heap.collect();
    for (let i = 0; i < 100_000; i += 3) {
      expect(target.load(target.load(target.load(root) + 8 + i * 4) + 12)).toBe(i);
    }
    expect(target.load(STATS_LIVE_BYTES)).toBe(400_016 + 33_334 * 32);
    target.check();
  });

  test('leaves holes that are filled before memory grows', () => {
    const { target, heap, node, root } = setUp();
    // Every eighth line of the blocks stays in use.
    for (let i = 0; i < 100_000; i++) {
      const object = target.allocate(node);
      if (i % 32 !== 0) continue;
      target.store(object + 4, target.load(root));
      target.store(object + 12, i);
      target.store(root, object);
    }
    heap.collect();
    const blocks = target.load(STATS_BLOCKS);
    const free = target.load(STATS_BLOCKS_FREE);
    for (let i = 0; i < 80_000; i++) target.allocate(node);
    expect(target.load(STATS_BLOCKS)).toBe(blocks);
    expect(target.load(STATS_BLOCKS_FREE)).toBe(free);
    expect(readList(target, root)).toHaveLength(3125);
    heap.collect();
    target.check();
  });

  test('takes fresh blocks for what fits no hole, and fills what they have left', () => {
    const { target, heap, node, vector, root } = setUp();
    makeList(target, node, root, 100);
    heap.collect();
    const free = () => target.load(STATS_BLOCKS_FREE);
    const before = free();
    target.allocateArray(vector, 15_000);
    target.allocateArray(vector, 15_000);
    expect(before - free()).toBeLessThanOrEqual(2);
    target.check();
  });

  test('frees large objects, whose blocks are used again', () => {
    const { target, heap, vector, root } = setUp();
    target.store(root, target.allocateArray(vector, 50_000));
    target.store(IN_FRAME, 1);
    for (let i = 0; i < 30; i++) target.allocateArray(vector, 100_000);
    target.store(IN_FRAME, 0);
    expect(target.load(STATS_LARGE_BYTES)).toBeGreaterThan(8 * MIB);
    heap.collect();
    expect(target.load(STATS_LARGE_BYTES)).toBe(4 * 65536);
    const blocks = target.load(STATS_BLOCKS);
    for (let i = 0; i < 10; i++) target.allocateArray(vector, 100_000);
    expect(target.load(STATS_BLOCKS)).toBe(blocks);
    target.check();
  });

  test('finds the same bytes alive at frame 1,000 and frame 10,000 of steady churn', () => {
    const { target, heap, node, vector, root } = setUp();
    target.store(root, target.allocateArray(vector, 1000));
    let next = 1;
    const live: number[] = [];
    for (let frame = 1; frame <= 10_000; frame++) {
      target.call(() => {
        for (let i = 0; i < 20; i++) {
          next = (next * 48271) % 2147483647;
          const object = target.allocate(node);
          const holder = target.load(root);
          target.storeAddress(holder, holder + 8 + (next % 1000) * 4, object);
        }
      });
      target.gap(1000);
      if (frame % 1000 === 0) {
        heap.collect();
        live.push(target.load(STATS_LIVE_BYTES));
      }
    }
    expect(live[9]).toBe(live[0]);
    target.check();
  });
});

describe('a collection runs', () => {
  const fill = (target: HeapUnderTest, node: Address, bytes: number) => {
    for (let i = 0; i < bytes; i += 32) target.allocate(node);
  };

  test('in mid-run of the nursery alone, whenever it is full, without a frame', () => {
    const { target, node } = setUp();
    fill(target, node, 20 * MIB);
    expect(target.load(STATS_YOUNG_COLLECTIONS)).toBe(9);
    expect(target.load(STATS_COLLECTIONS)).toBe(0);
    expect(target.load(STATS_BLOCKS)).toBeLessThan(16 * 16);
  });

  test('in mid-run of everything, when that much has survived', () => {
    const { target, node, root } = setUp();
    makeList(target, node, root, MIB);
    expect(target.load(STATS_COLLECTIONS_MID_RUN)).toBeGreaterThan(0);
    expect(readList(target, root)).toHaveLength(MIB);
    target.check();
  });

  test('not inside a frame, but in the gap after it', () => {
    const { target, node } = setUp();
    target.store(IN_FRAME, 1);
    fill(target, node, 20 * MIB);
    expect(target.load(STATS_COLLECTIONS)).toBe(0);
    target.store(IN_FRAME, 0);
    expect(target.gap(0)).toBe(1);
    // More than can be traced in a gap: it becomes old as it stands, and a cycle finds out that it is garbage.
    let slices = 0;
    while (target.load(STATS_YOUNG_BYTES) !== 0) {
      expect(target.gap(1000)).toBe(1);
      expect(target.load(STATS_SLICE_WORK)).toBeLessThan(1050);
      target.check();
      slices++;
    }
    expect(slices).toBeGreaterThan(3);
    expect(target.load(STATS_LIVE_BYTES)).toBe(20 * MIB);
    while (target.gap(10) === 1) target.check();
    expect(target.load(STATS_LIVE_BYTES)).toBe(0);
    expect(target.load(STATS_COLLECTIONS)).toBe(1);
    expect(target.gap(1000)).toBe(0);
    expect(target.load(STATS_COLLECTIONS)).toBe(1);
  });

  test('in slices of a cycle whose number grows with the heap, and their work does not', () => {
    const { target, heap, node, root } = setUp();
    const slices = (count: number): number => {
      makeList(target, node, root, count);
      heap.collect();
      target.store(IN_FRAME, 1);
      fill(target, node, 10 * MIB + target.load(STATS_LIVE_BYTES) / 2);
      target.store(IN_FRAME, 0);
      const before = target.load(STATS_SLICES);
      while (target.gap(500) === 1) {}
      return target.load(STATS_SLICES) - before;
    };
    const few = slices(20_000);
    const many = slices(100_000);
    expect(few).toBeGreaterThan(40);
    expect(many).toBeGreaterThan(3 * few);
  });

  test('inside a frame only where the hard limit forces it', () => {
    const { target, node, root } = setUp({ hardLimit: 8 * MIB });
    target.store(IN_FRAME, 1);
    makeList(target, node, root, 1000);
    fill(target, node, 20 * MIB);
    expect(target.load(STATS_COLLECTIONS_MID_RUN)).toBeGreaterThan(1);
    expect(readList(target, root)).toHaveLength(1000);
    target.check();
  });

  test('from the next gap on when asked for, in slices with frames between them', () => {
    const { target, heap, node, root } = setUp();
    makeList(target, node, root, 5000);
    heap.requestCollection();
    expect(target.load(STATS_COLLECTIONS)).toBe(0);
    let slices = 0;
    while (target.gap(0) !== 0) {
      const divided = target.load(STATS_NEXT) === NEXT_CYCLE;
      target.gap(100);
      if (!divided) continue;
      expect(target.load(STATS_SLICE_WORK)).toBeLessThan(1000);
      target.allocate(node);
      slices++;
    }
    expect(slices).toBeGreaterThan(50);
    expect(target.load(STATS_COLLECTIONS)).toBe(1);
    expect(readList(target, root)).toHaveLength(5000);
    target.check();
  });

  test('after one that the host has forced, which comes to its end though a script asks in every frame', () => {
    const { target, heap, node, root } = setUp();
    makeList(target, node, root, 5000);
    heap.force(FORCE_FULL | FORCE_MOVE);
    let slices = 0;
    do {
      heap.requestCollection();
      target.gap(10);
    } while (heap.forceSlice(100) !== 0 && ++slices < 5000);
    expect(slices).toBeLessThan(5000);
    expect(target.load(STATS_MOVES)).toBe(1);
  });

  test('not while suppressed, nor after one resume of two, and then in the next gap', () => {
    const { target, heap, node } = setUp();
    heap.suppress();
    heap.suppress();
    fill(target, node, 20 * MIB);
    heap.collect();
    heap.resume();
    target.gap(1000);
    expect(target.load(STATS_COLLECTIONS)).toBe(0);
    heap.resume();
    while (target.gap(1000) !== 0);
    expect(target.load(STATS_COLLECTIONS)).toBe(1);
  });
});

describe('the statistics', () => {
  test('count every byte allocated in the heap once', () => {
    const { target, heap, node, vector } = setUp();
    target.call(() => {
      for (let i = 0; i < 10_000; i++) target.allocate(node);
      target.allocateArray(vector, 10_000);
      target.allocateArray(vector, 100_000);
      heap.openArena(0, 0);
      target.allocate(node);
      heap.closeArena();
    });
    const bytes = 320_000 + 40_016 + 400_016;
    expect(target.load(STATS_YOUNG_BYTES)).toBe(bytes);
    expect(target.loadF64(STATS_ALLOCATED)).toBe(bytes);
    heap.collect();
    expect(target.load(STATS_YOUNG_BYTES)).toBe(0);
    expect(target.loadF64(STATS_ALLOCATED)).toBe(bytes);
  });

  test('count handles, and a handle that is freed twice once', () => {
    const { target, heap, node } = setUp();
    const handles = Array.from({ length: 40_000 }, () => heap.newHandle(target.allocate(node)));
    expect(new Set(handles).size).toBe(40_000);
    expect(target.load(STATS_HANDLES)).toBe(40_000);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(40_000 * 32);
    for (const handle of handles) heap.freeHandle(handle);
    for (const handle of handles) heap.freeHandle(handle);
    expect(target.load(STATS_HANDLES)).toBe(0);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(0);
    target.check();
  });
});

describe('when memory runs out', () => {
  test('at the hard limit vectors of all sizes fill short holes as well as long ones', () => {
    const { target, heap, bytes } = setUp({ hardLimit: 3 * MIB });
    const random = new Random(1);
    const slots = target.allocateRoots(4000);
    const sizes: number[] = [];
    let total = 0;
    const clear = (slot: number): void => {
      target.store(slots + 4 * slot, 0);
      total -= sizes[slot]!;
      sizes[slot] = 0;
    };
    for (let i = 0; i < 6000; i++) {
      const size = 100 + random.below(1000);
      const slot = total + size > 1140 << 10 ? random.below(sizes.length) : sizes.push(0) - 1;
      clear(slot);
      while (total + size > 1140 << 10) clear(random.below(sizes.length));
      target.call(() => {
        target.store(slots + 4 * slot, target.allocateArray(bytes, size));
      });
      sizes[slot] = size;
      total += size;
    }
    expect(target.load(STATS_BLOCKS)).toBe((3 * MIB) / BLOCK_SIZE);
    expect(heap.verify()).toBe(0);
  });

  test.each([2, 4, 16])('at a hard limit of %i MiB the call fails and the heap is whole', (limit) => {
    const { target, heap, node, root } = setUp({ hardLimit: limit * MIB });
    const failure = target.failureOf(() => makeList(target, node, root, limit * MIB));
    expect(failure).toMatchObject({ kind: FAIL_MEMORY, a: 32, b: limit * MIB });
    expect(target.memory.buffer.byteLength).toBeLessThanOrEqual(limit * MIB);
    const kept = readList(target, root);
    expect(kept.length * 32).toBeGreaterThan((limit * MIB - STATIC_BASE - 2 * 65536) * 0.9);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => kept.length - 1 - i));
    target.check();
    target.store(root, 0);
    makeList(target, node, root, 1000);
    heap.collect();
    expect(target.load(STATS_LIVE_BYTES)).toBe(32_000);
    target.check();
  });

  test('because the host gives no more, it is the same', () => {
    const { target, node, root } = setUp({ maximumPages: 64 });
    expect(target.failureOf(() => makeList(target, node, root, MIB)).kind).toBe(FAIL_MEMORY);
    const kept = readList(target, root);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => kept.length - 1 - i));
    target.store(root, 0);
    target.heap.collect();
    makeList(target, node, root, 1000);
    expect(readList(target, root)).toHaveLength(1000);
  });

  test('while suppressed, nothing is collected', () => {
    const { target, heap, node, root } = setUp({ hardLimit: 4 * MIB });
    const failure = target.failureOf(() => {
      heap.enterSuppressed();
      for (;;) target.allocate(node);
    });
    expect(failure.kind).toBe(FAIL_MEMORY);
    expect(target.load(STATS_COLLECTIONS)).toBe(0);
    target.check();
    // The record was unwound: now it may be collected.
    makeList(target, node, root, 1000);
    expect(target.load(STATS_YOUNG_COLLECTIONS)).toBe(1);
  });

  test('while suppressed, the holes of blocks that were left aside are filled', () => {
    const { target, heap, node, root } = setUp({ hardLimit: 8 * MIB });
    for (let bytes = 0; bytes < 3 * MIB; bytes += 8 * 32) {
      makeList(target, node, root, 1);
      for (let i = 1; i < 8; i++) target.allocate(node);
    }
    expect(target.load(STATS_YOUNG_COLLECTIONS)).toBe(1);
    expect(target.load(STATS_HOLE_BYTES)).toBeGreaterThan(MIB / 2);
    const failure = target.failureOf(() => {
      heap.enterSuppressed();
      for (;;) target.allocate(node);
    });
    expect(failure.kind).toBe(FAIL_MEMORY);
    expect(target.load(STATS_HOLE_BYTES)).toBe(0);
    target.check();
  });

  test('the blocks kept for arenas are given to the heap', () => {
    const { target, heap, node, root } = setUp({ hardLimit: 8 * MIB });
    heap.openArena(0, 0);
    for (let i = 0; i < 4 * MIB; i += 32) target.allocate(node);
    heap.closeArena();
    makeList(target, node, root, (5 * MIB) / 32);
    expect(readList(target, root)).toHaveLength((5 * MIB) / 32);
    target.check();
  });

  test('holes serve medium objects when no block is left', () => {
    const { target, heap, node, bytes, root } = setUp({ hardLimit: 4 * MIB });
    expect(target.failureOf(() => makeList(target, node, root, MIB)).kind).toBe(FAIL_MEMORY);
    // Drop every second stretch of 60 objects (15 lines) of the list.
    let at = target.load(root);
    for (let i = 1; at !== 0; i++) {
      const next = target.load(at + 4);
      let after = next;
      if (i % 60 === 0) for (let j = 0; j < 60 && after !== 0; j++) after = target.load(after + 4);
      target.store(at + 4, after);
      at = after;
    }
    const holding = target.allocateRoots(1);
    target.store(holding, target.allocateArray(bytes, 1500));
    heap.collect();
    target.check();
  });

  test('an object that no memory can hold fails before anything happens', () => {
    const { target, heap, vector, bytes } = setUp({ hardLimit: 4 * MIB });
    expect(target.failureOf(() => heap.allocateArray(vector, -1n)).kind).toBe(FAIL_SIZE);
    expect(target.failureOf(() => heap.allocateArray(vector, 1n << 62n)).kind).toBe(FAIL_SIZE);
    expect(target.failureOf(() => heap.allocateArray(vector, 1n << 29n)).kind).toBe(FAIL_SIZE);
    expect(target.failureOf(() => heap.allocateArray(bytes, 1n << 29n)).kind).toBe(FAIL_MEMORY);
    expect(target.failureOf(() => heap.allocateArray(vector, 2_000_000n)).kind).toBe(FAIL_MEMORY);
    target.check();
  });
});
