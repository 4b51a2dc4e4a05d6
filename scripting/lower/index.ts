export type * from './ir.ts';
export { type Parts, partsOfCall, partsOfExpression, partsOfStatement, visit } from './parts.ts';
export { type LowerOptions, lower, testExport } from './program.ts';
export { type Rewriting, rewriteBlock } from './rewrite.ts';
export { RUNTIME, type RuntimeFunction } from './runtime.ts';
