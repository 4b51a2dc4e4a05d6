/**
 * What is drawn. Sprites are values; where in a type they lie is known when the program is compiled, so for each type of entities
 * there is a loop that goes straight to them. What one sprite comes to is the library's: `modules/stage/drawing.slu`.
 *
 * `sluice:draw`, or `sluice:draw-between`, is called by the stage once a frame. It leaves the instances of each layer in a hidden global,
 * `layer:NAME`, which the stage reads as a column.
 */
import type { Expression, Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import {
  holdsSprite,
  isReferred,
  placeField,
  type Type,
  type TypeDefinition,
  type TypedExpression,
} from '../types/index.ts';
import { get, i32, type Value } from './builder.ts';
import { eachLiving } from './entity.ts';
import { FunctionLowering } from './function.ts';
import { defineKeeping, drawBetween } from './interpolation.ts';
import { worldPlace } from './place.ts';
import type { ProgramLowering } from './program.ts';
import { components, fieldsOf, isFlat } from './representation.ts';
import { builtin, EMPTY, typeKey } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVariant, variantFields } from './variant.ts';

const STAGE = 'sluice.stage';
const SPRITE = `${STAGE}.Sprite`;

/** Layers of a program that declares none. */
const ONE_LAYER = [{ name: 'main', sort: 'order', blend: 'normal', camera: 1, implied: true }] as const;

const isKnownAs = (type: Type, key: string): boolean => type.kind === 'named' && type.definition.key === key;

/** Calls a function of `sluice.stage`, whose result is of these. */
export function callStage(
  lowering: FunctionLowering,
  name: string,
  args: Value,
  span: Span,
  reps: readonly Rep[] = [],
): Value {
  const key = lowering.program.instance(`${STAGE}.${name}`, []);
  return lowering.builder.call({ to: 'function', key, args, reps, span }, name);
}

/** What is done with each place in a type where a sprite may lie, in their order. */
export interface SpriteVisitor {
  /** Code for where one lies there. */
  sprite(held: Value): void;
  /** Code for where none does, in so many places one after the other. */
  none?(places: number): void;
}

/** Hands each sprite that lies in a value to a function of the library. */
export function eachSpriteTo(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  to: '%add-sprite!' | '%draw-later!' | '%pick-sprite!',
  span: Span,
): void {
  eachSprite(lowering, type, value, { sprite: (held) => callStage(lowering, to, held, span) });
}

/** In how many places of a type sprites may lie. */
function spritePlaces(type: Type, around: readonly string[] = []): number {
  if (type.kind !== 'named' || isReferred(type) || !holdsSprite(type) || around.includes(typeKey(type)))
    return 0;
  if (isKnownAs(type, SPRITE)) return 1;
  const inside = [...around, typeKey(type)];
  const fields =
    type.definition.kind === 'sum' ? sumOf(type).variants.flatMap((v) => v.fields) : fieldsOf(type);
  return fields.reduce((sum, field) => sum + spritePlaces(field.type, inside), 0);
}

/** Visits each sprite that lies in a value. */
export function eachSprite(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  visitor: SpriteVisitor,
  around: readonly string[] = [],
): void {
  if (type.kind !== 'named' || !holdsSprite(type) || around.includes(typeKey(type))) return;
  const { builder } = lowering;
  const inside = [...around, typeKey(type)];
  const each = (part: Type, held: () => Value): void => {
    if (!isReferred(part) && holdsSprite(part)) eachSprite(lowering, part, held(), visitor, inside);
  };
  const held = builder.stable(value, 'drawn');
  if (isKnownAs(type, SPRITE)) visitor.sprite(held);
  else if (isFlat(type)) {
    let start = 0;
    for (const field of fieldsOf(type)) {
      const end = start + components(field.type).length;
      each(field.type, () => held.slice(start, end));
      start = end;
    }
  } else if (type.definition.kind === 'sum')
    for (const { name, fields } of sumOf(type).variants) {
      if (!fields.some((field) => holdsSprite(field.type))) continue;
      const condition = isVariant(lowering, type, held, name);
      const then = builder.nested(() => {
        for (const field of variantFields(lowering, type, held, name)) each(field.type, () => field.value);
      });
      const places = fields.reduce((sum, field) => sum + spritePlaces(field.type, inside), 0);
      const none = builder.nested(() => visitor.none?.(places));
      builder.emit({ kind: 'if', condition, then, else: none });
    }
  else
    for (const field of fieldsOf(type))
      each(field.type, () => fieldOf(lowering, type, held[0] as Expression, field.name));
}

/** The components of an object's field. */
function fieldOf(lowering: FunctionLowering, type: Type, object: Expression, name: string): Value {
  let start = 0;
  for (const field of fieldsOf(type)) {
    const end = start + components(field.type).length;
    if (field.name === name)
      return lowering.program.types
        .struct(type)
        .fields.slice(start, end)
        .map((f) => lowering.load(object, f.offset, f.stored));
    start = end;
  }
  throw new Error(`there is no field ${name}`);
}

/** What draws: as all is now, or on the way there from where it was before the step. */
export const DRAW = 'sluice:draw';
export const DRAW_BETWEEN = 'sluice:draw-between';

