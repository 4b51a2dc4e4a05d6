/**
 * Where a program asks a weak reference whether what it leads to is still there. The answer depends on when collections ran, and
 * so on the machine and the moment; only that of an entity does not, which has left the world or has not.
 *
 * It is a function of the library that asks, `upgrade`, and the place is that of the script's call. So whoever calls a library function
 * that asks, asks.
 */
import { type Call, type Func, visit } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { isLibrary } from '../types/index.ts';

/** One such place. `asking`: keys of functions that ask themselves; `table`: the keys of the functions that are values. */
export function whereAsked(
  functions: ReadonlyMap<string, Func>,
  table: readonly string[],
  asking: ReadonlySet<string>,
): Span | undefined {
  const known = new Set(asking);
  for (const key of known)
    for (const f of functions.values()) {
      const span = useOf(f, key, table);
      if (span === undefined) continue;
      if (!isLibrary(span.source)) return span;
      known.add(f.key);
    }
  return undefined;
}

/** The first place where a function calls another, or makes a value of it. */
function useOf(f: Func, key: string, table: readonly string[]): Span | undefined {
  let found: Span | undefined;
  const call = (c: Call): void => {
    if (c.to === 'function' && c.key === key) found ??= c.span;
  };
  visit(
    f.body,
    (s) => {
      if (s.kind === 'set-call' || s.kind === 'tail-call') call(s.call);
    },
    (e) => {
      if (e.kind === 'call') call(e.call);
      if ((e.kind === 'static-closure' || e.kind === 'code') && table[e.slot] === key) found ??= f.span;
    },
  );
  return found;
}
