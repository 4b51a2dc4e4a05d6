/**
 * What is attached to an entity. A parent knows the first of its children, and each child its neighbours, so that a parent takes its own out
 * of the world without a look at anybody else, and a child leaves the list at once:
 *
 *     parent: [first child] ---> child: [next child] ---> child: [next child] ---> nobody
 *                                       [child before] <------- [child before]
 *
 * In the list are the children that stand in their pool: one that has been out of the world when a frame ended is held by its parent no
 * more, but remembers it, and is in the list again when it is added again. The newest is the first.
 */
import { MUT_VECTOR_BUFFER, VECTOR_DATA } from '../heap/index.ts';
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { placeField, type Type } from '../types/index.ts';
import { binary, get, i32 } from './builder.ts';
import { countLeaving, GONE, poolIn } from './entity.ts';
import { FunctionLowering } from './function.ts';
import { CHILD_BEFORE, CHILDREN, FIRST_CHILD, NEXT_CHILD, PARENT, POOL_SLOT } from './representation.ts';
import { EMPTY } from './substitution.ts';
import { lengthOf } from './vector.ts';

export const NOBODY: Expression = { kind: 'null', rep: 'ref' };

export const isNobody = (entity: Expression): Expression => binary('ref', 'eq', entity, NOBODY, 'i32');

const isSomebody = (entity: Expression): Expression => binary('ref', 'ne', entity, NOBODY, 'i32');

type Link = typeof PARENT | typeof FIRST_CHILD | typeof NEXT_CHILD | typeof CHILD_BEFORE;

/** The hidden field's place in an entity that has a place: the same in all of them. */
export function offsetOf(lowering: FunctionLowering, type: Type, name: string): number {
  const found = lowering.program.types.struct(type).fields.find((field) => field.name === name);
  if (found === undefined) throw new Error(`an entity with a place has ${name}`);
  return found.offset;
}

/** The hidden fields of entities that have a place, as one of these types has them. */
export function attachedFields(lowering: FunctionLowering, type: Type) {
  const at = (name: string): number => offsetOf(lowering, type, name);
  return {
    link: (name: Link, of: Expression): Expression => lowering.load(of, at(name), 'ref'),
    set: (name: Link, of: Expression, value: Expression, span: Span): void =>
      lowering.builder.emit({ kind: 'store', stored: 'ref', target: of, offset: at(name), value, span }),
    hasChildren: (of: Expression): Expression => lowering.load(of, at(CHILDREN), 'i32'),
    slot: (of: Expression): Expression => lowering.load(of, at(POOL_SLOT), 'i32'),
    setSlot: (of: Expression, value: Expression, span: Span): void =>
      lowering.builder.emit({
        kind: 'store',
        stored: 'i32',
        target: of,
        offset: at(POOL_SLOT),
        value,
        span,
      }),
  };
}

const hasPlace = (type: Type): boolean => placeField(type) !== undefined;

/** An entity is in its parent's list from now on, if it has a parent and stands in its pool. */
export function joinParent(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  whereListed(lowering, type, child, 'join', span);
}

/** An entity is in its parent's list no more. */
export function leaveParent(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  whereListed(lowering, type, child, 'leave', span);
}

function whereListed(
  lowering: FunctionLowering,
  type: Type,
  child: Expression,
  what: 'join' | 'leave',
  span: Span,
): void {
  if (!hasPlace(type)) return;
  const { builder } = lowering;
  const condition = isSomebody(attachedFields(lowering, type).link(PARENT, child));
  const key = defineListed(lowering, type, what);
  const then = builder.nested(() =>
    builder.call({ to: 'function', key, args: [child], reps: [], span }, what),
  );
  builder.emit({ kind: 'if', condition, then, else: [] });
}

/** The function that puts a child that has a parent into the list of that, or takes it out, if it stands in its pool. */
function defineListed({ program }: FunctionLowering, type: Type, what: 'join' | 'leave'): string {
  const key = `sluice:${what}-parent`;
  program.define(key, () => {
    const name = what === 'join' ? 'attach!' : 'detach!';
    const lowering = new FunctionLowering(program, EMPTY, { key, name });
    const { builder } = lowering;
    const span = program.library;
    const child = get(builder.param('child', 'ref'));
    const slot = builder.stableOne(attachedFields(lowering, type).slot(child), 'slot');
    const isIn = binary(
      'i32',
      'and',
      binary('i32', 'ne', slot, i32(0), 'i32'),
      binary('i32', 'ne', slot, i32(GONE), 'i32'),
    );
    const then = builder.nested(() => {
      if (what === 'join') join(lowering, type, child, span);
      else leave(lowering, type, child, span);
    });
    builder.emit({ kind: 'if', condition: isIn, then, else: [] });
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key, name, results: [], span });
  });
  return key;
}

function join(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  const { builder } = lowering;
  const { link, set } = attachedFields(lowering, type);
  const parent = builder.stableOne(link(PARENT, child), 'parent');
  const first = builder.stableOne(link(FIRST_CHILD, parent), 'first');
  set(NEXT_CHILD, child, first, span);
  const then = builder.nested(() => set(CHILD_BEFORE, first, child, span));
  builder.emit({ kind: 'if', condition: isSomebody(first), then, else: [] });
  set(FIRST_CHILD, parent, child, span);
}

