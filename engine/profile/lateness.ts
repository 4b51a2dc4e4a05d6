/**
 * Which frames are late, and by whose doing.
 *
 *      timestamp               deadline
 *          |<------ interval ----->|
 *     ... slice | browser | input reload script stage reset | slice ...
 *          |<---- START ->|                                 |
 *          |<-------------------- END --------------------->|       END > interval: LATE
 *
 * A frame is due at its timestamp, which is the display's: a browser keeps it on the grid of refreshes however long the
 * frame before took, so the distance of two timestamps says nothing of the work between them. A frame is late when its own
 * work ended after its deadline.
 *
 * **What delays a frame's start** all happens on one thread and so one thing after the other. Of the time from the timestamp
 * to the start
 * - the collector has what its slices ran after the timestamp, also of one that had begun before it. These are slices of the
 *   gap before this frame, what debt is charged when the frame is called included; where those of the gap before that one
 *   made the frame before begin after this one's timestamp already, they too. A slice that ended before the timestamp
 *   delays nothing that can be seen from here: if the browser put work of its own off for it, that counts as outside. The
 *   gap after a frame never makes that frame late.
 * - the frame before has what it worked after the timestamp, with the collections inside of it;
 * - collections between the two frames that were no slices of a gap (forced by the page, or at once) have what is left, as
 *   far as they took so long: when they ran is not known, and in doubt it was the collector;
 * - the rest is outside: the browser, the page around the game, other programs.
 * START_BY is who had most of it.
 *
 * **Who made a frame late**
 * - the collector, if the frame would have been in time less what the collector had of the start and of the frame itself
 *   (collections in mid-run): COLLECTOR_DELAY. Where a long collection in the frame before delays this one, that is laid on the frame
 *   before, which is late by the collector itself;
 * - otherwise its own work, if that is longer than an interval without the collector: the longest of its parts. The emptying
 *   of the `frame` arena is the script's;
 * - otherwise whoever else had more of its start: the frame before, or what is outside.
 *
 * Until the interval is known no frame is late: in a page, some frames after the first.
 */
import { Culprit } from './culprit.ts';
import { type FrameRecorder, Measure } from './recorder.ts';

export class Lateness {
  readonly #recorder: FrameRecorder;
  /** Of the frame in progress: its timestamp, when its work began, and who had how much of the time between. */
  #time = 0;
  #start = Number.NEGATIVE_INFINITY;
  #collector = 0;
  #before = 0;
  #outside = 0;
  /** When the work of the newest frame ended. */
  #ended = Number.NEGATIVE_INFINITY;

  constructor(recorder: FrameRecorder) {
    this.#recorder = recorder;
  }

  /**
   * A frame's work begins at `start`, by the clock that `time`, its timestamp, is of. `slices` are the milliseconds of slices
   * after the timestamp, `collections` those of other collections since the frame before.
   */
  begin(time: number, start: number, slices: number, collections: number): void {
    const delay = Math.max(0, start - time);
    const sliced = Math.min(slices, delay);
    const worked = Math.max(0, this.#ended - Math.max(this.#start, time));
    this.#before = Math.min(worked, delay - sliced);
    const forced = Math.min(collections, delay - sliced - this.#before);
    this.#collector = sliced + forced;
    this.#outside = delay - this.#collector - this.#before;
    this.#time = time;
    this.#start = start;
  }

  /**
   * Its work has ended at `end`, and its row says what the parts took: `reset` is what emptying the arena did, `collected`
   * what the collector had of all of it.
   */
  end(end: number, reset: number, collected: number, interval: number): void {
    const recorder = this.#recorder;
    const delay = this.#collector + collected;
    const took = end - this.#time;
    recorder.set(Measure.START, this.#collector + this.#before + this.#outside);
    recorder.set(Measure.START_BY, this.#startBy());
    recorder.set(Measure.OUTSIDE, this.#outside);
    recorder.set(Measure.END, took);
    recorder.set(Measure.COLLECTOR_DELAY, delay);
    this.#ended = end;
    if (took <= interval) return;
    recorder.set(Measure.LATE, 1);
    recorder.set(
      Measure.MISSED_BY,
      took - delay <= interval ? Culprit.COLLECTOR : this.#missedBy(reset - collected, interval),
    );
  }

  #startBy(): Culprit {
    const collector = this.#collector;
    if (collector > 0 && collector >= this.#before && collector >= this.#outside) return Culprit.COLLECTOR;
    return this.#before > 0 || this.#outside > 0 ? this.#others() : Culprit.NOBODY;
  }

  /** Who had more of the start, the collector left aside. */
  #others(): Culprit {
    return this.#before > this.#outside ? Culprit.FRAME_BEFORE : Culprit.OUTSIDE;
  }

  /** `besides` is what the script's part took longer, or less long, than its row says. */
  #missedBy(besides: number, interval: number): Culprit {
    const input = this.#recorder.read(Measure.INPUT);
    const script = this.#recorder.read(Measure.SCRIPT) + besides;
    const stage = this.#recorder.read(Measure.STAGE);
    if (input + script + stage <= interval) return this.#others();
    if (script >= input && script >= stage) return Culprit.SCRIPT;
    return stage >= input ? Culprit.STAGE : Culprit.INPUT;
  }
}
