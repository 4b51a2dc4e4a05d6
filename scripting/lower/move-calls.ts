/** Moves at calls: what an argument gives away, what it lends, and what functions capture. */
import type { Span } from '../syntax/index.ts';
import {
  capturesOf,
  isLibrary,
  type Type,
  type TypedExpression,
  type TypedFunction,
} from '../types/index.ts';
import type { Mode, MoveContext } from './move-context.ts';
import { type Node, rootOf } from './move-places.ts';
import { checkFunction, checkReturned, walk } from './move-walk.ts';
import { hasOwnWay, isLoan, isPlace, lendsArgument, looks } from './moving.ts';
import { isHostObject } from './representation.ts';
import { bind, type Substitution, typeKey, typeName } from './substitution.ts';

/** Primitives that copy elements, or put one where it shares structure. */
const COPYING = new Set([
  '%repeated',
  'freeze',
  '%taken',
  '%flat-set!',
  '%flat-copy!',
  '%rope',
  '%call-in-heap',
  '%in-heap',
]);

export function walkCall(cx: MoveContext, e: Node<'call'>, mode: Mode): void {
  const { callee, args, span } = e;
  const held = cx.held.length;
  if (callee.kind === 'primitive') {
    walkPrimitive(cx, e, callee.name);
  } else if (callee.kind === 'method') {
    walkMethod(cx, e, callee, mode);
  } else if (callee.kind === 'lambda') {
    // It runs here and now, once.
    walkArguments(cx, args, 'move');
    for (const param of callee.params) cx.bind(param.pattern, 'owner');
    walkLambda(cx, callee, 'lent');
  } else {
    walk(cx, callee, 'look');
    walkArguments(cx, args, looks(callee) ? 'look' : 'move', (i) => lendsArgument(cx.program, callee, i));
    if (callee.kind === 'function') checkLibraryCall(cx, callee, span);
    if (callee.kind === 'extern') checkToHost(cx, args);
  }
  cx.held.length = held;
  checkGiven(cx, e);
}

/** What the host is given it could not drop. */
function checkToHost(cx: MoveContext, args: readonly TypedExpression[]): void {
  for (const { type, span } of args)
    if (cx.types.leadsToOwned(cx.type(type)))
      cx.error(
        'shared',
        'cannot-own',
        span,
        `the host cannot own anything, and this is \`${typeName(cx.type(type))}\``,
        { hint: 'lend what is owned: a parameter without `Owned` borrows' },
      );
}

/** Arguments in the order of evaluation. What one lends is lent until the call is over. */
function walkArguments(
  cx: MoveContext,
  args: readonly TypedExpression[],
  mode: Mode,
  lends: (index: number) => boolean = () => false,
): void {
  for (const [i, arg] of args.entries()) {
    if (isLoan(arg) && arg.kind === 'call') {
      const [owner] = arg.args as readonly [TypedExpression];
      walk(cx, owner, 'look');
      cx.hold(owner);
    } else if (arg.kind === 'lambda' && lends(i)) {
      walkLambda(cx, arg, 'lent');
    } else {
      walk(cx, arg, mode);
      if (mode === 'look') cx.hold(arg);
    }
  }
}

function walkPrimitive(cx: MoveContext, e: Node<'call'>, name: string): void {
  const [first] = e.args;
  if ((name === '%lend' || name === '%take') && first !== undefined) {
    walk(cx, first, 'look');
    if (name === '%take') checkTaken(cx, first);
    return;
  }
  if (name === 'drop!' && first?.kind === 'local' && cx.owns(first.type)) {
    cx.useName(first);
    cx.moveName(first, 'dropped');
    return;
  }
  if (name === 'drop!' && first !== undefined && isPlace(first) && cx.copies(first.type)) {
    // It would be retained, to be dropped at once.
    walk(cx, first, 'look');
    cx.movedOut(first, 'this place');
    return;
  }
  if ((name === 'own' || name === 'share') && first !== undefined) {
    cx.owned.add(first);
    checkOwn(cx, first, name);
  }
  if (COPYING.has(name) && e.args.some(({ type }) => cx.types.holdsOwned(cx.type(type))))
    cx.error('shared', 'cannot-own', e.span, 'elements would be copied that are owned');
  walkArguments(cx, e.args, looks(e.callee) ? 'look' : 'move');
}

/** What is taken out of a name is not lent at that time; the name goes on, with nothing. */
function checkTaken(cx: MoveContext, place: TypedExpression): void {
  const root = rootOf(place);
  const held = cx.held.findLast(({ binding, isSet }) => binding === root?.binding && isSet !== true);
  if (held === undefined || root === undefined) return;
  cx.error(
    held.rule,
    'moved-while-lent',
    place.span,
    `\`${root.binding.name}\` is lent around here, and would be taken out of`,
    { notes: [{ message: 'it is lent here', span: held.span }], hint: 'take it in a statement of its own' },
  );
}

export function reportUnowned(cx: MoveContext, { type, span }: TypedExpression): void {
  const name = typeName(cx.type(type));
  cx.error(
    'lent-kept',
    'kept-lent',
    span,
    `a \`${name}\` has drop code, and this one would have no owner to run it`,
    {
      hint: `\`(own ...)\` around it owns it`,
    },
  );
}

