/**
 * The command line's arguments. What is wrong with them is a `UsageError`, a sentence for whoever typed them.
 */
import { parseArgs } from 'node:util';
import { nearest } from '../syntax/index.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options a command knows: whether each takes a value, and whether it can be given several times. */
type OptionTable = Readonly<Record<string, 'flag' | 'value' | 'values'>>;

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** Of an option that is given twice, the last. */
  readonly values: ReadonlyMap<string, string>;
  /** Those of options that can be given several times, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Sorts a command's arguments. `--name value` and `--name=value` are the same. */
export function readArguments(command: string, args: readonly string[], table: OptionTable): Arguments {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const kind = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (kind === undefined) throw new UsageError(unknownOption(command, token.rawName, table));
    if (kind === 'flag') {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
      flags.add(token.name);
    } else {
      if (token.value === undefined) throw new UsageError(`${token.rawName} needs a value`);
      if (kind === 'value') values.set(token.name, token.value);
      else lists.set(token.name, [...(lists.get(token.name) ?? []), token.value]);
    }
  }
  return { positionals, flags, values, lists };
}

/** An option's value as a number of at least `min`. */
export function numberOption(args: Arguments, name: string, min: number): number | undefined {
  const text = args.values.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < min)
    throw new UsageError(`--${name} needs a number of at least ${min}, not \`${text}\``);
  return value;
}

const LEAST_SEED = -(2n ** 63n);
const MOST_SEED = 2n ** 63n - 1n;

/** The number that a run's random numbers begin with, as `--seed` says it: an option of a machine. */
export function seedOption(args: Arguments): { readonly seed?: bigint } {
  const text = args.values.get('seed');
  if (text === undefined) return {};
  const seed = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (seed === undefined || seed < LEAST_SEED || seed > MOST_SEED)
    throw new UsageError(`--seed needs a whole number from ${LEAST_SEED} to ${MOST_SEED}, not \`${text}\``);
  return { seed };
}

function unknownOption(command: string, name: string, table: OptionTable): string {
  const close = nearest(name.replace(/^-+/, ''), Object.keys(table));
  const hint =
    close === undefined ? `\`sluice ${command} --help\` lists them` : `did you mean \`--${close}\`?`;
  return `\`sluice ${command}\` has no option \`${name}\`: ${hint}`;
}
