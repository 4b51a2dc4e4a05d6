/**
 * What a generated program means: evaluates it on plain JavaScript objects. It knows nothing of arenas but that a copy
 * made by `copy-out` is, for a while, another thing than what it was copied from.
 */
import { type Host, hostFunctions } from './host.ts';
import { PRIMITIVES } from './primitives.ts';
import {
  type Case,
  type Expression,
  entry,
  type FunctionDeclaration,
  type GlobalDeclaration,
  type HostAct,
  hostActs,
  type MethodDeclaration,
  type Pattern,
  reported,
  type World,
} from './program.ts';
import { changed, Failure, isCallable, type Runtime, visit } from './runtime.ts';
import {
  Closure,
  Discard,
  HostFunction,
  isIdentity,
  Product,
  reachable,
  Shower,
  type Value,
  Vec,
  WeakLink,
} from './value.ts';

/** What one call by the host does. */
export interface Outcome {
  readonly output: string;
  /** `kind: message` of what stopped it. */
  readonly failure: string | undefined;
}

/** What a call may take: more is not worth running under stress. */
export interface Limits {
  readonly steps: number;
  readonly allocations: number;
}

class Leave extends Error {
  readonly what: 'break' | 'continue';
  constructor(what: 'break' | 'continue') {
    super();
    this.what = what;
  }
}

class Return extends Error {
  readonly result: Value;
  constructor(result: Value) {
    super();
    this.result = result;
  }
}

class TailCall extends Error {
  readonly to: FunctionDeclaration;
  readonly args: readonly Value[];
  constructor(to: FunctionDeclaration, args: readonly Value[]) {
    super();
    this.to = to;
    this.args = args;
  }
}

interface Activation {
  readonly locals: Map<string, Value>;
  /** A closure's own copies of what it captured. */
  readonly captured: Map<string, Value> | undefined;
  /** Arenas that are open in this function, innermost last. */
  readonly arenas: OpenArena[];
  /** Whether things are made in the frame, as far as this function knows. */
  inFrame: boolean;
}

interface OpenArena {
  readonly name: string;
  /** The number of the first thing made in it. */
  readonly since: number;
  /** What was copied out of it. */
  readonly shared: Set<Value>;
  /** Whether the frame is where it was opened. */
  readonly fromFrame: boolean;
}

/** Deeper recursion than a program means; what runs without end is found by it. */
const DEPTH = 400;

export class Interpreter implements Runtime {
  readonly #functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly #methods: readonly MethodDeclaration[];
  readonly #globals: readonly GlobalDeclaration[];
  readonly #products: ReadonlyMap<string, readonly string[]>;
  readonly #flat: ReadonlySet<string>;
  readonly #shower: Shower;
  readonly #limits: Limits;
  readonly #case: Case;
  readonly #host: Host;
  readonly #held = new Map<string, Value>();
  readonly #links = new Set<WeakLink>();
  /** What the host was given by the case and gives back to it. */
  #given: Value;
  #births = 0;
  #steps = 0;
  #start = 0;
  #depth = 0;
  #output = '';
  /** What was copied out of the frame, which is there still. */
  readonly #copied: Value[] = [];
  /** Greater than 0 where nothing may have an effect. */
  #pure = 0;
  /** Subjects of weak references that are in use. */
  readonly #used: Value[] = [];

  constructor(world: World, one: Case, limits: Limits) {
    this.#functions = new Map([...world.functions, ...one.functions].map((f) => [f.name, f]));
    this.#methods = world.methods;
    this.#globals = one.globals;
    this.#products = new Map(world.products.map((p) => [p.name, p.fields.map((f) => f.name)]));
    this.#flat = new Set(world.products.filter((p) => p.flat).map((p) => p.name));
    this.#shower = new Shower(world);
    this.#limits = limits;
    this.#case = one;
    this.#host = hostFunctions((n) => this.#enter(entry.visit(one.index), [n]));
  }

