/** Shared values, as they are lowered: one more share of each part of a value, and references that do not keep what they lead to. */
import { OWNED_SHARES } from '../heap/index.ts';
import type { Expression, Local, RuntimeName, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { isShared, type Type, type TypedExpression } from '../types/index.ts';
import { binary, get, type Value } from './builder.ts';
import { FunctionLowering } from './function.ts';
import { copies, owns } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import { componentRange, components, fieldsOf, isFlat } from './representation.ts';
import { EMPTY, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVariant } from './variant.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

/** Whether the use of a name leaves what it has with it, as it is one more owner. */
export function isRetained(lowering: FunctionLowering, e: Node<'local'>): boolean {
  return copies(lowering.type(e.type)) && !lowering.program.retains.moves({ at: e, binding: e.binding });
}

/** A value with shares of its own, which a local owns from now on. */
export function retained(lowering: FunctionLowering, type: Type, value: Value, span: Span): Value {
  return retainedIn(lowering, type, value, span).map(get);
}

/** The same, by the locals that it is in. */
export function retainedIn(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  span: Span,
): readonly Local[] {
  const { builder } = lowering;
  const locals = builder.localsFor('share', components(type));
  for (const [i, local] of locals.entries()) {
    builder.markMutable(local);
    builder.set(local, value[i] as Expression);
  }
  retainParts(lowering, type, locals, span);
  return locals;
}

function retainParts(lowering: FunctionLowering, type: Type, locals: readonly Local[], span: Span): void {
  const { builder } = lowering;
  if (isShared(type)) {
    const [share] = locals as readonly [Local];
    builder.set(share, retain(lowering, type, get(share), span));
    return;
  }
  if (isFlat(type)) {
    for (const { name, type: part } of fieldsOf(type)) {
      if (!owns(part)) continue;
      const { start, end } = componentRange(type, name);
      retainParts(lowering, part, locals.slice(start, end), span);
    }
    return;
  }
  const sum = sumOf(type);
  // It was refused.
  if (sum.kind === 'boxed') return;
  for (const { name, fields, at } of sum.variants) {
    if (!fields.some((field) => owns(field.type))) continue;
    const parts = sum.kind === 'nullable' ? locals : at.map((i) => locals[i] as Local);
    const then = builder.nested(() => {
      let start = 0;
      for (const field of fields) {
        const end = start + components(field.type).length;
        if (owns(field.type)) retainParts(lowering, field.type, parts.slice(start, end), span);
        start = end;
      }
    });
    builder.emit({ kind: 'if', condition: isVariant(lowering, type, locals.map(get), name), then, else: [] });
  }
}

/** `(weak s)`: leads to what counts the shares, which is there as long as one of them. */
export function weakShared(lowering: FunctionLowering, share: Expression, span: Span): Expression {
  const counted = lowering.builder.stableOne(lowering.load(share, OWNED_SHARES, 'ref'), 'shares');
  return ask(lowering, 'newWeak', counted, span);
}

/** What counts the shares that a weak reference leads to, or 0 where there are none any more. */
export function sharedBy(lowering: FunctionLowering, weak: Expression, span: Span): Expression {
  return ask(lowering, 'ownerShared', ask(lowering, 'upgrade', weak, span), span);
}

/** A share for who asks a weak reference that leads to some. */
export function upgradedShare(
  lowering: FunctionLowering,
  type: Type,
  weak: Expression,
  span: Span,
): Expression {
  return retain(lowering, type, ask(lowering, 'upgrade', weak, span), span);
}

function retain(lowering: FunctionLowering, type: Type, share: Expression, span: Span): Expression {
  const key = defineRetain(lowering.program, type);
  const call = { to: 'function', key, args: [share], reps: ['ref'], span } as const;
  return lowering.builder.stableOne(lowering.builder.call(call, 'share')[0] as Expression, 'share');
}

/** The function that makes one more share of a type in the heap, whatever region is current. */
function defineRetain(program: ProgramLowering, type: Type): string {
  const key = `retain ${typeKey(type)}`;
  const span = program.nowhere;
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name: `share of ${typeName(type)}` });
    const { builder } = lowering;
    const share = get(builder.param('share', 'ref'));
    const again = ask(lowering, 'ownerAgain', share, span);
    const then: Statement[] = [{ kind: 'return', values: [again], span }];
    const none: Expression = { kind: 'null', rep: 'ref' };
    builder.emit({ kind: 'if', condition: binary('ref', 'ne', again, none, 'i32'), then, else: [] });
    const made = builder.local('made', 'ref');
    const body = builder.nested(() =>
      builder.set(made, lowering.allocate(program.types.owned(type), [], span)),
    );
    builder.emit({ kind: 'within', region: 'heap', body, span });
    const args = [get(made), share];
    const call = { to: 'runtime', name: 'ownerRetain', args, reps: ['ref'], span } as const;
    lowering.return(builder.call(call, 'share'), span);
    return builder.finish({ key, name: lowering.name, results: ['ref'], span });
  });
  return key;
}

function ask({ builder }: FunctionLowering, name: RuntimeName, of: Expression, span: Span): Expression {
  const [found] = builder.call({ to: 'runtime', name, args: [of], reps: ['ref'], span }, name);
  return builder.stableOne(found as Expression, name);
}
