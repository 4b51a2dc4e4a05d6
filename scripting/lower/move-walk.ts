import {
  capturesOf,
  type TypedExpression,
  type TypedFunction,
  type TypedLocalFunction,
} from '../types/index.ts';
import { reportUnowned, walkCall, walkLambda } from './move-calls.ts';
import type { Caller, Mode, MoveContext } from './move-context.ts';
import { isInObject, lastOf, type Node, namesOf, rootOf } from './move-places.ts';
import { join, type MoveState } from './move-state.ts';
import { isLoan, isPlace } from './moving.ts';
import { fieldsOf } from './representation.ts';
import { bind, type Substitution, typeKey, typeName } from './substitution.ts';

/** Looks at a function at its types, whose parameters own or are lent; for a function of the library, `caller` says for whom. */
export function checkFunction(
  cx: MoveContext,
  f: TypedFunction,
  substitution: Substitution,
  { as = 'owner', caller }: { readonly as?: 'owner' | 'lent'; readonly caller?: Caller },
): void {
  cx.fresh(substitution, caller, () => {
    for (const param of f.params) {
      if (caller === undefined) cx.noteType(param.type, param.pattern.span, 'parameter');
      cx.bind(param.pattern, as);
    }
    if (caller === undefined) cx.noteType(f.result, f.span, 'value');
    if (as === 'lent' && cx.copies(f.result))
      cx.error('shared', 'cannot-own', f.span, `\`${f.name}\` lends what it gives, and would give a share`, {
        hint: 'a function of another name can give one',
      });
    walk(cx, f.body, 'move');
    checkReturned(cx, f.body);
  });
}

function walkAll(cx: MoveContext, expressions: readonly TypedExpression[], mode: Mode = 'move'): void {
  for (const e of expressions) walk(cx, e, mode);
}

