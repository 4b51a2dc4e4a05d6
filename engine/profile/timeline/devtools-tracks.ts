/**
 * Frames as tracks in the browser's own profiler, beside its own: `console.timeStamp` with two moments, a track, a group and a colour, which
 * Chromium's DevTools show in a recording of their Performance panel. It fills no buffer of the page, and no one hears of it while
 * nothing is recorded. Other browsers may ignore what comes after the label: nothing depends on it.
 * https://developer.chrome.com/docs/devtools/performance/extension
 *
 * What has been recorded of a frame is told in one go, in the browser's next frame after the game's work, so that telling it is not in it.
 * Labels are constants: none is put together for a frame.
 */
import { type FrameRecorder, Measure } from '../recorder.ts';

const GROUP = 'Sluice';

type Colour =
  | 'primary'
  | 'primary-light'
  | 'secondary'
  | 'secondary-light'
  | 'tertiary'
  | 'tertiary-light'
  | 'error';

/** The console as Chromium has it. Moments are milliseconds by the page's clock. */
interface TrackConsole {
  timeStamp(label: string, start: number, end: number, track: string, group: string, colour: Colour): void;
}

/** Parts of a frame that come one after the other from its timestamp on. */
const WORK = [
  ['waited', Measure.START, 'tertiary-light'],
  ['input', Measure.INPUT, 'secondary-light'],
  ['script', Measure.SCRIPT, 'primary'],
  ['stage', Measure.STAGE, 'primary-light'],
] as const;

/** Slices after its work, by kind: how long they were is recorded, and not where each was in the gap. */
const SLICES = [
  ['young slices', Measure.YOUNG_TIME, 'secondary'],
  ['mark slices', Measure.MARK_TIME, 'tertiary'],
  ['weak slices', Measure.WEAK_TIME, 'tertiary'],
  ['sweep slices', Measure.SWEEP_TIME, 'tertiary'],
  ['full collection', Measure.FULL_TIME, 'error'],
  ['move slices', Measure.MOVE_TIME, 'error'],
] as const;

export class DevtoolsTracks {
  readonly #recorder: FrameRecorder;
  readonly #console = console as unknown as TrackConsole;
  #request: number;
  /** How many frames have been told of. */
  #told: number;

  /** Begins with the frame in progress, or the next. */
  constructor(recorder: FrameRecorder) {
    this.#recorder = recorder;
    this.#told = Math.max(0, recorder.frames - 1);
    this.#request = requestAnimationFrame(() => this.#tick());
  }

  end(): void {
    cancelAnimationFrame(this.#request);
  }

  /** The newest frame is left: its gap is not over. */
  #tick(): void {
    this.#request = requestAnimationFrame(() => this.#tick());
    const { frames, length } = this.#recorder;
    this.#told = Math.max(this.#told, frames - length);
    for (; this.#told < frames - 1; this.#told += 1) this.#tell(frames - 1 - this.#told);
  }

  #tell(ago: number): void {
    const recorder = this.#recorder;
    const time = recorder.read(Measure.TIME, ago);
    const end = time + recorder.read(Measure.END, ago);
    if (recorder.read(Measure.LATE, ago) > 0) this.#bar('late frame', time, end, 'Frames', 'error');
    else this.#bar('frame', time, end, 'Frames', 'primary-light');
    this.#row(WORK, 'Work', time, ago);
    this.#row(SLICES, 'Collector', end, ago);
  }

  #row(
    parts: readonly (readonly [label: string, Measure, Colour])[],
    track: string,
    from: number,
    ago: number,
  ): void {
    let at = from;
    for (const [label, measure, colour] of parts) {
      const took = this.#recorder.read(measure, ago);
      if (took > 0) this.#bar(label, at, at + took, track, colour);
      at += took;
    }
  }

  #bar(label: string, start: number, end: number, track: string, colour: Colour): void {
    this.#console.timeStamp(label, start, end, track, GROUP, colour);
  }
}
