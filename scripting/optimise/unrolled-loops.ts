/**
 * Loops over fixed arrays, unrolled. In `(for (i 0 (< i 4)) ... (nth a i) ...)` the array lies in names, and which of them is meant is found
 * by comparisons in each round. Where the rounds are few, and counted by constants, each is written out with what the counter is in it, and the
 * element is a name. The outermost loops come first, so the product of two 4x4 matrices, three loops, is 64 multiplications in a row.
 *
 *     set i = 0                        set i = 0   the body, with 0 for i
 *     loop                             set i = 1   the body, with 1 for i
 *       if i >= 2 break         ->     set i = 2
 *       the body
 *       step: i = i + 1
 *
 * A loop qualifies if its counter is set to a constant in front of it, and by its step alone; if its first statement leaves it by a condition that
 * is known in each round, as what the step adds is; if it picks elements by an index that is only known at run time; and if all rounds together are not
 * large. A `continue` leaves the round's block, a `break` the block around all. The rounds look at no clock: there is an end to them.
 */
import {
  type Expression,
  type Func,
  type Local,
  partsOfStatement,
  rewriteBlock,
  type Statement,
  visit,
} from '../ir/index.ts';
import { Folding, namesSetOnce, picksElements } from './folding.ts';
import { assignments, type Loop } from './loop-versions.ts';
import { Numbers } from './numbers.ts';

type Constant = Extract<Expression, { kind: 'constant' }>;

const MOST_ROUNDS = 16;

/** Statements and expressions of all rounds together, and of rounds in which elements are still looked for. */
const SIZE_LIMIT = 4_000;
const UNKNOWN_LIMIT = 800;

/** What the counters of loops are at first. */
type Starts = ReadonlyMap<Statement, { readonly counter: Local; readonly from: Constant }>;

/** The function with its loops unrolled and what is then known folded; the same one where it picks no elements. */
export function unrollLoops(func: Func): Func {
  if (!picksElements(func.body)) return func;
  const numbers = new Numbers(func);
  const setOnce = namesSetOnce(func.body, func.params);
  return foldPicks({ ...func, body: unrollIn(func.body, { numbers, setOnce }) });
}

/** What is needed of the function as it was: names that it sets in one place, wherever its loops are copied to. */
interface Whole {
  readonly numbers: Numbers;
  readonly setOnce: ReadonlySet<Local>;
}

/** From the outside in: what is known of an outer counter is known in the loops inside. */
function unrollIn(body: readonly Statement[], whole: Whole): readonly Statement[] {
  const starts = startsIn(body);
  const replaced = new Map<Statement, readonly Statement[]>();
  const look = (block: readonly Statement[]): void => {
    for (const s of block) {
      const rounds = s.kind === 'loop' ? unrolled(s, starts, whole) : undefined;
      if (rounds !== undefined) replaced.set(s, rounds);
      else for (const inner of partsOfStatement(s).blocks) look(inner);
    }
  };
  look(body);
  if (replaced.size === 0) return body;
  return rewriteBlock(body, {
    expression: (e) => e,
    statement: (s, original) => replaced.get(original) ?? [s],
  });
}

/** The function with what is known of the indices of arrays folded. */
export function foldPicks(func: Func): Func {
  if (!picksElements(func.body)) return func;
  const folding = new Folding(new Map(), namesSetOnce(func.body, func.params));
  return { ...func, body: folding.block(func.body) };
}

/** Loops in front of which a name is set to a constant. */
function startsIn(body: readonly Statement[]): Starts {
  const starts = new Map<Statement, { counter: Local; from: Constant }>();
  const look = (block: readonly Statement[]): void => {
    block.forEach((s, i) => {
      const before = block[i - 1];
      if (s.kind === 'loop' && before?.kind === 'set' && before.value.kind === 'constant')
        starts.set(s, { counter: before.local, from: before.value });
    });
  };
  look(body);
  visit(
    body,
    (s) => {
      for (const block of partsOfStatement(s).blocks) look(block);
    },
    () => {},
  );
  return starts;
}

/** What stands for a loop, or nothing where it stays. */
function unrolled(loop: Loop, starts: Starts, whole: Whole): readonly Statement[] | undefined {
  const { numbers, setOnce } = whole;
  const start = starts.get(loop);
  const [test] = loop.body;
  const [step] = loop.step;
  if (start === undefined || !isWayOut(test, loop) || loop.step.length !== 1) return undefined;
  const { counter, from } = start;
  if (step?.kind !== 'set' || step.local !== counter || assignments(loop).get(counter) !== 1)
    return undefined;
  const values = valuesOf(start, test.condition, step.value);
  if (values === undefined || !picksElements(loop.body)) return undefined;
  const end = numbers.target();
  const rounds: Statement[] = [];
  let size = 0;
  for (const value of values) {
    const next = numbers.target();
    const copied = withTargets(loop, end, next, numbers);
    const known = new Folding(new Map([[counter, value]]), setOnce).block(copied);
    const round = unrollIn(known, whole);
    size += sizeOf(round);
    if (size > (picksElements(round) ? UNKNOWN_LIMIT : SIZE_LIMIT)) return undefined;
    rounds.push({ kind: 'set', local: counter, value }, { kind: 'block', id: next, body: round });
  }
  const last = new Folding(new Map([[counter, values.at(-1) ?? from]]), new Set()).value(step.value);
  if (values.length > 0) rounds.push({ kind: 'set', local: counter, value: last });
  return [{ kind: 'block', id: end, body: rounds }];
}

function isWayOut(s: Statement | undefined, loop: Loop): s is Extract<Statement, { kind: 'if' }> {
  if (s?.kind !== 'if' || s.then.length !== 1 || s.else.length > 0) return false;
  const [jump] = s.then;
  return jump?.kind === 'break' && jump.loop === loop.id;
}

/** What the counter is in each round; undefined where that is not known, or there are too many. */
function valuesOf(
  { counter, from }: { readonly counter: Local; readonly from: Constant },
  isOver: Expression,
  step: Expression,
): readonly Constant[] | undefined {
  const values: Constant[] = [];
  for (let value: Expression = from; values.length <= MOST_ROUNDS; ) {
    if (value.kind !== 'constant') return undefined;
    const folding = new Folding(new Map([[counter, value]]), new Set());
    const over = folding.value(isOver);
    if (over.kind !== 'constant') return undefined;
    if (over.value !== 0) return values;
    values.push(value);
    value = folding.value(step);
  }
  return undefined;
}

function sizeOf(body: readonly Statement[]): number {
  let size = 0;
  const count = (): void => {
    size += 1;
  };
  visit(body, count, count);
  return size;
}

/** The body with jump targets of its own, without the loop's way out at its beginning. */
function withTargets(loop: Loop, end: number, next: number, numbers: Numbers): readonly Statement[] {
  const targets = new Map<number, number>();
  const body = loop.body.slice(1);
  visit(
    body,
    (s) => {
      if (s.kind === 'loop' || s.kind === 'block') targets.set(s.id, numbers.target());
    },
    () => {},
  );
  const renamed = (id: number): number => targets.get(id) ?? id;
  return rewriteBlock(body, {
    expression: (e) => e,
    statement(s) {
      if (s.kind === 'loop' || s.kind === 'block') return [{ ...s, id: renamed(s.id) }];
      if (s.kind === 'leave') return [{ ...s, block: renamed(s.block) }];
      if (s.kind !== 'break' && s.kind !== 'continue') return [s];
      if (s.loop === loop.id) return [{ kind: 'leave', block: s.kind === 'break' ? end : next }];
      return [{ ...s, loop: renamed(s.loop) }];
    },
  });
}
