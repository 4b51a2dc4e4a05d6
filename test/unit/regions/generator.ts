/**
 * Programs by chance: a few functions and closures that pass nodes, vectors, tables and function values around, make them
 * in arenas and out of them, and store them wherever the types allow: with `outside`, `copy-out`, early returns out of
 * arenas, globals of the frame, long vectors, the tables of maps, weak references, and what `swap!` does.
 */
import fc from 'fast-check';
import type {
  Expression,
  Extern,
  Func,
  Global,
  Local,
  Program,
  Statement,
} from '../../../scripting/lower/index.ts';
import {
  addToTable,
  apply,
  arenaAs,
  BODIES,
  BODIES_BUFFER,
  BODY,
  CAPTURE,
  call,
  copyOut,
  element,
  evaluate,
  FIRST,
  func,
  get,
  give,
  global,
  i32,
  LENDING,
  load,
  local,
  loop,
  make,
  makeArray,
  makeClosure,
  makeRope,
  makeTable,
  makeVec,
  nth,
  outside,
  push,
  runtime,
  SHAPES,
  set,
  setElement,
  setGlobal,
  store,
  tableElement,
  within,
} from './program.ts';

/** `list`: an immutable vector, flat or a tree. `table`: what maps are made of. */
type Kind = 'node' | 'vector' | 'function' | 'list' | 'table';
type Choose = (choices: number) => number;

interface Scope extends Readonly<Record<Kind, Local[]>> {
  /** Handles of the arenas that are open, outermost first. */
  readonly arenas: readonly Local[];
}

/** Globals that may hold what lives in the frame: a node and a vector. */
export const FRAME_GLOBALS: readonly string[] = ['frame node', 'frame vector'];

export interface Generated {
  readonly functions: readonly Func[];
  readonly table: readonly string[];
  readonly globals: readonly Global[];
  readonly externs: readonly Extern[];
  readonly shapes: Program['shapes'];
}

/** A node's fields; a closure's captures are a node and a vector. */
const FRIEND = FIRST;
const CELLS = FIRST + 4;
const ACTION = FIRST + 8;
const LIST = FIRST + 12;
const TABLE = FIRST + 16;

