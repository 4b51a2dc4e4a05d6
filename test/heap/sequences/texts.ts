/** Sequences around the place at which a text was read last: another text lies there when the first one is gone. */
import { FORCE_ALL, FORCE_FULL, FORCE_MOVE } from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';
import { make, type Scene, type Sequences, scene } from './scene.ts';

/** Of as many bytes and code points, but the third one begins elsewhere. */
const LATE = '€€ab';
const EARLY = 'ab€€';
const THIRD = 2n;

function expectThird({ heap }: HeapUnderTest, string: Address, text: string): void {
  const found = Number(heap.stringPoint(string, THIRD));
  const expected = text.codePointAt(Number(THIRD));
  if (found !== expected) throw new Error(`${found} was read where ${expected} is`);
}

/** Makes texts until one lies where another one was, with an object between two of them now and then. */
function expectThirdAt(s: Scene, place: Address): void {
  for (let i = 0; i < 50_000; i++) {
    const string = s.target.makeString(EARLY);
    if (i % 3 === 0) make(s, 9999);
    if (string !== place) continue;
    expectThird(s.target, string, EARLY);
    return;
  }
  throw new Error('no text lies where the other one was');
}

export const TEXTS: Sequences = {
  'a text where another lay in an arena that ended': (target) => {
    target.heap.openArena(0, 0);
    expectThird(target, target.makeString(LATE), LATE);
    target.heap.closeArena();
    target.heap.openArena(0, 0);
    expectThird(target, target.makeString(EARLY), EARLY);
    target.heap.closeArena();
  },

  'a text where another lay in the frame before': (target) => {
    for (const text of [LATE, EARLY]) {
      target.heap.enterFrame();
      expectThird(target, target.makeString(text), text);
      target.heap.leaveRegion();
      target.heap.resetFrame();
    }
  },

  'a text where another was collected': (target) => {
    const s = scene(target);
    const text = target.makeString(LATE);
    expectThird(target, text, LATE);
    target.heap.collect();
    expectThirdAt(s, text);
  },

  'a text where another was, found in gaps to be dead': (target) => {
    const s = scene(target);
    const text = target.makeString(LATE);
    expectThird(target, text, LATE);
    target.heap.requestCollection();
    for (let i = 0; i < 2000; i++) target.gap(10);
    expectThirdAt(s, text);
  },

  'a text where another lay before it moved': (target) => {
    const s = scene(target);
    for (let i = 0; i < 100; i++) make(s, 9999);
    const text = target.makeString(LATE);
    target.store(s.root, text);
    expectThird(target, text, LATE);
    target.heap.force(FORCE_FULL | FORCE_MOVE | FORCE_ALL);
    while (target.heap.forceSlice(50) !== 0);
    expectThirdAt(s, text);
  },
};
