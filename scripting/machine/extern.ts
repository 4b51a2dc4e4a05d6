/**
 * Functions that the host gives to scripts: those of its modules, which a script names, and those that it passes as values.
 * Each is wrapped: arguments are put together from their components, the result is checked and taken apart, and whatever is
 * thrown becomes a script error at the call.
 */
import {
  type ExternEntry,
  HOST_CALLS,
  type HostSignature,
  type HostType,
  importNames,
  printPosition,
} from '../image/index.ts';
import { type Calls, isStackOverflow } from './calls.ts';
import { ConversionError, type Converter, componentCount, type Raw, signatureText } from './convert.ts';
import { ScriptError } from './script-error.ts';
import type { HostAdapters, HostFunction, ScriptFunction } from './shapes.ts';

/**
 * What the host supplies: modules by name, `{ stage: { play(name) { ... } } }`. A module's functions are called as its
 * methods; they may come from its class. What they take and give is checked at each call, by the script's declaration.
 */
export type HostModules = Readonly<Record<string, object>>;

/** What the externs of a program are linked to. */
export interface ExternSupply {
  readonly host: HostModules;
  /** What a call of a function that the host lacks fails with, given its name; undefined where it has to have them all. */
  readonly absent: ((name: string) => string) | undefined;
  readonly converter: Converter;
  readonly calls: Calls;
}

/** What `read-file` and `write-file` are imported from. */
const FILES = 'sluice.files';

/** The program cannot run, because the host lacks functions it needs. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly missing: readonly ExternEntry[];

  constructor(missing: readonly ExternEntry[], host: HostModules) {
    super(missing.map((entry) => lackText(entry, host)).join('\n'));
    this.missing = missing;
  }
}

/** What is wrong with the host, as an extern sees it. */
function lackText(entry: ExternEntry, host: HostModules): string {
  const { module, name, span } = entry;
  if (module === FILES) return `\`${name}\` exists on the command line only`;
  const found = findMember(host, entry);
  const type = signatureText(entry);
  return found === undefined
    ? `${printPosition(span)}: the host does not supply ${module}.${name} : ${type}`
    : `${printPosition(span)}: the host supplies ${module}.${name} as ${kindOf(found)}, and not as a function : ${type}`;
}

/** A value of JavaScript's, as one speaks of it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  const kind = typeof value;
  return kind === 'object' || kind === 'undefined' ? `an ${kind}` : `a ${kind}`;
}

/** The host's functions as WebAssembly imports, `extern:<module>` -> `<name>`. Throws a `LinkError` naming all that lack. */
export function externImports(
  externs: readonly ExternEntry[],
  { host, absent, converter, calls }: ExternSupply,
  adapters: HostAdapters,
): Record<string, Record<string, WebAssembly.ImportValue>> {
  const missing = externs.filter(
    (entry) => entry.module !== HOST_CALLS && findFunction(host, entry) === undefined,
  );
  if (missing.length > 0 && absent === undefined) throw new LinkError(missing, host);
  const boundary = { converter, calls, adapters };
  const names = importNames(externs);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const [i, entry] of externs.entries()) {
    const space = `extern:${entry.module}`;
    const wrapped =
      entry.module === HOST_CALLS
        ? ofValue(entry, boundary)
        : absent !== undefined && missing.includes(entry)
          ? ofNobody(absent(`${entry.module}.${entry.name}`), calls)
          : ofModule(entry, host, boundary);
    imports[space] = { ...imports[space], [names[i] as string]: wrapped };
  }
  return imports;
}

/** A function that is not there. A script that calls it fails, also where its type could tell of a failure as an `Err`. */
function ofNobody(message: string, calls: Calls): () => never {
  return () => {
    throw new ScriptError('host', message, { modules: calls.modules });
  };
}

/** A module's function. */
function findFunction(host: HostModules, entry: ExternEntry): HostFunction | undefined {
  const found = findMember(host, entry);
  return typeof found === 'function' ? (found as HostFunction) : undefined;
}

