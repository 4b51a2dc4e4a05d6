/**
 * Loops over collections. Vectors are gone through by index in place (trees leaf by leaf); of the library's other
 * collections an instance of `%Walk` says how (`library/prelude/collections.slu`); a program's own are gone through by
 * their `len` and `nth`.
 */

import { VECTOR_LENGTH } from '../heap/index.ts';
import type { Expression, Local } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { eachOfArray } from './array.ts';
import { binary, get, i32, i64, unary, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { type Component, components, elementOf, isArray, isNamed } from './representation.ts';
import { vectorLength } from './rope.ts';
import { typeName } from './substitution.ts';
import { flatElement, lengthOf } from './vector.ts';

/** The class whose instances say how the library's collections are gone through. */
export const WALK = 'prelude.%Walk';
const CHANGED = 'something was added to a collection while a loop went over it';

/** Whether `=`, `show` and `hash` go through a value of the type element by element as through a vector. */
export function isVector(type: Type): boolean {
  return isNamed(type, 'Vector') || isNamed(type, 'MutVec');
}

/** What a loop does with an element, whose type it is told. */
type Body = (item: Value, type: Type) => void;

/** Runs `body` for each element of a collection, which can be read any number of times. `body` may break and continue. */
export function eachItem(
  lowering: FunctionLowering,
  type: Type,
  collection: Value,
  span: Span,
  body: Body,
): void {
  if (isNamed(type, 'Vector')) eachOfVector(lowering, type, collection[0] as Expression, span, body);
  else if (isVector(type)) eachOfMutVector(lowering, type, collection[0] as Expression, span, body);
  else if (isArray(type)) eachOfArray(lowering, type, collection, span, body);
  else if (lowering.program.instances.at(WALK, type) !== undefined)
    eachOfWalk(lowering, type, collection, span, body);
  else eachByIndex(lowering, type, collection, span, body);
}

/** Leaf by leaf; a flat vector is its own and only one. */
function eachOfVector(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  span: Span,
  body: Body,
): void {
  const { builder, program } = lowering;
  const element = elementOf(type);
  const count = builder.stableOne(vectorLength(lowering, vector), 'count');
  const leaf = builder.local('leaf', 'ref');
  const start = builder.local('start', 'i64');
  const index = builder.local('index', 'i32');
  const end = builder.local('end', 'i32');
  for (const local of [leaf, start, index, end]) builder.markMutable(local);
  builder.set(leaf, vector);
  builder.set(index, i32(0));
  builder.set(start, i64(0n));
  builder.set(end, lengthOf(lowering, vector));
  lowering.loop(
    span,
    () => {
      const next = builder.nested(() => {
        lowering.exitIf(binary('i32', 'ge_u', get(index), count, 'i32'));
        const key = program.slowPath('prelude.%rope-leaf', [element]);
        const args = [vector, unary('i64', 'i32', 'extend_u', get(index))];
        const call = { to: 'function', key, args, reps: ['ref', 'i64'], span } as const;
        builder.emit({ kind: 'set-call', locals: [leaf, start], call });
        const base = unary('i32', 'i64', 'wrap', get(start));
        builder.set(end, binary('i32', 'add', base, lengthOf(lowering, get(leaf))));
      });
      const isBehind = binary('i32', 'ge_u', get(index), get(end), 'i32');
      builder.emit({ kind: 'if', condition: isBehind, then: next, else: [] });
      const at = binary('i32', 'sub', get(index), unary('i32', 'i64', 'wrap', get(start)));
      body(flatElement(lowering, type, get(leaf), builder.stableOne(at, 'at')), element);
    },
    () => builder.set(index, binary('i32', 'add', get(index), i32(1))),
  );
}

function eachOfMutVector(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  span: Span,
  body: Body,
): void {
  const { builder } = lowering;
  const index = builder.local('index', 'i32');
  builder.set(index, i32(0));
  lowering.loop(
    span,
    () => {
      // A mutable vector may grow or shrink while the body runs, so its length is read each time.
      const length = lowering.load(vector, VECTOR_LENGTH, 'i32');
      lowering.exitIf(binary('i32', 'ge_u', get(index), length, 'i32'));
      body(flatElement(lowering, type, vector, get(index)), elementOf(type));
    },
    () => builder.set(index, binary('i32', 'add', get(index), i32(1))),
  );
}

function eachOfWalk(lowering: FunctionLowering, type: Type, collection: Value, span: Span, body: Body): void {
  const { builder, program } = lowering;
  const types = program.instances.at(WALK, type) as readonly Type[];
  const [, place, item] = types as readonly [Type, Type, Type];
  const call = (method: string, args: Value, parts: readonly Pick<Component, 'rep'>[]): Value => {
    const key = program.methodInstance(WALK, method, types, []);
    return builder.call({ to: 'function', key, args, reps: parts.map((p) => p.rep), span }, method.slice(1));
  };
  const at: readonly Local[] = builder.localsFor('at', components(place));
  for (const local of at) builder.markMutable(local);
  builder.setAll(at, call('%start', collection, components(place)));
  lowering.loop(
    span,
    () => {
      const [more] = call('%more?', [...collection, ...at.map(get)], [{ rep: 'i32' }]);
      lowering.exitUnless(more as Expression);
      body(call('%here', [...collection, ...at.map(get)], components(item)), item);
    },
    () => {
      const [changed] = call('%changed?', [...collection, ...at.map(get)], [{ rep: 'i32' }]);
      const then = builder.nested(() => lowering.failWith(program.literal(CHANGED), span));
      builder.emit({ kind: 'if', condition: changed as Expression, then, else: [] });
      builder.setAll(at, call('%after', [...collection, ...at.map(get)], components(place)));
    },
  );
}

/** A program's own collection, which has an instance of `Sequence`. */
function eachByIndex(
  lowering: FunctionLowering,
  type: Type,
  collection: Value,
  span: Span,
  body: Body,
): void {
  const { builder, program } = lowering;
  const types = program.instances.at('Sequence', type);
  const item = types?.[1];
  if (types === undefined || item === undefined) throw new Error(`${typeName(type)} has no elements`);
  const length = program.methodInstance('Collection', 'len', types, []);
  const nth = program.methodInstance('Sequence', 'nth', types, []);
  const index = builder.local('index', 'i64');
  builder.markMutable(index);
  builder.set(index, i64(0n));
  lowering.loop(
    span,
    () => {
      const [end] = builder.call(
        { to: 'function', key: length, args: collection, reps: ['i64'], span },
        'len',
      );
      lowering.exitIf(binary('i64', 'ge_s', get(index), end as Expression, 'i32'));
      const args = [...collection, get(index)];
      const reps = components(item).map((c) => c.rep);
      body(builder.call({ to: 'function', key: nth, args, reps, span }, 'item'), item);
    },
    () => builder.set(index, binary('i64', 'add', get(index), i64(1n))),
  );
}