/** `mode` is of no matter for what owns nothing. */
export function walk(cx: MoveContext, e: TypedExpression, wished: Mode): void {
  // What is no place is a value of its own, whoever looks at it: what went into it was moved there.
  const mode = isPlace(e) ? wished : 'move';
  noteUse(cx, e);
  switch (e.kind) {
    case 'local':
      if (!cx.owns(e.type)) return;
      cx.useName(e);
      if (mode === 'move') cx.moveName(e);
      return;
    case 'global':
      if (mode === 'move' && cx.owns(e.type) && !cx.copies(e.type)) cx.movedOut(e, 'a global');
      return;
    case 'field':
      walk(cx, e.target, 'look');
      if (mode === 'move' && cx.owns(e.type) && !cx.copies(e.type))
        cx.movedOut(e, `the field \`${e.field}\``);
      return;
    case 'call':
      walkCall(cx, e, mode);
      return;
    case 'construct': {
      if (cx.types.isLent(cx.type(e.type)) && !cx.owned.has(e)) reportUnowned(cx, e);
      const order = e.order ?? e.fields.map((_, i) => i);
      walkAll(
        cx,
        order.map((i) => e.fields[i] as TypedExpression),
      );
      return;
    }
    case 'set-local':
      walk(cx, e.value, 'move');
      cx.set(e);
      return;
    case 'set-global':
      walk(cx, e.value, 'move');
      return;
    case 'set-field':
      walk(cx, e.target, 'look');
      cx.holding(e.target, 'moved-while-lent', () => walk(cx, e.value, 'move'), true);
      return;
    case 'set-element':
      walkAll(cx, [e.target, e.index], 'look');
      walk(cx, e.value, 'move');
      return;
    case 'update':
      walkUpdate(cx, e);
      return;
    case 'let':
      for (const { pattern, value } of e.bindings) {
        walk(cx, value, 'move');
        cx.bind(pattern, 'owner');
      }
      walk(cx, e.body, mode);
      return;
    case 'let-functions':
      walkLocalFunctions(cx, e);
      walk(cx, e.body, mode);
      return;
    case 'local-function':
      walkLocalFunction(cx, e);
      return;
    case 'if': {
      walk(cx, e.condition, 'look');
      const before = cx.state;
      walk(cx, e.then, mode);
      const then = cx.state;
      cx.state = before;
      walk(cx, e.else, mode);
      cx.state = cx.keeps('joined') ? join(then, cx.state) : (cx.state ?? then);
      return;
    }
    case 'match':
      walkMatch(cx, e, mode);
      return;
    case 'do':
      for (const [i, part] of e.body.entries()) walk(cx, part, i === e.body.length - 1 ? mode : 'move');
      return;
    case 'while':
      cx.loop(() => {
        walk(cx, e.condition, 'look');
        const exit = cx.state;
        walk(cx, e.body, 'move');
        return exit;
      });
      return;
    case 'for':
      walk(cx, e.from, 'move');
      cx.known.add(e.binding);
      cx.loop(
        () => {
          walk(cx, e.test, 'look');
          const exit = cx.state;
          walk(cx, e.body, 'move');
          return exit;
        },
        () => walk(cx, e.step, 'move'),
      );
      return;
    case 'for-each':
      walk(cx, e.collection, 'look');
      cx.holding(e.collection, 'moved-while-lent', () =>
        cx.loop(() => {
          const exit = cx.state;
          cx.bind(e.pattern, 'lent');
          walk(cx, e.body, 'move');
          return exit;
        }),
      );
      return;
    case 'for-entities':
      walkForEntities(cx, e);
      return;
    case 'lambda':
      walkLambda(cx, e, 'kept');
      return;
    case 'with-arena':
    case 'outside':
    case 'without-collection':
      walk(cx, e.body, mode);
      return;
    case 'copy-out':
      walk(cx, e.value, 'look');
      if (cx.types.isLent(cx.type(e.type))) reportUnowned(cx, e);
      if (cx.types.leadsToOwned(cx.type(e.type)))
        cx.error(
          'shared',
          'cannot-own',
          e.span,
          `a copy of \`${typeName(cx.type(e.type))}\` would own what the original owns`,
          { hint: 'make it with `outside` in the first place' },
        );
      return;
    case 'try':
      walk(cx, e.value, 'move');
      return;
    case 'return':
      walk(cx, e.value, 'move');
      checkReturned(cx, e.value);
      cx.state = undefined;
      return;
    case 'break': {
      const loop = cx.loops.at(-1);
      if (loop !== undefined) loop.left = join(loop.left, cx.state);
      cx.state = undefined;
      return;
    }
    case 'continue': {
      const loop = cx.loops.at(-1);
      if (loop !== undefined) loop.continued = join(loop.continued, cx.state);
      cx.state = undefined;
      return;
    }
    case 'vector':
      walkAll(cx, e.items);
      return;
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'keyword':
    case 'picture':
    case 'unit':
    case 'function':
    case 'method':
    case 'primitive':
    case 'extern':
    case 'count-entities':
    case 'error':
      return;
  }
}

function walkUpdate(cx: MoveContext, e: Node<'update'>): void {
  if (cx.types.isLent(cx.type(e.type))) reportUnowned(cx, e);
  walk(cx, e.target, 'look');
  cx.holding(e.target, 'moved-while-lent', () => {
    for (const { value } of e.fields) walk(cx, value, 'move');
  });
  const given = new Set(e.fields.map(({ name }) => name));
  const type = cx.type(e.type);
  const copied = fieldsOf(type).find(
    (field) => cx.owns(field.type) && !cx.copies(field.type) && !given.has(field.name),
  );
  if (copied === undefined) return;
  cx.error(
    'update',
    'cannot-own',
    e.span,
    `the copy would own what the field \`${copied.name}\` of the original owns`,
    { hint: `give \`:${copied.name}\` a value of its own, or change the original with \`set!\`` },
  );
}

function walkMatch(cx: MoveContext, e: Node<'match'>, mode: Mode): void {
  const isOwner = cx.owns(e.subject.type);
  const root = isOwner ? rootOf(e.subject) : undefined;
  walk(cx, e.subject, 'look');
  // Where a match around this one takes the same apart, both have names for the same parts: these only look.
  const isName =
    e.subject.kind === 'local' &&
    root !== undefined &&
    !cx.borrowed.has(root.binding) &&
    cx.partsOf(root.binding).length === 0;
  const isLent = isOwner && root === undefined ? isInObject(e.subject) : isOwner && !isName;
  const before = cx.state;
  let after: MoveState;
  for (const arm of e.arms) {
    cx.state = before;
    cx.bind(arm.pattern, isLent ? 'lent' : 'owner');
    const names = isName ? namesOf(arm.pattern) : [];
    const work = (): void => {
      for (const name of names) cx.wholes.set(name, (root as Node<'local'>).binding);
      walk(cx, arm.body, mode);
      for (const name of names) cx.wholes.delete(name);
    };
    if (root === undefined) work();
    else cx.holding(e.subject, 'moved-while-matched', work);
    after = cx.keeps('joined') ? join(after, cx.state) : (cx.state ?? after);
  }
  cx.state = after;
}

