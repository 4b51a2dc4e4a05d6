/**
 * Runs programs as `generator.ts` makes them, and as the proof returns them, on objects that know in which arena they were
 * made, and finds the first moment at which something holds, or touches, what it should not: the property that the escape
 * proof promises.
 */
import type { Call, Expression, Func, RegionName, Statement } from '../../../scripting/ir/index.ts';
import { FRAME_GLOBALS } from './generator.ts';
import { CALLS_AGAIN, EXPORTS, GIVES_A_SET } from './host.ts';

/** An arena while it is open, or the heap. `depth` orders by lifetime: 0 heap, 1 frame, then blocks as they open. */
interface Region {
  readonly depth: number;
  open: boolean;
  /** Whether the frame was open already where it was opened, or something around that. */
  readonly inFrame: boolean;
}

interface Thing {
  readonly kind: 'thing';
  readonly region: Region;
  readonly fields: Map<number, Thing | undefined>;
  readonly slot: number | undefined;
  /** What a weak reference leads to, which it does not hold. */
  readonly subject?: Thing | undefined;
}

/** What a local holds that stands for an arena, or for a region that a function is told. */
interface Handle {
  readonly kind: 'handle';
  readonly region: Region;
  /** The region that was current, and how many blocks were open, when it was opened. */
  readonly outer: Region;
  readonly blocks: number;
}

type Value = Thing | Handle | undefined;

const BUFFER = 8;
const LEFT = 16;
const RIGHT = 20;
const VECTOR_ELEMENT = -1;

/** Something lived longer than the arena of what it holds. */
export class Escape extends Error {}

/** The script stopped for reasons of its own: too many steps, or calls in each other. */
class Stop extends Error {}

/** To the end of a loop's round, of a loop, or of a stretch. */
class Jump extends Error {
  readonly kind: 'break' | 'continue' | 'leave';
  readonly target: number;
  constructor(kind: Jump['kind'], target: number) {
    super();
    this.kind = kind;
    this.target = target;
  }
}

class Return extends Error {
  readonly values: readonly Value[];
  constructor(values: readonly Value[]) {
    super();
    this.values = values;
  }
}

type Locals = Map<number, Value>;

export class Interpreter {
  readonly #functions: ReadonlyMap<string, Func>;
  readonly #table: readonly string[];
  readonly #decide: () => number;
  readonly #heap: Region = { depth: 0, open: true, inFrame: false };
  #frame: Region = { depth: 1, open: true, inFrame: true };
  #regions: Region[] = [this.#heap];
  #blocks = 0;
  #steps = 0;
  #calls = 0;
  readonly #globals = new Map<string, Thing | undefined>();
  /** By the mark of a copying that is under way: what was copied. */
  readonly #copied = new Map<Thing, Thing>();

  /** `decide` returns numbers of 0 to 3 that conditions and loops go by. */
  constructor(functions: ReadonlyMap<string, Func>, table: readonly string[], decide: () => number) {
    this.#functions = functions;
    this.#table = table;
    this.#decide = decide;
  }

  /** A call by the host, and the end of the frame after it. Throws an Escape. */
  callFromHost(key: string): void {
    this.#regions = [this.#heap];
    this.#blocks = 0;
    this.#steps = 0;
    this.#calls = 0;
    try {
      this.#callByHost(key, []);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    for (const name of FRAME_GLOBALS) this.#globals.delete(name);
    this.#frame.open = false;
    this.#frame = { depth: 1, open: true, inFrame: true };
  }

  #callFunction(key: string, args: readonly Value[]): readonly Value[] {
    const func = this.#functions.get(key);
    if (func === undefined || this.#calls > 12) throw new Stop();
    const locals: Locals = new Map(func.params.map((p, i) => [p.id, args[i]]));
    this.#calls++;
    try {
      this.#statements(func.body, locals);
      return [];
    } catch (error) {
      if (error instanceof Return) return error.values;
      throw error;
    } finally {
      this.#calls--;
    }
  }

  #statements(body: readonly Statement[], locals: Locals): void {
    for (const statement of body) this.#statement(statement, locals);
  }

