/**
 * Entities. The world keeps each entity type's living entities in a pool, a hidden global
 * `(MutVec T)`; an entity knows its place there by a hidden field:
 *
 *     pool slot   0: not yet in the world    i + 1: at index i    -(i + 1): removed, but still at index i
 *                 GONE: removed, and in the pool no more
 *
 * For scripts an entity is out of the world as soon as it is removed: a negative slot is passed over by loops, and weak
 * references do not lead there. Pools never shrink while a frame runs, so that loops over them need no care, and what is added
 * again in the same frame has its place still; at the frame's end those that lost entities close ranks, keeping their order. A
 * pool's second cell counts how many are leaving.
 */

import { MUT_VECTOR_BUFFER, MUT_VECTOR_LENGTH, VECTOR_DATA } from '../heap/index.ts';
import { POOL, pooledType } from '../image/index.ts';
import type { Expression, ObjectType, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type, TypeDefinition, TypedExpression } from '../types/index.ts';
import { binary, get, i32, UNIT, unary, type Value } from './builder.ts';
import { joinParent, leaveParent, removeChildren } from './children.ts';
import { dropValue } from './drops.ts';
import { FunctionLowering } from './function.ts';
import { appear } from './interpolation.ts';
import { push } from './mut-vector.ts';
import { owningFields } from './owning-types.ts';
import type { ProgramLowering } from './program.ts';
import { componentRange, POOL_SLOT } from './representation.ts';
import { bind, builtin, EMPTY, typeKey } from './substitution.ts';
import { lengthOf } from './vector.ts';

/** Below what any index gives. */
export const GONE = -(2 ** 31);

const ENTITIES = 0;
const LEAVING = 1;

export interface Pool {
  readonly key: string;
  readonly type: Type;
  readonly layout: ObjectType;
}

function mutVector(type: Type): Type {
  return { kind: 'named', definition: builtin('MutVec'), args: [type] };
}

/** Whether a global, by its key, is a pool. */
export const isPool = (global: string): boolean => pooledType(global) !== undefined;

function poolOf(program: ProgramLowering, definition: TypeDefinition): Pool {
  const type: Type = { kind: 'named', definition, args: [] };
  const key = POOL + definition.key;
  const name = POOL + program.entityName(definition);
  const hidden = { key, name, type: mutVector(type), cells: ['ref', 'i32'] as const };
  program.defineHidden(hidden, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name });
    const span = definition.span ?? program.nowhere;
    const empty = lowering.allocate(
      program.types.mutVector(type),
      [i32(0), { kind: 'null', rep: 'ref' }],
      span,
    );
    lowering.builder.emit({ kind: 'return', values: [empty, i32(0)], span });
    return lowering.builder.finish({ key: `initialise ${key}`, name, results: ['ref', 'i32'], span });
  });
  return { key, type, layout: program.types.struct(type) };
}

function entities(pool: Pool): Expression {
  return { kind: 'get-global', rep: 'ref', global: pool.key, cell: ENTITIES };
}

function leaving(pool: Pool): Expression {
  return { kind: 'get-global', rep: 'i32', global: pool.key, cell: LEAVING };
}

function setLeaving(pool: Pool, value: Expression, span: Span): Statement {
  return { kind: 'set-global', global: pool.key, cell: LEAVING, value, span };
}

function slotOffset(pool: Pool): number {
  const field = pool.layout.fields.find((f) => f.name === POOL_SLOT);
  if (field === undefined) throw new Error(`${pool.layout.name} is not an entity`);
  return field.offset;
}

function slotOf(lowering: FunctionLowering, pool: Pool, entity: Expression): Expression {
  return lowering.load(entity, slotOffset(pool), 'i32');
}

function setSlot(
  lowering: FunctionLowering,
  pool: Pool,
  entity: Expression,
  value: Expression,
  span: Span,
): void {
  lowering.builder.emit({
    kind: 'store',
    stored: 'i32',
    target: entity,
    offset: slotOffset(pool),
    value,
    span,
  });
}

function at(lowering: FunctionLowering, vector: Expression, index: Expression): Expression {
  const target = lowering.load(vector, MUT_VECTOR_BUFFER, 'ref');
  return { kind: 'load-element', rep: 'ref', stored: 'ref', target, index, stride: 4, offset: VECTOR_DATA };
}

