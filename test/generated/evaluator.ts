/**
 * What an expression means: evaluates it on plain JavaScript objects. It knows nothing of arenas but that a copy made by
 * `copy-out` is, for a while, another thing than what it was copied from.
 */
import {
  type Activation,
  activation,
  assign,
  fits,
  Leave,
  lookUp,
  loopBody,
  madeIn,
  type OpenArena,
  Return,
  TailCall,
  visitWhile,
} from './activation.ts';
import type { Definitions } from './definitions.ts';
import { PRIMITIVES } from './primitives.ts';
import type { Expression, FunctionDeclaration } from './program.ts';
import { changed, Failure, isCallable, type Runtime } from './runtime.ts';
import {
  Closure,
  Discard,
  HostFunction,
  isIdentity,
  Product,
  reachable,
  unshare,
  type Value,
  Vec,
  WeakLink,
} from './value.ts';

/** What expressions need of what is around them. */
export interface Surroundings extends Runtime {
  /** Before each expression: there may be too many, or it may be none that is allowed here. */
  step(e: Expression): void;
  global(name: string): Value;
  setGlobal(name: string, value: Value): void;
  callHost(name: string, args: readonly Value[]): Value;
  linked(link: WeakLink): void;
  /** Subjects of weak references that are in use. */
  readonly used: Value[];
  /** The number of the first thing that is made from now on, or was made in the host's call. */
  begun(since: 'call' | 'now'): number;
  /** What has been copied out of the frame, which is there until the host's call ends. */
  readonly copied: Set<Value>;
}

/** Deeper recursion than a program means; what runs without end is found by it. */
const DEPTH = 400;

export class Evaluator {
  readonly #definitions: Definitions;
  readonly #around: Surroundings;
  #depth = 0;

  constructor(definitions: Definitions, around: Surroundings) {
    this.#definitions = definitions;
    this.#around = around;
  }

  /** The first value of a global. */
  initial(init: Expression): Value {
    return this.#evaluate(init, activation(new Map()));
  }

  call(f: Value, args: readonly Value[]): Value {
    if (!isCallable(f)) throw new Error('this is no function');
    if (f instanceof HostFunction) return f.call(args);
    const locals = new Map(f.made.binds.map((b, i) => [b.name, args[i]]));
    return this.#activate(f.made.parts[0] as Expression, activation(locals, f.captured), f);
  }