function leave(lowering: FunctionLowering, type: Type, child: Expression, span: Span): void {
  const { builder } = lowering;
  const { link, set } = attachedFields(lowering, type);
  const before = builder.stableOne(link(CHILD_BEFORE, child), 'before');
  const next = builder.stableOne(link(NEXT_CHILD, child), 'next');
  const isFirst = builder.nested(() => set(FIRST_CHILD, link(PARENT, child), next, span));
  const isLater = builder.nested(() => set(NEXT_CHILD, before, next, span));
  builder.emit({ kind: 'if', condition: isNobody(before), then: isFirst, else: isLater });
  const then = builder.nested(() => set(CHILD_BEFORE, next, before, span));
  builder.emit({ kind: 'if', condition: isSomebody(next), then, else: [] });
  set(NEXT_CHILD, child, NOBODY, span);
  set(CHILD_BEFORE, child, NOBODY, span);
}

/** An entity leaves the world: what is attached to it goes too. */
export function removeChildren(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  if (!hasPlace(type)) return;
  const { builder } = lowering;
  const condition = isSomebody(attachedFields(lowering, type).link(FIRST_CHILD, entity));
  const key = defineRemover(lowering, type);
  const then = builder.nested(() =>
    builder.call({ to: 'function', key, args: [entity], reps: [], span }, 'children'),
  );
  builder.emit({ kind: 'if', condition, then, else: [] });
}

/**
 * The function that takes out of the world what is attached to an entity, and to that: a walk along the lists and back by the parents, which
 * needs no stack however long a chain is. What has left the world before is passed over, with its children.
 */
function defineRemover({ program }: FunctionLowering, type: Type): string {
  const key = 'sluice:remove-children';
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name: 'remove-entity!' });
    const { builder } = lowering;
    const span = program.library;
    const root = get(builder.param('root', 'ref'));
    const { link } = attachedFields(lowering, type);
    const node = builder.local('node', 'ref');
    const next = builder.local('next', 'ref');
    builder.set(node, link(FIRST_CHILD, root));
    // Stopped halfway, some of the children would be left without what they are attached to.
    const whole = { unwatched: true } as const;
    const nothing = (): void => undefined;
    const walk = (): void => {
      lowering.exitIf(binary('ref', 'eq', get(node), root, 'i32'));
      builder.set(next, NOBODY);
      removeNode(lowering, type, get(node), () => builder.set(next, link(FIRST_CHILD, get(node))), span);
      const up = builder.nested(() => {
        builder.set(next, link(NEXT_CHILD, get(node)));
        lowering.loop(
          span,
          () => {
            lowering.exitIf(isSomebody(get(next)));
            builder.set(node, link(PARENT, get(node)));
            const atRoot = builder.nested(() => builder.set(next, root));
            const below = builder.nested(() => builder.set(next, link(NEXT_CHILD, get(node))));
            const condition = binary('ref', 'eq', get(node), root, 'i32');
            builder.emit({ kind: 'if', condition, then: atRoot, else: below });
          },
          nothing,
          whole,
        );
      });
      builder.emit({ kind: 'if', condition: isNobody(get(next)), then: up, else: [] });
      builder.set(node, get(next));
    };
    lowering.loop(span, walk, nothing, whole);
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key, name: 'remove-entity!', results: [], span });
  });
  return key;
}

/** Takes an entity with a place, of whatever type, out of the world; `removed` is done where it was in. */
function removeNode(
  lowering: FunctionLowering,
  type: Type,
  node: Expression,
  removed: () => void,
  span: Span,
): void {
  const { builder } = lowering;
  const { slot, setSlot } = attachedFields(lowering, type);
  const held = builder.stableOne(slot(node), 'slot');
  const then = builder.nested(() => {
    setSlot(node, binary('i32', 'sub', i32(0), held), span);
    countOut(lowering, node, binary('i32', 'sub', held, i32(1)), span);
    removed();
  });
  builder.emit({ kind: 'if', condition: binary('i32', 'gt_s', held, i32(0), 'i32'), then, else: [] });
}

/** Of what type an entity is, is seen by whose pool it stands in: descriptors change when code is reloaded. */
function countOut(lowering: FunctionLowering, node: Expression, at: Expression, span: Span): void {
  const { builder, program } = lowering;
  const index = builder.stableOne(at, 'index');
  for (const definition of program.entityTypes) {
    if (!hasPlace({ kind: 'named', definition, args: [] })) continue;
    const pool = poolIn(lowering, definition);
    const then = builder.nested(() => {
      const target = lowering.load(pool, MUT_VECTOR_BUFFER, 'ref');
      const there: Expression = {
        kind: 'load-element',
        rep: 'ref',
        stored: 'ref',
        target,
        index,
        stride: 4,
        offset: VECTOR_DATA,
      };
      const counted = builder.nested(() => countLeaving(lowering, definition, span));
      builder.emit({
        kind: 'if',
        condition: binary('ref', 'eq', there, node, 'i32'),
        then: counted,
        else: [],
      });
    });
    builder.emit({
      kind: 'if',
      condition: binary('i32', 'lt_u', index, lengthOf(lowering, pool), 'i32'),
      then,
      else: [],
    });
  }
}
