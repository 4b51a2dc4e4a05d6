/** `sluice test`: what is told of tests that pass and fail, and exit codes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../../scripting/tools/index.ts';
import { checkText } from '../types/program.ts';
import { imageOf, MODES, start, thrown } from './script.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
writeFileSync(join(folder, 'package.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Runs `sluice test` in this process; paths in what it writes are shortened. */
async function test(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const code = await main(['test', ...args], {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  const short = (text: string) => text.replaceAll(`${folder}/`, '');
  return { code, out: short(out), error: short(error) };
}

script(
  'good/level/orc.slu',
  `(extern "stage" (defn play ((name : String)) : Unit))
(pub defstruct Orc (mut hp : i64))
(pub defn hit! ((orc : Orc) (by : i64)) : Unit (set! (.hp orc) (- (.hp orc) by)))
(pub defn shout () : Unit (play "shout"))
(deftest "an orc is hit" (let ((orc (Orc 5))) (hit! orc 2) (check (= (.hp orc) 3))))`,
);
script(
  'good/orcs-test.slu',
  `(import level.orc :all)
(defglobal mut *fights* : i64 0)
(defn check-fight ((hits : i64) (left : i64)) : Unit
  (let ((orc (Orc 10)))
    (set! *fights* (+ *fights* 1))
    (for (i 0 (< i hits)) (hit! orc 3))
    (check (= (.hp orc) left))))
(deftest "one hit" (check-fight 1 7))
(deftest "three hits" (check-fight 3 1) (check (= *fights* 2)))`,
);
script('good/plain.slu', '(defn main () (println "no tests here"))');

// What the game's main script must have of these, a module may have as it likes.
script(
  'entries/clock.slu',
  `(pub defn frame ((n : i64)) : i64 (* n 16))
(pub defn start ((n : i64)) : i64 n)
(deftest "frames last" (check (= (frame 2) 32)))`,
);
script(
  'entries/game.slu',
  `(import clock :as c)
(deftest "the game counts" (check (= (c.start (c.frame 1)) 16)))`,
);

const bad = script(
  'bad/all.slu',
  `(defstruct Orc (mut hp : i64) (name : String))
(defglobal mut *loads* : i64 0)
(defn load () : i64 (set! *loads* (+ *loads* 1)) *loads*)
(deftest "sides"
  (check (= (load) 2))
  (check (!= (load) (load)))
  (check (not (= (str "a" "b") "ab")))
  (check (< 1 (load) 3))
  (check (or false
             false)))
(deftest "error"
  (println "loading")
  (check (= 1 2))
  (nth [1 2 3] (load))
  (check false))
(deftest "last" (check (= *loads* 5)))`,
);

describe('sluice test', () => {
  it.each([[[]], [['--release']], [['--checked']]])(
    'runs the tests of all scripts in a folder %j',
    async (options) => {
      expect(await test(join(folder, 'good'), ...options)).toEqual({
        code: 0,
        out: `good/level/orc.slu
  ok    an orc is hit
good/orcs-test.slu
  ok    one hit
  ok    three hits
3 tests passed
`,
        error: '',
      });
    },
  );

  it('takes `frame` and `start` of a module that another script imports for functions like any other', async () => {
    const { code, out, error } = await test(join(folder, 'entries'));
    expect(error).toBe('');
    expect([code, out]).toEqual([0, expect.stringContaining('2 tests passed')]);
  });

  it('runs those that --filter names', async () => {
    const { code, out } = await test(join(folder, 'good'), '--filter', 'three');
    // The globals are those of a machine on which the other test did not run.
    expect([code, out.split('\n').at(-2)]).toEqual([2, '1 of 1 test failed']);
    expect(out).toContain('*fights* is 1');
  });

  it('shows both sides of what fails, evaluates them once, and goes on', async () => {
    expect(await test(bad)).toEqual({
      code: 2,
      out: `bad/all.slu
  FAIL  sides
        bad/all.slu:5:10: the check \`(= (load) 2)\` failed
          5 |   (check (= (load) 2))
            |          ^^^^^^^^^^^^
          (load) is 1
        bad/all.slu:7:10: the check \`(not (= (str "a" "b") "ab"))\` failed
          7 |   (check (not (= (str "a" "b") "ab")))
            |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          (str "a" "b") is "ab"
        bad/all.slu:8:10: the check \`(< 1 (load) 3)\` failed
          8 |   (check (< 1 (load) 3))
            |          ^^^^^^^^^^^^^^
          (load) is 4
        bad/all.slu:9:10: the check \`(or false false)\` failed
          9 |   (check (or false
            |          ^^^^^^^^^
  FAIL  error
        bad/all.slu:13:10: the check \`(= 1 2)\` failed
          13 |   (check (= 1 2))
             |          ^^^^^^^
        bad/all.slu:14:3: error: index 5 is out of range for length 3 [index]
          14 |   (nth [1 2 3] (load))
             |   ^
          at test "error" (bad/all.slu:14:3)
        it printed
          loading
  ok    last
2 of 3 tests failed
`,
      error: '',
    });
  });

  it('ends a test that does not end by itself', async () => {
    const file = script('endless.slu', '(deftest "endless" (while true (do))) (deftest "next" (check true))');
    const { code, out } = await test(file, '--limit', '40');
    expect(code).toBe(2);
    expect(out).toContain('the call ran longer than 40 ms');
    expect(out).toContain('ok    next');
  });

  it('tells a call of the host, which is not there, as an error of the test', async () => {
    const file = script(
      'stage.slu',
      '(extern "stage" (defn play ((name : String)) : Unit))\n(deftest "plays" (play "a"))',
    );
    const { code, out } = await test(file);
    expect(code).toBe(2);
    expect(out).toContain('stage.play is a function of the host, and there is none here');
  });

  it('exits with 1 where a script does not compile, and runs the others', async () => {
    script('half/a.slu', '(deftest "wrong" (check (+ 1 2)))');
    script('half/b.slu', '(deftest "right" (check true))');
    const { code, out, error } = await test(join(folder, 'half'));
    expect([code, out]).toEqual([1, 'half/b.slu\n  ok    right\n1 test passed\n']);
    expect(error).toContain('half/a.slu:1:25: error: the condition should be `Bool`');
    expect(error).toMatch(/1 script with tests does not compile\n$/);
  });

  it('tells what is wrong with a shared module once', async () => {
    script('shared/util.slu', '(pub defn double (x) (* x 2))\n(deftest "u" (check true))');
    for (const name of ['a', 'b', 'c'])
      script(
        `shared/${name}.slu`,
        `(import util (double))\n(deftest "${name}" (check (= (double 1) 2)))\n(pub defn ${name} (x) x)`,
      );
    const { code, out, error } = await test(join(folder, 'shared'));
    expect([code, out.split('\n').at(-2)]).toEqual([0, '4 tests passed']);
    expect(error.match(/^\S+: warning/gm)).toEqual([
      'shared/util.slu:1:11: warning',
      'shared/a.slu:3:11: warning',
      'shared/b.slu:3:11: warning',
      'shared/c.slu:3:11: warning',
    ]);
  });

  it('exits with 1 where there is nothing to run', async () => {
    expect(await test(join(folder, 'good', 'plain.slu'))).toMatchObject({
      code: 1,
      error: 'sluice: good/plain.slu holds no tests: they are written `(deftest "name" (check e) ...)`\n',
    });
    expect((await test(join(folder, 'good'), '--filter', 'x')).error).toContain('holds no test with `x`');
    expect((await test(join(folder, 'nowhere'))).error).toContain('there is no file or folder nowhere');
  });
});

describe.each(MODES)('outside of a test run, in %s', (mode) => {
  it('deftest compiles to nothing, and a failed check ends the call with its sides', async () => {
    const text = `(defn size ((xs : (Vector i64))) : i64 (check (< (len xs) 3)) (len xs))
      (pub defn two () : i64 (size [1 2]))
      (pub defn three () : i64 (size [1 2 3]))`;
    const image = await imageOf(text, { mode });
    const tested = await imageOf(`${text}\n(deftest "two" (check (= (two) 2)))`, { mode });
    expect(tested.wasm.length).toBe(image.wasm.length);
    const { machine } = await start(tested);
    expect(machine.call('two')).toBe(2);
    expect(String(thrown(() => machine.call('three')))).toContain(
      'the check (< (len xs) 3) failed: (len xs) is 3',
    );
  });
});

describe('what is written wrongly', () => {
  it.each([
    ['(deftest (check true))', 'bad-form', 'this `deftest` is not put together right'],
    ['(defn f () (chek true))', 'unknown-name', 'there is no `chek` here'],
    ['(defn f () (map check [true]))', 'bad-form', '`check` is not a value'],
    ['(deftest "empty")', 'bad-form', 'this `deftest` is not put together right'],
    ['(defn f () (check))', 'bad-form', 'this `check` is not put together right'],
    [
      '(deftest "a" (check (= 1 "a")))',
      'wrong-type',
      'argument 2 of `=` should be a whole number, but it is `String`',
    ],
    ['(deftest "a" (check 3))', 'wrong-type', 'the condition should be `Bool`, but it is a whole number'],
    ['(deftest "a" (do)) (deftest "a" (do))', 'duplicate-definition', 'there are two tests called "a"'],
  ])('%s', (text, code, message) => {
    const [found, ...more] = checkText(text).diagnostics.all;
    expect([found?.code, found?.message, more.length]).toEqual([code, message, 0]);
  });

  it('a program’s own `check` is its own', () => {
    expect(checkText('(defn check (x) (+ x 1)) (defn f () : i64 (check 3))').codes).toEqual([]);
    const files = {
      'm.slu': '(pub defn check ((x : i64)) : i64 x)',
      'main.slu': '(import m :all) (defn f () : i64 (check 3))',
    };
    expect(checkText(files).codes).toEqual([]);
  });
});
