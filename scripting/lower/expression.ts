/**
 * Lowers the body of one function. Every expression becomes the components of its value; what cannot be an expression
 * of the representation (several results, loops, arenas) becomes statements in front of it.
 */
import { CLOSURE_CODE, FAIL_ERROR, VECTOR_LENGTH } from '../heap/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Binding, Type, TypedExpression, TypedLocalFunction, TypedParameter } from '../types/index.ts';
import { binary, FunctionBuilder, get, i32, UNIT, type Value } from './builder.ts';
import { capturesOf } from './capture.ts';
import { lowerCountEntities, lowerForEntities } from './entity.ts';
import type { Call, Expression, Local, ObjectType, Rep, Statement } from './ir.ts';
import { NUMBER_TYPES, numberLiteral, zero } from './number.ts';
import { bindPattern, canFail, testPattern } from './pattern.ts';
import { isSimpleMethod, lowerMethod, lowerPrimitive } from './primitive.ts';
import type { ProgramLowering } from './program.ts';
import { type Component, componentRange, components, elementOf, isFlat } from './representation.ts';
import { concrete, type Substitution, typeKey } from './substitution.ts';
import { variantOf } from './sum.ts';
import { isVariant, makeVariant, variantFields } from './variant.ts';
import { elementAccess, makeVector, storeElement } from './vector.ts';

/** Where a name's value is found: in locals of its own, or in the closure object whose code is running. */
export type Place =
  | { readonly kind: 'locals'; readonly locals: readonly Local[] }
  | { readonly kind: 'closure'; readonly object: Local; readonly fields: ObjectType['fields'] }
  /** A generic function bound by `let`; `copies` are what its mutable captures were when it was made. */
  | {
      readonly kind: 'generic';
      readonly function: TypedLocalFunction;
      readonly copies: ReadonlyMap<Binding, Binding>;
    };

export class FunctionLowering {
  readonly program: ProgramLowering;
  readonly builder = new FunctionBuilder();
  readonly substitution: Substitution;
  /** For the names of closures made here. */
  readonly name: string;
  /** What the function returns, for `?`. */
  readonly result: Type | undefined;
  readonly #places = new Map<Binding, Place>();
  readonly #loops: number[] = [];

  constructor(program: ProgramLowering, substitution: Substitution, name: string, result?: Type) {
    this.program = program;
    this.result = result;
    this.substitution = substitution;
    this.name = name;
  }

  type(type: Type): Type {
    return concrete(type, this.substitution);
  }

  components(type: Type): readonly Component[] {
    return components(this.type(type));
  }

  // ------------------------------------------------------------------------------------------ names

  define(binding: Binding, place: Place): void {
    this.#places.set(binding, place);
  }

  /** Gives a name locals of its own, holding the value. */
  bind(binding: Binding, value: Value, mutable = binding.mutable): void {
    const locals = this.builder.localsFor(binding.name, this.components(binding.type));
    if (mutable) for (const local of locals) this.builder.markMutable(local);
    for (const [i, local] of locals.entries()) this.builder.set(local, value[i] as Expression);
    this.define(binding, { kind: 'locals', locals });
  }

  place(binding: Binding): Place {
    const place = this.#places.get(binding);
    if (place === undefined) throw new Error(`${binding.name} has no place`);
    return place;
  }

  read(binding: Binding): Value {
    const place = this.place(binding);
    switch (place.kind) {
      case 'locals':
        return place.locals.map(get);
      case 'closure':
        return place.fields.map((f) => this.load(get(place.object), f.offset, f.stored));
      case 'generic':
        throw new Error(`${binding.name} is generic and has no value of its own`);
    }
  }

  load(target: Expression, offset: number, stored: ObjectType['fields'][number]['stored']): Expression {
    const rep =
      stored === 'i8s' || stored === 'i8u' || stored === 'i16s' || stored === 'i16u' ? 'i32' : stored;
    return { kind: 'load', rep, stored, target, offset };
  }

