/**
 * Four stats.js panels that show the recorder's newest frames: frames a second, script (ms), gap (ms), heap (MB); beside its numbers a
 * caption has room for a short word. They are drawn a few times a second; of the frames in between the slowest is shown, since a mean
 * would hide what matters.
 */
import Stats from 'stats.js';
import { type FrameRecorder, Measure } from './recorder.ts';

/** Milliseconds between two drawings of the panels. */
const PERIOD = 200;
const MEGABYTE = 1024 * 1024;

export class DrawnPanels {
  readonly #recorder: FrameRecorder;
  readonly #rate = new Stats.Panel('FPS', '#6ee7ff', '#0c1a24');
  readonly #script = new Stats.Panel('script', '#ffc46b', '#241a0c');
  readonly #gap = new Stats.Panel('gap', '#7ee6a1', '#0d2016');
  readonly #heap = new Stats.Panel('heap', '#ff8fb1', '#260f18');
  #since = 0;
  #frames = 0;
  #slowestScript = 0;
  #longestGap = 0;
  #largestHeap = 64;

  constructor(recorder: FrameRecorder, element: HTMLElement) {
    this.#recorder = recorder;
    for (const panel of [this.#rate, this.#script, this.#gap, this.#heap]) element.append(panel.dom);
  }

  /** Takes the row that has just been finished. */
  run(): void {
    const recorder = this.#recorder;
    if (recorder.frames === 0) return;
    const time = recorder.read(Measure.TIME);
    this.#frames += 1;
    this.#slowestScript = Math.max(this.#slowestScript, recorder.read(Measure.SCRIPT));
    this.#longestGap = Math.max(this.#longestGap, recorder.read(Measure.GAP));
    const elapsed = time - this.#since;
    if (elapsed < PERIOD) return;
    const heap = recorder.read(Measure.LIVE) + recorder.read(Measure.YOUNG);
    const megabytes = (heap + recorder.read(Measure.ARENA)) / MEGABYTE;
    this.#largestHeap = Math.max(this.#largestHeap, megabytes);
    this.#rate.update((this.#frames * 1000) / elapsed, 150);
    this.#script.update(this.#slowestScript, 16);
    this.#gap.update(this.#longestGap, 16);
    this.#heap.update(megabytes, this.#largestHeap);
    this.#since = time;
    this.#frames = 0;
    this.#slowestScript = 0;
    this.#longestGap = 0;
  }
}
