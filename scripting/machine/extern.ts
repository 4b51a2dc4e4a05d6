/**
 * Functions that the host gives to scripts. Each is wrapped: arguments are put together from their components, the
 * result is checked and taken apart, and whatever is thrown becomes a script error at the call.
 */
import type { ExternEntry, HostType } from '../image/index.ts';
import { type Calls, isStackOverflow } from './calls.ts';
import { ConversionError, type Converter, componentCount, type Raw, signatureText } from './convert.ts';
import { ScriptError } from './script-error.ts';
import type { HostAdapters, ScriptFunction } from './shapes.ts';
import { printPosition } from './trace.ts';

/**
 * What the host supplies: modules by name, `{ stage: { play(name) { ... } } }`. A module's functions are called as its
 * methods. What they take and give is checked at each call, by the script's declaration.
 */
export type HostModules = Readonly<Record<string, object>>;

type HostFunction = (...args: unknown[]) => unknown;

/** What `read-file` and `write-file` are imported from. */
const FILES = 'sluice.files';

/** The program cannot run, because the host lacks functions it needs. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly missing: readonly ExternEntry[];

  constructor(missing: readonly ExternEntry[]) {
    const lines = missing.map((entry) =>
      entry.module === FILES
        ? `\`${entry.name}\` exists on the command line only`
        : `${printPosition(entry.span)}: the host does not supply ${entry.module}.${entry.name} : ${signatureText(entry)}`,
    );
    super(lines.join('\n'));
    this.missing = missing;
  }
}

/** The host's functions as WebAssembly imports, `extern:<module>` -> `<name>`. Throws a `LinkError` naming all that lack. */
export function externImports(
  externs: readonly ExternEntry[],
  host: HostModules,
  converter: Converter,
  calls: Calls,
  adapters: HostAdapters,
): Record<string, Record<string, WebAssembly.ImportValue>> {
  const missing = externs.filter((entry) => findFunction(host, entry) === undefined);
  if (missing.length > 0) throw new LinkError(missing);
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const entry of externs) {
    const space = `extern:${entry.module}`;
    imports[space] = { ...imports[space], [entry.name]: wrap(entry, host, converter, calls, adapters) };
  }
  return imports;
}

function findFunction(host: HostModules, { module, name }: ExternEntry): HostFunction | undefined {
  const found = (host[module] as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof found === 'function' ? (found as HostFunction) : undefined;
}

function wrap(
  entry: ExternEntry,
  host: HostModules,
  converter: Converter,
  calls: Calls,
  adapters: HostAdapters,
): (...raw: Raw[]) => unknown {
  const owner = host[entry.module];
  const call = findFunction(host, entry) as HostFunction;
  const name = `${entry.module}.${entry.name}`;
  const places = argumentPlaces(entry);
  return (...raw) => {
    const lent: ScriptFunction[] = [];
    const argument = (param: (typeof entry.params)[number], i: number): unknown => {
      const what = `argument \`${param.name}\` of ${name}`;
      const at = places[i] as number;
      if (param.borrows !== true) return converter.lift(param.type, raw, at, what, adapters);
      const borrowed = converter.lend(param.type, raw, at, what, adapters);
      lent.push(borrowed);
      return borrowed;
    };
    try {
      const result = call.apply(owner, entry.params.map(argument));
      return calls.rooting(() => lowerResult(entry.result, result, name, converter, adapters));
    } catch (error) {
      const reason = understood(error, name, calls);
      const isHosts = reason instanceof ScriptError && reason.kind === 'host' && reason !== error;
      const failed = isHosts
        ? calls.rooting(() => converter.failure(entry.result, error, `the result of ${name}`, adapters))
        : undefined;
      if (failed === undefined) throw reason;
      return failed.length > 1 ? failed : failed[0];
    } finally {
      for (const borrowed of lent) borrowed.release();
    }
  };
}

/** Index of each parameter's first component. */
function argumentPlaces(entry: ExternEntry): readonly number[] {
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
