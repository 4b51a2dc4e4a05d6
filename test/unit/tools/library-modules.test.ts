/** Modules of the library: found by their names, the library's like the prelude, and nothing where they are not imported. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { formsOf, LIBRARY_MODULES, libraryModule, preludeForms } from '../../../scripting/library/index.ts';
import { expandProgram, importedModules } from '../../../scripting/macros/index.ts';
import { Diagnostics, print, render, Source } from '../../../scripting/syntax/index.ts';
import { analyse, compile } from '../../../scripting/tools/compile.ts';
import { declarations } from '../../../scripting/tools/declarations.ts';
import { expandLast } from '../../../scripting/tools/expand.ts';
import { programSources } from '../../../scripting/tools/program-files.ts';
import { check } from '../../../scripting/types/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'library-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report = (text: string, name = 'main.slu') =>
  analyse([new Source(name, text)])
    .diagnostics.map(render)
    .join('\n');

describe('a module of the library', () => {
  test.each([':all', ':as input', '(pressed? Control)'])('is imported by its name, %s', (what) => {
    const call = what === ':as input' ? 'input.pressed?' : 'pressed?';
    expect(
      report(
        `(import sluice.input ${what}) (defn frame ((dt : f64)) : Unit (when (${call} :space) (println 1)))`,
      ),
    ).toBe('');
  });

  test.each(LIBRARY_MODULES)('%s is right by itself, whole', (name) => {
    const diagnostics = new Diagnostics();
    const moduleOf = (module: string) => {
      const source = libraryModule(module) as Source;
      return { source, forms: formsOf(source, diagnostics) };
    };
    const own = moduleOf(name);
    const forms = [preludeForms(diagnostics), ...importedModules(own.forms).map(moduleOf), own];
    expect(check(expandProgram(forms, diagnostics), diagnostics)).toBeDefined();
    expect(diagnostics.all.map(render)).toEqual([]);
  });

  test.each(LIBRARY_MODULES)('%s is checked by its file', (name) => {
    const file = `scripting/library/modules/${name.replace('sluice.', '')}.slu`;
    const { text } = libraryModule(name) as Source;
    expect(report(text, file)).toBe('');
    expect(report(`${text} (defn wrong () : i64 "one")`, file)).not.toBe('');
  });

  test('is there when a program that imports it is expanded', () => {
    const diagnostics = new Diagnostics();
    const main = new Source('main.slu', '(import sluice.input :all) (when (held? :space) (println 1))');
    expect(expandLast([main], diagnostics).map(print)).toEqual([
      '(import sluice.input :all)',
      '(when (held? :space) (println 1))',
    ]);
    expect(diagnostics.all).toEqual([]);
  });

  test('that there is none of is said, with those that there are', () => {
    expect(report('(import sluice.weather :all)')).toContain(
      `modules of this name come with Sluice, and there are ${LIBRARY_MODULES.map((name) => `\`${name}\``).join(', ')}`,
    );
    expect(report('(import sluice.inptu :all)')).toContain('did you mean `sluice.input`?');
  });

  test('has names of its own that programs do not see', () => {
    expect(report('(import sluice.input :all) (println (%input-word 3))')).toContain('unknown-name');
    expect(report('(import sluice.input :all) (println (Control 3))')).toContain('unknown-name');
    expect(report('(import sluice.input (declare-action))')).toContain('is private to `sluice.input`');
  });

  test('cannot be stood for by a file of the program', async () => {
    mkdirSync(join(folder, 'sluice'));
    writeFileSync(join(folder, 'sluice/input.slu'), '(pub defn pressed? () : i64 1)');
    writeFileSync(join(folder, 'sluice/own.slu'), '(pub defn own () : i64 1)');
    const main = new Source(
      join(folder, 'main.slu'),
      '(import sluice.input :all) (import sluice.own :all) (println (pressed? :space))',
    );
    const sources = await programSources(main);
    expect(sources).toHaveLength(1);
    expect(analyse(sources).diagnostics.map(({ message }) => message)).toEqual([
      'there is no module `sluice.own`',
    ]);
  });

  test('is not what a program in a folder of the same name is', () => {
    const text = report('(defn f () : i64 "one")', 'sluice/prelude.slu');
    expect(text).toContain('./sluice/prelude.slu:1:18: error');
    expect(report('(import sluice.input :all) (println (held? :tab))', 'sluice/input.slu')).toBe('');
  });

  test('asks nothing of a game: the engine has what it needs', async () => {
    const text =
      '(import sluice.input :all) (extern "stage" (defn ring () : Unit)) (defn main () : Unit (ring) (announce "ready"))';
    const { image } = await compile([new Source('main.slu', text)], { mode: 'development' });
    const written = declarations((image as Image).manifest, 'main.slu');
    expect(written).toContain('ring(): void');
    expect(written).not.toContain('sluice.input');
  });

  test('leaves no trace in a program that does not import it, and little in one that does', async () => {
    const size = async (text: string) => {
      const { image } = await compile([new Source('main.slu', text)], { mode: 'development' });
      expect(JSON.stringify(image?.manifest.exports)).not.toContain('touch');
      return image?.wasm.length ?? 0;
    };
    const main = '(defn main () : Unit (println 1))';
    expect(await size(`(import sluice.input :all) ${main}`)).toBe(await size(main));
  });
});

describe('the name of a control', () => {
  test.each([':spcae', ':ArrowLeft', ':key-aa'])('%s is no control', (name) => {
    expect(report(`(import sluice.input :all) (println (pressed? ${name}))`)).toContain(
      `there is no key or button \`${name}\``,
    );
  });

  test('has a near one', () => {
    expect(report('(import sluice.input :all) (println (pressed? :arow-left))')).toContain(
      'did you mean `:arrow-left`?',
    );
  });

  test.each([
    '(defglobal *keys* : (Vector Control) [:space :mouse-left :pad-2-south]) (println (any? held? *keys*))',
    '(defn key () : Control :f1) (println (held? (key)))',
    '(println (held? (ann Control :numpad-0)) (held? (if true :digit-1 :key-a)))',
    '(println (axis :pad-left-stick-left :pad-left-stick-right))',
  ])('stands wherever a control is wanted: %s', (text) => {
    expect(report(`(import sluice.input :all) ${text}`)).toBe('');
  });

  test('is a keyword elsewhere, also where another type is called so', () => {
    expect(report('(defn f ((k : Keyword)) : Unit (println k)) (f :space)')).toBe('');
    expect(
      report('(defvalue Control (n : i32)) (defn f ((c : Control)) : Unit (println c)) (f :space)'),
    ).toContain('wrong-type');
  });
});
