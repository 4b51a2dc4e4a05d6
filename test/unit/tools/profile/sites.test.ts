/** Games that make too much in one place, planted: `sluice profile --sites` names the line, who called, and how long it lives. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Source } from '../../../../scripting/syntax/index.ts';
import { edited, type ProfiledSite, type Recording } from '../../../../scripting/tools/profile/index.ts';
import { Workshop } from '../command.ts';

const workshop = new Workshop();

/** Plays a game that is counted: its report, and what was recorded. */
async function profile(game: string, frames: number, ...more: string[]) {
  const json = workshop.path(`${game}.json`);
  const args = [join(workshop.folder, game), '--frames', `${frames}`, '--sites', '--json', json, ...more];
  const { code, out, error } = await workshop.sluice('profile', ...args);
  expect([code, error]).toEqual([0, '']);
  const recording: Recording = JSON.parse(readFileSync(json, 'utf8'));
  const { sites = [] } = recording;
  const site = (line: number, type: string): ProfiledSite =>
    sites.find((one) => one.line === line && one.type === type) as ProfiledSite;
  return { out, recording, sites, site };
}

/** Where a text stands in a script. */
const lineOf = (script: string, text: string): number =>
  script.slice(0, script.indexOf(text)).split('\n').length;

/** The first site of the table. */
const top = (out: string): string | undefined =>
  out.split('\nallocation sites, a frame: ')[1]?.split('\n')[2]?.trim();

describe('a burst of garbage at one line', () => {
  const script = `(defglobal mut *frame* : i64 -1)
(defglobal mut *letters* : i64 0)
(defn make-names ((n : i64)) : i64
  (let ((mut letters 0))
    (for (i 0 (< i n))
      (set! letters (+ letters (string-length (str "enemy " i)))))
    letters))
(defn spawn-wave ((n : i64)) : Unit
  (set! *letters* (make-names n)))
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (when (= *frame* 12) (spawn-wave 20000)))\n`;
  workshop.write('burst/burst.slu', script);
  const line = lineOf(script, '(str "enemy "');
  const run = profile('burst', 40);

  it('is named with what it makes and who called, in its frame and over all', async () => {
    const { out } = await run;
    expect(out).toMatch(
      new RegExp(
        `^  frame 12: .*; allocated 625\\.0 KB, 625\\.0 KB of it at burst/burst\\.slu:${line} in make-names`,
        'm',
      ),
    );
    expect(top(out)).toMatch(
      new RegExp(
        `^15\\.6 +0\\.0 +500 +0 % +\\d+  burst/burst\\.slu:${line} in make-names: String, by frame:\\d+ > spawn-wave:9$`,
      ),
    );
  });

  it('is worth a run that counts, as one without says', async () => {
    const { out } = await workshop.sluice('profile', join(workshop.folder, 'burst'), '--frames', '16');
    expect(out).toContain(
      '\nframes allocate 39.1 KB on average, and 625.0 KB in frame 12: `--sites` says at which lines, and what could be done\n',
    );
  });

  it('is in the tables of a range of frames where it lies in that, by as much as it is there', async () => {
    const { out } = await profile('burst', 16, '--range', '12-13');
    expect(out).toContain(
      '\nallocation sites, a frame from 12 to 13: 312.5 KB in the heap, 0.0 KB in arenas\n',
    );
    expect(out).toContain('\nfunctions of the script, ms a frame from 12 to 13\n');
    const { out: before } = await profile('burst', 16, '--range', '0-11');
    expect(before).toContain('\nallocation sites, a frame from 0 to 11: nothing was made\n');
  });

  it('is counted to the byte, frame by frame', async () => {
    const { recording, sites, site } = await run;
    const made = recording.frames.flatMap(({ number, sites: counts }) =>
      counts.map((count) => ({ number, ...count })),
    );
    expect(made).toEqual([
      {
        number: 12,
        site: sites.indexOf(site(line, 'String')),
        objects: 20_000,
        bytes: 640_000,
        arenaBytes: 0,
      },
    ]);
    expect(recording.frames[12]?.allocated).toBe(640_000);
    expect(site(line, 'String')).toMatchObject({ survived: 0, kept: 0, keptLong: 0 });
  });
});

