/**
 * What a recorder holds as text, to be sent and looked at elsewhere: JSON, which the timeline reads again, or a table. Measures are
 * there by their names, so that versions that have others read what they know.
 */
import { clockStep } from './clock-step.ts';
import type { LongScript, Outside } from './outside.ts';
import { FrameRecorder, Measure, type NamedMark } from './recorder.ts';

/** Recordings of another format mean something else. */
const FORMAT = 1;

/** More frames than that are nobody's recording: an hour of them. */
const MOST_FRAMES = 1_000_000;

const NAMES = Object.keys(Measure) as (keyof typeof Measure)[];

/** Where frames come from: a game, or a recording of one. */
export interface RecordedGame {
  readonly recorder: FrameRecorder;
  /** Milliseconds that its clock goes in, where that is not the clock of the page that looks at it. */
  readonly clockStep?: number;
  /** Milliseconds between two refreshes of the display, and whether they have been measured. */
  readonly loop: { readonly interval: { readonly estimate: number; readonly known: boolean } };
  /** What is known of the time outside our work; a timeline of a game watches that by itself. */
  readonly outside?: Outside;
}

interface Recording {
  readonly format: number;
  readonly interval: number | null;
  readonly clockStep: number;
  readonly capacity: number;
  /** The number of the last frame; the others are those before it. */
  readonly last: number;
  readonly measures: readonly string[];
  /** A frame's values in the order of `measures`; `null` for Infinity, which JSON lacks. */
  readonly frames: readonly (readonly (number | null)[])[];
  readonly marks: readonly NamedMark[];
  /** Older recordings have none. */
  readonly outside?: Outside;
}

/** What a game's recorder holds, as JSON. */
export function saveRecording(game: RecordedGame): string {
  const {
    recorder,
    loop: { interval },
    clockStep: step,
    outside,
  } = game;
  const recording: Recording = {
    format: FORMAT,
    interval: interval.known ? interval.estimate : null,
    clockStep: step ?? clockStep(),
    capacity: recorder.capacity,
    last: recorder.frames,
    measures: NAMES,
    frames: rowsOf(recorder),
    marks: recorder.marks,
    outside: { scripts: outside?.scripts ?? [], collections: outside?.collections ?? [] },
  };
  return JSON.stringify(recording);
}

/** What a recorder holds, as a table: a line for the names of the measures, and one for each frame, with its number first. RFC 4180. */
export function tableOf(recorder: FrameRecorder): string {
  const first = recorder.frames - recorder.length + 1;
  const lines = rowsOf(recorder).map((row, i) => [first + i, ...row].join(','));
  return `${[['FRAME', ...NAMES].join(','), ...lines].join('\r\n')}\r\n`;
}

function rowsOf(recorder: FrameRecorder): number[][] {
  const { length } = recorder;
  return Array.from({ length }, (_, i) => NAMES.map((name) => recorder.read(Measure[name], length - 1 - i)));
}

/**
 * A recording that `saveRecording` has made, for a `Timeline`: nothing is added to it. Measures that are not in it are 0. Throws a
 * `SyntaxError` where the text is no JSON, a `TypeError` where it is no recording, and a `RangeError` where it is of another format or its
 * numbers make no sense.
 */
export function readRecording(text: string): RecordedGame & { atEnd(action: () => void): void } {
  const { interval, clockStep, capacity, last, measures, frames, marks, outside } = checked(JSON.parse(text));
  const recorder = new FrameRecorder(capacity, last - frames.length);
  for (const row of frames) {
    recorder.begin(0, 0);
    for (const [i, name] of measures.entries())
      if (Object.hasOwn(Measure, name))
        recorder.set(Measure[name as keyof typeof Measure], row[i] ?? Number.POSITIVE_INFINITY);
  }
  for (const { frame, name } of marks) recorder.mark(name, frame);
  return {
    recorder,
    clockStep,
    loop: { interval: { estimate: interval ?? 0, known: interval !== null } },
    outside: outside ?? { scripts: [], collections: [] },
    // It is over.
    atEnd: () => undefined,
  };
}

function checked(given: unknown): Recording {
  const found = given as Partial<Recording> | null;
  if (typeof found !== 'object' || typeof found?.format !== 'number' || !Array.isArray(found.frames))
    throw new TypeError('this is no recording of frames');
  if (found.format !== FORMAT)
    throw new RangeError(`the recording has format ${found.format}, and this version reads ${FORMAT}`);
  const { interval, clockStep, capacity, last, measures, frames, marks, outside } = found;
  const isCount = (value: unknown, least: number): value is number =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= MOST_FRAMES * 1000;
  if (!isCount(capacity, 1) || capacity > MOST_FRAMES || !isCount(last, 0))
    throw new RangeError('the recording does not say how many frames it has');
  if (frames.length !== Math.min(capacity, last))
    throw new RangeError(
      `the recording lacks frames: it has ${frames.length} of ${Math.min(capacity, last)}`,
    );
  const isTime = (value: unknown): value is number => typeof value === 'number' && value > 0;
  if (!(interval === null || isTime(interval)) || !isTime(clockStep))
    throw new RangeError('the interval of the recording, or the step of its clock, is no time');
  if (!isListOf(measures, (name) => typeof name === 'string'))
    throw new TypeError('the recording does not say what its numbers are');
  const isValue = (value: unknown): boolean => value === null || typeof value === 'number';
  if (!frames.every((row) => isListOf(row, isValue) && row.length === measures.length))
    throw new TypeError('a frame of the recording has other numbers than it says');
  const isMark = (mark: NamedMark | null): boolean =>
    typeof mark?.name === 'string' && isCount(mark.frame, 0) && mark.frame <= last;
  if (!isListOf(marks, isMark as (mark: unknown) => boolean))
    throw new TypeError('the names of frames in the recording make no sense');
  if (outside !== undefined && !isOutside(outside))
    throw new TypeError('what the recording has of the time outside makes no sense');
  return {
    format: FORMAT,
    interval,
    clockStep,
    capacity,
    last,
    measures,
    frames,
    marks,
    ...(outside && { outside }),
  };
}

function isOutside(given: Outside | null): boolean {
  const isScript = (script: LongScript | null): boolean =>
    script !== null &&
    [script.start, script.length].every(Number.isFinite) &&
    [script.invoker, script.source, script.name].every((words) => typeof words === 'string');
  return isListOf(given?.scripts, isScript) && isListOf(given?.collections, Number.isFinite);
}

function isListOf<T>(list: readonly T[] | undefined, is: (part: T) => boolean): list is readonly T[] {
  return Array.isArray(list) && list.every(is);
}
