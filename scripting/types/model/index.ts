export {
  ARENA,
  arrayDefinition,
  arrayLength,
  arrayOf,
  BOOL,
  BUILTIN_TYPES,
  DROPPED,
  ELEMENTS_ELSEWHERE,
  ERROR,
  F64,
  FLOAT_NAMES,
  type FunctionType,
  functionOf,
  I64,
  INTEGER_NAMES,
  isBuiltin,
  isError,
  isFlat,
  isShared,
  isTuple,
  KEYWORD,
  languageType,
  MOST_ARRAY_ELEMENTS,
  mutVectorOf,
  type NamedType,
  NUMBER_NAMES,
  type NumberName,
  newParameter,
  ownedOf,
  ownedSubject,
  parameterType,
  RANGES,
  STRING,
  sharedOf,
  simple,
  tooWide,
  tupleOf,
  UNIT,
  vectorOf,
} from './builtin.ts';
export { BUILTIN_CLASSES, builtinRuling, elementType } from './builtin-classes.ts';
export { type Captures, capturesOf } from './captures.ts';
export type {
  AliasEntry,
  ClassEntry,
  Definition,
  FieldOwner,
  FunctionEntry,
  GlobalEntry,
  MethodEntry,
  Primitive,
  Scheme,
} from './definition.ts';
export { arrayAround, isElement } from './element.ts';
export { Instances } from './instances.ts';
export { kindsOf } from './kind.ts';
export { HIDDEN, Module } from './module.ts';
export {
  bool,
  bound,
  call,
  conditional,
  discarded,
  dropped,
  type ExpressionOf,
  etaExpanded,
  hidden,
  isConstant,
  local,
  methodCall,
  named,
  parameter,
  primitive,
  sequence,
  spanOfAll,
  unit,
} from './node.ts';
export { ORDERING } from './ordering.ts';
export { partsOf } from './parts.ts';
export { PRIMITIVES, type PrimitiveName } from './primitives.ts';
export { type Local, type NamedNumber, Scope } from './scope.ts';
export { describe, showPredicate, showType } from './show.ts';
export { isTooLarge } from './size.ts';
export { holdsSprite, isPlace, isReferred, placeField } from './stage-types.ts';
export type * from './type.ts';
export type * from './typed.ts';
export {
  type Clash,
  newMeta,
  parts,
  prune,
  resolve,
  sameType,
  substitute,
  unify,
  variables,
} from './unify.ts';
