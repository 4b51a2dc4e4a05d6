/** A frame in words: what a screen reader says of it, and its list of details. */
import { Culprit } from '../culprit.ts';
import { beforeStart, collectedBefore, type LongScript, type Outside, scriptsIn } from '../outside.ts';
import { Measure, type NamedMark } from '../recorder.ts';
import { SLICE_MEASURES } from '../slices.ts';
import { marksOf } from './frame-marks.ts';
import type { Snapshot } from './snapshot.ts';

export interface Detail {
  readonly term: string;
  readonly words: string;
  /** Whether it is why the frame was late. */
  readonly blamed?: boolean;
}

/** What is asked of beside the frames. */
export interface Surroundings {
  readonly marks: readonly NamedMark[];
  /** Milliseconds from frame to frame; undefined while that is not known. */
  readonly interval: number | undefined;
  /** Milliseconds that the page's clock goes in. */
  readonly step: number;
  readonly outside: Outside;
}

const WHO: Readonly<Record<Culprit, string>> = {
  [Culprit.NOBODY]: 'nobody',
  [Culprit.INPUT]: 'input, or the swap to new code',
  [Culprit.SCRIPT]: 'the script',
  [Culprit.STAGE]: 'the stage: drawing, and updates of the page',
  [Culprit.COLLECTOR]: "the script's collector",
  [Culprit.OUTSIDE]: 'what is outside our work: the browser, the rest of the page, other programs',
  [Culprit.FRAME_BEFORE]: 'the frame before, which was still at work',
};

