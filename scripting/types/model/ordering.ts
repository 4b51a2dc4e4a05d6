/** `Ordering`, the result of `compare`: `LT`, `EQ` or `GT`. */
import type { Type, TypeDefinition } from './type.ts';

const definition: TypeDefinition = {
  kind: 'sum',
  name: 'Ordering',
  key: 'Ordering',
  parameters: [],
  fields: [],
  variants: ['LT', 'EQ', 'GT'].map((name) => ({ name, fields: [], span: undefined })),
  entity: false,
  span: undefined,
};

export const ORDERING: Type = { kind: 'named', definition, args: [] };
