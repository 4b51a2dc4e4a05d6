export type * from './ir.ts';
export { RUNTIME, type RuntimeFunction } from './runtime.ts';
