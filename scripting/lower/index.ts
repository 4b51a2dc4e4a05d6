export type * from './ir.ts';
export { type LowerOptions, lower, testExport } from './program.ts';
export { RUNTIME, type RuntimeFunction } from './runtime.ts';
