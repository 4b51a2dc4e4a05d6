/**
 * The end of a binding group: what is still wanted is reduced, defaulted or reported, and what nothing outside holds
 * becomes a type parameter (Damas and Milner 1982; levels as in Remy 1992).
 *
 *     (defn pairs (y)                           y : ?1, level 1
 *       (let ((with-y (fn (x) (tuple x y))))    x : ?2, level 2, and so with-y : (Fn [?2] (Tuple ?2 ?1))
 *         (tuple (with-y 1) (with-y "a"))))
 *
 * At the end of the `let` ?2 is nobody's but its own: level 2 is the `let`'s. It becomes 'a, and each use of `with-y` has one of its
 * own. ?1 has level 1, for `y` is still there outside: it stays an unknown, the same at both uses. With the end of `pairs` its
 * turn comes: `(Fn ['b] (Tuple (Tuple i64 'b) (Tuple String 'b)))`. Had the body said `(+ x y)`, unifying ?2 with ?1 would have
 * lowered its level to 1, and nothing would be generalised before the end of `pairs`, with `(Num 'b)` as a constraint.
 */

import type { Span } from '../../syntax/index.ts';
import {
  ERROR,
  type FunctionType,
  isError,
  isTooLarge,
  type Meta,
  type Module,
  newParameter,
  type Parameter,
  type Predicate,
  parameterType,
  prune,
  resolve,
  showPredicate,
  showType,
  type Type,
  type TypedExpression,
  variables,
} from '../model/index.ts';
import { defaultLiterals, defaultToUnit, isOutside, unsolved } from './defaults.ts';
import { explainFailure, explainForLanguage } from './explain.ts';
import { guessFields, lookUpWanted } from './fields.ts';
import type { Inference, Wanted, WantedTry } from './inference.ts';
import { pointHint } from './mismatch.ts';
import { namesake } from './namesakes.ts';
import { guessProduct, lookUpProducts } from './products.ts';
import { chooseOnly, improve, reduce, same, withSuperclasses } from './solve.ts';
import { decideTries, guessTry } from './tries.ts';

/** Deeper types than this in what could not be found are no use to a reader: the search went astray. */
const DEEPEST_SHOWN = 20;

interface Generalised {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Predicate[];
}

interface GeneralisedGroup extends Generalised {
  /** Where in the text each constraint is needed first. */
  readonly places: readonly Span[];
}

/** Reduces what was wanted since `mark`; what cannot be decided yet stays. */
export function solve(cx: Inference, mark = 0): void {
  for (;;) {
    const found = [lookUpWanted(cx), decideTries(cx), lookUpProducts(cx)].includes(true);
    const pending = cx.wanted.splice(mark);
    let improved = false;
    for (const wanted of pending) {
      const outcome = reduce(cx, wanted.predicate);
      if ('failed' in outcome) {
        reportFailure(cx, outcome.failed, wanted);
      } else {
        if (outcome.left.length === 0 && wanted.predicate.args.length > 1) improved = true;
        for (const predicate of outcome.left) cx.wanted.push({ predicate, span: wanted.span });
      }
    }
    const stuck = cx.wanted.map((w) => w.predicate);
    for (const predicate of stuck) improve(cx, predicate, stuck);
    if (!found && !improved) return;
  }
}

function reportFailure(cx: Inference, failed: Predicate, wanted: Wanted): void {
  if (failed.args.some((type) => isTooLarge(type, DEEPEST_SHOWN)) && !same(failed, wanted.predicate)) {
    const { message } = explainFailure(cx, wanted.predicate);
    cx.error('no-instance', wanted.span, message, { hint: 'what it asks for leads to ever larger types' });
    return;
  }
  const { source, start, end } = wanted.span;
  // What is wanted of arguments is wanted at the name of what is called.
  const spelling = source.text.slice(start, end);
  const { message, hint: known } = explainForLanguage(cx, failed, spelling) ?? explainFailure(cx, failed);
  const isAsked =
    ['Collection', 'Sequence', 'Entity'].includes(failed.class) && same(failed, wanted.predicate);
  const other = isAsked ? namesake(spelling, failed.args[0] ?? ERROR) : undefined;
  const hint =
    pointHint(wanted.span) ??
    (failed.class === 'Ord' && cx.orderingLacks.length > 0
      ? orderingHint(cx.orderingLacks)
      : (other ?? known));
  const inside =
    failed.class === wanted.predicate.class && !same(failed, wanted.predicate)
      ? `, which is in \`${showType(wanted.predicate.args[0] ?? ERROR)}\``
      : '';
  const name = isAsked ? namedType(failed.args[0] ?? ERROR, wanted.span) : undefined;
  const said =
    name === undefined
      ? message + inside
      : `\`${name}\` is the name of a type, and not ${failed.class === 'Entity' ? 'an entity' : 'a collection'}`;
  cx.error('no-instance', wanted.span, said, hint === undefined ? {} : { hint });
}

