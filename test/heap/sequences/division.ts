/** Sequences in which a young collection is divided, and a script runs before it is over: it must have given up by then. */
import {
  BLOCK_MASK,
  CYCLE_START,
  GRANULE_SHIFT,
  PHASE_IDLE,
  PHASE_MARK,
  STATE_MARKED,
  STATE_OLD,
  STATS_GIVEN_UP,
  STATS_TRACING,
  STRESS_EAGER,
  STRESS_OVERFLOW,
  STRESS_POISON,
  TRACING_RECLAIM,
  VECTOR_DATA,
} from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';
import {
  expectNumber,
  FIRST,
  farEnd,
  finish,
  longList,
  make,
  type Scene,
  SECOND,
  type Sequences,
  scene,
  until,
} from './scene.ts';

const LENGTH = 300;

/** Portions of one unit until a young collection has reached an object. */
function untilReached(target: HeapUnderTest, object: Address): void {
  const state = ((object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT)) >>> 0;
  for (let i = 0; i < 10_000; i++) {
    if (target.isTracing && target.view.getUint8(state) & (STATE_MARKED | STATE_OLD)) return;
    target.heap.gapSlice(1);
  }
  throw new Error('no young collection has come to the object');
}

/** The list at the root: its numbers count down to 0. */
function expectList({ target, root }: Scene, length: number): void {
  let at = target.load(root);
  for (let number = length - 1; number >= 0; number--) {
    expectNumber(target, at, number, 'a link');
    at = target.load(at + FIRST);
  }
}

/** Whatever was freed is used again; then all that is left is old. */
function overwrite(s: Scene): void {
  for (let i = 0; i < 3000; i++) make(s, 9999);
  for (let i = 0; i < 40; i++) s.target.gap(100);
}

