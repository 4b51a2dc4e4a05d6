export * from './called-by-host.ts';
export * from './layout.ts';
export * from './phases.ts';
