/** Sequences in which objects are lost or kept as they grow old: remembered, aged, promoted alone or with their blocks. */
import { PHASE_IDLE, PHASE_MARK, PHASE_SWEEP, VECTOR_DATA } from '../../../scripting/heap/index.ts';
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

export const PROMOTION: Sequences = {
  'a young object stored into an old one that had been stored into before': (target) => {
    const s = scene(target);
    const old = make(s, 1);
    target.store(s.root, old);
    target.gap(1);
    for (let number = 2; number < 6; number++) {
      target.storeAddress(old, old + FIRST, make(s, number));
      target.gap(1);
      for (let i = 0; i < 2000; i++) make(s, 9999);
      target.gap(1);
      expectNumber(target, target.load(old + FIRST), number, 'the young object');
      target.check();
    }
  },

  'a store into an object promoted with its whole block': (target) => {
    const s = scene(target);
    // More than is traced in a gap, so that everything becomes old as it stands.
    longList(s, 4000);
    target.gap(1);
    const top = target.load(s.root);
    target.storeAddress(top, top + SECOND, make(s, 4711));
    target.gap(1);
    for (let i = 0; i < 5000; i++) make(s, 9999);
    target.gap(1);
    expectNumber(target, target.load(top + SECOND), 4711, 'the object stored into it');
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the object stored into it');
  },

  'an object promoted while a cycle marks, in a block of its own': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    const top = target.load(s.root);
    for (let i = 0; i < 10; i++) target.gap(1);
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
      target.gap(1);
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

  'an aged object in a block that a cycle sweeps': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    for (let number = 0; number < 50; number++) {
      // One slice lets it age; whatever comes next must not take it for garbage.
      const top = target.load(s.root);
      target.storeAddress(top, top + SECOND, make(s, number));
      target.gap(1);
      target.gap(1);
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
    target.gap(1);
    for (let number = 2; number < 20; number++) {
      // Every collection promotes the last link and lets the new one age.
      let last = first;
      while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
      target.storeAddress(last, last + FIRST, make(s, number));
      target.gap(1);
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
    target.gap(1);
    for (let number = 0; number < 40; number++) {
      const cell = vector + VECTOR_DATA + number * 997 * 4;
      target.storeAddress(vector, cell, make(s, number));
      target.gap(1);
      for (let i = 0; i < 300; i++) make(s, 9999);
      target.gap(1);
      target.check();
    }
    for (let number = 0; number < 40; number++) {
      expectNumber(target, target.load(vector + VECTOR_DATA + number * 997 * 4), number, 'an element');
    }
  },

  'a store between two slices in which blocks become old as they stand': (target) => {
    const s = scene(target);
    const length = 6000;
    longList(s, length);
    const top = target.load(s.root);
    for (let slice = 0; slice < 6; slice++) {
      target.gap(1);
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
};
