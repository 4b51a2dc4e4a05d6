/** Sequences around what else holds objects: slots of the shadow stack, handles, arenas and failures. */
import {
  PHASE_IDLE,
  PHASE_MARK,
  SHADOW_STACK,
  SHADOW_TOP,
  VECTOR_DATA,
} from '../../../scripting/heap/index.ts';
import {
  expectNumber,
  FIRST,
  finish,
  longList,
  make,
  SECOND,
  type Sequences,
  scene,
  until,
} from './scene.ts';

export const ROOTS: Sequences = {
  'a slot of the shadow stack that still holds an old object': (target) => {
    const s = scene(target);
    target.store(s.root, make(s, 4711));
    until(s, PHASE_MARK);
    const held = target.load(s.root);
    target.store(SHADOW_STACK, held);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    target.store(s.root, 0);
    until(s, PHASE_IDLE);
    expectNumber(target, held, 4711, 'the object on the stack');
    target.check();
  },

  'a global holds what lies in the frame when a cycle begins, and the frame ends before the cycle has come to it':
    (target) => {
      const s = scene(target);
      const globals = target.allocateRoots(9);
      longList(s, 50);
      target.heap.enterFrame();
      for (let i = 0; i < 9; i++) target.store(globals + 4 * i, make(s, i));
      target.heap.leaveRegion();
      until(s, PHASE_MARK);
      target.check();
      for (let i = 0; i < 9; i++) target.store(globals + 4 * i, 0);
      target.heap.resetFrame();
      finish(s);
    },

  'a young object that only a handle keeps alive': (target) => {
    const s = scene(target);
    const handles = Array.from({ length: 300 }, (_, number) => {
      if (number % 7 === 0) target.gap(1);
      return target.heap.newHandle(make(s, number)) >>> 0;
    });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 300; i++) make(s, 9999);
      target.gap(1);
      target.check();
    }
    handles.forEach((cell, number) => {
      expectNumber(target, target.load(cell), number, 'the object of a handle');
    });
  },

  'a handle that is freed before a cycle has come to it': (target) => {
    const s = scene(target);
    longList(s, 50);
    const cell = target.heap.newHandle(make(s, 4711)) >>> 0;
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    until(s, PHASE_MARK);
    for (let i = 0; i < 5; i++) target.gap(1);
    const top = target.load(s.root);
    target.storeAddress(top, top + SECOND, target.load(cell));
    target.heap.freeHandle(cell);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the object of the handle');
  },

  'a failure between two regions leaves what was allocated beside its owner': (target) => {
    const s = scene(target);
    const owner = make(s, 1);
    target.store(s.root, owner);
    target.failureOf(() => {
      target.heap.openArena(0, 0);
      make(s, 2);
      target.heap.enterRegionOf(owner);
      target.storeAddress(owner, owner + FIRST, make(s, 4711));
      target.heap.leaveRegion();
      make(s, 3);
      target.allocateArray(s.vector, 1 << 30);
    });
    finish(s);
    expectNumber(target, target.load(owner + FIRST), 4711, 'the object beside its owner');
  },

  'a slot that still points into an arena that ended': (target) => {
    const s = scene(target);
    longList(s, 50);
    const keeper = make(s, 1);
    target.store(s.root, keeper);
    target.heap.openArena(0, 0);
    const inside = make(s, 2);
    target.storeAddress(inside, inside + FIRST, keeper);
    target.store(SHADOW_STACK, inside);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    target.heap.closeArena();
    // Compiled code clears its slots before anything can collect; that one is forgotten must not harm while the blocks
    // are kept, and they are given up only when memory runs out.
    for (let i = 0; i < 3; i++) target.heap.collect();
    for (let i = 0; i < 20_000; i++) target.gap(1);
    if (target.load(SHADOW_STACK) !== inside) throw new Error('the slot was changed');
    target.store(SHADOW_STACK, 0);
    target.heap.openArena(0, 0);
    for (let i = 0; i < 5000; i++) make(s, 9999);
    target.heap.closeArena();
    finish(s);
    expectNumber(target, keeper, 1, 'what the arena led to');
  },

  'a buffer that is filled by a function whose callback collects': (target) => {
    const s = scene(target);
    longList(s, 20);
    // As a library function does it: zeroed first, each element stored through the barrier, with the stack in between.
    const buffer = target.allocateArray(s.vector, 200);
    target.store(SHADOW_STACK, buffer);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    for (let i = 0; i < 200; i++) {
      const object = make(s, i);
      target.storeAddress(buffer, buffer + VECTOR_DATA + i * 4, object);
      if (i % 3 === 0) target.gap(1 + (i % 5));
      if (i % 50 === 0) target.heap.collect();
      for (let garbage = 0; garbage < 20; garbage++) make(s, 9999);
      target.check();
    }
    target.store(s.root, buffer);
    target.store(SHADOW_TOP, SHADOW_STACK);
    finish(s);
    for (let i = 0; i < 200; i++)
      expectNumber(target, target.load(buffer + VECTOR_DATA + i * 4), i, 'an element');
  },
};