export const DIVISION: Sequences = {
  'the only address of a young object moves to one that was gone through, between two portions': (target) => {
    const s = scene(target);
    for (let round = 0; round < 4; round++) {
      target.store(s.root, 0);
      longList(s, LENGTH);
      const head = target.load(s.root);
      untilReached(target, target.load(head + FIRST));
      target.check();
      target.call(() => {
        const end = farEnd(s);
        let before = head;
        while (target.load(before + FIRST) !== end) before = target.load(before + FIRST);
        target.storeAddress(head, head + SECOND, end);
        target.storeAddress(before, before + FIRST, 0);
      });
      target.check();
      for (let i = 0; i < 20; i++) target.gap(10);
      overwrite(s);
      target.check();
      expectNumber(target, target.load(head + SECOND), 0, 'the object that moved');
    }
  },

  'objects that a young collection has not come to when it gives up are collected with all others': (
    target,
  ) => {
    const s = scene(target);
    for (let round = 0; round < 8; round++) {
      // No cycle is in progress after it.
      target.heap.collect();
      target.store(s.root, 0);
      longList(s, LENGTH);
      untilReached(target, target.load(target.load(s.root) + FIRST));
      target.call(() => {});
      target.check();
      target.heap.collect();
      overwrite(s);
      target.check();
      expectList(s, LENGTH);
    }
  },

  'a young collection gives up among the objects that were stored into': (target) => {
    const s = scene(target);
    longList(s, LENGTH);
    target.heap.collect();
    const olds: Address[] = [];
    for (let at = target.load(s.root); at !== 0; at = target.load(at + FIRST)) olds.push(at);
    const storeIntoAll = () => {
      for (const [i, old] of olds.entries()) target.storeAddress(old, old + SECOND, make(s, i));
    };
    for (const place of [5, 150, 290]) {
      storeIntoAll();
      untilReached(target, target.load((olds[place] ?? 0) + SECOND));
      target.check();
      target.call(() => {});
      for (let i = 0; i < 40; i++) {
        target.heap.gapSlice(10);
        target.check();
      }
      storeIntoAll();
      target.gap(1000);
      target.gap(1000);
      overwrite(s);
      target.check();
      for (const [i, old] of olds.entries())
        expectNumber(target, target.load(old + SECOND), i, 'what was stored last');
      finish(s);
      overwrite(s);
    }
  },

  'a young collection gives up among the cards of a long vector': (target) => {
    const s = scene(target);
    const length = 40_000;
    const vector = target.allocateArray(s.vector, length);
    target.store(s.root, vector);
    target.heap.collect();
    const cells = Array.from({ length: 40 }, (_, i) => vector + VECTOR_DATA + i * 997 * 4);
    const storeIntoAll = () => {
      for (const [i, cell] of cells.entries()) target.storeAddress(vector, cell, make(s, i));
    };
    for (const place of [3, 20, 39]) {
      storeIntoAll();
      untilReached(target, target.load(cells[place] ?? 0));
      target.check();
      target.call(storeIntoAll);
      target.check();
      for (let i = 0; i < 20; i++) target.gap(10);
      overwrite(s);
      target.check();
      for (const [i, cell] of cells.entries())
        expectNumber(target, target.load(cell), i, 'what was stored last');
    }
  },

  'a young collection beside a cycle for which the mark stack was too small, after so many slices, gives up':
    (target) => {
      const s = scene(target);
      target.heap.setStress(STRESS_EAGER | STRESS_POISON | STRESS_OVERFLOW);
      const width = 60;
      const vector = target.allocateArray(s.vector, width);
      target.store(s.root, vector);
      const cell = (i: number) => vector + VECTOR_DATA + i * 4;
      for (let i = 0; i < width; i++) {
        target.storeAddress(vector, cell(i), make(s, i));
        target.storeAddress(target.load(cell(i)), target.load(cell(i)) + FIRST, make(s, 100 + i));
      }
      for (let slices = 0; slices < 12; slices++) {
        until(s, PHASE_IDLE);
        until(s, PHASE_MARK);
        for (let i = 0; i < slices; i++) target.heap.gapSlice(1);
        make(s, 9999);
        target.heap.gapSlice(1);
        target.call(() => {});
        finish(s);
        for (let i = 0; i < width; i++) {
          const node = target.load(cell(i));
          expectNumber(target, node, i, 'an element');
          expectNumber(target, target.load(node + FIRST), 100 + i, 'what it holds');
        }
      }
    },

  'a young collection gives up before it frees a large object, which a cycle then finds when its mark stack was too small':
    (target) => {
      const s = scene(target);
      target.heap.setStress(STRESS_OVERFLOW);
      const numbers = target.describe({ size: 48 });
      const width = 60;
      const vector = target.allocateArray(s.vector, width);
      target.store(s.root, vector);
      const cell = (object: Address, i: number) => object + VECTOR_DATA + i * 4;
      for (let i = 0; i < width; i++) target.storeAddress(vector, cell(vector, i), make(s, i));
      for (let portions = 1; portions < 6; portions++) {
        target.heap.collect();
        target.store(CYCLE_START, 1);
        until(s, PHASE_MARK);
        target.store(CYCLE_START, 0);
        // All of this is dead: the vector leads to blocks that are freed before it.
        const large = target.allocateArray(s.vector, 100_000);
        for (let i = 0; i < 6000; i++) target.storeAddress(large, cell(large, i), make(s, 9999));
        do target.heap.gapSlice(1);
        while (target.load(STATS_TRACING) !== TRACING_RECLAIM);
        for (let i = 1; i < portions; i++) target.heap.gapSlice(1);
        target.call(() => {
          for (let i = 0; i < 6000; i++) {
            const object = target.allocate(numbers);
            for (let at = 4; at < 48; at += 4) target.store(object + at, 0xffffffb0);
          }
        });
        target.check();
        until(s, PHASE_IDLE);
        target.check();
        for (let i = 0; i < width; i++)
          expectNumber(target, target.load(cell(vector, i)), i, 'what was alive');
      }
    },

  'weak references to one object are cleared all or not at all, whenever a young collection gives up': (
    target,
  ) => {
    const s = scene(target);
    const pairs = 20;
    const vector = target.allocateArray(s.vector, 2 * pairs);
    target.store(s.root, vector);
    target.heap.collect();
    const cell = (i: number) => vector + VECTOR_DATA + i * 4;
    let found = 0;
    for (let portions = 1; portions < 400; portions += 3) {
      for (let i = 0; i < pairs; i++) {
        const subject = make(s, i);
        target.holding([subject], () => {
          for (const end of [i, 2 * pairs - 1 - i])
            target.storeAddress(vector, cell(end), target.heap.newWeak(subject) >>> 0);
        });
      }
      for (let i = 0; i < portions && (i === 0 || target.isTracing); i++) target.heap.gapSlice(1);
      if (target.isTracing) target.check();
      target.call(() => {
        for (let i = 0; i < pairs; i++) {
          const [one, other] = [i, 2 * pairs - 1 - i].map((end) =>
            target.heap.upgrade(target.load(cell(end))),
          );
          if (one !== other) throw new Error(`only one of two weak references was cleared, at ${portions}`);
          if (one !== 0) found++;
        }
      });
      target.check();
      for (let i = 0; i < 20; i++) target.gap(100);
    }
    if (found === 0) throw new Error('all references were cleared before anybody looked');
  },

  'handles may be freed between two portions of a young collection': (target) => {
    const s = scene(target);
    for (let round = 0; round < 20; round++) {
      until(s, PHASE_IDLE);
      target.store(s.root, 0);
      longList(s, LENGTH);
      const handles = Array.from({ length: 40 }, (_, i) => target.heap.newHandle(make(s, i)) >>> 0);
      const kept = target.heap.newHandle(make(s, 4711)) >>> 0;
      const before = target.load(STATS_GIVEN_UP);
      for (let i = 0; i < round; i++) target.heap.gapSlice(1);
      for (let i = 0; i === 0 || target.isTracing; i++) {
        const cell = handles.pop();
        if (cell !== undefined) target.heap.freeHandle(cell);
        target.heap.gapSlice(1);
        target.check();
      }
      if (target.load(STATS_GIVEN_UP) !== before) throw new Error('it gave up');
      expectList(s, LENGTH);
      expectNumber(target, target.load(kept), 4711, 'what a handle holds that was not freed');
      for (const cell of [...handles, kept]) target.heap.freeHandle(cell);
      target.check();
    }
    finish(s);
  },

  'the blocks that a young collection has not come to when it gives up become old': (target) => {
    const s = scene(target);
    for (let round = 0; round < 40; round++) {
      longList(s, 30);
      const before = target.load(STATS_GIVEN_UP);
      for (let i = 0; i <= round * 4 && (i === 0 || target.isTracing); i++) target.heap.gapSlice(1);
      const gaveUp = target.isTracing ? 1 : 0;
      target.call(() => {});
      if (target.load(STATS_GIVEN_UP) !== before + gaveUp) throw new Error('it did not give up once');
      target.check();
      for (let i = 0; i < 6; i++) target.gap(100);
      target.check();
    }
    finish(s);
  },
};
