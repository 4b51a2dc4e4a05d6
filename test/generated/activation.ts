/** One call of a function in the reference: its names, its arenas, and the ways to leave what it is doing. */
import type { FunctionDeclaration, Pattern } from './program.ts';
import { type Runtime, visit } from './runtime.ts';
import { Discard, Product, type Value } from './value.ts';

export interface Activation {
  readonly locals: Map<string, Value>;
  /** A closure's own copies of what it captured. */
  readonly captured: Map<string, Value> | undefined;
  /** Arenas that are open in this function, innermost last. */
  readonly arenas: OpenArena[];
  /** Whether things are made in the frame, as far as this function knows. */
  inFrame: boolean;
}

export interface OpenArena {
  readonly name: string;
  /** The number of the first thing made in it. */
  readonly since: number;
  /** What was copied out of it. */
  readonly shared: Set<Value>;
  /** Whether the frame is where it was opened. */
  readonly fromFrame: boolean;
}

export const activation = (locals: Map<string, Value>, captured?: Map<string, Value>): Activation => ({
  locals,
  captured,
  arenas: [],
  inFrame: false,
});

export class Leave extends Error {
  readonly what: 'break' | 'continue';
  constructor(what: 'break' | 'continue') {
    super();
    this.what = what;
  }
}

export class Return extends Error {
  readonly result: Value;
  constructor(result: Value) {
    super();
    this.result = result;
  }
}

export class TailCall extends Error {
  readonly to: FunctionDeclaration;
  readonly args: readonly Value[];
  constructor(to: FunctionDeclaration, args: readonly Value[]) {
    super();
    this.to = to;
    this.args = args;
  }
}

/** Evaluates where things are made elsewhere. */
export function madeIn(at: Activation, frame: boolean, body: () => Value): Value {
  const before = at.inFrame;
  at.inFrame = frame;
  try {
    return body();
  } finally {
    at.inFrame = before;
  }
}

export function lookUp(at: Activation, name: string): Value {
  if (at.locals.has(name)) return at.locals.get(name);
  if (at.captured?.has(name)) return at.captured.get(name);
  throw new Discard(`${name} is not bound`);
}

export function assign(at: Activation, name: string, value: Value): undefined {
  if (at.locals.has(name)) at.locals.set(name, value);
  else if (at.captured?.has(name)) at.captured.set(name, value);
  else throw new Discard(`${name} is not bound`);
  return undefined;
}

/** A round of a loop: false where it was the last. */
export function loopBody(body: () => Value): () => boolean {
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

export function visitWhile(rt: Runtime, collection: Value, each: (item: Value) => boolean): void {
  try {
    visit(rt, collection, (item) => {
      if (!each(item)) throw new Stop();
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

/** Whether a value has the form of a pattern; binds its names. */
export function fits(pattern: Pattern, value: Value, locals: Map<string, Value>): boolean {
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
