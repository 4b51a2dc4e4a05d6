/** What a collector may come to do at once: heaps in which there is very much of one thing, and the collections that come upon it. */
import { STATS_REMEMBERED, YOUNG_START } from '../../../scripting/heap/index.ts';
import { programFile } from '../peers/program.ts';
import { loadSluice } from '../peers/sluice.ts';
import type { SteppedHeap, StepRecorder } from './recorder.ts';
import { Scene } from './scene.ts';

export interface Case {
  readonly name: string;
  /** Builds a share of the heap, 1 for all of it, and returns what is to be measured on it. Each time the same. */
  prepare(share: number): Scenario | Promise<Scenario>;
}

interface Scenario {
  readonly heap: SteppedHeap;
  /** Throws where the heap has not come to what it must. */
  run(steps: StepRecorder): void;
}

const WORD = 4;
/** What one unit of a level has: `programs/steps.slu`. */
const ROW = 1000;
/** What a global's cell takes. */
const CELL = 8;
/** Memory in which there is no more for a larger remembered set. */
const NARROW = 64 * 2 ** 20;

export const CASES: readonly Case[] = [
  { name: '100,000 globals', prepare: (share) => globals(share * 100_000) },
  { name: '1,000,000 weak references, half to the dead', prepare: (share) => weak(share * 1_000_000) },
  { name: '200,000 weak references to the young', prepare: (share) => youngWeak(share * 200_000) },
  { name: '100,000 handles', prepare: (share) => handles(share * 100_000) },
  { name: '100,000 drops', prepare: (share) => drops(share * 100_000) },
  { name: '10,000 host proxies, dead', prepare: (share) => proxies(share * 10_000) },
  { name: '1,000,000 remembered objects', prepare: (share) => remembered(share * 1_000_000) },
  { name: '100 remembered objects of a block each', prepare: (share) => longObjects(share * 100, 15_000) },
  { name: '800,000 remembered, no room for them', prepare: (share) => lost(share * 800_000) },
  { name: "200,000 objects in the frame's arena", prepare: (share) => arena(share * 200_000) },
  { name: 'a map of 1,000,000', prepare: (share) => program('build-map', share * 1_000_000, 1) },
  { name: 'a level of 256 MB', prepare: (share) => program('build-level', share * 4_100, ROW) },
];

function globals(count: number): Scenario {
  const scene = new Scene();
  const { target } = scene;
  const olds = scene.old(count);
  const cells = target.heap.allocateStatic(count * CELL) >>> 0;
  for (let i = 0; i < count; i++) {
    target.heap.addRoots(cells + i * CELL, 1, CELL);
    target.store(cells + i * CELL, olds.at(scene.shuffled(i, count)));
  }
  return {
    heap: scene,
    run: (steps) => {
      steps.cycle();
      for (let i = 0; i < 100; i++) target.store(cells + i * CELL, scene.young());
      steps.young();
      check(scene);
    },
  };
}

function weak(count: number): Scenario {
  const scene = new Scene();
  const subjects = scene.old(count);
  const weaks = scene.vector(count);
  weaks.fill((i) => scene.target.heap.newWeak(subjects.at(scene.shuffled(i, count))) >>> 0);
  scene.target.heap.collect();
  for (let i = 0; i < count; i += 2) subjects.set(i, 0);
  return {
    heap: scene,
    run: (steps) => {
      steps.cycle();
      const left = Array.from({ length: count }, (_, i) => scene.target.heap.upgrade(weaks.at(i))).filter(
        (a) => a !== 0,
      );
      if (left.length !== count / 2)
        throw new Error(`${left.length} weak references are left of ${count / 2}`);
      check(scene);
    },
  };
}

function youngWeak(count: number): Scenario {
  const scene = new Scene();
  const subjects = scene.vector(count / 2);
  const weaks = scene.vector(count);
  scene.target.heap.collect();
  subjects.fill(() => scene.young());
  weaks.fill((i) => {
    const subject = i % 2 === 0 ? subjects.at(i / 2) : scene.young();
    return scene.target.holding([subject], () => scene.target.heap.newWeak(subject) >>> 0);
  });
  return {
    heap: scene,
    run: (steps) => {
      steps.youngUntil('references', 10);
      steps.young();
      check(scene);
    },
  };
}

function handles(count: number): Scenario {
  const scene = new Scene();
  const olds = scene.old(count);
  for (let i = 0; i < count; i++) scene.target.heap.newHandle(olds.at(scene.shuffled(i, count)));
  return { heap: scene, run: (steps) => collect(steps, scene) };
}

