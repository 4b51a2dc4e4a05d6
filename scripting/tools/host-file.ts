/**
 * The host of a script on the command line: what the module of `--host FILE.mjs` exports, and `read-file` and `write-file`.
 *
 *     export const stage = { play(name) { ... }, 'place!': (sprite, x, y) => { ... } };   // (extern "stage" ...)
 *     export default { 'my-game.sound': { ... } };            // modules that JavaScript has no such name for
 *
 * Without one, every extern is there, and fails when it is called: what does not need the host can be tried.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputPage, inputHost } from '../../engine/input/index.ts';
import { profileHost } from '../../engine/profile/index.ts';
import { type HostModules, LinkError } from '../machine/index.ts';
import { FILES } from './files.ts';
import { unseenStage } from './game-images.ts';
import type { ImageSizes } from './images/index.ts';
import { type Arguments, UsageError } from './options.ts';

/** What `--help` says of it, in a list of options whose texts begin at a column. */
export function hostHelp(column: number): string {
  return [
    `${'--host FILE'.padEnd(column - 2)}a JavaScript module with the functions that the script declares as externs: what is`,
    '`(extern "stage" (defn play ...))` there is `export const stage = { play(...) { ... } }`',
    'here. Without it, an extern fails when it is called',
  ].join(`\n${' '.repeat(column)}`);
}

/** Options of a machine. */
export interface Host {
  readonly host: HostModules;
  readonly absent?: (name: string) => string;
}

/**
 * Loads the module that `--host` names; what the player does is in `page`, nothing where none is given. Throws a `UsageError` where that
 * cannot be done.
 */
export async function hostOption(
  args: Arguments,
  images: ImageSizes | undefined,
  page = new InputPage(),
): Promise<Host> {
  const own = { ...FILES, ...inputHost(page), ...unseenStage(images), ...profileHost() };
  const file = args.values.get('host');
  return file === undefined ? { host: own, absent } : { host: { ...(await load(file)), ...own } };
}

function absent(name: string): string {
  return `${name} is a function of the host, and there is none here: \`--host FILE.mjs\` says where it is`;
}

async function load(file: string): Promise<HostModules> {
  const kind = await stat(file).catch(() => undefined);
  if (kind === undefined) throw new UsageError(`there is no file ${file}`);
  if (kind.isDirectory()) throw new UsageError(`${file} is a folder; \`--host\` names a JavaScript module`);
  let found: Readonly<Record<string, unknown>>;
  try {
    found = await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw new UsageError(
      `${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const { default: others, ...named } = found;
  return { ...(typeof others === 'object' ? others : {}), ...named } as HostModules;
}

/** How the file of `--host` has what a program misses in it; nothing where that is not what is wrong. */
export function hostHint(args: Arguments, error: Error): string {
  const file = args.values.get('host');
  const [first] = error instanceof LinkError ? error.missing : [];
  if (file === undefined || first === undefined) return '';
  const method = `{ ${isName(first.name) ? first.name : `'${first.name}'`}(...) { ... } }`;
  const text = isName(first.module)
    ? `export const ${first.module} = ${method};`
    : `export default { '${first.module}': ${method} };`;
  return `\n  hint: in ${file}, it is \`${text}\``;
}

function isName(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}
