/** What the compiler takes: the prelude, the modules of the library that a program imports, and the program's own sources. */
import { formsOf, type LibraryForms, libraryForms, libraryModule, preludeForms } from '../library/index.ts';
import { importedModules, type ModuleForms } from '../macros/index.ts';
import { type Diagnostics, type Form, Source } from '../syntax/index.ts';

/** The forms of all sources, each after those of the modules that it imports. */
export function programForms(sources: readonly Source[], diagnostics: Diagnostics): readonly ModuleForms[] {
  const own = sources.map((given) => {
    const source = outsideLibrary(given);
    return { source, forms: formsOf(source, diagnostics) };
  });
  const library = new Map<string, LibraryForms>();
  const add = (forms: readonly Form[]): void => {
    for (const name of importedModules(forms)) {
      const module = library.has(name) ? undefined : libraryForms(name, diagnostics);
      if (module === undefined) continue;
      add(module.forms);
      library.set(name, module);
    }
  };
  for (const { forms } of own) add(forms);
  return [preludeForms(diagnostics), ...library.values(), ...own];
}

/**
 * A program may lie in a folder that is called like the library's: its files are still the program's. Only a module of the library that
 * is itself to be checked is what it is.
 */
function outsideLibrary(source: Source): Source {
  const [, module] = /library\/modules\/([\w-]+)\.slu$/.exec(source.name.replaceAll('\\', '/')) ?? [];
  const itself = module === undefined ? undefined : libraryModule(`sluice.${module}`);
  if (itself !== undefined && itself.text === source.text) return itself;
  return source.name.startsWith('sluice/') ? new Source(`./${source.name}`, source.text) : source;
}
