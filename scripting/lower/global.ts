/**
 * Globals: reading and setting them. One of the frame has the same cells, and one more that says whether they hold a value
 * yet. All are 0 when a frame begins: the machine clears them before it empties the frame's arena. Whoever reads the
 * global calls its access function, which computes the initial value where there is none, in the frame's arena.
 */
import type { Expression, Global, Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { GlobalDefinition, TypedExpression } from '../types/index.ts';
import { i32, UNIT, unary, type Value } from './builder.ts';
import { FunctionLowering } from './function.ts';
import type { ProgramLowering } from './program.ts';
import { EMPTY } from './substitution.ts';

/** The cells of a global of the frame whose value has these components. */
export function frameCells(values: readonly Rep[]): readonly Rep[] {
  return [...values, 'i32'];
}

export function readGlobal(lowering: FunctionLowering, definition: GlobalDefinition, span: Span): Value {
  const global = lowering.program.global(definition);
  if (!definition.frame) return global.cells.map((_, cell) => getCell(global, cell));
  const reps = global.cells.slice(0, -1);
  return lowering.builder.call({ to: 'function', key: accessKey(global), args: [], reps, span }, global.name);
}

export function setGlobal(
  lowering: FunctionLowering,
  definition: GlobalDefinition,
  value: Value,
  span: Span,
): void {
  const held = lowering.builder.stable(value, 'value');
  setCells(lowering, lowering.program.global(definition), 0, held, span);
}

/** Sets some components, from `first` on. */
export function setGlobalPart(
  lowering: FunctionLowering,
  definition: GlobalDefinition,
  first: number,
  values: Value,
  span: Span,
): void {
  const held = lowering.builder.stable(values, 'value');
  // The other components must be there.
  if (definition.frame) lowering.builder.discard(readGlobal(lowering, definition, span));
  setCells(lowering, lowering.program.global(definition), first, held, span);
}

/** The function that returns the value of a global of the frame. */
export function defineAccess(program: ProgramLowering, global: Global, initial: TypedExpression): void {
  const { name, cells } = global;
  const key = accessKey(global);
  const { span } = initial;
  program.define(key, () => {
    const lowering = new FunctionLowering(program, EMPTY, { key, name });
    const { builder } = lowering;
    const compute = builder.nested(() => {
      const handle = builder.local('frame', 'i32');
      const body = builder.nested(() => {
        const value = builder.stable(lowering.value(initial), 'initial value');
        setCells(lowering, global, 0, value, span);
      });
      program.opensArenas = true;
      builder.emit({ kind: 'arena', name: 'frame', handle, chunk: 0, limit: 0, body, span });
    });
    const unset = unary('i32', 'i32', 'eqz', getCell(global, cells.length - 1));
    builder.emit({ kind: 'if', condition: unset, then: compute, else: [] });
    const results = cells.slice(0, -1);
    lowering.return(results.length === 0 ? UNIT : results.map((_, cell) => getCell(global, cell)), span);
    return builder.finish({ key, name, results, span });
  });
}

/** Key of that function. */
export function accessKey(global: Global): string {
  return `value of ${global.key}`;
}

function getCell({ key, cells }: Global, cell: number): Expression {
  return { kind: 'get-global', rep: cells[cell] as Rep, global: key, cell };
}

function setCells(
  lowering: FunctionLowering,
  global: Global,
  first: number,
  values: Value,
  span: Span,
): void {
  const set = (cell: number, value: Expression): void =>
    lowering.builder.emit({ kind: 'set-global', global: global.key, cell, value, span });
  for (const [i, value] of values.entries()) set(first + i, value);
  if (global.initializer === undefined) set(global.cells.length - 1, i32(1));
}
