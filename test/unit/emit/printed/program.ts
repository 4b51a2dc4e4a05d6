/** Looks at all functions of a printed program. */
import binaryen from 'binaryen';
import type { EmitOptions } from '../../../../scripting/emit/index.ts';
import { inspect, type Printed } from '../../../../scripting/emit/printed.ts';
import type { Program, Rep } from '../../../../scripting/ir/index.ts';
import { lostRoots } from './check.ts';
import { type Calls, findCalls, findHeapEffects } from './effects.ts';
import { type Flow, flowOf } from './flow.ts';

const HEAP = findHeapEffects();

/** Heap functions that give an object without the representation's saying so. */
const MAKES_OBJECTS: ReadonlySet<string> = new Set(['allocateSlow']);

const areAddresses = (reps: readonly Rep[]): boolean[] => reps.map((rep) => rep === 'ref');

export interface Looked {
  /** What is wrong, each a sentence. */
  readonly faults: readonly string[];
  readonly functions: number;
  /** Calls that may collect. */
  readonly safepoints: number;
}

/** Prints a program and looks at it. */
export function look(program: Program, options: EmitOptions): Looked {
  return inspect(program, options, (printed) => lookAt(printed, options.mode));
}

/** Looks at what was printed, before anything is optimised. */
export function lookAt(printed: Printed, mode: EmitOptions['mode']): Looked {
  const { module, program, nameOf, reps } = printed;
  const functions = new Map([...program.functions].map(([key, func]) => [nameOf(key), func] as const));
  const flows = [...functions.keys()].map((name) =>
    flowOf(binaryen.getFunctionInfo(module.getFunction(name)), (code) => {
      const left = reps.get(code);
      return left === undefined ? undefined : areAddresses(left);
    }),
  );
  const heap = (callee: string): readonly string[] | undefined => {
    if (callee.startsWith('heap.')) return [callee.slice('heap.'.length)];
    return mode === 'release' ? HEAP.exported.get(callee) : undefined;
  };
  const table = program.table.map(nameOf);
  const calls = findCalls(flows, heap, HEAP.collecting, table, mode === 'development');
  const faults = flows.flatMap((flow) => {
    const func = functions.get(flow.name);
    if (func === undefined) throw new Error(`nobody knows ${flow.name}`);
    const locals = [...func.params, ...func.locals];
    return lostRoots(flow, {
      calls,
      params: areAddresses(func.params.map((p) => p.rep)),
      heap,
      results: (callee) => {
        if (heap(callee)?.some((name) => MAKES_OBJECTS.has(name))) return [true];
        const called = functions.get(callee);
        return called === undefined ? undefined : areAddresses(called.results);
      },
      names: (variable) => locals[variable]?.name,
    });
  });
  faults.push(...collectingAdapters(program, (key) => calls.collects(nameOf(key))));
  return { faults, functions: flows.length, safepoints: countSafepoints(flows, calls) };
}

/** Exports by which the machine takes values apart: it calls them while it holds addresses that nothing keeps. */
const TAKES_APART = /^sluice:host:\d+:(take|length|at|tag|start|more|here|after)\b/;

function collectingAdapters(program: Program, collects: (key: string) => boolean): string[] {
  return program.exports
    .filter(({ name, key }) => TAKES_APART.test(name) && collects(key))
    .map(({ name }) => `${name} may collect, but takes apart what nothing keeps`);
}

function countSafepoints(flows: readonly Flow[], calls: Calls): number {
  return flows
    .flatMap((flow) => flow.blocks.flatMap((block) => block.instructions))
    .filter((i) => i.kind === 'call' && calls.collects(i.callee)).length;
}