  callFunction(to: FunctionDeclaration, args: readonly Value[]): Value {
    const locals = new Map(to.params.map((p, i) => [p.name, args[i]]));
    try {
      return this.#activate(to.body, activation(locals), undefined, to.endless);
    } catch (error) {
      if (error instanceof TailCall) return this.callFunction(error.to, error.args);
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

  #evaluate(e: Expression, at: Activation): Value {
    this.#around.step(e);
    const part = (index: number): Value => this.#evaluate(e.parts[index] as Expression, at);
    const all = (): Value[] => e.parts.map((p) => this.#evaluate(p, at));
    switch (e.kind) {
      case 'literal':
        return e.value;
      case 'variable':
        return lookUp(at, e.name);
      case 'global':
        return this.#around.global(e.name);
      case 'function':
        return this.#functionValue(e.name);
      case 'primitive': {
        const args = all();
        const made = this.#primitive(e.name)(this.#around, args);
        if (made instanceof WeakLink && e.name === 'weak') this.#around.linked(made);
        return made;
      }
      case 'call':
        // A call in tail position, where it says so, replaces the function that makes it.
        if (e.value === true) throw new TailCall(this.#definitions.function(e.name), all());
        return this.callFunction(this.#definitions.function(e.name), all());
      case 'apply': {
        const [f, ...args] = all();
        return this.call(f, args);
      }
      case 'method': {
        const args = all();
        const { param, body } = this.#definitions.method(args[0]);
        return this.#activate(body, activation(new Map([[param.name, args[0]]])));
      }
      case 'host':
        return this.#around.callHost(e.name, all());
      case 'construct':
        return new Product(e.name, all(), this.#around.born());
      case 'tuple':
        return new Product('Tuple', all(), this.#around.born());
      case 'vector':
        return new Vec(all(), false, this.#around.born());
      case 'field': {
        const { name, fields } = part(0) as Product;
        return fields[this.#definitions.fieldIndex(name, e.name)];
      }
      case 'update': {
        // Like a call's: first what it is given, then the copy.
        const [from, changed] = all();
        const { name, fields } = from as Product;
        const made = [...fields];
        made[this.#definitions.fieldIndex(name, e.name)] = changed;
        return new Product(name, made, this.#around.born());
      }
      case 'set-variable':
        return assign(at, e.name, part(0));
      case 'set-global':
        this.#around.setGlobal(e.name, part(0));
        return undefined;
      case 'set-field':
        return this.#setField(e, at);
      case 'set-element': {
        const [vec, index, value] = all();
        const { items } = changed(vec as Vec);
        PRIMITIVES.nth?.(this.#around, [vec, index]);
        items[Number(index)] = value;
        return undefined;
      }
      case 'lambda':
        return new Closure(e, new Map([...(at.captured ?? []), ...at.locals]), this.#around.born());
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
        visitWhile(this.#around, part(0), (item) => {
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
          if (isIdentity(thing) && thing.born > arena.since) {
            // The first copy shares it with the original, until that is gone; a second one with the first, for good.
            thing.shared += 1;
            arena.shared.add(thing);
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
      case 'return':
        throw new Return(part(0));
      case 'weak':
        return this.#weak(e, at);
    }
  }

  #primitive(name: string) {
    const found = PRIMITIVES[name];
    if (found === undefined) throw new Error(`the reference has no ${name}`);
    return found;
  }

  #functionValue(name: string): Value {
    if (this.#definitions.has(name))
      return new HostFunction(name, (args) => this.callFunction(this.#definitions.function(name), args));
    const primitive = this.#primitive(name);
    return new HostFunction(name, (args) => primitive(this.#around, args));
  }

  /** A field of a struct changes there; of a value, the place that holds it holds another value. */
  #setField(e: Expression, at: Activation): undefined {
    const [holder, item] = e.parts as [Expression, Expression];
    if (holder.kind === 'field' && this.#definitions.isFlat(holder.type.name)) {
      // What has the value comes first, then what is set, then the value as it is by now.
      const outer = this.#evaluate(holder.parts[0] as Expression, at) as Product;
      const value = this.#evaluate(item, at);
      const index = this.#definitions.fieldIndex(outer.name, holder.name);
      changed(outer).fields[index] = this.#with(outer.fields[index] as Product, e.name, value);
      return undefined;
    }
    const held = this.#evaluate(holder, at) as Product;
    const value = this.#evaluate(item, at);
    if (this.#definitions.isFlat(held.name))
      assign(at, holder.name, this.#with(lookUp(at, holder.name) as Product, e.name, value));
    else changed(held).fields[this.#definitions.fieldIndex(held.name, e.name)] = value;
    return undefined;
  }

  #with({ name, fields }: Product, field: string, value: Value): Product {
    const made = [...fields];
    made[this.#definitions.fieldIndex(name, field)] = value;
    return new Product(name, made, this.#around.born());
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
      since: this.#around.begun(isFrame ? 'call' : 'now'),
      shared: isFrame ? this.#around.copied : new Set(),
      fromFrame: at.inFrame,
    };
    at.arenas.push(arena);
    try {
      return madeIn(at, isFrame, () => this.#evaluate(e.parts[0] as Expression, at));
    } finally {
      at.arenas.pop();
      // What was copied is gone with its arena, and its copies are all there is; what is in the frame stays beside them.
      if (!isFrame) unshare(arena.shared);
    }
  }

  #try(e: Expression, value: Value): Value {
    const { name, fields } = value as Product;
    if (name === 'Ok') return fields[0];
    // `name` says which variant of the error type a text becomes, where that differs.
    const error = fields[0];
    const converted =
      e.name === '' ? error : new Product(e.name, [`lost ${error as string}`], this.#around.born());
    throw new Return(new Product('Err', [converted], this.#around.born()));
  }

  #weak(e: Expression, at: Activation): undefined {
    const subject = this.#evaluate(e.parts[0] as Expression, at);
    const link = new WeakLink(subject);
    this.#around.born();
    at.locals.set(e.binds[0]?.name ?? '', link);
    this.#around.linked(link);
    this.#around.used.push(subject);
    try {
      this.#evaluate(e.parts[1] as Expression, at);
      const { name, fields } = subject as Product;
      return this.#around.print(`of ${fields[this.#definitions.fieldIndex(name, 'n')]}\n`);
    } finally {
      this.#around.used.pop();
    }
  }
}
