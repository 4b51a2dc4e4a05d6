/**
 * Bodies that are inferred when somebody asks for them. The library's functions say what they take and give, and their bodies are
 * right (a test holds that), so a program pays for those that it uses, and only if no program before it has: what a body of the library
 * comes to is kept, with what it asks of types, which each program that uses it is told.
 */
import { checkFunction } from '../declarations/index.ts';
import type { FunctionEntry, GlobalEntry, Scheme, TypedExpression, TypedFunction } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Use } from './expansion.ts';
import { Finisher } from './finish.ts';

/** What is known from the signature; asking for the parameters or the body infers both. */
class FunctionOnDemand implements TypedFunction {
  readonly name: string;
  readonly key: string;
  readonly public: boolean;
  readonly typeParameters: TypedFunction['typeParameters'];
  readonly constraints: TypedFunction['constraints'];
  readonly result: TypedFunction['result'];
  readonly span: TypedFunction['span'];
  readonly documentation?: string;
  readonly #infer: () => TypedFunction;
  #whole: TypedFunction | undefined;

  constructor(entry: FunctionEntry, scheme: Scheme, infer: () => TypedFunction) {
    this.name = entry.name;
    this.key = entry.key;
    this.public = entry.public;
    this.typeParameters = scheme.parameters;
    this.constraints = scheme.constraints;
    this.result = scheme.type.result;
    this.span = entry.span;
    if (entry.documentation !== undefined) this.documentation = entry.documentation;
    this.#infer = infer;
  }

  get params(): TypedFunction['params'] {
    return this.complete().params;
  }

  get body(): TypedFunction['body'] {
    return this.complete().body;
  }

  complete(): TypedFunction {
    this.#whole ??= this.#infer();
    return this.#whole;
  }
}

/** A function with a signature, for later. */
export function onDemand(
  cx: Inference,
  finisher: Finisher,
  entry: FunctionEntry,
  scheme: Scheme,
): TypedFunction {
  return new FunctionOnDemand(entry, scheme, () => finisher.function(inferred(cx, entry)));
}

function inferred(cx: Inference, entry: FunctionEntry): TypedFunction {
  checkFunction(cx, entry);
  if (entry.typed === undefined) throw new Error(`${entry.key} has a signature`);
  return entry.typed;
}

/**
 * Infers the generic functions that are used so far, and those that they use: what the uses ask of types passes through them. Inferring
 * a body may add uses after those that were there.
 */
export function completeUsed(byKey: ReadonlyMap<string, TypedFunction>, uses: readonly Use[]): void {
  for (const { key } of uses) {
    const used = byKey.get(key);
    if (used instanceof FunctionOnDemand) used.complete();
  }
}

/** A function or a value without unknowns; the finisher knows what it asks of types. */
export interface Finished<T> {
  readonly whole: T;
  readonly finisher: Finisher;
}

/** The bodies of the library's modules, for all programs that have these. */
export class Bodies {
  readonly #cx: Inference;
  /** What was inferred with the modules, and is in every program. */
  readonly #functions = new Map<FunctionEntry, Finished<TypedFunction> | undefined>();
  readonly #globals = new Map<GlobalEntry, Finished<TypedExpression> | undefined>();
  /** What programs have asked for. */
  readonly #demanded = new Map<FunctionEntry, Finished<TypedFunction>>();

  /** Finishes what has been inferred of the modules that have been entered; the rest waits. */
  constructor(cx: Inference) {
    this.#cx = cx;
    for (const entry of cx.functions)
      this.#functions.set(entry, entry.typed === undefined ? undefined : this.#finished(entry.typed));
    for (const entry of cx.globals) {
      const finisher = new Finisher(cx);
      entry.definition.type = finisher.type(entry.definition.type);
      const { typed } = entry;
      this.#globals.set(
        entry,
        typed === undefined ? undefined : { whole: finisher.expression(typed), finisher },
      );
    }
  }

  has(entry: FunctionEntry | GlobalEntry): boolean {
    return 'params' in entry ? this.#functions.has(entry) : this.#globals.has(entry);
  }

  /** One of its functions for a program, whose finisher is told what the body asks of types when the program has it. */
  function(entry: FunctionEntry, program: Finisher): TypedFunction | undefined {
    const { scheme } = entry;
    const finished = this.#functions.get(entry);
    if (finished !== undefined) return program.told(finished.finisher, finished.whole);
    if (scheme === undefined) return undefined;
    return new FunctionOnDemand(entry, scheme, () => {
      const { whole, finisher } = this.#demanded.get(entry) ?? this.#demand(entry);
      return program.told(finisher, whole);
    });
  }

  /** The value of one of its globals. */
  global(entry: GlobalEntry, program: Finisher): TypedExpression | undefined {
    const finished = this.#globals.get(entry);
    return finished === undefined ? undefined : program.told(finished.finisher, finished.whole);
  }

  #demand(entry: FunctionEntry): Finished<TypedFunction> {
    const finished = this.#finished(inferred(this.#cx, entry));
    if (this.#cx.diagnostics.failed) throw new Error(`the library: ${entry.key} is not right`);
    this.#demanded.set(entry, finished);
    // No program's order of globals depends on what others have asked for.
    entry.typed = undefined;
    return finished;
  }

  #finished(typed: TypedFunction): Finished<TypedFunction> {
    const finisher = new Finisher(this.#cx);
    return { whole: finisher.function(typed), finisher };
  }
}