/** The type whose name is given as if it were what it makes: at the place itself, or as the first argument of what is called there. */
function namedType(type: Type, { source, start, end }: Span): string | undefined {
  const maker = prune(type);
  const made = maker.kind === 'function' ? prune(maker.result) : undefined;
  if (made?.kind !== 'named' || !made.definition.entity) return undefined;
  const { name } = made.definition;
  const [word] = /[^\s()[\]]+/.exec(source.text.slice(end, end + name.length + 4)) ?? [];
  return source.text.slice(start, end) === name || word === name ? name : undefined;
}

function orderingHint(lacks: readonly string[]): string {
  const names = lacks.map((name) => `\`${name}\``).join(', ');
  return `comparisons use the \`Ord\` and the \`Ordering\` in scope, and that lacks ${names}`;
}

/** What is generalised together. */
export interface Group {
  /** The types of its functions; none where they are known already. */
  readonly roots: readonly FunctionType[];
  /** Where it stands; undefined for what is left when all groups are done. */
  readonly module: Module | undefined;
  readonly bodies: readonly TypedExpression[];
  /** How many errors there were when it began. */
  readonly errorsBefore: number;
}

/**
 * Everything that one top-level group wants is settled; the rest becomes constraints or is reported. A literal that no
 * parameter speaks of takes its default: `(defn zero () 0)` returns an `i64`. Where anything was reported since the group
 * began, it is no wonder that something is not known, and that is not reported too.
 */
export function generaliseGroup(
  cx: Inference,
  { roots, module, bodies, errorsBefore }: Group,
): GeneralisedGroup {
  solve(cx);
  while (guessFields(cx) || guessTry(cx, () => true) || guessProduct(cx)) solve(cx);
  defaultLiterals(
    cx,
    determined(
      cx,
      roots.flatMap((root) => root.params),
    ),
    module,
  );
  solve(cx);
  while (guessFields(cx)) solve(cx);
  const isBroken = cx.errors > errorsBefore;
  for (const field of cx.wantedFields) {
    if (!isBroken)
      cx.error('ambiguous-field', field.span, `it is not known what has this field \`${field.field}\``, {
        hint: pointHint(field.span) ?? 'give the parameter a type, as in `((b : Body))`',
      });
    giveUp(field.result);
    giveUp(field.target);
  }
  cx.wantedFields = [];
  solve(cx);
  const spoken = determined(cx, roots);
  for (const { predicate } of [...cx.wanted])
    if (unsolved(predicate).some((v) => !spoken.has(v)) && chooseOnly(cx, predicate)) solve(cx);
  defaultToUnit(cx, determined(cx, roots), bodies);
  solve(cx);
  if (isBroken) roots.forEach(giveUpResult);
  const known = determined(cx, roots);
  const kept: Wanted[] = [];
  for (const wanted of cx.wanted) {
    // What was given up has been reported.
    if (wanted.predicate.args.some(isError)) continue;
    const unknown = unsolved(wanted.predicate).filter((v) => !known.has(v));
    if (unknown.length === 0) {
      kept.push(wanted);
      continue;
    }
    // Others may say what it is.
    if (unknown.every((meta) => isOutside(cx, meta))) {
      cx.leftOver.push(wanted);
      continue;
    }
    if (!isBroken)
      cx.error(
        'ambiguous-type',
        wanted.span,
        `it is not known what type this has; it should satisfy ${showPredicate(wanted.predicate)}`,
        {
          hint: '`(ann type e)` says it, or a type on the binding',
        },
      );
    unknown.forEach(giveUp);
  }
  cx.wanted = [];
  for (const question of cx.atEnd.splice(0)) question();
  const parameters = toParameters(
    [...known].filter((v): v is Meta => 'kind' in v && v.level > cx.level - 1),
    roots,
  );
  const constraints = simplify(
    cx,
    kept.map(({ predicate }) => predicate),
  );
  const places = constraints.flatMap((one) => kept.find(({ predicate }) => same(predicate, one))?.span ?? []);
  return { parameters, constraints, places };
}

/** What groups left over because it is about globals without a type, when all of them are done. */
export function settleLeftOver(cx: Inference): void {
  cx.wanted = cx.leftOver;
  cx.leftOver = [];
  generaliseGroup(cx, { roots: [], module: undefined, bodies: [], errorsBefore: cx.errors });
}

/** What nothing is known of has been reported: whatever else depends on it is not. */
function giveUp(type: Type): void {
  const unknown = prune(type);
  if (unknown.kind === 'meta') unknown.solution = ERROR;
}

/** What a function with mistakes gives that nobody gave it would be unknown wherever it is called. */
function giveUpResult({ params, result }: FunctionType): void {
  const given = new Set<Meta | Parameter>();
  for (const param of params) variables(param, given);
  for (const v of variables(result)) if ('kind' in v && !given.has(v)) giveUp(v);
}

