/** The `sluice` command: exit codes, and what goes to which stream. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Workshop } from './command.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const workshop = new Workshop();
const { folder } = workshop;
const script = workshop.write.bind(workshop);
const sluice = workshop.sluice.bind(workshop);

const good = script('good.slu', '(defn main () : Unit\n  (println "hello " (+ 1 2)))\n');
const broken = script('broken.slu', '(defn main () : Unit\n  (println (foo 1))\n  (println (+ 1 "x")))\n');
const failing = script(
  'failing.slu',
  '(defn pick ((v : (Vector i64)) (i : i64)) : i64\n  (print "picking\\n")\n\t(nth v i))\n' +
    '(defn main () : Unit\n  (println (+ 1 (pick [1 2 3] 99))))\n',
);

describe('sluice run', () => {
  it.each([[[]], [['--release']], [['--checked']]])(
    'prints what the script prints and exits with 0 %j',
    async (options) => {
      expect(await sluice('run', good, ...options)).toEqual({ code: 0, out: 'hello 3\n', error: '' });
    },
  );

  it('tells all compile errors with their lines and exits with 1', async () => {
    const { code, out, error } = await sluice('run', broken);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('broken.slu:2:13: error:');
    expect(error).toContain('  2 |   (println (foo 1))\n    |             ^^^\n');
    expect(error).toContain('broken.slu:3:17: error:');
    expect(error).toMatch(/\n2 errors\n$/);
  });

  it('tells a run-time error with its line and script stack trace and exits with 2', async () => {
    expect(await sluice('run', failing)).toEqual({
      code: 2,
      out: 'picking\n',
      error:
        'failing.slu:3:2: error: index 99 is out of range for length 3 [index]\n' +
        '  3 | \t(nth v i))\n' +
        '    | \t^\n' +
        '  at pick (failing.slu:3:2)\n' +
        '  at main (failing.slu:5:17)\n',
    });
    const release = await sluice('run', failing, '--release');
    expect([release.code, release.out]).toEqual([2, 'picking\n']);
    expect(release.error).toContain('failing.slu:3:2: error: index 99 is out of range for length 3');
  });

  it('finds the modules a script imports beside it, and names them in errors', async () => {
    const path = script(
      'parts.slu',
      '(import lib.maths (double))\n(defn main () : Unit (println (double 21)))\n',
    );
    script('lib/maths.slu', '(import lib.more :all)\n(pub defn double ((n : i64)) : i64 (times 2 n))\n');
    script('lib/more.slu', '(println "more")\n(pub defn times ((a : i64) (b : i64)) : i64 (* a b))\n');
    expect(await sluice('run', path)).toEqual({ code: 0, out: 'more\n42\n', error: '' });
    script('lib/more.slu', '(pub defn times ((a : i64) (b : i64)) : i64 (nth [a b] 7))\n');
    expect((await sluice('run', path)).error).toContain('lib/more.slu:1:45: error: index 7 is out of range');
    script('lib/more.slu', '(pub defn times ((a : i64) (b : i64)) : i64 (foo))\n');
    const { code, error } = await sluice('check', path, join(folder, 'lib/maths.slu'));
    expect(code).toBe(1);
    expect(error.match(/unknown-name/g)).toHaveLength(1);
  });

  it('folds the trace of a recursion', async () => {
    const path = script(
      'deep.slu',
      '(defn down ((n : i64)) : i64 (+ 1 (down (+ n 1))))\n(defn main () : Unit (println (down 0)))\n',
    );
    const { code, error } = await sluice('run', path);
    expect(code).toBe(2);
    expect(error).toContain('error: the recursion is too deep');
    expect(error).toMatch(
      /\n {2}at down \(deep\.slu:1:35\)\n {2}\.\.\. the line above \d+ more times\n {2}at main \(deep\.slu:2:31\)\n$/,
    );
  });

  it('names the line of the program where what the compiler makes of a type goes too deep', async () => {
    const path = script(
      'chain.slu',
      [
        '(deftype Chain End (Link Chain))',
        '(defn main () : Unit',
        '  (let ((mut a End))',
        '    (for (i 0 (< i 100000)) (set! a (Link a)))',
        '    (println (= a (Link a)))))',
      ].join('\n'),
    );
    const { code, error } = await sluice('run', path);
    expect(code).toBe(2);
    expect(error).toMatch(/^chain\.slu:5:14: error: the recursion is too deep/);
    expect(error).toMatch(/\n {2}at main \(chain\.slu:5:14\)\n$/);
  });

  it('ends an endless loop after the limit, with its place', async () => {
    const path = script('endless.slu', '(defn main () : Unit\n  (while true\n    (do)))\n');
    const { code, error } = await sluice('run', path, '--limit', '50');
    expect(code).toBe(2);
    expect(error).toMatch(/^endless\.slu:2:3: error: the call ran longer than 50 ms/);
    expect(error).toContain('hint: `--limit MS` gives it more milliseconds');
  });

  it('says so where there is nothing to run', async () => {
    const { code, error } = await sluice('run', script('empty.slu', '; nothing\n'));
    expect([code, error]).toEqual([0, 'empty.slu has no `main`, and its top level prints nothing\n']);
  });

  it('is what the command of the checkout does, with the same exit codes and streams', () => {
    const bin = join(project, 'scripting/tools/sluice.mjs');
    const run = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
    const outcome = run('run', good);
    expect([outcome.status, outcome.stdout, outcome.stderr]).toEqual([0, 'hello 3\n', '']);
    expect(run('run', broken).status).toBe(1);
    expect(run('run', failing).status).toBe(2);
  });
});

describe('sluice check', () => {
  it('exits with 0 and says nothing where all is well, and runs nothing', async () => {
    expect(await sluice('check', good, failing)).toEqual({ code: 0, out: '', error: '' });
  });

  const module = `(pub defn frame ((name : String)) : String (str "[" name "]"))
(pub defn start ((x : i64)) : i64 (+ x 1))
(deftest "framed" (check (= (frame "a") "[a]")))\n`;

  it('takes a script for a module where another one of the project imports it, and says so', async () => {
    script('boxes/main.slu', '(import parts.through (shown))\n(defn main () : Unit (println (shown)))\n');
    script(
      'boxes/parts/through.slu',
      '(import parts.box :as b)\n(pub defn shown () : String (b.frame "x"))\n',
    );
    const path = script('boxes/parts/box.slu', module);
    const out = 'boxes/parts/box.slu is checked as a module: boxes/parts/through.slu imports it\n';
    expect(await sluice('check', path)).toEqual({ code: 0, out, error: '' });
    expect((await sluice('test', path)).out).toContain('ok    framed');
    script('boxes/parts/box.slu', module.replace('(+ x 1)', '(+ x y)'));
    const { code, error } = await sluice('check', path);
    expect(code).toBe(1);
    expect(error.match(/error: .*/g)).toEqual(['error: there is no `y` here [unknown-name]']);
  });

  it('takes a script for a module where what is public in it would be wrong in a main script', async () => {
    const path = script('alone.slu', module);
    const out = 'alone.slu is checked as a module: what is public in it is not for a main script\n';
    expect(await sluice('check', path)).toEqual({ code: 0, out, error: '' });
    script('alone.slu', `${module}(emit :hit 3)\n`);
    expect(await sluice('check', path)).toEqual({ code: 0, out, error: '' });
  });

  it('takes a script for a main script where what the host calls is its own', async () => {
    for (const text of [
      '(defn main ((x : i64)) : Unit (println x))',
      '(pub defn f () : i64 1)\n(defn frame () : Unit (do))',
    ]) {
      const { code, out, error } = await sluice('check', script('own.slu', text));
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(error).toContain('[wrong-entry-point]');
    }
  });

  it('goes on with the other files after a broken one, and exits with 1', async () => {
    const second = script('second.slu', '(defn main () : Unit (bar))\n');
    const { code, error } = await sluice('check', broken, good, second, '--release');
    expect(code).toBe(1);
    expect(error).toContain('broken.slu:2:13');
    expect(error).toContain('second.slu:1:23');
    expect(error).toMatch(/\n3 errors\n$/);
  });
});

