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
import { dropValue, endWith } from './drops.ts';
import { lowerTail, lowerValue } from './expression.ts';
import { borrowed, isCopied, isLoan } from './moving.ts';
import { zero } from './number.ts';
import { bindPattern, bindValue } from './pattern.ts';
import { isSimpleMethod } from './primitive.ts';
import type { ProgramLowering } from './program.ts';
import { type Component, components } from './representation.ts';
import { retained } from './retaining.ts';
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

/** What a scope ends with: a name or a temporary that owns something, a loan, or an arena, whose objects may. The last one first. */
export type Ending =
  | {
      readonly kind: 'owner';
      readonly type: Type;
      readonly locals: readonly Local[];
      readonly binding?: Binding;
    }
  | { readonly kind: 'loan'; readonly type: Type; readonly value: Value }
  | { readonly kind: 'arena'; readonly handle: Local };

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
  /** What the scopes end with that are being lowered; empty in programs in which nobody owns anything. */
  readonly endings: Ending[] = [];
  /** Set while a place is emptied whose content somebody has taken: nothing is to be dropped. */
  taking = false;
  readonly #locations = new Map<Binding, Location>();
  readonly #loops: { readonly id: number; readonly endings: number }[] = [];
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

  /** Gives a name locals that own what the value owns, until the scope ends. */
  bindOwner(binding: Binding, value: Value): void {
    this.bind(binding, value, true);
    this.endWith(binding);
  }

  /** The scope at hand drops what a name owns then. */
  endWith(binding: Binding): void {
    const location = this.location(binding);
    if (location.kind !== 'locals') throw new Error(`${binding.name} has no locals to own anything`);
    const { locals } = location;
    this.endings.push({ kind: 'owner', type: this.type(binding.type), locals, binding });
  }

  /** A temporary that owns what the value owns, until the scope at hand ends. Returns it, to be read any number of times. */
  ownMeanwhile(type: Type, value: Value, name: string): Value {
    const locals = this.builder.localsFor(name, components(type));
    for (const local of locals) this.builder.markMutable(local);
    for (const [i, local] of locals.entries()) this.builder.set(local, value[i] as Expression);
    this.endings.push({ kind: 'owner', type, locals });
    return locals.map(get);
  }

  /** What locals own is somebody else's from now on: where their scope ends they have nothing to drop. */
  disown(locals: readonly Local[]): void {
    for (const local of locals) if (local.rep === 'ref') this.builder.set(local, zero('ref'));
  }

  /** A scope of what is owned: what `work` leaves to be dropped is, when its value is there. */
  scoped(span: Span, work: () => Value): Value {
    const before = this.endings.length;
    const value = work();
    if (this.endings.length === before) return value;
    const held = this.builder.stable(value, 'value');
    this.endTo(before, span);
    this.endings.length = before;
    return held;
  }

  /** The same where every path leaves the function, having ended all. */
  scopedTail(work: () => void): void {
    const before = this.endings.length;
    work();
    this.endings.length = before;
  }

  /** Drops what scopes have to be ended with, down to so many: for a jump out of them. */
  endTo(count: number, span: Span): void {
    for (const ending of this.endings.slice(count).reverse()) endWith(this, ending, span);
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

  /**
   * Parameters in order; one whose argument is a known function takes that function's captures instead. With `lent`, what they own stays
   * the caller's.
   */
  params(
    params: readonly TypedParameter[],
    knowns: ReadonlyMap<number, Known> = new Map(),
    lent = false,
  ): void {
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
        const isOwner = this.program.owns(this.type(param.type));
        if (param.pattern.binding.mutable || isOwner) for (const l of locals) this.builder.markMutable(l);
        this.define(param.pattern.binding, { kind: 'locals', locals });
        if (isOwner && !lent) this.endWith(param.pattern.binding);
      }
      return locals;
    });
    const bindParts = lent ? bindPattern : bindValue;
    params.forEach((param, i) => {
      if (param.pattern.kind !== 'name') bindParts(this, param.pattern, (incoming[i] as Local[]).map(get));
    });
  }

  /** Lowers an expression whose value is the function's: every path ends in a return or a tail call. */
  tail(e: TypedExpression): void {
    lowerTail(this, e);
  }

  return(values: Value, span: Span): void {
    const given = this.endings.length === 0 ? values : this.builder.stable(values, 'returned');
    this.endTo(0, span);
    this.builder.emit({ kind: 'return', values: given, span });
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
    const value = this.value(e);
    const type = this.program.hasOwners ? this.type(e.type) : undefined;
    if (type !== undefined && this.program.owns(type)) dropValue(this, type, value, e.span);
    else this.builder.discard(value);
  }

  /**
   * The values of several expressions, evaluated from left to right. What is evaluated early is held in locals where
   * something that runs later could change it or must not find it on the operand stack.
   */
  operands(expressions: readonly TypedExpression[]): Value[] {
    let simpleFrom = expressions.length;
    while (simpleFrom > 0 && this.#isSimple(expressions[simpleFrom - 1] as TypedExpression)) simpleFrom--;
    if (this.program.hasOwners && expressions.some(({ type }) => this.program.owns(this.type(type))))
      return this.#ownedOperands(expressions);
    return expressions.map((e, i) => {
      const value = this.value(e);
      return i < simpleFrom - 1 ? this.builder.stable(value, 'operand') : value;
    });
  }

  /** The same where some own something: what has been evaluated is dropped should a later one leave the scope. */
  #ownedOperands(expressions: readonly TypedExpression[]): Value[] {
    const owners: Ending[] = [];
    const values = expressions.map((e) => {
      const type = this.type(e.type);
      const value = this.value(e);
      if (!this.program.owns(type) || this.program.looked.has(e))
        return this.builder.stable(value, 'operand');
      const held = this.ownMeanwhile(type, value, 'operand');
      owners.push(this.endings.at(-1) as Ending);
      return held;
    });
    for (const owner of owners) this.endings.splice(this.endings.indexOf(owner), 1);
    return values;
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
    // What is made for a loan, or to read a field of it, is there until the form around it has its value.
    if (!this.program.hasOwners || isLoan(e)) return lowerValue(this, e);
    const type = this.type(e.type);
    if (this.program.looked.has(e) && this.program.owns(type)) return borrowed(this, e);
    if (isCopied(this, e, type))
      return this.scoped(e.span, () => retained(this, type, borrowed(this, e), e.span));
    if (e.kind === 'field') return lowerValue(this, e);
    return this.scoped(e.span, () => lowerValue(this, e));
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
    this.#loops.push({ id, endings: this.endings.length });
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
    return this.#innermost().id;
  }

  #innermost(): { readonly id: number; readonly endings: number } {
    const loop = this.#loops.at(-1);
    if (loop === undefined) throw new Error('a break stands in a loop');
    return loop;
  }

  /** Ends the scopes inside of the innermost loop, for a jump to its next round. */
  endRound(span: Span): void {
    this.endTo(this.#innermost().endings, span);
  }

  /** Ends those inside of the loop that a `break` leaves. */
  endLoop(span: Span): void {
    const left = this.leftByBreak();
    this.endTo(this.#loops.find(({ id }) => id === left)?.endings ?? this.#innermost().endings, span);
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
