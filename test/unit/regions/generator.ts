/**
 * Programs by chance: a few functions and closures that pass nodes, vectors, tables and function values around, make them
 * in arenas and out of them, and store them wherever the types allow: with `outside`, `copy-out`, every way out of arenas, tail
 * calls, globals of the frame, long vectors, the tables of maps, weak references, and a host that calls back.
 *
 * Read `swarm.ts` for what a program has, `random-statements.ts` and `random-values.ts` for how that is chosen.
 */
import fc from 'fast-check';
import type { Extern, Func, Global, Local, Program, Statement } from '../../../scripting/ir/index.ts';
import { EXTERNS, SHAPES } from './host.ts';
import {
  BODIES,
  BODIES_BUFFER,
  BODY,
  func,
  get,
  give,
  global,
  load,
  local,
  make,
  makeClosure,
  makeVec,
  push,
  set,
  setGlobal,
  store,
} from './program.ts';
import { RandomStatements } from './random-statements.ts';
import { ACTION, CAPTURED, RandomValues } from './random-values.ts';
import { CLOSURES, FUNCTIONS, type Scope, scopeOf } from './scope.ts';
import { type Choose, Swarm, type Theme } from './swarm.ts';

/** Globals that may hold what lives in the frame: a node and a vector. */
export const FRAME_GLOBALS: readonly string[] = ['frame node', 'frame vector'];

export interface Generated {
  readonly functions: readonly Func[];
  readonly table: readonly string[];
  readonly globals: readonly Global[];
  readonly externs: readonly Extern[];
  readonly shapes: Program['shapes'];
}

const GLOBALS: readonly Global[] = FRAME_GLOBALS.map((key) => ({
  key,
  name: key,
  type: 'Body',
  mutable: true,
  cells: ['ref', 'i32'],
  initializer: undefined,
}));

/** A program of these functions, put together by hand. */
export function generated(functions: readonly Func[]): Generated {
  return { functions, table: CLOSURES, globals: GLOBALS, externs: EXTERNS, shapes: SHAPES };
}

/** What the host calls and what that calls: functions of a node, a vector and a function, closures of a node; all give a node. */
export function programs(theme?: Theme): fc.Arbitrary<Generated> {
  return fc.array(fc.nat({ max: 0xffff }), { minLength: TAPE, maxLength: TAPE }).map((tape) => {
    let at = 0;
    const choose: Choose = (choices) => (tape[at++ % TAPE] as number) % choices;
    return new Generator(choose, theme).program();
  });
}

/** As many numbers decide about a program; one that needs more goes through them again. */
const TAPE = 400;

class Generator {
  readonly #choose: Choose;
  readonly #values: RandomValues;
  readonly #statements: RandomStatements;

  constructor(choose: Choose, theme: Theme | undefined) {
    const swarm = new Swarm(choose, theme);
    this.#choose = choose;
    this.#values = new RandomValues(choose, swarm);
    this.#statements = new RandomStatements(choose, swarm, this.#values);
  }

  program(): Generated {
    const named = FUNCTIONS.map((key) => {
      const params = [local('n'), local('v'), local('a')] as const;
      const [node, vector, action] = params;
      return this.#function(
        key,
        [...params],
        scopeOf({ node: [node], vector: [vector], function: [action] }),
      );
    });
    const closures = CLOSURES.map((key) => {
      const [node, self] = [local('n'), local('self')];
      return this.#function(key, [node, self], scopeOf({ node: [node], function: [self] }), self);
    });
    return generated([this.#main(), this.#again(), ...named, ...closures]);
  }

  #begin(key: string, statements: number): void {
    this.#values.begin(key);
    this.#statements.begin(statements);
  }

  /** Has one of everything to begin with, and an arena. */
  #main(): Func {
    const [first, all, action] = [local('first'), local('all'), local('do')] as const;
    const scope = scopeOf({ node: [first], vector: [all], function: [action] });
    this.#begin('main', 14);
    return func(
      'main',
      [],
      ['ref'],
      set(all, makeVec(BODIES, 'all')),
      set(first, make(BODY, 'first', global('node'), get(all))),
      set(action, makeClosure(0, 'do', get(first), get(all))),
      store(get(first), ACTION, get(action), 'the first one acts'),
      ...push(get(all), BODIES_BUFFER, get(first), 'the first of all'),
      setGlobal('node', get(first)),
      ...this.#statements.statements(scope, 1),
      ...this.#statements.arena(scope, 3),
      ...this.#statements.statements(scope, 1),
      give(this.#values.value('node', scope)),
    );
  }

  /** What the host calls while `main` is under way. */
  #again(): Func {
    const [node, vector] = [local('n'), local('v')];
    const scope = scopeOf({ node: [node], vector: [vector] });
    this.#begin('again', 4);
    return func(
      'again',
      [],
      ['ref'],
      set(node, global(this.#values.pick(['node', 'frame node']))),
      set(vector, global('frame vector')),
      ...this.#statements.statements(scope),
      give(this.#values.value('node', scope)),
    );
  }

  #function(key: string, params: Local[], scope: Scope, self?: Local): Func {
    this.#begin(key, 8);
    const first: Statement[] = [];
    if (self !== undefined) {
      const captured = { node: local('captured node'), vector: local('captured vector') };
      first.push(set(captured.node, load(get(self), CAPTURED.node)));
      first.push(set(captured.vector, load(get(self), CAPTURED.vector)));
      // Names that come last are used most.
      if (this.#choose(2) === 0) scope.node.push(captured.node);
      else scope.node.unshift(captured.node);
      scope.vector.push(captured.vector);
    }
    const body = this.#statements.statements(scope);
    return func(key, params, ['ref'], ...first, ...body, this.#last(scope));
  }

  /** What the function returns is chosen from what its own scope still has. */
  #last(scope: Scope): Statement {
    const tailCall = this.#choose(3) === 0 ? this.#values.tailCall(scope) : undefined;
    return tailCall ?? give(this.#values.value('node', scope));
  }
}
