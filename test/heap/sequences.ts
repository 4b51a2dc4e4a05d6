/**
 * Sequences of events in which a naive generational or incremental collector loses an object, by name. Each runs on a heap
 * that collects in slices of one object, and throws where something was lost.
 */
import {
  FORCE_ALL,
  FORCE_FULL,
  FORCE_MOVE,
  FORCED_STAGE,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_SWEEP,
  SHADOW_STACK,
  SHADOW_TOP,
  STATS_REMEMBERED,
  VECTOR_DATA,
} from '../../scripting/heap/index.ts';
import type { HeapUnderTest } from './heap-under-test.ts';
import { REFERENCE_SEQUENCES } from './reference-sequences.ts';
import { expectNumber, FIRST, finish, longList, make, SECOND, scene, until } from './scene.ts';

export const SEQUENCES: Readonly<Record<string, (target: HeapUnderTest) => void>> = {
  'the only address of an unmarked object moves to a marked one while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    // The object hangs on the far end of the list, which marking reaches last.
    let last = top;
    while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
    const lonely = make(s, 4711);
    target.storeAddress(last, last + SECOND, lonely);
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.heap.gapSlice(1);
    target.storeAddress(top, top + SECOND, lonely);
    target.storeAddress(last, last + SECOND, 0);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the moved object');
  },

  'an object in a vector that is cleared while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    let last = top;
    while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
    const vector = target.allocateArray(s.vector, 4);
    target.storeAddress(last, last + SECOND, vector);
    target.storeAddress(vector, vector + VECTOR_DATA, make(s, 4711));
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.heap.gapSlice(1);
    const element = target.load(vector + VECTOR_DATA);
    target.heap.arrayClear(vector, 0, 4);
    target.storeAddress(top, top + SECOND, element);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the element');
  },

  'a young object stored into an old one that had been stored into before': (target) => {
    const s = scene(target);
    const old = make(s, 1);
    target.store(s.root, old);
    target.heap.gapSlice(1);
    for (let number = 2; number < 6; number++) {
      target.storeAddress(old, old + FIRST, make(s, number));
      target.heap.gapSlice(1);
      for (let i = 0; i < 2000; i++) make(s, 9999);
      target.heap.gapSlice(1);
      expectNumber(target, target.load(old + FIRST), number, 'the young object');
      target.check();
    }
  },

  'a store into an object promoted with its whole block': (target) => {
    const s = scene(target);
    // More than is traced in a gap, so that everything becomes old as it stands.
    longList(s, 4000);
    target.heap.gapSlice(1);
    const top = target.load(s.root);
    target.storeAddress(top, top + SECOND, make(s, 4711));
    target.heap.gapSlice(1);
    for (let i = 0; i < 5000; i++) make(s, 9999);
    target.heap.gapSlice(1);
    expectNumber(target, target.load(top + SECOND), 4711, 'the object stored into it');
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the object stored into it');
  },

  'an object promoted while a cycle marks, in a block of its own': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    const top = target.load(s.root);
    for (let i = 0; i < 10; i++) target.heap.gapSlice(1);
    target.storeAddress(top, top + SECOND, make(s, 4711));
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the promoted object');
  },

  'blocks promoted as they stand while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    longList(s, 4000);
    const top = target.load(s.root);
    finish(s);
    let at = top;
    for (let number = 3999; number >= 0; number--) {
      expectNumber(target, at, number, 'a promoted object');
      at = target.load(at + FIRST);
    }
  },

  'an edge lost while a cycle marks, of an object logged by the cycle before in a block that it kept': (
    target,
  ) => {
    const s = scene(target);
    longList(s, 200);
    const first = target.load(s.root);
    until(s, PHASE_MARK);
    // The store logs the object, and the block's holes take what is then promoted with it.
    target.storeAddress(first, first + SECOND, first);
    longList(s, 4000);
    until(s, PHASE_IDLE);
    target.check();
    target.storeAddress(first, first + SECOND, make(s, 4711));
    until(s, PHASE_MARK);
    const lonely = target.load(first + SECOND);
    const top = target.load(s.root);
    target.storeAddress(top, top + SECOND, lonely);
    target.storeAddress(first, first + SECOND, 0);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the moved object');
  },

  'blocks that survivors have cut up, when those die': (target) => {
    const s = scene(target);
    for (let round = 0; round < 24; round++) {
      target.store(s.root, 0);
      for (let i = 0; i < 1200; i++) {
        const object = make(s, i);
        if (i % 16 !== 0) continue;
        target.store(object + FIRST, target.load(s.root));
        target.store(s.root, object);
      }
      target.heap.gapSlice(1);
      target.check();
      expectNumber(target, target.load(s.root), 1184, 'a survivor');
    }
    finish(s);
  },

  'an object promoted while a cycle sweeps': (target) => {
    const s = scene(target);
    longList(s, 6000);
    until(s, PHASE_IDLE);
    until(s, PHASE_SWEEP);
    const top = target.load(s.root);
    target.storeAddress(top, top + SECOND, make(s, 4711));
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the promoted object');
  },

  'an object in a hole that was there when a cycle began to sweep': (target) => {
    const s = scene(target);
    longList(s, 6000);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    until(s, PHASE_MARK);
    // Survivors among garbage, after all other blocks: the lines between them are holes that this cycle has yet to sweep.
    for (let i = 0; i < 1000; i++) {
      make(s, 9999);
      if (i % 20 === 0) longList(s, 1);
    }
    until(s, PHASE_SWEEP);
    const objects = Array.from({ length: 200 }, () => {
      longList(s, 1);
      return target.load(s.root);
    });
    finish(s);
    for (const object of objects) expectNumber(target, object, 0, 'the object in a hole');
  },

  'an object stored into before a cycle, when objects move or die before that cycle begins': (target) => {
    for (const moves of [true, false]) {
      const s = scene(target);
      longList(s, 300);
      until(s, PHASE_MARK);
      until(s, PHASE_IDLE);
      const holder = target.load(s.root);
      target.storeAddress(holder, holder + SECOND, make(s, 1));
      target.heap.gapSlice(1);
      if (moves) {
        target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_ALL);
        while (target.heap.forceSlice(50) !== 0);
      } else {
        target.store(s.root, 0);
        target.heap.collect();
      }
      target.check();
      longList(s, 300);
      finish(s);
    }
  },

  'a collection that a script asked for, when the host gives up one of its own': (target) => {
    const s = scene(target);
    longList(s, 300);
    until(s, PHASE_IDLE);
    target.heap.requestCollection();
    target.heap.gapSlice(1);
    target.heap.force(FORCE_FULL | FORCE_MOVE);
    target.heap.forceSlice(1);
    target.heap.endForce();
    if (target.load(FORCED_STAGE) === 0) throw new Error('what the script asked for was given up');
    target.store(s.root, 0);
    for (let i = 0; target.load(FORCED_STAGE) !== 0; i++) {
      target.heap.gapSlice(5);
      if (i === 10_000) throw new Error('what the script asked for does not end');
    }
    target.check();
  },

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

  'a snapshot that begins while an object has been stored into and nothing is young': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    let last = top;
    while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
    target.storeAddress(last, last + SECOND, make(s, 4711));
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    target.storeAddress(last, last + FIRST, 0);
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.heap.gapSlice(1);
    target.storeAddress(top, top + SECOND, target.load(last + SECOND));
    target.storeAddress(last, last + SECOND, 0);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the moved object');
  },

  'an object that was stored into dies, and nothing is young until a whole cycle is over': (target) => {
    const s = scene(target);
    longList(s, 2);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    const top = target.load(s.root);
    const next = target.load(top + FIRST);
    target.storeAddress(next, next + SECOND, top);
    target.storeAddress(top, top + FIRST, 0);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    finish(s);
    if (target.load(STATS_REMEMBERED) !== 0) throw new Error('something stayed remembered');
    expectNumber(target, top, 1, 'the holder');
  },

  'an edge held only by an aged young object when a cycle starts': (target) => {
    const s = scene(target);
    target.store(s.root, make(s, 4711));
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    // The old object now hangs on one that ages first, and is old only for a cycle that begins late enough.
    const holder = make(s, 1);
    target.storeAddress(holder, holder + FIRST, target.load(s.root));
    target.store(s.root, holder);
    until(s, PHASE_MARK);
    finish(s);
    expectNumber(target, target.load(holder + FIRST), 4711, 'the old object');
  },

  'an aged object in a block that a cycle sweeps': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    for (let number = 0; number < 50; number++) {
      // One slice lets it age; whatever comes next must not take it for garbage.
      const top = target.load(s.root);
      target.storeAddress(top, top + SECOND, make(s, number));
      target.heap.gapSlice(1);
      target.heap.gapSlice(1);
      expectNumber(target, target.load(top + SECOND), number, 'the aged object');
      target.check();
    }
    finish(s);
    expectNumber(target, target.load(target.load(s.root) + SECOND), 49, 'the aged object');
  },

  'a young object held only by one that was promoted beside it': (target) => {
    const s = scene(target);
    const first = make(s, 1);
    target.store(s.root, first);
    target.heap.gapSlice(1);
    for (let number = 2; number < 20; number++) {
      // Every collection promotes the last link and lets the new one age.
      let last = first;
      while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
      target.storeAddress(last, last + FIRST, make(s, number));
      target.heap.gapSlice(1);
      for (let i = 0; i < 200; i++) make(s, 9999);
      target.check();
    }
    let at = first;
    for (let number = 1; number < 20; number++) {
      expectNumber(target, at, number, 'a link');
      at = target.load(at + FIRST);
    }
  },

  'a young object stored into a long vector, card by card': (target) => {
    const s = scene(target);
    const vector = target.allocateArray(s.vector, 40_000);
    target.store(s.root, vector);
    target.heap.gapSlice(1);
    for (let number = 0; number < 40; number++) {
      const cell = vector + VECTOR_DATA + number * 997 * 4;
      target.storeAddress(vector, cell, make(s, number));
      target.heap.gapSlice(1);
      for (let i = 0; i < 300; i++) make(s, 9999);
      target.heap.gapSlice(1);
      target.check();
    }
    for (let number = 0; number < 40; number++) {
      expectNumber(target, target.load(vector + VECTOR_DATA + number * 997 * 4), number, 'an element');
    }
  },

  'the only address of an object moves out of a card that is not marked yet': (target) => {
    const s = scene(target);
    const vector = target.allocateArray(s.vector, 40_000);
    const far = vector + VECTOR_DATA + 39_000 * 4;
    target.store(s.root, vector);
    target.storeAddress(vector, far, make(s, 4711));
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    until(s, PHASE_MARK);
    target.heap.gapSlice(1);
    // The vector's first elements have been looked at, its last have not.
    const lonely = target.load(far);
    target.storeAddress(vector, vector + VECTOR_DATA, lonely);
    target.storeAddress(vector, far, 0);
    finish(s);
    expectNumber(target, target.load(vector + VECTOR_DATA), 4711, 'the moved object');
  },

  'a store between two slices in which blocks become old as they stand': (target) => {
    const s = scene(target);
    const length = 6000;
    longList(s, length);
    const top = target.load(s.root);
    for (let slice = 0; slice < 6; slice++) {
      target.heap.gapSlice(1);
      target.check();
      target.storeAddress(top, top + SECOND, make(s, slice));
    }
    finish(s);
    expectNumber(target, target.load(top + SECOND), 5, 'the object stored last');
    let at = top;
    for (let number = length - 1; number >= 0; number--) {
      expectNumber(target, at, number, 'a promoted object');
      at = target.load(at + FIRST);
    }
  },

  'a young object that only a handle keeps alive': (target) => {
    const s = scene(target);
    const handles = Array.from({ length: 300 }, (_, number) => {
      if (number % 7 === 0) target.heap.gapSlice(1);
      return target.heap.newHandle(make(s, number)) >>> 0;
    });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 300; i++) make(s, 9999);
      target.heap.gapSlice(1);
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
    for (let i = 0; i < 5; i++) target.heap.gapSlice(1);
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
    for (let i = 0; i < 20_000; i++) target.heap.gapSlice(1);
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
      if (i % 3 === 0) target.heap.gapSlice(1 + (i % 5));
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
  ...REFERENCE_SEQUENCES,
};
