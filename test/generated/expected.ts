/** Programs of several cases, with what the reference says that each does. */
import { makeCase } from './cases.ts';
import { Interpreter, type Limits, type Outcome } from './interpreter.ts';
import { makeModules } from './modules.ts';
import type { Case, Program, World } from './program.ts';
import { Random } from './random.ts';
import { makeSparseCase } from './sparse.ts';
import { Discard } from './value.ts';
import { makeWorld, type Pool } from './world.ts';

export const LIMITS: Limits = { steps: 4000, allocations: 900 };

export interface Expected {
  readonly program: Program;
  /** By the index of a case. */
  readonly outcomes: ReadonlyMap<number, readonly Outcome[]>;
  /** Cases that the reference has no answer to, made on the way. */
  readonly discarded: number;
}

/** What the host sees of a case; undefined where the reference has no answer. */
export function evaluate(world: World, one: Case): readonly Outcome[] | undefined {
  try {
    return new Interpreter(world, one, LIMITS).run();
  } catch (error) {
    if (error instanceof Discard) return undefined;
    throw error;
  }
}

function makeFullCase(random: Random, pool: Pool, index: number): Case {
  const boldness = random.pick([0, 0, 0.1, 0.3]);
  return makeCase(random, pool, index, { size: random.pick([60, 120, 200]), boldness });
}

/** So many cases in one program, by a seed. */
export function makeProgram(seed: number, count: number): Expected {
  const random = new Random(seed);
  const made = makeWorld(random);
  const sparse = random.chance(0.06);
  // In a sparse program nothing but the host allocates. By a chance of their own, so that the others are what they were.
  const modules = sparse ? [] : makeModules(new Random(~seed));
  const pool = { ...made, world: { ...made.world, modules } };
  const cases: Case[] = [];
  const outcomes = new Map<number, readonly Outcome[]>();
  let discarded = 0;
  while (cases.length < count) {
    const one = sparse ? makeSparseCase(random, cases.length) : makeFullCase(random, pool, cases.length);
    const found = evaluate(pool.world, one);
    if (found === undefined) {
      discarded += 1;
      continue;
    }
    outcomes.set(one.index, found);
    cases.push(one);
  }
  return { program: { world: pool.world, cases }, outcomes, discarded };
}
