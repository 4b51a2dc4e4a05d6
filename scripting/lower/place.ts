/**
 * Places of entities. One that is attached to another has a place relative to that one's, so where it is in the world is found by going
 * from parent to parent, whatever their types: in all types that have a place, it lies at the same offset, and so does the parent
 * (`ObjectTypes.struct`).
 *
 *     [descriptor] [parent] [x] [y] [rotation] [scale] ... [has children] [pool slot]
 */
import type { Expression, ObjectType, Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { placeField, type Type } from '../types/index.ts';
import { binary, get, i32, type Value } from './builder.ts';
import { eachLiving, removeEntity } from './entity.ts';
import { FunctionLowering } from './function.ts';
import { appear } from './interpolation.ts';
import { CHILDREN, componentRange, PARENT, repOf } from './representation.ts';
import { EMPTY } from './substitution.ts';

const NOBODY: Expression = { kind: 'null', rep: 'ref' };

/** The hidden field's place in an entity that has a place. */
function offsetOf(lowering: FunctionLowering, type: Type, name: string): number {
  const found = lowering.program.types.struct(type).fields.find((field) => field.name === name);
  if (found === undefined) throw new Error(`an entity with a place has ${name}`);
  return found.offset;
}

/** Where the components of its place lie in an entity. */
function placeFields(lowering: FunctionLowering, type: Type): ObjectType['fields'] {
  const own = placeField(type);
  if (own === undefined) throw new Error('an entity with a place has one');
  const { start, end } = componentRange(type, own.name);
  return lowering.program.types.struct(type).fields.slice(start, end);
}

const isNobody = (parent: Expression): Expression => binary('ref', 'eq', parent, NOBODY, 'i32');

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
  const { builder, program } = lowering;
  const child = builder.stableOne(childValue, 'child');
  const parent = builder.stableOne(parentValue, 'parent');
  const offset = offsetOf(lowering, childType, PARENT);
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
    builder.set(above, lowering.load(get(above), offset, 'ref'));
  });
  builder.emit({ kind: 'store', stored: 'ref', target: child, offset, value: parent, span });
  const children = offsetOf(lowering, parentType, CHILDREN);
  builder.emit({ kind: 'store', stored: 'i32', target: parent, offset: children, value: i32(1), span });
  // What its place was before is relative to something else.
  appear(lowering, childType, child, span);
}

/** `(detach! child)`: its place is the one that it has in the world. */
export function detach(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  const { builder } = lowering;
  const held = builder.stableOne(child, 'child');
  const place = worldPlace(lowering, type, held, span);
  for (const [i, { offset, stored }] of placeFields(lowering, type).entries())
    builder.emit({ kind: 'store', stored, target: held, offset, value: place[i] as Expression, span });
  const offset = offsetOf(lowering, type, PARENT);
  builder.emit({ kind: 'store', stored: 'ref', target: held, offset, value: NOBODY, span });
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

/** An entity leaves the world: what is attached to it goes too. */
export function removeChildren(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  if (placeField(type) === undefined) return;
  const { builder } = lowering;
  const condition = lowering.load(entity, offsetOf(lowering, type, CHILDREN), 'i32');
  const key = childrenRemover(lowering);
  const then = builder.nested(() =>
    builder.call({ to: 'function', key, args: [entity], reps: [], span }, 'children'),
  );
  builder.emit({ kind: 'if', condition, then, else: [] });
}

/** The function that takes out of the world what is attached to an entity. */
function childrenRemover({ program }: FunctionLowering): string {
  const key = 'sluice:remove-children';
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name: 'remove-entity!' });
    const { builder } = lowering;
    const span = program.library;
    const parent = get(builder.param('parent', 'ref'));
    for (const definition of program.entityTypes) {
      const type: Type = { kind: 'named', definition, args: [] };
      if (placeField(type) === undefined) continue;
      eachLiving(lowering, definition, span, (child) => {
        const own = lowering.load(child, offsetOf(lowering, type, PARENT), 'ref');
        const then = builder.nested(() => removeEntity(lowering, type, child, span));
        builder.emit({ kind: 'if', condition: binary('ref', 'eq', own, parent, 'i32'), then, else: [] });
      });
    }
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key, name: 'remove-entity!', results: [], span });
  });
  return key;
}
