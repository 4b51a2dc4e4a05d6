/** Which types a program compares by code of its own: what is in the middle of comparing them may find everything changed. */
import type { Type } from '../types/index.ts';
import type { ProgramLowering } from './program.ts';
import { elementOf, fieldsOf } from './representation.ts';
import { typeKey } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVector } from './walk.ts';

/** Whether `=` of a type may run a program's own, or that of a collection of the library's, which may hold anything. */
export function hasOwnEquality(program: ProgramLowering, type: Type, seen: Set<string> = new Set()): boolean {
  if (program.hasInstance('Eq', [type])) return true;
  const key = typeKey(type);
  if (seen.has(key)) return false;
  seen.add(key);
  return partsOf(type).some((part) => hasOwnEquality(program, part, seen));
}

function partsOf(type: Type): readonly Type[] {
  if (isVector(type)) return [elementOf(type)];
  if (type.kind === 'named' && type.definition.kind === 'sum')
    return sumOf(type).variants.flatMap((variant) => variant.fields.map((field) => field.type));
  return fieldsOf(type).map((field) => field.type);
}
