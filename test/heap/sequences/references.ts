/** Sequences in which weak references, drops and proxies of host objects go wrong in naive collectors. */
import {
  DROP_CODE,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_SWEEP,
  PHASE_WEAK,
  PROXY_GENERATION,
  REFERENCE_SUBJECT,
  SHADOW_STACK,
  SHADOW_TOP,
  STATS_AGED_BYTES,
} from '../../../scripting/heap/index.ts';
import type { Address } from '../heap-under-test.ts';
import {
  expectNumber,
  FIRST,
  farEnd,
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

/** So many objects fill lines of their own. */
const WAITING = 40;

/** Takes what waits to be dropped, all of it objects with numbers below WAITING, and returns how many there were. */
function takeAll({ target, node }: Scene): number {
  for (let count = 0; ; count++) {
    const record = target.heap.takeDrop() >>> 0;
    if (record === 0) return count;
    const dropped = target.load(record + REFERENCE_SUBJECT);
    if (target.load(dropped) !== node || target.load(dropped + NUMBER) >= WAITING)
      throw new Error('what waits was freed');
  }
}

export const REFERENCES: Sequences = {
  'an object that only a weak reference leads to is upgraded while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 50);
    const top = target.load(s.root);
    const last = farEnd(s);
    target.storeAddress(last, last + SECOND, make(s, 4711));
    const weak = target.heap.newWeak(target.load(last + SECOND)) >>> 0;
    target.storeAddress(top, top + SECOND, weak);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    // The object is old, and nothing but the weak reference leads to it when the snapshot is taken.
    target.storeAddress(last, last + SECOND, 0);
    until(s, PHASE_MARK);
    for (let i = 0; i < 10; i++) target.gap(1);
    const object = target.heap.upgrade(weak) >>> 0;
    if (object === 0) throw new Error('the object was given up before it was known to be dead');
    target.storeAddress(top, top + SECOND, object);
    finish(s);
    expectNumber(target, target.load(top + SECOND), 4711, 'the upgraded object');
  },

  'a weak reference to what is doomed is upgraded between marking and clearing': (target) => {
    const s = scene(target);
    longList(s, 50);
    const weaks: Address[] = [];
    for (let number = 0; number < 20; number++) {
      const object = make(s, number);
      weaks.push(target.heap.newWeak(object) >>> 0);
      const cell = target.heap.newHandle(weaks[number]!) >>> 0; // it was just pushed
      target.store(SHADOW_STACK + number * 4, object);
      target.store(SHADOW_TOP, SHADOW_STACK + (number + 1) * 4);
      if (cell === 0) throw new Error('no handle');
    }
    target.gap(1);
    target.store(SHADOW_TOP, SHADOW_STACK);
    until(s, PHASE_MARK);
    until(s, PHASE_WEAK);
    const top = target.load(s.root);
    for (const weak of weaks) {
      const object = target.heap.upgrade(weak) >>> 0;
      if (object !== 0) target.storeAddress(top, top + SECOND, object);
      target.gap(1);
    }
    finish(s);
    if (target.load(top + SECOND) !== 0) throw new Error('what was doomed came back');
    if (weaks.some((weak) => target.heap.upgrade(weak) !== 0)) throw new Error('a dead object was given');
  },

  'what a weak reference led to dies young, and its memory is used again': (target) => {
    const s = scene(target);
    const holder = make(s, 1);
    target.store(s.root, holder);
    const weak = target.heap.newWeak(make(s, 2)) >>> 0;
    target.storeAddress(holder, holder + FIRST, weak);
    target.gap(1);
    for (let i = 0; i < 2000; i++) make(s, 9999);
    if (target.heap.upgrade(weak) !== 0) throw new Error('a dead object was given');
    target.check();
  },

  'a weak reference and what it leads to are promoted with their blocks while a cycle marks': (target) => {
    const s = scene(target);
    longList(s, 200);
    until(s, PHASE_MARK);
    const cell = target.heap.newHandle(0) >>> 0;
    const object = make(s, 4711);
    const weak = target.heap.newWeak(object) >>> 0;
    target.store(cell, weak);
    target.store(SHADOW_STACK, object);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    longList(s, 4000);
    until(s, PHASE_SWEEP);
    if (target.heap.upgrade(weak) >>> 0 !== object) throw new Error('a living object was given up');
    finish(s);
    expectNumber(target, target.heap.upgrade(weak) >>> 0, 4711, 'the promoted object');
  },

  'a weak reference and a drop record made for an object that was promoted with its block while a cycle marks':
    (target) => {
      const s = scene(target);
      longList(s, 200);
      until(s, PHASE_MARK);
      const object = make(s, 4711);
      target.store(SHADOW_STACK, object);
      target.store(SHADOW_TOP, SHADOW_STACK + 4);
      longList(s, 4000);
      target.gap(1);
      const cell = target.heap.newHandle(target.heap.newWeak(object)) >>> 0;
      target.heap.registerDrop(object, 1);
      until(s, PHASE_SWEEP);
      until(s, PHASE_IDLE);
      if (target.heap.takeDrop() !== 0) throw new Error('a living object is dropped');
      if (target.heap.upgrade(target.load(cell)) >>> 0 !== object)
        throw new Error('a living object was given up');
    },

  'an object with a drop and what it reaches, found dead by a cycle': (target) => {
    const s = scene(target);
    longList(s, 50);
    const owner = make(s, 4711);
    target.store(SHADOW_STACK, owner);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    target.storeAddress(owner, owner + FIRST, make(s, 42));
    const parent = target.heap.newWeak(target.load(s.root)) >>> 0;
    target.storeAddress(owner, owner + SECOND, parent);
    target.heap.registerDrop(owner, 17);
    const weak = target.heap.newWeak(owner) >>> 0;
    const cell = target.heap.newHandle(weak) >>> 0;
    target.gap(1);
    target.gap(1);
    target.store(SHADOW_TOP, SHADOW_STACK);
    until(s, PHASE_IDLE);
    finish(s);
    const record = target.heap.takeDrop() >>> 0;
    if (record === 0) throw new Error('the drop was not found');
    const dropped = target.load(record + REFERENCE_SUBJECT);
    if (target.load(record + DROP_CODE) !== 17) throw new Error('the code was lost');
    expectNumber(target, dropped, 4711, 'the object to drop');
    expectNumber(target, target.load(dropped + FIRST), 42, 'what it reaches');
    if (target.heap.upgrade(target.load(cell)) !== 0) throw new Error('what is being dropped was given');
    if (target.heap.upgrade(target.load(dropped + SECOND)) >>> 0 !== target.load(s.root))
      throw new Error('the living parent was given up');
    if (target.heap.takeDrop() !== 0) throw new Error('the drop was found twice');
    finish(s);
  },

  'an object with a drop and what it reaches, dead in the nursery': (target) => {
    const s = scene(target);
    const owner = make(s, 4711);
    target.store(SHADOW_STACK, owner);
    target.store(SHADOW_TOP, SHADOW_STACK + 4);
    target.storeAddress(owner, owner + FIRST, make(s, 42));
    target.heap.registerDrop(owner, 17);
    target.store(SHADOW_TOP, SHADOW_STACK);
    for (let i = 0; i < 4; i++) target.gap(1);
    finish(s);
    const record = target.heap.takeDrop() >>> 0;
    if (record === 0) throw new Error('the drop was not found');
    const dropped = target.load(record + REFERENCE_SUBJECT);
    expectNumber(target, dropped, 4711, 'the object to drop');
    expectNumber(target, target.load(dropped + FIRST), 42, 'what it reaches');
  },

  'owners are dropped before what they own': (target) => {
    const s = scene(target);
    const numbers: number[] = [];
    for (let number = 1; number <= 4; number++) {
      target.heap.registerDrop(make(s, number), 0);
      if (number === 2) target.gap(1);
    }
    target.heap.collect();
    for (let record = target.heap.takeDrop(); record !== 0; record = target.heap.takeDrop())
      numbers.push(target.load(target.load((record >>> 0) + REFERENCE_SUBJECT) + NUMBER));
    if (numbers.join(' ') !== '2 1 4 3') throw new Error(`dropped in the order ${numbers.join(' ')}`);
  },

  'what waits for the host is taken before a cycle has come to it': (target) => {
    const s = scene(target);
    longList(s, 50);
    for (let number = 0; number < WAITING; number++) target.heap.registerDrop(make(s, number), 0);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    until(s, PHASE_MARK);
    const top = target.load(s.root);
    const record = target.heap.takeDrop() >>> 0;
    if (record === 0) throw new Error('the drop was not found');
    const number = target.load(target.load(record + REFERENCE_SUBJECT) + NUMBER);
    target.storeAddress(top, top + SECOND, target.load(record + REFERENCE_SUBJECT));
    target.check();
    finish(s);
    expectNumber(target, target.load(top + SECOND), number, 'what was taken');
    if (takeAll(s) !== WAITING - 1) throw new Error('what waits was lost');
  },

  'what waits for the host is taken while a young collection goes through it': (target) => {
    const s = scene(target);
    let tried = 0;
    for (let round = 0; round < 12; round++) {
      // Garbage becomes old as it stands, and one young collection in three promotes all.
      for (let i = 0; i < 30 + round; i++) {
        target.gap(1000);
        make(s, 9999);
      }
      for (let number = 0; number < WAITING; number++) target.heap.registerDrop(make(s, number), 0);
      // They are found dead, and may be young until the next collection.
      target.gap(1);
      make(s, 9999);
      if (target.load(STATS_AGED_BYTES) >= WAITING * 48) tried++;
      for (let slices = 0; !target.isTracing && slices < 1000; slices++) target.heap.gapSlice(1);
      target.heap.takeDrop();
      target.heap.takeDrop();
      for (let i = 0; i < 10; i++) target.gap(10);
      for (let i = 0; i < 3000; i++) make(s, 9999);
      target.check();
      if (takeAll(s) !== WAITING - 2) throw new Error('what waits was lost');
    }
    if (tried === 0) throw new Error('nothing that waits was young');
  },

  'a proxy that dies gives its index back once, and not before': (target) => {
    const s = scene(target);
    const top = make(s, 1);
    target.store(s.root, top);
    target.storeAddress(top, top + FIRST, target.heap.newProxy(7, 3) >>> 0);
    target.heap.newProxy(8, 4);
    const dead: number[] = [];
    const drain = (): void => {
      for (
        let proxy = target.heap.takeDeadProxy() >>> 0;
        proxy !== 0;
        proxy = target.heap.takeDeadProxy() >>> 0
      )
        dead.push(target.load(proxy + REFERENCE_SUBJECT), target.load(proxy + PROXY_GENERATION));
    };
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    drain();
    if (dead.join(' ') !== '8 4') throw new Error(`dead: ${dead.join(' ')}`);
    target.storeAddress(top, top + FIRST, 0);
    until(s, PHASE_MARK);
    until(s, PHASE_IDLE);
    finish(s);
    drain();
    if (dead.join(' ') !== '8 4 7 3') throw new Error(`dead: ${dead.join(' ')}`);
  },
};
