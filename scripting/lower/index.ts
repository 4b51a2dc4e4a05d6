export { type LowerOptions, lower, testExport } from './program.ts';
