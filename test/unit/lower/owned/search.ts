/** Compiles a program, runs it, and looks at what it prints: made and dropped once, nothing used after that. */

import type { MoveRule, RetainRule } from '../../../../scripting/lower/index.ts';
import { Machine } from '../../../../scripting/machine/index.ts';
import { Source } from '../../../../scripting/syntax/index.ts';
import { analyse, print } from '../../../../scripting/tools/index.ts';
import { HEAP_BYTES } from '../../emit/printed/effects.ts';
import { expected, Fault } from './model.ts';
import { type Case, textOf } from './program.ts';

export interface Outcome {
  readonly accepted: boolean;
  /** What is wrong with what it did; undefined where nothing is. */
  readonly wrong?: string | undefined;
}

export async function tryOut(one: Case, without?: MoveRule, stress = 0): Promise<Outcome> {
  const log = await logOf(textOf(one), one.bits, { withoutMove: without }, stress);
  if (log === undefined || typeof log === 'string') return { accepted: log !== undefined, wrong: log };
  return { accepted: true, wrong: miscounted(log) ?? differs(one, log) };
}

/** What a program prints; undefined where it is not accepted, and a text where it goes wrong in a way that no program may. */
export async function logOf(
  text: string,
  bits: number,
  rules: { readonly withoutMove?: MoveRule | undefined; readonly withoutRetain?: RetainRule | undefined },
  stress: number,
): Promise<readonly string[] | string | undefined> {
  const { program } = analyse([new Source('owned.slu', text)], rules);
  if (program === undefined) return undefined;
  const image = { ...(await print(program, { mode: 'development', watch: true })), heap: HEAP_BYTES };
  const log: string[] = [];
  let failed: unknown;
  const machine = await Machine.create(image, {
    stress,
    output: (text) => log.push(...text.split('\n').filter((line) => line !== '')),
    onFailure: ({ error }) => {
      failed = error;
    },
    onForgotten: () => undefined,
  });
  try {
    machine.call('run', bits);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'failed') failed = error;
  }
  machine.call('finish');
  machine.collect();
  const broken = machine.verify();
  if (failed !== undefined) return `it fails: ${failed}`;
  return broken === undefined ? log : `the heap is broken: rule ${broken.code}`;
}

/** By what was printed alone. */
export function miscounted(log: readonly string[]): string | undefined {
  const alive = new Set<string>();
  for (const line of log) {
    const [what, id] = [line[0], line.slice(1)];
    if (what === 'm') alive.add(id);
    if (what === 'u' && !alive.has(id)) return `${id} is used after it was dropped`;
    if (what === 'd' && !alive.delete(id)) return `${id} is dropped twice`;
  }
  return alive.size === 0 ? undefined : `${[...alive].join(' ')} is never dropped`;
}

function differs(one: Case, log: readonly string[]): string | undefined {
  try {
    const wanted = expected(one);
    return wanted.join(' ') === log.join(' ')
      ? undefined
      : `it did ${log.join(' ')}, not ${wanted.join(' ')}`;
  } catch (error) {
    if (error instanceof Fault) return `it was accepted, though ${error.message}`;
    throw error;
  }
}
