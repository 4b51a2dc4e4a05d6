/** The search for a program that the proof accepts and that lets something out of an arena when it runs. */
import fc from 'fast-check';
import type { Rule } from '../../../scripting/regions/index.ts';
import { type Generated, programs } from './generator.ts';
import { EXPORTS } from './host.ts';
import { Escape, Interpreter } from './interpreter.ts';
import { judged } from './program.ts';
import { repaired, STORES } from './repair.ts';
import type { Theme } from './swarm.ts';

export interface Outcome {
  readonly accepted: boolean;
  /** Whether something was let out, and so the program had to be refused. */
  readonly escapes: boolean;
}

/** A program, and numbers of 0 to 3 that its conditions and loops go by. */
export function cases(
  theme?: Theme,
): fc.Arbitrary<readonly [program: Generated, choices: readonly number[]]> {
  return fc.tuple(programs(theme), fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }));
}

/** Judges a program, by the proof without one of its rules if one is named, and runs it. */
export function tryOut(program: Generated, choices: readonly number[], without?: Rule): Outcome {
  const { diagnostics, proved } = judged(
    program.functions,
    { ...program, exports: EXPORTS },
    { without, stores: STORES },
  );
  let next = 0;
  const decide = (): number => choices[next++ % choices.length] as number;
  const interpreter = new Interpreter(proved.functions, program.table, decide);
  try {
    for (let calls = 0; calls < 4; calls++) interpreter.callFromHost(EXPORTS[0]);
  } catch (error) {
    if (!(error instanceof Escape)) throw error;
    return { accepted: diagnostics.length === 0, escapes: true };
  }
  return { accepted: diagnostics.length === 0, escapes: false };
}

/** The same of the program without what is refused in it. */
export function tryOutRepaired(program: Generated, choices: readonly number[], without?: Rule): Outcome {
  const whole = repaired(program, without);
  return whole === undefined ? { accepted: false, escapes: false } : tryOut(whole, choices, without);
}
