/** Expressions by chance: mostly something there is already, so that things meet. */
import type { Expression, Local, Statement } from '../../../scripting/ir/index.ts';
import {
  apply,
  BODIES,
  BODY,
  CAPTURE,
  call,
  callOf,
  element,
  FIRST,
  get,
  global,
  load,
  make,
  makeClosure,
  makeRope,
  makeTable,
  makeVec,
  nth,
  runtime,
  tableElement,
} from './program.ts';
import { CLOSURES, FUNCTIONS, type Kind, type Scope } from './scope.ts';
import type { Choose, NodeKind, Swarm } from './swarm.ts';

/** A node's fields; a closure's captures are a node and a vector. */
export const FRIEND = FIRST;
export const CELLS = FIRST + 4;
export const ACTION = FIRST + 8;
export const LIST = FIRST + 12;
export const TABLE = FIRST + 16;
export const CAPTURED = { node: CAPTURE, vector: CAPTURE + 4 } as const;

const NOTHING: Expression = { kind: 'null', rep: 'ref' };

export class RandomValues {
  readonly #choose: Choose;
  readonly #swarm: Swarm;
  #names = 0;
  #callees: readonly string[] = FUNCTIONS;

  constructor(choose: Choose, swarm: Swarm) {
    this.#choose = choose;
    this.#swarm = swarm;
  }

  /** A function of that name begins. */
  begin(key: string): void {
    // Closures come after all that have a name, and what the host calls before.
    const after = CLOSURES.includes(key) ? [] : FUNCTIONS.slice(FUNCTIONS.indexOf(key) + 1);
    this.#callees = this.#swarm.isRecursive ? FUNCTIONS : after;
  }

  value(kind: Kind, scope: Scope): Expression {
    const chosen = this.known(kind, scope);
    if (chosen !== undefined && this.#choose(3) > 0) return get(chosen);
    switch (kind) {
      case 'node':
        return this.node(this.#swarm.node(), scope);
      case 'vector':
        return this.pick([
          () => load(this.any('node', scope), CELLS),
          () => global('frame vector'),
          () => makeVec(BODIES, this.name()),
          () => makeVec(BODIES, this.name(), this.any('list', scope)),
        ])();
      case 'list':
        return this.pick([
          () => load(this.any('node', scope), LIST),
          () => runtime('ropeLeft', ['ref'], this.any('list', scope)),
          () => runtime('ropeRight', ['ref'], this.any('list', scope)),
          () => makeRope(this.name(), this.any('list', scope), this.any('list', scope)),
        ])();
      case 'table':
        return this.#choose(3) === 0 ? load(this.any('node', scope), TABLE) : makeTable(this.name());
      case 'function':
        return this.#choose(3) === 0
          ? load(this.any('node', scope), ACTION)
          : makeClosure(
              this.#choose(CLOSURES.length),
              this.name(),
              this.#part('node', scope),
              this.#part('vector', scope),
            );
    }
  }

  /** What something is made with. */
  #part(kind: Kind, scope: Scope): Expression {
    return this.#swarm.isNothing() ? NOTHING : this.any(kind, scope);
  }

  node(kind: NodeKind, scope: Scope): Expression {
    switch (kind) {
      case 'global':
        return global('node');
      case 'frame-global':
        return global('frame node');
      case 'friend':
        return load(this.any('node', scope), FRIEND);
      case 'element':
        return nth(this.any('vector', scope));
      case 'in-list':
        return element(this.value('list', scope));
      case 'in-table':
        return tableElement(this.any('table', scope));
      case 'call':
        return this.#callees.length === 0
          ? NOTHING
          : call(this.pick(this.#callees), ['ref'], ...this.#arguments(scope));
      case 'apply':
        return apply(this.any('function', scope), ['ref'], this.any('node', scope));
      case 'weak':
        return runtime('upgrade', ['ref'], runtime('newWeak', ['ref'], this.any('node', scope)));
      case 'make':
        return make(
          BODY,
          this.name(),
          ...(['node', 'vector', 'function', 'list', 'table'] as const).map((part) =>
            this.#part(part, scope),
          ),
        );
    }
  }

  /** A node that something there is leads to. */
  step(from: Exclude<Kind, 'function'>, scope: Scope): Expression {
    const start = this.any(from, scope);
    switch (from) {
      case 'node':
        return this.onward(start);
      case 'vector':
        return nth(start);
      case 'list':
        return element(start);
      case 'table':
        return tableElement(start);
    }
  }

  /** A node that a node leads to. */
  onward(node: Expression): Expression {
    // What is changed most is looked at most.
    if (this.#choose(2) === 0) return load(node, FRIEND);
    return this.pick([
      () => load(node, FRIEND),
      () => nth(load(node, CELLS)),
      () => element(load(node, LIST)),
      () => tableElement(load(node, TABLE)),
      () => load(load(node, ACTION), CAPTURED.node),
    ])();
  }

  /** A call in place of a return; undefined where there is nothing to call. */
  tailCall(scope: Scope): Statement | undefined {
    if (this.#callees.length === 0) return undefined;
    return { kind: 'tail-call', call: callOf(this.pick(this.#callees), ['ref'], ...this.#arguments(scope)) };
  }

  /** What each of the named functions is given: now and then something that has no other name. */
  #arguments(scope: Scope): Expression[] {
    const isNew = this.#choose(4) === 0;
    return [
      isNew ? this.node('make', scope) : this.any('node', scope),
      this.any('vector', scope),
      this.any('function', scope),
    ];
  }

  /** Something there is, or nothing: keeps expressions small. */
  any(kind: Kind, scope: Scope): Expression {
    const chosen = this.known(kind, scope);
    return chosen === undefined ? NOTHING : get(chosen);
  }

  known(kind: Kind, scope: Scope): Local | undefined {
    const { length } = scope[kind];
    if (length === 0) return undefined;
    return this.#swarm.isLatest() ? scope[kind].at(-1) : scope[kind][this.#choose(length)];
  }

  pick<T>(from: readonly T[]): T {
    // Choices are below the length.
    return from[this.#choose(from.length)]!;
  }

  name(): string {
    return `x${this.#names++}`;
  }
}
