/**
 * The state of one function while it is lowered: where its names live, which loop is innermost, and the builder that
 * collects its code.
 */

import { FAIL_ERROR } from '../heap/index.ts';
import type { Expression, Local, ObjectType, Rep, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Binding, Type, TypedExpression, TypedLocalFunction, TypedParameter } from '../types/index.ts';
import type { OpenArena } from './arena.ts';
import { FunctionBuilder, get, type Value } from './builder.ts';
import { type Known, materialise } from './closure.ts';
import { lowerTail, lowerValue } from './expression.ts';
import { zero } from './number.ts';
import { bindPattern } from './pattern.ts';
import { isSimpleMethod } from './primitive.ts';
import type { ProgramLowering } from './program.ts';
import { type Component, components } from './representation.ts';
import { concrete, type Substitution } from './substitution.ts';

/** Where a name's value is found: in locals of its own, or in the closure object whose code is running. */
export type Location =
  | { readonly kind: 'locals'; readonly locals: readonly Local[] }
  | { readonly kind: 'closure'; readonly object: Local; readonly fields: ObjectType['fields'] }
  /** A function value whose code is known: calls of it are direct, and it needs no closure object. */
  | { readonly kind: 'known'; readonly known: Known }
  /**
   * A function that is compiled where it is used; `copies` are what its mutable captures were when it was made, `home` is the key of
   * the function that made it. Or a generic value, with what it `made` of it at the types at which it was made where it is bound.
   */
  | {
      readonly kind: 'generic';
      readonly function: TypedLocalFunction;
      readonly copies: ReadonlyMap<Binding, Binding>;
      readonly made: ReadonlyMap<string, Binding>;
      readonly home: string;
    };

export class FunctionLowering {
  readonly program: ProgramLowering;
  readonly builder = new FunctionBuilder();
  #substitution: Substitution;
  #key: string;
  /** What stack traces call it; closures made here are `fn in` it. */
  readonly name: string;
  /** How many specialisations on known functions led here. */
  readonly specialised: number;
  /** What the function returns, for `?`. */
  readonly result: Type | undefined;
  /** The arenas whose blocks are being lowered, outermost first. */
  readonly arenas: OpenArena[] = [];
  /** How many blocks are being lowered that have to be closed: arenas and others. There are no tail calls in them. */
  blocks = 0;
  readonly #locations = new Map<Binding, Location>();
  readonly #loops: number[] = [];
  /** Loops that are more than one: which a `break` leaves. */
  readonly #left = new Map<number, number>();

  constructor(
    program: ProgramLowering,
    substitution: Substitution,
    names: { readonly key: string; readonly name: string },
    result?: Type,
    specialised = 0,
  ) {
    this.program = program;
    this.#substitution = substitution;
    this.#key = names.key;
    this.name = names.name;
    this.result = result;
    this.specialised = specialised;
  }

  get substitution(): Substitution {
    return this.#substitution;
  }

  /** The function's own key, which the keys of closures made here begin with. */
  get key(): string {
    return this.#key;
  }

