/** Scripts on disk. Needs Node. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, normalize, resolve } from 'node:path';
import { Source } from '../syntax/index.ts';
import { UsageError } from './options.ts';

/**
 * Reads a script; its source is named as the user named the file, without detours: as where it is imported. Throws a
 * `UsageError` where it cannot be read.
 */
export async function readScript(file: string): Promise<Source> {
  try {
    return new Source(normalize(file), await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder, not a script`);
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The scripts in a folder and the folders in it, by name; a file is itself. Throws a `UsageError` where there is nothing.
 */
export async function findScripts(path: string): Promise<readonly string[]> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) throw new UsageError(`there is no file or folder ${path}`);
  if (!kind.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry): Promise<readonly string[]> => {
        const inside = join(path, entry.name);
        if (entry.isDirectory())
          return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : findScripts(inside);
        return entry.name.endsWith('.slu') ? [inside] : [];
      }),
  );
  return found.flat();
}

/** The main script of a game: of its folder, or the file itself. Throws a `UsageError` where there is none. */
export async function findGame(path: string): Promise<string> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) throw new UsageError(`there is no file or folder ${path}`);
  return kind.isDirectory() ? findMainScript(path) : path;
}

/**
 * The main script of a game's folder: named after the folder, or `main.slu`, or the only script there is. Throws a
 * `UsageError` where none is.
 */
export async function findMainScript(folder: string): Promise<string> {
  const kind = await stat(folder).catch(() => undefined);
  if (kind === undefined) throw new UsageError(`there is no folder ${folder}`);
  if (!kind.isDirectory())
    throw new UsageError(`${folder} is not a folder; \`sluice run\` runs a single script`);
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.slu')).sort();
  const own = `${basename(resolve(folder))}.slu`;
  const found =
    [own, 'main.slu'].find((name) => scripts.includes(name)) ??
    (scripts.length === 1 ? scripts[0] : undefined);
  if (found !== undefined) return join(folder, found);
  throw new UsageError(
    scripts.length === 0
      ? `${folder} holds no script`
      : `${folder} holds ${scripts.join(', ')}; the main one must be called ${own} or main.slu`,
  );
}
