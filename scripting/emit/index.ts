export { type EmitOptions, emit } from './module.ts';
