/** What `sluice profile` says where it cannot do what it was told. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workshop } from '../command.ts';

const workshop = new Workshop();
const profile = (...args: string[]) => workshop.sluice('profile', ...args);
const game = (name: string, script: string) => {
  workshop.write(`${name}/${name}.slu`, script);
  return join(workshop.folder, name);
};
const STILL = game('still', '(defn frame ((dt : f64)) : Unit (println dt))\n');

describe('what makes no sense', () => {
  it.each([
    [[], '`sluice profile` takes one folder or file: `sluice profile FOLDER --frames N`'],
    [[STILL, STILL], '`sluice profile` takes one folder or file: `sluice profile FOLDER --frames N`'],
    [[STILL], '`sluice profile` needs a whole number of frames: `--frames 600`'],
    [[STILL, '--frames', '2.5'], '`sluice profile` needs a whole number of frames: `--frames 600`'],
    [[STILL, '--frames', '0'], '--frames needs a number of at least 1, not `0`'],
    [[STILL, '--frames', '9', '--fail-over', 'x'], '--fail-over needs a number of at least 0, not `x`'],
    [
      [STILL, '--frames', '9', '--fial-over', '3'],
      '`sluice profile` has no option `--fial-over`: did you mean `--fail-over`?',
    ],
    ...['3', '3-', '5-3', '0-9', 'a-b'].map((range): [string[], string] => [
      [STILL, '--frames', '9', '--range', range],
      `\`--range\` needs two of the 9 frames, counted from 0, as \`--range 0-8\`, not \`${range}\``,
    ]),
    [[STILL, '--frames', '9', '--inputs', 'no.txt'], 'there is no file no.txt with input'],
    [['nowhere', '--frames', '9'], 'there is no file or folder nowhere'],
    [
      [STILL, '--frames', '9', '--out', 'no/trace.json'],
      '`--out` cannot write no/trace.json: there is no folder no',
    ],
    [[STILL, '--frames', '9', '--json', '.'], '`--json` cannot write .: it is a folder'],
    [
      [STILL, '--frames', '9', '--compare', 'no.json'],
      'there is no file no.json with a recording: `sluice profile ... --json no.json` makes one',
    ],
  ])('is told before anything runs: %j', async (args, message) => {
    expect(await profile(...args)).toEqual({ code: 1, out: '', error: `sluice: ${message}\n` });
  });

  it('is a recording that is none, or of another version', async () => {
    const compare = async (text: string) =>
      (await profile(STILL, '--frames', '9', '--compare', workshop.write('old.json', text))).error;
    const none = 'sluice: old.json is no recording: `sluice profile ... --json FILE` makes one\n';
    for (const text of ['', 'frames', 'null', '[]', '{"format":1}', '{"traceEvents":[]}'])
      expect(await compare(text)).toBe(none);
    expect(await compare('{"format":99,"frames":[],"functions":[]}')).toBe(
      'sluice: old.json was recorded by another version of Sluice: it has format 99, and this one reads 3; record it again\n',
    );
  });
});

describe('a script that fails', () => {
  it('to compile is told as any command does', async () => {
    const { code, out, error } = await profile(
      game('broken', '(defn frame ((dt : f64)) : Unit (prnitln dt))\n'),
      '--frames',
      '9',
    );
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('broken/broken.slu:1:34: error: ');
  });

  it('as it starts has no report', async () => {
    const { code, out, error } = await profile(
      game('start', '(defn start () : Unit (println (nth [1] 7)))\n'),
      '--frames',
      '9',
    );
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain('start/start.slu:1:32: error: index 7 is out of range for length 1');
  });

  it('in a frame is told, counted and played on; a limit for frames does not hide it', async () => {
    const failing = game('fails', '(defn frame ((dt : f64)) : Unit (println (nth [1] 7)))\n');
    const { code, out, error } = await profile(failing, '--frames', '5', '--fail-over', '0');
    expect(code).toBe(2);
    expect(error.match(/index 7 is out of range/g)).toHaveLength(1);
    expect(out).toMatch(/^5 frames of .*\n(?:.*\n)+ {2}errors +5\n/);
  });

  it('in a host function that lacks is told where that is to come from', async () => {
    const { code, error } = await profile(
      game('lacks', '(extern "sound" (defn play () : Unit))\n(defn frame ((dt : f64)) : Unit (play))\n'),
      '--frames',
      '3',
    );
    expect(code).toBe(2);
    expect(error).toContain('sound.play is a function of the host, and there is none here');
  });
});

describe('a game', () => {
  it('can be given as its main script, and prints what it prints', async () => {
    const { code, out } = await profile(join(STILL, 'still.slu'), '--frames', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^0\.01666+\d*\n0\.01666+\d*\n2 frames of still\/still\.slu, development, 60 Hz/);
  });

  it('without a frame, and too short for a sample, has a report', async () => {
    const { code, out } = await profile(
      game('empty', '(defglobal mut *n* : i64 0)\n'),
      '--frames',
      '1',
      '--rate',
      '30',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^1 frame of empty\/empty\.slu, development, 30 Hz/);
  });
});
