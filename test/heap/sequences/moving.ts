/**
 * Sequences around the move phase: each kind of cell that holds the address of an object that moves, and what may come in
 * between. Last, what becomes of the collection that a script asked for when the host gives up its own.
 */
import {
  FORCE_ALL,
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  FORCED_STAGE,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  REFERENCE_SUBJECT,
  STATS_MOVED,
  STATS_PHASE,
  VECTOR_DATA,
} from '../../../scripting/heap/index.ts';
import type { Address } from '../heap-under-test.ts';
import {
  expectNumber,
  FIRST,
  finish,
  longList,
  make,
  NUMBER,
  type Scene,
  SECOND,
  type Sequences,
  scene,
  until,
} from './scene.ts';

const WORD = 4;
const WHOLE_BLOCKS = 5000;

/** A forced collection to its end, after which everything that can move has moved. */
function moveAll({ target }: Scene, slice = 50): void {
  target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_ALL);
  while (target.heap.forceSlice(slice) !== 0);
  if (target.load(STATS_MOVED) === 0) throw new Error('nothing has moved');
  target.check();
}

/** Slices until the objects are moving. */
function untilMoving({ target }: Scene): void {
  target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_ALL);
  while (target.load(STATS_PHASE) !== PHASE_MOVE) target.heap.forceSlice(1);
}

/** Overwrites whatever was taken for free. */
function overwrite(s: Scene): void {
  for (let i = 0; i < WHOLE_BLOCKS; i++) make(s, 9999);
  s.target.gap(1);
  s.target.check();
}

/** A vector in which every element is an object with its index as number; elements beside it are garbage. */
function fill(s: Scene, vector: Address, length: number): void {
  const { target } = s;
  target.store(s.root, vector);
  for (let i = 0; i < length; i++) {
    make(s, 9999);
    const at = target.load(s.root);
    target.storeAddress(at, at + VECTOR_DATA + i * WORD, make(s, i));
  }
}

function expectElements({ target, root }: Scene, length: number, what: string): void {
  for (let i = 0; i < length; i++)
    expectNumber(target, target.load(target.load(root) + VECTOR_DATA + i * WORD), i, what);
}

function expectMoved(from: Address, to: Address, what: string): void {
  if (from === to) throw new Error(`${what} has not moved`);
}

