/** `--host FILE.mjs`: the externs of a script on the command line, and what is said where they are not there. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workshop } from './command.ts';

const workshop = new Workshop();
const { folder } = workshop;
const run = (script: string, ...more: string[]) => workshop.sluice('run', join(folder, script), ...more);
const host = (name: string, text: string): readonly [string, string] => [
  '--host',
  workshop.write(name, text),
];

workshop.write(
  'game.slu',
  `(extern "stage" (defn play ((name : String)) : i64) (defn place! ((x : f64) (y : f64)) : Unit))
(extern "my-game.saves" (defn load-save () : (Result String String)))
(extern "C" (defn twice ((n : i32)) : i32))
(defn main () : Unit
  (println (play "boing"))
  (place! 1.0 2.5)
  (println (load-save))
  (println (unsafe (twice 21))))\n`,
);

const stage = "export const stage = { play: (name) => name.length, 'place!'(x, y) { this.at = x + y; } };\n";
const others = "export default { 'my-game.saves': { 'load-save': () => 'level 3' } };\n";
const c = 'export const C = { twice: (n) => 2 * n };\n';

describe('--host', () => {
  it.each([[[]], [['--release']]])(
    'takes modules by name, and from the default those that have none in JavaScript %j',
    async (options) => {
      expect(await run('game.slu', ...host('host.mjs', stage + others + c), ...options)).toEqual({
        code: 0,
        out: '5\n(Ok "level 3")\n42\n',
        error: '',
      });
    },
  );

  it('takes all modules from the default', async () => {
    const text = `const C = { twice: (n) => n };
const stage = { play: () => 1, 'place!': () => {} };
export default { C, stage, 'my-game.saves': { 'load-save': () => { throw new Error('none'); } } };\n`;
    expect((await run('game.slu', ...host('default.mjs', text))).out).toBe('1\n(Err "none")\n21\n');
  });

  it('goes with play, and with test', async () => {
    workshop.write(
      'played/played.slu',
      `(extern "stage" (defn play ((name : String)) : i64))
(defglobal mut *n* : i64 0)
(defn frame ((dt : f64)) : Unit (+= *n* (play "ab")))
(pub defn total () : i64 *n*)
(deftest "plays" (check (= (play "abc") 3)))\n`,
    );
    const options = host('played/host.mjs', stage);
    const path = join(folder, 'played');
    const { code, out } = await workshop.sluice('play', path, '--frames', '5', '--call', 'total', ...options);
    expect([code, out.split('\n').at(-2)]).toEqual([0, '10']);
    expect((await workshop.sluice('test', path, ...options)).code).toBe(0);
  });

  it('says which extern the file lacks, where it stands, and how it would be there', async () => {
    expect(await run('game.slu', ...host('lacks.mjs', stage + c))).toEqual({
      code: 1,
      out: '',
      error: `game.slu:2:25: the host does not supply my-game.saves.load-save : (Fn [] (Result String String))
  hint: in lacks.mjs, it is \`export default { 'my-game.saves': { 'load-save'(...) { ... } } };\`\n`,
    });
    const { error } = await run('game.slu', ...host('flat.mjs', `export function play() {}\n${others}${c}`));
    expect(error).toContain('game.slu:1:17: the host does not supply stage.play : (Fn [String] i64)\n');
    expect(error).toContain('hint: in flat.mjs, it is `export const stage = { play(...) { ... } };`');
  });

  it('says which extern is something else than a function there', async () => {
    const text = `export const stage = { play: 'boing', 'place!': {} };\n${others}${c}`;
    const { code, error } = await run('game.slu', ...host('words.mjs', text));
    expect(code).toBe(1);
    expect(error).toContain(
      'game.slu:1:17: the host supplies stage.play as a string, and not as a function : (Fn [String] i64)\n',
    );
    expect(error).toContain('the host supplies stage.place! as an object');
  });

  it('says why a file cannot be loaded', async () => {
    const gone = await run('game.slu', '--host', join(folder, 'gone.mjs'));
    expect([gone.code, gone.error]).toEqual([1, 'sluice: there is no file gone.mjs\n']);
    expect((await run('game.slu', '--host', folder)).error).toContain('is a folder; `--host` names a');
    expect((await run('game.slu', ...host('throws.mjs', "throw new Error('no stage today');\n"))).error).toBe(
      'sluice: throws.mjs cannot be loaded: no stage today\n',
    );
    expect((await run('game.slu', ...host('broken.mjs', 'export const = 3;\n'))).error).toContain(
      'sluice: broken.mjs cannot be loaded: ',
    );
  });
});

describe('without --host', () => {
  it.each([[[]], [['--release']]])('an extern fails where it is called %j', async (options) => {
    workshop.write(
      'lone.slu',
      '(extern "stage" (defn play ((name : String)) : Unit))\n(println "plays")\n(defn main () : Unit\n  (play "x"))\n',
    );
    const { code, out, error } = await run('lone.slu', ...options);
    expect([code, out]).toEqual([2, 'plays\n']);
    expect(error).toContain(
      'lone.slu:4:3: error: stage.play is a function of the host, and there is none here: `--host FILE.mjs` says where it is [host]\n' +
        '  4 |   (play "x"))\n',
    );
  });

  it('it fails also where its type could tell of a failure', async () => {
    workshop.write(
      'saves.slu',
      '(extern "saves" (defn load () : (Result String String)))\n(defn main () : Unit (println (load)))\n',
    );
    const { code, error } = await run('saves.slu');
    expect([code, error.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining('saves.slu:2:31: error: saves.load is'),
    ]);
  });

  it('what does not need the host can be played', async () => {
    workshop.write(
      'quiet/quiet.slu',
      '(extern "stage" (defn play () : Unit))\n(pub defn click () : Unit (play))\n(defn frame ((dt : f64)) : Unit (println "."))\n',
    );
    const path = join(folder, 'quiet');
    expect((await workshop.sluice('play', path, '--frames', '2')).code).toBe(0);
    const { code, error } = await workshop.sluice('play', path, '--frames', '2', '--call', 'click');
    expect(code).toBe(2);
    expect(error).toContain('quiet/quiet.slu:2:27: error: stage.play is a function of the host');
  });
});
