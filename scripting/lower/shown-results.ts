/**
 * What functions of no parameters return, printed: for each of those that are asked for, a function that calls it and prints what
 * comes, as `println` would, so that it can be anything that can be shown, whether it could cross to the host or not.
 */
import type { Export } from '../ir/index.ts';
import { type Type, type TypedExpression, type TypedFunction, UNIT } from '../types/index.ts';
import { FunctionLowering } from './function.ts';
import type { ProgramLowering } from './program.ts';
import { isShown } from './shown.ts';
import { bind, concrete } from './substitution.ts';

/** What the host calls to have the result of an exported function printed: no function has such a name. */
export function shownExport(name: string): string {
  return `result of ${name}`;
}

/** Undefined where the function has parameters, or returns what cannot be shown. `types`: what it is exported at. */
export function showResult(
  program: ProgramLowering,
  name: string,
  f: TypedFunction,
  types: readonly Type[],
): Export | undefined {
  const substitution = bind(f.typeParameters, types);
  const type = concrete(f.result, substitution);
  if (f.params.length > 0 || !isShown(program, type)) return undefined;
  const key = shownExport(name);
  program.define(key, () => {
    const { span } = f;
    const lowering = new FunctionLowering(program, substitution, { key, name: key });
    const own: Type = { kind: 'function', params: [], result: type };
    const printing: Type = { kind: 'function', params: [type], result: UNIT };
    const callee: TypedExpression = { kind: 'function', key: f.key, typeArguments: types, type: own, span };
    const shown: TypedExpression = { kind: 'call', callee, args: [], type, span };
    const print: TypedExpression = { kind: 'primitive', name: 'println', type: printing, span };
    lowering.effect({ kind: 'call', callee: print, args: [shown], type: UNIT, span });
    lowering.builder.emit({ kind: 'return', values: [], span });
    return lowering.builder.finish({ key, name: key, results: [], span });
  });
  return { name: key, key, params: [], result: { kind: 'unit' } };
}
