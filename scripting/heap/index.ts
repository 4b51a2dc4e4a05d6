export * from './layout.ts';
export * from './phases.ts';
