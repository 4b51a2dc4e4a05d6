/**
 * Makes functions of the representation that set and read addresses on many ways: branches, loops, blocks, arenas in one
 * another, left by every kind of jump, with calls and allocations in between. They keep the invariant of `ir/node.ts` (no address
 * waits on the operand stack for something that allocates), and mean nothing.
 */
import fc from 'fast-check';
import type { Call, Expression, Func, Local, Program, Statement } from '../../../../scripting/ir/index.ts';
import { Source, type Span } from '../../../../scripting/syntax/index.ts';

const SPAN: Span = { source: new Source('generated.slu', ''), start: 0, end: 0 };
const PAIR = 1;
const FIELDS = [4, 8];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const DEEPEST = 5;
const MOST_STATEMENTS = 60;

const get = (local: Local): Expression => ({ kind: 'get', rep: local.rep, local });
const constant = (value: number): Expression => ({ kind: 'constant', rep: 'i32', value });
const NULL: Expression = { kind: 'null', rep: 'ref' };

/** What a jump can lead to. */
type Target = { readonly kind: 'loop' | 'block'; readonly id: number };

/** What decides how a program is made. */
export const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 100, maxLength: 400 });

/** `given` decides everything; 0 is chosen when it is used up. */
export function generatedProgram(given: readonly number[]): Program {
  const main = new Generator(given).main();
  const functions = [main, MAKE, PASS, SECOND, BOTH, CODE].map((func) => [func.key, func] as const);
  return {
    functions: new Map(functions),
    types: [
      { id: 0, name: 'String', kind: 'string', size: 12, fields: [], stride: 1, element: [] },
      {
        id: PAIR,
        name: 'Pair',
        kind: 'struct',
        size: 12,
        fields: FIELDS.map((offset) => ({ name: `at ${offset}`, offset, stored: 'ref' })),
        stride: 0,
        element: [],
      },
    ],
    literals: [],
    globals: [
      { key: 'kept', name: 'kept', type: 'Pair', mutable: true, cells: ['ref'], initializer: undefined },
    ],
    externs: [{ module: 'host', name: 'call', params: [], result: { kind: 'unit' }, span: SPAN }],
    exports: [{ name: 'main', key: 'main', params: [], result: { kind: 'unit' } }],
    shapes: [],
    table: ['code'],
    kept: {
      types: [],
      handles: [],
      tableTypes: [],
      tableObjects: [],
      tableNeeds: [],
      arrangements: new Map(),
    },
    constants: [],
    stages: ['frame'],
    layers: [],
    controls: [],
    opensArenas: true,
    slowPaths: new Set(),
  };
}

const pair = (...values: readonly Expression[]): Expression => ({
  kind: 'allocate',
  rep: 'ref',
  type: PAIR,
  fields: FIELDS.map((offset, i) => ({ offset, stored: 'ref', value: values[i] ?? NULL })),
  span: SPAN,
});

function func(
  key: string,
  params: readonly Local[],
  values: readonly Expression[],
  locals: readonly Local[] = [],
  before: readonly Statement[] = [],
): Func {
  const body: Statement[] = [...before, { kind: 'return', values, span: SPAN }];
  return { key, name: key, params, results: values.map(() => 'ref'), locals, body, span: SPAN };
}

const param = (name: string): Local => ({ id: 0, name, rep: 'ref' });
const given = param('given');
const first = param('first');
const MAKE = func('make', [], [pair()]);
const PASS = func('pass', [given], [get(given)]);
const SECOND = func('second', [param('ignored'), given], [get(given)]);
const BOTH = func('both', [], [get(first), pair()], [first], [{ kind: 'set', local: first, value: pair() }]);
const CODE = func('code', [given], [get(given)]);

