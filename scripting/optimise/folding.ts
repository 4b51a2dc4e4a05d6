/**
 * What is known when a program is compiled is computed then: arithmetic on constants, branches that are decided, checks of indices that are in
 * range, and names that hold constants. Binaryen does the first, but not through names in the order in which this needs it: an index that is
 * known picks one element of a fixed array out of a tree of comparisons (`lower/array-place.ts`), and all the others need not be printed.
 *
 * A name that a function sets in one place, to a constant, is that constant in the statements after it in the same block, and in what is
 * inside those: whoever gets there has been at the assignment. Nothing is known of it outside of the block. The assignment stays. That it is
 * the only one in the function is needed, not just in a loop: of "if c set x else use x" the use would be looked at after the assignment.
 */
import {
  type Expression,
  isConstant,
  type Local,
  partsOfStatement,
  type Rewriting,
  rewriteBlock,
  rewriteExpression,
  type Statement,
  visit,
} from '../ir/index.ts';

type Constant = Extract<Expression, { kind: 'constant' }>;

/** A stretch of code as it is when names hold what `known` says at its beginning; `setOnce` are those that the function sets in one place. */
export class Folding implements Rewriting {
  readonly #known: Map<Local, Constant>;
  readonly #setOnce: ReadonlySet<Local>;

  constructor(known: ReadonlyMap<Local, Constant>, setOnce: ReadonlySet<Local>) {
    this.#known = new Map(known);
    this.#setOnce = setOnce;
  }

  block(body: readonly Statement[]): readonly Statement[] {
    return rewriteBlock(body, this);
  }

  value(e: Expression): Expression {
    return rewriteExpression(e, this);
  }

  expression(e: Expression): Expression {
    if (e.kind === 'get') return this.#known.get(e.local) ?? e;
    // What is set in its statements is set in no block around it.
    if (e.kind === 'sequence') this.#forget(e.body);
    return folded(e);
  }

  statement(s: Statement): readonly Statement[] {
    for (const block of partsOfStatement(s).blocks) this.#forget(block);
    if (s.kind === 'if' && s.condition.kind === 'constant')
      return signed(s.condition) === 0n ? s.else : s.then;
    if (s.kind === 'set' && this.#setOnce.has(s.local) && s.value.kind === 'constant')
      this.#known.set(s.local, s.value);
    return [s];
  }

  #forget(block: readonly Statement[]): void {
    visit(
      block,
      (s) => {
        if (s.kind === 'set' && this.#setOnce.has(s.local)) this.#known.delete(s.local);
      },
      () => {},
    );
  }
}

/** Names that the code of a function sets in one place; `given` are its parameters. */
export function namesSetOnce(body: readonly Statement[], given: readonly Local[] = []): ReadonlySet<Local> {
  const once = new Set<Local>();
  const more = new Set<Local>(given);
  const note = (local: Local): void => {
    if (once.has(local) || more.has(local)) {
      once.delete(local);
      more.add(local);
    } else once.add(local);
  };
  visit(
    body,
    (s) => {
      if (s.kind === 'set') note(s.local);
      if (s.kind === 'set-call') s.locals.forEach(note);
      if (s.kind === 'arena') note(s.handle);
    },
    () => {},
  );
  return once;
}

/** An expression whose parts are folded already. */
function folded(e: Expression): Expression {
  switch (e.kind) {
    case 'if-expression':
      if (e.condition.kind !== 'constant') return e;
      return signed(e.condition) === 0n ? e.else : e.then;
    case 'check-index': {
      const { index, length } = e;
      if (index.kind !== 'constant' || length.kind !== 'constant') return e;
      const at = signed(index);
      return at >= 0n && at < signed(length) ? { kind: 'constant', rep: 'i32', value: Number(at) } : e;
    }
    case 'unary': {
      const { value } = e;
      if (value.kind !== 'constant' || !isWhole(value.rep)) return e;
      const made = UNARY[e.op]?.(signed(value));
      return made === undefined ? e : (constant(e.rep, made) ?? e);
    }
    case 'binary':
    case 'divide': {
      const { left, right } = e;
      if (left.kind !== 'constant' || right.kind !== 'constant' || !isWhole(left.rep)) return e;
      const made = BINARY[e.op]?.(signed(left), signed(right));
      return made === undefined ? e : (constant(e.rep, made) ?? e);
    }
    default:
      return e;
  }
}

/** By WebAssembly's names. What is not here stays as it is. */
const UNARY: Readonly<Record<string, (a: bigint) => bigint>> = {
  eqz: (a) => truth(a === 0n),
  wrap: (a) => a,
  extend_s: (a) => a,
  extend_u: (a) => BigInt.asUintN(32, a),
};

const BINARY: Readonly<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  div_s: (a, b) => (b === 0n ? undefined : a / b),
  rem_s: (a, b) => (b === 0n ? undefined : a % b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt_s: (a, b) => truth(a < b),
  le_s: (a, b) => truth(a <= b),
  gt_s: (a, b) => truth(a > b),
  ge_s: (a, b) => truth(a >= b),
  lt_u: (a, b) => unsigned(a, b, (x, y) => x < y),
  le_u: (a, b) => unsigned(a, b, (x, y) => x <= y),
  gt_u: (a, b) => unsigned(a, b, (x, y) => x > y),
  ge_u: (a, b) => unsigned(a, b, (x, y) => x >= y),
};

const truth = (is: boolean): bigint => (is ? 1n : 0n);

/** Both have one width; of 64 bits, the order is that of the shorter one too. */
function unsigned(a: bigint, b: bigint, holds: (x: bigint, y: bigint) => boolean): bigint {
  return truth(holds(BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
}

/** A whole number with the sign that its bits have. */
function signed({ rep, value }: Constant): bigint {
  return BigInt.asIntN(rep === 'i64' ? 64 : 32, BigInt(value));
}

const isWhole = (rep: Constant['rep']): rep is 'i32' | 'i64' => rep === 'i32' || rep === 'i64';

/** A whole number as it wraps around in its type. */
function constant(rep: Expression['rep'], value: bigint): Constant | undefined {
  if (rep === 'i64') return { kind: 'constant', rep, value: BigInt.asIntN(64, value) };
  return rep === 'i32' ? { kind: 'constant', rep, value: Number(BigInt.asIntN(32, value)) } : undefined;
}

/** Whether code finds elements of fixed arrays by an index: checks it against a length that is known, or compares it with constants. */
export function picksElements(body: readonly Statement[]): boolean {
  let found = false;
  const look = (condition: Expression): void => {
    if (condition.kind !== 'binary' || condition.of !== 'i32' || condition.op !== 'lt_u') return;
    if (condition.left.kind === 'get' && condition.right.kind === 'constant') found = true;
  };
  visit(
    body,
    (s) => {
      if (s.kind === 'if') look(s.condition);
    },
    (e) => {
      if (e.kind === 'check-index' && isConstant(e.length)) found = true;
      if (e.kind === 'if-expression') look(e.condition);
    },
  );
  return found;
}