/** What becomes owned is not anybody's yet. */
function checkOwn(cx: MoveContext, e: TypedExpression, name: 'own' | 'share'): void {
  const type = cx.type(e.type);
  const isNew =
    (e.kind === 'construct' && type.kind === 'named' && type.definition.kind === 'struct') ||
    (e.kind === 'call' && e.callee.kind === 'extern' && isHostObject(type));
  if (isNew) return;
  cx.error('fresh', 'not-owned', e.span, 'this may be held elsewhere already, and so cannot be owned', {
    hint: `\`(${name} (${type.kind === 'named' ? type.definition.name : 'T'} ...))\` owns what is made in it; a function that makes one returns \`(${name === 'own' ? 'Owned' : 'Shared'} ${typeName(type)})\``,
  });
}

function walkMethod(cx: MoveContext, e: Node<'call'>, callee: Node<'method'>, mode: Mode): void {
  if (callee.class === 'Drop') {
    cx.error(
      'drop-called',
      'not-owned',
      e.span,
      'drop code is not called: it runs when its owner drops what it owns',
      {
        hint: '`(drop! owner)` drops it now',
      },
    );
    return;
  }
  const isLooking = looks(callee);
  walkArguments(cx, e.args, isLooking ? 'look' : 'move');
  if (!isLooking) checkInstanceMethod(cx, callee, e.span);
  if (isLooking && mode === 'move' && cx.owns(e.type) && !cx.copies(e.type)) cx.movedOut(e, 'a collection');
}

function checkInstanceMethod(cx: MoveContext, callee: Node<'method'>, span: Span): void {
  const types = callee.classArguments.map((type) => cx.type(type));
  const f = cx.program.instances.methods(callee.class, types)?.get(callee.method);
  if (f === undefined || !isLibrary(f.span.source) || !types.some((type) => cx.types.leadsToOwned(type)))
    return;
  const own = callee.typeArguments.map((type) => cx.type(type));
  const substitution = cx.program.instances.substitution(callee.class, types, callee.method, own);
  checkLibrary(cx, f, substitution, callee.method, span);
}

/** A function of the library that is used with something owned. */
function checkLibraryCall(cx: MoveContext, callee: Node<'function'>, span: Span): void {
  const f = cx.program.typedFunction(callee.key);
  if (!isLibrary(f.span.source) || hasOwnWay(callee.key)) return;
  const types = callee.typeArguments.map((type) => cx.type(type));
  if (!types.some((type) => cx.types.concerns(type))) return;
  checkLibrary(cx, f, bind(f.typeParameters, types), f.name, span);
}

function checkLibrary(
  cx: MoveContext,
  f: TypedFunction,
  substitution: Substitution | undefined,
  name: string,
  span: Span,
): void {
  if (substitution === undefined) return;
  const caller = cx.caller ?? { name, span };
  const types = f.typeParameters.map((p) => typeKey(substitution.get(p.id) as Type)).join(' ');
  const key = `${f.key}<${types}> ${caller.name} ${caller.span.source.name} ${caller.span.start}`;
  if (cx.checked.has(key)) return;
  cx.checked.add(key);
  checkFunction(cx, f, substitution, { caller });
}

/**
 * A function value. One that is given to a function of the prelude is called and not kept: what it captures is lent to it. Any other may
 * be kept, and what it captures is moved into it.
 */
export function walkLambda(cx: MoveContext, e: Node<'lambda'>, as: 'lent' | 'kept'): void {
  const captures = capturesOf(e.params, e.body);
  for (const binding of captures.bindings) {
    const use: Node<'local'> = { kind: 'local', binding, type: binding.type, span: e.span };
    if (cx.types.isLent(cx.type(binding.type)) && as === 'kept')
      cx.error(
        'lent-kept',
        'kept-lent',
        e.span,
        `this function may be kept, and \`${binding.name}\`, which it captures, is only lent`,
        {
          notes: [{ message: 'it is lent here', span: binding.span }],
          hint: 'functions of the prelude, as `map`, call what they are given and do not keep it',
        },
      );
    if (!cx.owns(binding.type)) continue;
    cx.useName(use);
    if (as === 'kept') {
      if (cx.keeps('capture')) cx.moveName(use, 'captured', e);
    } else cx.held.push({ binding, span: e.span, rule: 'moved-while-lent' });
  }
  const outer = [cx.state, cx.borrowed, cx.loops] as const;
  cx.borrowed = new Map(cx.borrowed);
  for (const binding of captures.bindings) if (cx.owns(binding.type)) cx.borrowed.set(binding, 'captured');
  cx.loops = [];
  // Inside, what was captured is there, whatever becomes of it outside.
  cx.state = new Map();
  for (const param of e.params) cx.bind(param.pattern, 'owner');
  walk(cx, e.body, 'move');
  checkReturned(cx, e.body);
  [cx.state, cx.borrowed, cx.loops] = outer;
}

/** What a call gives that would be lent. */
function checkGiven(cx: MoveContext, e: Node<'call'>): void {
  const type = cx.type(e.type);
  if (!cx.types.isLent(type) || isLoan(e)) return;
  if (e.callee.kind === 'extern') {
    if (!cx.owned.has(e)) reportUnowned(cx, e);
    return;
  }
  if (cx.owned.has(e)) return;
  cx.error(
    'lent-returned',
    'kept-lent',
    e.span,
    `this gives a \`${typeName(type)}\` that is only lent, or has no owner`,
    {
      hint: `functions take a \`${typeName(type)}\` and do not give one; what makes one returns \`(Owned ${typeName(type)})\``,
    },
  );
}
