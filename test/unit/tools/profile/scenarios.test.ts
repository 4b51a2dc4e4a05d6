/** Games in which one thing makes a frame long, planted: `sluice profile` names it, with the function and the line. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workshop } from '../command.ts';

const workshop = new Workshop();

/**
 * Plays a game; its report, and what that says of one frame. In a process of its own: in this one a collection of V8's has hundreds of
 * megabytes to look at, and is rightly named before what was planted.
 */
async function profile(game: string, ...more: string[]) {
  const { code, out, error } = await workshop.sluiceApart('profile', join(workshop.folder, game), ...more);
  expect([code, error]).toEqual([0, '']);
  const [, ...blocks] = out.split(/^ {2}frame (?=\d+: )/m);
  const worst = blocks.map((block) => block.split('\n\n')[0] as string);
  return { out, worst, first: worst[0] as string, cause: worst[0]?.split('\n')[1]?.trim() };
}

/** Where a text stands in a script. */
const lineOf = (script: string, text: string): number =>
  script.slice(0, script.indexOf(text)).split('\n').length;

/** `frame` runs the body in the frame with a number, counted from 0. */
const inFrame = (number: number, body: string): string => `(defglobal mut *frame* : i64 -1)
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (when (= *frame* ${number}) ${body}))\n`;

describe('a slow function in one frame of many', () => {
  const script = `(defglobal mut *sum* : f64 0.0)
(defn add-up ((n : i64)) : Unit
  (for (i 0 (< i n))
    (set! *sum* (+ *sum* (sqrt (f64 i))))))
(defn find-way () : Unit
  (add-up 100)
  (for (i 0 (< i 4000000))
    (set! *sum* (+ *sum* (* 0.5 (f64 i))))))
${inFrame(23, '(find-way)')}`;
  workshop.write('slow/slow.slu', script);

  it.each([[[]], [['--release']]])('is named, with the line and who called it %j', async (options) => {
    const { first, cause } = await profile('slow', '--frames', '40', ...options);
    expect(first).toMatch(/^23: .*late by script/);
    expect(cause).toMatch(/^script [\d.]+ ms \(usually 0\.\d+\)/);
    expect(cause).toContain('`find-way`');
    expect(cause).toContain(`at slow/slow.slu:${lineOf(script, '(for (i 0 (< i 4000000))')}`);
  });

  it('leads the functions and the lines, by what it takes itself', async () => {
    const { out, cause } = await profile('slow', '--frames', '40');
    expect(cause).toMatch(/, by frame > find-way$/);
    const rows = (title: string) => out.split(`\n${title}`)[1]?.split('\n\n')[0]?.split('\n') ?? [];
    expect(rows('functions of the script, ms a frame')[2]).toMatch(/% {2}find-way \(slow\/slow\.slu:\d\)$/);
    expect(rows('lines of loops')[1]).toMatch(/slow\/slow\.slu:7 in find-way$/);
    expect(rows('functions of the script, ms in the 10 worst frames')[2]).toContain('find-way');
  });
});

describe('a burst of garbage', () => {
  const script = `(defn make-names ((n : i64)) : i64
  (let ((mut letters 0))
    (for (i 0 (< i n))
      (set! letters (+ letters (string-length (str "enemy " i)))))
    letters))
(defglobal mut *letters* : i64 0)
${inFrame(12, '(set! *letters* (make-names 150000))')}`;
  workshop.write('burst/burst.slu', script);

  it('is told by what the frame allocated, and who did', async () => {
    const { first, cause } = await profile('burst', '--frames', '30');
    const [, allocated] = /^12: .*; allocated ([\d.]+) KB\n/.exec(first) ?? [];
    expect(Number(allocated)).toBeGreaterThan(3000);
    expect(cause).toMatch(/^script .*: `make-names` \(burst\/burst\.slu:\d\) [\d.]+/);
    expect(cause).toContain(`burst/burst.slu:${lineOf(script, '(for (i')}`);
  });
});

describe('what the host does', () => {
  const script = `(extern "sound" (defn decode ((n : i64)) : i64))
(defglobal mut *samples* : i64 0)
(defn hit-wall () : Unit
  (set! *samples* (decode 7)))
${inFrame(15, '(hit-wall)')}`;
  workshop.write('host/host.slu', script);
  const host = (name: string, body: string) => [
    '--host',
    workshop.write(
      name,
      `import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const kept = Array.from({ length: 300000 }, (_, n) => ({ n }));
export const sound = { decode(n) { ${body}; return n; } };\n`,
    ),
  ];

  it('is a long call, named with the function that made it', async () => {
    const still = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60)';
    const { first, cause } = await profile('host', '--frames', '30', ...host('still.mjs', still));
    expect(first).toMatch(/^15: .*late by script/);
    expect(cause).toMatch(/^host sound\.decode: [\d.]+ ms \(usually 0\.000\) in 1 call/);
    // As long as a collection, and none.
    expect(first).not.toContain("collection of V8's");
  });

  it('says from which function a call was that worked', async () => {
    const busy = 'const end = performance.now() + 60; while (performance.now() < end) kept[0] = n';
    const { cause } = await profile('host', '--frames', '30', ...host('busy.mjs', busy));
    expect(cause).toMatch(/^host sound\.decode: .* in 1 call, from `hit-wall` \(host\/host\.slu:\d\)$/);
  });

  it("is a collection of V8's, outside our work", async () => {
    const { first, cause } = await profile('host', '--frames', '30', ...host('gc.mjs', 'gc(); gc(); gc()'));
    expect(first).toMatch(/^15: /);
    expect(cause).toMatch(
      /^a collection of V8's [\d.]+ ms \(usually [\d.]+\): .*major [\d.]+.*; outside our work/,
    );
  });
});

describe('a map that grows', () => {
  const script = `(defglobal *seen* : (MutMap String i64) (mut-map))
(defglobal mut *next* : i64 0)
(defn remember! ((n : i64)) : Unit
  (for (i 0 (< i n))
    (map-set! *seen* (str "tile " *next*) i)
    (inc! *next*)))
(defn frame ((dt : f64)) : Unit (remember! 1500))\n`;
  workshop.write('grows/grows.slu', script);

  it('is told by the heap, which grows, and by the function that fills it', async () => {
    const { out, worst } = await profile('grows', '--frames', '60');
    const [, from, to, each] =
      /^the heap grows: from ([\d.]+) KB to ([\d.]+) KB, ([\d.]+) KB a frame/m.exec(out) ?? [];
    expect(Number(to)).toBeGreaterThan(Number(from) + 1000);
    expect(Number(each)).toBeGreaterThan(50);
    expect(worst.join('\n')).toMatch(/`remember!` \(grows\/grows\.slu:\d\)/);
    expect(out).toMatch(/ms a frame\n.*\n.*% {2}remember! \(grows\/grows\.slu:\d\)\n/);
  });

  it('is not told of a game that throws away what it makes', async () => {
    const { out } = await profile('burst', '--frames', '30');
    expect(out).not.toContain('the heap grows');
  });
});
