/**
 * Programs by chance: a few functions and closures that pass nodes, vectors of nodes and function values around, make
 * them in arenas and out of them, and store them wherever the types allow.
 */
import fc from 'fast-check';
import type { Expression, Func, Local, Statement } from '../../../scripting/lower/index.ts';
import {
  apply,
  arena,
  BODIES,
  BODIES_BUFFER,
  BODY,
  CAPTURE,
  call,
  evaluate,
  FIRST,
  func,
  get,
  give,
  global,
  i32,
  load,
  local,
  loop,
  make,
  makeClosure,
  makeVec,
  nth,
  push,
  set,
  setGlobal,
  store,
} from './program.ts';

type Kind = 'node' | 'vector' | 'function';
type Choose = (choices: number) => number;

/** Globals that may hold what lives in the frame: a node and a vector. */
export const FRAME_GLOBALS: readonly string[] = ['frame node', 'frame vector'];

export interface Generated {
  readonly functions: readonly Func[];
  readonly table: readonly string[];
}

/** A node's fields; a closure's captures are a node and a vector. */
const FRIEND = FIRST;
const CELLS = FIRST + 4;
const ACTION = FIRST + 8;

const FUNCTIONS = ['f', 'g', 'h'];
const CLOSURES = ['closure-a', 'closure-b'];

/** `main` and what it can call: functions of a node, a vector and a function, closures of a node; all give a node. */
export const programs: fc.Arbitrary<Generated> = fc
  .gen()
  .map((random) => new Generator((choices) => random(fc.nat, { max: choices - 1 })).program());

