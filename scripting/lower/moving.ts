/** What moves and what is lent, as it is lowered. That nothing is used after it was moved, `moves.ts` has seen. */
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { type Binding, capturesOf, type Type, type TypedExpression } from '../types/index.ts';
import { binary, get, UNIT, type Value } from './builder.ts';
import { lambdaOf, makeClosure } from './closure.ts';
import { dropValue, eachOwned, keepValue, lendFromPlace, subjectOf, takeValue } from './drops.ts';
import { lowerValue } from './expression.ts';
import type { FunctionLowering, Location } from './function.ts';
import { insertAt, removeAt } from './mut-vector.ts';
import { copies } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import { components, elementOf } from './representation.ts';
import { isRetained, retained, retainedIn } from './retaining.ts';
import { isEntity, lowerField } from './struct.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

/** Whether a node lends what is owned to a call that it is an argument of. */
export function isLoan(e: TypedExpression): boolean {
  return e.kind === 'call' && e.callee.kind === 'primitive' && e.callee.name === '%lend';
}

/** Classes and primitives of the language that look at what they are given, whatever it owns. */
const LOOKING: ReadonlySet<string> = new Set([
  ...['Eq', 'Ord', 'Show', 'Hash', 'Collection', 'Sequence', 'prelude.%Walk'],
  ...['print', 'println', 'str', 'same?', 'weak', 'type-of', '%quoted', '%shown-key'],
]);

/** Whether the methods of a class look at what they are given: what that owns stays their caller's. */
export const isLooking = (className: string): boolean => LOOKING.has(className);

/** Whether a function is what a method of such a class does where an instance leaves it out: `Ord.<`, say. */
export const isLookingDefault = (key: string): boolean => isLooking(/^prelude:(\w+)\./.exec(key)?.[1] ?? '');

export function looks(callee: TypedExpression): boolean {
  if (callee.kind === 'function') return isLookingDefault(callee.key);
  if (callee.kind === 'method') return isLooking(callee.class);
  return callee.kind === 'primitive' && LOOKING.has(callee.name);
}

/** Whether a call of a function of the prelude takes a function as this argument: it calls it, and does not keep it. */
export function lendsArgument(program: ProgramLowering, callee: TypedExpression, index: number): boolean {
  if (callee.kind !== 'function' || !callee.key.startsWith('prelude.')) return false;
  return program.typedFunction(callee.key).params[index]?.type.kind === 'function';
}

/** Functions of the prelude that the compiler itself does for elements that are owned: theirs would hold one twice for a moment. */
const OWN_WAYS: ReadonlySet<string> = new Set(['prelude.remove-at!', 'prelude.insert!']);

export const hasOwnWay = (key: string): boolean => OWN_WAYS.has(key);

/** A call of one of those; undefined for any other. */
export function lowerOwnWay(lowering: FunctionLowering, e: Node<'call'>): Value | undefined {
  const { callee, args, span } = e;
  const [collection] = args;
  if (callee.kind !== 'function' || !hasOwnWay(callee.key) || collection === undefined) return undefined;
  const type = lowering.type(collection.type);
  if (!lowering.program.owns(elementOf(type))) return undefined;
  const [vector, index, value] = lowering.operands(args);
  const place = [vector?.[0], index?.[0]] as readonly [Expression, Expression];
  if (value === undefined) return removeAt(lowering, type, place, span);
  insertAt(lowering, type, place, value, span);
  return UNIT;
}

/** Notes which arguments of a call are only looked at. */
export function noteLooked({ program }: FunctionLowering, { callee, args }: Node<'call'>): void {
  const areLookedAt = looks(callee);
  for (const [i, arg] of args.entries())
    if (areLookedAt || (arg.kind === 'lambda' && lendsArgument(program, callee, i))) program.looked.add(arg);
}

/** A function value. What it captures that somebody owns is moved into it, unless it is lent to a call; then it lies in the heap. */
export function closureMoving(lowering: FunctionLowering, e: Node<'lambda'>): Expression {
  const { builder, program } = lowering;
  const make = (): Expression => makeClosure(lowering, lambdaOf(lowering, e));
  if (!program.hasOwners || program.looked.has(e)) return make();
  const owned = capturesOf(e.params, e.body).bindings.filter((b) => program.owns(lowering.type(b.type)));
  if (owned.length === 0) return make();
  const closure = builder.local('closure', 'ref');
  lowering.blocks++;
  const body = builder.nested(() => {
    const kept = owned.map((binding) => sharing(lowering, e, binding));
    builder.set(closure, make());
    owned.forEach((binding, i) => {
      keepValue(lowering, lowering.type(binding.type), lowering.read(binding), get(closure), e.span);
      const outer = kept[i];
      const location = lowering.location(binding);
      if (outer !== undefined) lowering.define(binding, outer);
      else if (location.kind === 'locals') lowering.disown(location.locals);
    });
  });
  lowering.blocks--;
  builder.emit({ kind: 'within', region: 'heap', body, span: e.span });
  return get(closure);
}

/** A name that goes on with its share has another for a function that captures it; returns where the name is after that. */
function sharing(lowering: FunctionLowering, at: Node<'lambda'>, binding: Binding): Location | undefined {
  const type = lowering.type(binding.type);
  if (!copies(type) || lowering.program.retains.moves({ at, binding })) return undefined;
  const location = lowering.location(binding);
  const locals = retainedIn(lowering, type, lowering.read(binding), at.span);
  lowering.define(binding, { kind: 'locals', locals });
  return location;
}

/** Whether a value is read of what holds it on, and has shares of its own then. */
export function isCopied({ program }: FunctionLowering, e: TypedExpression, type: Type): boolean {
  return isInObject(e) && program.owns(type) && copies(type) && program.retains.keeps('place');
}

