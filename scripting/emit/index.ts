export type { EmitOptions } from './context.ts';
export { emit } from './module.ts';
