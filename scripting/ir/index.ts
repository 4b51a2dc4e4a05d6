export type { Rep, Stored } from '../image/index.ts';
export { isConstant } from './constant.ts';
export { type InlinedSpan, type Inlining, inliningOf } from './inlined.ts';
export type * from './node.ts';
export type * from './program.ts';
export { type Rewriting, rewriteBlock, rewriteExpression } from './rewrite.ts';
export { NATIVE, type NativeName, RUNTIME, type RuntimeFunction, type RuntimeName } from './runtime.ts';
export { partsOfCall, partsOfExpression, partsOfStatement, visit } from './visit.ts';
