/** The escape proof: nothing that lives in an arena can be reached after the arena ends. */
export { prove } from './prove.ts';
export { type ProofOptions, RULES, type Rule } from './rules.ts';
