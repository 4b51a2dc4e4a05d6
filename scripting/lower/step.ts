/**
 * The frame call. A frame has stages, one after the other: what was drawn is forgotten, a change of scenes, the script's `frame`, its timers, and each behaviour over its
 * pool; then what was removed leaves the world. How far it came stands in the PLACE cells, so that the machine can call it again after
 * something that failed: the stage, and which entity or timer of it is next.
 */

import { PLACE_BEHAVIOUR, PLACE_COUNT, PLACE_ENTITY } from '../heap/index.ts';
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { TypedBehaviour, TypedFunction } from '../types/index.ts';
import { binary, get, i32, unary } from './builder.ts';
import { closeRanks, dropLeaving, poolIn, withEntityAt } from './entity.ts';
import { FunctionLowering } from './function.ts';
import type { ProgramLowering } from './program.ts';
import { beginStep, drawsSprites } from './sprites.ts';
import { EMPTY } from './substitution.ts';
import { lengthOf } from './vector.ts';

interface Stage {
  /** For reports: "frame", "behave Ball". */
  readonly name: string;
  lower(lowering: FunctionLowering, dt: Expression): void;
}

/** The stages of a frame, in their order. `usesGame` says that there are timers and scenes. */
export function stagesOf(
  program: ProgramLowering,
  frame: TypedFunction | undefined,
  behaviours: readonly TypedBehaviour[],
  usesGame: boolean,
): readonly Stage[] {
  const game = (stage: Stage): readonly Stage[] => (usesGame ? [stage] : []);
  return [
    ...(drawsSprites(program) ? [{ name: 'stage', lower: beginStep }] : []),
    ...game({
      name: 'scene',
      lower: (lowering, dt) => callGame(lowering, '%begin-frame!', [dt, isFirstCall()]),
    }),
    {
      name: 'frame',
      lower(lowering, dt) {
        if (frame === undefined) return;
        const args = frame.params.length === 0 ? [] : [dt];
        const key = program.instance(frame.key, []);
        onFirstCall(lowering, () => callFunction(lowering, key, args, frame.span));
      },
    },
    ...game({
      name: 'timers',
      lower: (lowering) => callGame(lowering, '%run-timers!', []),
    }),
    ...behaviours.map((behaviour) => ({
      name: `behave ${program.entityName(behaviour.entity)}`,
      lower: (lowering: FunctionLowering, dt: Expression) => lowerBehaviour(lowering, behaviour, dt),
    })),
  ];
}

/** The key of the function that runs a frame. */
export const STEP = 'sluice:step';

export function defineStep(
  program: ProgramLowering,
  stages: readonly Stage[],
  usesGame: boolean,
  span: Span,
): string {
  program.define(STEP, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key: STEP, name: 'frame' });
    const { builder } = lowering;
    const dt = get(builder.param('dt', 'f64'));
    for (const [number, stage] of stages.entries()) {
      const then = builder.nested(() => {
        stage.lower(lowering, dt);
        setCell(lowering, PLACE_BEHAVIOUR, i32(number + 1));
        setCell(lowering, PLACE_ENTITY, i32(0));
      });
      const condition = binary('i32', 'eq', cell(PLACE_BEHAVIOUR), i32(number), 'i32');
      builder.emit({ kind: 'if', condition, then, else: [] });
    }
    for (const definition of program.entityTypes) dropLeaving(lowering, definition, span);
    for (const definition of program.entityTypes) closeRanks(lowering, definition, span);
    if (usesGame) callGame(lowering, '%end-timers!', []);
    setCell(lowering, PLACE_BEHAVIOUR, i32(0));
    builder.emit({ kind: 'return', values: [], span });
    return builder.finish({ key: STEP, name: 'frame', results: [], span });
  });
  return STEP;
}

/** Whatever was added since it began is left out: how many there were stands in a cell too. */
function lowerBehaviour(lowering: FunctionLowering, behaviour: TypedBehaviour, dt: Expression): void {
  const { program } = lowering;
  const { entity: definition, function: own } = behaviour;
  const pool = poolIn(lowering, definition);
  onFirstCall(lowering, () => setCell(lowering, PLACE_COUNT, lengthOf(lowering, pool)));
  lowering.loop(
    own.span,
    () => {
      lowering.exitIf(binary('i32', 'ge_u', cell(PLACE_ENTITY), cell(PLACE_COUNT), 'i32'));
      withEntityAt(lowering, definition, pool, cell(PLACE_ENTITY), (entity) =>
        callFunction(lowering, program.instance(own.key, []), [entity, dt], own.span),
      );
    },
    () => setCell(lowering, PLACE_ENTITY, binary('i32', 'add', cell(PLACE_ENTITY), i32(1))),
    // Stopped between two entities, the frame would go on after one that has not had its turn.
    { unwatched: true },
  );
}

/** A function of `sluice.game`. */
export function gameKey(name: string): string {
  return `sluice.game.${name}`;
}

function callGame(lowering: FunctionLowering, name: string, args: readonly Expression[]): void {
  const { program } = lowering;
  callFunction(lowering, program.instance(gameKey(name), []), args, program.library);
}

function callFunction(
  { builder }: FunctionLowering,
  key: string,
  args: readonly Expression[],
  span: Span,
): void {
  builder.call({ to: 'function', key, args, reps: [], span }, 'stage');
}

/** Whether nothing of the stage has run yet. */
function isFirstCall(): Expression {
  return unary('i32', 'i32', 'eqz', cell(PLACE_ENTITY));
}

function onFirstCall({ builder }: FunctionLowering, work: () => void): void {
  builder.emit({ kind: 'if', condition: isFirstCall(), then: builder.nested(work), else: [] });
}

function cell(address: number): Expression {
  return { kind: 'get-cell', rep: 'i32', address };
}

function setCell({ builder }: FunctionLowering, address: number, value: Expression): void {
  builder.emit({ kind: 'set-cell', address, value });
}