const above = (value: Expression, than: Expression): Expression => binary('i32', 'gt_s', value, than, 'i32');
const isNegative = (value: Expression): Expression => binary('i32', 'lt_s', value, i32(0), 'i32');
const negated = (value: Expression): Expression => binary('i32', 'sub', i32(0), value);

/** `(add-entity! e)`: returns the entity. One that is in the world stays where it is, and so does one that is about to leave it. */
export function addEntity(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): Value {
  const { builder } = lowering;
  const pool = poolOf(lowering.program, (type as { definition: TypeDefinition }).definition);
  const held = builder.stableOne(entity, 'entity');
  const slot = builder.stableOne(slotOf(lowering, pool, held), 'slot');
  const enter = builder.nested(() => {
    const vector = builder.stableOne(entities(pool), 'pool');
    push(lowering, mutVector(pool.type), vector, [held], span);
    setSlot(lowering, pool, held, lengthOf(lowering, vector), span);
    joinParent(lowering, pool.type, held, span);
  });
  const stay = builder.nested(() => {
    setSlot(lowering, pool, held, negated(slot), span);
    appear(lowering, pool.type, held, span);
    builder.emit(setLeaving(pool, binary('i32', 'sub', leaving(pool), i32(1)), span));
  });
  const isLeaving = builder.nested(() =>
    builder.emit({ kind: 'if', condition: isNegative(slot), then: stay, else: [] }),
  );
  const isNew = unary('i32', 'i32', 'eqz', slot);
  const isOutside = binary('i32', 'or', isNew, binary('i32', 'eq', slot, i32(GONE), 'i32'));
  builder.emit({ kind: 'if', condition: isOutside, then: enter, else: isLeaving });
  return [held];
}

/** Whether an entity was removed from the world, as 0 or 1; undefined where the type is no entity's. */
export function hasLeft(lowering: FunctionLowering, type: Type, object: Expression): Expression | undefined {
  if (type.kind !== 'named' || !type.definition.entity) return undefined;
  const pool = poolOf(lowering.program, type.definition);
  return isNegative(slotOf(lowering, pool, object));
}

/** `(alive? e)`: it was added, and not removed. */
export function isInWorld(lowering: FunctionLowering, type: Type, entity: Expression): Value {
  const pool = poolOf(lowering.program, (type as { definition: TypeDefinition }).definition);
  return [above(slotOf(lowering, pool, entity), i32(0))];
}

/** `(remove-entity! e)`: its place in the pool goes when the frame ends; one that is not in the world is left alone. */
export function removeEntity(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): Value {
  const { builder } = lowering;
  const pool = poolOf(lowering.program, (type as { definition: TypeDefinition }).definition);
  const held = builder.stableOne(entity, 'entity');
  const slot = builder.stableOne(slotOf(lowering, pool, held), 'slot');
  const then = builder.nested(() => {
    setSlot(lowering, pool, held, negated(slot), span);
    builder.emit(setLeaving(pool, binary('i32', 'add', leaving(pool), i32(1)), span));
    removeChildren(lowering, pool.type, held, span);
  });
  builder.emit({ kind: 'if', condition: above(slot, i32(0)), then, else: [] });
  return UNIT;
}

/** One more of a type is leaving. */
export function countLeaving(lowering: FunctionLowering, definition: TypeDefinition, span: Span): void {
  const pool = poolOf(lowering.program, definition);
  lowering.builder.emit(setLeaving(pool, binary('i32', 'add', leaving(pool), i32(1)), span));
}

/** `(count-entities T)`: those in the world. */
export function lowerCountEntities(
  lowering: FunctionLowering,
  definitions: readonly TypeDefinition[],
): Value {
  const counts = definitions.map((definition) => {
    const pool = poolOf(lowering.program, definition);
    return binary('i32', 'sub', lengthOf(lowering, entities(pool)), leaving(pool));
  });
  const all = counts.reduce((sum, count) => binary('i32', 'add', sum, count), i32(0));
  return [unary('i64', 'i32', 'extend_u', all)];
}

/**
 * A loop over entities. One over a class is a loop for each type, inside of one that runs once, so that `break` leaves them all; how
 * many there are is known before the first begins.
 */
