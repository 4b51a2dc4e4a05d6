/** What `--heap` adds: snapshots of the heap after each third of the frames, what is in it in the end, and what became more in each. */
import type { Machine } from '../../machine/index.ts';
import { type HeapSnapshot, leaks, takeSnapshot } from '../../machine/snapshot/index.ts';
import { kilobytes } from './in-words.ts';
import type { HeapSummary } from './recording.ts';

const SNAPSHOTS = 3;
const TYPES = 12;
const LARGEST = 8;
const GROWN = 8;

export class HeapWatch {
  readonly #frames: number;
  readonly #taken: { readonly frame: number; readonly snapshot: HeapSnapshot }[] = [];

  /** Of a run of so many frames. */
  constructor(frames: number) {
    this.#frames = frames;
  }

  /** A frame, counted from 0, and its gap are over. Nothing runs before this returns, so what is taken is exact. */
  after(frame: number, machine: Machine): void {
    const due = Math.ceil((this.#frames * (this.#taken.length + 1)) / SNAPSHOTS);
    if (frame + 1 < due) return;
    const steps = takeSnapshot(machine);
    let step = steps.next();
    while (!step.done) step = steps.next();
    this.#taken.push({ frame, snapshot: step.value });
  }

  /** Undefined where no frame was played. */
  summary(): HeapSummary | undefined {
    const last = this.#taken.at(-1)?.snapshot;
    if (last === undefined) return undefined;
    const grown = this.#taken.length > 1 ? leaks(this.#taken.map(({ snapshot }) => snapshot)) : [];
    return {
      frames: this.#taken.map(({ frame }) => frame),
      count: last.count,
      bytes: last.bytes,
      types: last.types().slice(0, TYPES),
      largest: last.largest(LARGEST).map(({ path, type, bytes, keeps }) => ({ path, type, bytes, keeps })),
      grown: grown.slice(0, GROWN),
    };
  }
}

/** As a report writes it; nothing where no snapshot was taken. */
export function heapTable(heap: HeapSummary | undefined): string[] {
  if (heap === undefined) return [];
  const { frames, count, bytes, types, largest } = heap;
  const columns = (...cells: readonly string[]): string =>
    `  ${cells.map((cell) => cell.padStart(9)).join('')}`;
  return [
    `the heap after frame ${frames.at(-1)}: ${count} objects that can be reached, ${kilobytes(bytes)} KB`,
    `${columns('KB', 'keeps KB', 'objects')}  type`,
    ...types.map(
      (total) =>
        `${columns(kilobytes(total.bytes), kilobytes(total.keeps), `${total.count}`)}  ${total.type}`,
    ),
    '  what keeps most: were it gone, so much were free',
    ...largest.map(({ keeps, path, type }) => `${columns(kilobytes(keeps))}  ${path}: ${type}`),
    ...grownLines(heap),
  ];
}

function grownLines({ frames, grown }: HeapSummary): string[] {
  if (frames.length < 2) return [];
  const when = `frames ${frames.slice(0, -1).join(', ')} and ${frames.at(-1)}`;
  if (grown.length === 0) return [`  nothing has become more from each to the next after ${when}`];
  return [
    `  more from each to the next after ${when}: what is not meant to grow is a leak`,
    ...grown.map(
      ({ path, type, counts, bytes }) =>
        `    ${path}: ${type}, ${counts.join(', ')} of them; ${kilobytes(bytes)} KB more, with what they hold`,
    ),
  ];
}
