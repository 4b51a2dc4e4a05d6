/** The check itself, on functions written by hand: what is right passes, and each thing that can go wrong is found. */
import binaryen from 'binaryen';
import { expect, test } from 'vitest';
import { SHADOW_TOP } from '../../../../scripting/heap/index.ts';
import { lostRoots } from './check.ts';
import { flowOf } from './flow.ts';

/** Faults of a function that takes two addresses, `$a` and `$b`; `$make` collects and gives an object, `$use` does not. */
function faultsOf(body: string): string[] {
  const module = binaryen.parseText(`(module
    (import "env" "make" (func $make (result i32)))
    (import "env" "use" (func $use (param i32)))
    (import "heap" "grow" (func $heap.grow (param i32)))
    (import "heap" "openArena" (func $heap.openArena (result i32)))
    (import "heap" "closeArena" (func $heap.closeArena))
    (memory 1)
    (func $f (param $a i32) (param $b i32) (result i32)
      (local $x i32) (local $shadow i32) (local $n i32)
      ${body}))`);
  const info = binaryen.getFunctionInfo(module.getFunction('f'));
  const faults = lostRoots(
    flowOf(info, () => undefined),
    {
      calls: { collects: (callee) => callee !== 'use' && callee !== 'heap.closeArena' },
      params: [true, true],
      heap: (callee) => (callee.startsWith('heap.') ? [callee.slice('heap.'.length)] : undefined),
      results: (callee) => (callee === 'make' ? [true] : undefined),
      names: (variable) => ['a', 'b', 'x'][variable],
    },
  );
  module.dispose();
  return faults.map((fault) => fault.replace(/^f /, ''));
}

const TOP = `(i32.const ${SHADOW_TOP})`;
const BASE = '(local.get $shadow)';
/** Claims a slot, with a value in it. */
const claim = (value: string) => `
  (local.set $shadow (i32.load ${TOP}))
  (i32.store ${TOP} (i32.add ${BASE} (i32.const 4)))
  (i32.store ${BASE} ${value})`;
const RELEASE = `(i32.store ${TOP} ${BASE})`;
const MAKE = '(drop (call $make))';
const KEPT = claim('(local.get $a)');
const LOST_A = 'may have lost a, which is asked for or returned later';

test('an address that is used after a call that collects must be in a slot', () => {
  expect(faultsOf(`${MAKE} (local.get $a)`)).toEqual([LOST_A]);
  expect(faultsOf(`${KEPT} ${MAKE} ${RELEASE} (local.get $a)`)).toEqual([]);
  expect(faultsOf(`(call $use (local.get $b)) (local.get $a)`)).toEqual([]);
  // Nothing of it is used any more.
  expect(faultsOf(`${MAKE} (i32.const 0)`)).toEqual([]);
});

test('a slot of another name keeps nothing of this one, that of a copy does', () => {
  expect(faultsOf(`${claim('(local.get $b)')} ${MAKE} ${RELEASE} (local.get $a)`)).toEqual([LOST_A]);
  expect(
    faultsOf(`(local.set $x (local.get $a)) ${claim('(local.get $x)')} ${MAKE} ${RELEASE} (local.get $a)`),
  ).toEqual([]);
});

test('a place in an object is kept with the object, but does not keep it', () => {
  const inside = '(i32.add (local.get $a) (i32.const 8))';
  expect(faultsOf(`${KEPT} (local.set $x ${inside}) ${MAKE} ${RELEASE} (i32.load (local.get $x))`)).toEqual(
    [],
  );
  expect(faultsOf(`${claim(inside)} ${MAKE} ${RELEASE} (local.get $a)`)).toContain(LOST_A);
});

test('what waits on the operand stack counts', () => {
  const sum = '(i32.add (call $make) (i32.load (call $make)))';
  expect(faultsOf(sum)).toContain('may have lost a value, which is added to later');
  expect(faultsOf(`(i32.store (local.get $a) (call $make)) (i32.const 0)`)).toEqual([
    'may have lost a, which is stored into later',
  ]);
});

test('every way counts: branches, loops and jumps', () => {
  const sometimes = `(if (local.get $n) (then ${MAKE}))`;
  expect(faultsOf(`${sometimes} (local.get $a)`)).toEqual([LOST_A]);
  const setInRounds = `
    ${KEPT}
    (block $out
      (loop $again
        (local.set $x (call $make))
        (br_if $out (local.get $n))
        (call $use (local.get $a))
        (i32.store ${BASE} (local.get $x))
        (br $again)))
    ${RELEASE}
    (i32.const 0)`;
  expect(faultsOf(setInRounds)).toEqual(['may have lost a, which is given to use later']);
  // After a trap nothing is used.
  expect(faultsOf(`(if (local.get $n) (then ${MAKE} (unreachable))) (local.get $a)`)).toEqual([]);
});

test('a name that is set anew needs its new value in the slot', () => {
  const set = '(local.set $a (call $make))';
  expect(faultsOf(`${KEPT} ${set} ${MAKE} ${RELEASE} (local.get $a)`)).toEqual([LOST_A]);
  const stored = `${set} (i32.store ${BASE} (local.get $a))`;
  expect(faultsOf(`${KEPT} ${stored} ${MAKE} ${RELEASE} (local.get $a)`)).toEqual([]);
});

test('a slot below the height has a value, and one that was never lost', () => {
  const claimed = `
    (local.set $shadow (i32.load ${TOP}))
    (i32.store ${TOP} (i32.add ${BASE} (i32.const 4)))`;
  expect(faultsOf(`${claimed} ${MAKE} ${RELEASE} (i32.const 0)`)).toEqual([
    'has slot 0 without a value, or with what is gone, when it calls make',
  ]);
  expect(faultsOf(`${MAKE} ${KEPT} ${MAKE} ${RELEASE} (i32.const 0)`)).toContain(
    'may have lost a, which is stored later',
  );
});

test("the heap's functions rely on their caller", () => {
  const grow = '(call $heap.grow (local.get $a))';
  expect(faultsOf(`${grow} (i32.const 0)`)).toEqual(['keeps nothing of what it gives to heap.grow']);
  expect(faultsOf(`${KEPT} ${grow} ${RELEASE} (i32.const 0)`)).toEqual([]);
});

test('what an arena held is in no slot after it, unless it is used', () => {
  const inArena = (end: string) => `
    ${claim('(i32.const 0)')}
    (drop (call $heap.openArena))
    (local.set $x (call $make))
    (i32.store ${BASE} (local.get $x))
    (call $heap.closeArena)
    ${end}`;
  const after = `${MAKE} ${RELEASE}`;
  expect(faultsOf(inArena(`${after} (i32.const 0)`))).toEqual([
    'has something of an arena that has ended in slot 0 when it calls make',
  ]);
  expect(faultsOf(inArena(`(i32.store ${BASE} (i32.const 0)) ${after} (i32.const 0)`))).toEqual([]);
  // Used later: the proof of regions says that it is older than the arena.
  expect(faultsOf(inArena(`${after} (local.get $x)`))).toEqual([]);
});

test('a way out puts everything back', () => {
  expect(faultsOf(`${KEPT} (i32.const 0)`)).toEqual(['returns with another height of the shadow stack']);
  expect(faultsOf('(drop (call $heap.openArena)) (i32.const 0)')).toEqual(['returns with something open']);
});