export function lowerForEntities(
  lowering: FunctionLowering,
  e: Extract<TypedExpression, { kind: 'for-entities' }>,
): Value {
  const { builder } = lowering;
  const visits = e.entities.map((definition) => visitTo(lowering, definition));
  const { parameter } = e;
  /** `left` is the loop that a `break` leaves, where that is not this one. */
  const bodyOf = (left?: number) => (entity: Expression) => {
    lowering.bind(e.binding, [entity]);
    lowering.leaving(left, () => lowering.effect(e.body));
  };
  if (parameter === undefined) {
    for (const visit of visits) visitAll(lowering, visit, e.span, bodyOf());
    return UNIT;
  }
  lowering.loop(e.span, () => {
    const all = lowering.innermostLoop();
    for (const visit of visits) {
      const { type } = visit.pool;
      const substitution = new Map([...lowering.substitution, ...bind([parameter], [type])]);
      lowering.at(substitution, `visiting ${typeKey(type)}`, () =>
        visitAll(lowering, visit, e.span, bodyOf(all)),
      );
    }
    builder.emit({ kind: 'break', loop: all });
  });
  return UNIT;
}

/** Goes over the entities of a type that are in the world when it begins and when their turn comes. */
export function eachLiving(
  lowering: FunctionLowering,
  definition: TypeDefinition,
  span: Span,
  body: (entity: Expression) => void,
): void {
  visitAll(lowering, visitTo(lowering, definition), span, body);
}

interface Visit {
  readonly pool: Pool;
  readonly vector: Expression;
  readonly count: Expression;
}

function visitTo(lowering: FunctionLowering, definition: TypeDefinition): Visit {
  const pool = poolOf(lowering.program, definition);
  const vector = lowering.builder.stableOne(entities(pool), 'pool');
  return { pool, vector, count: lowering.builder.stableOne(lengthOf(lowering, vector), 'count') };
}

function visitAll(
  lowering: FunctionLowering,
  { pool, vector, count }: Visit,
  span: Span,
  body: (entity: Expression) => void,
): void {
  const { builder } = lowering;
  const index = builder.local('index', 'i32');
  builder.set(index, i32(0));
  lowering.loop(
    span,
    () => {
      lowering.exitIf(binary('i32', 'ge_u', get(index), count, 'i32'));
      const entity = builder.stableOne(at(lowering, vector, get(index)), 'entity');
      const then = builder.nested(() => body(entity));
      builder.emit({ kind: 'if', condition: above(slotOf(lowering, pool, entity), i32(0)), then, else: [] });
    },
    () => builder.set(index, binary('i32', 'add', get(index), i32(1))),
  );
}

/** `(%remove-all-entities!)`: what a change of scenes does. */
export function removeAllEntities(lowering: FunctionLowering, span: Span): Value {
  const { builder } = lowering;
  for (const definition of lowering.program.entityTypes) {
    const pool = poolOf(lowering.program, definition);
    const vector = builder.stableOne(entities(pool), 'pool');
    const count = builder.stableOne(lengthOf(lowering, vector), 'count');
    const index = builder.local('index', 'i32');
    builder.set(index, i32(0));
    lowering.loop(
      span,
      () => {
        lowering.exitIf(binary('i32', 'ge_u', get(index), count, 'i32'));
        removeEntity(lowering, pool.type, at(lowering, vector, get(index)), span);
      },
      () => builder.set(index, binary('i32', 'add', get(index), i32(1))),
    );
  }
  return UNIT;
}

/** A type's pool, in a local. */
export function poolIn(lowering: FunctionLowering, definition: TypeDefinition): Expression {
  return lowering.builder.stableOne(entities(poolOf(lowering.program, definition)), 'pool');
}

/** Does something with the entity at an index of a type's pool, if it is in the world. */
export function withEntityAt(
  lowering: FunctionLowering,
  definition: TypeDefinition,
  vector: Expression,
  index: Expression,
  work: (entity: Expression) => void,
): void {
  const { builder } = lowering;
  const pool = poolOf(lowering.program, definition);
  const entity = builder.stableOne(at(lowering, vector, index), 'entity');
  const then = builder.nested(() => work(entity));
  builder.emit({ kind: 'if', condition: above(slotOf(lowering, pool, entity), i32(0)), then, else: [] });
}

/**
 * Before that: what the leaving entities own is dropped, the last one's first. Who still holds one of them finds nothing in its fields. Drop
 * code may do to the world what it likes; an entity that it adds again stays, without what it owned.
 */
