/**
 * A run as Chrome's trace JSON, which Perfetto (ui.perfetto.dev) and Chromium (chrome://tracing, DevTools) open.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * Frames lie where a display would have had them, a frame's time from its timestamp on. After one that took longer than the gap leaves, the
 * next is laid where that has ended: tracks cannot overlap.
 */
import { type ProfiledFrame, type Recording, workOf } from './recording.ts';
import type { SampledStack } from './samples.ts';

export interface TraceEvent {
  readonly name: string;
  /** `X` lasts, `i` is a moment, `C` a counter, `M` names a track. */
  readonly ph: 'X' | 'i' | 'C' | 'M';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  /** Of a moment: that it is drawn through all tracks. */
  readonly s?: 'p';
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface Trace {
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, unknown>>;
  readonly traceEvents: readonly TraceEvent[];
}

const PID = 1;
const TRACKS = [
  'frames',
  'script functions',
  'host functions',
  "the script's collector",
  "V8's collector",
] as const;
type Track = (typeof TRACKS)[number];
const tidOf = (track: Track): number => TRACKS.indexOf(track) + 1;

/** `stacks`: what samples found in each frame. */
export function traceOf(recording: Recording, stacks: readonly (readonly SampledStack[])[]): Trace {
  const { script, mode, interval, frames } = recording;
  const events = [
    metadata('process_name', 0, script),
    ...TRACKS.map((track) => metadata('thread_name', tidOf(track), track)),
    ...TRACKS.map((track) => ({
      ...metadata('thread_sort_index', tidOf(track), ''),
      args: { sort_index: tidOf(track) },
    })),
  ];
  let ended = 0;
  for (const frame of frames) {
    const zero = Math.max(frame.time, ended - frame.start);
    events.push(
      ...frameEvents(frame, zero, interval),
      ...flames(stacks[frame.number] ?? [], zero, recording),
    );
    ended = zero + lastOf(frame);
  }
  return { displayTimeUnit: 'ms', otherData: { script, mode, frames: frames.length }, traceEvents: events };
}

/** When the last of a frame has ended, after its timestamp. */
function lastOf({ end, slices, v8 }: ProfiledFrame): number {
  return Math.max(end, ...[...slices, ...v8].map(({ at, length }) => at + length));
}

function frameEvents(frame: ProfiledFrame, zero: number, interval: number): TraceEvent[] {
  const { number, start, input, script, end, late, lateBy, slices, v8, hostCalls } = frame;
  const { waited, allocated, live, young, arena, debt } = frame;
  const args = { late, ...(late && { lateBy }), allocated, waited, debt };
  const parts = { input, script, rest: Math.max(0, workOf(frame) - input - script) };
  const events = [lasting(`frame ${number}`, 'frames', zero + start, zero + end, args)];
  let at = zero + start;
  for (const [name, length] of Object.entries(parts)) {
    // Their sum is rounded otherwise than the frame's end, and what lies in it must end in it.
    const ended = Math.min(at + length, zero + end);
    events.push(lasting(name, 'frames', at, ended));
    at = ended;
  }
  for (const slice of slices)
    events.push(
      lasting(slice.kind, "the script's collector", zero + slice.at, zero + slice.at + slice.length),
    );
  for (const { kind, at: begun, length } of v8)
    events.push(lasting(kind, "V8's collector", zero + begun, zero + begun + length));
  for (const { name, at: begun, longest, count, time } of hostCalls)
    events.push(
      lasting(name, 'host functions', zero + begun, zero + begun + longest, { calls: count, time }),
    );
  if (late)
    events.push({ ...moment(`deadline missed, by ${lateBy}`, zero + interval), args: { frame: number } });
  for (const name of frame.marks) events.push({ ...moment(name, zero + start), args: { frame: number } });
  events.push({
    name: 'heap',
    ph: 'C',
    pid: PID,
    tid: 0,
    ts: micros(zero + end),
    args: { live, young, arena },
  });
  return events;
}

/** Functions over the time that samples found them on the stack. */
function flames(found: readonly SampledStack[], zero: number, { functions }: Recording): TraceEvent[] {
  const events: TraceEvent[] = [];
  let open: { index: number; begun: number }[] = [];
  let ended = Number.NEGATIVE_INFINITY;
  const closeTo = (depth: number): void => {
    for (const { index, begun } of open.slice(depth)) {
      const { name = '', file = '', line = 0 } = functions[index] ?? {};
      events.push(lasting(name, 'script functions', zero + begun, zero + ended, { at: `${file}:${line}` }));
    }
    open = open.slice(0, depth);
  };
  for (const { at, length, stack } of found) {
    const same = at > ended ? 0 : open.findIndex(({ index }, depth) => index !== stack.path[depth]);
    closeTo(same < 0 ? open.length : same);
    for (const index of stack.path.slice(open.length)) open.push({ index, begun: at });
    ended = at + length;
  }
  closeTo(0);
  return events;
}

function lasting(
  name: string,
  track: Track,
  begun: number,
  ended: number,
  args?: TraceEvent['args'],
): TraceEvent {
  const ts = micros(begun);
  // From the rounded moments, so that what lies in another does so after rounding too.
  const dur = Math.max(0, Math.round((micros(ended) - ts) * 1000) / 1000);
  return { name, cat: 'sluice', ph: 'X', pid: PID, tid: tidOf(track), ts, dur, ...(args && { args }) };
}

function moment(name: string, at: number): TraceEvent {
  return { name, cat: 'sluice', ph: 'i', s: 'p', pid: PID, tid: tidOf('frames'), ts: micros(at) };
}

function metadata(name: string, tid: number, value: string): TraceEvent {
  return { name, ph: 'M', pid: PID, tid, ts: 0, args: { name: value } };
}

/** Milliseconds as microseconds, to the nanosecond. */
const micros = (time: number): number => Math.round(time * 1e6) / 1000;
