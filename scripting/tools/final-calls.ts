/**
 * Exported functions that a run without a screen calls by itself. `--call NAME`: when a game has run its frames, and what they return is
 * printed, as the sum of what matters in its world. `--until NAME`: after each frame, and where the answer is `true` no other follows.
 */
import type { ExportEntry, Image, Manifest } from '../image/index.ts';
import { shownExport } from '../lower/index.ts';
import type { Machine } from '../machine/index.ts';
import { nearest, type Source } from '../syntax/index.ts';
import { UsageError } from './options.ts';

/** Throws a `UsageError` for a name that no function has which can be called so. */
export function checkFinalCalls({ manifest }: Image, names: readonly string[], main: Source): void {
  const shown = new Set(manifest.exports.map(({ name }) => name));
  for (const name of names) {
    const { result } = findCallable(manifest, '--call', name, main);
    if (result.kind !== 'unit' && !shown.has(shownExport(name)))
      throw new UsageError(
        `\`${name}\` of ${main.name} returns what cannot be shown: a function, or what holds one`,
      );
  }
}

/** Throws a `UsageError` where no function has that name which says whether a run is over. */
export function checkUntil({ manifest }: Image, name: string, main: Source): void {
  const { result } = findCallable(manifest, '--until', name, main);
  if (result.kind !== 'bool')
    throw new UsageError(
      `\`${name}\` of ${main.name} does not return \`Bool\`: \`--until\` asks it whether the run is over`,
    );
}

function findCallable({ exports }: Manifest, option: string, name: string, main: Source): ExportEntry {
  const game = main.name;
  const found = exports.find((entry) => entry.name === name);
  const callable = exports.filter((entry) => isCallable(entry)).map((entry) => entry.name);
  if (found === undefined && isPrivate(main, name))
    throw new UsageError(
      `\`${name}\` of ${game} is private: \`(pub defn ${name} () ...)\` makes it one that \`${option}\` finds`,
    );
  if (found === undefined)
    throw new UsageError(`${game} exports no function \`${name}\`: ${advice(name, callable)}`);
  if (!isCallable(found))
    throw new UsageError(
      `\`${name}\` of ${game} has parameters, and \`${option}\` has nothing to give: ${advice(name, callable)}`,
    );
  return found;
}

function isPrivate({ text }: Source, name: string): boolean {
  return [...text.matchAll(/^\(defn\s+([^\s()]+)/gm)].some(([, defined]) => defined === name);
}

function isCallable({ name, params }: ExportEntry): boolean {
  return params.length === 0 && !name.startsWith(shownExport(''));
}

function advice(name: string, callable: readonly string[]): string {
  const close = nearest(name, callable);
  if (close !== undefined && close !== name) return `did you mean \`${close}\`?`;
  return callable.length === 0
    ? `what it calls is defined \`(pub defn name () ...)\`, and there is nothing like that`
    : `it can call ${callable.map((other) => `\`${other}\``).join(', ')}`;
}

/** Calls each, and prints what it returns unless that is `Unit`. Throws a `ScriptError` for one that fails. */
export function makeFinalCalls(machine: Machine, names: readonly string[]): void {
  for (const name of names) {
    const { result } = machine.manifest.exports.find((entry) => entry.name === name) as ExportEntry;
    machine.call(result.kind === 'unit' ? name : shownExport(name));
  }
}

/** What is printed where the answers of such calls may not be the same on another machine; undefined where they are. */
export function doubt({ manifest }: Image, sources: readonly Source[]): string | undefined {
  const { asked } = manifest;
  if (asked === undefined) return undefined;
  const line = sources.find(({ name }) => name === asked.file)?.line(asked.line) ?? '';
  const margin = ' '.repeat(String(asked.line).length);
  const indent = line.slice(0, asked.column - 1).replace(/[^\t]/g, ' ');
  return [
    `${asked.file}:${asked.line}:${asked.column}: warning: whether this weak reference still leads to something depends on when ` +
      'collections run, so another machine may print another result',
    `  ${asked.line} | ${line}`,
    `  ${margin} | ${indent}^`,
    '  hint: a weak reference to an entity is `None` from its `remove-entity!` on, everywhere',
  ].join('\n');
}
