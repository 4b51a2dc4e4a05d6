/**
 * Runs programs as `generator.ts` makes them, on objects that know in which arena they were made, and finds the first
 * moment at which something holds, or touches, what it should not: the property that the escape proof promises.
 */
import type { Call, Expression, Func, Statement } from '../../../scripting/lower/index.ts';

/** An arena while it is open, or the heap. `depth` orders by lifetime: 0 heap, 1 frame, then blocks as they open. */
interface Region {
  readonly depth: number;
  open: boolean;
}

interface Thing {
  readonly region: Region;
  readonly fields: Map<number, Thing | undefined>;
  readonly slot: number | undefined;
}

const BUFFER = 8;
const VECTOR_ELEMENT = -1;

/** Something lived longer than the arena of what it holds. */
export class Escape extends Error {}

/** The script stopped for reasons of its own: a null address, or too many steps. */
class Stop extends Error {}

class Return extends Error {
  readonly values: readonly (Thing | undefined)[];
  constructor(values: readonly (Thing | undefined)[]) {
    super();
    this.values = values;
  }
}

type Locals = Map<number, Thing | undefined>;

export class Interpreter {
  readonly #functions: ReadonlyMap<string, Func>;
  readonly #table: readonly string[];
  readonly #decide: () => number;
  readonly #heap: Region = { depth: 0, open: true };
  #frame: Region = { depth: 1, open: true };
  #regions: Region[] = [this.#heap];
  #blocks = 0;
  #steps = 0;
  #calls = 0;
  readonly #globals = new Map<string, Thing | undefined>();

  /** `decide` gives numbers of 0 to 3 that conditions and loops go by. */
  constructor(functions: readonly Func[], table: readonly string[], decide: () => number) {
    this.#functions = new Map(functions.map((f) => [f.key, f]));
    this.#table = table;
    this.#decide = decide;
  }

  /** A call by the host, and the end of the frame behind it. Throws an Escape. */
  callFromHost(key: string): void {
    this.#regions = [this.#heap];
    this.#blocks = 0;
    this.#steps = 0;
    this.#calls = 0;
    try {
      const results = this.#callFunction(key, []);
      for (const result of results)
        if (result !== undefined && result.region !== this.#heap) throw new Escape('given to the host');
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    this.#frame.open = false;
    this.#frame = { depth: 1, open: true };
  }

  #callFunction(key: string, args: readonly (Thing | undefined)[]): readonly (Thing | undefined)[] {
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
      case 'set-global': {
        const value = this.#evaluate(statement.value, locals);
        if (value !== undefined && value.region !== this.#heap) throw new Escape(`in ${statement.global}`);
        this.#globals.set(statement.global, value);
        return;
      }
      case 'evaluate':
        this.#evaluate(statement.value, locals);
        return;
      case 'store':
      case 'store-element': {
        const target = this.#touch(this.#evaluate(statement.target, locals));
        const field = statement.kind === 'store' ? statement.offset : VECTOR_ELEMENT;
        hold(target, field, this.#evaluate(statement.value, locals));
        return;
      }
      case 'if':
        this.#statements(this.#decide() > 1 ? statement.then : statement.else, locals);
        return;
      case 'loop':
        for (let rounds = this.#decide(); rounds > 0; rounds--) this.#statements(statement.body, locals);
        return;
      case 'return':
        throw new Return(statement.values.map((v) => this.#evaluate(v, locals)));
      case 'arena':
        this.#arena(statement.name === 'frame', statement.body, locals);
        return;
      default:
        throw new Error(`no ${statement.kind} is generated`);
    }
  }

  #arena(isFrame: boolean, body: readonly Statement[], locals: Locals): void {
    const region: Region = isFrame ? this.#frame : { depth: 2 + this.#blocks, open: true };
    this.#regions.push(region);
    if (!isFrame) this.#blocks++;
    try {
      this.#statements(body, locals);
    } finally {
      this.#regions.pop();
      if (!isFrame) {
        this.#blocks--;
        region.open = false;
      }
    }
  }

  #evaluate(expression: Expression, locals: Locals): Thing | undefined {
    switch (expression.kind) {
      case 'constant':
      case 'null':
      case 'descriptor':
      case 'code':
        return undefined;
      case 'get':
        return alive(locals.get(expression.local.id));
      case 'get-global':
        return alive(this.#globals.get(expression.global));
      case 'load':
        return alive(this.#touch(this.#evaluate(expression.target, locals)).fields.get(expression.offset));
      case 'load-element':
        return alive(this.#touch(this.#evaluate(expression.target, locals)).fields.get(VECTOR_ELEMENT));
      case 'allocate': {
        const code = expression.fields.find((f) => f.value.kind === 'code')?.value;
        const made = this.#make(code?.kind === 'code' ? code.slot : undefined);
        for (const { offset, stored, value } of expression.fields)
          if (stored === 'ref') hold(made, offset, this.#evaluate(value, locals));
        return made;
      }
      case 'call':
        return alive(this.#call(expression.call, locals)[0]);
      default:
        throw new Error(`no ${expression.kind} is generated`);
    }
  }

  #call(call: Call, locals: Locals): readonly (Thing | undefined)[] {
    const args = call.args.map((a) => this.#evaluate(a, locals));
    switch (call.to) {
      case 'function':
        return this.#callFunction(call.key, args);
      case 'closure': {
        const closure = this.#touch(this.#evaluate(call.closure, locals));
        return this.#callFunction(this.#table[closure.slot ?? -1] ?? '', [...args, closure]);
      }
      case 'runtime': {
        // mutVectorGrow: a new buffer beside the vector, with the elements of the old one.
        const vector = this.#touch(args[0]);
        const buffer: Thing = { region: vector.region, fields: new Map(), slot: undefined };
        hold(buffer, VECTOR_ELEMENT, vector.fields.get(BUFFER)?.fields.get(VECTOR_ELEMENT));
        hold(vector, BUFFER, buffer);
        return [];
      }
      case 'extern':
        throw new Error('no call of an extern is generated');
    }
  }

  #make(slot: number | undefined): Thing {
    return { region: this.#regions.at(-1) ?? this.#heap, fields: new Map(), slot };
  }

  #touch(thing: Thing | undefined): Thing {
    if (thing === undefined) throw new Stop();
    return thing;
  }
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
