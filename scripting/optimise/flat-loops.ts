/**
 * Loops over vectors by index, twice. `(nth xs i)` reads a flat vector in place, and calls the library where the vector is a
 * tree. That call is hardly ever made, but with its result joining the loop's other values the engine keeps those in memory
 * all through the loop, which then takes four times as long. So a loop is printed for flat vectors, where an index that is
 * not in range ends the call and nothing joins, and once more as it is; which of the two runs is asked in front of it.
 *
 * A loop qualifies if it has no other loop inside, is not large, and reads elements of a vector that a name holds which
 * the loop does not set. Vectors do not change, so one that is flat in front of the loop is flat to its end.
 */
import { type Expression, type Func, type Local, rewriteBlock, type Statement, visit } from '../ir/index.ts';
import {
  aboveTargets,
  assignments,
  isWorthCopying,
  type Loop,
  renaming,
  replaceLoops,
} from './loop-versions.ts';

export function versionLoops(func: Func): Func {
  const offset = aboveTargets(func.body);
  return replaceLoops(func, (loop) => versionsOf(loop, offset));
}

/** Both loops, with the question in front of them; undefined where the loop stays as it is. The copy's numbers are higher by `offset`. */
function versionsOf(loop: Loop, offset: number): Statement | undefined {
  const flat = new Map<Local, Expression>();
  visit(
    [...loop.body, ...loop.step],
    (s) => {
      if (s.kind === 'if' && s.flat !== undefined) flat.set(s.flat.vector, s.flat.isFlat);
    },
    () => {},
  );
  for (const local of assignments(loop).keys()) flat.delete(local);
  if (flat.size === 0 || !isWorthCopying(loop)) return undefined;
  const renamed = renaming(loop, offset);
  const fast = rewriteBlock([loop], {
    expression: (e) => e,
    statement: (s) => {
      if (s.kind === 'if' && s.flat !== undefined && flat.has(s.flat.vector))
        return [{ kind: 'if', condition: s.condition, then: s.then, else: s.flat.outside }];
      return [renamed(s)];
    },
  });
  const isFlat = [...flat.values()].reduce((left, right) => ({
    kind: 'binary',
    rep: 'i32',
    of: 'i32',
    op: 'and',
    left,
    right,
  }));
  return { kind: 'if', condition: isFlat, then: fast, else: [loop] };
}
