/** What `sluice profile` writes: a trace whose figures are the report's, a recording that it reads again, and an exit code for CI. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ms,
  type Recording,
  type Trace,
  type TraceEvent,
} from '../../../../scripting/tools/profile/index.ts';
import { Workshop } from '../command.ts';

const workshop = new Workshop();
const profile = (game: string, ...more: string[]) =>
  workshop.sluice('profile', join(workshop.folder, game), ...more);

/** `think` goes so many rounds in each frame, and `draw` always the same. */
const game = (rounds: number): string => `(import sluice.profile :all)
(extern "screen" (defn show ((n : f64)) : Unit))
(defglobal mut *sum* : f64 0.0)
(defglobal mut *frame* : i64 -1)
(defglobal *trail* : (MutVec String) (mut-vec))
(defn draw () : Unit
  (for (i 0 (< i 20000)) (set! *sum* (+ *sum* (* 0.5 (f64 i)))))
  (show *sum*))
(defn think () : Unit
  (for (i 0 (< i ${rounds})) (set! *sum* (- *sum* (sqrt (f64 i))))))
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (when (= *frame* 7) (mark "boss"))
  (for (i 0 (< i 200)) (push! *trail* (str "step " i)))
  (think)
  (draw))\n`;

workshop.write('walk/walk.slu', game(10_000));
const HOST = ['--host', workshop.write('host.mjs', 'export const screen = { show() {} };\n')];
const FRAMES = 60;

async function recorded() {
  const [json, out] = [workshop.path('walk.json'), workshop.path('walk.trace')];
  const run = await profile('walk', '--frames', `${FRAMES}`, ...HOST, '--json', json, '--out', out);
  const recording: Recording = JSON.parse(readFileSync(json, 'utf8'));
  const trace: Trace = JSON.parse(readFileSync(out, 'utf8'));
  return { ...run, recording, trace };
}

const run = recorded();
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('a trace', () => {
  const lasting = async (test: (event: TraceEvent) => boolean) =>
    (await run).trace.traceEvents.filter((event) => event.ph === 'X' && test(event));
  const total = (events: readonly TraceEvent[]) => sum(events.map(({ dur = 0 }) => dur)) / 1000;

  it('has each frame, as long as its work is in the recording', async () => {
    const { recording } = await run;
    const frames = await lasting(({ name }) => name.startsWith('frame '));
    expect(frames.map(({ name }) => name)).toEqual(recording.frames.map(({ number }) => `frame ${number}`));
    for (const [number, { start, end }] of recording.frames.entries())
      expect((frames[number]?.dur ?? 0) / 1000).toBeCloseTo(end - start, 4);
  });

  it('has the names that the script gave to frames', async () => {
    const { recording, trace } = await run;
    expect(recording.frames.flatMap(({ number, marks }) => marks.map((name) => [number, name]))).toEqual([
      [7, 'boss'],
    ]);
    const [frame] = await lasting(({ name }) => name === 'frame 7');
    expect(trace.traceEvents.find(({ name }) => name === 'boss')).toMatchObject({ ph: 'i', ts: frame?.ts });
  });

  it('has the time of phases, slices, host functions and functions of the script that the recording has', async () => {
    const { recording } = await run;
    const of = (sums: (frame: Recording['frames'][number]) => number) => sum(recording.frames.map(sums));
    expect(total(await lasting(({ name, tid }) => name === 'script' && tid === 1))).toBeCloseTo(
      of(({ script }) => script),
      3,
    );
    expect(total(await lasting(({ tid }) => tid === 4))).toBeCloseTo(
      of(({ gap }) => gap),
      3,
    );
    expect(of(({ gap }) => gap)).toBeGreaterThan(0);
    expect(total(await lasting(({ tid }) => tid === 5))).toBeCloseTo(
      of(({ v8 }) => sum(v8.map(({ length }) => length))),
      3,
    );
    expect((await lasting(({ name }) => name === 'screen.show')).length).toBe(FRAMES);
    const think = recording.functions.findIndex(({ name }) => name === 'think');
    const sampled = of(({ samples }) => samples.find((time) => time.function === think)?.total ?? 0);
    expect(sampled).toBeGreaterThan(0);
    expect(total(await lasting(({ name, tid }) => name === 'think' && tid === 2))).toBeCloseTo(sampled, 3);
  });

  it('has a mark where a deadline was missed, and no other', async () => {
    const { recording, trace } = await run;
    const marks = trace.traceEvents
      .filter(({ name }) => name.startsWith('deadline missed'))
      .map(({ args }) => args?.frame);
    expect(marks).toEqual(recording.frames.filter(({ late }) => late).map(({ number }) => number));
  });

  it('names its tracks, and in each what begins in something ends in it', async () => {
    const { traceEvents } = (await run).trace;
    const names = traceEvents.filter(({ name }) => name === 'thread_name').map(({ args }) => args?.name);
    expect(names).toEqual([
      'frames',
      'script functions',
      'host functions',
      "the script's collector",
      "V8's collector",
    ]);
    for (const tid of [1, 2, 3, 4, 5]) {
      const events = traceEvents.filter((event) => event.ph === 'X' && event.tid === tid);
      const nano = (micros: number) => Math.round(micros * 1000);
      const spans = events
        .map(({ ts, dur = 0 }) => ({ from: nano(ts), to: nano(ts) + nano(dur) }))
        .sort((a, b) => a.from - b.from || b.to - a.to);
      const open: number[] = [];
      for (const { from, to } of spans) {
        while (open.length > 0 && (open.at(-1) as number) <= from) open.pop();
        if (open.length > 0) expect(to, `track ${tid}`).toBeLessThanOrEqual(open.at(-1) as number);
        open.push(to);
      }
    }
  });
});

