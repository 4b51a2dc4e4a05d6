export type { EmitOptions } from './context.ts';
export { type Effects, findEffects } from './effects.ts';
export { emit } from './module.ts';