  #statement(statement: Statement, locals: Locals): void {
    if (++this.#steps > 3000) throw new Stop();
    switch (statement.kind) {
      case 'set':
        locals.set(statement.local.id, this.#evaluate(statement.value, locals));
        return;
      case 'set-call':
        for (const [i, value] of this.#call(statement.call, locals).entries()) {
          const local = statement.locals[i];
          if (local !== undefined) locals.set(local.id, value);
        }
        return;
      case 'set-global': {
        const value = this.#evaluate(statement.value, locals);
        const longest = FRAME_GLOBALS.includes(statement.global) ? 1 : 0;
        if (value !== undefined && value.region.depth > longest) throw new Escape(`in ${statement.global}`);
        this.#globals.set(statement.global, value);
        return;
      }
      case 'evaluate':
        this.#evaluate(statement.value, locals);
        return;
      case 'store':
      case 'store-element': {
        const target = this.#evaluate(statement.target, locals);
        const field = statement.kind === 'store' ? statement.offset : VECTOR_ELEMENT;
        const value = this.#evaluate(statement.value, locals);
        if (target !== undefined) hold(target, field, value);
        return;
      }
      case 'if':
        this.#statements(this.#decide() > 1 ? statement.then : statement.else, locals);
        return;
      case 'loop':
        for (let rounds = this.#decide(); rounds > 0; rounds--)
          if (this.#reaches(statement.id, statement.body, locals) === 'break') return;
        return;
      case 'block':
        this.#reaches(statement.id, statement.body, locals);
        return;
      case 'break':
      case 'continue':
        throw new Jump(statement.kind, statement.loop);
      case 'leave':
        throw new Jump('leave', statement.block);
      case 'tail-call':
        throw new Return(this.#call(statement.call, locals, statement.region));
      case 'return':
        throw new Return(statement.values.map((v) => this.#evaluate(v, locals)));
      case 'arena':
        this.#arena(statement, locals);
        return;
      case 'outside':
        this.#within(handleOf(locals, statement.handle.id).outer, statement.body, locals);
        return;
      case 'within':
        this.#within(
          statement.region === 'current' ? this.#current() : this.#region(statement.region, locals),
          statement.body,
          locals,
        );
        return;
      default:
        throw new Error(`no ${statement.kind} is generated`);
    }
  }

  /** Runs the body of what jumps may lead to; says which kind of jump ended it. */
  #reaches(id: number, body: readonly Statement[], locals: Locals): Jump['kind'] | undefined {
    try {
      this.#statements(body, locals);
      return undefined;
    } catch (error) {
      if (error instanceof Jump && error.target === id) return error.kind;
      throw error;
    }
  }

  #arena(statement: Statement & { readonly kind: 'arena' }, locals: Locals): void {
    const isFrame = statement.name === 'frame';
    const inFrame = this.#regions.includes(this.#frame);
    const region = isFrame ? this.#frame : { depth: 2 + this.#blocks, open: true, inFrame };
    locals.set(statement.handle.id, {
      kind: 'handle',
      region,
      outer: this.#current(),
      blocks: this.#blocks,
    });
    if (!isFrame) this.#blocks++;
    try {
      this.#within(region, statement.body, locals);
    } finally {
      if (!isFrame) {
        this.#blocks--;
        region.open = false;
      }
    }
  }

  #within(region: Region, body: readonly Statement[], locals: Locals): void {
    this.#regions.push(region);
    try {
      this.#statements(body, locals);
    } finally {
      this.#regions.pop();
    }
  }

  #region(name: RegionName, locals: Locals): Region {
    if (name === 'heap') return this.#heap;
    if (name === 'frame') return this.#frame;
    return handleOf(locals, name.id).region;
  }

  #current(): Region {
    return this.#regions.at(-1) ?? this.#heap;
  }