describe('sluice play', () => {
  const game = (frame: string) => `(defglobal mut *frames* : i64 0)
(defglobal mut *trash* : (MutVec i64) (mut-vec))
(defn start () : Unit (println "started"))
(defn frame ((dt : f64)) : Unit
  (set! *frames* (+ *frames* 1))
  (set! *trash* (mut-vec 1 2 3))
  ${frame})\n`;

  it.each([[[]], [['--release']], [['--checked']], [['--checked', '--verify-every', '7']]])(
    'runs the frames and reports on them %j',
    async (options) => {
      script('game/game.slu', game('(when (= *frames* 30) (println "thirty " (i64 (/ 1.0 dt))))'));
      const { code, out, error } = await sluice(
        'play',
        join(folder, 'game'),
        '--frames',
        '30',
        '--rate',
        '120',
        ...options,
      );
      expect([code, error]).toEqual([0, '']);
      expect(out.includes('checked')).toBe(options.includes('--checked'));
      expect(out).toMatch(
        /^started\nthirty 120\n30 frames of game\/game\.slu, (development|release|checked development), 120 Hz\n/,
      );
      for (const row of ['script', 'gap', 'collections', 'live', 'young', 'arena', 'memory'])
        expect(out).toMatch(new RegExp(`^  ${row} .*\\d`, 'm'));
    },
  );

  it('plays what a file says that the player does, the same each time', async () => {
    script(
      'played/main.slu',
      game('(when (pressed? *jump*) (println "jump " *frames*))').replace(
        '(defn start',
        '(import sluice.input :all)\n(defglobal *jump* : Control (action "jump" [:space]))\n(defn start',
      ),
    );
    script('played/input.txt', '2 press space\n3 release space\n6 press space\n');
    const run = () =>
      sluice('play', join(folder, 'played'), '--frames', '8', '--input', join(folder, 'played/input.txt'));
    const [first, second] = [await run(), await run()];
    expect(first.out).toMatch(/^started\njump 3\njump 7\n8 frames/);
    expect(second.out.split('8 frames')[0]).toBe(first.out.split('8 frames')[0]);
    script('played/input.txt', '0 pointer 1 2\n2 prss space\n');
    expect((await run()).error).toContain('input.txt:2: `prss` is none of press');
    const absent = await sluice('play', join(folder, 'played'), '--frames', '8', '--input', 'nowhere.txt');
    expect(absent.error).toContain('there is no file nowhere.txt');
  });

  it('reports a failure once, goes on, and exits with 2', async () => {
    script('bad/main.slu', game('(println (nth [1] *frames*))'));
    const { code, out, error } = await sluice('play', join(folder, 'bad'), '--frames', '10');
    expect(code).toBe(2);
    expect(error.match(/error: index 1 is out of range/g)).toHaveLength(1);
    expect(out).toMatch(/errors +10\n +checksum +\S+\n$/);
  });

  it('says which script it wants where it finds none', async () => {
    script('two/a.slu', '');
    script('two/b.slu', '');
    mkdirSync(join(folder, 'none'), { recursive: true });
    const complaint = async (name: string) =>
      (await sluice('play', join(folder, name), '--frames', '1')).error;
    expect(await complaint('two')).toContain('a.slu, b.slu; the main one must be called two.slu or main.slu');
    expect(await complaint('none')).toContain('holds no script');
    expect(await complaint('nowhere')).toContain('there is no folder');
    expect(await complaint('good.slu')).toContain('is not a folder');
  });
});