/** A length that was measured: never 0, since the clock tells of nothing shorter than its step. */
export function length(time: number, step: number): string {
  if (time < step) return `< ${step} ms`;
  return `${time.toFixed(step < 0.1 && time < 10 ? 3 : 1)} ms`;
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

export function bytes(size: number): string {
  if (size < 1024) return `${whole(size)} bytes`;
  const [unit, name] = size < 1024 * 1024 ? [1024, 'KB'] : [1024 * 1024, 'MB'];
  return `${(size / unit).toFixed(1)} ${name}`;
}

/** `Frame 1,204: work ended 63.1 ms after its timestamp, 46.4 ms late, by the script.` */
export function sentence(snapshot: Snapshot, frame: number, { interval, step, marks }: Surroundings): string {
  const end = snapshot.read(Measure.END, frame);
  const happened = marksOf(snapshot, marks, frame).map(({ words }) => ` ${capital(words)}.`);
  return `Frame ${whole(frame)}: work ended ${length(end, step)} after its timestamp, ${lateWords(snapshot, frame, interval, step)}.${happened.join('')}`;
}

function lateWords(snapshot: Snapshot, frame: number, interval: number | undefined, step: number): string {
  const beyond = snapshot.read(Measure.END, frame) - (interval ?? Number.POSITIVE_INFINITY);
  if (snapshot.read(Measure.LATE, frame) === 0) {
    if (interval === undefined) return 'not judged yet';
    return beyond > 0 ? 'not called late, since it was not known yet how long a frame is' : 'in time';
  }
  const by = who(snapshot.read(Measure.MISSED_BY, frame));
  // The interval is what it is by now, and may have been another then.
  return beyond > 0 ? `${length(beyond, step)} late, by ${by}` : `late, by ${by}`;
}

function who(culprit: number): string {
  return WHO[culprit as Culprit] ?? 'nobody';
}

export function detailsOf(snapshot: Snapshot, frame: number, around: Surroundings): Detail[] {
  const { step, interval, marks } = around;
  const read = (measure: Measure): number => snapshot.read(measure, frame);
  const blamed = read(Measure.LATE) === 0 ? Culprit.NOBODY : read(Measure.MISSED_BY);
  const phase = (term: string, measure: Measure, culprit: Culprit): Detail => ({
    term,
    words: length(read(measure), step),
    blamed: blamed === culprit,
  });
  const details: Detail[] = [
    { term: 'Late', words: lateWords(snapshot, frame, interval, step), blamed: blamed !== Culprit.NOBODY },
    {
      term: 'Since the frame before',
      // Not known after a pause either.
      words: read(Measure.INTERVAL) > 0 ? length(read(Measure.INTERVAL), step) : 'not known',
    },
    waited(snapshot, frame, step, blamed),
    ...outsideDetails(snapshot, frame, around),
    phase('Input', Measure.INPUT, Culprit.INPUT),
    phase('Script', Measure.SCRIPT, Culprit.SCRIPT),
    phase('Stage', Measure.STAGE, Culprit.STAGE),
    { term: 'Work ended', words: `${length(read(Measure.END), step)} after its timestamp` },
    { term: 'Slices after it', words: slices(snapshot, frame, step) },
    { term: 'Allocated', words: bytes(read(Measure.ALLOCATED)) },
    {
      term: 'Heap',
      words: `${bytes(read(Measure.LIVE))} old, ${bytes(read(Measure.YOUNG))} young, ${bytes(read(Measure.ARENA))} in arenas`,
    },
  ];
  const delay = read(Measure.COLLECTOR_DELAY);
  if (delay > 0) details.push({ term: 'Delayed by our collector', words: length(delay, step) });
  const examined = read(Measure.EXAMINED);
  if (examined > 0)
    details.push({
      term: 'Young collection',
      words: `of ${bytes(examined)}, ${bytes(read(Measure.SURVIVED))} survived, ${bytes(read(Measure.PROMOTED))} became old`,
    });
  if (read(Measure.DEBT) > 0) details.push({ term: 'Debt', words: bytes(read(Measure.DEBT)) });
  if (read(Measure.SUPPRESSED) > 0)
    details.push({ term: 'Collector suppressed', words: `${bytes(read(Measure.SUPPRESSED_BYTES))} wait` });
  const happened = marksOf(snapshot, marks, frame);
  if (happened.length > 0)
    details.push({ term: 'Marks', words: happened.map(({ words }) => words).join('; ') });
  return details;
}

function waited(snapshot: Snapshot, frame: number, step: number, blamed: number): Detail {
  const start = snapshot.read(Measure.START, frame);
  const by = snapshot.read(Measure.START_BY, frame);
  const isBlamed =
    blamed === Culprit.OUTSIDE || blamed === Culprit.FRAME_BEFORE || (blamed === by && by !== Culprit.NOBODY);
  if (start < step || by === Culprit.NOBODY)
    return { term: 'Waited', words: length(start, step), blamed: isBlamed };
  return {
    term: 'Waited',
    words: `${length(start, step)} between its timestamp and its start, mostly for ${who(by)}`,
    blamed: isBlamed,
  };
}

/** Below so many milliseconds nobody is asked who had them: a browser has work of its own before each frame. */
const WORTH_TELLING = 4;

/** How long nothing of ours ran before the start, and what the browser tells of it; a collection is a hint, since nobody says how long it was. */
function outsideDetails(snapshot: Snapshot, frame: number, { step, outside }: Surroundings): Detail[] {
  const read = (measure: Measure, of: number): number => snapshot.read(measure, of);
  const details: Detail[] = [];
  const time = read(Measure.OUTSIDE, frame);
  if (time >= WORTH_TELLING) {
    const stretch = beforeStart(read, frame, snapshot.oldest);
    const since = stretch.afterFrame ? `the end of frame ${whole(frame - 1)}` : 'its timestamp';
    details.push({
      term: 'Outside our work',
      words: `${length(time, step)} between ${since} and its start`,
    });
    const scripts = scriptsIn(stretch, outside.scripts).slice(0, 3);
    if (scripts.length > 0)
      details.push({
        term: "The browser's word",
        words: scripts.map(([script, had]) => `${scriptWords(script)}: ${length(had, step)}`).join('; '),
      });
  }
  if (collectedBefore(read, frame, snapshot.oldest, outside.collections))
    details.push({ term: 'A hint', words: 'a browser collection happened since the frame before' });
  return details;
}

/** `save in https://game.example/page.js, by BUTTON#save.onclick` */
function scriptWords({ invoker, source, name }: LongScript): string {
  return `${name === '' ? 'a script' : name}${source === '' ? '' : ` in ${source}`}, by ${invoker}`;
}

/** `3: 2 mark 1.2 ms, 1 sweep < 0.1 ms; longest 0.9 ms` */
function slices(snapshot: Snapshot, frame: number, step: number): string {
  const count = snapshot.read(Measure.SLICES, frame);
  if (count === 0) return 'none';
  const kinds = Object.entries(SLICE_MEASURES).flatMap(([kind, [counted, time]]) => {
    const some = snapshot.read(counted, frame);
    return some === 0 ? [] : [`${whole(some)} ${kind} ${length(snapshot.read(time, frame), step)}`];
  });
  return `${whole(count)}: ${kinds.join(', ')}; longest ${length(snapshot.read(Measure.LONGEST, frame), step)}`;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
