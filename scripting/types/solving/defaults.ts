/**
 * What types are that nothing decides, at the end of a group.
 *
 * A literal is an `i64` or `f64`; but where a class that it has to satisfy has an instance for exactly one number type, and that
 * is another, it is of that: `(instance (Size i32) ...)` makes the 1 of `(size 1)` an `i32`.
 *
 * Of a number that has a name, `(let ((n 1)) ...)`, each use is as if it were written there; one that nothing asks for is of the
 * type that the others are of, if that is one.
 *
 * `(defn go (f) (f (+ 1 3)))` writes literals for what `f` takes, and `(go (fn (x) (str x)))` does not say what that is: it is
 * an `i64` too, as if the 1 and the 3 were written at the call.
 *
 * What only has to be shown, compared or hashed, and stands nowhere where something could still be put, is `Unit`: there is
 * nothing of it. `(println [])` shows a vector without elements. In a mutable vector something may be put that nobody looked at
 * yet, so there a type is asked for.
 */
import {
  ERROR,
  F64,
  FLOAT_NAMES,
  I64,
  isBuiltin,
  type Meta,
  type Module,
  NUMBER_NAMES,
  type Parameter,
  type Predicate,
  parts,
  prune,
  sameType,
  simple,
  substitute,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  UNIT,
  unify,
  variables,
} from '../model/index.ts';
import type { Inference } from './inference.ts';
import { fittingInstances } from './solve.ts';

/** The unknowns that a predicate speaks of. */
export function unsolved(predicate: Predicate): Meta[] {
  const found = new Set<Meta | Parameter>();
  for (const arg of predicate.args) variables(arg, found);
  return [...found].filter((v): v is Meta => 'kind' in v);
}

/** Literals whose type nothing asks for take their defaults. */
export function defaultLiterals(
  cx: Inference,
  known: ReadonlySet<Meta | Parameter>,
  module: Module | undefined,
): void {
  const isOpen = (meta: Meta) =>
    meta.solution === undefined && meta.literal !== undefined && !known.has(meta);
  literalsOfOthers(cx, known);
  for (const { predicate } of cx.wanted)
    for (const meta of unsolved(predicate).filter(isOpen)) {
      const only = onlyNumber(cx, predicate, meta, module);
      if (only !== undefined) unify(meta, simple(only));
    }
  for (const types of cx.namedNumbers) {
    const now = types.map(prune);
    const [only, ...others] = now.filter((type) => isBuiltin(type, ...NUMBER_NAMES));
    if (only === undefined || others.some((other) => !sameType(only, other))) continue;
    for (const type of now) if (type.kind === 'meta' && isOpen(type)) unify(type, only);
  }
  cx.namedNumbers = [];
  for (const { predicate } of cx.wanted)
    for (const meta of unsolved(predicate).filter(isOpen)) unify(meta, usual(meta));
}

/** What a generic function writes a literal for, and nothing says what it is, is a literal's type here too. */
function literalsOfOthers(cx: Inference, known: ReadonlySet<Meta | Parameter>): void {
  const waiting: Meta[] = [];
  for (const unknown of cx.writtenFor) {
    const type = prune(unknown);
    if (type.kind !== 'meta' || known.has(type)) continue;
    if (isOutside(cx, type)) waiting.push(type);
    else type.literal ??= type.written;
  }
  cx.writtenFor = waiting;
}

const usual = (meta: Meta): Type => (meta.literal === 'float' ? F64 : I64);

/** The one type of numbers, not the usual one, that the visible instances of a class let a literal be. */
function onlyNumber(
  cx: Inference,
  predicate: Predicate,
  meta: Meta,
  module: Module | undefined,
): string | undefined {
  const allowed: readonly string[] = meta.literal === 'float' ? FLOAT_NAMES : NUMBER_NAMES;
  const found = new Set<string>();
  for (const instance of fittingInstances(cx, predicate)) {
    if (module?.sees(cx.instances.home(instance)) === false) continue;
    const names = instance.args.flatMap((arg, i) => standsFor(arg, predicate.args[i] ?? ERROR, meta));
    // It is for any type.
    if (names.length === 0) return undefined;
    for (const name of names) if (allowed.includes(name)) found.add(name);
  }
  const [only, ...more] = found;
  return more.length === 0 && only !== usualName(meta) ? only : undefined;
}