describe('wrong usage', () => {
  const complaints: readonly [args: string[], complaint: string][] = [
    [[], 'Usage: sluice COMMAND'],
    [['runn'], 'sluice has no command `runn`; it has run, check, test, expand, types, play, profile, new\n'],
    [['run'], 'sluice: `sluice run` takes one file'],
    [['run', 'a.slu', 'b.slu'], 'sluice: `sluice run` takes one file'],
    [['run', 'gone.slu'], 'sluice: there is no file gone.slu\n'],
    [
      ['run', '--relase', 'a.slu'],
      'sluice: `sluice run` has no option `--relase`: did you mean `--release`?\n',
    ],
    [
      ['check', '--frames', 'a.slu'],
      'sluice: `sluice check` has no option `--frames`: `sluice check --help` lists them\n',
    ],
    [['run', '--release=yes', 'a.slu'], 'sluice: --release takes no value\n'],
    [['play', '.', '--frames'], 'sluice: --frames needs a value\n'],
    [['play', '.', '--frames', 'many'], 'sluice: --frames needs a number of at least 1, not `many`\n'],
    [['play', '.', '--frames', '1.5'], 'sluice: `sluice play` needs a whole number of frames'],
    [['play', '.'], 'sluice: `sluice play` needs a whole number of frames'],
    [
      ['play', '.', '--frames', '9', '--verify-every', '2'],
      'sluice: `--verify-every` goes with `--checked`\n',
    ],
    [['check'], 'sluice: `sluice check` needs a file'],
  ];

  it.each(complaints)('%j is a clear error', async (args, complaint) => {
    const { code, out, error } = await sluice(...args);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain(complaint);
  });

  it.each([['--help'], ['run', '--help'], ['check', '-h'], ['play', '--help']])(
    'help is given: %s %s',
    async (...args) => {
      const { code, out, error } = await sluice(...args.filter((argument) => argument !== undefined));
      expect([code, error]).toEqual([0, '']);
      expect(out).toContain('Usage: sluice');
    },
  );
});
