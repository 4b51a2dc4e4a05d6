/** What is made of a program that has been proved, before it is printed. */
import type { Func, Program } from '../ir/index.ts';
import { hoistChecks } from './counted-loops.ts';
import { nameFewCallees } from './few-callees.ts';
import { versionLoops } from './flat-loops.ts';
import { inlineCalls } from './inline.ts';
import { mergeCopies } from './merge-copies.ts';
import { replaceScalars } from './scalars.ts';
import { loopTailCalls } from './tail-loops.ts';
import { foldPicks, unrollLoops } from './unrolled-loops.ts';

/** A program that does the same. What is worth its size only where code is optimised further is for a `release` alone. */
export function optimise(program: Program, mode: 'development' | 'release'): Program {
  if (mode === 'development') return withFunctions(program, quickly);
  const called = inlineCalls(nameFewCallees(withFunctions(mergeCopies(program), loopTailCalls)));
  return withFunctions(called, (f) => hoistChecks(versionLoops(unrollLoops(replaceScalars(f)))));
}

/** What functions came to, as long as they are the same. */
const known = new WeakMap<Func, Func>();

function quickly(func: Func): Func {
  const made = known.get(func) ?? foldPicks(replaceScalars(func));
  known.set(func, made);
  return made;
}

function withFunctions(program: Program, change: (f: Func) => Func): Program {
  return { ...program, functions: new Map([...program.functions].map(([key, f]) => [key, change(f)])) };
}
