/** `(import game.physics (step Body))`, `(import game.physics :as p)`, `(import game.physics :all)`. */
import { type Form, headName, type ListForm, type SymbolForm, symbolName } from '../syntax/index.ts';

export interface Import {
  /** As it is written: `game.physics`. */
  readonly module: string;
  readonly moduleForm: SymbolForm;
  readonly names: readonly SymbolForm[];
  readonly alias: string | undefined;
  readonly all: boolean;
}

/** What an import says; undefined where the form is none or is not put together right. */
export function importOf(form: Form): Import | undefined {
  if (form.kind !== 'list' || headName(form) !== 'import') return undefined;
  const [, module, what, alias, ...more] = form.items;
  if (module?.kind !== 'symbol' || more.length > 0) return undefined;
  const base = { module: module.name, moduleForm: module };
  if (what?.kind === 'keyword' && what.name === 'all' && alias === undefined)
    return { ...base, names: [], alias: undefined, all: true };
  if (what?.kind === 'keyword' && what.name === 'as' && alias?.kind === 'symbol')
    return { ...base, names: [], alias: symbolName(alias), all: false };
  if (what?.kind !== 'list' || alias !== undefined) return undefined;
  const names = what.items.flatMap((item) => (item.kind === 'symbol' ? [item] : []));
  return names.length === what.items.length ? { ...base, names, alias: undefined, all: false } : undefined;
}

/** What an import that is not put together right may be meant as: `(import game.physics [step])`, `(import (step) from "game/physics")`. */
export function importShape({ items: [, ...parts] }: ListForm): string {
  const words = parts.flatMap((part): readonly Form[] =>
    part.kind === 'vector' || part.kind === 'map' || part.kind === 'list' ? part.items : [part],
  );
  const isWord = (form: Form | undefined, ...names: readonly string[]) =>
    names.includes(form?.kind === 'keyword' ? form.name : (symbolName(form) ?? ''));
  const after = (...names: readonly string[]) => words[words.findIndex((word) => isWord(word, ...names)) + 1];
  const from = words.some((word) => isWord(word, 'from')) ? after('from') : undefined;
  const of = from ?? words.find((word) => word.kind === 'string' || word.kind === 'symbol');
  const path = of?.kind === 'string' ? of.value : (symbolName(of) ?? '');
  const module = path.replace(/^[./]+|\.slu$|\.js$/g, '').replaceAll('/', '.');
  if (!/^[\w.-]+$/.test(module)) return '(import game.physics (step Body))';
  const alias = words.some((word) => isWord(word, 'as')) ? symbolName(after('as')) : undefined;
  if (alias !== undefined) return `(import ${module} :as ${alias})`;
  const names = words.flatMap((word) =>
    word === of || word.kind !== 'symbol' || isWord(word, 'import', 'from', 'as', '*') ? [] : [word.name],
  );
  return `(import ${module} ${names.length > 0 ? `(${names.join(' ')})` : ':all'})`;
}

/** The modules that a source's forms import, as they are written. */
export function importedModules(forms: readonly Form[]): readonly string[] {
  return forms.flatMap((form) => importOf(form)?.module ?? []);
}

/** True for the names that are kept for modules of the library: a program's own files are never meant by them. */
export const isLibraryModule = (module: string): boolean => module.startsWith('sluice.');

/** The source that a module's name means: `game.physics` is the file `game/physics.slu` of the project. */
export function moduleNamed(module: string, sources: readonly string[]): string | undefined {
  const path = `${module.replaceAll('.', '/')}.slu`;
  const exact = sources.find((name) => name === path);
  if (exact !== undefined || isLibraryModule(module)) return exact;
  return sources.find((name) => name.endsWith(`/${path}`));
}
