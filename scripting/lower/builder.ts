/**
 * Puts one function together: its locals, and statements into the innermost open block.
 *
 * A lowered value is its components as expressions that are still to be evaluated, once and in order. Whoever emits a
 * statement before using them must first make them stable (`stable`), that is, hold them in locals.
 */
import {
  type Call,
  type Expression,
  type Func,
  isConstant,
  type Local,
  type Rep,
  RUNTIME,
  type Statement,
} from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Component } from './representation.ts';

export type Value = readonly Expression[];

export const UNIT: Value = [];

export class FunctionBuilder {
  readonly params: Local[] = [];
  readonly locals: Local[] = [];
  #block: Statement[] = [];
  #nextLocal = 0;
  #nextLabel = 0;
  readonly #assigned = new Set<Local>();

  param(name: string, rep: Rep): Local {
    const local = { id: this.#nextLocal++, name, rep };
    this.params.push(local);
    return local;
  }

  local(name: string, rep: Rep): Local {
    const local = { id: this.#nextLocal++, name, rep };
    this.locals.push(local);
    return local;
  }

  /** One local for each component. */
  localsFor(name: string, parts: readonly Component[]): Local[] {
    return parts.map((c) => this.local(c.name === '' ? name : `${name}.${c.name}`, c.rep));
  }

  label(): number {
    return this.#nextLabel++;
  }

  emit(statement: Statement): void {
    this.#block.push(statement);
  }

  /** Runs `build` with a block of its own and returns that block. */
  nested(build: () => void): Statement[] {
    const outer = this.#block;
    const inner: Statement[] = [];
    this.#block = inner;
    try {
      build();
    } finally {
      this.#block = outer;
    }
    return inner;
  }

  set(local: Local, value: Expression, span?: Span): void {
    this.emit(span === undefined ? { kind: 'set', local, value } : { kind: 'set', local, value, span });
  }

  /** Marks a local as one that may change behind the back of a value that reads it. */
  markMutable(local: Local): void {
    this.#assigned.add(local);
  }

  setAll(locals: readonly Local[], values: Value): void {
    // A component may read a local that an earlier one sets, as in a swap.
    const stable = values.length > 1 ? values.map((v) => this.#hold(v, 'part')) : values;
    locals.forEach((local, i) => {
      this.set(local, stable[i] as Expression);
    });
  }

  /** A call's results: an expression where there is one, locals where there are several. */
  call(requested: Call, name: string): Value {
    const call = this.#withKeptAddresses(requested);
    if (call.reps.length === 0) {
      this.emit({ kind: 'evaluate', value: { kind: 'call', rep: 'none', call } });
      return UNIT;
    }
    if (call.reps.length === 1) return [{ kind: 'call', rep: call.reps[0] as Rep, call }];
    const locals = call.reps.map((rep, i) => this.local(`${name}.${i}`, rep));
    this.emit({ kind: 'set-call', locals, call });
    return locals.map(get);
  }

  /**
   * What a function of the heap that allocates is given must be in locals: the heap relies on its caller to keep it, and the
   * collector hears of locals alone.
   */
  #withKeptAddresses(call: Call): Call {
    if (call.to !== 'runtime' || !RUNTIME[call.name].allocates) return call;
    return { ...call, args: call.args.map((arg) => (arg.rep === 'ref' ? this.#hold(arg, 'given') : arg)) };
  }

  /** The same value, readable any number of times and at any later point. */
  stable(value: Value, name: string): Value {
    return value.map((v) => this.#hold(v, name));
  }

  /** The same value, with nothing left in it that has an effect: reading may be put off until just after an allocation. */
  pure(value: Value, name: string): Value {
    return value.map((v) => (isPure(v) ? v : this.#hold(v, name)));
  }

  stableOne(value: Expression, name: string): Expression {
    return this.#hold(value, name);
  }

  /** Evaluates for the effect alone. */
  discard(value: Value): void {
    for (const v of value) if (!isPure(v)) this.emit({ kind: 'evaluate', value: v });
  }

  /** Nothing that runs later changes it, and reading it costs nothing. */
  isStable(value: Expression): boolean {
    if (isConstant(value)) return true;
    switch (value.kind) {
      case 'get':
        return !this.#assigned.has(value.local);
      case 'region':
      case 'get-global':
      case 'get-cell':
      case 'unary':
      case 'binary':
      case 'divide':
      case 'check-index':
      case 'load':
      case 'load-element':
      case 'allocate':
      case 'call':
      case 'if-expression':
      case 'sequence':
        return false;
    }
  }

  finish(rest: Pick<Func, 'key' | 'name' | 'results' | 'span'>): Func {
    return { ...rest, params: this.params, locals: this.locals, body: this.#block };
  }

  #hold(value: Expression, name: string): Expression {
    if (this.isStable(value)) return value;
    const local = this.local(name, value.rep as Rep);
    this.set(local, value);
    return get(local);
  }
}

export function get(local: Local): Expression {
  return { kind: 'get', rep: local.rep, local };
}

export function i32(value: number): Expression {
  return { kind: 'constant', rep: 'i32', value };
}

export function i64(value: bigint): Expression {
  return { kind: 'constant', rep: 'i64', value };
}

/** A binary operator on i32, as the bookkeeping around objects needs it. */
export function binary(of: Rep, op: string, left: Expression, right: Expression, rep: Rep = of): Expression {
  return { kind: 'binary', rep, of, op, left, right };
}

export function unary(rep: Rep, of: Rep, op: string, value: Expression): Expression {
  return { kind: 'unary', rep, of, op, value };
}

/** Nothing happens when it is evaluated, so it may be left out. */
function isPure(value: Expression): boolean {
  if (isConstant(value)) return true;
  switch (value.kind) {
    case 'get':
    case 'get-global':
    case 'get-cell':
      return true;
    case 'unary':
      return isPure(value.value);
    case 'binary':
      return isPure(value.left) && isPure(value.right);
    case 'load':
      return isPure(value.target);
    case 'region':
    case 'divide':
    case 'check-index':
    case 'load-element':
    case 'allocate':
    case 'call':
    case 'if-expression':
    case 'sequence':
      return false;
  }
}