class Generator {
  readonly #choices: readonly number[];
  #next = 0;
  #labels = 0;
  #statements = 0;
  readonly #params: Local[];
  readonly #locals: Local[];
  readonly #targets: Target[] = [];
  readonly #handles: Local[] = [];
  #arenas = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
    const all = NAMES.map((name, id): Local => ({ id, name, rep: 'ref' }));
    this.#params = all.slice(0, 2);
    this.#locals = all.slice(2);
  }

  main(): Func {
    const body = [...this.#block(0), { kind: 'return', values: [get(this.#local())], span: SPAN } as const];
    return {
      key: 'main',
      name: 'main',
      params: this.#params,
      results: ['ref'],
      locals: this.#locals,
      body,
      span: SPAN,
    };
  }

  #choose(count: number): number {
    return (this.#choices[this.#next++] ?? 0) % count;
  }

  #local(): Local {
    const named = NAMES.length;
    const all = [...this.#params, ...this.#locals].slice(0, named);
    return all[this.#choose(named)] as Local;
  }

  #block(depth: number): Statement[] {
    const body: Statement[] = [];
    const length = 1 + this.#choose(5);
    while (body.length < length && this.#statements < MOST_STATEMENTS) {
      this.#statements += 1;
      body.push(this.#statement(depth));
    }
    return body;
  }

  #statement(depth: number): Statement {
    const kind = this.#choose(depth < DEEPEST ? 18 : 6);
    switch (kind) {
      case 0:
      case 1:
        return { kind: 'set', local: this.#local(), value: this.#expression(depth) };
      case 2:
        return this.#pairOfResults();
      case 3: {
        // The target waits for the value, so nothing in that sets it.
        const [target, value] = [get(this.#local()), this.#expression(DEEPEST)];
        return { kind: 'store', stored: 'ref', target, offset: 4, value, span: SPAN };
      }
      case 4:
        return { kind: 'evaluate', value: this.#choose(3) === 0 ? this.#grow() : this.#expression(depth) };
      case 5:
        return { kind: 'set-global', global: 'kept', cell: 0, value: this.#expression(depth), span: SPAN };
      case 6:
      case 7:
        return this.#if(this.#block(depth + 1), this.#choose(2) === 0 ? [] : this.#block(depth + 1));
      case 8:
        return this.#loop(depth);
      case 9: {
        const id = this.#label();
        return { kind: 'block', id, body: this.#inside({ kind: 'block', id }, depth) };
      }
      case 10:
      case 11:
        return this.#arena(depth);
      case 12:
        return this.#region(depth);
      case 13:
      case 14:
      case 15:
        return this.#leftArena(depth);
      default:
        return this.#if([this.#jump(depth)], []);
    }
  }

  #pairOfResults(): Statement {
    const [one, other] = [this.#local(), this.#local()];
    const call: Call = { to: 'function', key: 'both', args: [], reps: ['ref', 'ref'], span: SPAN };
    // Two results in one local would be set one after the other.
    return one === other
      ? { kind: 'set', local: one, value: this.#call('make', []) }
      : { kind: 'set-call', locals: [one, other], call };
  }

  #if(then: readonly Statement[], otherwise: readonly Statement[]): Statement {
    const [left, right] = [get(this.#local()), get(this.#local())];
    const condition = { kind: 'binary', rep: 'i32', of: 'ref', op: 'eq', left, right } as const;
    return { kind: 'if', condition, then, else: otherwise };
  }

  #loop(depth: number): Statement {
    const id = this.#label();
    const body = this.#inside({ kind: 'loop', id }, depth);
    const step = this.#choose(2) === 0 ? [] : [this.#pairOfResults()];
    return { kind: 'loop', id, body, step, span: SPAN };
  }

  #arena(depth: number): Statement {
    return this.#arenaWith(() => this.#block(depth + 1));
  }

  #arenaWith(content: () => readonly Statement[]): Statement {
    const name = this.#choose(6) === 1 ? 'frame' : 'arena';
    const handle = this.#handle();
    this.#arenas += 1;
    const body = content();
    this.#arenas -= 1;
    this.#handles.pop();
    return { kind: 'arena', name, handle, chunk: 0, limit: 0, body, span: SPAN };
  }

  /** A loop or block with an arena in it, or two, that a jump leaves. */
  #leftArena(depth: number): Statement {
    const id = this.#label();
    const kind = this.#choose(3) === 0 ? 'block' : 'loop';
    this.#targets.push({ kind, id });
    const jump = this.#arenaWith(() => {
      const leave = (): Statement => this.#if([this.#jump(depth + 2, this.#targets.length - 1)], []);
      const inner =
        this.#choose(3) === 0 ? this.#arenaWith(() => [...this.#block(depth + 2), leave()]) : leave();
      return [...this.#block(depth + 2), inner, ...this.#block(depth + 2)];
    });
    const body = [...this.#block(depth + 1), jump, ...this.#block(depth + 1)];
    this.#targets.pop();
    return kind === 'block' ? { kind, id, body } : { kind, id, body, step: [], span: SPAN };
  }

  #region(depth: number): Statement {
    const outer = this.#handles.at(-1);
    this.#arenas += 1;
    const body = this.#block(depth + 1);
    this.#arenas -= 1;
    if (outer === undefined) return { kind: 'suppressed', body, span: SPAN };
    if (this.#choose(2) === 0) return { kind: 'outside', handle: outer, body, span: SPAN };
    return { kind: 'within', region: 'heap', body, span: SPAN };
  }

  #inside(target: Target, depth: number): Statement[] {
    this.#targets.push(target);
    const body = this.#block(depth + 1);
    this.#targets.pop();
    return body;
  }

  #jump(depth: number, to = this.#choose(Math.max(this.#targets.length, 1))): Statement {
    const target = this.#targets[to];
    const kind = this.#choose(8);
    if (kind === 0) return { kind: 'return', values: [this.#expression(depth)], span: SPAN };
    if (kind === 1) return { kind: 'fail', failure: 1, span: SPAN };
    // A tail call closes nothing.
    if (target === undefined && this.#arenas > 0) return { kind: 'return', values: [NULL], span: SPAN };
    if (target === undefined) return { kind: 'tail-call', call: this.#callOf('pass', [get(this.#local())]) };
    if (target.kind === 'block') return { kind: 'leave', block: target.id };
    return kind < 5 ? { kind: 'break', loop: target.id } : { kind: 'continue', loop: target.id };
  }

  #expression(depth: number): Expression {
    const kind = this.#choose(depth < DEEPEST ? 12 : 9);
    switch (kind) {
      case 0:
        return get(this.#local());
      case 1:
        return NULL;
      case 2:
        return pair(get(this.#local()), get(this.#local()));
      case 3:
        return this.#call('make', []);
      case 4:
        return this.#call('pass', [this.#choose(2) === 0 ? get(this.#local()) : this.#call('make', [])]);
      case 9:
        return this.#call('second', [get(this.#local()), this.#expression(DEEPEST)]);
      case 5: {
        const target = this.#choose(2) === 0 ? get(this.#local()) : this.#call('make', []);
        return { kind: 'load', rep: 'ref', stored: 'ref', target, offset: 8 };
      }
      case 6: {
        const closure = get(this.#local());
        const call: Call = { to: 'closure', closure, args: [], reps: ['ref'], span: SPAN };
        return { kind: 'call', rep: 'ref', call };
      }
      case 7:
        return { kind: 'get-global', rep: 'ref', global: 'kept', cell: 0 };
      case 8: {
        const [left, right] = [get(this.#local()), get(this.#local())];
        const condition = { kind: 'binary', rep: 'i32', of: 'ref', op: 'eq', left, right } as const;
        const [yes, no] = [this.#call('make', []), get(this.#local())];
        return { kind: 'if-expression', rep: 'ref', condition, then: yes, else: no };
      }
      default: {
        const host: Call = { to: 'extern', index: 0, args: [], reps: [], span: SPAN };
        const body: Statement[] = [
          { kind: 'evaluate', value: { kind: 'call', rep: 'none', call: host } },
          ...this.#block(depth + 1),
        ];
        return { kind: 'sequence', rep: 'ref', body, value: get(this.#local()) };
      }
    }
  }

  /** A function of the heap that relies on its caller. */
  #grow(): Expression {
    const args = [get(this.#local()), constant(0), constant(1)];
    const call: Call = { to: 'runtime', name: 'mutVectorGrow', args, reps: [], span: SPAN };
    return { kind: 'call', rep: 'none', call };
  }

  #call(key: string, args: readonly Expression[]): Expression {
    return { kind: 'call', rep: 'ref', call: this.#callOf(key, args) };
  }

  #callOf(key: string, args: readonly Expression[]): Call {
    return { to: 'function', key, args, reps: ['ref'], span: SPAN };
  }

  #label(): number {
    return this.#labels++;
  }

  #handle(): Local {
    const handle: Local = { id: NAMES.length + this.#locals.length, name: 'handle', rep: 'i32' };
    this.#locals.push(handle);
    this.#handles.push(handle);
    return handle;
  }
}
