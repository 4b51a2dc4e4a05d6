/**
 * The files of a program: its main script and every module that is imported from there, directly or not. The module
 * `game.physics` is the file `game/physics.slu` in the main script's folder, or in the next one above that has it, up to
 * the project's (where package.json is): so a module can also be checked by itself. Modules that are not there are left
 * to the compiler, which says so at the import; so are those of the library, which no file of a program can stand for. Needs Node.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { importedModules, isLibraryModule } from '../macros/index.ts';
import { Diagnostics, headName, type ListForm, readOnce, Source, symbolName } from '../syntax/index.ts';
import { KeptSources } from './kept-sources.ts';

/**
 * The sources of the program that begins with `main`, which is named by its path. Each comes after those it imports, so
 * that its top-level expressions may rely on theirs. `rename` says what a file is called in messages; `looked` hears of each path at which
 * a module was looked for, be it there or not; `kept` has the sources of a time before.
 */
export async function programSources(
  main: Source,
  rename: (file: string) => string = (file) => file,
  looked: (file: string) => void = () => {},
  kept: KeptSources = new KeptSources(),
): Promise<Source[]> {
  const folders = searchedFolders(dirname(main.name));
  const seen = new Set([main.name]);
  const sources: Source[] = [];
  const add = async (file: string, text: string): Promise<void> => {
    const source = kept.source(rename(file), text);
    // What is wrong with the text is said when the program is compiled.
    for (const module of importedModules(readOnce(source, new Diagnostics()))) {
      if (isLibraryModule(module)) continue;
      const imported = findModule(module, folders, looked);
      if (imported === undefined || seen.has(imported)) continue;
      const text = await scriptText(imported);
      if (text === undefined) continue;
      seen.add(imported);
      await add(imported, text);
    }
    sources.push(source);
  };
  await add(main.name, main.text);
  return sources;
}

/** A script's text without a byte order mark; undefined where there is no such file, as where it has gone just now. */
export async function scriptText(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The files that are modules of others among the programs, whose main scripts come last. */
export function importedFiles(programs: readonly (readonly Source[])[]): ReadonlySet<string> {
  return new Set(programs.flatMap((sources) => sources.slice(0, -1).map(({ name }) => name)));
}

/**
 * A script of the project that imports a file, directly or not, which is so a module of a program: one that lies in the file's folder or
 * in one above it, as `findModule` looks for modules. Undefined where there is none.
 */
export async function importerOf(file: string): Promise<string | undefined> {
  for (const folder of searchedFolders(dirname(file)))
    for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.slu')).sort()) {
      const other = join(folder, name);
      if (resolve(other) === resolve(file)) continue;
      const sources = await programSources(new Source(other, await readFile(other, 'utf8')));
      if (sources.some((source) => resolve(source.name) === resolve(file))) return other;
    }
  return undefined;
}

/** Whether a file may be a module whose importers nobody knows: it has public definitions, and of its own nothing that the host calls. */
export function looksLikeModule(source: Source): boolean {
  const forms = readOnce(source, new Diagnostics()).filter((form) => form.kind === 'list');
  const isCalled = (form: ListForm) =>
    headName(form) === 'defn' && ENTRY_POINTS.has(symbolName(form.items[1]) ?? '');
  return forms.some((form) => headName(form) === 'pub') && !forms.some(isCalled);
}

/** What the host calls in a main script. */
const ENTRY_POINTS: ReadonlySet<string> = new Set(['main', 'start', 'frame']);

function findModule(
  module: string,
  folders: readonly string[],
  looked: (file: string) => void,
): string | undefined {
  const path = `${module.replaceAll('.', '/')}.slu`;
  return folders
    .map((folder) => join(folder, path))
    .find((file) => {
      looked(file);
      return existsSync(file);
    });
}

/** The folder and those above it up to the project's; only itself where it lies in no project. */
function searchedFolders(folder: string): readonly string[] {
  const above = [folder];
  for (let at = folder; !existsSync(join(at, 'package.json')); at = join(at, '..')) {
    if (resolve(at) === resolve(at, '..')) return [folder];
    above.push(join(at, '..'));
  }
  return above;
}
