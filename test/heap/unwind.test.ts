import { describe, expect, test } from 'vitest';
import {
  DEPTH,
  FAIL_DEPTH,
  REGION,
  REGION_HEAP,
  SHADOW_TOP,
  SUPPRESSED,
  UNWIND,
} from '../../scripting/heap/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';

function setUp() {
  const target = new HeapUnderTest();
  return { target, heap: target.heap, node: target.describe({ size: 32, addresses: [4] }) };
}

describe('after a failure', () => {
  test('everything that the call left open is ended', () => {
    const { target, heap, node } = setUp();
    const before = [SHADOW_TOP, DEPTH, SUPPRESSED, UNWIND, REGION].map((cell) => target.load(cell));
    const record = heap.enter();
    heap.openArena(0, 0);
    const object = target.allocate(node);
    heap.enterSuppressed();
    heap.enterFrame();
    heap.enterRegionOf(object);
    heap.openArena(0, 4096);
    target.allocate(node);
    heap.textI64(123n);
    target.store(SHADOW_TOP, target.load(SHADOW_TOP) + 400);
    target.store(DEPTH, 1000);
    heap.unwind(record);
    expect([SHADOW_TOP, DEPTH, SUPPRESSED, UNWIND, REGION].map((cell) => target.load(cell))).toEqual(before);
    expect(heap.textMark()).toBe(0);
    target.check();
  });

  test('what the caller of a nested call had open stays open, its text too', () => {
    const { target, heap, node } = setUp();
    const outer = heap.enter();
    const arena = heap.openArena(0, 0);
    target.allocate(node);
    const mark = heap.textMark();
    heap.textI64(1n);
    const inner = heap.enter();
    expect(target.load(REGION)).toBe(REGION_HEAP);
    heap.textI64(2n);
    heap.openArena(0, 0);
    target.allocate(node);
    heap.unwind(inner);
    expect(target.load(REGION)).toBe(arena);
    expect(heap.arenaUsed(arena)).toBe(32n);
    heap.textI64(3n);
    expect(target.readString(heap.textTake(mark))).toBe('13');
    heap.closeArena();
    heap.leave(outer);
    target.check();
  });

  test('what the host suppressed inside the call stays suppressed', () => {
    const { target, heap } = setUp();
    const record = heap.enter();
    heap.enterSuppressed();
    heap.suppress();
    heap.unwind(record);
    expect(target.load(SUPPRESSED)).toBe(1);
    heap.resume();
    heap.resume();
    expect(target.load(SUPPRESSED)).toBe(0);
  });

  test('arenas that nest too deep fail as recursion does', () => {
    const { target, heap } = setUp();
    const failure = target.failureOf(() => {
      for (;;) heap.openArena(0, 0);
    });
    expect(failure.kind).toBe(FAIL_DEPTH);
    expect(target.load(UNWIND)).toBe(0);
    target.check();
  });
});
