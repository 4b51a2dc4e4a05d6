/**
 * What is done to the owned parts of a value: they are dropped, kept by an object, taken out of one, or lent. In which register of the
 * heap's each of them is then, `heap/owners.ts` says.
 */
import { OWNED_SUBJECT, OWNED_TYPE } from '../heap/index.ts';
import type { Expression, Func, RuntimeName, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { isShared, ownedSubject, type Type } from '../types/index.ts';
import { binary, get, i32, UNIT, type Value } from './builder.ts';
import { type Ending, FunctionLowering } from './function.ts';
import { owningFields, owns } from './owning-types.ts';
import { fieldValue } from './pattern.ts';
import type { ProgramLowering } from './program.ts';
import { componentRange, fieldsOf, isFlat } from './representation.ts';
import { EMPTY, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVariant, variantFields } from './variant.ts';

const NONE: Expression = { kind: 'null', rep: 'ref' };

/** What is owned, of what owns it. */
export function subjectOf(lowering: FunctionLowering, owned: Expression): Expression {
  return lowering.load(owned, OWNED_SUBJECT, 'ref');
}

/** Runs `work` for each owned part of a value that is there, in locals: the last part first. What was moved away is 0, for which there is `gone`. */
export function eachOwned(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  work: (owned: Expression, type: Type) => void,
  gone: () => void = () => undefined,
): void {
  const { builder } = lowering;
  if (ownedSubject(type) !== undefined) {
    const held = builder.stableOne(value[0] as Expression, 'owned');
    const then = builder.nested(() => work(held, type));
    builder.emit({
      kind: 'if',
      condition: binary('ref', 'ne', held, NONE, 'i32'),
      then,
      else: builder.nested(gone),
    });
    return;
  }
  if (!owns(type)) return;
  if (isFlat(type)) {
    for (const { name, type: part } of fieldsOf(type).reverse()) {
      if (!owns(part)) continue;
      const { start, end } = componentRange(type, name);
      eachOwned(lowering, part, value.slice(start, end), work, gone);
    }
    return;
  }
  const sum = sumOf(type);
  // It was refused.
  if (sum.kind === 'boxed') return;
  const held = builder.stable(value, 'sum');
  for (const { name, fields } of sum.variants) {
    if (!fields.some((field) => owns(field.type))) continue;
    const then = builder.nested(() => {
      for (const part of variantFields(lowering, type, held, name).reverse())
        eachOwned(lowering, part.type, part.value, work, gone);
    });
    builder.emit({ kind: 'if', condition: isVariant(lowering, type, held, name), then, else: [] });
  }
}

/** Drops what a value owns. */
export function dropValue(lowering: FunctionLowering, type: Type, value: Value, span: Span): void {
  eachOwned(lowering, type, value, (owned, of) => {
    const key = defineDrop(lowering.program, of);
    lowering.builder.call({ to: 'function', key, args: [owned], reps: [], span }, '');
  });
}

/** What a value owns is held by an object from now on, or for none by a global. */
export function keepValue(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  holder: Expression | undefined,
  span: Span,
): void {
  eachOwned(lowering, type, value, (owned) => {
    const args = [owned, holder ?? NONE];
    lowering.builder.call({ to: 'runtime', name: 'ownerKeep', args, reps: [], span }, '');
  });
}

/** What a value owns was taken out of an object: a local owns it from now on. */
export function takeValue(lowering: FunctionLowering, type: Type, value: Value, span: Span): void {
  eachOwned(lowering, type, value, (owned) => {
    lowering.builder.call({ to: 'runtime', name: 'ownerTake', args: [owned], reps: [], span }, '');
  });
}

/** What a scope ends with, at its end or on the way out of it. */
export function endWith(lowering: FunctionLowering, ending: Ending, span: Span): void {
  switch (ending.kind) {
    case 'owner':
      dropValue(lowering, ending.type, ending.locals.map(get), span);
      return;
    case 'loan':
      endLoan(lowering, ending.type, ending.value, span);
      return;
    case 'arena':
      dropEach(lowering, 'ownerInArena', [get(ending.handle)], span);
      return;
  }
}

/** Drops what a function of the heap finds, until it finds nothing. */
function dropEach(lowering: FunctionLowering, name: RuntimeName, args: Value, span: Span): void {
  const { builder } = lowering;
  const found = builder.local('owned', 'ref');
  builder.markMutable(found);
  lowering.loop(
    span,
    () => {
      const [next] = builder.call({ to: 'runtime', name, args, reps: ['ref'], span }, 'owned');
      builder.set(found, next as Expression);
      lowering.exitIf(binary('ref', 'eq', get(found), NONE, 'i32'));
      dropAny(lowering, get(found), span);
    },
    undefined,
    { unwatched: true },
  );
}

/**
 * What a place holds is lent until the scope at hand ends: whoever drops it meanwhile, as by setting the place, does so then. Returns it,
 * in locals.
 */
export function lendFromPlace(lowering: FunctionLowering, type: Type, value: Value, span: Span): Value {
  const { builder } = lowering;
  const held = builder.stable(value, 'lent');
  eachOwned(lowering, type, held, (owned) => {
    builder.call({ to: 'runtime', name: 'loanBegin', args: [owned], reps: [], span }, '');
  });
  lowering.endings.push({ kind: 'loan', type, value: held });
  return held;
}

/** The loans of a value's parts end in the opposite order, so that one that is to be dropped may be of another part's type. */
function endLoan(lowering: FunctionLowering, type: Type, value: Value, span: Span): void {
  const { builder, program } = lowering;
  eachOwned(lowering, type, value, (_, of) => {
    const [found] = builder.call({ to: 'runtime', name: 'loanEnd', args: [], reps: ['ref'], span }, 'owned');
    const owned = builder.stableOne(found as Expression, 'owned');
    const then = builder.nested(() => {
      if (of === type)
        builder.call({ to: 'function', key: defineDrop(program, of), args: [owned], reps: [], span }, '');
      else dropAny(lowering, owned, span);
    });
    builder.emit({ kind: 'if', condition: binary('ref', 'ne', owned, NONE, 'i32'), then, else: [] });
  });
}

function dropAny({ builder, program }: FunctionLowering, owned: Expression, span: Span): void {
  builder.call({ to: 'function', key: program.dropOfAny, args: [owned], reps: [], span }, '');
}

/** `(own v)`, `(share v)`: both `v` and what owns it are made in the heap, whatever region is current. */
export function makeOwned(lowering: FunctionLowering, type: Type, make: () => Expression, span: Span): Value {
  const { builder, program } = lowering;
  const owned = builder.local('owned', 'ref');
  lowering.blocks++;
  const body = builder.nested(() => {
    const subject = make();
    const { source, start } = span;
    const { line, column } = source.position(start);
    const of = program.literal(typeKey(ownedSubject(type) as Type));
    const place = program.literal(`${source.name}:${line}:${column}`);
    const layout = program.types.owned(type);
    if (isShared(type)) {
      const held = builder.stableOne(subject, 'subject');
      const counted = lowering.allocate(layout, [held, of, place, NONE, i32(1)], span);
      const shares = builder.stableOne(counted, 'shares');
      builder.set(owned, lowering.allocate(layout, [held, of, place, shares], span));
    } else {
      builder.set(owned, lowering.allocate(layout, [subject, of, place], span));
    }
    builder.call({ to: 'runtime', name: 'ownerTake', args: [get(owned)], reps: [], span }, '');
  });
  lowering.blocks--;
  builder.emit({ kind: 'within', region: 'heap', body, span });
  return [get(owned)];
}

/**
 * The function that drops an owned value of a type: its drop code runs first, with the heap as current region, then the fields of what was
 * owned are dropped, the last one first. Those are taken before that code runs, so that they are found should it fail.
 */
export function defineDrop(program: ProgramLowering, type: Type): string {
  const subjectType = ownedSubject(type);
  if (subjectType === undefined) throw new Error(`${typeName(type)} is not owned`);
  const key = `drop ${typeKey(subjectType)}`;
  const span = program.spanOf(subjectType, program.nowhere);
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name: `drop of ${typeName(subjectType)}` });
    const { builder } = lowering;
    const owned = get(builder.param('owned', 'ref'));
    const [dropped] = builder.call(
      { to: 'runtime', name: 'ownerDrop', args: [owned], reps: ['ref'], span },
      'subject',
    );
    const subject = builder.stableOne(dropped as Expression, 'subject');
    const body = builder.nested(() => {
      const fields = owningFields(subjectType);
      const read = (name: string): Value => fieldValue(lowering, subjectType, [subject], name);
      for (const field of fields) takeValue(lowering, field.type, read(field.name), span);
      const code = program.methodInstance('Drop', 'drop', [subjectType], []);
      builder.call({ to: 'function', key: code, args: [subject], reps: [], span }, '');
      for (const field of fields.reverse()) dropValue(lowering, field.type, read(field.name), span);
    });
    const then: Statement[] = [{ kind: 'within', region: 'heap', body, span }];
    builder.emit({ kind: 'if', condition: binary('ref', 'ne', subject, NONE, 'i32'), then, else: [] });
    lowering.return(UNIT, span);
    return builder.finish({ key, name: lowering.name, results: [], span });
  });
  return key;
}

