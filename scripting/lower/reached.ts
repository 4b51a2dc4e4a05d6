/**
 * What a program still has a use for after an edit: a function that is not made any more may have been made of others that are not
 * either, and may call what is something else now.
 */
import type { Func, Global, Program } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { accessKey } from './global.ts';
import { usesOf } from './uses.ts';

/** Stands in the table where a function was that is not made any more: slots keep their numbers. */
export const GONE = 'sluice:gone';

/** The functions that are led to, in their order, and the table with nothing else in it. */
export function reachedFrom(
  roots: Iterable<string>,
  all: {
    readonly functions: ReadonlyMap<string, Func>;
    readonly globals: Iterable<Global>;
    readonly table: readonly string[];
  },
  nowhere: Span,
): { readonly functions: ReadonlyMap<string, Func>; readonly table: readonly string[] } {
  const { functions, globals, table } = all;
  const reached = new Set(roots);
  for (const global of globals) reached.add(global.initializer ?? accessKey(global));
  for (const key of reached)
    for (const use of usesOf(functions.get(key))) {
      if (use.kind === 'call') reached.add(use.key);
      if (use.kind === 'value') reached.add(table[use.slot] as string);
    }
  const kept = new Map([...functions].filter(([key]) => reached.has(key)));
  const left = table.map((key) => (reached.has(key) ? key : GONE));
  if (left.includes(GONE)) kept.set(GONE, gone(nowhere));
  return { functions: kept, table: left };
}

/** What of a program no function uses: functions of the host, by their numbers, and globals, by their keys. */
export function unusedOf({ functions, externs, globals }: Program): {
  readonly externs: ReadonlySet<number>;
  readonly globals: ReadonlySet<string>;
} {
  const unused = { externs: new Set(externs.keys()), globals: new Set(globals.map(({ key }) => key)) };
  for (const func of functions.values())
    for (const use of usesOf(func)) {
      if (use.kind === 'extern') unused.externs.delete(use.index);
      if (use.kind === 'global') unused.globals.delete(use.key);
    }
  return unused;
}

function gone(span: Span): Func {
  const body = [{ kind: 'return', values: [], span } as const];
  return { key: GONE, name: 'gone', params: [], results: [], locals: [], body, span };
}
