export {
  type LoweredProgram,
  type LoweringRule,
  type LowerOptions,
  lower,
  lowerProgram,
  testExport,
} from './program.ts';
export { shownExport } from './shown-results.ts';