  /** All that the host does with a case. */
  run(): Outcome[] {
    return hostActs(this.#case).map((act) => this.#outcome(() => this.#act(act)));
  }

  #act(act: HostAct): void {
    const { index } = this.#case;
    switch (act.kind) {
      case 'reset':
        this.#reset();
        return;
      case 'step':
        this.#enter(entry.step(index), [BigInt(act.round)]);
        return;
      case 'give':
        this.#given = undefined;
        this.#given = this.#enter(entry.give(index), [BigInt(act.round)]);
        return;
      case 'collect':
        this.#collect();
        return;
      case 'gap':
        return;
      case 'report':
        this.#report();
        return;
      case 'take':
        if (this.#given === undefined) return;
        this.#enter(entry.take(index), [this.#given]);
        this.#given = undefined;
    }
  }

  #outcome(body: () => void): Outcome {
    this.#output = '';
    this.#steps = 0;
    this.#start = this.#births;
    let failure: string | undefined;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = `${error.kind}: ${error.message}`;
    }
    // The frame ends with the host's call.
    for (const thing of this.#copied.splice(0)) if (isIdentity(thing)) thing.shared -= 1;
    for (const { name, frame } of this.#globals) if (frame) this.#held.delete(name);
    return { output: this.#output, failure };
  }

  #reset(): void {
    this.#host.forget();
    for (const { name, frame, init } of this.#globals) if (!frame) this.#held.set(name, this.#initial(init));
  }

  #report(): void {
    for (const { name } of reported(this.#case)) this.print(`${name} ${this.text(this.#global(name))}\n`);
  }

  #initial(init: Expression): Value {
    return this.#evaluate(init, { locals: new Map(), captured: undefined, arenas: [], inFrame: false });
  }

  /** What lives for sure while no call runs. */
  #roots(): Value[] {
    return [...this.#held.values(), ...this.#host.kept(), this.#given];
  }

  /** A full collection: weak references to what no global reaches are cleared. What the host keeps is kept. */
  #collect(): void {
    const alive = reachable(this.#roots());
    for (const link of this.#links) if (!alive.has(link.subject)) link.cleared = true;
  }

  /** The host calls an exported function. */
  #enter(name: string, args: readonly Value[]): Value {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Discard(`no function ${name}`);
    return this.#callFunction(found, args);
  }

  // -------------------------------------------------------------------------------------------- runtime

  born(): number {
    this.#births += 1;
    if (this.#births - this.#start > this.#limits.allocations) throw new Discard('too many allocations');
    return this.#births;
  }

  text(value: Value): string {
    return this.#shower.text(value);
  }

  show(value: Value): string {
    return this.#shower.show(value);
  }

  pure<T>(body: () => T): T {
    this.#pure += 1;
    try {
      return body();
    } finally {
      this.#pure -= 1;
    }
  }

  print(text: string): undefined {
    this.#output += text;
    if (this.#output.length > 20_000) throw new Discard('too much output');
    return undefined;
  }

  /** Deterministic only where the subject is reached for sure, or was found dead by a collection of the host's. */
  upgrade(link: WeakLink): Value {
    if (link.cleared) return undefined;
    if (!reachable([...this.#roots(), ...this.#used]).has(link.subject))
      throw new Discard('nobody knows whether this is collected');
    return link.subject;
  }

  call(f: Value, args: readonly Value[]): Value {
    if (!isCallable(f)) throw new Error('this is no function');
    if (f instanceof HostFunction) return f.call(args);
    const locals = new Map(f.made.binds.map((b, i) => [b.name, args[i]]));
    return this.#activate(
      f.made.parts[0] as Expression,
      { locals, captured: f.captured, arenas: [], inFrame: false },
      f,
    );
  }

  #callFunction(to: FunctionDeclaration, args: readonly Value[]): Value {
    const locals = new Map(to.params.map((p, i) => [p.name, args[i]]));
    try {
      return this.#activate(
        to.body,
        { locals, captured: undefined, arenas: [], inFrame: false },
        undefined,
        to.endless,
      );
    } catch (error) {
      if (error instanceof TailCall) return this.#callFunction(error.to, error.args);
      throw error;
    }
  }

  #activate(body: Expression, activation: Activation, closure?: Closure, endless = false): Value {
    if (closure !== undefined && closure.shared > 0) throw new Discard('a closure is called beside its copy');
    this.#depth += 1;
    if (this.#depth > DEPTH) {
      if (!endless) throw new Discard('recursion without an end');
      throw new Failure('depth', 'the recursion is too deep');
    }
    try {
      return this.#evaluate(body, activation);
    } catch (error) {
      if (error instanceof Return) return error.result;
      if (error instanceof RangeError) throw new Discard('the reference recurses too deep');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #global(name: string): Value {
    if (!this.#held.has(name)) {
      const found = this.#globals.find((g) => g.name === name);
      if (found === undefined) throw new Discard(`no global ${name}`);
      this.#held.set(name, this.#initial(found.init));
    }
    return this.#held.get(name);
  }

  // -------------------------------------------------------------------------------------------- expressions

  #evaluate(e: Expression, at: Activation): Value {
    this.#steps += 1;
    if (this.#steps > this.#limits.steps) throw new Discard('too many steps');
    if (this.#pure > 0 && hasEffect(e)) throw new Discard('an effect where nobody says how often');
    const part = (index: number): Value => this.#evaluate(e.parts[index] as Expression, at);
    const all = (): Value[] => e.parts.map((p) => this.#evaluate(p, at));
    switch (e.kind) {
      case 'literal':
        return e.value;
      case 'variable':
        return lookUp(at, e.name);
      case 'global':
        return this.#global(e.name);
      case 'function':
        return this.#functionValue(e.name);
      case 'primitive': {
        const args = all();
        const made = this.#primitive(e.name)(this, args);
        if (made instanceof WeakLink && e.name === 'weak') this.#links.add(made);
        return made;
      }
      case 'call':
        // A call in tail position, where it says so, replaces the function that makes it.
        if (e.value === true) throw new TailCall(this.#function(e.name), all());
        return this.#callFunction(this.#function(e.name), all());
      case 'apply': {
        const [f, ...args] = all();
        return this.call(f, args);
      }
      case 'method': {
        const args = all();
        const { param, body } = this.#method(args[0]);
        return this.#activate(body, {
          locals: new Map([[param.name, args[0]]]),
          captured: undefined,
          arenas: [],
          inFrame: false,
        });
      }
      case 'host':
        return this.#host.call(this, e.name, all());
      case 'construct':
        return new Product(e.name, all(), this.born());
      case 'tuple':
        return new Product('Tuple', all(), this.born());
      case 'vector':
        return new Vec(all(), false, this.born());
      case 'field': {
        const { name, fields } = part(0) as Product;
        return fields[this.#fieldIndex(name, e.name)];
      }
      case 'update': {
        const { name, fields } = part(0) as Product;
        const made = [...fields];
        made[this.#fieldIndex(name, e.name)] = part(1);
        return new Product(name, made, this.born());
      }
      case 'set-variable':
        return assign(at, e.name, part(0));
      case 'set-global':
        this.#held.set(e.name, part(0));
        return undefined;
      case 'set-field':
        return this.#setField(e, at);
      case 'set-element': {
        const [vec, index, value] = all();
        const { items } = changed(vec as Vec);
        PRIMITIVES.nth?.(this, [vec, index]);
        items[Number(index)] = value;
        return undefined;
      }
      case 'lambda':
        return new Closure(e, new Map([...(at.captured ?? []), ...at.locals]), this.born());
      case 'let':
        at.locals.set(e.binds[0]?.name ?? '', part(0));
        return part(1);
      case 'let-tuple': {
        const { fields } = part(0) as Product;
        for (const [i, { name }] of e.binds.entries()) at.locals.set(name, fields[i]);
        return part(1);
      }
      case 'do': {
        let last: Value;
        for (const p of e.parts) last = this.#evaluate(p, at);
        return last;
      }
      case 'if':
        return part(0) === true ? part(1) : part(2);
      case 'when':
        if (part(0) === true) part(1);
        return undefined;
      case 'and':
        return part(0) === true && part(1);
      case 'or':
        return part(0) === true || part(1);
      case 'match': {
        const subject = part(0);
        const arm = e.patterns.findIndex((p) => fits(p, subject, at.locals));
        if (arm < 0) throw new Discard('no arm fits');
        return part(arm + 1);
      }
      case 'for':
        return this.#for(e, at);
      case 'while':
        return this.#while(e, at);
      case 'for-each': {
        const loop = loopBody(() => part(1));
        visitWhile(this, part(0), (item) => {
          if (e.binds.length === 1) at.locals.set(e.binds[0]?.name ?? '', item);
          else
            for (const [i, { name }] of e.binds.entries()) at.locals.set(name, (item as Product).fields[i]);
          return loop();
        });
        return undefined;
      }
      case 'break':
      case 'continue':
        throw new Leave(e.kind);
      case 'arena':
        return this.#arena(e, at);
      case 'copy-out': {
        const value = part(0);
        const arena = at.arenas.at(-1);
        if (arena === undefined) throw new Discard('no arena is open');
        // Inside the frame, a copy out of the frame is the thing itself.
        if (arena.name === 'frame' && arena.fromFrame) return value;
        // What was made before the block's begin is not copied; what was made since may be.
        for (const thing of reachable([value]))
          if (isIdentity(thing) && thing.born > arena.since && !arena.shared.has(thing)) {
            arena.shared.add(thing);
            thing.shared += 1;
          }
        return value;
      }
      case 'outside': {
        const arena = at.arenas.findLast(({ name }) => e.name === '' || name === e.name);
        if (arena === undefined) throw new Discard('no such arena is open');
        return madeIn(at, arena.fromFrame, () => part(0));
      }
      case 'quiet':
      case 'annotate':
        return part(0);
      case 'try':
        return this.#try(e, part(0));
      case 'weak':
        return this.#weak(e, at);
    }
  }

  #primitive(name: string) {
    const found = PRIMITIVES[name];
    if (found === undefined) throw new Error(`the reference has no ${name}`);
    return found;
  }

  #function(name: string): FunctionDeclaration {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Discard(`no function ${name}`);
    return found;
  }

  #functionValue(name: string): Value {
    const found = this.#functions.get(name);
    if (found !== undefined) return new HostFunction(name, (args) => this.#callFunction(found, args));
    const primitive = this.#primitive(name);
    return new HostFunction(name, (args) => primitive(this, args));
  }

  /** The instance for a value, by what it is at run time. */
  #method(value: Value): MethodDeclaration {
    let name = 'Option';
    if (typeof value === 'bigint') name = 'i64';
    else if (typeof value === 'string') name = 'String';
    else if (value instanceof Vec) name = value.mutable ? 'MutVec' : 'Vector';
    else if (value instanceof Product && this.#products.has(value.name)) name = value.name;
    const found = this.#methods.find((m) => m.of.name === name);
    if (found === undefined) throw new Discard(`no method for ${name}`);
    return found;
  }

  #fieldIndex(product: string, field: string): number {
    if (product === 'Tuple') return Number(field);
    return this.#products.get(product)?.indexOf(field) ?? -1;
  }

  /** A field of a struct changes there; of a value, the place that holds it holds another value. */
  #setField(e: Expression, at: Activation): undefined {
    const [holder, item] = e.parts as [Expression, Expression];
    if (holder.kind === 'field' && this.#flat.has(holder.type.name)) {
      // What has the value comes first, then what is set, then the value as it is by now.
      const outer = this.#evaluate(holder.parts[0] as Expression, at) as Product;
      const value = this.#evaluate(item, at);
      const index = this.#fieldIndex(outer.name, holder.name);
      changed(outer).fields[index] = this.#with(outer.fields[index] as Product, e.name, value);
      return undefined;
    }
    const held = this.#evaluate(holder, at) as Product;
    const value = this.#evaluate(item, at);
    if (this.#flat.has(held.name))
      assign(at, holder.name, this.#with(lookUp(at, holder.name) as Product, e.name, value));
    else changed(held).fields[this.#fieldIndex(held.name, e.name)] = value;
    return undefined;
  }

  #with({ name, fields }: Product, field: string, value: Value): Product {
    const made = [...fields];
    made[this.#fieldIndex(name, field)] = value;
    return new Product(name, made, this.born());
  }

  #for(e: Expression, at: Activation): undefined {
    const body = loopBody(() => this.#evaluate(e.parts[1] as Expression, at));
    const name = e.binds[0]?.name ?? '';
    // The end is looked at anew in every round.
    for (let i = 0n; i < (this.#evaluate(e.parts[0] as Expression, at) as bigint); i += 1n) {
      at.locals.set(name, i);
      if (!body()) break;
    }
    return undefined;
  }

  #while(e: Expression, at: Activation): undefined {
    const body = loopBody(() => this.#evaluate(e.parts[1] as Expression, at));
    const name = e.binds[0]?.name ?? '';
    at.locals.set(name, -1n);
    for (;;) {
      const next = (at.locals.get(name) as bigint) + 1n;
      if (!(next < (this.#evaluate(e.parts[0] as Expression, at) as bigint))) return undefined;
      at.locals.set(name, next);
      if (!body()) return undefined;
    }
  }

  #arena(e: Expression, at: Activation): Value {
    const isFrame = e.name === 'frame';
    const arena: OpenArena = {
      name: e.name,
      // Of the frame's arena what was made since the host's call may be copied.
      since: isFrame ? this.#start : this.#births,
      shared: new Set(),
      fromFrame: at.inFrame,
    };
    at.arenas.push(arena);
    try {
      return madeIn(at, isFrame, () => this.#evaluate(e.parts[0] as Expression, at));
    } finally {
      at.arenas.pop();
      // What was copied is gone with its arena, and the copy is all there is; what is in the frame stays beside it.
      for (const thing of arena.shared)
        if (isFrame) this.#copied.push(thing);
        else if (isIdentity(thing)) thing.shared -= 1;
    }
  }

  #try(e: Expression, value: Value): Value {
    const { name, fields } = value as Product;
    if (name === 'Ok') return fields[0];
    // `name` says which variant of the error type a text becomes, where that differs.
    const error = fields[0];
    const converted = e.name === '' ? error : new Product(e.name, [`lost ${error as string}`], this.born());
    throw new Return(new Product('Err', [converted], this.born()));
  }

  #weak(e: Expression, at: Activation): undefined {
    const subject = this.#evaluate(e.parts[0] as Expression, at);
    const link = new WeakLink(subject);
    this.born();
    at.locals.set(e.binds[0]?.name ?? '', link);
    this.#links.add(link);
    this.#used.push(subject);
    try {
      this.#evaluate(e.parts[1] as Expression, at);
      const { name, fields } = subject as Product;
      return this.print(`of ${fields[this.#fieldIndex(name, 'n')]}\n`);
    } finally {
      this.#used.pop();
    }
  }
}

/** Whether an expression by itself changes something, or is seen from outside. */
function hasEffect({ kind, name }: Expression): boolean {
  if (kind === 'primitive') return /!$|^print/.test(name);
  return kind.startsWith('set-') || kind === 'host' || kind === 'weak';
}

/** Evaluates where things are made elsewhere. */
function madeIn(at: Activation, frame: boolean, body: () => Value): Value {
  const before = at.inFrame;
  at.inFrame = frame;
  try {
    return body();
  } finally {
    at.inFrame = before;
  }
}

function lookUp(at: Activation, name: string): Value {
  if (at.locals.has(name)) return at.locals.get(name);
  if (at.captured?.has(name)) return at.captured.get(name);
  throw new Discard(`${name} is not bound`);
}

function assign(at: Activation, name: string, value: Value): undefined {
  if (at.locals.has(name)) at.locals.set(name, value);
  else if (at.captured?.has(name)) at.captured.set(name, value);
  else throw new Discard(`${name} is not bound`);
  return undefined;
}

/** A round of a loop: false where it was the last. */
function loopBody(body: () => Value): () => boolean {
  return () => {
    try {
      body();
      return true;
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      return error.what === 'continue';
    }
  };
}

class Stop extends Error {}

function visitWhile(rt: Runtime, collection: Value, each: (item: Value) => boolean): void {
  try {
    visit(rt, collection, (item) => {
      if (!each(item)) throw new Stop();
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

/** Whether a value has the form of a pattern; binds its names. */
function fits(pattern: Pattern, value: Value, locals: Map<string, Value>): boolean {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'name':
      locals.set(pattern.name, value);
      return true;
    case 'literal':
      return pattern.value === value;
    case 'variant':
      return (
        value instanceof Product &&
        value.name === pattern.name &&
        pattern.parts.every((p, i) => fits(p, value.fields[i], locals))
      );
    case 'tuple':
      return pattern.parts.every((p, i) => fits(p, (value as Product).fields[i], locals));
  }
}
