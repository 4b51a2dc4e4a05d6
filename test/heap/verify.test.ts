import { describe, expect, test } from 'vitest';
import {
  BLOCK_MASK,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  GRANULE_SHIFT,
  REGION_FRAME,
  SHADOW_TOP,
  STATS_BLOCKS_FREE,
  TOP,
  UNWIND,
  VERIFY_ADDRESS_KIND,
  VERIFY_ARENA,
  VERIFY_BLOCK_COUNT,
  VERIFY_BLOCK_KIND,
  VERIFY_DANGLING,
  VERIFY_DESCRIPTOR,
  VERIFY_ESCAPE,
  VERIFY_EXTENT,
  VERIFY_FREE_LINE,
  VERIFY_OBJECT,
  VERIFY_OVERLAP,
  VERIFY_STATE,
  VERIFY_UNWIND,
  VERIFY_WINDOW,
} from '../../scripting/heap/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';

function setUp() {
  const target = new HeapUnderTest();
  const node = target.describe({ size: 32, addresses: [4, 8] });
  const vector = target.describe({ size: 8, stride: 4, elementAddresses: [0] });
  const root = target.allocateRoots(2);
  target.store(root, target.allocate(node));
  return { target, heap: target.heap, node, vector, root, object: target.load(root) };
}

describe('the verifier finds', () => {
  test('nothing wrong with a sound heap', () => {
    expect(setUp().heap.verify()).toBe(0);
  });

  test('an address inside an object', () => {
    const { target, heap, object } = setUp();
    target.store(object + 4, object + 16);
    expect(heap.verify()).toBe(VERIFY_DESCRIPTOR);
    expect(target.load(VERIFY_OBJECT)).toBe(object);
  });

  test('an address that is no multiple of a granule, or far outside', () => {
    const { target, heap, object } = setUp();
    target.store(object + 4, object + 4);
    expect(heap.verify()).toBe(VERIFY_ADDRESS_KIND);
    target.store(object + 4, 0xfff00000);
    expect(heap.verify()).toBe(VERIFY_ADDRESS_KIND);
  });

  test('an object whose length runs over the end of its block', () => {
    const { target, heap, vector, root } = setUp();
    const array = target.allocateArray(vector, 4);
    target.store(root + 4, array);
    target.store(array + 4, 50_000_000);
    expect(heap.verify()).toBe(VERIFY_EXTENT);
  });

  test('two objects that overlap', () => {
    const { target, heap, vector, node, root } = setUp();
    const array = target.allocateArray(vector, 20);
    target.store(root, array);
    target.store(array + 32, node);
    target.store(root + 4, array + 32);
    expect(heap.verify()).toBe(VERIFY_OVERLAP);
  });

  test('a live object in free space', () => {
    const { target, heap, node, root, object } = setUp();
    heap.collect();
    target.store(object + 256, node);
    target.store(root + 4, object + 256);
    expect(heap.verify()).toBe(VERIFY_FREE_LINE);
  });

  test('a mark that was left', () => {
    const { target, heap, object } = setUp();
    target.view.setUint8((object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT), 1);
    expect(heap.verify()).toBe(VERIFY_STATE);
  });

  test('a block table that does not add up', () => {
    const { target, heap, object } = setUp();
    target.store(STATS_BLOCKS_FREE, target.load(STATS_BLOCKS_FREE) + 1);
    expect(heap.verify()).toBe(VERIFY_BLOCK_COUNT);
    target.view.setUint8(BLOCK_TABLE + (object >>> BLOCK_SHIFT), 99);
    expect(heap.verify()).toBe(VERIFY_BLOCK_KIND);
  });

  test('a window outside its block', () => {
    const { target, heap } = setUp();
    target.store(TOP, 16);
    expect(heap.verify()).toBe(VERIFY_WINDOW);
  });

  test('a heap object that holds an arena object, and an inner arena in an outer', () => {
    const { target, heap, node, object } = setUp();
    heap.openArena(0, 0);
    const outer = target.allocate(node);
    heap.openArena(0, 0);
    const inner = target.allocate(node);
    target.store(inner + 4, outer);
    expect(heap.verify()).toBe(0);
    target.store(outer + 4, inner);
    expect(heap.verify()).toBe(VERIFY_ESCAPE);
    target.store(outer + 4, 0);
    target.store(object + 4, outer);
    expect(heap.verify()).toBe(VERIFY_ESCAPE);
  });

  test('an address of what an ended arena held', () => {
    const { target, heap, node } = setUp();
    heap.openArena(0, 0);
    const gone = target.allocate(node);
    heap.closeArena();
    expect(target.holding([gone], () => heap.verify())).toBe(VERIFY_DANGLING);
  });

  test('an arena that does not parse', () => {
    const { target, heap, node } = setUp();
    heap.openArena(0, 0);
    target.store(target.allocate(node), 12345);
    expect(heap.verify()).toBe(VERIFY_ARENA);
  });

  test('broken unwinding records and a broken shadow stack', () => {
    const { target, heap } = setUp();
    heap.openArena(0, 0);
    const record = target.load(UNWIND);
    target.store(record + 4, 77);
    expect(heap.verify()).toBe(VERIFY_UNWIND);
    target.store(record + 4, 2);
    expect(heap.verify()).toBe(0);
    target.store(UNWIND, REGION_FRAME);
    expect(heap.verify()).toBe(VERIFY_UNWIND);
    target.store(UNWIND, record);
    target.store(SHADOW_TOP, 0);
    expect(heap.verify()).toBe(VERIFY_UNWIND);
  });
});
