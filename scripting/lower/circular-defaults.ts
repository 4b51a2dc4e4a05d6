/**
 * Defaults of fields that lead to themselves. Making a `Node` calls the default of `next` where nobody gives it, and a default
 * that makes another `Node` in the same way would never come to an end:
 *
 *     (defstruct Node (next : (Option Node) (Some (Node))))      default of Node.next -> default of Node.next
 *
 * Calls by name count, whatever they depend on. Function values do not: that of a default is made with it, and called later.
 */
import type { Func } from '../ir/index.ts';
import type { Diagnostics } from '../syntax/index.ts';
import { stronglyConnectedComponents } from '../types/index.ts';
import { usesOf } from './uses.ts';

/** Reports each circle once. `defaults` are the keys of functions that compute defaults. */
export function rejectCircularDefaults(
  functions: ReadonlyMap<string, Func>,
  defaults: ReadonlySet<string>,
  diagnostics: Diagnostics,
): void {
  const known = new Map<Func, readonly Func[]>();
  const calls = (func: Func): readonly Func[] => {
    const before = known.get(func);
    if (before !== undefined) return before;
    const found = usesOf(func).flatMap((use) => (use.kind === 'call' ? (functions.get(use.key) ?? []) : []));
    known.set(func, found);
    return found;
  };
  const all = [...defaults].flatMap((key) => functions.get(key) ?? []);
  for (const group of stronglyConnectedComponents(all, calls)) {
    const first = all.find((func) => group.includes(func));
    if (first === undefined || (group.length === 1 && !calls(first).includes(first))) continue;
    const circle = [...wayBack(first, calls), first].map(({ name }) => name);
    diagnostics.error('circular-default', first.span, `the ${first.name} leads to itself`, {
      hint: `one of these must not need the next: ${circle.map((name) => `\`${name}\``).join(' -> ')}`,
    });
  }
}

/** A shortest way from a function to a call of it, beginning with it. There is one. */
function wayBack(start: Func, calls: (func: Func) => readonly Func[]): readonly Func[] {
  const from = new Map<Func, Func | undefined>([[start, undefined]]);
  for (const func of from.keys())
    for (const next of calls(func)) {
      if (next === start) {
        const way: Func[] = [];
        for (let at: Func | undefined = func; at !== undefined; at = from.get(at)) way.unshift(at);
        return way;
      }
      if (!from.has(next)) from.set(next, func);
    }
  return [start];
}
