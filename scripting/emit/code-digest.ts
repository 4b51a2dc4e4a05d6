/**
 * What the functions of a type come to, as a text that two versions of a program share where the proof of the arenas finds the
 * same in both. A function value that lives on after a reload is old code: new code that calls it was proved with the new
 * version's functions of its type, and old code that calls a new one with the old version's. Where the texts are the same,
 * both were proved with what they may call (`machine/README.md` has the argument).
 *
 * The text of a function is its body and those of all that it calls or makes values of, without what the proof does not look
 * at: constants, operators, names and places. After a call of a function value all functions are counted that the proof
 * takes it to be, those that take and give the same components; and after a global of the frame all that use it.
 */
import type { Func, Program } from '../ir/index.ts';

/** By key of function types: the digest of the table's functions of the type. */
export function codeDigests(program: Program): ReadonlyMap<string, string> {
  const { table, kept } = program;
  const digests = new Map<string, string>();
  const writer = new Writer(program);
  for (const { key } of kept.types) {
    const functions = table.filter((_, slot) => kept.tableTypes[slot] === key);
    if (functions.length > 0) digests.set(key, hash(writer.together(functions)));
  }
  return digests;
}

/**
 * What functions do, as texts that two versions of a program share where they do the same: with what they call, constants, and first
 * values of the globals that never change. Where a text differs they may do the same all the same.
 */
export class Meanings {
  readonly #program: Program;
  readonly #writer: Writer;

  constructor(program: Program) {
    this.#program = program;
    this.#writer = new Writer(program, true);
  }