/** Defines what draws where the program has sprites, and returns its layers. */
export function defineDrawing(program: ProgramLowering): ProgramLowering['layers'] {
  const stage = program.typeNamed(`${STAGE}.Instance`);
  if (stage === undefined) return [];
  const layers = program.layers.length === 0 ? ONE_LAYER : program.layers;
  const vector: Type = { kind: 'named', definition: builtin('MutVec'), args: [named(stage)] };
  const columns = layers.map(({ name }) => columnOf(program, name, vector));
  defineDraw(program, DRAW, layers, columns);
  defineDraw(program, DRAW_BETWEEN, layers, columns);
  defineKeeping(program);
  return layers;
}

function defineDraw(
  program: ProgramLowering,
  key: typeof DRAW | typeof DRAW_BETWEEN,
  layers: ProgramLowering['layers'],
  columns: readonly string[],
): void {
  const span = program.library;
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name: 'drawing' });
    const { builder } = lowering;
    const between = key === DRAW_BETWEEN;
    const part: Expression = between
      ? get(builder.param('between', 'f64'))
      : { kind: 'constant', rep: 'f64', value: 1 };
    callStage(lowering, '%begin-drawing!', [i32(layers.length), part], span);
    layers.forEach(({ sort, camera }, i) => {
      const factor: Expression = { kind: 'constant', rep: 'f64', value: camera };
      callStage(lowering, '%begin-layer!', [i32(i), i32(sort === 'y' ? 1 : 0), factor], span);
    });
    for (const entity of program.entityTypes) drawEntities(lowering, entity, between, span);
    callStage(lowering, '%draw-rest!', [], span);
    columns.forEach((global, i) => {
      const [value] = callStage(lowering, '%end-layer!', [i32(i)], span, ['ref']) as [Expression];
      builder.emit({ kind: 'set-global', global, cell: 0, value, span });
    });
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key, name: 'drawing', results: [], span });
  });
}

const named = (definition: TypeDefinition): Type => ({ kind: 'named', definition, args: [] });

/** The key of the hidden global for what is drawn of a layer. */
function columnOf(program: ProgramLowering, layer: string, vector: Type): string {
  const name = `layer:${layer}`;
  program.defineHidden({ key: name, name, type: vector, cells: ['ref'] }, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key: name, name });
    const layout = program.types.mutVector((vector as { args: readonly Type[] }).args[0] as Type);
    const span = program.library;
    const empty = lowering.allocate(layout, [i32(0), { kind: 'null', rep: 'ref' }], span);
    lowering.builder.emit({ kind: 'return', values: [empty], span });
    return lowering.builder.finish({ key: `initialise ${name}`, name, results: ['ref'], span });
  });
  return name;
}

function drawEntities(
  lowering: FunctionLowering,
  definition: TypeDefinition,
  between: boolean,
  span: Span,
): void {
  const type = named(definition);
  if (!holdsSprite(type)) return;
  if (placeField(type) === undefined) callStage(lowering, '%no-place!', [], span);
  eachLiving(lowering, definition, span, (entity) => {
    if (between) drawBetween(lowering, type, entity, span);
    else {
      setPlace(lowering, type, entity, span);
      eachSpriteTo(lowering, type, [entity], '%add-sprite!', span);
    }
  });
}

/** Sprites are relative to an entity's place from now on, where it has one. */
function setPlace(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  if (placeField(type) === undefined) return;
  callStage(lowering, '%set-place!', worldPlace(lowering, type, entity, span), span);
}

/** `(%pick-each! entity)`: shows the library all sprites of an entity, as they are drawn. */
export function pickEach(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  const held = lowering.builder.stableOne(entity, 'entity');
  callStage(lowering, '%no-place!', [], span);
  setPlace(lowering, type, held, span);
  eachSpriteTo(lowering, type, [held], '%pick-sprite!', span);
}

/** What the name of a picture or an animation stands for, found when the program is loaded. */
export function lowerPicture(
  lowering: FunctionLowering,
  { name, as }: Extract<TypedExpression, { kind: 'picture' }>,
): Value {
  const { program } = lowering;
  const key = `${as}:${name}`;
  const rep = as === 'region' ? 'i32' : 'ref';
  program.defineHidden({ key, name: key, type: undefined, cells: [rep] }, () => {
    const finding = new FunctionLowering(program, EMPTY, { key, name: key });
    const span = program.library;
    const to = program.instance(`${STAGE}.%${as}`, []);
    const args = [program.literal(name)];
    const values = finding.builder.call({ to: 'function', key: to, args, reps: [rep], span }, as);
    finding.builder.emit({ kind: 'return', values, span });
    return finding.builder.finish({ key: `initialise ${key}`, name: key, results: [rep], span });
  });
  return [{ kind: 'get-global', rep, global: key, cell: 0 }];
}

/** `(%find-place! entity)`: hands where an entity is in the world to the library. */
export function findPlace(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  callStage(lowering, '%keep-place!', worldPlace(lowering, type, entity, span), span);
}

/** Whether `sluice.stage` is part of the program. */
export function drawsSprites(program: ProgramLowering): boolean {
  return program.typeNamed(SPRITE) !== undefined;
}

/** The frame's call begins: what was drawn in the one before is over. */
export function beginStep(lowering: FunctionLowering, dt: Expression): void {
  callStage(lowering, '%begin-step!', [dt], lowering.program.library);
}
