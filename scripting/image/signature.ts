/** What whoever calls a function of a script must know of it, whatever version of the script it is in. */
import type { HostFields, HostShape, HostSignature, HostType } from './host-types.ts';

/**
 * The same text where arguments and results cross as the same. Neither parameters' names count, nor the numbers of shapes, which differ
 * between versions; fields of structs and variants do, for their names are those of the objects that cross.
 */
export function signatureText({ params, result }: HostSignature, shapes: readonly HostShape[]): string {
  const known = new Set<string>();
  const told: unknown[] = [];
  const typeText = (type: HostType): unknown => {
    if (type.kind === 'value' || type.kind === 'tuple') return [type.name, fieldTexts(type.fields)];
    if (type.kind !== 'shape') return type;
    if (!known.has(type.key)) {
      known.add(type.key);
      told.push([type.key, shapeText(shapes[type.shape])]);
    }
    return type.key;
  };
  const fieldTexts = (fields: HostFields): unknown => fields.map(({ name, type }) => [name, typeText(type)]);
  const shapeText = (shape: HostShape | undefined): unknown => {
    switch (shape?.kind) {
      case 'struct':
        return fieldTexts(shape.fields);
      case 'vector':
        return typeText(shape.element);
      case 'map':
        return [typeText(shape.key), shape.value === undefined ? undefined : typeText(shape.value)];
      case 'sum':
        return shape.variants.map(({ name, fields }) => [name, fieldTexts(fields)]);
      case 'function':
        return [shape.params.map(typeText), typeText(shape.result)];
      case undefined:
        return undefined;
    }
  };
  const types = [...params.map(({ type, borrows }) => [typeText(type), borrows]), typeText(result)];
  return JSON.stringify([types, told]);
}
