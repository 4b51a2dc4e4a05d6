/**
 * Function values. A closure copies what it captures when it is made; its object is [descriptor] [code] [captures ...]
 * and its code takes the closure as last argument. A function value that is only passed to library functions needs no
 * object: it is known by its code and its captures, which travel as arguments.
 */

import { CLOSURE_CAPTURES, CLOSURE_CODE } from '../heap/index.ts';
import type { Expression, Func, ObjectType, Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import {
  type Binding,
  type Captures,
  capturesOf,
  type Type,
  type TypedExpression,
  type TypedParameter,
} from '../types/index.ts';
import { get, type Value } from './builder.ts';
import { FunctionLowering, type Location } from './function.ts';
import { lambdaAt } from './local-functions.ts';
import { type Component, components, inside as partsInside } from './representation.ts';
import { concrete, type Substitution, typeKey } from './substitution.ts';

/** A function value whose code is known: the function takes the value's parameters, then its captures. */
export interface Known {
  readonly key: string;
  /** In locals or constants of the function in hand. */
  readonly captures: Value;
  /** What they are of. */
  readonly captured: readonly Captured[];
  readonly type: Extract<Type, { kind: 'function' }>;
  readonly span: Span;
}

/** What so many components are of, in their order. */
interface Captured {
  readonly name: string;
  /** Undefined for what the compiler itself lays down. */
  readonly type?: Type;
  readonly count: number;
}

/** A `fn`, or a use of a generic local function, ready to be compiled in its surroundings. */
export interface Lambda {
  readonly key: string;
  /** Undefined for one that has none. */
  readonly name?: string;
  readonly type: Type;
  readonly params: readonly TypedParameter[];
  readonly body: TypedExpression;
  readonly span: Span;
  readonly substitution: Substitution;
  readonly captures: Captures;
  /** Names of the body that stand for a copy here. */
  readonly copies: ReadonlyMap<Binding, Binding>;
}

/** What a lambda takes along: where each name it uses is found inside, given the components that were captured. */
interface Held {
  readonly parts: readonly Component[];
  readonly values: Value;
  readonly names: readonly {
    readonly name: Binding;
    readonly location: Location;
    readonly first: number;
    readonly count: number;
  }[];
  readonly captured: readonly Captured[];
}

export function lambdaOf(
  lowering: FunctionLowering,
  e: Extract<TypedExpression, { kind: 'lambda' }>,
): Lambda {
  return {
    key: `${lowering.key} fn ${lowering.program.numberOf(lowering.key, e.body)}`,
    type: lowering.type(e.type),
    params: e.params,
    body: e.body,
    span: e.span,
    substitution: lowering.substitution,
    captures: capturesOf(e.params, e.body),
    copies: new Map(),
  };
}

// ---------------------------------------------------------------------------------------------- closure objects

/** A closure object: code, and copies of what the code uses of the function in hand. */
export function makeClosure(lowering: FunctionLowering, lambda: Lambda): Expression {
  return closureParts(lowering, lambda).object;
}

/** The same with where in it what it captures lies. */
export function closureParts(
  lowering: FunctionLowering,
  lambda: Lambda,
): { readonly object: Expression; readonly fields: ObjectType['fields']; readonly names: Held['names'] } {
  const { program } = lowering;
  const { key, span, captures } = lambda;
  const held = hold(lowering, lambda);
  const type = program.types.closure(key, () => placeName(span), held.parts, held.captured);
  program.define(key, () => {
    const inner = innerLowering(lowering, lambda);
    inner.params(lambda.params);
    const self = inner.builder.param('closure', 'ref');
    for (const { name, location, first, count } of held.names) {
      const fields = type.fields.slice(first, first + count);
      if (location.kind === 'generic') {
        inner.define(name, location);
      } else if (location.kind === 'known') {
        const loads = fields.map((f) => inner.load(get(self), f.offset, f.stored));
        const taken = inner.builder.stable(loads, 'captured');
        inner.define(name, { kind: 'known', known: { ...location.known, captures: taken } });
      } else {
        inner.define(name, { kind: 'closure', object: self, fields });
        // What is only read is read once; what is set lives in the closure object, which outlives the call.
        if (!captures.written.has(name)) inner.bind(name, inner.read(name), false);
      }
    }
    return finish(inner, lambda);
  });
  const object = closureObject(lowering, program.slot(key, lambda.type, type), type, held.values, span);
  return { object, fields: type.fields, names: held.names };
}

function placeName({ source, start }: Span): string {
  const { line, column } = source.position(start);
  return `fn at ${source.name}:${line}:${column}`;
}

function closureObject(
  lowering: FunctionLowering,
  slot: number,
  type: { readonly id: number; readonly fields: readonly { offset: number; stored: Component['stored'] }[] },
  values: Value,
  span: Span,
): Expression {
  if (type.fields.length === 0) return { kind: 'static-closure', rep: 'ref', slot };
  const held = lowering.builder.pure(values, 'captured');
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

function innerLowering(lowering: FunctionLowering, lambda: Lambda): FunctionLowering {
  return new FunctionLowering(
    lowering.program,
    lambda.substitution,
    { key: lambda.key, name: lowering.name },
    concrete(lambda.body.type, lambda.substitution),
    lowering.specialised,
  );
}

function finish(inner: FunctionLowering, { name = 'fn', body, span, substitution }: Lambda): Func {
  inner.tail(body);
  const results = components(concrete(body.type, substitution)).map((c) => c.rep);
  return inner.builder.finish({ key: inner.key, name: `${name} in ${inner.name}`, results, span });
}

/**
 * What a lambda must take along so that its body finds every name: its captures, and those of the generic functions it
 * uses, each by the name it has inside.
 */
function hold(lowering: FunctionLowering, lambda: Lambda): Held {
  const parts: Component[] = [];
  const values: Expression[] = [];
  const names: Held['names'][number][] = [];
  const captured: Captured[] = [];
  const taken = new Set<Binding>();
  const take = (name: Binding, here: Binding): void => {
    if (taken.has(name)) return;
    taken.add(name);
    const location = lowering.location(here);
    const own =
      location.kind === 'known'
        ? location.known.captures
        : location.kind === 'generic'
          ? []
          : lowering.read(here);
    names.push({ name, location, first: parts.length, count: own.length });
    values.push(...own);
    if (location.kind === 'known') {
      parts.push(...own.map((v, i) => captureComponent(`${here.name}.${i}`, v)));
      captured.push(...location.known.captured.map((of) => ({ ...of, name: `${here.name}.${of.name}` })));
    } else if (location.kind === 'generic') {
      for (const binding of location.made.values()) take(binding, binding);
      // The function's own captures keep the names under which it will look for them again.
      for (const b of capturesOf(location.function.params, location.function.body).bindings) {
        const wanted = location.copies.get(b) ?? b;
        take(wanted, wanted);
      }
    } else {
      parts.push(...partsInside(here.name, lowering.components(here.type)));
      captured.push({ name: here.name, type: lowering.type(here.type), count: own.length });
    }
  };
  for (const name of lambda.captures.bindings) take(name, lambda.copies.get(name) ?? name);
  return { parts, values, names, captured };
}

function captureComponent(name: string, value: Expression): Component {
  const rep = value.rep as Rep;
  return { name, rep, stored: rep };
}

/** The function value that a script calls a function of the host by: it holds the proxy, and `extern` makes the call. */
export function hostClosure(
  lowering: FunctionLowering,
  type: Extract<Type, { kind: 'function' }>,
  proxy: Expression,
  extern: number,
  span: Span,
): Expression {
  const { program } = lowering;
  const key = `host function ${typeKey(type)}`;
  const layout = program.types.closure(
    key,
    () => key,
    [{ name: 'proxy', rep: 'ref', stored: 'ref' }],
    [{ name: 'proxy', count: 1 }],
  );
  program.define(key, () => {
    const inner = new FunctionLowering(program, lowering.substitution, { key, name: 'host function' });
    const args = type.params.flatMap((t) =>
      components(t).map((c) => get(inner.builder.param('argument', c.rep))),
    );
    const self = get(inner.builder.param('closure', 'ref'));
    const reps = components(type.result).map((c) => c.rep);
    const callee = inner.load(self, CLOSURE_CAPTURES, 'ref');
    const call = { to: 'extern', index: extern, args: [callee, ...args], reps, span } as const;
    inner.builder.emit({ kind: 'return', values: inner.builder.call(call, 'result'), span });
    return inner.builder.finish({ key, name: inner.name, results: reps, span });
  });
  return closureObject(lowering, program.slot(key, type, layout), layout, [proxy], span);
}

// ---------------------------------------------------------------------------------------------- known functions

/**
 * The function that an expression is known to be, or undefined where it is just some function value. What it captures is
 * read here and now: `first` says that nothing else of the call has been evaluated before it.
 */
export function knownFunction(
  lowering: FunctionLowering,
  e: TypedExpression,
  first = true,
): Known | undefined {
  const type = lowering.type(e.type);
  if (type.kind !== 'function') return undefined;
  const { program } = lowering;
  switch (e.kind) {
    case 'local': {
      const location = lowering.location(e.binding);
      return location.kind === 'known' ? location.known : undefined;
    }
    case 'function': {
      const key = program.instance(
        e.key,
        e.typeArguments.map((t) => lowering.type(t)),
      );
      return { key, captures: [], captured: [], type, span: e.span };
    }
    case 'method':
    case 'primitive':
      return {
        key: program.calleeFunction(e, type, lowering.substitution),
        captures: [],
        captured: [],
        type,
        span: e.span,
      };
    case 'lambda': {
      const lambda = lambdaOf(lowering, e);
      const { bindings, written } = lambda.captures;
      // A name that the body sets lives on between calls, so it needs the object.
      if (written.size > 0 || (!first && bindings.some((b) => b.mutable))) return undefined;
      return lift(lowering, lambda, type);
    }
    case 'local-function': {
      const location = lowering.location(e.binding);
      if (location.kind !== 'generic') return undefined;
      const types = e.typeArguments.map((t) => lowering.type(t));
      const lambda = lambdaAt(lowering, e.binding, location, types);
      return lift(lowering, lambda, lambda.type);
    }
    default:
      return undefined;
  }
}

/** A lambda as a plain function that takes its captures as further parameters. */
function lift(lowering: FunctionLowering, lambda: Lambda, type: Known['type']): Known {
  const held = hold(lowering, lambda);
  const captures = lowering.builder.stable(held.values, 'captured');
  const key = `${lambda.key} lifted`;
  lowering.program.define(key, () => {
    const inner = innerLowering(lowering, { ...lambda, key });
    inner.params(lambda.params);
    const locals = held.parts.map((p) => inner.builder.param(p.name, p.rep));
    for (const { name, location, first, count } of held.names) {
      const own = locals.slice(first, first + count);
      if (location.kind === 'generic') inner.define(name, location);
      else if (location.kind === 'known') {
        inner.define(name, { kind: 'known', known: { ...location.known, captures: own.map(get) } });
      } else {
        inner.define(name, { kind: 'locals', locals: own });
      }
    }
    return finish(inner, lambda);
  });
  return { key, captures, captured: held.captured, type, span: lambda.span };
}

/** A known function where an object is wanted after all. */
export function materialise(lowering: FunctionLowering, known: Known): Expression {
  const { program } = lowering;
  const key = `value of ${known.key}`;
  const parts = known.captures.map((v, i) => captureComponent(String(i), v));
  const type = program.types.closure(key, () => key, parts, known.captured);
  program.define(key, () => {
    const inner = new FunctionLowering(program, lowering.substitution, { key, name: known.key });
    const params = known.type.params.flatMap((t) =>
      components(t).map((c) => get(inner.builder.param('argument', c.rep))),
    );
    const self = get(inner.builder.param('closure', 'ref'));
    const captures = type.fields.map((f) => inner.load(self, f.offset, f.stored));
    const reps = components(known.type.result).map((c) => c.rep);
    const call = {
      to: 'function',
      key: known.key,
      args: [...params, ...captures],
      reps,
      span: known.span,
    } as const;
    inner.builder.emit({ kind: 'tail-call', call });
    return inner.builder.finish({ key, name: inner.name, results: reps, span: known.span });
  });
  return closureObject(lowering, program.slot(key, known.type, type), type, known.captures, known.span);
}