class Generator {
  readonly #choose: Choose;
  #budget = 0;
  #names = 0;

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  program(): Generated {
    const named = FUNCTIONS.map((key) => {
      const params = [local('n'), local('v'), local('a')];
      return this.#function(key, params, {
        node: [params[0]!],
        vector: [params[1]!],
        function: [params[2]!],
      });
    });
    const closures = CLOSURES.map((key) => {
      const params = [local('n'), local('self')];
      return this.#function(
        key,
        params,
        { node: [params[0]!], vector: [], function: [params[1]!] },
        params[1],
      );
    });
    return { functions: [this.#main(), ...named, ...closures], table: CLOSURES };
  }

  /** Has one of everything to begin with, and an arena. */
  #main(): Func {
    const scope = { node: [local('first')], vector: [local('all')], function: [local('do')] };
    const [first, all, action] = [scope.node[0]!, scope.vector[0]!, scope.function[0]!];
    this.#budget = 12;
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
      ...this.#statements(scope, 1),
      arena(this.#choose(3) === 0 ? 'frame' : 'block', ...this.#statements(inside(scope), 3)),
      ...this.#statements(scope, 1),
      give(this.#value('node', scope)),
    );
  }

  #function(key: string, params: Local[], scope: Record<Kind, Local[]>, self?: Local): Func {
    this.#budget = 8;
    const first: Statement[] = [];
    if (self !== undefined) {
      const captured = { node: local('captured node'), vector: local('captured vector') };
      first.push(set(captured.node, load(get(self), CAPTURE)));
      first.push(set(captured.vector, load(get(self), CAPTURE + 4)));
      scope.node.push(captured.node);
      scope.vector.push(captured.vector);
    }
    const body = this.#statements(scope);
    // The result is chosen with what the function's own scope still has.
    return func(key, params, ['ref'], ...first, ...body, give(this.#value('node', scope)));
  }

  /** Statements of a scope of their own: what they bind is forgotten behind them, unless they are a function's. */
  #statements(scope: Record<Kind, Local[]>, least = 1): Statement[] {
    const statements: Statement[] = [];
    for (let count = least + this.#choose(4); count > 0 && this.#budget > 0; count--) {
      this.#budget--;
      statements.push(...this.#statement(scope));
    }
    return statements;
  }

  #statement(scope: Record<Kind, Local[]>): Statement[] {
    switch (this.#choose(14)) {
      case 0:
      case 1:
      case 2:
        return [this.#bind('node', scope)];
      case 3:
        return [this.#bind('vector', scope)];
      case 4:
        return [this.#bind('function', scope)];
      case 5:
      case 6:
        return [arena(this.#choose(3) === 0 ? 'frame' : 'block', ...this.#statements(inside(scope)))];
      case 7:
        return [
          {
            kind: 'if',
            condition: i32(1),
            then: this.#statements(inside(scope)),
            else: this.#statements(inside(scope)),
          },
        ];
      case 8:
        return [loop(...this.#statements(inside(scope)))];
      case 9:
        return [this.#store(scope)];
      case 10:
        return push(this.#value('vector', scope), BODIES_BUFFER, this.#value('node', scope), this.#name());
      case 11:
        return [evaluate(this.#node(5 + this.#choose(2), scope))];
      case 12: {
        const assigned = scope.node[this.#choose(Math.max(1, scope.node.length))];
        return assigned === undefined ? [] : [set(assigned, this.#value('node', scope))];
      }
      default:
        return this.#choose(3) === 0 ? [setGlobal('node', this.#value('node', scope))] : [];
    }
  }

  #bind(kind: Kind, scope: Record<Kind, Local[]>): Statement {
    const value = this.#value(kind, scope);
    const bound = local(this.#name());
    scope[kind].push(bound);
    return set(bound, value);
  }

  #store(scope: Record<Kind, Local[]>): Statement {
    const target = this.#value('node', scope);
    switch (this.#choose(3)) {
      case 0:
        return store(target, FRIEND, this.#value('node', scope), this.#name());
      case 1:
        return store(target, CELLS, this.#value('vector', scope), this.#name());
      default:
        return store(target, ACTION, this.#value('function', scope), this.#name());
    }
  }

  #value(kind: Kind, scope: Record<Kind, Local[]>): Expression {
    const known = scope[kind];
    const chosen = known[this.#choose(Math.max(1, known.length))];
    // Mostly something there is, so that things meet.
    if (chosen !== undefined && this.#choose(3) > 0) return get(chosen);
    switch (kind) {
      case 'node':
        return this.#node(this.#choose(7), scope);
      case 'vector':
        return this.#choose(3) === 0 ? load(this.#any('node', scope), CELLS) : makeVec(BODIES, this.#name());
      case 'function':
        return this.#choose(3) === 0
          ? load(this.#any('node', scope), ACTION)
          : makeClosure(
              this.#choose(CLOSURES.length),
              this.#name(),
              this.#any('node', scope),
              this.#any('vector', scope),
            );
    }
  }

  #node(choice: number, scope: Record<Kind, Local[]>): Expression {
    switch (choice) {
      case 0:
        return global('node');
      case 1:
        return load(this.#any('node', scope), FRIEND);
      case 2:
        return nth(this.#any('vector', scope));
      case 5: {
        const key = FUNCTIONS[this.#choose(FUNCTIONS.length)]!;
        return call(
          key,
          ['ref'],
          this.#any('node', scope),
          this.#any('vector', scope),
          this.#any('function', scope),
        );
      }
      case 6:
        return apply(this.#any('function', scope), ['ref'], this.#any('node', scope));
      default:
        return make(
          BODY,
          this.#name(),
          this.#any('node', scope),
          this.#any('vector', scope),
          this.#any('function', scope),
        );
    }
  }

  /** Something there is, or nothing: keeps expressions small. */
  #any(kind: Kind, scope: Record<Kind, Local[]>): Expression {
    const known = scope[kind];
    const chosen = known[this.#choose(Math.max(1, known.length))];
    return chosen === undefined ? { kind: 'null', rep: 'ref' } : get(chosen);
  }

  #name(): string {
    return `x${this.#names++}`;
  }
}

/** A scope of its own inside another: sees what that has, and keeps to itself what it binds. */
function inside(scope: Record<Kind, Local[]>): Record<Kind, Local[]> {
  return { node: [...scope.node], vector: [...scope.vector], function: [...scope.function] };
}
