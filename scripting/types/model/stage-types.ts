/** The types of `sluice.stage` that the compiler looks for in others: what is drawn, and where entities are. */
import { isFlat } from './builtin.ts';
import { isTooLarge } from './size.ts';
import type { FieldDefinition, Type } from './type.ts';
import { prune, sameType, substitute } from './unify.ts';

const SPRITE = 'sluice.stage.Sprite';
const PLACE = 'sluice.stage.Place';

/**
 * Whether a sprite lies in a value: as a field, and so on in values, tuples, arrays and sums, but not through what is only referred to, nor in
 * another value of a type that holds itself.
 */
export function holdsSprite(type: Type): boolean {
  const seen: Type[] = [];
  const holds = (unsolved: Type): boolean => {
    const part = prune(unsolved);
    if (part.kind !== 'named' || seen.some((other) => sameType(other, part)) || isTooLarge(part))
      return false;
    if (part.definition.key === SPRITE) return true;
    seen.push(part);
    return partsOf(part).some((inner) => !isReferred(inner) && holds(inner));
  };
  return holds(type);
}

/** What lies in a struct, a value, a tuple, an array or a sum. */
function partsOf({ definition, args }: Type & { readonly kind: 'named' }): readonly Type[] {
  if (definition.kind === 'builtin') return isFlat(definition) ? args : [];
  const replacement = new Map(definition.parameters.map((p, i) => [p, args[i] as Type]));
  return [...definition.fields, ...definition.variants.flatMap((v) => v.fields)].map((field) =>
    substitute(field.type, replacement),
  );
}

/** Whether what holds a value of this type holds only a reference, through which no sprite is drawn. */
export function isReferred(type: Type): boolean {
  const known = prune(type);
  return known.kind !== 'named' || known.definition.kind === 'struct';
}

/** The field that says where an entity is; undefined where it has none, or is no entity. */
export function placeField(type: Type): FieldDefinition | undefined {
  if (type.kind !== 'named' || !type.definition.entity) return undefined;
  return type.definition.fields.find((field) => isPlace(field.type));
}

export function isPlace(type: Type): boolean {
  return type.kind === 'named' && type.definition.key === PLACE;
}