describe('what could be done', () => {
  const script = `(defstruct Contact (mut depth : f64))
(defglobal mut *depth* : f64 0.0)
(defn find-contacts ((n : i64)) : (MutVec Contact)
  (let ((contacts (mut-vec)))
    (for (i 0 (< i n))
      (push! contacts (Contact (f64 i))))
    contacts))
(defn total ((contacts : (MutVec Contact))) : f64
  (fold + 0.0 (map .depth contacts)))
(defn find-depth () : Unit
  (set! *depth* (total (find-contacts 200))))
(defn frame ((dt : f64)) : Unit (find-depth))\n`;
  workshop.write('arenas/arenas.slu', script);

  it('is an arena where nothing leaves, around what calls; the edit is right, and does it', async () => {
    const { out, recording, site } = await profile('arenas', 30);
    const hint = recording.hints?.[0];
    if (hint?.kind !== 'arena') throw new Error(`no arena: ${JSON.stringify(recording.hints)}`);
    // It has the vectors in it too, and is said once.
    expect(recording.hints).toHaveLength(1);
    expect(hint).toMatchObject({ name: 'find-depth', arena: 'work', after: 0 });
    expect(recording.sites?.[hint.site]).toEqual(site(6, 'Contact'));
    expect(out).toContain(
      `  arenas/arenas.slu:6 in find-contacts: this \`Contact\` never leaves \`find-depth\`: \`with-arena\` frees it at once, at no cost
    arenas/arenas.slu:11:3: put \`(with-arena work\` in front, and \`)\` at arenas/arenas.slu:11:45
    the heap is given 0.0 KB of it a frame instead of 3.1\n`,
    );
    const [changed] = edited([new Source(join(workshop.folder, 'arenas/arenas.slu'), script)], hint.edits);
    workshop.write('arenas/arenas.slu', changed?.text ?? '');
    const after = await profile('arenas', 30);
    expect(after.out).toContain('allocation sites, a frame: 0.0 KB in the heap');
    expect(after.recording.hints).toEqual([]);
  });

  it('is a vector that is kept, where what else is made there has to stay', async () => {
    const script = `(defstruct Best (mut n : i64))
(defglobal mut *best* : Best (Best 0))
(defn frame ((dt : f64)) : Unit
  (let ((found (mut-vec)))
    (for (i 0 (< i 100)) (push! found i))
    (set! *best* (Best (len found)))))\n`;
    workshop.write('buffers/buffers.slu', script);
    const { out, recording } = await profile('buffers', 30);
    const [hint, ...more] = recording.hints ?? [];
    expect(more).toEqual([]);
    if (hint?.kind !== 'buffer') throw new Error(`no buffer: ${JSON.stringify(hint)}`);
    expect(hint.after).toBeLessThan(200);
    expect(out).toContain(
      `  buffers/buffers.slu:5 in frame: the vector \`found\` never leaves \`frame\`: one that is kept, and emptied each time, keeps its room
    buffers/buffers.slu:3:1: put \`(defglobal *frame-found* : (MutVec i64) (mut-vec))\` in front
    buffers/buffers.slu:4:16: \`(do (clear! *frame-found*) *frame-found*)\` instead of \`(mut-vec)\`\n`,
    );
    // One that is given away is not kept: who has it would see it change.
    const given = script
      .replace('(defstruct Best (mut n : i64))', '(defstruct Best (mut n : (MutVec i64)))')
      .replace('(Best 0)', '(Best (mut-vec))')
      .replace('(len found)', 'found');
    workshop.write('given/given.slu', given);
    expect((await profile('given', 30)).recording.hints).toEqual([]);
  });

  it('is nothing where the next frame has need of it, however short it lives', async () => {
    workshop.write(
      'needed/needed.slu',
      `(defstruct Step (mut x : f64))
(defglobal mut *steps* : (MutVec Step) (mut-vec))
(defglobal *names* : (MutVec String) (mut-vec))
(defn add-name! ((i : i64)) : Unit
  (push! *names* (str "name " i)))
(defn frame ((dt : f64)) : Unit
  (clear! *names*)
  (for (i 0 (< i 100)) (add-name! i))
  (let ((steps (mut-vec)))
    (for (i 0 (< i 100)) (push! steps (Step (f64 i))))
    (set! *steps* steps)))\n`,
    );
    const { out, recording, sites } = await profile('needed', 40);
    expect(sites.length).toBeGreaterThan(2);
    expect(recording.hints).toEqual([]);
    expect(out).not.toContain('what could be done');
  });
});

