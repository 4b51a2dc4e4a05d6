/** The heap of checked builds: what its tests let pass and what they stop, and that nothing which was freed is still there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  FAIL_BROKEN,
  FAIL_ESCAPE,
  FAIL_FREED,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  POISON,
  REGION_FRAME,
  REGION_HEAP,
  STRESS_COLLECT,
  STRESS_VERIFY,
} from '../../scripting/heap/index.ts';
import {
  type Address,
  CHECKED_MODULE,
  HeapFailure,
  type HeapOptions,
  HeapUnderTest,
} from './heap-under-test.ts';

interface Checks {
  checkUse(address: Address): Address;
  checkStore(holder: Address, held: Address): void;
  checkOutlives(held: Address, end: Address, place: Address): void;
  checkEnd(): void;
}

function setUp(options: HeapOptions = {}) {
  const target = new HeapUnderTest({ module: CHECKED_MODULE, ...options });
  const node = target.describe({ size: 32, addresses: [4, 8] });
  const numbers = target.describe({ size: 8, stride: 8 });
  const vector = target.describe({ size: 8, stride: 4, elementAddresses: [0] });
  const growable = target.describe({ size: 12, addresses: [MUT_VECTOR_BUFFER] });
  return { target, heap: target.heap as typeof target.heap & Checks, node, numbers, vector, growable };
}

/** The kind of failure that `body` ends with, 0 for none. */
function failure(body: () => void): number {
  try {
    body();
  } catch (error) {
    if (error instanceof HeapFailure) return error.kind;
    throw error;
  }
  return 0;
}

test('what only checked builds ask for is in no other heap', () => {
  const exportsOf = (module: WebAssembly.Module) =>
    WebAssembly.Module.exports(module).map(({ name }) => name);
  const plain = exportsOf(
    new WebAssembly.Module(readFileSync(new URL('../../build/heap.wasm', import.meta.url))),
  );
  expect(
    exportsOf(CHECKED_MODULE)
      .filter((name) => !plain.includes(name))
      .sort(),
  ).toEqual(['checkEnd', 'checkOutlives', 'checkStore', 'checkUse']);
});

describe('of two objects', () => {
  test('the one that lives longer must not hold the other', () => {
    const { target, heap, node, numbers } = setUp();
    const made: Address[] = [target.allocate(node)];
    heap.enterFrame();
    made.push(target.allocate(node));
    heap.openArena(0, 0);
    made.push(target.allocate(node));
    heap.openArena(0, 0);
    // One that has blocks of its own.
    made.push(target.allocateArray(numbers, 100_000));
    for (const [i, holder] of made.entries())
      for (const [j, held] of made.entries())
        expect(failure(() => heap.checkStore(holder, held))).toBe(j > i ? FAIL_ESCAPE : 0);
    expect(failure(() => heap.checkStore(made[0] as Address, 0))).toBe(0);
  });

  test('neither may be in an arena that has ended', () => {
    const { target, heap, node } = setUp();
    const outer = target.allocate(node);
    heap.openArena(0, 0);
    const inner = target.allocate(node);
    heap.closeArena();
    // The next has the same region, but not the same block.
    heap.openArena(0, 0);
    expect(target.allocate(node)).not.toBe(inner);
    expect(failure(() => heap.checkStore(outer, inner))).toBe(FAIL_FREED);
    expect(failure(() => heap.checkStore(inner, outer))).toBe(FAIL_FREED);
  });
});

test('what goes where it can be reached for longer is stopped', () => {
  const { target, heap, node } = setUp();
  const old = target.allocate(node);
  heap.enterFrame();
  const framed = target.allocate(node);
  const arena = heap.openArena(0, 0);
  const inner = target.allocate(node);
  const passing = (end: Address) =>
    [old, framed, inner].map((held) => failure(() => heap.checkOutlives(held, end, 0)));
  expect(passing(REGION_HEAP + 1)).toEqual([0, FAIL_ESCAPE, FAIL_ESCAPE]);
  expect(passing(REGION_FRAME + 1)).toEqual([0, 0, FAIL_ESCAPE]);
  expect(passing(arena)).toEqual([0, 0, FAIL_ESCAPE]);
});