  #evaluate(expression: Expression, locals: Locals): Thing | undefined {
    switch (expression.kind) {
      case 'constant':
      case 'null':
      case 'descriptor':
      case 'code':
        return undefined;
      case 'get': {
        const value = locals.get(expression.local.id);
        return value?.kind === 'handle' ? undefined : alive(value);
      }
      case 'get-global':
        return alive(this.#globals.get(expression.global));
      case 'load':
        return alive(this.#evaluate(expression.target, locals)?.fields.get(expression.offset));
      case 'load-element':
        return alive(this.#evaluate(expression.target, locals)?.fields.get(VECTOR_ELEMENT));
      case 'allocate': {
        const code = expression.fields.find((f) => f.value.kind === 'code')?.value;
        const made = this.#make(code?.kind === 'code' ? code.slot : undefined);
        for (const { offset, stored, value } of expression.fields)
          if (stored === 'ref') hold(made, offset, this.#evaluate(value, locals));
        return made;
      }
      case 'sequence':
        this.#statements(expression.body, locals);
        return this.#evaluate(expression.value, locals);
      case 'call': {
        const [result] = this.#call(expression.call, locals);
        return result?.kind === 'handle' ? undefined : alive(result);
      }
      default:
        throw new Error(`no ${expression.kind} is generated`);
    }
  }

  #argument(arg: Expression, locals: Locals): Value {
    if (arg.kind === 'region') {
      const region = this.#region(arg.region, locals);
      return { kind: 'handle', region, outer: region, blocks: 0 };
    }
    if (arg.kind === 'get' && arg.rep === 'i32') return locals.get(arg.local.id);
    return this.#evaluate(arg, locals);
  }

  /** `region` is where allocation goes from then on. Not undone here: whoever called the function goes on where it was. */
  #call(call: Call, locals: Locals, region?: RegionName): readonly Value[] {
    const args = call.args.map((a) => this.#argument(a, locals));
    if (region !== undefined) this.#regions[this.#regions.length - 1] = this.#region(region, locals);
    switch (call.to) {
      case 'function':
        return this.#callFunction(call.key, args);
      case 'closure': {
        const closure = this.#evaluate(call.closure, locals);
        if (closure === undefined) return [];
        return this.#callFunction(this.#table[closure.slot ?? -1] ?? '', [...args, closure]);
      }
      case 'runtime':
        return [this.#runtime(call.name, args)];
      case 'extern': {
        if (call.index === CALLS_AGAIN) this.#callByHost(EXPORTS[1], []);
        // What the host returns is put together where the call stands.
        if (call.index === GIVES_A_SET) {
          const [set] = this.#callFunction('make', []);
          const [key] = this.#callFunction('make key', []);
          return this.#callFunction('put', [set, key]);
        }
        const [closure] = args;
        if (closure?.kind === 'thing')
          this.#callByHost(this.#table[closure.slot ?? -1] ?? '', [make(this.#heap), closure]);
        return [];
      }
    }
  }

  /** The host calls with the heap as the current region, and keeps what it is given. */
  #callByHost(key: string, args: readonly Value[]): void {
    this.#regions.push(this.#heap);
    try {
      for (const result of this.#callFunction(key, args))
        if (result !== undefined && result.region !== this.#heap) throw new Escape('given to the host');
    } finally {
      this.#regions.pop();
    }
  }

  #runtime(name: string, args: readonly Value[]): Thing | undefined {
    const [thing, , other] = args;
    if (name === 'allocateArray' || name === 'newArray') return this.#make(undefined);
    if (name === 'copyBegin') {
      this.#copied.clear();
      return undefined;
    }
    if (name === 'copyOut') {
      if (thing?.kind !== 'handle') throw new Error('copied out of no arena');
      if (other?.kind !== 'thing') return undefined;
      return this.#staysInFrame(thing) ? other : this.#copy(other, thing);
    }
    if (thing?.kind !== 'thing') return undefined;
    switch (name) {
      case 'mutVectorGrow': {
        // A new buffer beside the vector, with the elements of the old one.
        const buffer = make(thing.region);
        hold(buffer, VECTOR_ELEMENT, thing.fields.get(BUFFER)?.fields.get(VECTOR_ELEMENT));
        hold(thing, BUFFER, buffer);
        return undefined;
      }
      case 'segmentsAdd': {
        if (thing.fields.get(BUFFER) !== undefined) return undefined;
        const directory = make(thing.region);
        hold(directory, VECTOR_ELEMENT, make(thing.region));
        hold(thing, BUFFER, directory);
        return undefined;
      }
      case 'arrayCopy':
        if (other?.kind === 'thing') hold(thing, VECTOR_ELEMENT, other.fields.get(VECTOR_ELEMENT));
        return undefined;
      case 'ropeLeft':
        return thing.fields.get(LEFT);
      case 'ropeRight':
        return thing.fields.get(RIGHT);
      case 'newWeak':
        if (thing.region !== this.#heap) throw new Escape('a weak reference leads into an arena');
        return { ...make(this.#heap), subject: thing };
      case 'upgrade':
        return alive(thing.subject);
      default:
        throw new Error(`no ${name} is generated`);
    }
  }

  /**
   * What lives in the arena, or in later ones, is copied with all that it reaches there; but inside the frame what is there
   * is not copied out of it.
   */
  #copy(thing: Thing, handle: Handle): Thing {
    const { region } = thing;
    const ends = region === handle.region || region.depth >= 2 + handle.blocks;
    if (!ends) return thing;
    const known = this.#copied.get(thing);
    if (known !== undefined) return known;
    const copy = this.#make(thing.slot);
    this.#copied.set(thing, copy);
    for (const [field, held] of thing.fields)
      hold(copy, field, held === undefined ? undefined : this.#copy(held, handle));
    return copy;
  }

  #staysInFrame({ region }: Handle): boolean {
    return region === this.#frame && this.#current().inFrame;
  }

  #make(slot: number | undefined): Thing {
    return make(this.#current(), slot);
  }
}

function make(region: Region, slot?: number): Thing {
  return { kind: 'thing', region, fields: new Map(), slot };
}

function handleOf(locals: Locals, id: number): Handle {
  const value = locals.get(id);
  if (value?.kind !== 'handle') throw new Error('no such arena is open');
  return value;
}

function alive(thing: Thing | undefined): Thing | undefined {
  if (thing !== undefined && !thing.region.open) throw new Escape('read after its arena has ended');
  return thing;
}

function hold(holder: Thing, field: number, held: Thing | undefined): void {
  if (held !== undefined && held.region.depth > holder.region.depth)
    throw new Escape(`an object of depth ${holder.region.depth} holds one of ${held.region.depth}`);
  holder.fields.set(field, held);
}
