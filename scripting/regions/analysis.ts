/**
 * What one function does with addresses: which objects it makes and where, what its locals may hold, what it stores
 * into what, what it returns. The body is walked again and again until nothing new is learnt; order inside the
 * function does not matter, so a local may hold whatever is ever assigned to it.
 */
import { CLOSURE_CODE } from '../heap/index.ts';
import type { Call, Expression, Func, Local, Program, RegionName, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { type AbstractObject, ELEMENT, type Field } from './abstract-object.ts';
import { CallAnalysis, type Solver } from './calls.ts';
import { Copies } from './copies.ts';
import { ObjectGraph } from './graph.ts';
import { BASE, type Block, FRAME, HEAP, REGION_PARAMETER, type Region } from './region.ts';

/** Where the walk is: the region that allocation goes to, and the innermost arena block around it. */
export interface Here {
  readonly region: Region;
  readonly block: Block | undefined;
  /** Whether an entry of `frame` in the same function is around it. */
  readonly inFrame: boolean;
}

const FUNCTION: Here = { region: BASE, block: undefined, inFrame: false };

export interface LocalUse {
  readonly local: Local;
  readonly held: Set<AbstractObject>;
  /** The first assignment of each object, where that has a place of its own in the text. */
  readonly assigned: Map<AbstractObject, Span | undefined>;
  /** Innermost blocks in which the local is read or assigned; undefined for outside of all. */
  readonly blocks: Set<Block | undefined>;
}

/** Where an arena was opened. */
export interface Entry {
  readonly outer: Here;
  readonly inner: Here;
  readonly isFrame: boolean;
}

type Objects = ReadonlySet<AbstractObject>;
const NONE: Objects = new Set();

export class FunctionAnalysis {
  readonly func: Func;
  readonly graph: ObjectGraph;
  readonly locals = new Map<number, LocalUse>();
  /** What each result may be, and the `return` that says so first. */
  readonly results: Map<AbstractObject, Span>[];
  readonly calls: CallAnalysis;
  readonly #solver: Solver;
  readonly #blocks = new Map<Statement, Block>();
  /** By the local that stands for an arena: from where it was opened. */
  readonly #entered = new Map<Local, Entry>();
  readonly #copies: Copies;

  constructor(program: Program, func: Func, solver: Solver) {
    this.func = func;
    this.#solver = solver;
    this.graph = new ObjectGraph(
      program.types,
      {
        found: (object, field) => solver.frameStores.found(object, field, func.key),
        shared: (object, field) => solver.frameStores.shared(object, field, func.key),
      },
      solver.effort,
      solver.options,
    );
    this.#copies = new Copies(this.graph);
    this.calls = new CallAnalysis(program, func.key, this.graph, solver);
    this.results = func.results.map(() => new Map());
    for (const [index, local] of func.params.entries()) {
      if (local.rep !== 'ref') continue;
      const given = this.graph.placeholder({ kind: 'parameter', index, name: local.name });
      this.#assign(local, new Set([given]), FUNCTION);
    }
  }

  /** Walks until nothing changes, given what is known of the other functions now. */
  run(): void {
    this.calls.begin();
    let before: number;
    do {
      before = this.graph.version;
      this.#statements(this.func.body, FUNCTION);
      this.calls.carry();
      this.graph.growBuffers();
    } while (this.graph.version !== before);
  }

  #statements(body: readonly Statement[], here: Here): void {
    for (const statement of body) this.#statement(statement, here);
  }

  #statement(statement: Statement, here: Here): void {
    switch (statement.kind) {
      case 'set':
        this.#assign(statement.local, this.#evaluate(statement.value, here), here, statement.span);
        break;
      case 'set-call': {
        const results = this.#call(statement.call, here);
        for (const [index, local] of statement.locals.entries())
          this.#assign(local, results[index] ?? NONE, here);
        break;
      }
      case 'set-global': {
        const value = this.#evaluate(statement.value, here);
        const { global } = statement;
        const isFrame = this.#solver.frameContents(global, this.func.key) !== undefined;
        const into = isFrame ? this.graph.frame.global(global) : this.graph.outer;
        if (this.graph.keeps(isFrame ? 'frame-global' : 'global'))
          for (const held of [...value])
            this.graph.store(into, 0, held, { span: statement.span, into: { global }, call: undefined });
        break;
      }
      case 'set-cell':
      case 'evaluate':
        this.#evaluate(statement.value, here);
        break;
      case 'store': {
        const targets = this.#evaluate(statement.target, here);
        const value = this.#evaluate(statement.value, here);
        if (statement.stored === 'ref' && this.graph.keeps('field'))
          this.#store(targets, statement.offset, value, statement.span);
        break;
      }
      case 'store-element': {
        const targets = this.#evaluate(statement.target, here);
        this.#evaluate(statement.index, here);
        const value = this.#evaluate(statement.value, here);
        if (statement.stored === 'ref' && this.graph.keeps('element'))
          this.#store(targets, ELEMENT, value, statement.span);
        break;
      }
      case 'if':
        this.#evaluate(statement.condition, here);
        this.#statements(statement.then, here);
        this.#statements(statement.else, here);
        break;
      case 'loop':
        this.#statements(statement.body, here);
        this.#statements(statement.step, here);
        break;
      case 'block':
      case 'suppressed':
        this.#statements(statement.body, here);
        break;
      case 'break':
      case 'continue':
      case 'leave':
        break;
      case 'return':
        for (const [index, value] of statement.values.entries())
          this.#give(index, this.#evaluate(value, here), statement.span);
        break;
      case 'tail-call': {
        const { call, region } = statement;
        // Allocation goes elsewhere only when the arguments are there (`restore.ts`).
        const there = region === undefined ? here : { ...here, region: this.regionOf(region) };
        for (const [index, values] of this.#call(call, here, there).entries())
          this.#give(index, values, call.span);
        break;
      }
      case 'fail':
        if (statement.a !== undefined) this.#evaluate(statement.a, here);
        if (statement.b !== undefined) this.#evaluate(statement.b, here);
        break;
      case 'outside': {
        const outer = this.#entered.get(statement.handle)?.outer ?? here;
        const region = this.graph.keeps('outside') ? outer.region : HEAP;
        this.#statements(statement.body, { ...here, region });
        break;
      }
      case 'within':
        this.#statements(statement.body, {
          ...here,
          region:
            statement.region !== 'current' && this.graph.keeps('within')
              ? this.regionOf(statement.region)
              : here.region,
        });
        break;
      case 'arena':
        this.#statements(statement.body, this.#enter(statement, here));
        break;
      default:
        statement satisfies never;
    }
  }

  #enter(statement: Statement & { readonly kind: 'arena' }, here: Here): Here {
    const isFrame = statement.name === 'frame';
    const inner = isFrame ? { ...here, region: FRAME, inFrame: true } : this.#block(statement, here);
    this.#entered.set(statement.handle, { outer: here, inner, isFrame });
    return inner;
  }

  #block(statement: Statement & { readonly kind: 'arena' }, here: Here): Here {
    let block = this.#blocks.get(statement);
    if (block === undefined) {
      const { name, span, handle } = statement;
      block = { kind: 'block', name, span, handle, outer: here.block, inFrame: here.inFrame };
      this.#blocks.set(statement, block);
    }
    return { ...here, region: block, block };
  }

  /** What code names, here where the function is. */
  regionOf(name: RegionName): Region {
    if (name === 'heap') return HEAP;
    if (name === 'frame') return FRAME;
    if (name === this.func.regionParameter) return REGION_PARAMETER;
    const entry = this.#entered.get(name);
    if (entry === undefined) throw new Error('a region is named that is not open');
    return entry.inner.region;
  }

  #evaluate(expression: Expression, here: Here): Objects {
    switch (expression.kind) {
      case 'constant':
      case 'null':
      case 'descriptor':
      case 'code':
      case 'region':
      case 'get-cell':
        return NONE;
      case 'literal':
      case 'static-variant':
        return new Set([this.graph.outer]);
      case 'static-closure':
        return new Set([this.graph.staticClosure(expression.slot)]);
      case 'get-global':
        return expression.rep === 'ref' ? this.#getGlobal(expression.global) : NONE;
      case 'get': {
        if (expression.rep !== 'ref') return NONE;
        const use = this.#use(expression.local);
        use.blocks.add(here.block);
        return use.held;
      }
      case 'unary':
        this.#evaluate(expression.value, here);
        return NONE;
      case 'binary':
      case 'divide':
        this.#evaluate(expression.left, here);
        this.#evaluate(expression.right, here);
        return NONE;
      case 'check-index':
        this.#evaluate(expression.index, here);
        this.#evaluate(expression.length, here);
        return NONE;
      case 'load':
        return this.#load(expression, expression.offset, here);
      case 'load-element':
        this.#evaluate(expression.index, here);
        return this.#load(expression, ELEMENT, here);
      case 'allocate':
        return this.#allocate(expression, here);
      case 'call':
        return this.#call(expression.call, here)[0] ?? NONE;
      case 'if-expression': {
        this.#evaluate(expression.condition, here);
        const either = this.#evaluate(expression.then, here);
        const or = this.#evaluate(expression.else, here);
        return expression.rep === 'ref' ? new Set([...either, ...or]) : NONE;
      }
      case 'sequence':
        this.#statements(expression.body, here);
        return this.#evaluate(expression.value, here);
    }
  }

  #getGlobal(global: string): Objects {
    const contents = this.#solver.frameContents(global, this.func.key);
    if (contents === undefined) return new Set([this.graph.outer]);
    const found = new Set([...contents.types].map((type) => this.graph.frame.framed(global, type)));
    return contents.older && this.graph.keeps('older') ? found.add(this.graph.outer) : found;
  }

  #load(expression: Expression & { readonly target: Expression }, field: Field, here: Here): Objects {
    const targets = this.#evaluate(expression.target, here);
    if (expression.rep !== 'ref') return NONE;
    const found = new Set<AbstractObject>();
    for (const target of targets) this.graph.load(target, field, found);
    return found;
  }

  #allocate(expression: Expression & { readonly kind: 'allocate' }, here: Here): Objects {
    const made = this.graph.fresh(expression, here.region, expression.type, {
      kind: 'allocation',
      span: expression.span,
    });
    for (const { offset, stored, value } of expression.fields) {
      const values = this.#evaluate(value, here);
      if (stored === 'ref' && this.graph.keeps('birth')) this.#store([made], offset, values, expression.span);
      if (value.kind === 'code' && offset === CLOSURE_CODE) made.codes.add(value.slot);
    }
    return new Set([made]);
  }

  /** `there` is where the called function begins, which is where its arguments are evaluated but for a tail call. */
  #call(call: Call, here: Here, there = here): readonly Objects[] {
    const args = call.args.map((arg) => this.#evaluate(arg, here));
    if (call.to === 'runtime' && call.name === 'copyOut') return [this.#copyOut(call, args[2] ?? NONE, here)];
    const closure = call.to === 'closure' ? this.#evaluate(call.closure, here) : NONE;
    const last = call.args.at(-1);
    const regionParameter = last?.kind === 'region' ? this.regionOf(last.region) : undefined;
    return this.calls.call(call, args, closure, { ...there, regionParameter });
  }

  #copyOut(call: Call, objects: Objects, here: Here): Objects {
    const [arena] = call.args;
    const entry = arena?.kind === 'get' ? this.#entered.get(arena.local) : undefined;
    if (entry === undefined) throw new Error('copied out of an arena that is not open');
    return this.#copies.out(call, objects, entry, here.region);
  }

  #store(targets: Iterable<AbstractObject>, field: Field, values: Objects, span: Span): void {
    for (const target of targets)
      for (const value of [...values]) this.graph.store(target, field, value, { span, call: undefined });
  }

  #use(local: Local): LocalUse {
    let use = this.locals.get(local.id);
    if (use === undefined) {
      use = { local, held: new Set(), assigned: new Map(), blocks: new Set() };
      this.locals.set(local.id, use);
    }
    return use;
  }

  #assign(local: Local, values: Objects, here: Here, span?: Span): void {
    if (local.rep !== 'ref') return;
    const use = this.#use(local);
    use.blocks.add(here.block);
    for (const value of [...values]) {
      if (use.held.has(value)) continue;
      use.held.add(value);
      use.assigned.set(value, span);
      this.graph.version++;
    }
  }

  #give(index: number, values: Objects, span: Span): void {
    const result = this.results[index];
    if (result === undefined) return;
    for (const value of values) {
      if (result.has(value)) continue;
      result.set(value, span);
      this.graph.version++;
    }
  }
}
