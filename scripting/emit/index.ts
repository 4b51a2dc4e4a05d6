export type { EmitOptions } from './context.ts';
export { EditedModule } from './edited-module.ts';
export { type Effects, findEffects } from './effects.ts';
export { emit } from './module.ts';
