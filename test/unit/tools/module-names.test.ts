/** Modules in which things have the same name, where the conformance programs do not reach. */
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { declarations } from '../../../scripting/tools/declarations.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { MODES, start } from './script.ts';

/** The last of the files is the main script. */
async function program(
  files: Readonly<Record<string, string>>,
  mode: (typeof MODES)[number],
): Promise<Image> {
  const sources = Object.entries(files).map(([name, text]) => new Source(name, text));
  const { image, diagnostics } = await compile(sources, { mode });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

describe.each(MODES)('modules with the same names, in %s', (mode) => {
  it('run no entry points but those of the main script', async () => {
    const image = await program(
      {
        'world.slu': `(pub defn main () : Unit (println "main")) (defn start () : Unit (println "start"))
(pub defn frame ((n : i64) (m : i64)) : i64 (+ n m))`,
        'game.slu': '(import world :all) (pub defn sum () : i64 (frame 1 2))',
      },
      mode,
    );
    const { machine, printed } = await start(image);
    for (const name of ['main', 'start', 'frame']) expect(machine.exports(name)).toBe(false);
    machine.step(0.1);
    machine.resetFrame();
    machine.call('world.main');
    expect(machine.call('sum')).toBe(3);
    expect(machine.call('world.frame', 3, 4)).toBe(7);
    expect(printed()).toBe('main\n');
  });

  it('may be called like the prelude, or like one another', async () => {
    const image = await program(
      {
        '../world.slu': '(defglobal mut *n* : i64 1) (pub defn map () : i64 (set! *n* (+ *n* 1)) *n*)',
        'a/b.slu': '(defglobal *c* : i64 3) (pub defn c () : i64 *c*)',
        'prelude.slu':
          '(defglobal mut *n* : f64 0.5) (pub defn map ((x : f64)) : f64 (set! *n* (+ *n* x)) *n*)',
        'a.slu': `(import a.b (c)) (import prelude :as p)
(defn b.c () : f64 2.5) (defglobal b.*c* : f64 0.25)
(pub defn look () : String (str [(show (c)) (show (b.c)) (show b.*c*) (show (p.map 1.0)) (show (map (fn (n) (+ n 1)) [1]))]))`,
      },
      mode,
    );
    const { machine } = await start(image);
    expect(machine.call('look')).toBe('["3" "2.5" "0.25" "1.5" "[2]"]');
  });

  it('may declare one function of the host, each with what it calls its types', async () => {
    const image = await program(
      {
        'a.slu':
          '(defvalue P (x : i64)) (extern "host" (defn note ((p : P)) : P)) (pub defn a () : i64 (.x (note (P 1))))',
        'b.slu':
          '(defvalue Q (x : i64)) (extern "host" (defn note ((q : Q)) : Q)) (pub defn b () : i64 (.x (note (Q 2))))',
        'main.slu': '(import a (a)) (import b (b)) (pub defn look () : String (str (a) (b) (a)))',
      },
      mode,
    );
    const { machine } = await start(image, { host: { host: { note: (...args: unknown[]) => args[0] } } });
    expect(machine.call('look')).toBe('121');
  });

  it('have traces with their names and places', async () => {
    const text = '(pub defn pick ((n : i64)) : i64 (+ 1 (nth [1 2] n)))';
    const image = await program(
      {
        'a.slu': text,
        'b.slu': `\n${text.replace('1 2', '1.5').replaceAll('i64 (+ 1', 'f64 (+ 1.0')}`,
        'main.slu': `(import a :as a) (import b :as b)
(pub defn first () : i64 (+ 1 (a.pick 7))) (pub defn second () : f64 (+ 1.0 (b.pick 7)))`,
      },
      mode,
    );
    const { machine } = await start(image);
    const trace = (name: string): string[] => {
      try {
        machine.call(name);
      } catch (error) {
        return (error as { trace: { function: string; position: { file: string } }[] }).trace.map(
          (frame) => `${frame.function} ${frame.position.file}`,
        );
      }
      return [];
    };
    expect([trace('first'), trace('second')]).toEqual([
      ['pick a.slu', 'first main.slu'],
      ['pick b.slu', 'second main.slu'],
    ]);
  });
});

describe('declarations', () => {
  it('tell types of one name apart, and an option of the script’s own from the language’s', async () => {
    const image = await program(
      {
        'a.slu': '(pub defstruct Item (n : i64)) (pub defn make-a () : Item (Item 1))',
        'b.slu': `(pub defstruct Item (s : String)) (deftype (Option 'a) Nothing (Some 'a))
(pub defn make-b () : Item (Item "")) (pub defn some () : (Option i64) (Some 1)) (pub defn none () : (Option i64) Nothing)`,
        'main.slu':
          '(import a (make-a)) (import b (make-b)) (pub defn both () : String (str (make-a) (make-b)))',
      },
      'development',
    );
    const text = declarations(image.manifest, 'main.slu');
    expect(text).toContain('export interface Item { n: number }');
    expect(text).toContain('export interface b_Item { s: string }');
    expect(text).toContain("{ tag: 'Nothing' } | { tag: 'Some'; 0: number }");
    const { machine } = await start(image);
    expect(machine.call('some')).toEqual({ tag: 'Some', 0: 1 });
    expect(machine.call('none')).toEqual({ tag: 'Nothing' });
  });
});