describe('what stays', () => {
  const script = `(defstruct Spark (x : f64))
(defglobal *log* : (MutVec String) (mut-vec))
(defglobal *seen* : (MutMap i64 Spark) (mut-map))
(defglobal mut *next* : i64 0)
(defglobal mut *last* : (Option Spark) None)
(defn note! ((n : i64)) : Unit
  (push! *log*
    (str "frame " n)))
(defn remember! ((n : i64)) : Unit
  (for (i 0 (< i 40))
    (map-set! *seen* (+ i (* 40 n))
      (Spark (f64 i)))))
(defn frame ((dt : f64)) : Unit
  (inc! *next*)
  (for (i 0 (< i 25)) (note! *next*))
  (remember! *next*)
  (for (i 0 (< i 1000))
    (set! *last* (Some
      (Spark 0.0)))))\n`;
  workshop.write('stays/stays.slu', script);
  const run = profile('stays', 60);

  it('is told from what dies: a leak into a global, and a map that grows', async () => {
    const { site } = await run;
    const leak = site(lineOf(script, '(str "frame "'), 'String');
    const inMap = site(lineOf(script, '(Spark (f64 i))'), 'Spark');
    const garbage = site(lineOf(script, '(Spark 0.0)'), 'Spark');
    for (const kept of [leak, inMap]) {
      expect(kept.survived).toBe(1);
      expect(kept).not.toHaveProperty('lifetime');
    }
    // Estimates: half of what was made in sixty frames, 25 strings of 32 bytes and 40 structs of 16 a frame.
    expect(leak.keptLong / (30 * 25 * 32)).toBeCloseTo(1, 0);
    expect(inMap.keptLong / (30 * 40 * 16)).toBeCloseTo(1, 0);
    expect(garbage.survived).toBeLessThan(0.01);
    expect(garbage.lifetime).toBeDefined();
    expect(garbage.keptLong).toBe(0);
  });

  it('is told by the global that grows, with what takes things out; what need be no object is a value', async () => {
    const { out, recording } = await run;
    const { hints = [] } = recording;
    expect(hints.map((hint) => [hint.kind, hint.kind === 'kept' ? hint.global : hint.name])).toEqual([
      ['value', 'Spark'],
      ['kept', '*seen*'],
      ['kept', '*log*'],
    ]);
    const stays = /`(.*)` grows: it keeps [\d.]+ KB of what the first half of the frames made\n {4}(.*)\n/g;
    expect([...out.matchAll(stays)].map(([, ...told]) => told)).toEqual([
      ['*seen*', 'take out what is no longer needed: `map-remove!`, `clear!`'],
      ['*log*', 'take out what is no longer needed: `clear!`, `retain!`, `truncate!`, `swap-remove!`'],
    ]);
    expect(out).toContain('stays/stays.slu:1:2: `defvalue` instead of `defstruct`\n');
  });

  it('is not told of what a game makes as it begins', async () => {
    workshop.write(
      'level/level.slu',
      `(defglobal *walls* : (MutVec String) (mut-vec))
(defn build! () : Unit
  (for (i 0 (< i 2000)) (push! *walls* (str "wall " i))))
(defn frame ((dt : f64)) : Unit
  (when (empty? *walls*) (build!)))\n`,
    );
    const { recording, site } = await profile('level', 20);
    expect(site(3, 'String').keptLong).toBeGreaterThan(30_000);
    expect(recording.hints).toEqual([]);
  });
});

describe('what an arena has', () => {
  const script = `(defn sum-of-squares ((n : i64)) : i64
  (with-arena frame
    (fold + 0 (map (fn (x) (* x x))
      (range 0 n)))))
(defglobal mut *sum* : i64 0)
(defn frame ((dt : f64)) : Unit (set! *sum* (sum-of-squares 100)))\n`;
  workshop.write('arena/arena.slu', script);

  it('costs the heap nothing, and says so', async () => {
    const { out, recording } = await profile('arena', 20);
    expect(out).toMatch(/^allocation sites, a frame: 0\.0 KB in the heap, 1\.6 KB in arenas$/m);
    expect(recording.frames.every(({ sites }) => sites.every(({ bytes }) => bytes === 0))).toBe(true);
  });
});

it('is no option of a release, and a run without it has nothing of it', async () => {
  const game = join(workshop.folder, 'arena');
  const refused = await workshop.sluice('profile', game, '--frames', '5', '--sites', '--release');
  expect(refused.code).toBe(1);
  expect(refused.error).toContain('`--sites` counts in the development build: leave `--release` out');
  const { out } = await workshop.sluice('profile', game, '--frames', '5');
  expect(out).not.toContain('allocation sites');
});