const FUNCTIONS = ['f', 'g', 'h'];
const CLOSURES = ['closure-a', 'closure-b'];

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
  return { functions, table: CLOSURES, globals: GLOBALS, externs: [LENDING], shapes: SHAPES };
}

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
    return generated([this.#main(), ...named, ...closures]);
  }

  /** Has one of everything to begin with, and an arena. */
  #main(): Func {
    const [first, all, action] = [local('first'), local('all'), local('do')] as const;
    const scope = scopeOf({ node: [first], vector: [all], function: [action] });
    this.#budget = 14;
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
      this.#arena(scope, 3),
      ...this.#statements(scope, 1),
      give(this.#value('node', scope)),
    );
  }

  #function(key: string, params: Local[], scope: Scope, self?: Local): Func {
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

  #arena(scope: Scope, least = 1): Statement {
    const handle = local(this.#choose(3) === 0 ? 'frame' : 'block', 'i32');
    const arenas = [...scope.arenas, handle];
    return arenaAs(handle, this.#statements({ ...inside(scope), arenas }, least));
  }

  /** Statements of a scope of their own: what they bind is forgotten behind them, unless they are a function's. */
  #statements(scope: Scope, least = 1): Statement[] {
    const statements: Statement[] = [];
    for (let count = least + this.#choose(4); count > 0 && this.#budget > 0; count--) {
      this.#budget--;
      statements.push(...this.#statement(scope));
    }
    return statements;
  }

  #statement(scope: Scope): Statement[] {
    switch (this.#choose(20)) {
      case 0:
      case 1:
      case 2:
        return this.#bind('node', scope);
      case 3:
        return this.#bind('vector', scope);
      case 4:
        return this.#bind(this.#choose(2) === 0 ? 'function' : 'table', scope);
      case 5:
      case 6:
        return [this.#arena(scope)];
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
        const assigned = this.#known('node', scope);
        return assigned === undefined ? [] : [set(assigned, this.#value('node', scope))];
      }
      case 13:
        return this.#setGlobal(scope);
      case 14:
        return this.#outside(scope);
      case 15:
        return this.#copyOut(scope);
      case 16:
        return this.#leave(scope);
      case 17:
        return this.#bind('list', scope);
      case 18:
        return addToTable(this.#value('table', scope), this.#value('node', scope), this.#name());
      default:
        return [within(this.#choose(2) === 0 ? 'heap' : 'frame', ...this.#statements(inside(scope)))];
    }
  }

  #bind(kind: Kind, scope: Scope): Statement[] {
    if (kind === 'list') return this.#bindList(scope);
    const value = this.#value(kind, scope);
    const bound = local(this.#name());
    scope[kind].push(bound);
    return [set(bound, value)];
  }

  /** A flat vector and its elements, some of another's among them, or a tree of two vectors. */
  #bindList(scope: Scope): Statement[] {
    const value =
      this.#choose(3) === 0
        ? makeRope(this.#name(), this.#any('list', scope), this.#any('list', scope))
        : makeArray();
    const bound = local(this.#name());
    const statements = [set(bound, value)];
    if (value.kind === 'call') {
      statements.push(setElement(get(bound), this.#value('node', scope), this.#name()));
      if (this.#choose(3) === 0)
        statements.push(
          evaluate(runtime('arrayCopy', [], get(bound), i32(0), this.#any('list', scope), i32(0), i32(1))),
        );
    }
    scope.list.push(bound);
    return statements;
  }

  #store(scope: Scope): Statement {
    const target = this.#value('node', scope);
    const [field, kind] = this.#pick([
      [FRIEND, 'node'],
      [CELLS, 'vector'],
      [ACTION, 'function'],
      [LIST, 'list'],
      [TABLE, 'table'],
    ] as const);
    return store(target, field, this.#value(kind, scope), this.#name());
  }

  #setGlobal(scope: Scope): Statement[] {
    switch (this.#choose(5)) {
      case 0:
        return [setGlobal('node', this.#value('node', scope))];
      case 1:
      case 2:
        return [setGlobal('frame node', this.#value('node', scope))];
      case 3:
        return [setGlobal('frame vector', this.#value('vector', scope))];
      default:
        return [];
    }
  }

  /** What is made outside of an open arena, in names that go on. */
  #outside(scope: Scope): Statement[] {
    const handle = scope.arenas[this.#choose(Math.max(1, scope.arenas.length))];
    if (handle === undefined) return [];
    const kind = this.#pick(['node', 'vector', 'table'] as const);
    const called = this.#choose(2) === 0 ? [evaluate(this.#node(6, scope))] : [];
    return [outside(handle, ...this.#bind(kind, scope), ...called, ...this.#statements(inside(scope), 0))];
  }

  #copyOut(scope: Scope): Statement[] {
    const handle = scope.arenas.at(-1);
    if (handle === undefined) return [];
    const kind = this.#pick(['node', 'vector', 'function'] as const);
    const copy = local(this.#name());
    const statements = copyOut(handle, copy, this.#value(kind, scope));
    scope[kind].push(copy);
    return statements;
  }

  /** What `?` does: returns a copy out of all arenas that are open, or what there is where only `frame` is. */
  #leave(scope: Scope): Statement[] {
    const outermost = scope.arenas.find(({ name }) => name !== 'frame');
    const value = this.#value('node', scope);
    const copy = local(this.#name());
    const body =
      outermost === undefined ? [give(value)] : [...copyOut(outermost, copy, value), give(get(copy))];
    return [{ kind: 'if', condition: i32(1), then: body, else: [] }];
  }

  #value(kind: Kind, scope: Scope): Expression {
    const chosen = this.#known(kind, scope);
    // Mostly something there is, so that things meet.
    if (chosen !== undefined && this.#choose(3) > 0) return get(chosen);
    switch (kind) {
      case 'node':
        return this.#node(this.#choose(11), scope);
      case 'vector':
        return this.#pick([
          () => load(this.#any('node', scope), CELLS),
          () => global('frame vector'),
          () => makeVec(BODIES, this.#name()),
          () => makeVec(BODIES, this.#name(), this.#any('list', scope)),
        ])();
      case 'list':
        return this.#pick([
          () => load(this.#any('node', scope), LIST),
          () => runtime('ropeLeft', ['ref'], this.#any('list', scope)),
          () => runtime('ropeRight', ['ref'], this.#any('list', scope)),
          () => makeRope(this.#name(), this.#any('list', scope), this.#any('list', scope)),
        ])();
      case 'table':
        return this.#choose(3) === 0 ? load(this.#any('node', scope), TABLE) : makeTable(this.#name());
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

  #node(choice: number, scope: Scope): Expression {
    switch (choice) {
      case 0:
        return global('node');
      case 1:
        return load(this.#choose(3) === 0 ? global('frame node') : this.#any('node', scope), FRIEND);
      case 2:
        return nth(this.#any('vector', scope));
      case 5: {
        const key = this.#pick(FUNCTIONS);
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
      case 7:
        return global('frame node');
      case 8:
        return runtime('upgrade', ['ref'], runtime('newWeak', ['ref'], this.#any('node', scope)));
      case 9:
        return element(this.#value('list', scope));
      case 10:
        return tableElement(this.#any('table', scope));
      default:
        return make(
          BODY,
          this.#name(),
          this.#any('node', scope),
          this.#any('vector', scope),
          this.#any('function', scope),
          this.#any('list', scope),
          this.#any('table', scope),
        );
    }
  }

  /** Something there is, or nothing: keeps expressions small. */
  #any(kind: Kind, scope: Scope): Expression {
    const chosen = this.#known(kind, scope);
    return chosen === undefined ? { kind: 'null', rep: 'ref' } : get(chosen);
  }

  #known(kind: Kind, scope: Scope): Local | undefined {
    return scope[kind][this.#choose(Math.max(1, scope[kind].length))];
  }

  #pick<T>(from: readonly T[]): T {
    // Choices are below the length.
    return from[this.#choose(from.length)]!;
  }

  #name(): string {
    return `x${this.#names++}`;
  }
}

function scopeOf(known: Partial<Record<Kind, Local[]>>): Scope {
  return { node: [], vector: [], function: [], list: [], table: [], arenas: [], ...known };
}

/** A scope of its own inside another: sees what that has, and keeps to itself what it binds. */
function inside({ node, vector, function: functions, list, table, arenas }: Scope): Scope {
  return {
    node: [...node],
    vector: [...vector],
    function: [...functions],
    list: [...list],
    table: [...table],
    arenas,
  };
}