/**
 * Drops an owned value of any type of the program. One whose type a reload has taken away is let go without its drop code, which nobody
 * knows any more.
 */
export function dropOfAnyBody(program: ProgramLowering, key: string, types: readonly Type[]): Func {
  const span = program.nowhere;
  const lowering = new FunctionLowering(program, EMPTY, { key, name: 'drop' });
  const { builder } = lowering;
  const owned = get(builder.param('owned', 'ref'));
  const said = builder.stableOne(lowering.load(owned, OWNED_TYPE, 'ref'), 'type');
  for (const type of types) {
    const args = [said, program.literal(typeKey(ownedSubject(type) as Type))];
    const [same] = builder.call({ to: 'runtime', name: 'stringEqual', args, reps: ['i32'], span }, 'same');
    const then = builder.nested(() => {
      builder.call({ to: 'function', key: defineDrop(program, type), args: [owned], reps: [], span }, '');
      lowering.return(UNIT, span);
    });
    builder.emit({ kind: 'if', condition: same as Expression, then, else: [] });
  }
  const rest = builder.call(
    { to: 'runtime', name: 'ownerDrop', args: [owned], reps: ['ref'], span },
    'subject',
  );
  builder.emit({ kind: 'evaluate', value: rest[0] as Expression });
  lowering.return(UNIT, span);
  return builder.finish({ key, name: 'drop', results: [], span });
}

