export { type LowerOptions, lower, testExport } from './program.ts';
export { shownExport } from './shown-results.ts';
