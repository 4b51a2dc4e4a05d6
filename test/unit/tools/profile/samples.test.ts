/** How samples become the time of functions, on stacks made up for it. */
import { describe, expect, it } from 'vitest';
import type { NativeFrame, Sample } from '../../../../scripting/tools/profile/sampler.ts';
import {
  functionTimes,
  longestPath,
  stacksIn,
  withoutWaits,
} from '../../../../scripting/tools/profile/samples.ts';
import type { ScriptStack } from '../../../../scripting/tools/profile/script-stacks.ts';

const OUTSIDE: ScriptStack = { path: [], owner: undefined, inHeap: false, inHost: false };
const stack = (...path: number[]): ScriptStack => ({ ...OUTSIDE, path, owner: path.at(-1) });

/** Samples at moments, each with what was on the stack then. */
function sampled(from: number, to: number, found: readonly (readonly [at: number, stack: ScriptStack])[]) {
  const known = new Map<NativeFrame, ScriptStack>();
  const samples = found.map(([at, of]): Sample => {
    const native: NativeFrame = { native: { functionName: '', url: '', columnNumber: 0 }, caller: undefined };
    known.set(native, of);
    return { at, stack: native };
  });
  return stacksIn({ from, to }, samples, { of: (frame) => (frame && known.get(frame)) ?? OUTSIDE });
}

describe('samples of a stretch', () => {
  it('stand for the time until the next; the first for what was before it too, the last until the end', () => {
    const found = sampled(10, 20, [
      [9, stack(0)],
      [12, stack(0, 1)],
      [15, stack(0)],
      [21, stack(2)],
    ]);
    expect(found.map(({ at, length }) => [at, length])).toEqual([
      [10, 5],
      [15, 5],
    ]);
    expect(functionTimes(found)).toEqual([
      { function: 0, self: 5, total: 10, heap: 0 },
      { function: 1, self: 5, total: 5, heap: 0 },
    ]);
  });

  it('are none where none fell into it', () => {
    expect(
      sampled(10, 20, [
        [9, stack(0)],
        [21, stack(0)],
      ]),
    ).toEqual([]);
    expect(functionTimes([])).toEqual([]);
    expect(longestPath([])).toEqual([]);
  });

  it('have what the thread waited taken from the longest of them', () => {
    const found = sampled(0, 10, [
      [0, stack(0)],
      [1, stack(1)],
      [8, stack(2)],
    ]);
    expect(withoutWaits(found, 6).map(({ length }) => length)).toEqual([1, 1, 2]);
    expect(withoutWaits(found, 8).map(({ length }) => length)).toEqual([1, 0, 1]);
    expect(withoutWaits(found, 99).map(({ length }) => length)).toEqual([0, 0, 0]);
  });
});

describe('the time of functions', () => {
  const times = (of: ScriptStack) => functionTimes([{ at: 0, length: 4, stack: of }]);

  it('is counted once for one that calls itself', () => {
    expect(times(stack(0, 1, 1, 1))).toEqual([
      { function: 1, self: 4, total: 4, heap: 0 },
      { function: 0, self: 0, total: 4, heap: 0 },
    ]);
  });

  it("is a function's own where the library or the heap works for it, and nobody's where the host does", () => {
    expect(times({ ...stack(0, 7), owner: 0 })).toEqual([
      { function: 0, self: 4, total: 4, heap: 0 },
      { function: 7, self: 0, total: 4, heap: 0 },
    ]);
    expect(times({ ...stack(0), inHeap: true })).toEqual([{ function: 0, self: 4, total: 4, heap: 4 }]);
    expect(times({ ...stack(0), inHost: true })).toEqual([{ function: 0, self: 0, total: 4, heap: 0 }]);
    expect(times(OUTSIDE)).toEqual([]);
  });
});

describe('the way that most time went', () => {
  it('ends at whose time it is, and has a recursion as one step', () => {
    const found = [
      { at: 0, length: 3, stack: stack(0, 1) },
      { at: 3, length: 2, stack: stack(0, 2, 2) },
      { at: 5, length: 2, stack: { ...stack(0, 2, 2, 2, 9), owner: 2 } },
    ];
    expect(longestPath(found)).toEqual([0, 2]);
  });
});
