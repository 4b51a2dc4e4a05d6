/**
 * Predicates: what they follow from. A predicate on a type with a known head reduces to predicates on its parts, by a
 * builtin rule or an instance; what is left are predicates on unknowns and type variables (Jones 1994, "A theory of
 * qualified types"; Peyton Jones, Jones, Meijer 1997).
 */

import {
  builtinRuling,
  ERROR,
  elementType,
  type InstanceDefinition,
  isError,
  isTooLarge,
  type Parameter,
  type Predicate,
  parts,
  prune,
  sameType,
  substitute,
  type Type,
  unify,
} from '../model/index.ts';
import type { Inference, VisitedTypes } from './inference.ts';

/** What is left to show, or a predicate that does not hold whatever the unknowns turn out to be. */
export type Outcome = { readonly left: readonly Predicate[] } | { readonly failed: Predicate };

/** Instances may ask for ever larger types; a search longer than this is taken as "does not hold". */
const STEP_LIMIT = 2_000;
const DEPTH_LIMIT = 64;

/** One search. `assumed` holds what is being shown: a recursive type has what follows from assuming that it has it. */
interface Search {
  readonly assumed: Set<string>;
  steps: number;
}

/** Reduces a predicate as far as what is known allows. */
export function reduce(cx: Inference, predicate: Predicate): Outcome {
  return reduceWithin(cx, predicate, { assumed: new Set(), steps: 0 }, 0);
}

function reduceWithin(cx: Inference, predicate: Predicate, search: Search, depth: number): Outcome {
  const args = predicate.args.map(prune);
  const [first] = args;
  if (first === undefined || args.some(isError)) return { left: [] };
  const current: Predicate = { class: predicate.class, args };
  improve(cx, current, cx.givens);
  if (cx.givens.some((given) => same(given, current))) return { left: [] };
  const visiting = first.kind === 'parameter' ? cx.visited.get(first.parameter) : undefined;
  if (visiting !== undefined && args.length === 1) return ofVisited(cx, current, visiting);
  const premises = step(cx, current, first);
  if (premises === 'stuck') return { left: [current] };
  if (premises === 'fails') return { failed: current };
  if (premises.length === 0) return { left: [] };
  if (++search.steps > STEP_LIMIT || depth > DEPTH_LIMIT || args.some((type) => isTooLarge(type)))
    return { failed: current };
  const key = `${current.class} ${args.map((arg) => spell(arg)).join(' ')}`;
  if (search.assumed.has(key)) return { left: [] };
  search.assumed.add(key);
  const left: Predicate[] = [];
  for (const premise of premises) {
    const outcome = reduceWithin(cx, premise, search, depth + 1);
    if ('failed' in outcome) return outcome;
    for (const rest of outcome.left) left.push(rest);
  }
  return { left };
}

/**
 * What holds in a loop over a class: the class with its superclasses; and of what the language derives for types, what each visited
 * type has.
 */
function ofVisited(cx: Inference, predicate: Predicate, { class: of, types }: VisitedTypes): Outcome {
  const given = withSuperclasses(cx, [{ class: of.key, args: predicate.args }]);
  if (given.some((one) => same(one, predicate))) return { left: [] };
  if (cx.classes.get(predicate.class)?.module !== undefined) return { failed: predicate };
  for (const definition of types) {
    const outcome = reduce(cx, { class: predicate.class, args: [{ kind: 'named', definition, args: [] }] });
    if ('failed' in outcome) return { failed: predicate };
  }
  return { left: [] };
}

/** Where the first argument determines the others, they are those of any other predicate with the same first. */
export function improve(cx: Inference, predicate: Predicate, others: readonly Predicate[]): void {
  if (!cx.classes.get(predicate.class)?.determined) return;
  const [first = ERROR, ...rest] = predicate.args;
  const other = others.find(
    (o) => o !== predicate && o.class === predicate.class && sameType(o.args[0] ?? ERROR, first),
  );
  if (other !== undefined) for (const [i, arg] of rest.entries()) unify(arg, other.args[i + 1] ?? ERROR);
}

/** One step: the predicates this one follows from. */
function step(cx: Inference, predicate: Predicate, first: Type): readonly Predicate[] | 'stuck' | 'fails' {
  if (cx.classes.get(predicate.class)?.determined) improveByInstance(cx, predicate);
  const match = matchInstance(cx, predicate);
  if (match === 'maybe') return 'stuck';
  if (match !== undefined) return match;
  if (first.kind === 'meta' || first.kind === 'parameter' || first.kind === 'apply') {
    const impossible =
      first.kind === 'meta' &&
      first.literal !== undefined &&
      (isCollectionClass(predicate.class) || predicate.class === 'Entity');
    return impossible ? 'fails' : 'stuck';
  }
  if (isCollectionClass(predicate.class)) {
    const element = elementType(first);
    const second = predicate.args[1];
    if (element === undefined || second === undefined) return 'fails';
    return unify(second, element) === undefined ? [] : 'fails';
  }
  // What a type calls equal must have the same hash: the derived one knows nothing of its own `=`. Of a class that the
  // program has made its own neither maps nor hashes know.
  const hasOwnEquality =
    predicate.class === 'Hash' &&
    matchInstance(
      cx,
      { class: 'Eq', args: [first] },
      cx.instances.of('Eq').filter((instance) => instance.restated !== true),
    ) !== undefined;
  return hasOwnEquality ? 'fails' : (builtinRuling(predicate.class, first) ?? 'fails');
}

/** The classes whose second argument is the type of the elements. */
const isCollectionClass = (name: string): boolean => name === 'Collection' || name === 'Sequence';

