/** Sequences in which more objects are stored into than the remembered set has room for. */
import { STRESS_EAGER, STRESS_OVERFLOW, STRESS_POISON, VECTOR_DATA } from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';
import { expectNumber, FIRST, longList, make, type Scene, SECOND, type Sequences, scene } from './scene.ts';

const LENGTH = 100;
/** One slice of so many is looked at. */
const CHECKED = 20;
/** Between two of those that are stored into there are others, so that they lie in several blocks. */
const APART = 60;

/** A heap whose remembered set holds a dozen, and old objects. */
function narrow(target: HeapUnderTest): { readonly s: Scene; readonly olds: readonly Address[] } {
  target.heap.setStress(STRESS_EAGER | STRESS_POISON | STRESS_OVERFLOW);
  const s = scene(target);
  longList(s, LENGTH * APART);
  target.heap.collect();
  const olds: Address[] = [];
  for (let at = target.load(s.root), i = 0; at !== 0; at = target.load(at + FIRST), i++)
    if (i % APART === 0) olds.push(at);
  return { s, olds };
}

function storeIntoAll(s: Scene, olds: readonly Address[], number: number): void {
  for (const old of olds) s.target.storeAddress(old, old + SECOND, make(s, number));
}

/** Slices of one unit, and garbage in which what was lost is overwritten. */
function collect(s: Scene, slices: number): void {
  for (let i = 0; i < slices; i++) {
    s.target.heap.gapSlice(1);
    if (i % CHECKED === 0) s.target.check();
  }
  for (let i = 0; i < 1000; i++) make(s, 9999);
}

export const OVERFLOW: Sequences = {
  'young objects in more old ones than the remembered set has room for': (target) => {
    const { s, olds } = narrow(target);
    for (let round = 0; round < 6; round++) {
      storeIntoAll(s, olds, round);
      collect(s, 200);
      for (const old of olds) expectNumber(target, target.load(old + SECOND), round, 'a young object');
    }
  },

  'stores between two slices in which all becomes clean': (target) => {
    const { s, olds } = narrow(target);
    for (let round = 0; round < 6; round++) {
      storeIntoAll(s, olds, round);
      for (let slice = 0; slice < 20; slice++) {
        // Each ends somewhere else.
        target.heap.gapSlice(20 + 11 * slice);
        target.check();
        target.call(() => storeIntoAll(s, olds, slice));
        target.check();
      }
      collect(s, 200);
      for (const old of olds) expectNumber(target, target.load(old + SECOND), 19, 'the object stored last');
    }
  },

  'young objects in more large old ones than the remembered set has room for': (target) => {
    const { s } = narrow(target);
    const root = target.allocateRoots(20);
    for (let i = 0; i < 20; i++) target.store(root + i * 4, target.allocateArray(s.vector, 20_000));
    target.heap.collect();
    const each = (body: (vector: Address, cell: Address) => void): void => {
      for (let i = 0; i < 20; i++)
        body(target.load(root + i * 4), target.load(root + i * 4) + VECTOR_DATA + i * 2048);
    };
    for (let round = 0; round < 6; round++) {
      each((vector, cell) => target.storeAddress(vector, cell, make(s, round)));
      collect(s, 5);
      // Others find no room beside them.
      each((vector, cell) => target.storeAddress(vector, cell, make(s, round)));
      collect(s, 300);
      each((_, cell) => expectNumber(target, target.load(cell), round, 'a young object'));
    }
  },

  'objects that became old beside aged ones, and more than the remembered set has room for': (target) => {
    const { s } = narrow(target);
    for (let round = 0; round < 6; round++) {
      target.store(s.root, 0);
      longList(s, LENGTH);
      // They are promoted one collection later, when each holds one that ages.
      while (target.heap.gapSlice(1) !== 0 && target.isTracing) target.check();
      for (let at = target.load(s.root); at !== 0; at = target.load(at + FIRST))
        target.storeAddress(at, at + SECOND, make(s, round));
      collect(s, 200);
      for (let at = target.load(s.root); at !== 0; at = target.load(at + FIRST))
        expectNumber(target, target.load(at + SECOND), round, 'the aged object');
    }
  },
};