describe('an address is used in vain', () => {
  const used = ({ target, heap }: ReturnType<typeof setUp>, address: Address) => {
    expect(target.view.getUint8(address + 16)).toBe(POISON);
    return failure(() => heap.checkUse(address));
  };

  test('where its arena has ended', () => {
    const scene = setUp();
    const { target, heap, node, numbers } = scene;
    heap.openArena(0, 0);
    const [small, large] = [target.allocate(node), target.allocateArray(numbers, 100_000)];
    expect(failure(() => heap.checkUse(small))).toBe(0);
    heap.closeArena();
    expect([used(scene, small), used(scene, large)]).toEqual([FAIL_FREED, FAIL_FREED]);
  });

  test('where the frame has ended', () => {
    const scene = setUp();
    const { target, heap, node } = scene;
    heap.enterFrame();
    const framed = target.allocate(node);
    heap.leaveRegion();
    expect(failure(() => heap.checkUse(framed))).toBe(0);
    heap.resetFrame();
    expect(used(scene, framed)).toBe(FAIL_FREED);
  });

  test.each([0, STRESS_COLLECT])('where the collector has freed it (stress %j)', (stress) => {
    const scene = setUp({ stress });
    const { target, heap, node, numbers } = scene;
    const roots = target.allocateRoots(1);
    const kept = target.allocate(node);
    target.store(roots, kept);
    // What shares a line with a live object is not freed.
    for (let i = 0; i < 8; i++) target.allocate(node);
    const [small, large] = [target.allocate(node), target.allocateArray(numbers, 100_000)];
    heap.collect();
    heap.collect();
    expect([used(scene, small), used(scene, large)]).toEqual([FAIL_FREED, FAIL_FREED]);
    expect(failure(() => heap.checkUse(kept))).toBe(0);
  });

  test('where no object begins', () => {
    const { target, heap, node } = setUp();
    const object = target.allocate(node);
    for (const address of [object + 16, object + 4, 0x7fff0000, REGION_HEAP])
      expect(failure(() => heap.checkUse(address))).toBe(FAIL_FREED);
    expect(failure(() => heap.checkUse(0))).toBe(0);
  });
});

test('under stress the end of an arena is verified', () => {
  const { target, heap, node } = setUp();
  const roots = target.allocateRoots(1);
  const leave = () => {
    heap.openArena(0, 0);
    // A store that nothing has tested.
    target.store(roots, target.allocate(node));
    heap.closeArena();
    return failure(() => heap.checkEnd());
  };
  expect(leave()).toBe(0);
  heap.setStress(STRESS_VERIFY);
  expect(leave()).toBe(FAIL_BROKEN);
  target.store(roots, 0);
  expect(failure(() => heap.checkEnd())).toBe(0);
});

describe('whole stretches are tested too:', () => {
  test('elements that are copied', () => {
    const { target, heap, node, vector } = setUp();
    const old = target.allocateArray(vector, 4);
    heap.openArena(0, 0);
    const young = target.allocateArray(vector, 4);
    target.store(young + 8 + 8, target.allocate(node));
    expect(failure(() => heap.arrayCopy(old, 0, young, 0, 2))).toBe(0);
    expect(failure(() => heap.arrayCopy(old, 0, young, 1, 2))).toBe(FAIL_ESCAPE);
    expect(failure(() => heap.arrayCopy(young, 0, young, 1, 2))).toBe(0);
  });

  test('a weak reference', () => {
    const { target, heap, node } = setUp();
    const object = target.allocate(node);
    expect(failure(() => heap.newWeak(object))).toBe(0);
    heap.openArena(0, 0);
    const inner = target.allocate(node);
    expect(failure(() => heap.newWeak(inner))).toBe(FAIL_ESCAPE);
  });

  test.each(['numbers', 'vector'] as const)(
    'a buffer that was outgrown holds nothing any more (%s)',
    (of) => {
      const { target, heap, growable, ...types } = setUp();
      const roots = target.allocateRoots(1);
      const all = target.allocate(growable);
      target.store(roots, all);
      heap.mutVectorGrow(all, types[of], 4);
      const old = target.load(all + MUT_VECTOR_BUFFER);
      target.store(old + 8, of === 'numbers' ? 7 : all);
      target.store(all + MUT_VECTOR_LENGTH, 4);
      heap.mutVectorGrow(all, types[of], 1);
      expect(target.load(target.load(all + MUT_VECTOR_BUFFER) + 8)).toBe(of === 'numbers' ? 7 : all);
      expect(target.load(old + 8)).toBe(of === 'numbers' ? 0xdbdbdbdb : 0);
      target.check();
    },
  );
});