/** What a module has of a name, itself or its class; what every object or function of JavaScript has was not linked. */
function findMember(host: HostModules, { module, name }: ExternEntry): unknown {
  if (!Object.hasOwn(host, module) || name === 'constructor') return undefined;
  const owner = host[module];
  for (
    let at: object | null | undefined = owner;
    at != null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (at !== owner && EVERYBODYS.has(at)) return undefined;
    if (Object.hasOwn(at, name)) return (owner as Readonly<Record<string, unknown>>)[name];
  }
  return undefined;
}

const EVERYBODYS: ReadonlySet<object> = new Set([Object.prototype, Function.prototype]);

/** A function of a module, as WebAssembly calls it. */
function ofModule(entry: ExternEntry, host: HostModules, boundary: Boundary): (...raw: Raw[]) => unknown {
  const owner = host[entry.module];
  const call = findFunction(host, entry) as HostFunction;
  const name = `${entry.module}.${entry.name}`;
  const signature = { ...entry, places: argumentPlaces(entry) };
  return (...raw) => perform(signature, name, (args) => call.apply(owner, args), raw, boundary);
}

/** A function that is called as a value: it is the first argument. */
function ofValue(entry: ExternEntry, boundary: Boundary): (...raw: Raw[]) => unknown {
  const signature = { ...entry, params: entry.params.slice(1), places: argumentPlaces(entry).slice(1) };
  return (...raw) => {
    const callee = boundary.converter.hostObject((raw[0] as number) >>> 0) as HostFunction;
    const name = callee.name === '' ? "the host's function" : `the host's function ${callee.name}`;
    return perform(signature, name, (args) => callee(...args), raw, boundary);
  };
}

/** What values cross by. */
interface Boundary {
  readonly converter: Converter;
  readonly calls: Calls;
  readonly adapters: HostAdapters;
}

/** `places`: index of each parameter's first component. */
type PlacedSignature = HostSignature & { readonly places: readonly number[] };

function perform(
  { params, result: type, places }: PlacedSignature,
  name: string,
  call: (args: unknown[]) => unknown,
  raw: readonly Raw[],
  { converter, calls, adapters }: Boundary,
): unknown {
  const lent: ScriptFunction[] = [];
  try {
    const args = params.map((param, i) => {
      const what = `argument \`${param.name}\` of ${name}`;
      const at = places[i] as number;
      return param.borrows === true
        ? converter.lend(param.type, raw, at, what, adapters, lent)
        : converter.lift(param.type, raw, at, what, adapters);
    });
    const result = call(args);
    return calls.rooting(() => lowerResult(type, result, name, converter, adapters));
  } catch (error) {
    const reason = understood(error, name, calls);
    const isHosts = reason instanceof ScriptError && reason.kind === 'host' && reason !== error;
    const failed = isHosts
      ? calls.rooting(() => converter.failure(type, error, `the result of ${name}`, adapters))
      : undefined;
    if (failed === undefined) throw reason;
    return failed.length > 1 ? failed : failed[0];
  } finally {
    for (const borrowed of lent) borrowed.release();
  }
}

/** Index of each parameter's first component. */
function argumentPlaces(entry: HostSignature): readonly number[] {
  let next = 0;
  return entry.params.map((param) => {
    const place = next;
    next += componentCount(param.type);
    return place;
  });
}

function lowerResult(
  type: HostType,
  value: unknown,
  name: string,
  converter: Converter,
  adapters: HostAdapters,
): unknown {
  const raw: Raw[] = [];
  converter.lower(type, value, `the result of ${name}`, raw, adapters);
  return raw.length > 1 ? raw : raw[0];
}

/** Failures of script code that the host function called go through as they are; they already tell the whole story. */
function understood(error: unknown, name: string, calls: Calls): unknown {
  if (error instanceof ScriptError || (error instanceof Error && isStackOverflow(error))) return error;
  const kind = error instanceof ConversionError ? 'conversion' : 'host';
  const text = error instanceof Error ? error.message : String(error);
  const message = kind === 'conversion' ? text : `${name} failed: ${text}`;
  return new ScriptError(kind, message, { modules: calls.modules, cause: error });
}
