/** The library's sources. They are read as text, in Node from the disk, in a browser or worker from the server. */
import { type Diagnostics, type Form, readOnce, Source } from '../syntax/index.ts';

/**
 * The prelude: one module, whose topics have a file each. Vite finds the files by these expressions and serves or copies
 * them.
 */
export const PRELUDE: readonly Source[] = await Promise.all([
  source('sluice/prelude.slu', new URL('./prelude.slu', import.meta.url)),
  source('sluice/prelude/options.slu', new URL('./prelude/options.slu', import.meta.url)),
  source('sluice/prelude/vectors.slu', new URL('./prelude/vectors.slu', import.meta.url)),
  source('sluice/prelude/mutable-vectors.slu', new URL('./prelude/mutable-vectors.slu', import.meta.url)),
  source('sluice/prelude/collections.slu', new URL('./prelude/collections.slu', import.meta.url)),
  source('sluice/prelude/selections.slu', new URL('./prelude/selections.slu', import.meta.url)),
  source('sluice/prelude/strings.slu', new URL('./prelude/strings.slu', import.meta.url)),
  source('sluice/prelude/mutable-maps.slu', new URL('./prelude/mutable-maps.slu', import.meta.url)),
  source('sluice/prelude/maps.slu', new URL('./prelude/maps.slu', import.meta.url)),
  source('sluice/prelude/sets.slu', new URL('./prelude/sets.slu', import.meta.url)),
  source('sluice/prelude/deques.slu', new URL('./prelude/deques.slu', import.meta.url)),
  source('sluice/prelude/priority-queues.slu', new URL('./prelude/priority-queues.slu', import.meta.url)),
  source('sluice/prelude/lists.slu', new URL('./prelude/lists.slu', import.meta.url)),
  source('sluice/prelude/atoms.slu', new URL('./prelude/atoms.slu', import.meta.url)),
  source('sluice/prelude/memory.slu', new URL('./prelude/memory.slu', import.meta.url)),
]);

/**
 * Modules that a program imports: `sluice.input` is \`modules/input.slu\`. They are the library's like the prelude, and see what is
 * its own. One that is not imported is not looked at.
 */
const MODULES: readonly Source[] = await Promise.all([
  source('sluice/game.slu', new URL('./modules/game.slu', import.meta.url)),
  source('sluice/grid.slu', new URL('./modules/grid.slu', import.meta.url)),
  source('sluice/input.slu', new URL('./modules/input.slu', import.meta.url)),
  source('sluice/math.slu', new URL('./modules/math.slu', import.meta.url)),
  source('sluice/profile.slu', new URL('./modules/profile.slu', import.meta.url)),
  source('sluice/stage.slu', new URL('./modules/stage.slu', import.meta.url)),
]);

/** Further files of a module, by its name: they are one module with the first, as the files of the prelude are. */
const FURTHER: ReadonlyMap<string, readonly Source[]> = new Map([
  [
    'sluice.stage',
    await Promise.all([
      source('sluice/stage/animations.slu', new URL('./modules/stage/animations.slu', import.meta.url)),
      source('sluice/stage/camera.slu', new URL('./modules/stage/camera.slu', import.meta.url)),
      source('sluice/stage/displays.slu', new URL('./modules/stage/displays.slu', import.meta.url)),
      source('sluice/stage/drawing.slu', new URL('./modules/stage/drawing.slu', import.meta.url)),
      source('sluice/stage/interpolation.slu', new URL('./modules/stage/interpolation.slu', import.meta.url)),
      source('sluice/stage/order.slu', new URL('./modules/stage/order.slu', import.meta.url)),
      source('sluice/stage/picking.slu', new URL('./modules/stage/picking.slu', import.meta.url)),
      source('sluice/stage/places.slu', new URL('./modules/stage/places.slu', import.meta.url)),
    ]),
  ],
]);

/** The names that scripts import those modules by. */
export const LIBRARY_MODULES: readonly string[] = MODULES.map(({ name }) =>
  name.replace(/\.slu$/, '').replaceAll('/', '.'),
);

/** The first source of a library module, which it is known by, by the name that scripts import it by. */
export function libraryModule(name: string): Source | undefined {
  return MODULES[LIBRARY_MODULES.indexOf(name)];
}

/** All forms of a module of the library, of which `source` is the first file; of any other source, its own. */
export function formsOf(source: Source, diagnostics: Diagnostics): readonly Form[] {
  const name = LIBRARY_MODULES[MODULES.indexOf(source)];
  const further = name === undefined ? [] : (FURTHER.get(name) ?? []);
  return [source, ...further].flatMap((file) => readOnce(file, diagnostics));
}

/** A module of the library as the compiler takes it, with all its files, named after the first. */
export interface LibraryForms {
  readonly source: Source;
  readonly forms: readonly Form[];
  readonly isLibrary: true;
}

/** The prelude, which comes before all other modules. */
export function preludeForms(diagnostics: Diagnostics): LibraryForms {
  const [first] = PRELUDE;
  if (first === undefined) throw new Error('the prelude has files');
  const forms = PRELUDE.flatMap((file) => readOnce(file, diagnostics));
  return { source: first, forms, isLibrary: true };
}

/** The module that a program imports by a name; undefined where it is none of the library's. */
export function libraryForms(name: string, diagnostics: Diagnostics): LibraryForms | undefined {
  const source = libraryModule(name);
  return source === undefined ? undefined : { source, forms: formsOf(source, diagnostics), isLibrary: true };
}

async function source(name: string, url: URL): Promise<Source> {
  return new Source(name, await textOf(url));
}

async function textOf(url: URL): Promise<string> {
  if (url.protocol !== 'file:') return (await fetch(url)).text();
  // Named by a variable, so that a bundler for the browser leaves it alone.
  const files = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ files)) as typeof import('node:fs/promises');
  return readFile(url, 'utf8');
}
