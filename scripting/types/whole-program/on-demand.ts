/**
 * Functions whose bodies are inferred when somebody asks for them. The library's functions say what they take and give,
 * and their bodies are right (a test holds that), so a program pays for those that it uses.
 */
import { checkFunction } from '../declarations/index.ts';
import type { FunctionEntry, Scheme, TypedFunction } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Finisher } from './finish.ts';

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
): FunctionOnDemand {
  return new FunctionOnDemand(entry, scheme, () => {
    checkFunction(cx, entry);
    if (entry.typed === undefined) throw new Error(`${entry.key} has a signature`);
    return finisher.function(entry.typed);
  });
}

/** Infers the generic functions that are used so far, and those that they use: what the uses ask of types passes through them. */
export function completeUsed(functions: readonly TypedFunction[], finisher: Finisher): void {
  const byKey = new Map(functions.map((f) => [f.key, f]));
  // Inferring a body adds uses after those that were there.
  for (const { key } of finisher.uses) {
    const used = byKey.get(key);
    if (used instanceof FunctionOnDemand) used.complete();
  }
}
