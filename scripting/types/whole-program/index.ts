export { rejectConflictingExterns } from './conflicting-externs.ts';
export { rejectEndlessUses } from './expansion.ts';
export { Finisher } from './finish.ts';
export { orderGlobals } from './initial-values.ts';
export { rejectLiteralUses } from './literal-use.ts';
export { warnOfLostWork } from './lost-work.ts';
export { rejectMissingOperators } from './missing-operator.ts';
export { completeUsed, onDemand } from './on-demand.ts';
export { rejectRecursiveValues } from './recursive-value.ts';