/** Where the first argument determines the others, the instance for the first says what they are. */
function improveByInstance(cx: Inference, predicate: Predicate): void {
  const [first = ERROR, ...rest] = predicate.args;
  for (const instance of cx.instances.of(predicate.class)) {
    const bindings = new Map<Parameter, Type>();
    if (match(instance.args[0] ?? ERROR, first, bindings) !== 'yes') continue;
    for (const [i, arg] of rest.entries()) unify(arg, substitute(instance.args[i + 1] ?? ERROR, bindings));
    return;
  }
}

/** The instances that a predicate may turn out to mean. */
export function fittingInstances(cx: Inference, predicate: Predicate): readonly InstanceDefinition[] {
  return cx.instances.of(predicate.class).filter((instance) => fits(instance, predicate, new Map()) !== 'no');
}

/** Takes the one instance that can still be meant; true if there is just one. */
export function chooseOnly(cx: Inference, predicate: Predicate): boolean {
  const candidates = fittingInstances(cx, predicate);
  const [only] = candidates;
  const entry = cx.classes.get(predicate.class);
  if (only === undefined || candidates.length > 1 || entry?.module === undefined) return false;
  const fresh = new Map(only.parameters.map((p): [Parameter, Type] => [p, cx.fresh()]));
  return only.args.every((arg, i) => unify(predicate.args[i] ?? ERROR, substitute(arg, fresh)) === undefined);
}

/** The premises of the instance that fits; 'maybe' where that depends on what an unknown turns out to be. */
function matchInstance(
  cx: Inference,
  predicate: Predicate,
  instances: readonly InstanceDefinition[] = cx.instances.of(predicate.class),
): readonly Predicate[] | 'maybe' | undefined {
  let maybe = false;
  for (const instance of instances) {
    const bindings = new Map<Parameter, Type>();
    const fit = fits(instance, predicate, bindings);
    if (fit === 'yes')
      return instance.constraints.map((c) => ({
        class: c.class,
        args: c.args.map((arg) => substitute(arg, bindings)),
      }));
    if (fit === 'maybe') maybe = true;
  }
  return maybe ? 'maybe' : undefined;
}

function fits(
  instance: InstanceDefinition,
  predicate: Predicate,
  bindings: Map<Parameter, Type>,
): 'yes' | 'no' | 'maybe' {
  let result: 'yes' | 'maybe' = 'yes';
  for (let i = 0; i < instance.args.length; i++) {
    const fit = match(instance.args[i] as Type, predicate.args[i] ?? ERROR, bindings);
    if (fit === 'no') return 'no';
    if (fit === 'maybe') result = 'maybe';
  }
  return result;
}

/** One-way matching: does the pattern, whose parameters may stand for anything, give the type? */
function match(pattern: Type, type: Type, bindings: Map<Parameter, Type>): 'yes' | 'no' | 'maybe' {
  const t = prune(type);
  if (pattern.kind === 'parameter') {
    const known = bindings.get(pattern.parameter);
    if (known === undefined) {
      bindings.set(pattern.parameter, t);
      return 'yes';
    }
    return sameType(known, t) ? 'yes' : isClosed(known) && isClosed(t) ? 'no' : 'maybe';
  }
  if (t.kind === 'meta') {
    const number = pattern.kind === 'named' && /^([iu](8|16|32|64)|f(32|64))$/.test(pattern.definition.key);
    return t.literal !== undefined && !number ? 'no' : 'maybe';
  }
  if (t.kind === 'apply') return 'maybe';
  if (t.kind !== pattern.kind) return 'no';
  if (t.kind === 'named' && pattern.kind === 'named' && t.definition !== pattern.definition) return 'no';
  const left = parts(pattern);
  const right = parts(t);
  if (left.length !== right.length) return 'no';
  let result: 'yes' | 'maybe' = 'yes';
  for (let i = 0; i < left.length; i++) {
    const fit = match(left[i] as Type, right[i] as Type, bindings);
    if (fit === 'no') return 'no';
    if (fit === 'maybe') result = 'maybe';
  }
  return result;
}

/** The predicates and all that follow from them through superclasses. */
export function withSuperclasses(cx: Inference, predicates: readonly Predicate[]): readonly Predicate[] {
  const all: Predicate[] = [];
  const visit = (predicate: Predicate): void => {
    if (all.some((p) => same(p, predicate))) return;
    all.push(predicate);
    const entry = cx.classes.get(predicate.class);
    if (entry === undefined) return;
    const replacement = new Map(entry.parameters.map((p, i) => [p, predicate.args[i] ?? ERROR]));
    for (const s of entry.superclasses)
      visit({ class: s.class, args: s.args.map((arg) => substitute(arg, replacement)) });
  };
  predicates.forEach(visit);
  return all;
}

export function same(a: Predicate, b: Predicate): boolean {
  return (
    a.class === b.class &&
    a.args.length === b.args.length &&
    a.args.every((t, i) => sameType(t, b.args[i] ?? ERROR))
  );
}

function isClosed(type: Type): boolean {
  const t = prune(type);
  return t.kind !== 'meta' && parts(t).every(isClosed);
}

/**
 * A text that tells types apart, also those of one name in different modules. Type parameters are called by their places among `own`,
 * which is the same in every run of the compiler; others by their numbers, which are not.
 */
export function spell(type: Type, own: readonly Parameter[] = []): string {
  const t = prune(type);
  const all = (types: readonly Type[]): string => types.map((part) => spell(part, own)).join(' ');
  switch (t.kind) {
    case 'named':
      return t.args.length === 0 ? t.definition.key : `(${t.definition.key} ${all(t.args)})`;
    case 'parameter': {
      const place = own.indexOf(t.parameter);
      return place < 0 ? `'${t.parameter.id}` : `'#${place + 1}`;
    }
    case 'meta':
      return `?${t.id}`;
    default:
      return `${t.kind}[${all(parts(t))}]`;
  }
}
