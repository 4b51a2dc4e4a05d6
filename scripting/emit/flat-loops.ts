/**
 * Loops over vectors by index, twice. `(nth xs i)` reads a flat vector in place, and calls the library where the vector is a
 * tree. That call is hardly ever made, but with its result joining the loop's other values the engine keeps those in memory
 * all through the loop, which then takes four times as long. So a loop is printed for flat vectors, where an index that is
 * not in range ends the call and nothing joins, and once more as it is; which of the two runs is asked in front of it
 * (loop versioning, as for range checks in Gupta, "Optimizing array bound checks using flow analysis", 1993).
 *
 * A loop qualifies if it has no other loop inside, is not large, and reads elements of a vector that a name holds which
 * the loop does not set. Vectors do not change, so one that is flat in front of the loop is flat to its end.
 */
import { type Expression, type Func, type Local, rewriteBlock, type Statement } from '../lower/index.ts';
import { visit } from './walk.ts';

type Loop = Extract<Statement, { kind: 'loop' }>;

/** Statements and expressions of a loop, beyond which a second copy is not worth its size. */
const SIZE_LIMIT = 600;

export function versionLoops(func: Func): Func {
  let changed = false;
  // Jumps name their targets by number, which a copy must not share.
  let offset = 1;
  const name = (s: Statement): void => {
    if (s.kind === 'loop' || s.kind === 'block') offset = Math.max(offset, s.id + 1);
  };
  visit(func.body, name, () => {});
  const body = rewriteBlock(func.body, {
    expression: (e) => e,
    statement: (s) => {
      const versions = s.kind === 'loop' ? versionsOf(s, offset) : undefined;
      changed ||= versions !== undefined;
      return [versions ?? s];
    },
  });
  return changed ? { ...func, body } : func;
}

/** Both loops behind the question; undefined where the loop stays as it is. The copy's numbers are higher by `offset`. */
function versionsOf(loop: Loop, offset: number): Statement | undefined {
  const flat = new Map<Local, Expression>();
  const set = new Set<Local>();
  const named = new Set<number>([loop.id]);
  let size = 0;
  let isInnermost = true;
  visit(
    [...loop.body, ...loop.step],
    (s) => {
      size += 1;
      if (s.kind === 'loop') isInnermost = false;
      if (s.kind === 'block') named.add(s.id);
      if (s.kind === 'set') set.add(s.local);
      if (s.kind === 'set-call') for (const local of s.locals) set.add(local);
      if (s.kind === 'if' && s.flat !== undefined) flat.set(s.flat.vector, s.flat.isFlat);
    },
    () => {
      size += 1;
    },
  );
  for (const local of set) flat.delete(local);
  if (!isInnermost || size > SIZE_LIMIT || flat.size === 0) return undefined;
  const fast = rewriteBlock([loop], {
    expression: (e) => e,
    statement: (s) => {
      if (s.kind === 'if' && s.flat !== undefined && flat.has(s.flat.vector))
        return [{ kind: 'if', condition: s.condition, then: s.then, else: s.flat.outside }];
      return [renamed(s, named, offset)];
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

function renamed(s: Statement, named: ReadonlySet<number>, offset: number): Statement {
  switch (s.kind) {
    case 'loop':
    case 'block':
      return { ...s, id: s.id + offset };
    case 'break':
    case 'continue':
      return named.has(s.loop) ? { ...s, loop: s.loop + offset } : s;
    case 'leave':
      return named.has(s.block) ? { ...s, block: s.block + offset } : s;
    default:
      return s;
  }
}