/** Drops one after the other what a function of the heap finds. */
export function dropFoundBody(program: ProgramLowering, key: string, next: RuntimeName, args: Value): Func {
  const span = program.nowhere;
  const lowering = new FunctionLowering(program, EMPTY, { key, name: 'drop' });
  if (next === 'ownerLeft')
    lowering.builder.call({ to: 'runtime', name: 'loansUnwind', args: [], reps: [], span }, '');
  dropEach(lowering, next, args, span);
  lowering.return(UNIT, span);
  return lowering.builder.finish({ key, name: 'drop', results: [], span });
}

/** Has all that is owned found as if it were forgotten. */
export function forgetAllBody(program: ProgramLowering, key: string): Func {
  const span = program.nowhere;
  const lowering = new FunctionLowering(program, EMPTY, { key, name: 'forget-all' });
  lowering.builder.call({ to: 'runtime', name: 'ownersEnd', args: [], reps: [], span }, '');
  lowering.return(UNIT, span);
  return lowering.builder.finish({ key, name: 'forget-all', results: [], span });
}

/** Gives one that was forgotten with the object that held it, or 0. */
export function forgottenBody(program: ProgramLowering, key: string): Func {
  const span = program.nowhere;
  const lowering = new FunctionLowering(program, EMPTY, { key, name: 'forgotten' });
  const call = { to: 'runtime', name: 'ownerForgotten', args: [], reps: ['ref'], span } as const;
  lowering.return(lowering.builder.call(call, 'owned'), span);
  return lowering.builder.finish({ key, name: 'forgotten', results: ['ref'], span });
}
