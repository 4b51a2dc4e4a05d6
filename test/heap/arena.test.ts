import { describe, expect, test } from 'vitest';
import {
  BLOCK_MASK,
  FAIL_ARENA,
  FAIL_SIZE,
  GRANULE_SHIFT,
  REGION,
  REGION_FRAME,
  SHADOW_TOP,
  STATS_ARENA_BYTES,
  STATS_ARENA_CHUNKS,
  STATS_ARENA_OPENINGS,
  STATS_LIVE_BYTES,
  STATS_YOUNG_BYTES,
  STRESS_POISON,
} from '../../scripting/heap/index.ts';
import { type Address, HeapUnderTest } from './heap-under-test.ts';

const KIB = 1024;

function setUp(options = {}) {
  const target = new HeapUnderTest(options);
  const node = target.describe({ size: 32, addresses: [4, 8] });
  const vector = target.describe({ size: 8, stride: 4, elementAddresses: [0] });
  return { target, heap: target.heap, node, vector };
}

describe('an arena', () => {
  test('that is opened again takes no chunk', () => {
    const { target, heap, node, vector } = setUp();
    const frame = () => {
      heap.openArena(0, 0);
      for (let i = 0; i < 20_000; i++) target.allocate(node);
      for (let i = 0; i < 5; i++) target.allocateArray(vector, 30_000 + 5_000 * i);
      heap.closeArena();
    };
    frame();
    const chunks = target.load(STATS_ARENA_CHUNKS);
    const bytes = target.load(STATS_ARENA_BYTES);
    expect(chunks).toBeGreaterThan(0);
    for (let i = 0; i < 50; i++) frame();
    expect(target.load(STATS_ARENA_CHUNKS)).toBe(chunks);
    expect(target.load(STATS_ARENA_BYTES)).toBe(bytes);
    expect(target.load(STATS_ARENA_OPENINGS)).toBe(51);
    target.check();
  });

  test('doubles its chunks', () => {
    const { target, heap, node } = setUp();
    heap.openArena(0, 0);
    // 1, 2, 4, ... blocks of 60 KiB: 127 blocks are seven chunks.
    for (let i = 0; i < (127 * 60 * KIB) / 32; i++) target.allocate(node);
    expect(target.load(STATS_ARENA_CHUNKS)).toBe(7);
  });

  test('takes its first chunk as large as asked for', () => {
    const { target, heap, node } = setUp();
    heap.openArena(1 << 20, 0);
    target.allocate(node);
    expect(target.load(STATS_ARENA_CHUNKS)).toBe(1);
    expect(target.load(STATS_ARENA_BYTES)).toBe(1 << 20);
  });

  test('takes no memory before something is allocated', () => {
    const { target, heap } = setUp();
    heap.openArena(0, 0);
    heap.closeArena();
    expect(target.load(STATS_ARENA_BYTES)).toBe(0);
  });

  test('reports what is used, held, and was used at most', () => {
    const { target, heap, node, vector } = setUp();
    const arena = heap.openArena(0, 0);
    expect(heap.arenaUsed(arena)).toBe(0n);
    for (let i = 0; i < 3000; i++) target.allocate(node);
    target.allocateArray(vector, 20_000);
    expect(heap.arenaUsed(arena)).toBe(BigInt(3000 * 32 + 80_016));
    expect(heap.arenaCapacity(arena)).toBe(BigInt(2 * 60 * KIB + 124 * KIB));
    expect(heap.arenaPeak(arena)).toBe(heap.arenaUsed(arena));
  });

  test('wastes no block on an object that does not fit the rest of one', () => {
    const { target, heap, vector } = setUp();
    const arena = heap.openArena(0, 0);
    for (let i = 0; i < 10; i++) {
      target.allocateArray(vector, 2_500);
      target.allocateArray(vector, 14_000);
    }
    expect(Number(heap.arenaCapacity(arena))).toBeLessThan(1.3 * Number(heap.arenaUsed(arena)));
    target.check();
  });

  test.each([100, 1_000, 100_000, 1_000_000])('with a limit of %i bytes returns exactly that', (limit) => {
    const { target, heap, node } = setUp();
    let made = 0;
    const failure = target.failureOf(() => {
      heap.openArena(0, limit);
      for (;;) {
        target.allocate(node);
        made++;
      }
    });
    expect(failure).toMatchObject({ kind: FAIL_ARENA, a: 32, b: limit });
    expect(made).toBe(Math.floor(limit / 32));
    target.check();
  });

  test('with a limit counts objects that fit no block', () => {
    const { target, heap, vector } = setUp();
    const failure = target.failureOf(() => {
      heap.openArena(0, 200_000);
      target.allocateArray(vector, 30_000);
      target.allocateArray(vector, 30_000);
    });
    expect(failure.kind).toBe(FAIL_ARENA);
    target.check();
  });

  test('keeps what its objects hold alive, and lets go of it when it ends', () => {
    const { target, heap, node } = setUp();
    target.call(() => {
      const kept = target.allocate(node);
      heap.openArena(0, 0);
      target.store(target.allocate(node) + 4, kept);
      heap.collect();
      expect(target.load(STATS_LIVE_BYTES)).toBe(32);
      heap.closeArena();
      heap.collect();
      expect(target.load(STATS_LIVE_BYTES)).toBe(0);
    });
  });

  test('keeps alive what an object holds that fits no block', () => {
    const { target, heap, node, vector } = setUp();
    target.call(() => {
      const kept = target.allocate(node);
      heap.openArena(0, 0);
      const large = target.allocateArray(vector, 50_000);
      target.store(large + 8 + 49_999 * 4, kept);
      heap.collect();
      expect(target.load(STATS_LIVE_BYTES)).toBe(32);
      heap.closeArena();
    });
  });

  test('leaves its side tables clear, so that stores into it pass the barrier', () => {
    const { target, heap, node } = setUp();
    heap.openArena(0, 0);
    const objects = Array.from({ length: 100 }, () => target.allocate(node));
    target.holding(objects, () => heap.collect());
    for (const object of objects) {
      const state = (object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT);
      expect(target.view.getUint8(state)).toBe(0);
    }
  });

  test('is poisoned when it ends under stress', () => {
    const { target, heap, node } = setUp({ stress: STRESS_POISON });
    heap.openArena(0, 0);
    const object = target.allocate(node);
    heap.closeArena();
    expect(target.load(object)).toBe(0xdbdbdbdb);
  });

  test('does not hide what was allocated beside it in an outer region', () => {
    const { target, heap, node } = setUp();
    const places = new Set<Address>();
    target.call(() => {
      const outer = target.allocate(node);
      places.add(outer);
      heap.openArena(0, 0);
      places.add(target.allocate(node));
      heap.enterRegionOf(outer);
      places.add(target.allocate(node));
      heap.leaveRegion();
      places.add(target.allocate(node));
      heap.closeArena();
      places.add(target.allocate(node));
      expect(places.size).toBe(5);
      expect(target.load(STATS_YOUNG_BYTES)).toBeLessThanOrEqual(3 * 32);
    });
    expect(target.load(STATS_YOUNG_BYTES)).toBe(3 * 32);
  });
});

