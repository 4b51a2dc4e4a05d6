/** Runs a game as `play` does, watched: by the recorder, by V8's profiler, and by those that time slices, host functions and V8's collections. */
import type { SliceKind } from '../../../engine/profile/index.ts';
import type { Streams } from '../command.ts';
import { type HeadlessGame, startHeadless } from '../headless-game.ts';
import { EngineCollections, type NativeCollection } from './engine-collections.ts';
import { type HostCall, TimedHost } from './host-calls.ts';
import { Lines, LineWatch } from './lines.ts';
import { readRow } from './recorded-row.ts';
import { type HostCalls, makeRecording, type ProfiledFrame, type Recording } from './recording.ts';
import { type Sample, Sampler } from './sampler.ts';
import { functionTimes, longestPath, type SampledStack, stacksIn, withoutWaits } from './samples.ts';
import { ScriptStacks } from './script-stacks.ts';
import { Waits } from './waits.ts';

export interface ProfiledRun {
  readonly recording: Recording;
  /** What the samples found in each frame's script; moments are milliseconds after the frame's timestamp. */
  readonly stacks: readonly (readonly SampledStack[])[];
}

/** What was heard of a frame while it ran. */
interface Watched {
  /** When its work was about to begin, by `performance.now`, and how far that is ahead of the frame's timestamp as the driver has it. */
  readonly begun: number;
  readonly zero: number;
  /** By the driver's clock. */
  readonly slices: { readonly kind: SliceKind; readonly begun: number; readonly ended: number }[];
  /** By `performance.now`, as all below. */
  calls: readonly HostCall[];
  /** What the thread had waited when the frame began, and when its script was done. */
  waitedBefore: number;
  waitedAfter: number;
  /** What the frame's work has in it of this before its input. */
  watching: number;
}

/** Plays all frames. Throws as `startHeadless` does. */
export async function profileGame(
  game: HeadlessGame,
  script: string,
  streams: Streams,
): Promise<ProfiledRun> {
  const { image, host, frames, rate } = game;
  const interval = 1000 / rate;
  const timed = new TimedHost(host.host);
  const lineWatch = new LineWatch();
  const watched: Watched[] = [];
  /** Those of the gap in progress: what a frame has owed is run as the next begins, and is still its own. */
  let slices: Watched['slices'] = [];
  const { driver } = await startHeadless(
    {
      ...game,
      host: { ...host, host: timed.modules },
      gap: { onSlice: (kind, begun, ended) => slices.push({ kind, begun, ended }) },
      onWatch: lineWatch.look,
    },
    streams,
  );
  const { gap, recorder } = driver.loop;
  const waits = new Waits();
  driver.loop.observer = {
    run: () => {
      const begun = performance.now();
      const frame = watched.at(-1) as Watched;
      slices = frame.slices;
      frame.waitedBefore = waits.read();
      frame.watching = performance.now() - begun;
    },
  };
  driver.loop.stage = {
    run: () => {
      (watched.at(-1) as Watched).waitedAfter = waits.read();
    },
  };
  timed.take();
  const stacks = await ScriptStacks.of(image);
  const collections = new EngineCollections();
  const sampler = new Sampler();
  let samples: readonly Sample[];
  try {
    await sampler.start();
    for (let frame = 0; frame < frames; frame += 1) {
      const time = frame * interval;
      const ahead = gap.collectedAfter(time);
      const begun = performance.now();
      watched.push({
        begun,
        zero: begun - ahead,
        slices: [],
        calls: [],
        waitedBefore: 0,
        waitedAfter: 0,
        watching: 0,
      });
      driver.run(1);
      (watched[frame] as Watched).calls = timed.take();
    }
    samples = await sampler.stop();
  } finally {
    sampler.close();
    waits.close();
  }
  const found = await collections.stop();
  const lines = new Lines(lineWatch, stacks);
  const rows = watched.map((heard, frame) => {
    const row = readRow(recorder, frame);
    const script = heard.zero + row.start + heard.watching + row.input;
    const stretch = { from: script, to: script + row.script };
    const waited = Math.min(row.script, heard.waitedAfter - heard.waitedBefore);
    const ran = withoutWaits(stacksIn(stretch, samples, stacks), waited);
    const times = functionTimes(ran);
    const v8 = found.filter(
      ({ begun }) => begun >= heard.begun && begun < (watched[frame + 1]?.begun ?? Infinity),
    );
    const profiled: ProfiledFrame = {
      ...row,
      end: row.end - heard.watching,
      slices: heard.slices.map(({ kind, begun, ended }) => ({
        kind,
        at: begun - row.time,
        length: ended - begun,
      })),
      hostCalls: callsByName(heard, v8),
      v8: v8.map(({ kind, begun, length }) => ({ kind, at: begun - heard.zero, length })),
      waited,
      samples: times,
      lines: lines.of(stretch, times),
      path: longestPath(ran),
    };
    return { profiled, ran: ran.map((stack) => ({ ...stack, at: stack.at - heard.zero })) };
  });
  const recording = makeRecording({
    script,
    mode: image.manifest.mode,
    interval,
    functions: stacks.functions,
    lines: lines.lines,
    frames: rows.map(({ profiled }) => profiled),
  });
  return { recording, stacks: rows.map(({ ran }) => ran) };
}

/** Those of a frame, the ones that took most first. */
function callsByName({ calls, zero }: Watched, collections: readonly NativeCollection[]): HostCalls[] {
  const sums = new Map<string, { -readonly [key in keyof HostCalls]: HostCalls[key] }>();
  for (const { name, begun, ended } of calls) {
    const sum = sums.get(name) ?? { name, count: 0, time: 0, longest: 0, at: begun - zero, v8: 0 };
    sums.set(name, sum);
    sum.count += 1;
    sum.time += ended - begun;
    if (ended - begun > sum.longest) {
      sum.longest = ended - begun;
      sum.at = begun - zero;
    }
    for (const collection of collections)
      sum.v8 += Math.max(
        0,
        Math.min(ended, collection.begun + collection.length) - Math.max(begun, collection.begun),
      );
  }
  return [...sums.values()].sort((a, b) => b.time - a.time);
}