export const MOVING: Sequences = {
  'an object that a global holds moves': (target) => {
    const s = scene(target);
    target.store(s.root, make(s, 4711));
    const before = target.load(s.root);
    moveAll(s);
    expectMoved(before, target.load(s.root), 'the object');
    overwrite(s);
    expectNumber(target, target.load(s.root), 4711, 'the object');
  },

  'an object that a handle holds moves': (target) => {
    const s = scene(target);
    const handle = target.heap.newHandle(make(s, 4711)) >>> 0;
    const before = target.load(handle);
    moveAll(s);
    expectMoved(before, target.load(handle), 'the object');
    overwrite(s);
    expectNumber(target, target.load(handle), 4711, 'the object');
  },

  "an object moves that only the frame's arena holds": (target) => {
    const s = scene(target);
    target.heap.enterFrame();
    const holder = make(s, 1);
    target.heap.leaveRegion();
    target.store(holder + SECOND, make(s, 4711));
    moveAll(s);
    overwrite(s);
    expectNumber(target, target.load(holder + SECOND), 4711, 'the object');
  },

  'objects that hold one another move': (target) => {
    const s = scene(target);
    longList(s, 3000);
    moveAll(s);
    overwrite(s);
    let at = target.load(s.root);
    for (let number = 2999; number >= 0; number--) {
      expectNumber(target, at, number, 'an object of the list');
      at = target.load(at + FIRST);
    }
  },

  'a circle of objects moves': (target) => {
    const s = scene(target);
    const first = make(s, 1);
    target.store(s.root, first);
    target.storeAddress(first, first + FIRST, make(s, 2));
    const second = target.load(first + FIRST);
    target.storeAddress(second, second + FIRST, first);
    target.storeAddress(second, second + SECOND, second);
    moveAll(s);
    const moved = target.load(s.root);
    const other = target.load(moved + FIRST);
    expectNumber(target, moved, 1, 'the first');
    expectNumber(target, other, 2, 'the second');
    if (target.load(other + FIRST) !== moved) throw new Error('the circle is open');
    if (target.load(other + SECOND) !== other) throw new Error('the second holds another than itself');
  },

  'the elements of a vector move with it': (target) => {
    const s = scene(target);
    fill(s, target.allocateArray(s.vector, 300), 300);
    moveAll(s);
    overwrite(s);
    expectElements(s, 300, 'an element');
  },

  'the elements of a large vector move': (target) => {
    const s = scene(target);
    fill(s, target.allocateArray(s.vector, 20_000), 20_000);
    moveAll(s);
    overwrite(s);
    expectElements(s, 20_000, 'an element');
  },

  'a store into an object that has moved': (target) => {
    const s = scene(target);
    target.store(s.root, make(s, 1));
    moveAll(s);
    const holder = target.load(s.root);
    target.storeAddress(holder, holder + SECOND, make(s, 4711));
    target.gap(1);
    overwrite(s);
    expectNumber(target, target.load(holder + SECOND), 4711, 'the object stored into it');
    finish(s);
    expectNumber(target, target.load(holder + SECOND), 4711, 'the object stored into it');
  },

  'a script is entered while objects move': (target) => {
    const s = scene(target);
    longList(s, 3000);
    untilMoving(s);
    while (target.load(STATS_MOVED) === 0) target.heap.forceSlice(1);
    target.call(() => {
      for (let at = target.load(s.root); at !== 0; at = target.load(at + FIRST))
        target.store(at + NUMBER, target.load(at + NUMBER) + 1);
    });
    while (target.heap.forceSlice(1000) !== 0);
    target.check();
    let at = target.load(s.root);
    for (let number = 3000; number > 0; number--) {
      expectNumber(target, at, number, 'what was stored into an object of the list');
      at = target.load(at + FIRST);
    }
  },

  'blocks are promoted as they stand before objects move': (target) => {
    const s = scene(target);
    longList(s, 300);
    target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_ALL);
    while (target.load(STATS_PHASE) !== PHASE_MARK) target.heap.forceSlice(1);
    // More than is traced in a gap; the number lies where another object could begin.
    const late = 16;
    for (let i = 0; i < 4000; i++) {
      const object = make(s, 0);
      target.store(object + late, i);
      target.store(object + FIRST, target.load(s.root));
      target.store(s.root, object);
    }
    while (target.heap.forceSlice(50) !== 0);
    overwrite(s);
    let at = target.load(s.root);
    for (let number = 3999; number >= 0; number--) {
      if (target.load(at + late) !== number) throw new Error(`object ${number} of the list was lost`);
      at = target.load(at + FIRST);
    }
  },

  'objects move where there is hardly any room': (target) => {
    const s = scene(target);
    fill(s, target.allocateArray(s.vector, 3000), 3000);
    const wide = target.describe({ size: 9000, addresses: [FIRST] });
    for (let i = 0; i < 3000; i += 30) {
      const element = target.load(target.load(s.root) + VECTOR_DATA + i * WORD);
      target.storeAddress(element, element + SECOND, target.allocate(wide));
    }
    until(s, PHASE_IDLE);
    target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_LOW);
    while (target.heap.forceSlice(20) !== 0);
    target.check();
    overwrite(s);
    expectElements(s, 3000, 'an element');
  },

  'what weak references, drop records and proxies lead to moves, and so do they': (target) => {
    const s = scene(target);
    const top = make(s, 4711);
    target.store(s.root, top);
    const weak = target.heap.newHandle(target.heap.newWeak(top)) >>> 0;
    const proxy = target.heap.newHandle(target.heap.newProxy(7, 3)) >>> 0;
    target.heap.registerDrop(top, 17);
    target.heap.registerDrop(make(s, 42), 18);
    moveAll(s);
    expectMoved(top, target.load(s.root), 'the object');
    overwrite(s);
    if (target.heap.upgrade(target.load(weak)) >>> 0 !== target.load(s.root))
      throw new Error('the weak reference leads elsewhere');
    if (target.load(target.load(proxy) + REFERENCE_SUBJECT) !== 7) throw new Error('the proxy was lost');
    const first = target.heap.takeDrop() >>> 0;
    expectNumber(target, target.load(first + REFERENCE_SUBJECT), 42, 'the dead object');
    if (target.heap.takeDrop() !== 0) throw new Error('a living object is dropped');
    target.store(s.root, 0);
    moveAll(s);
    const second = target.heap.takeDrop() >>> 0;
    expectNumber(target, target.load(second + REFERENCE_SUBJECT), 4711, 'the dead object');
    if (target.heap.upgrade(target.load(weak)) !== 0) throw new Error('a dead object was given');
    target.heap.freeHandle(proxy);
    moveAll(s);
    if (target.heap.takeDeadProxy() === 0) throw new Error('the death of the proxy was not told');
    target.check();
  },

  'a collection that a script asked for, when the host gives up one of its own': (target) => {
    const s = scene(target);
    longList(s, 300);
    until(s, PHASE_IDLE);
    target.heap.requestCollection();
    target.gap(1);
    target.heap.force(FORCE_FULL | FORCE_MOVE);
    target.heap.forceSlice(1);
    target.heap.endForce();
    if (target.load(FORCED_STAGE) === 0) throw new Error('what the script asked for was given up');
    target.store(s.root, 0);
    for (let i = 0; target.load(FORCED_STAGE) !== 0; i++) {
      target.gap(5);
      if (i === 10_000) throw new Error('what the script asked for does not end');
    }
    target.check();
  },
};