const usualName = (meta: Meta): string => (meta.literal === 'float' ? 'f64' : 'i64');

/** The numbers that an instance's type has where a type has the unknown. */
function standsFor(pattern: Type, type: Type, meta: Meta): readonly string[] {
  const t = prune(type);
  if (t === meta) return isBuiltin(pattern, ...NUMBER_NAMES) ? [pattern.definition.key] : [];
  const inner = parts(t);
  return parts(pattern).flatMap((part, i) => (inner[i] === undefined ? [] : standsFor(part, inner[i], meta)));
}

/** The language's classes that say nothing of what a type could be. */
const UNDEMANDING: ReadonlySet<string> = new Set(['Show', 'Eq', 'Ord', 'Hash']);

/** Types that only undemanding classes speak of are `Unit`. Those that something outside of the group holds wait for its end. */
export function defaultToUnit(
  cx: Inference,
  known: ReadonlySet<Meta | Parameter>,
  bodies: readonly TypedExpression[],
): void {
  const candidates = new Set<Meta>();
  const others = new Set<Meta>();
  for (const { predicate } of cx.wanted)
    for (const meta of unsolved(predicate))
      (isUndemanding(predicate, meta) && !known.has(meta) ? candidates : others).add(meta);
  if (candidates.size === 0) return;
  for (const body of bodies) collectChangeable(body, cx.changeable);
  const changeable = new Set<Meta | Parameter>();
  for (const type of cx.changeable) variables(type, changeable);
  for (const meta of candidates)
    if (!others.has(meta) && !changeable.has(meta) && !isOutside(cx, meta)) unify(meta, UNIT);
}

function isUndemanding({ class: name, args: [type = ERROR] }: Predicate, meta: Meta): boolean {
  return UNDEMANDING.has(name) && prune(type) === meta && meta.literal === undefined;
}

/** Whether what has the unknown is not of this group: a global that others use too. */
export function isOutside(cx: Inference, meta: Meta): boolean {
  return meta.level < cx.level;
}

/** Parts of typed expressions in which there are no expressions. */
const LEAVES: ReadonlySet<string> = new Set(['type', 'span', 'definition', 'entity', 'arena', 'extern']);

/** Adds the types of what can be changed in an expression: in names and globals that are `mut`, and in all that is mutable. */
function collectChangeable(body: TypedExpression, found: Type[]): void {
  const pending: unknown[] = [body];
  const seen = new Set<unknown>();
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const part = next as { type?: Type; mutable?: boolean; definition?: { mutable?: boolean } };
    if (part.type !== undefined) {
      // A binding that is `mut`, or the use of a global that is.
      if (part.mutable === true || part.definition?.mutable === true) found.push(part.type);
      else addChangeable(part.type, found, []);
    }
    for (const [name, value] of Object.entries(next)) if (!LEAVES.has(name)) pending.push(value);
  }
}

/** Adds the types that stand in mutable fields and elements of a type. */
function addChangeable(type: Type, found: Type[], around: readonly TypeDefinition[]): void {
  const t = prune(type);
  if (t.kind !== 'named') {
    for (const part of parts(t)) addChangeable(part, found, around);
    return;
  }
  const { definition, args } = t;
  if (args.length === 0) return;
  if (isBuiltin(t, 'MutVec', '%Segments', 'Channel')) {
    found.push(t);
    return;
  }
  for (const arg of args) addChangeable(arg, found, around);
  if (around.includes(definition)) return;
  const given = new Map(definition.parameters.map((p, i) => [p, args[i] ?? ERROR]));
  for (const field of [...definition.fields, ...definition.variants.flatMap((v) => v.fields)]) {
    const fieldType = substitute(field.type, given);
    if (field.mutable) found.push(fieldType);
    else addChangeable(fieldType, found, [...around, definition]);
  }
}