describe('the frame arena', () => {
  test('is emptied at the end of a frame and keeps its blocks', () => {
    const { target, heap, node } = setUp();
    const frame = (count: number) => {
      target.call(() => {
        heap.enterFrame();
        for (let i = 0; i < count; i++) target.allocate(node);
        heap.leaveRegion();
      });
      const used = heap.arenaUsed(REGION_FRAME);
      heap.resetFrame();
      return used;
    };
    expect(frame(10_000)).toBe(320_000n);
    const chunks = target.load(STATS_ARENA_CHUNKS);
    for (let i = 0; i < 20; i++) frame(5_000);
    expect(target.load(STATS_ARENA_CHUNKS)).toBe(chunks);
    expect(heap.arenaUsed(REGION_FRAME)).toBe(0n);
    expect(heap.arenaPeak(REGION_FRAME)).toBe(320_000n);
    target.check();
  });

  test('keeps what its block allocated after the block, until the frame ends', () => {
    const { target, heap, node } = setUp();
    const frame = target.allocateRoots(1);
    target.call(() => {
      heap.enterFrame();
      target.store(frame, target.allocate(node));
      heap.leaveRegion();
    });
    heap.collect();
    target.check();
    expect(target.load(target.load(frame))).toBe(node);
    target.store(frame, 0);
    heap.resetFrame();
    target.check();
  });
});

test('what the frame arena holds is alive until the frame ends', () => {
  const { target, heap, node } = setUp();
  const kept = target.allocate(node);
  target.call(() => {
    heap.enterFrame();
    target.store(target.allocate(node) + 8, kept);
    heap.leaveRegion();
  });
  heap.collect();
  expect(target.load(STATS_LIVE_BYTES)).toBe(32);
  heap.resetFrame();
  heap.collect();
  expect(target.load(STATS_LIVE_BYTES)).toBe(0);
});

describe('growth', () => {
  test('of a vector goes to the region of the vector', () => {
    const { target, heap, vector } = setUp();
    const mutVector = target.describe({ size: 12, addresses: [8] });
    target.call(() => {
      const ours = target.allocate(mutVector);
      const arena = heap.openArena(0, 0);
      heap.mutVectorGrow(ours, vector, 10);
      expect(heap.arenaUsed(arena)).toBe(0n);
      expect(target.load(REGION)).toBe(arena);
      target.holding([ours], () => target.check());
      heap.closeArena();
    });
  });

  test('keeps a vector alive that nobody else holds, and leaves the shadow stack as it was', () => {
    const { target, heap, vector } = setUp({ stress: STRESS_POISON | 1 });
    const mutVector = target.describe({ size: 12, addresses: [8] });
    const before = target.load(SHADOW_TOP);
    const ours = target.allocate(mutVector);
    for (let i = 0; i < 40; i++) {
      heap.mutVectorGrow(ours, vector, 1);
      const buffer = target.load(ours + 8);
      target.storeAddress(buffer, buffer + 8 + i * 4, ours);
      target.store(ours + 4, i + 1);
    }
    expect(target.load(ours)).toBe(mutVector);
    for (let i = 0; i < 40; i++) expect(target.load(target.load(ours + 8) + 8 + i * 4)).toBe(ours);
    expect(target.load(SHADOW_TOP)).toBe(before);
  });

  test('fails where no buffer can be that long, and leaves the vector as it was', () => {
    const { target, heap, vector } = setUp();
    const mutVector = target.describe({ size: 12, addresses: [8] });
    const ours = target.allocate(mutVector);
    heap.mutVectorGrow(ours, vector, 3);
    target.store(ours + 4, 3);
    const buffer = target.load(ours + 8);
    // Length and room together are past the end of 32 bits.
    const failure = target.failureOf(() => heap.mutVectorGrow(ours, vector, 0xfffffffe));
    expect(failure.kind).toBe(FAIL_SIZE);
    expect(target.load(ours + 8)).toBe(buffer);
    target.holding([ours], () => target.check());
  });
});
