/** Statements by chance: they bind names that later ones use, open arenas and leave them in every way, and store what they have. */
import type { Expression, Local, Statement } from '../../../scripting/ir/index.ts';
import { CALLS_AGAIN, LENDS } from './host.ts';
import {
  addToTable,
  arenaAs,
  BODIES,
  BODIES_BUFFER,
  copyAllOut,
  copyOut,
  evaluate,
  extern,
  get,
  give,
  global,
  i32,
  load,
  local,
  loopAs,
  makeArray,
  makeRope,
  makeVec,
  outside,
  push,
  runtime,
  set,
  setElement,
  setGlobal,
  store,
  within,
} from './program.ts';
import { ACTION, CELLS, FRIEND, LIST, type RandomValues, TABLE } from './random-values.ts';
import { inside, type Kind, type Scope } from './scope.ts';
import type { Choose, Swarm } from './swarm.ts';

const NOTHING: Expression = { kind: 'null', rep: 'ref' };

/** From what a path may begin. */
const REACHING: readonly Exclude<Kind, 'function'>[] = ['node', 'vector', 'list', 'table'];

export class RandomStatements {
  readonly #choose: Choose;
  readonly #swarm: Swarm;
  readonly #values: RandomValues;
  /** What was copied out together of the arenas that are open. */
  readonly #copied: { readonly kind: Kind; readonly copies: readonly Local[] }[] = [];
  #budget = 0;
  #targets = 0;

  constructor(choose: Choose, swarm: Swarm, values: RandomValues) {
    this.#choose = choose;
    this.#swarm = swarm;
    this.#values = values;
  }

  /** A function's own: at most as many statements as it may have. */
  begin(most: number): void {
    this.#budget = this.#swarm.statements(most);
  }

