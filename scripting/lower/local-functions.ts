/**
 * Functions that a body defines: bound by `let` and generic, or by `letrec` and `defn`, where they know one another. They are known by
 * their code and what they capture, and need an object only where one is used as a value, or sets what it captures. Generic values
 * that are no functions are bound by `let` in the same way.
 */

import type { Expression } from '../ir/index.ts';
import {
  type Binding,
  capturesOf,
  type Parameter,
  partsOf,
  type Type,
  type TypedExpression,
  type TypedLocalFunction,
} from '../types/index.ts';
import type { Value } from './builder.ts';
import { closureParts, type Known, type Lambda, makeClosure } from './closure.ts';
import type { FunctionLowering, Location } from './function.ts';
import { zero } from './number.ts';
import { bind, concrete, isKnown, type Substitution, typeKey } from './substitution.ts';

type LocalFunctions = Extract<TypedExpression, { kind: 'let-functions' }>['functions'];

/**
 * Functions that are generic or know one another are compiled where they are used, at the types they are used at. Those that set
 * what they capture have it in their closure objects, and so there is one of each.
 */
export function defineFunctions(
  lowering: FunctionLowering,
  { functions, body }: Extract<TypedExpression, { kind: 'let-functions' }>,
): void {
  const [first] = functions;
  if (first?.function.isValue === true) {
    defineValue(lowering, first, body);
    return;
  }
  const own = new Set(functions.map(({ binding }) => binding));
  const captures = functions.map(({ function: f }) => capturesOf(f.params, f.body));
  if (captures.some(({ written }) => written.size > 0)) {
    defineClosures(lowering, functions);
    return;
  }
  // Each use makes a closure of its own, so names that may change are copied now.
  const copies = new Map<Binding, Binding>();
  for (const captured of captures.flatMap(({ bindings }) => bindings)) {
    if (own.has(captured) || copies.has(captured)) continue;
    if (!captured.mutable || lowering.location(captured).kind === 'generic') continue;
    const copy: Binding = { ...captured, mutable: false };
    lowering.bind(copy, lowering.read(captured));
    copies.set(captured, copy);
  }
  for (const { binding, function: f } of functions)
    lowering.define(binding, { kind: 'generic', function: f, copies, made: new Map(), home: lowering.key });
}

/**
 * `(let ((none [])) ...)`: the value is made once for each type it is used at, so that it is the same wherever it is used at that,
 * and lies where the `let` stands. Only what generic functions use of it, at types of theirs, is made there.
 */
function defineValue(
  lowering: FunctionLowering,
  { binding, function: value }: LocalFunctions[number],
  body: TypedExpression,
): void {
  const made = new Map<string, Binding>();
  lowering.define(binding, { kind: 'generic', function: value, copies: new Map(), made, home: lowering.key });
  for (const use of usesOf(binding, body)) {
    if (!use.typeArguments.every((type) => isKnown(type, lowering.substitution))) continue;
    const types = use.typeArguments.map((t) => lowering.type(t));
    const key = typesKey(types);
    if (made.has(key)) continue;
    const own: Binding = { ...binding, type: lowering.type(use.type) };
    lowering.bind(own, valueAt(lowering, value, types));
    made.set(key, own);
  }
}

const typesKey = (types: readonly Type[]): string => types.map(typeKey).join(' ');

function usesOf(
  binding: Binding,
  body: TypedExpression,
): readonly Extract<TypedExpression, { kind: 'local-function' }>[] {
  const own = body.kind === 'local-function' && body.binding === binding ? [body] : [];
  return [...own, ...partsOf(body).flatMap((part) => usesOf(binding, part))];
}

/** Makes a generic value here. */
function valueAt(
  lowering: FunctionLowering,
  { typeParameters, body }: TypedLocalFunction,
  types: readonly Type[],
): Value {
  const substitution = atTypes(lowering, typeParameters, types);
  const key = `value ${lowering.program.numberOf(lowering.key, body)} ${typesKey(types)}`;
  return lowering.at(substitution, key, () => lowering.value(body));
}

function atTypes(
  lowering: FunctionLowering,
  parameters: readonly Parameter[],
  types: readonly Type[],
): Substitution {
  return new Map([...lowering.substitution, ...bind(parameters, types)]);
}

/** Closure objects that hold one another: made first, and then told of each other. */
function defineClosures(lowering: FunctionLowering, functions: LocalFunctions): void {
  for (const { binding } of functions) lowering.bind(binding, [zero('ref')], true);
  const made = functions.map(({ binding, function: f }) => {
    const type = lowering.type(binding.type);
    const key = `${lowering.key} fn ${lowering.program.numberOf(lowering.key, f.body)}`;
    const lambda: Lambda = {
      key,
      name: binding.name,
      type,
      params: f.params,
      body: f.body,
      span: f.span,
      substitution: lowering.substitution,
      captures: capturesOf(f.params, f.body),
      copies: new Map(),
    };
    const { object, fields, names } = closureParts(lowering, lambda);
    lowering.write(binding, [object], 0, f.span);
    return { binding, fields, names, span: f.span };
  });
  const own = new Set(functions.map(({ binding }) => binding));
  for (const { binding, fields, names, span } of made)
    for (const { name, first } of names) {
      const field = fields[first];
      if (!own.has(name) || field === undefined) continue;
      const [target, value] = [...lowering.read(binding), ...lowering.read(name)] as [Expression, Expression];
      lowering.builder.emit({ kind: 'store', stored: 'ref', target, offset: field.offset, value, span });
    }
}

/** A function that is compiled where it is used, at concrete types. */
export function lambdaAt(
  lowering: FunctionLowering,
  binding: Binding,
  location: Extract<Location, { kind: 'generic' }>,
  typeArguments: readonly Type[],
): Lambda & { readonly type: Known['type'] } {
  const { typeParameters, params, body, result, span } = location.function;
  const substitution = atTypes(lowering, typeParameters, typeArguments);
  const number = lowering.program.numberOf(location.home, body);
  return {
    key: `${location.home} fn ${number} ${typesKey(typeArguments)}`,
    name: binding.name,
    type: {
      kind: 'function',
      params: params.map((p) => concrete(p.type, substitution)),
      result: concrete(result, substitution),
    },
    params,
    body,
    span,
    substitution,
    captures: capturesOf(params, body),
    copies: location.copies,
  };
}

/** Such a function as a value, or a generic value at concrete types. */
export function instantiate(
  lowering: FunctionLowering,
  binding: Binding,
  typeArguments: readonly Type[],
): Value {
  const location = lowering.location(binding);
  if (location.kind !== 'generic') return lowering.read(binding);
  const made = location.made.get(typesKey(typeArguments));
  if (made !== undefined) return lowering.read(made);
  if (location.function.isValue) return valueAt(lowering, location.function, typeArguments);
  return [makeClosure(lowering, lambdaAt(lowering, binding, location, typeArguments))];
}
