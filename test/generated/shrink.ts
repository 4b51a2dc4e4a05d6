/** Makes a program that fails smaller, for as long as it fails: part by part, from the outside in. */
import { filling } from './changes.ts';
import { smallest } from './constructors.ts';
import { makeExpression, makeLambda } from './expressions.ts';
import { type Case, type Expression, entry, type Program } from './program.ts';
import { Random } from './random.ts';
import type { Scope } from './scope.ts';
import { makeBlock } from './statements.ts';
import type { Type } from './type.ts';

export interface Shrinking {
  /** Whether a program of one case still fails as it did. */
  readonly fails: (program: Program) => Promise<boolean>;
  /** Milliseconds after which it is small enough. */
  readonly time: number;
}

/** A smaller program of one case that fails too. */
export async function shrink(program: Program, { fails, time }: Shrinking): Promise<Program> {
  const end = performance.now() + time;
  let best = program;
  const tried = async (candidate: Program): Promise<boolean> => {
    if (performance.now() > end || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  const one = (): Case => best.cases[0] as Case;
  const with_ = (change: Partial<Case>): Program => ({ ...best, cases: [{ ...one(), ...change }] });
  for (let before = Number.POSITIVE_INFINITY; sizeOf(best) < before && performance.now() < end; ) {
    before = sizeOf(best);
    await tried({ ...best, world: { ...best.world, methods: [], functions: [], apart: false } });
    await tried({ ...best, world: { ...best.world, modules: [] } });
    if (one().rounds > 1) await tried(with_({ rounds: 1 }));
    for (const f of one().functions)
      if (f.name !== entry.step(one().index))
        await tried(with_({ functions: one().functions.filter((g) => g !== f) }));
    for (const g of one().globals) await tried(with_({ globals: one().globals.filter((h) => h !== g) }));
    for (const name of one().functions.map((f) => f.name)) {
      const replaced = (body: Expression) =>
        with_({ functions: one().functions.map((f) => (f.name === name ? { ...f, body } : f)) });
      const found = one().functions.find((f) => f.name === name);
      if (found !== undefined) await shrinkAt(found.body, best, (body) => tried(replaced(body)));
    }
  }
  return best;
}

/** Tries what is smaller in an expression's place, and then in the places of its parts. Returns what stands there then. */
async function shrinkAt(
  e: Expression,
  program: Program,
  tried: (e: Expression) => Promise<boolean>,
): Promise<Expression> {
  let at = e;
  for (let again = true; again; ) {
    again = false;
    for (const candidate of smaller(at, program)) {
      if (!(await tried(candidate))) continue;
      at = candidate;
      again = true;
      break;
    }
  }
  for (let i = 0; i < at.parts.length; i += 1) {
    const part = at.parts[i] as Expression;
    const whole = at;
    const put = (p: Expression): Expression => ({
      ...whole,
      parts: whole.parts.map((q, j) => (j === i ? p : q)),
    });
    at = put(await shrinkAt(part, program, (p) => tried(put(p))));
  }
  return at;
}

/** What may stand in an expression's place. */
function smaller(e: Expression, program: Program): Expression[] {
  const candidates: Expression[] = [];
  const least = smallestOf(e.type, program);
  if (least !== undefined && sizeOfExpression(least) < sizeOfExpression(e)) candidates.push(least);
  for (const part of e.parts) if (part.type === e.type) candidates.push(part);
  const variadic =
    e.kind === 'do' || e.kind === 'vector' || (e.kind === 'primitive' && /^(mut-vec|list|str)$/.test(e.name));
  if (variadic)
    for (const [i] of e.parts.entries())
      if (e.kind !== 'do' || i < e.parts.length - 1)
        candidates.push({ ...e, parts: e.parts.filter((_, j) => j !== i) });
  return candidates;
}

function smallestOf(of: Type, { world }: Program): Expression | undefined {
  // A type variable, or a function: nothing is smaller for sure.
  if (/'|Fn|Weak|Atom/.test(of.text)) return undefined;
  return smallest(of, plainScope(world), 0).e;
}

const plainScope = (world: Program['world']): Scope => ({
  body: {
    random: new Random(1),
    world,
    types: [],
    globals: [],
    functions: [],
    index: 0,
    budget: { left: 0 },
    boldness: 0,
    names: { next: 0 },
    found: { stores: false },
  },
  variables: [],
  regions: [],
  lifetime: 0,
  open: 0,
  inLoop: false,
  result: undefined,
  returns: undefined,
  inLambda: false,
  depth: 0,
  make: { expression: makeExpression, block: makeBlock, lambda: makeLambda, filling },
});

function sizeOfExpression(e: Expression): number {
  return e.parts.reduce((sum, p) => sum + sizeOfExpression(p), 1);
}

function sizeOf({ cases }: Program): number {
  return cases.reduce(
    (sum, c) => sum + c.globals.length + c.functions.reduce((s, f) => s + sizeOfExpression(f.body), 0),
    0,
  );
}