function drops(count: number): Scenario {
  const scene = new Scene();
  const { target } = scene;
  const owned = scene.old(count);
  for (let i = 0; i < count; i++) target.heap.registerDrop(owned.at(scene.shuffled(i, count)), 0);
  return {
    heap: scene,
    run: (steps) => {
      // As they stand, since so many are beyond what is traced.
      steps.youngUntil('references', 2);
      steps.young();
      owned.clear();
      steps.cycle();
      // All of them wait for the host.
      collect(steps, scene);
      let told = 0;
      while (target.heap.takeDrop() !== 0) told++;
      if (told !== count) throw new Error(`${told} drops were told of ${count}`);
    },
  };
}

function proxies(count: number): Scenario {
  const scene = new Scene();
  const { target } = scene;
  const held = scene.vector(count);
  held.fill((i) => target.heap.newProxy(scene.shuffled(i, count), 0) >>> 0);
  target.heap.collect();
  return {
    heap: scene,
    run: (steps) => {
      held.clear();
      steps.cycle();
      collect(steps, scene);
      let told = 0;
      while (target.heap.takeDeadProxy() !== 0) told++;
      if (told !== count) throw new Error(`${told} proxies were told of ${count}`);
    },
  };
}

function remembered(count: number): Scenario {
  const scene = new Scene();
  const olds = scene.old(count);
  const storeIntoAll = (): void => {
    const young = scene.young();
    for (let i = 0; i < count; i++) {
      const old = olds.at(scene.shuffled(i, count));
      scene.target.storeAddress(old, old + WORD, young);
    }
  };
  return {
    heap: scene,
    run: (steps) => {
      storeIntoAll();
      scene.store(YOUNG_START, 1);
      steps.young();
      storeIntoAll();
      steps.cycle();
      check(scene);
    },
  };
}

function longObjects(count: number, length: number): Scenario {
  const scene = new Scene();
  const vectors = Array.from({ length: count }, () => scene.vector(length));
  const young = scene.old(length);
  scene.target.heap.collect();
  for (const [i, vector] of vectors.entries())
    vector.fill((j) => (j % 100 === 0 && i < 10 ? scene.young() : young.at(scene.shuffled(j, 10_000))));
  return {
    heap: scene,
    run: (steps) => {
      steps.young();
      steps.cycle();
      check(scene);
    },
  };
}

function lost(count: number): Scenario {
  const scene = new Scene(NARROW);
  const { target } = scene;
  const olds = scene.old(count);
  // Whatever is left is taken by somebody else.
  for (let bytes = NARROW; bytes >= 2 ** 16; ) {
    try {
      target.heap.allocateStatic(bytes);
    } catch {
      bytes >>= 1;
    }
  }
  return {
    heap: scene,
    run: (steps) => {
      const before = target.load(STATS_REMEMBERED);
      for (let i = 0; i < count; i++) {
        const old = olds.at(scene.shuffled(i, count));
        target.storeAddress(old, old + WORD, olds.at(i));
      }
      if (target.load(STATS_REMEMBERED) - before !== count) throw new Error('not all is remembered');
      collect(steps, scene);
    },
  };
}

function arena(count: number): Scenario {
  const scene = new Scene();
  const { target } = scene;
  const olds = scene.old(count);
  target.heap.enterFrame();
  for (let i = 0; i < count; i++) target.store(scene.young() + WORD, olds.at(scene.shuffled(i, count)));
  target.heap.leaveRegion();
  return { heap: scene, run: (steps) => collect(steps, scene) };
}

/** A program builds so many units, of so many objects each. */
async function program(build: string, units: number, each: number): Promise<Scenario> {
  const machine = await loadSluice(programFile('steps.slu'), { hardLimit: 3 * 2 ** 30 });
  const heap: SteppedHeap = {
    slice: (units) => machine.gapSlice(units),
    script: () => {
      machine.call('frame-work');
    },
    load: (cell) => machine.statistic(cell),
    store: (cell, value) => machine.views.setWord(cell, value),
  };
  heap.store(YOUNG_START, 1);
  machine.suppress();
  machine.call(build, units);
  machine.resume();
  return {
    heap,
    run: (steps) => {
      // As it stands, or it ages and is promoted by the next.
      steps.young();
      steps.script();
      steps.young();
      steps.cycle();
      const left = Number(machine.call('count-objects'));
      if (left !== units * each) throw new Error(`${left} objects are left of ${units * each}`);
      const broken = machine.verify();
      if (broken !== undefined) throw new Error(`the heap broke rule ${broken.code}`);
    },
  };
}

/** A young collection, which finds something young, and a cycle. */
function collect(steps: StepRecorder, scene: Scene): void {
  scene.young();
  steps.young();
  steps.cycle();
  check(scene);
}

function check(scene: Scene): void {
  scene.target.check();
}