  /** An arena, and what is done with what was copied out of it. */
  arena(scope: Scope, least = 1): Statement[] {
    const handle = local(this.#swarm.isFrame() ? 'frame' : 'block', 'i32');
    const arenas = [...scope.arenas, handle];
    const within = inside(scope, { arenas, around: scope });
    const first = this.#swarm.isBegun() ? this.#begin(within) : [];
    const others = this.#copied.length;
    const arena = arenaAs(handle, [...first, ...this.statements(within, least)]);
    const copied = this.#copied.splice(others);
    // In a loop they would be what they were in the round before, where nothing is copied in this one.
    const begun = copied.flatMap(({ copies }) => copies.map((copy) => set(copy, NOTHING)));
    return [...begun, arena, ...copied.flatMap(({ kind, copies }) => this.#afterArena(kind, copies, scope))];
  }

  /** Something that is made here, and so may not go on. */
  #begin(scope: Scope): Statement[] {
    const values = this.#values;
    const made = local(values.name());
    const node = values.node('make', scope);
    if (this.#choose(2) === 0) {
      scope.node.push(made);
      return [set(made, node)];
    }
    scope.vector.push(made);
    return [
      set(made, makeVec(BODIES, values.name())),
      ...push(get(made), BODIES_BUFFER, node, values.name()),
    ];
  }

  /** Statements of a scope: what they bind is seen by those after them. */
  statements(scope: Scope, least = 1): Statement[] {
    const statements: Statement[] = [];
    for (let count = least + this.#choose(4); count > 0 && this.#budget > 0; count--) {
      this.#budget--;
      statements.push(...this.#statement(scope));
    }
    return statements;
  }

  #statement(scope: Scope): Statement[] {
    const values = this.#values;
    const kind = this.#swarm.statement();
    switch (kind) {
      case 'node':
      case 'vector':
      case 'function':
      case 'table':
        return this.#bind(kind, scope);
      case 'list':
        return this.#bindList(scope);
      case 'arena':
        return this.arena(scope);
      case 'if':
        return [this.#maybe(this.statements(inside(scope)), this.statements(inside(scope)))];
      case 'loop': {
        const id = this.#targets++;
        return [loopAs(id, ...this.statements(inside(scope, { loops: [...scope.loops, id] })))];
      }
      case 'jump':
        return this.#jump(scope);
      case 'store':
        return [this.#store(scope)];
      case 'probe':
        return this.#probe(this.#swarm.kind(REACHING), scope);
      case 'push':
        return push(values.value('vector', scope), BODIES_BUFFER, values.value('node', scope), values.name());
      case 'fill':
        return addToTable(values.value('table', scope), values.value('node', scope), values.name());
      case 'call':
        return this.#call(scope);
      case 'assign': {
        const which = this.#swarm.kind(['node', 'vector', 'function']);
        const assigned = values.known(which, scope);
        return assigned === undefined ? [] : [set(assigned, values.value(which, scope))];
      }
      case 'global':
        return this.#keep('node', scope);
      case 'frame-global':
        return this.#choose(3) > 0
          ? this.#keep('frame node', scope)
          : [setGlobal('frame vector', values.value('vector', scope))];
      case 'outside':
        return this.#outside(scope);
      case 'copy-out':
        return this.#copyOut(scope);
      case 'leave':
        return this.#leave(scope);
      case 'within':
        return [within(this.#choose(2) === 0 ? 'heap' : 'frame', ...this.statements(inside(scope)))];
      case 'host':
        return [
          evaluate(
            this.#choose(2) === 0
              ? extern(LENDS, [], values.any('function', scope))
              : extern(CALLS_AGAIN, []),
          ),
          ...this.#look('node', scope),
        ];
    }
  }

  #maybe(then: readonly Statement[], otherwise: readonly Statement[] = []): Statement {
    return { kind: 'if', condition: i32(1), then, else: otherwise };
  }

  #bind(kind: Exclude<Kind, 'list'>, scope: Scope): Statement[] {
    // One more name for what has one says little.
    const isNew = kind === 'node' && this.#choose(3) > 0;
    const value = isNew ? this.#values.node(this.#swarm.node(), scope) : this.#values.value(kind, scope);
    const bound = local(this.#values.name());
    scope[kind].push(bound);
    return [set(bound, value)];
  }

  /** A flat vector and its elements, some of another's among them, or a tree of two vectors. */
  #bindList(scope: Scope): Statement[] {
    const values = this.#values;
    const list = (): ReturnType<RandomValues['any']> => values.any('list', scope);
    const value = this.#choose(3) === 0 ? makeRope(values.name(), list(), list()) : makeArray();
    const bound = local(values.name());
    const statements = [set(bound, value)];
    if (value.kind === 'call') {
      statements.push(setElement(get(bound), values.value('node', scope), values.name()));
      if (this.#choose(3) === 0)
        statements.push(evaluate(runtime('arrayCopy', [], get(bound), i32(0), list(), i32(0), i32(1))));
    }
    scope.list.push(bound);
    return statements;
  }

  #store(scope: Scope): Statement {
    const target = this.#values.value('node', scope);
    if (this.#choose(3) === 0) return this.#change(target, scope);
    const [field, kind] = this.#values.pick([
      [FRIEND, 'node'],
      [FRIEND, 'node'],
      [CELLS, 'vector'],
      [ACTION, 'function'],
      [LIST, 'list'],
      [TABLE, 'table'],
    ] as const);
    // What is made for it has no other name.
    const isNew = kind === 'node' && this.#choose(2) === 0;
    const value = isNew ? this.#values.node('make', scope) : this.#values.value(kind, scope);
    return store(target, field, value, this.#values.name());
  }

  /** Gives away what there is, or something new, and looks at what has become of it. */
  #call(scope: Scope): Statement[] {
    const first: Statement[] = [];
    if (this.#choose(2) === 0) {
      const given = local(this.#values.name());
      first.push(set(given, this.#values.node('make', scope)));
      scope.node.push(given);
    }
    const call = this.#values.node(this.#choose(2) === 0 ? 'call' : 'apply', scope);
    if (this.#choose(2) === 0) return [...first, evaluate(call), ...this.#look('node', scope)];
    const result = local(this.#values.name());
    scope.node.push(result);
    const changed = this.#choose(2) === 0 ? [this.#change(get(result), scope)] : [];
    return [...first, set(result, call), ...changed, ...this.#look('node', scope)];
  }

  /** In a global, and perhaps looks at it by way of that. */
  #keep(key: 'node' | 'frame node', scope: Scope): Statement[] {
    const kept = local(this.#values.name());
    const first = [set(kept, this.#values.value('node', scope)), setGlobal(key, get(kept))];
    const look = this.#choose(2) === 0 ? [] : this.#follow(this.#values.onward(global(key)), scope);
    scope.node.push(kept);
    return [...first, ...look];
  }

  /** Gives a node a friend that has no other name. */
  #change(node: Expression, scope: Scope): Statement {
    return store(node, FRIEND, this.#values.node('make', scope), this.#values.name());
  }

  /** Perhaps at what was copied just now, or changed by others; perhaps after it was changed here. */
  #look(from: Exclude<Kind, 'function'>, scope: Scope): Statement[] {
    const chosen = this.#choose(4);
    if (chosen === 0) return [];
    return [...(chosen === 1 ? [this.#store(scope)] : []), ...this.#probe(from, scope)];
  }

  /** Of two nodes that were copied out of an arena together, changes one and looks at the other. */
  #afterArena(kind: Kind, [one, other]: readonly Local[], scope: Scope): Statement[] {
    if (kind !== 'node' || one === undefined || other === undefined) return [];
    return [this.#change(get(one), scope), ...this.#follow(load(get(other), FRIEND), scope)];
  }

  /** Follows a path from something there is, and keeps what it finds, or changes it. */
  #probe(from: Exclude<Kind, 'function'>, scope: Scope): Statement[] {
    return this.#follow(this.#values.step(from, scope), scope);
  }

  #follow(first: Expression, scope: Scope): Statement[] {
    const values = this.#values;
    const found = local(values.name());
    const kept = this.#choose(4);
    const steps: Statement[] = [set(found, first)];
    for (let more = Math.max(0, this.#choose(4) - 1); more > 0; more--)
      steps.push(set(found, values.onward(get(found))));
    if (kept === 0) return [...steps, setGlobal('node', get(found))];
    scope.node.push(found);
    if (kept === 1) return [...steps, store(values.any('node', scope), FRIEND, get(found), values.name())];
    if (kept === 2) return [...steps, this.#change(get(found), scope)];
    return steps;
  }

  /** What is made outside of an open arena, in names that go on. */
  #outside(scope: Scope): Statement[] {
    if (scope.arenas.length === 0) return [];
    const handle = this.#values.pick(scope.arenas);
    const kind = this.#values.pick(['node', 'vector', 'table'] as const);
    const called = this.#choose(2) === 0 ? [evaluate(this.#values.node('apply', scope))] : [];
    return [outside(handle, ...this.#bind(kind, scope), ...called, ...this.statements(inside(scope), 0))];
  }

  #copyOut(scope: Scope): Statement[] {
    const handle = scope.arenas.at(-1);
    if (handle === undefined) return [];
    const kind = this.#swarm.kind(['node', 'vector', 'function', 'list', 'table']);
    const copies = Array.from({ length: 1 + this.#choose(2) }, () => local(this.#values.name()));
    const parts = copies.map((copy) => [copy, this.#values.value(kind, scope)] as const);
    scope[kind].push(...copies);
    scope.around?.[kind].push(...copies);
    const out = copyAllOut(handle, ...parts);
    this.#copied.push({ kind, copies });
    return [...out, ...(kind === 'function' ? [] : this.#look(kind, scope))];
  }

  /**
   * What `?` does: returns a copy out of all arenas that are open, or what there is where only `frame` is. Or `return`, which copies
   * nothing, and calls as a tail where no arena is open.
   */
  #leave(scope: Scope): Statement[] {
    const outermost = scope.arenas.find(({ name }) => name !== 'frame');
    const value = this.#values.value('node', scope);
    const copy = local(this.#values.name());
    // How much is still to come decides, as that takes no choice from what is recorded of other programs.
    const isPlain = outermost === undefined || this.#budget % 4 === 0;
    if (!isPlain) return [this.#maybe([...copyOut(outermost, copy, value), give(get(copy))])];
    const canCall = scope.arenas.length === 0 && value.kind === 'call' && value.call.to === 'function';
    return [this.#maybe([canCall ? { kind: 'tail-call', call: value.call } : give(value)])];
  }

  /** Out of a loop, on with its next round, or to the end of a stretch. */
  #jump(scope: Scope): Statement[] {
    if (scope.loops.length > 0 && this.#choose(3) > 0) {
      const target = this.#values.pick(scope.loops);
      return [this.#maybe([{ kind: this.#choose(2) === 0 ? 'break' : 'continue', loop: target }])];
    }
    if (scope.blocks.length > 0 && this.#choose(2) === 0)
      return [this.#maybe([{ kind: 'leave', block: this.#values.pick(scope.blocks) }])];
    const id = this.#targets++;
    return [{ kind: 'block', id, body: this.statements(inside(scope, { blocks: [...scope.blocks, id] })) }];
  }
}
