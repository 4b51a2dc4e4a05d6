/** The types of `sluice.stage` that the compiler looks for in others: what is drawn, and where entities are. */
import { isTuple } from './builtin.ts';
import type { FieldDefinition, Type, TypeDefinition } from './type.ts';
import { substitute } from './unify.ts';

const SPRITE = 'sluice.stage.Sprite';
const PLACE = 'sluice.stage.Place';

/** Whether a sprite lies in a value: as a field, and so on in values, tuples and sums, but not through what is only referred to. */
export function holdsSprite(type: Type, within: ReadonlySet<TypeDefinition> = new Set()): boolean {
  if (type.kind !== 'named' || within.has(type.definition)) return false;
  if (type.definition.key === SPRITE) return true;
  const deeper = new Set([...within, type.definition]);
  return partsOf(type).some((part) => !isReference(part) && holdsSprite(part, deeper));
}

/** What lies in a struct, a value, a tuple or a sum. */
function partsOf({ definition, args }: Type & { readonly kind: 'named' }): readonly Type[] {
  if (definition.kind === 'builtin') return isTuple(definition) ? args : [];
  const replacement = new Map(definition.parameters.map((p, i) => [p, args[i] as Type]));
  return [...definition.fields, ...definition.variants.flatMap((v) => v.fields)].map((field) =>
    substitute(field.type, replacement),
  );
}

const isReference = (type: Type): boolean => type.kind !== 'named' || type.definition.kind === 'struct';

/** The field that says where an entity is; undefined where it has none, or is no entity. */
export function placeField(type: Type): FieldDefinition | undefined {
  if (type.kind !== 'named' || !type.definition.entity) return undefined;
  return type.definition.fields.find((field) => isPlace(field.type));
}

export function isPlace(type: Type): boolean {
  return type.kind === 'named' && type.definition.key === PLACE;
}
