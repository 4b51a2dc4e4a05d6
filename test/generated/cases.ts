/** Whole cases by chance: globals, functions, and what the host calls. */
import { filling } from './changes.ts';
import { many, smallest } from './constructors.ts';
import { makeExpression, makeLambda, openArena } from './expressions.ts';
import { bind, call, choose, integer, literal, prelude, sequence, variable } from './pieces.ts';
import {
  type Binding,
  type Case,
  type Expression,
  entry,
  expression,
  type FunctionDeclaration,
  type GlobalDeclaration,
} from './program.ts';
import type { Random } from './random.ts';
import type { Body, Known, Make, Scope, Variable } from './scope.ts';
import { makeBlock } from './statements.ts';
import { BOOL, I64, option, STRING, type Type, type, UNIT } from './type.ts';
import { isFlat, isShown, NODE, type Pool, TROUBLE } from './world.ts';

const MAKE: Make = { expression: makeExpression, block: makeBlock, lambda: makeLambda, filling };

export interface CaseOptions {
  /** Nodes of syntax, about. */
  readonly size: number;
  /** How often lifetimes are not looked at. */
  readonly boldness: number;
}

export function makeCase(random: Random, { world, types }: Pool, index: number, options: CaseOptions): Case {
  const base = { random, world, types, index, names: { next: 0 }, boldness: options.boldness };
  const globals = makeGlobals({
    ...base,
    globals: [],
    functions: [],
    budget: { left: 50 },
    found: { stores: false },
  });
  const known: Known[] = world.modules.map(({ keep }) => ({ ...keep, stores: true, repeats: 0 }));
  const others = known.length;
  const start = (share: number): Body => ({
    ...base,
    globals,
    functions: [...known],
    budget: { left: options.size * share },
    found: { stores: false },
  });
  for (let i = random.below(4); i >= 0; i -= 1) known.push(makeFunction(`f${index}-${i}`, start(0.25)));
  const visit = makeVisit(start(0.15));
  const step = makeStep(start(0.5), known);
  const given = random.chance(0.25) ? makeGiving(() => start(0.25)) : [];
  return {
    index,
    globals,
    functions: [...known.slice(others), visit, step, ...given],
    rounds: 2 + random.below(2),
  };
}

/** A function that gives a vector to the host, which holds it for a while, and one that gets it back. */
function makeGiving(start: () => Body): FunctionDeclaration[] {
  const body = start();
  const { random, types, index } = body;
  // The host holds vectors that change as they are; most else is copied to and fro.
  const of = random.pick([...types.filter((t) => t.name === 'MutVec'), type('MutVec', NODE)]);
  const round = bind('round', I64);
  const made = random.chance(0.4)
    ? framed(of, scopeOf(body, [given(round)], undefined))
    : makeBlock(of, scopeOf(body, [given(round)], undefined), 0, 1 + random.below(3)).e;
  const back = bind('back', of);
  const used = makeBlock(UNIT, scopeOf(start(), [given(back)], undefined), 0, 1 + random.below(3)).e;
  const shown = isShown(body.world, of) ? [prelude('println', UNIT, variable(back))] : [];
  return [
    { name: entry.give(index), params: [round], result: of, body: made },
    { name: entry.take(index), params: [back], result: UNIT, body: sequence(used, ...shown) },
  ];
}

/** What `frame` holds must not be given to the host: now and then it is. */
function framed(of: Type, scope: Scope): Expression {
  const { random, boldness } = scope.body;
  const inside = openArena(scope, 'frame');
  const goal = random.chance(boldness) ? 1 : 0;
  return expression('arena', of, [makeBlock(of, inside, goal, random.below(3)).e], { name: 'frame' });
}

function makeGlobals(body: Body): GlobalDeclaration[] {
  const { random, types, index } = body;
  const kinds: readonly Type[] = [
    ...types.filter((t) => ['MutVec', 'MutMap', 'MutSet', 'Vector', 'Map'].includes(t.name)),
    option(NODE),
    NODE,
    STRING,
    type('MutVec', NODE),
  ];
  const scope = scopeOf(body, [], undefined);
  const global = (name: string, of: Type, frame: boolean): GlobalDeclaration => ({
    name,
    type: of,
    frame,
    init: smallest(of, scope, 0).e,
  });
  const kept = many(1 + random.below(3), () => random.pick(kinds)).map((t, i) =>
    global(`*g${index}-${i}*`, t, false),
  );
  if (!random.chance(0.4)) return kept;
  const framed = random.pick(kinds.filter((t) => ['MutVec', 'Vector', 'Option'].includes(t.name)));
  return [...kept, global(`*frame${index}*`, framed, true)];
}

function scopeOf(body: Body, variables: readonly Variable[], result: Type | undefined): Scope {
  return {
    body,
    variables,
    regions: [],
    lifetime: 0,
    open: 0,
    inLoop: false,
    result: result?.name === 'Result' ? result : undefined,
    returns: result && { type: result, goal: 0 },
    inLambda: false,
    depth: 4,
    make: MAKE,
  };
}

const given = ({ name, type: of, mutable }: Binding): Variable => ({
  name,
  type: of,
  mutable,
  low: 0,
  high: 0,
});

