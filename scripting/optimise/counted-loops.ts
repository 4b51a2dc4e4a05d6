/**
 * Loops that count, without range checks. In `(for (i a (< i n)) ... (nth xs i) ...)` each index is in range if `a` is not
 * negative and `n` is at most the vector's length: that is asked once, in front, and where it holds a copy of the loop runs that
 * checks nothing; it ends with the vector, so its rounds burn no fuel one by one either. Where it does not, the loop as it is runs, and fails at the element at which it should.
 *
 * The engine does not do this, since it would have to know that no store of the loop changes a length, nor does Binaryen. Here
 * it is known by the loop's text. A loop qualifies if
 *
 * - it has no other loop inside, is not large, and calls nothing (a call could shorten a mutable vector);
 * - its first condition is `i < n`; nothing but the step sets `i`, which adds something positive;
 * - `n`, what the step adds, and the name that holds the vector, are the same all through the loop: names that it does not set, and fields at offsets
 *   at which it stores nothing (a vector's length is a field).
 *
 * It comes after `versionLoops`, whose loops for flat vectors read them as plain arrays.
 */
import {
  type Expression,
  type Func,
  type Local,
  partsOfExpression,
  partsOfStatement,
  rewriteBlock,
  type Statement,
  visit,
} from '../ir/index.ts';
import {
  aboveTargets,
  assignments,
  isWorthCopying,
  type Loop,
  renaming,
  replaceLoops,
} from './loop-versions.ts';

type Break = Extract<Statement, { kind: 'if' }>;

/** Steps are shorter, so that a counter below a length never wraps. */
const LONGEST_STEP = 1n << 31n;
/** Where the length of a vector of either kind is. */
const LENGTH_OFFSET = 4;

export function hoistChecks(func: Func): Func {
  const offset = aboveTargets(func.body);
  return replaceLoops(func, (loop) => (isWorthCopying(loop) ? versionsOf(loop, offset) : undefined));
}

function versionsOf(loop: Loop, offset: number): Statement | undefined {
  const counted = CountedLoop.of(loop);
  if (counted === undefined || counted.vectors.size === 0) return undefined;
  const renamed = renaming(loop, offset);
  const fast = rewriteBlock([loop], {
    expression: (e, original) =>
      e.kind === 'check-index' && counted.checks.has(original) ? unary('i32', 'i64', 'wrap', e.index) : e,
    statement: (s, original) => {
      if (s.kind === 'if' && counted.checks.has(original)) return s.then;
      const copy = renamed(s);
      return [copy.kind === 'loop' ? { ...copy, bounded: counted.bound } : copy];
    },
  });
  return { kind: 'if', condition: counted.question(), then: fast, else: [loop] };
}

/** What is known of a loop that counts. */
class CountedLoop {
  /** Vectors that are read at the counter, and the checks that this needs: expressions and statements. */
  readonly vectors = new Set<Local>();
  readonly checks = new Set<Expression | Statement>();
  /** What the counter stays below: an `i64` that may be asked in front of the loop. */
  readonly bound: Expression;
  readonly #counter: Local;
  readonly #step: Expression;

  readonly #assigned: ReadonlyMap<Local, number>;

  private constructor(
    counter: Local,
    step: Expression,
    bound: Expression,
    assigned: ReadonlyMap<Local, number>,
  ) {
    this.#counter = counter;
    this.#step = step;
    this.bound = bound;
    this.#assigned = assigned;
  }

  static of(loop: Loop): CountedLoop | undefined {
    const assigned = assignments(loop);
    const counter = counterOf(loop, assigned);
    const memory = memoryOf(loop);
    if (counter === undefined || memory === undefined || memory.fields.has(LENGTH_OFFSET)) return undefined;
    const at = loop.body.findIndex((s) => s.kind !== 'set');
    const test = loop.body[at];
    const limit = test === undefined ? undefined : limitOf(test, loop);
    if (limit === undefined) return undefined;
    // What stands in front of the condition: names for parts of it, each set only here, and for the counter.
    const head = new Map<Local, Expression>();
    const aliases = new Set([counter.local]);
    for (const s of loop.body.slice(0, at)) {
      if (s.kind !== 'set' || assigned.get(s.local) !== 1) continue;
      const value = invariant(s.value, head, assigned, memory);
      if (value !== undefined) head.set(s.local, value);
      else if (isOneOf(s.value, aliases)) aliases.add(s.local);
    }
    if (!isOneOf(limit.left, aliases)) return undefined;
    const bound = invariant(limit.right, head, assigned, memory);
    const step = invariant(counter.step, new Map(), assigned, memory);
    if (bound === undefined || step === undefined) return undefined;
    const counted = new CountedLoop(counter.local, step, bound, assigned);
    counted.#search(loop.body.slice(at + 1), aliases);
    return counted;
  }