function walkForEntities(cx: MoveContext, e: Node<'for-entities'>): void {
  const rounds: Substitution[] =
    e.parameter === undefined
      ? [cx.substitution]
      : e.entities.map((definition) =>
          new Map(cx.substitution).set((e.parameter as { id: number }).id, {
            kind: 'named',
            definition,
            args: [],
          }),
        );
  for (const substitution of rounds) {
    const outer = cx.substitution;
    cx.substitution = substitution;
    cx.known.add(e.binding);
    cx.loop(() => {
      const exit = cx.state;
      walk(cx, e.body, 'move');
      return exit;
    });
    cx.substitution = outer;
  }
}

/** What a node's type may not be, and where what is lent may not stand. */
function noteUse(cx: MoveContext, e: TypedExpression): void {
  if (
    e.kind === 'local-function' ||
    e.kind === 'function' ||
    e.kind === 'method' ||
    e.kind === 'primitive' ||
    e.kind === 'extern'
  )
    return;
  if (e.kind === 'lambda') return;
  cx.noteType(e.type, e.span, 'value');
  if (e.kind !== 'let') return;
  for (const { pattern, value } of e.bindings)
    if (cx.types.isLent(cx.type(value.type)) && value.kind !== 'local' && !isLoan(value))
      cx.error(
        'lent-kept',
        'kept-lent',
        value.span,
        `a \`${typeName(cx.type(value.type))}\` has an owner, and this would have none`,
        {
          notes: [{ message: 'it would be bound here', span: pattern.span }],
          hint: '`(own ...)` around what makes one owns it',
        },
      );
}

export function checkReturned(cx: MoveContext, e: TypedExpression): void {
  const type = cx.mayBeKnown(e.type, (known) => cx.types.isLent(known));
  if (!type || e.kind === 'error') return;
  const last = lastOf(e);
  cx.error(
    'lent-returned',
    'kept-lent',
    last.span,
    `this \`${typeName(cx.type(e.type))}\` is only lent, and would be returned`,
    {
      hint: 'return what is read of it; or take an `(Owned ...)`, and return that',
    },
  );
}

function walkLocalFunctions(cx: MoveContext, e: Node<'let-functions'>): void {
  for (const { binding, function: f } of e.functions) {
    for (const captured of capturesOf(f.params, f.body).bindings) {
      const isLent =
        captured.type !== undefined && cx.mayBeKnown(captured.type, (type) => cx.types.concernsValue(type));
      if (isLent && !e.functions.some((one) => one.binding === captured))
        cx.error(
          'capture',
          'moved-out',
          f.span,
          `\`${binding.name}\` captures \`${captured.name}\`, and a function of a body may run twice`,
          {
            notes: [{ message: 'it is bound here', span: captured.span }],
            hint: 'give it to the function as an argument',
          },
        );
    }
    cx.known.add(binding);
    if (f.typeParameters.length > 0) cx.generic.set(binding, f);
    else walkInner(cx, f, cx.substitution);
  }
}

function walkLocalFunction(cx: MoveContext, e: Node<'local-function'>): void {
  const f = cx.generic.get(e.binding);
  if (f === undefined) return;
  const types = e.typeArguments.map((type) => cx.type(type));
  const key = `${e.binding.name} ${f.span.start} ${types.map(typeKey).join(' ')}`;
  if (cx.checked.has(key)) return;
  cx.checked.add(key);
  walkInner(cx, f, new Map([...cx.substitution, ...bind(f.typeParameters, types)]));
}

function walkInner(cx: MoveContext, f: TypedLocalFunction, substitution: Substitution): void {
  cx.fresh(substitution, cx.caller, () => {
    for (const param of f.params) cx.bind(param.pattern, 'owner');
    walk(cx, f.body, 'move');
    checkReturned(cx, f.body);
  });
}
