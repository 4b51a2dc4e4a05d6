/**
 * Why a frame took as long as it did. Its time, from its timestamp to the end of its work, is divided among those who had it, and each
 * share is compared with what the same one has in half of all frames or fewer (the median): the reason is who had most beyond that.
 *
 *     frame 27            has     usually   beyond
 *     script             21.9         2.0     19.9     of it `spawn-wave` 19.7: the reason
 *     host audio.load     1.2         0.0      1.2
 *     collection of V8's  0.9         0.0      0.9     outside our work
 *     slices before it    0.0         0.0      0.0
 *
 * Shares do not overlap: what V8 collected in a call of the host's is V8's, and a call of the host's is no part of the script's own.
 */
import type { FunctionTime, HostCalls, ProfiledFrame, Recording } from './recording.ts';
import { mean, median, sum } from './spread.ts';

export type CauseKind =
  /** The script's own code. */
  | 'script'
  /** A function of the host that the script called. */
  | 'host'
  /** A collection of V8's: outside our work. */
  | 'v8'
  /** Other programs had the processor: outside our work. */
  | 'waited'
  /** The collector's slices, which ran past the frame's timestamp. */
  | 'slices'
  /** The script's heap was collected inside the frame. */
  | 'collection'
  | 'input'
  /** What delayed its start and is none of ours; the work of the frame before is that. */
  | 'outside'
  | 'frame before';

export interface Cause {
  readonly kind: CauseKind;
  /** Of a host's function. */
  readonly name?: string;
  readonly time: number;
  readonly usual: number;
}

export class Causes {
  readonly #frames: readonly ProfiledFrame[];
  readonly #shares: readonly (readonly Cause[])[];
  /** What each function takes itself, in all frames. */
  readonly #usualSelf: ReadonlyMap<number, number>;

  constructor({ frames, functions }: Recording) {
    this.#frames = frames;
    const shares = frames.map(sharesOf);
    const usual = new Map<string, number>();
    for (const key of new Set(shares.flat().map(keyOf)))
      usual.set(
        key,
        median(shares.map((of) => sum(of.filter((one) => keyOf(one) === key).map(({ time }) => time)))),
      );
    this.#shares = shares.map((of, number) =>
      inOrder(
        of.map((share) => ({ ...share, usual: usual.get(keyOf(share)) ?? 0 })),
        frames[number]?.end ?? 0,
      ),
    );
    this.#usualSelf = new Map(
      functions.map((_, index) => [index, mean(frames.map((frame) => selfOf(frame, index)))]),
    );
  }

  /** The frames whose work ended latest after their timestamps, less what other programs had of it: the worst first. */
  worst(count: number): readonly ProfiledFrame[] {
    const ended = ({ end, waited }: ProfiledFrame): number => end - waited;
    return [...this.#frames].sort((a, b) => ended(b) - ended(a)).slice(0, count);
  }

  /** Who had a frame's time, the one who had most beyond the usual first: that is why. What it waited, by which none is judged, is last. */
  of({ number }: ProfiledFrame): readonly Cause[] {
    return this.#shares[number] ?? [];
  }

  /** Functions of a frame's script in the same order: by what they have beyond their average, and by what they have. */
  functionsOf({ samples, end }: ProfiledFrame): readonly FunctionTime[] {
    const more = ({ function: index, self }: FunctionTime): number =>
      beyond({ time: self, usual: this.#usualSelf.get(index) ?? 0 }, end);
    return samples.filter(({ self }) => self > 0).sort((a, b) => more(b) - more(a) || b.self - a.self);
  }
}

export const selfOf = ({ samples }: ProfiledFrame, index: number): number =>
  samples.find((found) => found.function === index)?.self ?? 0;

type Share = Omit<Cause, 'usual'>;

const keyOf = ({ kind, name = '' }: Share): string => `${kind} ${name}`;

/** What is beyond the usual by less than this part of a frame, or by so many milliseconds, is as usual. */
const LEAST_PART = 0.1;
const LEAST_TIME = 0.05;

/** In a frame that ended so late. */
function beyond({ time, usual }: Pick<Cause, 'time' | 'usual'>, end: number): number {
  const more = time - usual;
  return more < Math.max(LEAST_TIME, LEAST_PART * end) ? 0 : more;
}

/** What is beyond the usual, the most first; then what is as usual, by its time; what the frame waited last, since nobody is judged by it. */
function inOrder(causes: readonly Cause[], end: number): readonly Cause[] {
  const waited = ({ kind }: Cause): number => (kind === 'waited' ? 1 : 0);
  return [...causes].sort(
    (a, b) => waited(a) - waited(b) || beyond(b, end) - beyond(a, end) || b.time - a.time,
  );
}

function sharesOf(frame: ProfiledFrame): Share[] {
  const { start, startBy, input, hostCalls, collectorDelay } = frame;
  const slices = startBy === 'collector' ? start : 0;
  const inFrame = Math.max(0, collectorDelay - slices);
  const v8 = v8In(frame, start, frame.end);
  const v8InScript = v8In(frame, start + input, start + input + frame.script);
  const host = sum(hostCalls.map(ownTime));
  const v8InHost = sum(hostCalls.map((calls) => calls.v8));
  const script = frame.script - host - v8InHost - Math.max(0, v8InScript - v8InHost) - inFrame - frame.waited;
  const shares: Share[] = [
    { kind: 'script', time: Math.max(0, script) },
    ...hostCalls.map((calls): Share => ({ kind: 'host', name: calls.name, time: ownTime(calls) })),
    { kind: 'v8', time: v8 },
    { kind: 'waited', time: frame.waited },
    { kind: 'collection', time: inFrame },
    { kind: 'input', time: input },
    { kind: delayKind(startBy), time: start },
  ];
  return shares.filter(({ time }) => time > 0);
}

function delayKind(startBy: string): CauseKind {
  if (startBy === 'collector') return 'slices';
  return startBy === 'frame before' ? 'frame before' : 'outside';
}

/** What collections of V8's had of a stretch of a frame. */
function v8In({ v8 }: ProfiledFrame, from: number, to: number): number {
  return sum(v8.map(({ at, length }) => Math.max(0, Math.min(to, at + length) - Math.max(from, at))));
}

const ownTime = ({ time, v8 }: HostCalls): number => Math.max(0, time - v8);
