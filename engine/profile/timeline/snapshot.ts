/** Frames of a recorder as they were at a moment: what is looked at stands still while the recorder goes on. */
import { type FrameRecorder, Measure } from '../recorder.ts';

const MEASURES = Object.values(Measure);

export class Snapshot {
  /** Frames by their numbers, 1 for the first that was recorded; `newest` is less than `oldest` while there is none. */
  oldest = 1;
  newest = 0;
  readonly #capacity: number;
  readonly #values: Float64Array;

  /** Of a recorder that holds so many frames. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity * MEASURES.length);
  }

  /** Takes what the recorder has but for its newest frame, of which the gap may not be over. Allocates nothing. */
  take(recorder: FrameRecorder): void {
    const { frames, length } = recorder;
    this.newest = frames - 1;
    this.oldest = frames - length + 1;
    for (let frame = this.oldest; frame <= this.newest; frame += 1) {
      const row = (frame % this.#capacity) * MEASURES.length;
      for (const measure of MEASURES) this.#values[row + measure] = recorder.read(measure, frames - frame);
    }
  }

  get isEmpty(): boolean {
    return this.newest < this.oldest;
  }

  /** A measure of a frame from `oldest` to `newest`. */
  read(measure: Measure, frame: number): number {
    if (frame < this.oldest || frame > this.newest) throw new RangeError(`frame ${frame} is not held`);
    return this.#values[(frame % this.#capacity) * MEASURES.length + measure] as number;
  }

  /** A measure of the frames from `first` to `last`, as a new array. */
  series(measure: Measure, first = this.oldest, last = this.newest): number[] {
    const values: number[] = [];
    for (let frame = first; frame <= last; frame += 1) values.push(this.read(measure, frame));
    return values;
  }

  /** The frame whose work ended latest after its timestamp; of several the first. Undefined while there is none. */
  worst(): number | undefined {
    let worst: number | undefined;
    for (let frame = this.oldest; frame <= this.newest; frame += 1)
      if (worst === undefined || this.read(Measure.END, frame) > this.read(Measure.END, worst)) worst = frame;
    return worst;
  }
}
