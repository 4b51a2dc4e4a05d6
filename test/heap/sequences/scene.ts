/** What named sequences are made of: a heap with a kind of node and one root, and ways to bring a cycle to a phase. */
import { PHASE_IDLE, PHASE_SWEEP, STATS_PHASE, VECTOR_DATA } from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest } from '../heap-under-test.ts';

/** By what happens in them. Each throws where something was lost. */
export type Sequences = Readonly<Record<string, (target: HeapUnderTest) => void>>;

export interface Scene {
  readonly target: HeapUnderTest;
  readonly node: Address;
  readonly vector: Address;
  readonly root: Address;
}

export const FIRST = 4;
export const SECOND = 8;
export const NUMBER = 12;

export function scene(target: HeapUnderTest): Scene {
  return {
    target,
    node: target.describe({ size: 32, addresses: [FIRST, SECOND] }),
    vector: target.describe({ size: VECTOR_DATA, stride: 4, elementAddresses: [0] }),
    root: target.allocateRoots(1),
  };
}

export function make({ target, node }: Scene, number: number): Address {
  const object = target.allocate(node);
  target.store(object + NUMBER, number);
  return object;
}

/** Slices of one unit until the collector is at a phase. */
export function until({ target }: Scene, phase: number): void {
  for (let i = 0; i < 100_000; i++) {
    if (target.load(STATS_PHASE) === phase) return;
    target.gap(1);
    // A list of blocks that bites its tail would be walked for ever: it is found here first.
    if (target.load(STATS_PHASE) === PHASE_SWEEP) target.check();
  }
  throw new Error(`phase ${phase} was never reached`);
}

/** Puts new objects at the head of the list that the root holds; marking a long one takes many slices. */
export function longList(s: Scene, length: number): void {
  const { target, root } = s;
  for (let i = 0; i < length; i++) {
    const object = make(s, i);
    target.store(object + FIRST, target.load(root));
    target.store(root, object);
  }
}

/** Runs the cycle in progress to its end and the following one too, so that whatever was lost is overwritten. */
export function finish(s: Scene): void {
  until(s, PHASE_IDLE);
  s.target.gap(1);
  until(s, PHASE_IDLE);
  for (let i = 0; i < 5000; i++) make(s, 9999);
  s.target.check();
}

export function expectNumber(target: HeapUnderTest, object: Address, number: number, what: string): void {
  const found = target.load(object + NUMBER);
  if (found !== number) throw new Error(`${what} was lost: ${found} is where ${number} was`);
}

/** Goes to the far end of the list after the root, which marking reaches last. */
export function farEnd({ target, root }: Scene): Address {
  let last = target.load(root);
  while (target.load(last + FIRST) !== 0) last = target.load(last + FIRST);
  return last;
}