  /** Lowers something generic in its place, at the types that a substitution says; `key` tells it from the same at others. */
  at<T>(substitution: Substitution, key: string, work: () => T): T {
    const outer = [this.#substitution, this.#key] as const;
    [this.#substitution, this.#key] = [substitution, `${this.#key} ${key}`];
    const result = work();
    [this.#substitution, this.#key] = outer;
    return result;
  }

  type(type: Type): Type {
    return concrete(type, this.substitution);
  }

  components(type: Type): readonly Component[] {
    return components(this.type(type));
  }

  // ------------------------------------------------------------------------------------------ names

  define(binding: Binding, location: Location): void {
    this.#locations.set(binding, location);
  }

  /** Gives a name locals of its own, holding the value. */
  bind(binding: Binding, value: Value, mutable = binding.mutable): void {
    const locals = this.builder.localsFor(binding.name, this.components(binding.type));
    if (mutable) for (const local of locals) this.builder.markMutable(local);
    for (const [i, local] of locals.entries()) this.builder.set(local, value[i] as Expression);
    this.define(binding, { kind: 'locals', locals });
  }

  location(binding: Binding): Location {
    const location = this.#locations.get(binding);
    if (location === undefined) throw new Error(`${binding.name} has no location`);
    return location;
  }

  read(binding: Binding): Value {
    const location = this.location(binding);
    switch (location.kind) {
      case 'locals':
        return location.locals.map(get);
      case 'closure':
        return location.fields.map((f) => this.load(get(location.object), f.offset, f.stored));
      case 'known':
        return [materialise(this, location.known)];
      case 'generic':
        throw new Error(`${binding.name} is generic and has no value of its own`);
    }
  }

  load(target: Expression, offset: number, stored: ObjectType['fields'][number]['stored']): Expression {
    const rep =
      stored === 'i8s' || stored === 'i8u' || stored === 'i16s' || stored === 'i16u' ? 'i32' : stored;
    return { kind: 'load', rep, stored, target, offset };
  }

  write(binding: Binding, values: Value, first: number, span: Span): void {
    const location = this.location(binding);
    if (location.kind === 'locals') {
      this.builder.setAll(location.locals.slice(first, first + values.length), values);
    } else if (location.kind === 'closure') {
      // All are there before the first is stored: a later one may read the name, or stop the call.
      const held = values.length > 1 ? this.builder.stable(values, 'part') : values;
      for (const [i, value] of held.entries()) {
        const { offset, stored } = location.fields[first + i] as ObjectType['fields'][number];
        this.builder.emit({ kind: 'store', stored, target: get(location.object), offset, value, span });
      }
    }
  }

  // ------------------------------------------------------------------------------------------ functions

  /** Parameters in order; one whose argument is a known function takes that function's captures instead. */
  params(params: readonly TypedParameter[], knowns: ReadonlyMap<number, Known> = new Map()): void {
    const incoming = params.map((param, i) => {
      const known = knowns.get(i);
      if (known !== undefined && param.pattern.kind === 'name') {
        const captures = known.captures.map((c) => get(this.builder.param('captured', c.rep as Rep)));
        this.define(param.pattern.binding, { kind: 'known', known: { ...known, captures } });
        return [];
      }
      const name = param.name ?? 'argument';
      const locals = this.components(param.type).map((c) =>
        this.builder.param(c.name === '' ? name : `${name}.${c.name}`, c.rep),
      );
      if (param.pattern.kind === 'name') {
        if (param.pattern.binding.mutable) for (const l of locals) this.builder.markMutable(l);
        this.define(param.pattern.binding, { kind: 'locals', locals });
      }
      return locals;
    });
    params.forEach((param, i) => {
      if (param.pattern.kind !== 'name') bindPattern(this, param.pattern, (incoming[i] as Local[]).map(get));
    });
  }

  /** Lowers an expression whose value is the function's: every path ends in a return or a tail call. */
  tail(e: TypedExpression): void {
    lowerTail(this, e);
  }

  return(values: Value, span: Span): void {
    this.builder.emit({ kind: 'return', values, span });
  }

  // ------------------------------------------------------------------------------------------ expressions

  /** The single component of a value, as of a number or an address. */
  one(e: TypedExpression): Expression {
    const value = this.value(e);
    const [only] = value;
    if (only === undefined || value.length !== 1) throw new Error(`${e.kind} has ${value.length} components`);
    return only;
  }

  /** Evaluates for the effect alone. */
  effect(e: TypedExpression): void {
    this.builder.discard(this.value(e));
  }

  /**
   * The values of several expressions, evaluated from left to right. What is evaluated early is held in locals where
   * something that runs later could change it or must not find it on the operand stack.
   */
  operands(expressions: readonly TypedExpression[]): Value[] {
    let simpleFrom = expressions.length;
    while (simpleFrom > 0 && this.#isSimple(expressions[simpleFrom - 1] as TypedExpression)) simpleFrom--;
    return expressions.map((e, i) => {
      const value = this.value(e);
      return i < simpleFrom - 1 ? this.builder.stable(value, 'operand') : value;
    });
  }

  /** True where lowering emits no statement and evaluating has no effect that an earlier sibling could notice. */
  #isSimple(e: TypedExpression): boolean {
    switch (e.kind) {
      case 'integer':
      case 'float':
      case 'bool':
      case 'string':
      case 'unit':
      case 'keyword':
      case 'picture':
      case 'local':
      case 'function':
        return true;
      case 'global':
        return !e.definition.frame;
      case 'field': {
        let root = e.target;
        while (root.kind === 'field') root = root.target;
        return root.kind === 'local';
      }
      case 'call':
        return (
          e.callee.kind === 'method' &&
          isSimpleMethod(this, e.callee) &&
          e.args.every((a) => this.#isSimple(a))
        );
      default:
        return false;
    }
  }

  value(e: TypedExpression): Value {
    return lowerValue(this, e);
  }

  /** Components to stand where control never arrives. */
  nothing(type: Type): Value {
    return this.components(type).map((c) => zero(c.rep));
  }

  /** A new object; `values` are those of its fields in order, the last ones may be left out and are 0 then. */
  allocate(type: ObjectType, values: Value, span: Span): Expression {
    const held = this.builder.pure(values, 'field');
    return {
      kind: 'allocate',
      rep: 'ref',
      type: type.id,
      span,
      fields: type.fields.map(({ offset, stored }, i) => {
        const value =
          held[i] ?? zero(stored.startsWith('i8') || stored.startsWith('i16') ? 'i32' : (stored as Rep));
        return { offset, stored, value };
      }),
    };
  }

  /** A loop around what `body` emits; `step` runs between two rounds, also after `continue`. */
  loop(
    span: Span,
    body: () => void,
    step: () => void = () => {},
    options: Pick<Extract<Statement, { kind: 'loop' }>, 'unwatched'> = {},
  ): void {
    const id = this.builder.label();
    this.#loops.push(id);
    const statements = this.builder.nested(body);
    this.#loops.pop();
    this.builder.emit({
      kind: 'loop',
      id,
      body: statements,
      step: this.builder.nested(step),
      ...options,
      span,
    });
  }

  exitIf(condition: Expression): void {
    const exit: Statement = { kind: 'break', loop: this.innermostLoop() };
    this.builder.emit({ kind: 'if', condition, then: [exit], else: [] });
  }

  exitUnless(condition: Expression): void {
    this.exitIf({ kind: 'unary', rep: 'i32', of: 'i32', op: 'eqz', value: condition });
  }

  innermostLoop(): number {
    const loop = this.#loops.at(-1);
    if (loop === undefined) throw new Error('a break stands in a loop');
    return loop;
  }

  /** Lowers what the innermost loop does, in which a `break` leaves another loop around. */
  leaving(loop: number | undefined, work: () => void): void {
    if (loop !== undefined) this.#left.set(this.innermostLoop(), loop);
    work();
  }

  leftByBreak(): number {
    const loop = this.innermostLoop();
    return this.#left.get(loop) ?? loop;
  }

  /** One of two values that are held in locals. */
  choose(condition: Expression, type: Type, yes: Value, no: Value): Value {
    return components(type).map((c, i) => {
      const [then, otherwise] = [yes[i], no[i]] as [Expression, Expression];
      return { kind: 'if-expression', rep: c.rep, condition, then, else: otherwise };
    });
  }

  /** A script's own `(error "...")`, or another failure that a string tells about. */
  failWith(message: Expression, span: Span, failure = FAIL_ERROR): void {
    // Addresses pass as f64, which holds every u32 exactly.
    const a: Expression = { kind: 'unary', rep: 'f64', of: 'i32', op: 'convert_u.i32', value: message };
    this.builder.emit({ kind: 'fail', failure, a, span });
  }
}
