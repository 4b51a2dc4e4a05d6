/**
 * The files of a program: its main script and every module that is imported from there, directly or not. The module
 * `game.physics` is the file `game/physics.slu` in the main script's folder, or in the next one above that has it, up to
 * the project's (where package.json is): so a module can also be checked by itself. Modules that are not there are left
 * to the compiler, which says so at the import; so are those of the library, which no file of a program can stand for. Needs Node.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { importedModules, isLibraryModule } from '../macros/index.ts';
import { Diagnostics, readOnce, Source } from '../syntax/index.ts';

/**
 * The sources of the program that begins with `main`, which is named by its path. Each comes after those it imports, so
 * that its top-level expressions may rely on theirs. `rename` says what a file is called in messages.
 */
export async function programSources(
  main: Source,
  rename: (file: string) => string = (file) => file,
): Promise<Source[]> {
  const folders = searchedFolders(dirname(main.name));
  const seen = new Set([main.name]);
  const sources: Source[] = [];
  const add = async (file: string, text: string): Promise<void> => {
    const source = new Source(rename(file), text);
    // What is wrong with the text is said when the program is compiled.
    for (const module of importedModules(readOnce(source, new Diagnostics()))) {
      if (isLibraryModule(module)) continue;
      const imported = findModule(module, folders);
      if (imported === undefined || seen.has(imported)) continue;
      seen.add(imported);
      await add(imported, await readFile(imported, 'utf8'));
    }
    sources.push(source);
  };
  await add(main.name, main.text);
  return sources;
}

/** The files that are modules of others among the programs, whose main scripts come last. */
export function importedFiles(programs: readonly (readonly Source[])[]): ReadonlySet<string> {
  return new Set(programs.flatMap((sources) => sources.slice(0, -1).map(({ name }) => name)));
}

function findModule(module: string, folders: readonly string[]): string | undefined {
  const path = `${module.replaceAll('.', '/')}.slu`;
  return folders.map((folder) => join(folder, path)).find((file) => existsSync(file));
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
