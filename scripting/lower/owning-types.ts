/** Which values own something: an `Owned`, and whatever holds one flat. What holds it by an address, as a struct does, does not. */
import { isShared, ownedSubject, type Type } from '../types/index.ts';
import { fieldsOf, isFlat } from './representation.ts';
import { typeKey } from './substitution.ts';
import { sumOf } from './sum.ts';

/** Whether a value of a concrete type is moved by what would copy any other. */
export function owns(type: Type, inside: readonly string[] = []): boolean {
  if (type.kind !== 'named') return false;
  if (ownedSubject(type) !== undefined) return true;
  const parts = partsOf(type);
  if (parts.length === 0) return false;
  const key = typeKey(type);
  return !inside.includes(key) && parts.some((part) => owns(part, [...inside, key]));
}

/** Whether a concrete type's values own something, and all that they own is shared: a copy has shares of its own. */
export function copies(type: Type, inside: readonly string[] = []): boolean {
  if (ownedSubject(type) !== undefined) return isShared(type);
  if (!owns(type)) return false;
  const within = [...inside, typeKey(type)];
  return partsOf(type).every((part) => inside.includes(typeKey(part)) || !owns(part) || copies(part, within));
}

/** Of what a flat value, or a variant of a sum, has its parts. */
function partsOf(type: Type): readonly Type[] {
  if (isFlat(type)) return fieldsOf(type).map((field) => field.type);
  if (type.kind !== 'named' || type.definition.kind !== 'sum') return [];
  return sumOf(type).variants.flatMap((variant) => variant.fields.map((field) => field.type));
}

/** Fields of a struct that own something. */
export function owningFields(type: Type): ReturnType<typeof fieldsOf> {
  return type.kind === 'named' && type.definition.kind === 'struct'
    ? fieldsOf(type).filter((field) => owns(field.type))
    : [];
}
