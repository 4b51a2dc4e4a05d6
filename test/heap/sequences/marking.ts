/** Sequences in which a cycle that marks in slices loses an edge: one that moves to where it has been, or is not logged. */
import {
  FORCE_ALL,
  FORCE_FULL,
  FORCE_MOVE,
  PHASE_IDLE,
  PHASE_MARK,
  STATS_REMEMBERED,
  VECTOR_DATA,
} from '../../../scripting/heap/index.ts';
import {
  expectNumber,
  FIRST,
  farEnd,
  finish,
  longList,
  make,
  SECOND,
  type Sequences,
  scene,
  until,
} from './scene.ts';

export const MARKING: Sequences = {
  'the only address of an unmarked object moves to a marked one while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    // The object hangs on the far end of the list, which marking reaches last.
    const last = farEnd(s);
    const lonely = make(s, 4711);
    target.storeAddress(last, last + SECOND, lonely);
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.gap(1);
    target.storeAddress(top, top + SECOND, lonely);
    target.storeAddress(last, last + SECOND, 0);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the moved object');
  },

  'an object in a vector that is cleared while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    const last = farEnd(s);
    const vector = target.allocateArray(s.vector, 4);
    target.storeAddress(last, last + SECOND, vector);
    target.storeAddress(vector, vector + VECTOR_DATA, make(s, 4711));
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.gap(1);
    const element = target.load(vector + VECTOR_DATA);
    target.heap.arrayClear(vector, 0, 4);
    target.storeAddress(top, top + SECOND, element);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the element');
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

  'an object stored into before a cycle, when objects move or die before that cycle begins': (target) => {
    for (const moves of [true, false]) {
      const s = scene(target);
      longList(s, 300);
      until(s, PHASE_MARK);
      until(s, PHASE_IDLE);
      const holder = target.load(s.root);
      target.storeAddress(holder, holder + SECOND, make(s, 1));
      target.gap(1);
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

  'a snapshot that begins while an object has been stored into and nothing is young': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    const last = farEnd(s);
    target.storeAddress(last, last + SECOND, make(s, 4711));
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    target.storeAddress(last, last + FIRST, 0);
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.gap(1);
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

  'the only address of an object moves out of a card that is not marked yet': (target) => {
    const s = scene(target);
    const vector = target.allocateArray(s.vector, 40_000);
    const far = vector + VECTOR_DATA + 39_000 * 4;
    target.store(s.root, vector);
    target.storeAddress(vector, far, make(s, 4711));
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    until(s, PHASE_MARK);
    // One slice comes to the root, and the next to the vector: its first elements have been looked at, its last have not.
    target.gap(1);
    target.gap(1);
    const lonely = target.load(far);
    target.storeAddress(vector, vector + VECTOR_DATA, lonely);
    target.storeAddress(vector, far, 0);
    finish(s);
    expectNumber(target, target.load(vector + VECTOR_DATA), 4711, 'the moved object');
  },
};