/** A name's value. What it owns is moved out of it: its scope has nothing to drop then. */
export function readMoving(lowering: FunctionLowering, e: Node<'local'>): Value {
  const value = lowering.read(e.binding);
  if (!lowering.program.hasOwners || !lowering.program.owns(lowering.type(e.type))) return value;
  if (isRetained(lowering, e)) return retained(lowering, lowering.type(e.type), value, e.span);
  const location = lowering.location(e.binding);
  if (location.kind !== 'locals') return value;
  const moved = lowering.builder.localsFor('moved', lowering.components(e.type));
  for (const [i, local] of moved.entries()) lowering.builder.set(local, value[i] as Expression);
  lowering.disown(location.locals);
  return moved.map(get);
}

/** A value that is only looked at: what it owns stays owned by whoever owns it. What nobody else owns is dropped when the scope ends. */
export function borrowed(lowering: FunctionLowering, e: TypedExpression): Value {
  const type = lowering.type(e.type);
  if (!lowering.program.owns(type)) return lowering.value(e);
  if (e.kind === 'local') return lowering.read(e.binding);
  if (e.kind === 'field') {
    const held = lowerField(lowering, e);
    return isEntity(lowering.type(e.target.type)) ? stillThere(lowering, type, held, e.span) : held;
  }
  const value = lowering.scoped(e.span, () => lowerValue(lowering, e));
  return isPlace(e) ? value : lowering.ownMeanwhile(type, value, 'temporary');
}

/** Whether what an expression gives is held by something else, which goes on holding it. */
export function isPlace(e: TypedExpression): boolean {
  switch (e.kind) {
    case 'local':
    case 'global':
      return true;
    case 'field':
      return true;
    case 'call':
      return e.callee.kind === 'method' && e.callee.method === 'nth';
    default:
      return false;
  }
}

/** Whether somebody else could drop what a place holds while it is lent: it is no name's. */
function isInObject(e: TypedExpression): boolean {
  return isPlace(e) && e.kind !== 'local';
}

/** `(%lend owned)`: what is owned, until the scope at hand ends. */
export function lowerLoan(lowering: FunctionLowering, e: TypedExpression): Expression {
  const value = ownedIn(lowering, e);
  const held = isInObject(e) ? lendFromPlace(lowering, lowering.type(e.type), value, e.span) : value;
  return subjectOf(lowering, held[0] as Expression);
}

/** What an expression gives that owns something, looked at. What an entity owned is gone when it has left the world. */
export function ownedIn(lowering: FunctionLowering, e: TypedExpression): Value {
  const value = borrowed(lowering, e);
  if (!isInObject(e)) return value;
  const [owned] = lowering.builder.stable(value, 'owned') as readonly [Expression];
  const gone = lowering.builder.nested(() => lowering.failWith(lowering.program.literal(GONE), e.span));
  const condition = binary('ref', 'eq', owned, { kind: 'null', rep: 'ref' }, 'i32');
  lowering.builder.emit({ kind: 'if', condition, then: gone, else: [] });
  return [owned];
}

/** What a field of an entity holds. What that owned is gone when it has left the world, and nothing but an option can say so. */
export function stillThere(lowering: FunctionLowering, type: Type, value: Value, span: Span): Value {
  const held = lowering.builder.stable(value, 'held');
  const fail = (): void => lowering.failWith(lowering.program.literal(GONE), span);
  eachOwned(lowering, type, held, () => undefined, fail);
  return held;
}

const GONE = 'what was owned here was dropped when its entity left the world';

/**
 * Sets a place that may hold something owned: what was there is dropped when the new value is in it. `holder` is the object whose place it
 * is, `'global'` for a global's, and undefined for a name's, which owns what it holds.
 */
export function replace(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  place: {
    readonly holder?: Expression | 'global' | undefined;
    readonly read: () => Value;
    readonly write: (value: Value) => void;
  },
  span: Span,
): void {
  const { builder, program } = lowering;
  if (!program.owns(type)) {
    place.write(value);
    return;
  }
  const fresh = builder.stable(value, 'value');
  const before = copied(lowering, type, place.read());
  const { holder } = place;
  const isTaken = lowering.taking;
  lowering.taking = false;
  if (holder !== undefined) keepValue(lowering, type, fresh, holder === 'global' ? undefined : holder, span);
  place.write(fresh);
  if (!isTaken) dropValue(lowering, type, before, span);
}

/** `(take! place)`: what is there, which whoever takes it owns from now on; `empty` puts `None` in its place. */
export function takeOut(lowering: FunctionLowering, place: TypedExpression, empty: TypedExpression): Value {
  const type = lowering.type(place.type);
  const taken = copied(lowering, type, borrowed(lowering, place));
  takeValue(lowering, type, taken, place.span);
  lowering.taking = true;
  lowering.effect(empty);
  lowering.taking = false;
  return taken;
}

/** In locals of its own, whatever becomes of where it is. */
function copied(lowering: FunctionLowering, type: Type, value: Value): Value {
  const locals = lowering.builder.localsFor('before', components(type));
  for (const [i, local] of locals.entries()) lowering.builder.set(local, value[i] as Expression);
  return locals.map(get);
}

/** What a `match` looks at: a name's own locals, of which an arm may move a part; what is lent; or what is new, and dropped in the end. */
export function matchSubject(lowering: FunctionLowering, e: TypedExpression): Value {
  const type = lowering.type(e.type);
  if (!lowering.program.owns(type)) return lowering.builder.stable(lowering.value(e), 'subject');
  const value = borrowed(lowering, e);
  if (isInObject(e)) return lendFromPlace(lowering, type, value, e.span);
  return e.kind === 'local' && lowering.location(e.binding).kind !== 'locals'
    ? lowering.builder.stable(value, 'subject')
    : value;
}
