/**
 * What comparing values of a type may come to: code of a program's own, which may change everything while the comparison is in
 * the middle of it, and values that are not equal to themselves.
 */
import { isLibrary, type Type } from '../types/index.ts';
import type { ProgramLowering } from './program.ts';
import { elementOf, fieldsOf, isNamed } from './representation.ts';
import { typeKey } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVector } from './walk.ts';

/** Whether `=` of a type may run a program's own, or that of a collection of the library's, which may hold anything. */
export function hasOwnEquality(program: ProgramLowering, type: Type): boolean {
  return someWithin(type, (part) => program.instances.has('Eq', [part]));
}

/**
 * Whether each value of a type is known to be equal to itself, so that one and the same object need not be gone through. A
 * NaN is not, and what an instance of a program's own says nobody knows.
 */
export function isReflexive(program: ProgramLowering, type: Type): boolean {
  return !someWithin(type, (part) => isFloat(part) || isOwnInstance(program, part));
}

/** The library's collections are equal to themselves where what is in them is. */
function isOwnInstance(program: ProgramLowering, type: Type): boolean {
  const method = program.instances.methods('Eq', [type])?.get('=');
  return method !== undefined && !isLibrary(method.span.source);
}

function isFloat(type: Type): boolean {
  return isNamed(type, 'f32') || isNamed(type, 'f64');
}

function someWithin(type: Type, test: (part: Type) => boolean, seen: Set<string> = new Set()): boolean {
  if (test(type)) return true;
  const key = typeKey(type);
  if (seen.has(key)) return false;
  seen.add(key);
  return partsOf(type).some((part) => someWithin(part, test, seen));
}

function partsOf(type: Type): readonly Type[] {
  if (isVector(type)) return [elementOf(type)];
  if (type.kind === 'named' && type.definition.kind === 'sum')
    return sumOf(type).variants.flatMap((variant) => variant.fields.map((field) => field.type));
  return fieldsOf(type).map((field) => field.type);
}
