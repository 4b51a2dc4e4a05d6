export {
  type MoveRule,
  RETAINING as RETAIN_RULES,
  type RetainRule,
  RULES as MOVE_RULES,
} from './move-rules.ts';
export {
  type LoweredProgram,
  type LoweringRule,
  type LowerOptions,
  lower,
  lowerProgram,
  testExport,
} from './program.ts';
export { shownExport } from './shown-results.ts';
