export { check, isPrelude } from './check.ts';
export { hostArguments } from './declarations/index.ts';
export {
  type Binding,
  builtinRuling,
  type GlobalDefinition,
  type InstanceDefinition,
  isTooLarge,
  type NumberName,
  type Parameter,
  type Predicate,
  type PrimitiveName,
  partsOf,
  type Type,
  type TypeDefinition,
  type TypedArena,
  type TypedBehaviour,
  type TypedExpression,
  type TypedExtern,
  type TypedFunction,
  type TypedGlobal,
  type TypedLocalFunction,
  type TypedParameter,
  type TypedPattern,
  type TypedProgram,
  type VariantDefinition,
} from './model/index.ts';
export { stronglyConnectedComponents } from './solving/index.ts';