function makeFunction(name: string, body: Body): Known {
  const { random, types } = body;
  const callbacks = types.filter((t) => t.name === 'Fn');
  const param = () => random.pick(random.chance(0.2) ? callbacks : types);
  const params = many(1 + random.below(3), param).map((t, i) =>
    bind(`a${i}`, t, random.chance(0.15) && t.name !== 'Fn'),
  );
  const result = random.weighted<Type>([
    [2, UNIT],
    [3, random.pick(types)],
    [1, type('Result', random.pick([STRING, NODE, I64]), TROUBLE)],
  ]);
  const kind = random.weighted<() => FunctionDeclaration & { readonly repeats: number }>([
    [5, () => plain(name, body, params, result)],
    [2, () => recursive(name, body, params, result)],
    [1.5, () => tail(name, body, params)],
    [0.15, () => endless(name)],
  ]);
  const made = kind();
  return { ...made, stores: body.found.stores };
}

function plain(name: string, body: Body, params: readonly Binding[], result: Type) {
  const scope = scopeOf(body, params.map(given), result);
  const made = makeBlock(result, scope, 0, 1 + body.random.below(4));
  return { name, params, result, body: made.e, repeats: 0 };
}

/** Calls itself with a number that goes down. */
function recursive(name: string, body: Body, others: readonly Binding[], result: Type) {
  const n = bind('n', I64);
  const params = [n, ...others.map((p) => ({ ...p, mutable: false }))];
  const scope = scopeOf(body, params.map(given), result);
  const base = makeBlock(result, { ...scope, depth: 2 }, 0, 0);
  const next = prelude('-', I64, variable(n), integer(1));
  const self = call(
    name,
    result,
    next,
    ...others.map((p) => MAKE.expression(p.type, { ...scope, depth: 2 }, 0).e),
  );
  const held: Variable = {
    name: 'again',
    type: result,
    mutable: false,
    low: 0,
    high: isFlat(body.world, result) ? 0 : 0,
  };
  const before = makeBlock(UNIT, { ...scope, depth: 3 }, 0, body.random.below(2)).e;
  const after =
    result === UNIT
      ? sequence(before, self, makeBlock(UNIT, { ...scope, depth: 2 }, 0, 0).e)
      : sequence(
          before,
          expression(
            'let',
            result,
            [self, makeBlock(result, { ...scope, variables: [...scope.variables, held], depth: 3 }, 0, 1).e],
            {
              binds: [bind('again', result)],
            },
          ),
        );
  const whole = choose(prelude('<=', BOOL, variable(n), integer(0)), base.e, after);
  // It stores, for all that is known here: it is called with itself in mind.
  return { name, params, result, body: whole, repeats: 3 };
}

/** A loop that is a tail call. */
function tail(name: string, body: Body, others: readonly Binding[]) {
  const { random, types } = body;
  const n = bind('n', I64);
  const state = bind('state', random.pick(types));
  const params = [n, state, ...others.map((p) => ({ ...p, mutable: false }))];
  const scope = scopeOf(body, params.map(given), undefined);
  const before = makeBlock(UNIT, { ...scope, depth: 3 }, 0, 0).e;
  const next = MAKE.expression(state.type, { ...scope, depth: 3 }, 0).e;
  const again: Expression = {
    ...call(name, state.type, prelude('-', I64, variable(n), integer(1)), next, ...others.map(variable)),
    value: true,
  };
  const whole = choose(
    prelude('<=', BOOL, variable(n), integer(0)),
    variable(state),
    sequence(before, again),
  );
  return { name, params, result: state.type, body: whole, repeats: random.chance(0.05) ? 1000 : 8 };
}

/** Recursion without an end, which allocates on its way: it fails, and what was there before is there still. */
function endless(name: string) {
  const n = bind('n', I64);
  const again = call(name, I64, prelude('+', I64, variable(n), integer(1)));
  const made = prelude('str', STRING, variable(n), literal(STRING, ' deep'));
  const whole = expression(
    'let',
    I64,
    [made, prelude('+', I64, again, prelude('string-length', I64, variable(bind('kept', STRING))))],
    {
      binds: [bind('kept', STRING)],
    },
  );
  return { name, params: [n], result: I64, body: whole, repeats: 0, endless: true };
}

function makeVisit(body: Body): FunctionDeclaration {
  const n = bind('n', I64);
  const scope = scopeOf(body, [given(n)], undefined);
  const made = makeBlock(I64, { ...scope, depth: 3 }, 0, 1);
  return {
    name: entry.visit(body.index),
    params: [n],
    result: I64,
    body: prelude('mod', I64, made.e, integer(1000)),
  };
}

/** Now and then in an arena, where the result says nothing of it. */
function inArena(e: Expression, { random, world }: Body): Expression {
  if (!random.chance(0.4)) return e;
  const inside = isFlat(world, e.type) ? e : expression('copy-out', e.type, [e]);
  return expression('arena', e.type, [inside], { name: random.chance(0.2) ? 'frame' : 'around' });
}

function makeStep(body: Body, known: readonly Known[]): FunctionDeclaration {
  const round = bind('round', I64);
  const scope = scopeOf(body, [given(round)], undefined);
  const statements = makeBlock(UNIT, scope, 0, 5 + body.random.below(4)).e;
  // Each function is called at least once.
  const called = known
    .filter((f) => !f.endless && body.random.chance(0.7))
    .map((f) => {
      const args = f.params.map((p, i) =>
        i === 0 && f.repeats > 0
          ? integer(1 + body.random.below(f.repeats))
          : MAKE.expression(p.type, { ...scope, depth: 1 }, 0).e,
      );
      const made = inArena(call(f.name, f.result, ...args), body);
      if (f.result === UNIT) return made;
      if (isShown(body.world, f.result)) return prelude('println', UNIT, made);
      return sequence(made, expression('do', UNIT));
    });
  return {
    name: entry.step(body.index),
    params: [round],
    result: UNIT,
    body: sequence(statements, ...called),
  };
}
