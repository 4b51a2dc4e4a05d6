/** Runs a game as `play` does, watched, and puts together what was heard of each frame. */
import type { FrameRecorder } from '../../../engine/profile/index.ts';
import type { Streams } from '../command.ts';
import { type HeadlessGame, startHeadless } from '../headless-game.ts';
import { EngineCollections, type NativeCollection } from './engine-collections.ts';
import { Lines } from './lines.ts';
import { readRow } from './recorded-row.ts';
import { type HostCalls, makeRecording, type ProfiledFrame, type Recording } from './recording.ts';
import { type Sample, Sampler } from './sampler.ts';
import { functionTimes, longestPath, type SampledStack, stacksIn, withoutWaits } from './samples.ts';
import { ScriptStacks } from './script-stacks.ts';
import { profiledSite } from './site-fates.ts';
import { type HeardFrame, WatchedFrames } from './watched-frames.ts';

export interface ProfiledRun {
  readonly recording: Recording;
  /** What the samples found in each frame's script; moments are milliseconds after the frame's timestamp. */
  readonly stacks: readonly (readonly SampledStack[])[];
}

/** What a run was heard of. */
interface Heard {
  readonly frames: readonly HeardFrame[];
  readonly recorder: FrameRecorder;
  readonly samples: readonly Sample[];
  readonly collections: readonly NativeCollection[];
}

/** Plays all frames. `script` is what the recording calls the game; with `heap`, snapshots are taken. Throws as `startHeadless` does. */
export async function profileGame(
  game: HeadlessGame,
  script: string,
  streams: Streams,
  heap = false,
): Promise<ProfiledRun> {
  const watched = new WatchedFrames(game, heap);
  const heard = await hear(watched, streams);
  const stacks = await ScriptStacks.of(game.image);
  const lines = new Lines(watched.lines, stacks);
  const frames = heard.frames.map((_, number) => put(number, heard, stacks, lines));
  const heapFound = watched.heap?.summary();
  const recording = makeRecording({
    script,
    mode: game.image.manifest.mode,
    interval: 1000 / game.rate,
    functions: stacks.functions,
    lines: lines.lines,
    ...(watched.sites && {
      sites: watched.sites.sites.map((site) => profiledSite(site, heard.frames.length, stacks)),
    }),
    ...(heapFound && { heap: heapFound }),
    frames: frames.map(({ profiled }) => profiled),
  });
  return { recording, stacks: frames.map(({ ran }) => ran) };
}

async function hear(watched: WatchedFrames, streams: Streams): Promise<Heard> {
  const sampler = new Sampler();
  const collections = new EngineCollections();
  try {
    const started = await startHeadless(watched.game, streams);
    await sampler.start();
    const frames = watched.play(started);
    const samples = await sampler.stop();
    const { recorder } = started.driver.loop;
    return { frames, recorder, samples, collections: await collections.take() };
  } finally {
    sampler.close();
    collections.close();
    watched.close();
  }
}

/** One frame, of all that was heard. */
function put(
  number: number,
  { frames, recorder, samples, collections }: Heard,
  stacks: ScriptStacks,
  lines: Lines,
): { readonly profiled: ProfiledFrame; readonly ran: readonly SampledStack[] } {
  const heard = frames[number] as HeardFrame;
  const { zero, watching } = heard;
  const row = readRow(recorder, number);
  const begun = zero + row.start + watching + row.input;
  const script = { from: begun, to: begun + row.script };
  const waited = Math.max(0, Math.min(row.script, heard.waited));
  const ran = withoutWaits(stacksIn(script, samples, stacks), waited);
  const times = functionTimes(ran);
  const next = frames[number + 1]?.begun ?? Number.POSITIVE_INFINITY;
  const v8 = collections.filter((one) => one.begun >= heard.begun && one.begun < next);
  const profiled: ProfiledFrame = {
    ...row,
    end: row.end - watching,
    slices: heard.slices.map((slice) => ({
      kind: slice.kind,
      at: slice.begun - row.time,
      length: slice.ended - slice.begun,
    })),
    hostCalls: callsByName(heard, v8),
    v8: v8.map(({ kind, begun: at, length }) => ({ kind, at: at - zero, length })),
    waited,
    marks: heard.marks,
    sites: heard.sites,
    samples: times,
    lines: lines.of(script, times),
    path: longestPath(ran),
  };
  return { profiled, ran: ran.map((stack) => ({ ...stack, at: stack.at - zero })) };
}

/** Those of a frame, the ones that took most first. */
function callsByName({ calls, zero }: HeardFrame, collections: readonly NativeCollection[]): HostCalls[] {
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
