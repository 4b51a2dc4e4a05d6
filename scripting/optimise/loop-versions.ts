/**
 * Printing a loop twice, with a question in front of it that says which of the two runs (loop versioning, as for range checks in
 * Gupta, "Optimizing array bound checks using flow analysis", 1993). What the faster one leaves out is for others to say.
 */
import { type Func, type Local, rewriteBlock, type Statement, visit } from '../ir/index.ts';

export type Loop = Extract<Statement, { kind: 'loop' }>;

/** Statements and expressions of a loop, beyond which a second copy is not worth its size. */
const SIZE_LIMIT = 600;

/** A function with other loops in it. `versions` returns what stands for a loop, where it is not to stay. */
export function replaceLoops(func: Func, versions: (loop: Loop) => Statement | undefined): Func {
  let changed = false;
  const body = rewriteBlock(func.body, {
    expression: (e) => e,
    statement: (s) => {
      const replaced = s.kind === 'loop' ? versions(s) : undefined;
      changed ||= replaced !== undefined;
      return [replaced ?? s];
    },
  });
  return changed ? { ...func, body } : func;
}

/** A number that is higher than those of all jump targets of a body: what those of a copy are raised by. */
export function aboveTargets(body: readonly Statement[]): number {
  let offset = 1;
  visit(
    body,
    (s) => {
      if (s.kind === 'loop' || s.kind === 'block') offset = Math.max(offset, s.id + 1);
    },
    () => {},
  );
  return offset;
}

/** Whether a loop has no other inside, and is small. */
export function isWorthCopying(loop: Loop): boolean {
  let size = 0;
  let isInnermost = true;
  visit(
    [...loop.body, ...loop.step],
    (s) => {
      size += 1;
      if (s.kind === 'loop') isInnermost = false;
    },
    () => {
      size += 1;
    },
  );
  return isInnermost && size <= SIZE_LIMIT;
}

/** How often each local is set in a loop. */
export function assignments(loop: Loop): ReadonlyMap<Local, number> {
  const counts = new Map<Local, number>();
  const count = (local: Local): void => {
    counts.set(local, (counts.get(local) ?? 0) + 1);
  };
  visit(
    [loop],
    (s) => {
      if (s.kind === 'set') count(s.local);
      if (s.kind === 'set-call') for (const local of s.locals) count(local);
      if (s.kind === 'arena') count(s.handle);
    },
    () => {},
  );
  return counts;
}

/** Gives a function that puts a copy's statement in the place of one of the loop's: jumps inside lead to the copy's own targets. */
export function renaming(loop: Loop, offset: number): (s: Statement) => Statement {
  const targets = new Set<number>();
  visit(
    [loop],
    (s) => {
      if (s.kind === 'loop' || s.kind === 'block') targets.add(s.id);
    },
    () => {},
  );
  return (s) => {
    switch (s.kind) {
      case 'loop':
      case 'block':
        return { ...s, id: s.id + offset };
      case 'break':
      case 'continue':
        return targets.has(s.loop) ? { ...s, loop: s.loop + offset } : s;
      case 'leave':
        return targets.has(s.block) ? { ...s, block: s.block + offset } : s;
      case 'set':
      case 'set-call':
      case 'set-global':
      case 'set-cell':
      case 'evaluate':
      case 'store':
      case 'store-element':
      case 'if':
      case 'return':
      case 'tail-call':
      case 'fail':
      case 'arena':
      case 'outside':
      case 'within':
      case 'suppressed':
        return s;
    }
  };
}
