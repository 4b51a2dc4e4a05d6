/** What the compiler and the machine believe of the heap's functions, compared with heap.wasm itself. */
import { expect, it } from 'vitest';
import { RUNTIME } from '../../../../scripting/ir/index.ts';
import { findHeapEffects } from './effects.ts';

const { collecting, exported } = findHeapEffects();
const names = new Set([...exported.values()].flat());

it('the functions that `RUNTIME` says allocate are those that reach the collector or the host', () => {
  const said = Object.entries(RUNTIME).filter(([, { allocates }]) => allocates);
  const found = Object.keys(RUNTIME).filter((name) => collecting.has(name));
  expect(said.map(([name]) => name)).toEqual(found);
});

it('of the functions that compiled code calls by itself, making objects and opening arenas may collect', () => {
  const called = ['allocateSlow', 'openArena', 'closeArena', 'enterFrame', 'enterOutside', 'enterRegion'];
  const more = ['leaveRegion', 'switchTo', 'enterSuppressed', 'leaveSuppressed', 'remember'];
  expect([...called, ...more].filter((name) => !names.has(name))).toEqual([]);
  // `openArena` only takes a record; its first object takes a block.
  expect([...called, ...more].filter((name) => collecting.has(name))).toEqual(['allocateSlow']);
});

it('what the machine calls while it holds addresses that nothing keeps does not collect', () => {
  for (const name of ['newHandle', 'freeHandle', 'leave', 'unwind', 'suppress', 'resume']) {
    expect(names).toContain(name);
    expect(collecting).not.toContain(name);
  }
});