export function dropLeaving(lowering: FunctionLowering, definition: TypeDefinition, span: Span): void {
  const { builder, program } = lowering;
  if (!program.hasOwners) return;
  const pool = poolOf(program, definition);
  const owning = owningFields(pool.type);
  if (owning.length === 0) return;
  const then = builder.nested(() => {
    const vector = builder.stableOne(entities(pool), 'pool');
    const index = builder.local('index', 'i32');
    builder.markMutable(index);
    builder.set(index, lengthOf(lowering, vector));
    lowering.loop(span, () => {
      lowering.exitIf(unary('i32', 'i32', 'eqz', get(index)));
      builder.set(index, binary('i32', 'sub', get(index), i32(1)));
      const entity = builder.stableOne(at(lowering, vector, get(index)), 'entity');
      const leaves = builder.nested(() => {
        for (const field of [...owning].reverse()) dropField(lowering, pool, entity, field, span);
      });
      const condition = isNegative(slotOf(lowering, pool, entity));
      builder.emit({ kind: 'if', condition, then: leaves, else: [] });
    });
  });
  builder.emit({ kind: 'if', condition: leaving(pool), then, else: [] });
}

/** Takes what a field owns out of it, and drops it. */
function dropField(
  lowering: FunctionLowering,
  pool: Pool,
  entity: Expression,
  field: { readonly name: string; readonly type: Type },
  span: Span,
): void {
  const { builder } = lowering;
  const { start, end } = componentRange(pool.type, field.name);
  const parts = pool.layout.fields.slice(start, end);
  const value = builder.stable(
    parts.map((part) => lowering.load(entity, part.offset, part.stored)),
    'owned',
  );
  for (const { offset, stored } of parts)
    if (stored === 'ref')
      builder.emit({
        kind: 'store',
        stored,
        target: entity,
        offset,
        value: { kind: 'null', rep: 'ref' },
        span,
      });
  dropValue(lowering, field.type, value, span);
}

/** Takes the leaving entities out of a type's pool. */
export function closeRanks(lowering: FunctionLowering, definition: TypeDefinition, span: Span): void {
  const { builder } = lowering;
  const pool = poolOf(lowering.program, definition);
  const then = builder.nested(() => {
    const vector = builder.stableOne(entities(pool), 'pool');
    const count = builder.stableOne(lengthOf(lowering, vector), 'count');
    const from = builder.local('from', 'i32');
    const to = builder.local('to', 'i32');
    builder.set(from, i32(0));
    builder.set(to, i32(0));
    lowering.loop(
      span,
      () => {
        lowering.exitIf(binary('i32', 'ge_u', get(from), count, 'i32'));
        const entity = builder.stableOne(at(lowering, vector, get(from)), 'entity');
        const stays = builder.nested(() => {
          builder.emit({
            kind: 'store-element',
            stored: 'ref',
            target: lowering.load(vector, MUT_VECTOR_BUFFER, 'ref'),
            index: get(to),
            stride: 4,
            offset: VECTOR_DATA,
            value: entity,
            span,
          });
          builder.set(to, binary('i32', 'add', get(to), i32(1)));
          setSlot(lowering, pool, entity, get(to), span);
        });
        const leaves = builder.nested(() => {
          leaveParent(lowering, pool.type, entity, span);
          setSlot(lowering, pool, entity, i32(GONE), span);
          appear(lowering, pool.type, entity, span);
        });
        const living = above(slotOf(lowering, pool, entity), i32(0));
        builder.emit({ kind: 'if', condition: living, then: stays, else: leaves });
      },
      () => builder.set(from, binary('i32', 'add', get(from), i32(1))),
      // Half closed, an entity would stand in the pool twice.
      { unwatched: true },
    );
    const buffer = lowering.load(vector, MUT_VECTOR_BUFFER, 'ref');
    const gone = binary('i32', 'sub', count, get(to));
    builder.call({ to: 'runtime', name: 'arrayClear', args: [buffer, get(to), gone], reps: [], span }, '');
    builder.emit({
      kind: 'store',
      stored: 'i32',
      target: vector,
      offset: MUT_VECTOR_LENGTH,
      value: get(to),
      span,
    });
    builder.emit(setLeaving(pool, i32(0), span));
  });
  builder.emit({ kind: 'if', condition: leaving(pool), then, else: [] });
}