  #write(binding: Binding, values: Value, first: number, span: Span): void {
    const place = this.place(binding);
    if (place.kind === 'locals') {
      this.builder.setAll(place.locals.slice(first, first + values.length), values);
    } else if (place.kind === 'closure') {
      for (const [i, value] of values.entries()) {
        const { offset, stored } = place.fields[first + i] as ObjectType['fields'][number];
        this.builder.emit({ kind: 'store', stored, target: get(place.object), offset, value, span });
      }
    }
  }

  // ------------------------------------------------------------------------------------------ functions

  params(params: readonly TypedParameter[]): void {
    const incoming = params.map((param) => {
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
    switch (e.kind) {
      case 'do': {
        for (const part of e.body.slice(0, -1)) this.effect(part);
        const last = e.body.at(-1);
        if (last === undefined) this.#return(UNIT, e.span);
        else this.tail(last);
        return;
      }
      case 'let':
        for (const b of e.bindings) bindPattern(this, b.pattern, this.value(b.value));
        this.tail(e.body);
        return;
      case 'let-function':
        this.#letFunction(e);
        this.tail(e.body);
        return;
      case 'if': {
        const condition = this.one(e.condition);
        const then = this.builder.nested(() => this.tail(e.then));
        const otherwise = this.builder.nested(() => this.tail(e.else));
        this.builder.emit({ kind: 'if', condition, then, else: otherwise });
        return;
      }
      case 'match':
        this.#matchArms(e, (body) => this.tail(body));
        return;
      case 'call': {
        const call = this.call(e);
        if ('args' in call && call.to !== 'runtime' && call.to !== 'extern') {
          this.builder.emit({ kind: 'tail-call', call });
        } else {
          this.#return('args' in call ? this.builder.call(call, 'result') : call.value, e.span);
        }
        return;
      }
      default:
        this.#return(this.value(e), e.span);
    }
  }

  #return(values: Value, span: Span): void {
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
      case 'local':
      case 'global':
      case 'function':
        return true;
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
    switch (e.kind) {
      case 'integer':
      case 'float': {
        const type = this.type(e.type);
        const number = type.kind === 'named' ? NUMBER_TYPES[type.definition.name] : undefined;
        if (number === undefined) throw new Error('a number literal has a number type');
        return [numberLiteral(number, e.value)];
      }
      case 'bool':
        return [i32(e.value ? 1 : 0)];
      case 'string':
        return [this.program.literal(e.value)];
      case 'keyword':
        // A keyword is its name: equal keywords of different modules are equal.
        return [this.program.literal(`:${e.name}`)];
      case 'unit':
        return UNIT;
      case 'local':
        return this.read(e.binding);
      case 'global':
        return this.program.readGlobal(e.definition);
      case 'function':
        return [
          this.program.functionValue(
            e.key,
            e.typeArguments.map((t) => this.type(t)),
            this.type(e.type),
            e.span,
          ),
        ];
      case 'method':
      case 'primitive':
      case 'extern':
        return [this.program.calleeValue(e, this.type(e.type), this.substitution)];
      case 'local-function':
        return this.#instantiate(
          e.binding,
          e.typeArguments.map((t) => this.type(t)),
          e.span,
        );
      case 'call': {
        const call = this.call(e);
        return 'args' in call ? this.builder.call(call, 'result') : call.value;
      }
      case 'construct':
        return this.#construct(e);
      case 'field':
        return this.#field(e);
      case 'set-local': {
        this.#write(e.binding, this.value(e.value), 0, e.span);
        return UNIT;
      }
      case 'set-global': {
        const values = this.builder.stable(this.value(e.value), 'value');
        const { key } = e.definition;
        for (const [cell, value] of values.entries()) {
          this.builder.emit({ kind: 'set-global', global: key, cell, value, span: e.span });
        }
        return UNIT;
      }
      case 'set-field':
        return this.#setField(e);
      case 'set-element': {
        const [target, index, value] = this.operands([e.target, e.index, e.value]);
        storeElement(
          this,
          this.type(e.target.type),
          target?.[0] as Expression,
          index?.[0] as Expression,
          value ?? UNIT,
          e.span,
        );
        return UNIT;
      }
      case 'update':
        return this.#update(e);
      case 'let':
        for (const b of e.bindings) bindPattern(this, b.pattern, this.value(b.value));
        return this.value(e.body);
      case 'let-function':
        this.#letFunction(e);
        return this.value(e.body);
      case 'if':
        return this.#if(e);
      case 'do': {
        for (const part of e.body.slice(0, -1)) this.effect(part);
        const last = e.body.at(-1);
        return last === undefined ? UNIT : this.value(last);
      }
      case 'while':
        this.loop(e.span, () => {
          this.#exitUnless(this.one(e.condition));
          this.effect(e.body);
        });
        return UNIT;
      case 'for':
        return this.#for(e);
      case 'for-each':
        return this.#forEach(e);
      case 'for-entities':
        return lowerForEntities(this, e);
      case 'count-entities':
        return lowerCountEntities(this, e.entity);
      case 'break':
        this.builder.emit({ kind: 'break', loop: this.#innermostLoop() });
        return this.nothing(e.type);
      case 'continue':
        this.builder.emit({ kind: 'continue', loop: this.#innermostLoop() });
        return this.nothing(e.type);
      case 'lambda':
        return [this.#lambda(e.params, e.body, e.span, this.substitution, '')];
      case 'vector':
        return [makeVector(this, elementOf(this.type(e.type)), this.operands(e.items), e.span)];
      case 'with-arena':
        return this.#arena(e);
      case 'without-collection':
        return this.#guardedBody(e.body, (body) => ({ kind: 'suppressed', body, span: e.span }));
      case 'match':
        return this.#match(e);
      case 'try':
        return this.#try(e);
      case 'map':
        throw new Error(`${e.kind} is not lowered`);
      case 'error':
        throw new Error('a program with errors is not lowered');
    }
  }

  /** Components to stand where control never arrives. */
  nothing(type: Type): Value {
    return this.components(type).map((c) => zero(c.rep));
  }

  // ------------------------------------------------------------------------------------------ calls

  /** A call of the representation, or the value where the callee is something the compiler knows. */
  call(e: Extract<TypedExpression, { kind: 'call' }>): Call | { readonly value: Value } {
    const { callee, span } = e;
    const reps = this.components(e.type).map((c) => c.rep);
    switch (callee.kind) {
      case 'function': {
        const key = this.program.instance(
          callee.key,
          callee.typeArguments.map((t) => this.type(t)),
        );
        return { to: 'function', key, args: this.operands(e.args).flat(), reps, span };
      }
      case 'method': {
        const types = callee.classArguments.map((t) => this.type(t));
        const known = lowerMethod(this, callee, types, e);
        if (known !== undefined) return { value: known };
        const key = this.program.methodInstance(
          callee.class,
          callee.method,
          types,
          callee.typeArguments.map((t) => this.type(t)),
        );
        return { to: 'function', key, args: this.operands(e.args).flat(), reps, span };
      }
      case 'primitive':
        return { value: lowerPrimitive(this, callee.name, e) };
      case 'extern': {
        const index = this.program.extern(callee.extern);
        return { to: 'extern', index, args: this.operands(e.args).flat(), reps, span };
      }
      case 'lambda': {
        const args = this.operands(e.args).map((v) => this.builder.stable(v, 'argument'));
        callee.params.forEach((p, i) => {
          bindPattern(this, p.pattern, args[i] ?? UNIT);
        });
        return { value: this.value(callee.body) };
      }
      default: {
        const [closure, ...args] = this.operands([callee, ...e.args]);
        const held = this.builder.stableOne(closure?.[0] as Expression, 'function');
        return { to: 'closure', closure: held, args: args.flat(), reps, span };
      }
    }
  }

  // ------------------------------------------------------------------------------------------ structs and values

  #construct(e: Extract<TypedExpression, { kind: 'construct' }>): Value {
    const type = this.type(e.type);
    const order = e.order ?? e.fields.map((_, i) => i);
    const written = this.operands(order.map((i) => e.fields[i] as TypedExpression));
    const inOrder = order.every((field, i) => field === i);
    const fields = new Array<Value>(e.fields.length);
    order.forEach((field, i) => {
      const value = written[i] as Value;
      fields[field] = inOrder ? value : this.builder.stable(value, 'field');
    });
    if (e.variant !== undefined) return makeVariant(this, type, e.variant, fields.flat(), e.span);
    if (isFlat(type)) return fields.flat();
    return [this.allocate(this.program.types.struct(type), fields.flat(), e.span)];
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

  #field(e: Extract<TypedExpression, { kind: 'field' }>): Value {
    const type = this.type(e.target.type);
    const { start, end } = componentRange(type, e.field);
    if (isFlat(type)) {
      const all = this.value(e.target);
      if (all.length === 1) return all;
      const readable = e.target.kind === 'local' || e.target.kind === 'field' || e.target.kind === 'global';
      return (readable ? all : this.builder.stable(all, e.field)).slice(start, end);
    }
    const fields = this.program.types.struct(type).fields.slice(start, end);
    const target = this.one(e.target);
    const object = fields.length === 1 ? target : this.builder.stableOne(target, 'object');
    return fields.map((f) => this.load(object, f.offset, f.stored));
  }

  #setField(e: Extract<TypedExpression, { kind: 'set-field' }>): Value {
    // Walk out of the flat values to what holds them: a name, a global, or an object's field.
    const path: { type: Type; field: string }[] = [{ type: this.type(e.target.type), field: e.field }];
    let place = e.target;
    while (isFlat(this.type(place.type)) && place.kind === 'field') {
      path.unshift({ type: this.type(place.target.type), field: place.field });
      place = place.target;
    }
    const first = path.reduce((sum, step) => sum + componentRange(step.type, step.field).start, 0);
    if (isFlat(this.type(place.type))) {
      const values = this.value(e.value);
      if (place.kind === 'local') {
        this.#write(place.binding, values, first, e.span);
      } else if (place.kind === 'global') {
        const held = this.builder.stable(values, 'value');
        const { key } = place.definition;
        for (const [i, value] of held.entries()) {
          this.builder.emit({ kind: 'set-global', global: key, cell: first + i, value, span: e.span });
        }
      } else {
        throw new Error(`a component of ${place.kind} cannot be set`);
      }
      return UNIT;
    }
    const object = this.builder.stableOne(this.one(place), 'object');
    const values = this.builder.stable(this.value(e.value), 'value');
    const fields = this.program.types.struct(this.type(place.type)).fields;
    for (const [i, value] of values.entries()) {
      const { offset, stored } = fields[first + i] as ObjectType['fields'][number];
      this.builder.emit({ kind: 'store', stored, target: object, offset, value, span: e.span });
    }
    return UNIT;
  }

  #update(e: Extract<TypedExpression, { kind: 'update' }>): Value {
    const type = this.type(e.target.type);
    const [target, ...changes] = this.operands([e.target, ...e.fields.map((f) => f.value)]).map((v) =>
      this.builder.stable(v, 'update'),
    );
    const flat = isFlat(type);
    const layout = flat ? undefined : this.program.types.struct(type);
    const count = flat ? components(type).length : componentsOfFields(type);
    const values: Expression[] = [];
    for (let i = 0; i < count; i++) {
      const f = layout?.fields[i];
      values.push(
        f === undefined
          ? (target?.[i] as Expression)
          : this.load(target?.[0] as Expression, f.offset, f.stored),
      );
    }
    e.fields.forEach((field, k) => {
      const { start } = componentRange(type, field.name);
      changes[k]?.forEach((value, i) => {
        values[start + i] = value;
      });
    });
    return layout === undefined ? values : [this.allocate(layout, values, e.span)];
  }

  // ------------------------------------------------------------------------------------------ control

  #if(e: Extract<TypedExpression, { kind: 'if' }>): Value {
    const condition = this.one(e.condition);
    const parts = this.components(e.type);
    let thenValue: Value = UNIT;
    let elseValue: Value = UNIT;
    const then = this.builder.nested(() => {
      thenValue = this.value(e.then);
    });
    const otherwise = this.builder.nested(() => {
      elseValue = this.value(e.else);
    });
    if (parts.length === 1 && then.length === 0 && otherwise.length === 0) {
      const [yes, no] = [thenValue[0], elseValue[0]] as [Expression, Expression];
      return [{ kind: 'if-expression', rep: (parts[0] as Component).rep, condition, then: yes, else: no }];
    }
    const locals = this.builder.localsFor('chosen', parts);
    const finish = (block: Statement[], value: Value) => [
      ...block,
      ...this.builder.nested(() => this.#assign(locals, value)),
    ];
    this.builder.emit({
      kind: 'if',
      condition,
      then: finish(then, thenValue),
      else: finish(otherwise, elseValue),
    });
    return locals.map(get);
  }

  #match(e: Extract<TypedExpression, { kind: 'match' }>): Value {
    const locals = this.builder.localsFor('matched', this.components(e.type));
    const done = this.builder.label();
    const body = this.builder.nested(() =>
      this.#matchArms(e, (arm) => {
        this.#assign(locals, this.value(arm));
        this.builder.emit({ kind: 'leave', block: done });
      }),
    );
    this.builder.emit({ kind: 'block', id: done, body });
    return locals.map(get);
  }

  /** Tries the arms from top to bottom; `lowerBody` must end in a jump. The checker has seen that some arm matches. */
  #matchArms(
    e: Extract<TypedExpression, { kind: 'match' }>,
    lowerBody: (body: TypedExpression) => void,
  ): void {
    const subject = this.builder.stable(this.value(e.subject), 'subject');
    for (const arm of e.arms) {
      const last = arm === e.arms.at(-1);
      const tested = !last && canFail(arm.pattern);
      const failed = this.builder.label();
      const body = this.builder.nested(() => {
        if (tested) testPattern(this, arm.pattern, subject, failed);
        bindPattern(this, arm.pattern, subject);
        lowerBody(arm.body);
      });
      if (tested) this.builder.emit({ kind: 'block', id: failed, body });
      else for (const s of body) this.builder.emit(s);
      if (!tested) return;
    }
  }

  /** Postfix `?`: what `Ok` holds, or the function's own `Err`. */
  #try(e: Extract<TypedExpression, { kind: 'try' }>): Value {
    const type = this.type(e.value.type);
    const result = this.builder.stable(this.value(e.value), 'result');
    const otherwise = this.builder.nested(() => {
      const [error] = variantFields(this, type, result, 'Err');
      let value = error?.value ?? UNIT;
      if (e.convert !== undefined && error !== undefined) {
        const binding: Binding = { name: 'error', type: error.type, mutable: false, span: e.span };
        this.bind(binding, value);
        const argument: TypedExpression = { kind: 'local', binding, type: error.type, span: e.span };
        const to = this.#errorType();
        value = this.value({ kind: 'call', callee: e.convert, args: [argument], type: to, span: e.span });
      }
      this.#return(makeVariant(this, this.#resultType(), 'Err', value, e.span), e.span);
    });
    this.builder.emit({
      kind: 'if',
      condition: isVariant(this, type, result, 'Err'),
      then: otherwise,
      else: [],
    });
    return variantFields(this, type, result, 'Ok')[0]?.value ?? UNIT;
  }

  #resultType(): Type {
    if (this.result === undefined) throw new Error('`?` stands in a function');
    return this.result;
  }

  #errorType(): Type {
    const [error] = variantOf(this.#resultType(), 'Err').fields;
    if (error === undefined) throw new Error('Err has a field');
    return error.type;
  }

  /** Into locals that nothing in `value` reads; without locals the value is evaluated for its effect. */
  #assign(locals: readonly Local[], value: Value): void {
    if (locals.length === 0) this.builder.discard(value);
    for (const [i, local] of locals.entries()) this.builder.set(local, value[i] as Expression);
  }

  /** A loop around what `body` emits; `step` runs between two rounds, also after `continue`. */
  loop(span: Span, body: () => void, step: () => void = () => {}): void {
    const id = this.builder.label();
    this.#loops.push(id);
    const statements = this.builder.nested(body);
    this.#loops.pop();
    this.builder.emit({ kind: 'loop', id, body: statements, step: this.builder.nested(step), span });
  }

  exitIf(condition: Expression): void {
    const exit: Statement = { kind: 'break', loop: this.#innermostLoop() };
    this.builder.emit({ kind: 'if', condition, then: [exit], else: [] });
  }

  #exitUnless(condition: Expression): void {
    this.exitIf({ kind: 'unary', rep: 'i32', of: 'i32', op: 'eqz', value: condition });
  }

  #innermostLoop(): number {
    const loop = this.#loops.at(-1);
    if (loop === undefined) throw new Error('a break stands in a loop');
    return loop;
  }

  #for(e: Extract<TypedExpression, { kind: 'for' }>): Value {
    this.bind(e.binding, this.value(e.from), true);
    const place = this.place(e.binding);
    const locals = place.kind === 'locals' ? place.locals : [];
    this.loop(
      e.span,
      () => {
        this.#exitUnless(this.one(e.test));
        this.effect(e.body);
      },
      () => this.builder.setAll(locals, this.value(e.step)),
    );
    return UNIT;
  }

  #forEach(e: Extract<TypedExpression, { kind: 'for-each' }>): Value {
    const type = this.type(e.collection.type);
    const collection = this.builder.stableOne(this.one(e.collection), 'collection');
    const index = this.builder.local('index', 'i32');
    this.builder.set(index, i32(0));
    this.loop(
      e.span,
      () => {
        // A mutable vector may grow or shrink while the body runs, so its length is read each time.
        this.exitIf(binary('i32', 'ge_u', get(index), this.load(collection, VECTOR_LENGTH, 'i32'), 'i32'));
        bindPattern(this, e.pattern, elementAccess(this, type, collection, get(index)));
        this.effect(e.body);
      },
      () => this.builder.set(index, binary('i32', 'add', get(index), i32(1))),
    );
    return UNIT;
  }

  #arena(e: Extract<TypedExpression, { kind: 'with-arena' }>): Value {
    const handle = e.arena === undefined ? undefined : this.builder.local(e.name, 'i32');
    if (e.arena !== undefined && handle !== undefined)
      this.define(e.arena, { kind: 'locals', locals: [handle] });
    return this.#guardedBody(e.body, (body) => ({
      kind: 'arena',
      name: e.name,
      handle,
      chunk: e.chunk,
      limit: e.limit ?? 0,
      body,
      span: e.span,
    }));
  }

  #guardedBody(e: TypedExpression, wrap: (body: Statement[]) => Statement): Value {
    const locals = this.builder.localsFor('(value)', this.components(e.type));
    const body = this.builder.nested(() => this.#assign(locals, this.value(e)));
    this.builder.emit(wrap(body));
    return locals.map(get);
  }

  // ------------------------------------------------------------------------------------------ closures

  #letFunction(e: Extract<TypedExpression, { kind: 'let-function' }>): void {
    // Each use makes a closure of its own, so names that may change are copied now.
    const copies = new Map<Binding, Binding>();
    for (const captured of capturesOf(e.function.params, e.function.body).bindings) {
      if (!captured.mutable || this.place(captured).kind === 'generic') continue;
      const copy: Binding = { ...captured, mutable: false };
      this.bind(copy, this.read(captured));
      copies.set(captured, copy);
    }
    this.define(e.binding, { kind: 'generic', function: e.function, copies });
  }

  #instantiate(binding: Binding, typeArguments: readonly Type[], span: Span): Value {
    const place = this.place(binding);
    if (place.kind !== 'generic') return this.read(binding);
    const { typeParameters, params, body } = place.function;
    const substitution = new Map(this.substitution);
    typeParameters.forEach((p, i) => {
      substitution.set(p.id, typeArguments[i] as Type);
    });
    const suffix = typeArguments.map(typeKey).join(' ');
    return [this.#lambda(params, body, place.function.span ?? span, substitution, suffix, place.copies)];
  }

  /**
   * What a closure must hold so that its body finds every name: its captures, and those of the generic functions it
   * uses, each as the name it has inside and the one it has here.
   */
  #held(bindings: readonly Binding[], copies: ReadonlyMap<Binding, Binding>): Map<Binding, Binding> {
    const held = new Map<Binding, Binding>();
    for (const inside of bindings) {
      const here = copies.get(inside) ?? inside;
      held.set(inside, here);
      const place = this.place(here);
      if (place.kind !== 'generic') continue;
      const own = capturesOf(place.function.params, place.function.body).bindings;
      // The function's own captures keep the names under which it will look for them again.
      const wanted = own.map((b) => place.copies.get(b) ?? b);
      for (const [name, source] of this.#held(wanted, new Map())) held.set(name, source);
    }
    return held;
  }

  /** A closure object: code and copies of what the code uses of this function. */
  #lambda(
    params: readonly TypedParameter[],
    body: TypedExpression,
    span: Span,
    substitution: Substitution,
    suffix: string,
    copies: ReadonlyMap<Binding, Binding> = new Map(),
  ): Expression {
    const captures = capturesOf(params, body);
    const generics: { inside: Binding; place: Place }[] = [];
    const captured: { inside: Binding; first: number; count: number }[] = [];
    const parts: Component[] = [];
    const values: Expression[] = [];
    for (const [inside, here] of this.#held(captures.bindings, copies)) {
      const place = this.place(here);
      if (place.kind === 'generic') {
        generics.push({ inside, place });
        continue;
      }
      const own = this.components(here.type);
      captured.push({ inside, first: parts.length, count: own.length });
      parts.push(...own.map((c) => ({ ...c, name: c.name === '' ? here.name : `${here.name}.${c.name}` })));
      values.push(...this.read(here));
    }
    const { line, column } = span.source.position(span.start);
    const at = `fn at ${span.source.name}:${line}:${column}`;
    const key = `${at} ${this.program.spell(substitution)} ${suffix}`;
    const type = this.program.types.closure(key, at, parts);
    this.program.define(key, () => {
      const inner = new FunctionLowering(
        this.program,
        substitution,
        this.name,
        concrete(body.type, substitution),
      );
      inner.params(params);
      const self = inner.builder.param('closure', 'ref');
      for (const { inside, place } of generics) inner.define(inside, place);
      for (const { inside, first, count } of captured) {
        inner.define(inside, {
          kind: 'closure',
          object: self,
          fields: type.fields.slice(first, first + count),
        });
        // What is only read is read once; what is set lives in the closure object, which outlives the call.
        if (!captures.written.has(inside)) inner.bind(inside, inner.read(inside), false);
      }
      inner.tail(body);
      const results = components(concrete(body.type, substitution)).map((c) => c.rep);
      return inner.builder.finish({ key, name: `fn in ${this.name}`, results, span });
    });
    const slot = this.program.slot(key);
    if (parts.length === 0) return { kind: 'static-closure', rep: 'ref', slot };
    const held = this.builder.pure(values, 'captured');
    return {
      kind: 'allocate',
      rep: 'ref',
      type: type.id,
      span,
      fields: [
        { offset: CLOSURE_CODE, stored: 'i32', value: { kind: 'code', rep: 'i32', slot } },
        ...type.fields.map(({ offset, stored }, i) => ({ offset, stored, value: held[i] as Expression })),
      ],
    };
  }

  /** One of two values that are held in locals. */
  choose(condition: Expression, type: Type, yes: Value, no: Value): Value {
    return components(type).map((c, i) => {
      const [then, otherwise] = [yes[i], no[i]] as [Expression, Expression];
      return { kind: 'if-expression', rep: c.rep, condition, then, else: otherwise };
    });
  }

  /** A script's own `(error "...")`. */
  failWith(message: Expression, span: Span): void {
    // Addresses pass as f64, which holds every u32 exactly.
    const a: Expression = { kind: 'unary', rep: 'f64', of: 'i32', op: 'convert_u.i32', value: message };
    this.builder.emit({ kind: 'fail', failure: FAIL_ERROR, a, span });
  }
}

function componentsOfFields(type: Type): number {
  if (type.kind !== 'named') return 0;
  return type.definition.fields.reduce((sum, f) => sum + componentsOfField(type, f.name), 0);
}

function componentsOfField(type: Type, field: string): number {
  const { start, end } = componentRange(type, field);
  return end - start;
}
