export type * from './ir.ts';
export { lower } from './program.ts';
export { RUNTIME, type RuntimeFunction } from './runtime.ts';
