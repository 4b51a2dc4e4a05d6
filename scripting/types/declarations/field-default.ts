/**
 * Defaults of fields, `(mut hp : i64 10)`. Each becomes a function without parameters, in the module that defines the type, and
 * whoever leaves the field out calls that function: so a default sees the names of its own module and none of the place where
 * something is made. For a type with parameters the function is generic in the same ones.
 */
import type { Form } from '../../syntax/index.ts';
import { type FieldOwner, functionOf, type Type, type TypeDefinition } from '../model/index.ts';
import type { Declarations } from './declarations.ts';

/** Enters the function that computes a default; returns its key. */
export function declareDefault(
  module: Declarations,
  definition: TypeDefinition,
  owner: FieldOwner,
  type: Type,
  value: Form,
): string {
  const name = `default of ${owner.name}.${owner.field}`;
  const entry = {
    ...module.functionEntry(value, name, value.span, [], [value]),
    scheme: { parameters: definition.parameters, constraints: [], type: functionOf([], type) },
    declared: true,
    defaultOf: owner,
  };
  module.cx.functions.push(entry);
  return entry.key;
}