/** What stays of the surroundings: its unknowns are theirs, and so is what it wants. */
export function keepLocal(cx: Inference, root: Type, outerWanted: Wanted[]): Generalised {
  solve(cx);
  hold(cx, root);
  holdTries(cx);
  for (const wanted of cx.wanted) {
    for (const arg of wanted.predicate.args) hold(cx, arg);
    outerWanted.push(wanted);
  }
  return { parameters: [], constraints: [] };
}

/** The unknowns in a type belong to what is around the binding at hand. */
function hold(cx: Inference, type: Type): void {
  for (const v of variables(type)) if ('kind' in v) v.level = Math.min(v.level, cx.level - 1);
}

function holdTries(cx: Inference): void {
  for (const { value, others } of cx.wantedTries) for (const type of [value, ...others]) hold(cx, type);
}

/**
 * A value bound by `let`, or functions of a body that know one another: what they share with their surroundings stays as it is, and
 * all of it where they are `fixed`.
 */
export function generaliseLocal(
  cx: Inference,
  roots: readonly Type[],
  outerWanted: Wanted[],
  fixed = false,
): Generalised {
  solve(cx);
  const outer = cx.level - 1;
  // What stands before a `?` is the function's own business, unless something outside may still say what it is.
  const isOwn = ({ value }: WantedTry) =>
    [...variables(value)].every((v) => !('kind' in v) || v.level > outer);
  while (guessTry(cx, isOwn)) solve(cx);
  holdTries(cx);
  for (const field of cx.wantedFields) {
    hold(cx, field.target);
    hold(cx, field.result);
  }
  for (const product of cx.wantedProducts) {
    hold(cx, product.unknown);
    hold(cx, product.known);
  }
  for (const root of roots) {
    if (fixed) hold(cx, root);
    // A literal that no parameter speaks of is of one type.
    const function_ = prune(root);
    const [params, result] =
      function_.kind === 'function' ? [function_.params, function_.result] : [[], root];
    const spoken = determined(cx, params);
    for (const v of variables(result))
      if ('kind' in v && v.literal !== undefined && !spoken.has(v)) hold(cx, v);
  }
  const known = determined(cx, roots);
  const leave = (wanted: Wanted) => {
    for (const arg of wanted.predicate.args) hold(cx, arg);
    outerWanted.push(wanted);
  };
  const isInner = ({ predicate }: Wanted) => {
    const metas = unsolved(predicate);
    return metas.length > 0 && metas.every((m) => known.has(m) && m.level > outer);
  };
  // Leaving one outside may hold an unknown that others speak of: they stay outside too.
  let free = cx.wanted;
  for (;;) {
    const outside = free.filter((w) => !isInner(w));
    if (outside.length === 0) break;
    outside.forEach(leave);
    free = free.filter((w) => !outside.includes(w));
  }
  const metas = [...known].filter((v): v is Meta => 'kind' in v && v.level > outer);
  const constraints = free.map((w) => w.predicate);
  return { parameters: toParameters(metas, []), constraints: simplify(cx, constraints) };
}

/** The variables of the roots, and those that predicates determine from them. */
function determined(cx: Inference, roots: readonly Type[]): Set<Meta | Parameter> {
  const found = new Set<Meta | Parameter>();
  for (const root of roots) variables(root, found);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { predicate } of cx.wanted) {
      const [first, ...rest] = predicate.args;
      if (first === undefined || !cx.classes.get(predicate.class)?.determined) continue;
      if ([...variables(first)].every((v) => found.has(v))) for (const arg of rest) variables(arg, found);
    }
  }
  return found;
}

function toParameters(metas: readonly Meta[], roots: readonly Type[]): readonly Parameter[] {
  const taken = new Set<string>();
  const rigid = new Set<Meta | Parameter>();
  for (const root of roots) variables(root, rigid);
  for (const v of rigid) if ('name' in v) taken.add(v.name);
  const made: Parameter[] = [...rigid].filter((v): v is Parameter => 'name' in v);
  let next = 0;
  for (const meta of metas) {
    let name: string;
    do name = letterName(next++);
    while (taken.has(name));
    const parameter = { ...newParameter(name), written: meta.literal ?? meta.written };
    meta.solution = parameterType(parameter);
    made.push(parameter);
  }
  return made;
}

function letterName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/** Without repetitions and without what follows from the rest. */
function simplify(cx: Inference, predicates: readonly Predicate[]): readonly Predicate[] {
  const distinct: Predicate[] = [];
  for (const p of predicates) {
    const resolved: Predicate = { class: p.class, args: p.args.map((arg) => resolve(prune(arg))) };
    if (!distinct.some((d) => same(d, resolved))) distinct.push(resolved);
  }
  return distinct.filter((p) => {
    const others = withSuperclasses(
      cx,
      distinct.filter((d) => d !== p),
    );
    return !others.some((o) => same(o, p));
  });
}
