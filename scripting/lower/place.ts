/**
 * Places of entities. One that is attached to another has a place relative to that one's, so where it is in the world is found by going
 * from parent to parent, whatever their types: in all types that have a place, it lies at the same offset, and so does the parent
 * (`ObjectTypes.struct`). What is attached to an entity is in `children.ts`.
 *
 *     [descriptor] [parent] [x] [y] [rotation] [scale] [children ...] [kept placement] [pool slot] ...
 */
import type { Expression, ObjectType, Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { placeField, type Type } from '../types/index.ts';
import { binary, get, i32, type Value } from './builder.ts';
import { attachedFields, isNobody, joinParent, leaveParent, NOBODY, offsetOf } from './children.ts';
import type { FunctionLowering } from './function.ts';
import { appear } from './interpolation.ts';
import { CHILDREN, componentRange, PARENT, repOf } from './representation.ts';

/** Where the components of its place lie in an entity. */
function placeFields(lowering: FunctionLowering, type: Type): ObjectType['fields'] {
  const own = placeField(type);
  if (own === undefined) throw new Error('an entity with a place has one');
  const { start, end } = componentRange(type, own.name);
  return lowering.program.types.struct(type).fields.slice(start, end);
}

/** The components of an entity's own place. */
export function placeOf(lowering: FunctionLowering, type: Type, entity: Expression): Value {
  return placeFields(lowering, type).map((f) => lowering.load(entity, f.offset, f.stored));
}

/**
 * Where an entity is in the world: the components of its place, and of those of its parents. With `kept`, where all that has a place
 * keeps the number of what it was before the step, on the way from there.
 */
export function worldPlace(
  lowering: FunctionLowering,
  type: Type,
  entity: Expression,
  span: Span,
  kept?: number,
): Value {
  const { builder, program } = lowering;
  const fields = placeFields(lowering, type);
  const reps = fields.map(({ stored }) => repOf(stored));
  const callStage = (name: string, args: Value): Value => {
    const key = program.instance(`sluice.stage.${name}`, []);
    return builder.call({ to: 'function', key, args, reps, span: program.library }, name);
  };
  const placeNow = (of: Expression): Value => {
    const own = placeOf(lowering, type, of);
    if (kept === undefined) return own;
    return callStage('%place-between', [...own, lowering.load(of, kept, 'i32')]);
  };
  const held = builder.stableOne(entity, 'entity');
  const place = fields.map(({ name }, i) => builder.local(name, reps[i] as Rep));
  builder.setAll(place, placeNow(held));
  const above = builder.local('parent', 'ref');
  builder.set(above, lowering.load(held, offsetOf(lowering, type, PARENT), 'ref'));
  lowering.loop(span, () => {
    lowering.exitIf(isNobody(get(above)));
    builder.setAll(place, callStage('%inside', [...placeNow(get(above)), ...place.map(get)]));
    builder.set(above, lowering.load(get(above), offsetOf(lowering, type, PARENT), 'ref'));
  });
  return place.map(get);
}

/** `(attach! child parent)`. Fails where that would make an entity its own parent. */
export function attach(
  lowering: FunctionLowering,
  [childType, parentType]: readonly [Type, Type],
  [childValue, parentValue]: readonly [Expression, Expression],
  span: Span,
): void {
  const { builder } = lowering;
  const child = builder.stableOne(childValue, 'child');
  const parent = builder.stableOne(parentValue, 'parent');
  const fields = attachedFields(lowering, childType);
  // What never had children is nobody's parent, so that a long chain is made without a look at all of it.
  const mayLead = binary('i32', 'or', fields.hasChildren(child), binary('ref', 'eq', child, parent, 'i32'));
  const then = builder.nested(() => rejectCircle(lowering, childType, child, parent, span));
  builder.emit({ kind: 'if', condition: mayLead, then, else: [] });
  leaveParent(lowering, childType, child, span);
  fields.set(PARENT, child, parent, span);
  joinParent(lowering, childType, child, span);
  const offset = offsetOf(lowering, parentType, CHILDREN);
  builder.emit({ kind: 'store', stored: 'i32', target: parent, offset, value: i32(1), span });
  // What its place was before is relative to something else.
  appear(lowering, childType, child, span);
}

/** Fails where an entity is to be attached to itself or to what is attached to it. */
function rejectCircle(
  lowering: FunctionLowering,
  type: Type,
  child: Expression,
  parent: Expression,
  span: Span,
): void {
  const { builder, program } = lowering;
  const above = builder.local('above', 'ref');
  builder.set(above, parent);
  lowering.loop(span, () => {
    lowering.exitIf(isNobody(get(above)));
    const then = builder.nested(() =>
      lowering.failWith(
        program.literal('an entity cannot be attached to itself, or to what is attached to it'),
        span,
      ),
    );
    builder.emit({ kind: 'if', condition: binary('ref', 'eq', get(above), child, 'i32'), then, else: [] });
    builder.set(above, lowering.load(get(above), offsetOf(lowering, type, PARENT), 'ref'));
  });
}

/** `(detach! child)`: its place is the one that it has in the world. */
export function detach(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  const { builder } = lowering;
  const held = builder.stableOne(child, 'child');
  const place = worldPlace(lowering, type, held, span);
  for (const [i, { offset, stored }] of placeFields(lowering, type).entries())
    builder.emit({ kind: 'store', stored, target: held, offset, value: place[i] as Expression, span });
  leaveParent(lowering, type, held, span);
  attachedFields(lowering, type).set(PARENT, held, NOBODY, span);
  appear(lowering, type, held, span);
}

/** `(%move-to! entity x y)`: the place of an entity is at that point, relative to what it is attached to. */
export function moveTo(
  lowering: FunctionLowering,
  type: Type,
  entity: Expression,
  at: readonly Expression[],
  span: Span,
): void {
  const { builder } = lowering;
  const target = builder.stableOne(entity, 'entity');
  const values = builder.stable(at, 'at');
  for (const [i, { offset, stored }] of placeFields(lowering, type).slice(0, values.length).entries())
    builder.emit({ kind: 'store', stored, target, offset, value: values[i] as Expression, span });
}