  /** Whether all of the loop's indices are in range, asked when the counter has its first value. */
  question(): Expression {
    const conditions = [compare('ge_s', { kind: 'get', rep: 'i64', local: this.#counter }, constant(0n))];
    // Without sign: what is negative counts as large.
    const from1 = {
      kind: 'binary',
      rep: 'i64',
      of: 'i64',
      op: 'sub',
      left: this.#step,
      right: constant(1n),
    } as const;
    if (!isStep(this.#step)) conditions.push(compare('lt_u', from1, constant(LONGEST_STEP)));
    for (const vector of this.vectors)
      conditions.push(compare('le_s', this.bound, unary('i64', 'i32', 'extend_u', lengthOf(vector))));
    return conditions.reduce((left, right) => ({
      kind: 'binary',
      rep: 'i32',
      of: 'i32',
      op: 'and',
      left,
      right,
    }));
  }

  /** Finds checks of the counter in statements that run one after the other; `aliases` hold its value where they begin. */
  #search(body: readonly Statement[], aliases: ReadonlySet<Local>): void {
    const known = new Set(aliases);
    for (const s of body) {
      if (s.kind === 'if' && isRangeTest(s)) this.#note(s, s.condition.left, s.condition.right.value, known);
      const parts = partsOfStatement(s);
      for (const e of parts.expressions) this.#searchExpression(e, known);
      for (const block of parts.blocks) this.#search(block, known);
      if (s.kind === 'set' && this.#assigned.get(s.local) === 1 && isOneOf(s.value, known))
        known.add(s.local);
    }
  }

  #searchExpression(e: Expression, known: ReadonlySet<Local>): void {
    if (e.kind === 'check-index') this.#note(e, e.index, e.length, known);
    const parts = partsOfExpression(e);
    for (const block of parts.blocks) this.#search(block, known);
    for (const inner of parts.expressions) this.#searchExpression(inner, known);
  }

  #note(
    check: Expression | Statement,
    index: Expression,
    length: Expression,
    known: ReadonlySet<Local>,
  ): void {
    if (!isOneOf(index, known) || !isLength(length) || this.#assigned.has(length.target.local)) return;
    this.checks.add(check);
    this.vectors.add(length.target.local);
  }
}

/** The local that the loop's only step adds something to, and that nothing else sets; and what is added. */
function counterOf(
  loop: Loop,
  assigned: ReadonlyMap<Local, number>,
): { local: Local; step: Expression } | undefined {
  const [s] = loop.step;
  if (loop.step.length !== 1 || s?.kind !== 'set' || assigned.get(s.local) !== 1) return undefined;
  const { local, value } = s;
  if (value.kind !== 'binary' || value.op !== 'add' || value.of !== 'i64') return undefined;
  if (value.left.kind !== 'get' || value.left.local !== local) return undefined;
  return value.right.kind !== 'constant' || isStep(value.right) ? { local, step: value.right } : undefined;
}

/** Whether a constant is a step for which nothing has to be asked. */
function isStep(e: Expression): boolean {
  return e.kind === 'constant' && e.rep === 'i64' && e.value > 0n && e.value <= LONGEST_STEP;
}

/** What a loop that calls nothing stores: offsets of fields, and whether any global. Undefined where it calls something. */
function memoryOf(loop: Loop): { fields: ReadonlySet<number>; globals: boolean } | undefined {
  const fields = new Set<number>();
  let globals = false;
  let calls = false;
  visit(
    [loop],
    (s) => {
      if (s.kind === 'set-call' || s.kind === 'tail-call') calls = true;
      if (s.kind === 'store') fields.add(s.offset);
      if (s.kind === 'store-element') for (const offset of s.within ?? []) fields.add(offset);
      if (s.kind === 'set-global') globals = true;
    },
    (e) => {
      if (e.kind === 'call') calls = true;
    },
  );
  return calls ? undefined : { fields, globals };
}

/** The comparison by which a loop goes on, where a statement is the loop's condition. */
function limitOf(s: Statement, loop: Loop): { left: Expression; right: Expression } | undefined {
  if (s.kind !== 'if' || !isBreak(s, loop) || s.condition.kind !== 'unary' || s.condition.op !== 'eqz')
    return undefined;
  const less = s.condition.value;
  return less.kind === 'binary' && less.op === 'lt_s' && less.of === 'i64' ? less : undefined;
}

function isBreak(s: Break, loop: Loop): boolean {
  const [jump] = s.then;
  return s.then.length === 1 && s.else.length === 0 && jump?.kind === 'break' && jump.loop === loop.id;
}

/**
 * An expression that has one value all through the loop, in terms of what is there in front of it; undefined otherwise. `head`
 * has those of locals that were set since the loop's beginning.
 */
function invariant(
  e: Expression,
  head: ReadonlyMap<Local, Expression>,
  assigned: ReadonlyMap<Local, number>,
  memory: { fields: ReadonlySet<number>; globals: boolean },
): Expression | undefined {
  const inner = (part: Expression): Expression | undefined => invariant(part, head, assigned, memory);
  switch (e.kind) {
    case 'constant':
    case 'descriptor':
      return e;
    case 'get':
      return assigned.has(e.local) ? head.get(e.local) : e;
    case 'get-global':
      return memory.globals ? undefined : e;
    case 'load': {
      const target = memory.fields.has(e.offset) ? undefined : inner(e.target);
      return target && { ...e, target };
    }
    case 'unary': {
      const value = inner(e.value);
      return value && { ...e, value };
    }
    case 'binary': {
      const left = inner(e.left);
      const right = inner(e.right);
      return left && right && { ...e, left, right };
    }
    case 'if-expression': {
      const condition = inner(e.condition);
      const then = inner(e.then);
      const other = inner(e.else);
      return condition && then && other && { ...e, condition, then, else: other };
    }
    case 'null':
    case 'literal':
    case 'static-closure':
    case 'static-variant':
    case 'region':
    case 'code':
    case 'get-cell':
    case 'divide':
    case 'check-index':
    case 'load-element':
    case 'allocate':
    case 'call':
    case 'sequence':
      return undefined;
  }
}

/** `index < length` without sign, where anything else fails: how a flat vector is read. */
function isRangeTest(s: Break): s is Break & {
  condition: { left: Expression; right: Extract<Expression, { kind: 'unary' }> };
} {
  const { condition } = s;
  if (s.else.length !== 1 || s.else[0]?.kind !== 'fail') return false;
  if (condition.kind !== 'binary' || condition.op !== 'lt_u' || condition.of !== 'i64') return false;
  return condition.right.kind === 'unary' && condition.right.op === 'extend_u';
}

function isLength(e: Expression): e is Extract<Expression, { kind: 'load' }> & {
  target: Extract<Expression, { kind: 'get' }>;
} {
  return e.kind === 'load' && e.offset === LENGTH_OFFSET && e.rep === 'i32' && e.target.kind === 'get';
}

function isOneOf(e: Expression, locals: ReadonlySet<Local>): boolean {
  return e.kind === 'get' && locals.has(e.local);
}

function lengthOf(vector: Local): Expression {
  const target: Expression = { kind: 'get', rep: 'ref', local: vector };
  return { kind: 'load', rep: 'i32', stored: 'i32', target, offset: LENGTH_OFFSET };
}

function constant(value: bigint): Expression {
  return { kind: 'constant', rep: 'i64', value };
}

function unary(rep: 'i32' | 'i64', of: 'i32' | 'i64', op: string, value: Expression): Expression {
  return { kind: 'unary', rep, of, op, value };
}

function compare(op: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', rep: 'i32', of: 'i64', op, left, right };
}