  /** Undefined where the program has none of the functions. */
  of(functions: readonly string[]): string | undefined {
    const known = functions.filter((key) => this.#program.functions.has(key));
    return known.length === 0 ? undefined : hash(known.map((key) => this.#writer.alone(key)).join('\n'));
  }

  /** Of one function by itself: what it calls stands there by name. */
  own(key: string): string {
    return hash(this.#writer.own(key));
  }
}

/** A function's own text, with the keys of other functions between the parts, and what it leads to without naming it. */
interface Text {
  readonly parts: readonly (string | { readonly function: string })[];
  readonly calls: ReadonlySet<string>;
  readonly frameGlobals: ReadonlySet<string>;
}

/** A function with all that it names: its text, and what all of them lead to besides. */
interface Whole {
  readonly text: string;
  readonly calls: ReadonlySet<string>;
  readonly frameGlobals: ReadonlySet<string>;
}

class Writer {
  readonly #program: Program;
  readonly #texts = new Map<string, Text>();
  readonly #wholes = new Map<string, Whole>();
  readonly #frameGlobals: ReadonlySet<string>;
  readonly #entire: boolean;

  /** `entire`: nothing that decides what is done is left out. */
  constructor(program: Program, entire = false) {
    this.#program = program;
    this.#entire = entire;
    this.#frameGlobals = new Set(
      program.globals.filter((g) => g.initializer === undefined).map(({ key }) => key),
    );
  }

  /** The text of functions that one call may mean, and of whatever that may lead to. */
  together(functions: readonly string[]): string {
    const groups = new Map<string, string>();
    const pending: [name: string, members: readonly string[]][] = [['', functions]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [name, members] = next;
      if (groups.has(name)) continue;
      const wholes = members.map((key) => this.#whole(key));
      groups.set(name, [...new Set(wholes.map(({ text }) => hash(text)))].sort().join(' '));
      for (const { calls, frameGlobals } of wholes) {
        for (const signature of calls) pending.push([`call ${signature}`, this.#candidates(signature)]);
        for (const global of frameGlobals) pending.push([`global ${global}`, this.#users(global)]);
      }
    }
    return [...groups]
      .map(([name, text]) => `${name}: ${text}`)
      .sort()
      .join('\n');
  }

  /** The text of a function and of all that it names. */
  alone(key: string): string {
    return this.#whole(key).text;
  }

  /** The text of a function, with the names of others. Functions in one function have numbers, which other edits change. */
  own(key: string): string {
    const { parts } = this.#text(key);
    return parts
      .map((part) => (typeof part === 'string' ? part : part.function.replace(/ fn \d+/g, ' fn')))
      .join('');
  }

  /** The functions of the table that take and give these components; a slot whose function an edit has removed has no type. */
  #candidates(signature: string): readonly string[] {
    const { table, functions, kept } = this.#program;
    return table.filter((key, slot) => {
      const func = functions.get(key);
      return func !== undefined && kept.tableTypes[slot] !== '' && signatureOf(func) === signature;
    });
  }

  /** The functions that read or set a global of the frame, most of them by calling one that does. */
  #users(global: string): readonly string[] {
    const all = [...this.#program.functions.keys()];
    const direct = new Set(all.filter((key) => this.#text(key).frameGlobals.has(global)));
    const uses = (key: string): boolean =>
      this.#text(key).parts.some((part) => typeof part !== 'string' && direct.has(part.function));
    return all.filter((key) => direct.has(key) || uses(key));
  }

  #whole(root: string): Whole {
    const known = this.#wholes.get(root);
    if (known !== undefined) return known;
    // Functions are numbered in the order in which they are named, which is the same whatever their keys are.
    const numbers = new Map([[root, 0]]);
    const calls = new Set<string>();
    const frameGlobals = new Set<string>();
    let text = '';
    for (const key of numbers.keys()) {
      const own = this.#text(key);
      for (const signature of own.calls) calls.add(signature);
      for (const global of own.frameGlobals) frameGlobals.add(global);
      for (const part of own.parts) {
        if (typeof part === 'string') text += part;
        else {
          const number = numbers.get(part.function) ?? numbers.size;
          numbers.set(part.function, number);
          text += `f${number}`;
        }
      }
      text += '\n';
    }
    const whole = { text, calls, frameGlobals };
    this.#wholes.set(root, whole);
    return whole;
  }

  #text(key: string): Text {
    let text = this.#texts.get(key);
    if (text === undefined) {
      const func = this.#program.functions.get(key);
      text =
        func === undefined
          ? NO_TEXT
          : new Printer(this.#program, this.#frameGlobals, this.#entire).print(func);
      this.#texts.set(key, text);
    }
    return text;
  }
}

const NO_TEXT: Text = { parts: [], calls: new Set(), frameGlobals: new Set() };

/** Parts of the representation that the proof does not look at. */
const SKIPPED: ReadonlySet<string> = new Set(['span', 'op', 'failure', 'chunk', 'limit', 'flat']);
/** Parts that say nothing of what is done. */
const PLACES: ReadonlySet<string> = new Set(['span']);

/** Prints one function. */
class Printer {
  readonly #program: Program;
  readonly #frameGlobals: ReadonlySet<string>;
  readonly #parts: (string | { readonly function: string })[] = [];
  readonly #calls = new Set<string>();
  readonly #usedFrameGlobals = new Set<string>();
  /** Locals by their ids, and targets of jumps: numbered as they come. */
  readonly #numbers = new Map<string, number>();
  readonly #entire: boolean;

  constructor(program: Program, frameGlobals: ReadonlySet<string>, entire: boolean) {
    this.#program = program;
    this.#entire = entire;
    this.#frameGlobals = frameGlobals;
  }

  print({ params, regionParameter, results, body }: Func): Text {
    this.#any({ params, regionParameter, results, body });
    return { parts: this.#parts, calls: this.#calls, frameGlobals: this.#usedFrameGlobals };
  }

  #any(value: unknown): void {
    if (Array.isArray(value)) {
      this.#parts.push('[');
      for (const item of value) this.#any(item);
      this.#parts.push(']');
    } else if (typeof value === 'object' && value !== null)
      this.#node(value as Readonly<Record<string, unknown>>);
    else this.#parts.push(`${String(value)} `);
  }

  #node(node: Readonly<Record<string, unknown>>): void {
    const { kind } = node;
    if (kind === undefined && 'id' in node && 'rep' in node) {
      this.#parts.push(`${this.#number('local', node.id)}:${String(node.rep)} `);
      return;
    }
    if (kind === 'constant' || kind === 'literal') {
      this.#parts.push(`${kind} ${String(node.rep)} `);
      if (this.#entire) this.#parts.push(`${JSON.stringify(this.#content(node))} `);
      return;
    }
    this.#parts.push('(');
    for (const name of Object.keys(node).sort())
      if (!(this.#entire ? PLACES : SKIPPED).has(name) && node[name] !== undefined)
        this.#part(node, name, node[name]);
    if (node.to === 'closure') this.#calls.add(signatureOfCall(node));
    this.#parts.push(')');
  }

  /** What a constant is; a text's own. */
  #content({ kind, index, value }: Readonly<Record<string, unknown>>): string {
    if (kind === 'literal') return this.#program.literals[index as number] as string;
    return Object.is(value, -0) ? '-0' : String(value);
  }

  #part(node: Readonly<Record<string, unknown>>, name: string, value: unknown): void {
    this.#parts.push(`${name} `);
    const program = this.#program;
    if (name === 'key' && node.to === 'function') this.#function(value as string);
    else if (name === 'slot') this.#function(program.table[value as number] as string);
    else if (name === 'index' && node.to === 'extern') this.#parts.push(externText(program, value as number));
    else if (name === 'index' && node.kind === 'static-variant') this.#variant(value as number);
    else if (name === 'type' && typeof value === 'number') this.#type(value);
    else if (name === 'global') this.#global(value as string);
    else if (name === 'name' && node.kind === 'arena') this.#parts.push(`${value === 'frame'} `);
    else if (name === 'block' || name === 'loop' || name === 'id')
      this.#parts.push(`${this.#number('jump', value)} `);
    else this.#any(value);
  }

  #function(key: string): void {
    this.#parts.push({ function: key }, ' ');
  }

  #variant(index: number): void {
    const { type, tag } = this.#program.constants[index] as Program['constants'][number];
    this.#type(type);
    if (this.#entire) this.#parts.push(`${tag} `);
  }

  #global(key: string): void {
    if (this.#frameGlobals.has(key)) this.#usedFrameGlobals.add(key);
    this.#parts.push(`${key} `);
    const global = this.#entire ? this.#program.globals.find((g) => g.key === key) : undefined;
    if (global?.mutable === false && global.initializer !== undefined) this.#function(global.initializer);
  }

  /** By what it is: numbers and names of closures differ between versions. */
  #type(id: number): void {
    const type = this.#program.types[id];
    if (type === undefined) return;
    const { kind, name, size, fields, stride, element } = type;
    const list = [...fields, ...element].map(({ offset, stored }) => `${offset}${stored}`).join(' ');
    this.#parts.push(`${kind} ${kind === 'closure' ? '' : name} ${size} ${stride} ${fields.length} ${list} `);
  }

  #number(what: string, id: unknown): string {
    const name = `${what} ${String(id)}`;
    const number = this.#numbers.get(name) ?? this.#numbers.size;
    this.#numbers.set(name, number);
    return `#${number}`;
  }
}

/** What a closure's code takes and returns; the last parameter is the closure itself. */
function signatureOf({ params, results }: Func): string {
  return `${params
    .slice(0, -1)
    .map((p) => p.rep)
    .join(' ')} -> ${results.join(' ')}`;
}

function signatureOfCall(call: Readonly<Record<string, unknown>>): string {
  const args = call.args as readonly { readonly rep: string }[];
  return `${args.map((a) => a.rep).join(' ')} -> ${(call.reps as readonly string[]).join(' ')}`;
}

/** A function of the host, by its name and what crosses. Numbers of shapes, also in their functions' names, differ between versions. */
function externText({ externs, shapes }: Program, index: number): string {
  const seen = new Set<number>();
  const { module, name, params, result } = externs[index] as Program['externs'][number];
  return JSON.stringify({ module, name, params, result }, (key, value: unknown) => {
    if (typeof value === 'string' && value.startsWith('sluice:host:')) return undefined;
    if (key !== 'shape' || typeof value !== 'number') return value;
    if (seen.has(value)) return 'above';
    seen.add(value);
    return shapes[value];
  });
}

/** 106 bits that tell texts apart: two runs of cyrb53 (public domain, by bryc), from different beginnings. */
function hash(text: string): string {
  return [0, 0x51ce].map((seed) => cyrb53(text, seed).toString(36)).join('-');
}

function cyrb53(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
