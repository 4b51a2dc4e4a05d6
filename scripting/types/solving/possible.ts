/**
 * Could these types be the same, and could this predicate hold? Asked without solving anything, for advice on a program that
 * is wrong: an unknown could be anything, and each parameter of a scheme is what it first meets.
 */

import {
  builtinRuling,
  ERROR,
  elementType,
  isBuiltin,
  isError,
  NUMBER_NAMES,
  type Parameter,
  type Predicate,
  parts,
  prune,
  type Scheme,
  substitute,
  type Type,
} from '../model/index.ts';
import type { Inference } from './inference.ts';

/** Could a function of this scheme be called with arguments of these types? */
export function couldTake(cx: Inference, scheme: Scheme, args: readonly Type[]): boolean {
  const { params } = scheme.type;
  const bindings = new Map<Parameter, Type>();
  const free = new Set(scheme.parameters);
  if (args.length !== params.length) return false;
  if (!params.every((param, i) => couldBe(param, args[i] ?? ERROR, bindings, free))) return false;
  for (const parameter of free) if (!bindings.has(parameter)) bindings.set(parameter, cx.fresh());
  return scheme.constraints.every((predicate) => couldHold(cx, predicate, bindings));
}

/** What a parameter has met is no pattern any more. */
const NONE: ReadonlySet<Parameter> = new Set();

function couldBe(
  pattern: Type,
  type: Type,
  bindings: Map<Parameter, Type>,
  free: ReadonlySet<Parameter>,
): boolean {
  const [p, t] = [prune(pattern), prune(type)];
  if (isError(p) || isError(t)) return true;
  if (p.kind === 'parameter' && free.has(p.parameter)) {
    const known = bindings.get(p.parameter);
    if (known === undefined) bindings.set(p.parameter, t);
    return known === undefined || couldBe(known, t, bindings, NONE);
  }
  if (t.kind === 'meta') return couldSolve(t, p);
  if (p.kind === 'meta') return couldSolve(p, t);
  if (p.kind === 'apply' || t.kind === 'apply') return true;
  if (p.kind === 'parameter' && t.kind === 'parameter') return p.parameter === t.parameter;
  if (p.kind !== t.kind) return false;
  if (p.kind === 'named' && t.kind === 'named' && p.definition !== t.definition) return false;
  const [left, right] = [parts(p), parts(t)];
  return left.length === right.length && left.every((l, i) => couldBe(l, right[i] ?? ERROR, bindings, free));
}

/** A literal can only be a number. */
function couldSolve(unknown: Type & { kind: 'meta' }, type: Type): boolean {
  if (unknown.literal === undefined || type.kind === 'meta' || type.kind === 'parameter') return true;
  return isBuiltin(type, ...NUMBER_NAMES);
}

function couldHold(cx: Inference, predicate: Predicate, bindings: Map<Parameter, Type>): boolean {
  const args = predicate.args.map((arg) => prune(substitute(arg, bindings)));
  const [first = ERROR, second = ERROR] = args;
  const isCollection = predicate.class === 'Collection' || predicate.class === 'Sequence';
  if (first.kind === 'meta' && first.literal === undefined) return true;
  if (first.kind === 'parameter' || first.kind === 'apply' || isError(first)) return true;
  const instance = cx.instances.of(predicate.class).some((one) => {
    const own = new Map<Parameter, Type>();
    const parameters = new Set(one.parameters);
    return one.args.every((arg, i) => couldBe(arg, args[i] ?? ERROR, own, parameters));
  });
  if (instance) return true;
  if (first.kind === 'meta') return !isCollection && cx.classes.get(predicate.class)?.module === undefined;
  if (!isCollection) return (builtinRuling(predicate.class, first) ?? 'fails') !== 'fails';
  const element = elementType(first);
  return element !== undefined && couldBe(second, element, bindings, NONE);
}