describe('a recording', () => {
  it('has what the report says', async () => {
    const { out, recording } = await run;
    const row = (name: string) =>
      new RegExp(`^ +${name} +(.*)$`, 'm').exec(out)?.[1]?.trim().split(/ +/).map(Number);
    const most = (values: readonly number[]) => Number(ms(Math.max(...values)));
    expect(row('script')?.at(-1)).toBe(most(recording.frames.map(({ script }) => script)));
    expect(row('gap')?.at(-1)).toBe(most(recording.frames.map(({ gap }) => gap)));
    expect(row('work')?.at(-1)).toBe(most(recording.frames.map(({ start, end }) => end - start)));
    const late = recording.frames.filter((frame) => frame.late).length;
    expect(out).toContain(`late frames   ${late} of ${FRAMES}`);
  });

  it('has the slices that the recorder counted, and no more time of functions than of the script', async () => {
    for (const { gap, slices, script, waited, samples } of (await run).recording.frames) {
      expect(sum(slices.map(({ length }) => length))).toBeCloseTo(gap, 6);
      expect(sum(samples.map(({ self }) => self))).toBeLessThanOrEqual(script - waited + 1e-6);
      for (const { self, total, heap } of samples)
        expect([heap <= self + 1e-9, self <= total + 1e-9]).toEqual([true, true]);
    }
  });

  it('is read again: which function got slower is said first, and by how much', async () => {
    await run;
    workshop.write('walk/walk.slu', game(1_000_000));
    const { code, out, error } = await profile(
      'walk',
      '--frames',
      `${FRAMES}`,
      ...HOST,
      '--compare',
      workshop.path('walk.json'),
    );
    expect([code, error]).toEqual([0, '']);
    const [, compared = ''] = out.split('\ncompared with ');
    expect(compared).toMatch(
      /^walk\.json: 60 frames, development; ms a frame, on average\n {2}slower .* script(;.*)?\n/,
    );
    expect(compared).toMatch(
      /functions, what they take themselves\n {2}slower +\d\.\d+ -> +\d+\.\d+ +\+\d+ % {2}think \(walk\/walk\.slu\)[;\n]/,
    );
  });
});

describe('--fail-over', () => {
  it('fails by the p99 of what frames work', async () => {
    const within = await profile('walk', '--frames', '10', ...HOST, '--fail-over', '100000');
    expect([within.code, within.error]).toEqual([0, '']);
    const over = await profile('walk', '--frames', '10', ...HOST, '--fail-over', '0.0001');
    const p99 = /^ +less waits +(?:[\d.]+ +){2}([\d.]+)/m.exec(over.out)?.[1];
    expect([over.code, over.error]).toEqual([
      1,
      `sluice: the p99 of a frame's work less waits is ${p99} ms, over the 0.0001 ms of \`--fail-over\`; 10 of 10 frames worked longer than that\n`,
    ]);
  });
});
