/**
 * Drawing between two steps. Where a game's steps are fixed and its frames are not, what is drawn lies between where all was before the
 * last step and where that has taken it. `sluice:keep` is called before the step: it goes over the living entities and keeps their
 * placements one after the other, of each its place first, then its sprites in their order:
 *
 *     *kept*   | Ship 1: place, hull, turret | Ship 2: place, hull, turret | Spark 1: look | ...
 *               1                             4                             7                 the `kept placement` in the entity
 *
 * What came into the world since has none, and neither has what is to appear where it is: its number is 0, and it is drawn where it is.
 * What the placements are is the library's: `modules/stage/interpolation.slu`.
 */
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { placeField, type Type } from '../types/index.ts';
import { i32 } from './builder.ts';
import { eachLiving } from './entity.ts';
import { FunctionLowering } from './function.ts';
import { placeOf, worldPlace } from './place.ts';
import type { ProgramLowering } from './program.ts';
import { isInterpolated, KEPT } from './representation.ts';
import { callStage, eachSprite } from './sprites.ts';
import { EMPTY } from './substitution.ts';

export const KEEP = 'sluice:keep';

/** Where an entity keeps the number of its first placement; undefined where it has none. */
function keptOffset(lowering: FunctionLowering, type: Type): number | undefined {
  return lowering.program.types.struct(type).fields.find(({ name }) => name === KEPT)?.offset;
}

/** From now on an entity is drawn where it is, until it is kept again. */
export function appear(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  setKept(lowering, type, entity, i32(0), span);
}

function setKept(
  lowering: FunctionLowering,
  type: Type,
  target: Expression,
  value: Expression,
  span: Span,
): void {
  const offset = keptOffset(lowering, type);
  if (offset === undefined) return;
  lowering.builder.emit({ kind: 'store', stored: 'i32', target, offset, value, span });
}

/** Defines what keeps the placements of all that lives. */
export function defineKeeping(program: ProgramLowering): void {
  program.define(KEEP, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key: KEEP, name: 'keeping placements' });
    const { builder } = lowering;
    const span = program.library;
    callStage(lowering, '%begin-keeping!', [], span);
    for (const definition of program.entityTypes) {
      const type: Type = { kind: 'named', definition, args: [] };
      if (!isInterpolated(type)) continue;
      eachLiving(lowering, definition, span, (entity) => {
        const [number] = callStage(lowering, '%next-kept', [], span, ['i32']) as [Expression];
        setKept(lowering, type, entity, number, span);
        if (placeField(type) !== undefined)
          callStage(lowering, '%keep-own-place!', placeOf(lowering, type, entity), span);
        eachSprite(lowering, type, [entity], {
          sprite: (held) => callStage(lowering, '%keep-sprite!', held, span),
          none: (places) => callStage(lowering, '%keep-nothing!', [i32(places)], span),
        });
      });
    }
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key: KEEP, name: 'keeping placements', results: [], span });
  });
}

/** Draws the sprites of an entity between where they were and where they are. */
export function drawBetween(lowering: FunctionLowering, type: Type, entity: Expression, span: Span): void {
  const { builder } = lowering;
  const offset = keptOffset(lowering, type);
  if (offset === undefined) throw new Error('an entity that is drawn has its placements kept');
  const kept = builder.stableOne(lowering.load(entity, offset, 'i32'), 'kept');
  let place = 0;
  if (placeField(type) !== undefined) {
    callStage(lowering, '%set-place!', worldPlace(lowering, type, entity, span, offset), span);
    place += 1;
  }
  eachSprite(lowering, type, [entity], {
    sprite(held) {
      const reps = held.map(({ rep }) => rep as Exclude<typeof rep, 'none'>);
      const between = callStage(lowering, '%sprite-between', [...held, kept, i32(place)], span, reps);
      callStage(lowering, '%add-sprite!', between, span);
      place += 1;
    },
  });
}
