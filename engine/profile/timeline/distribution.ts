/** How the frames that are seen are spread: percentiles as a table, and a small histogram. */
import { discrepancy } from '../discrepancy.ts';
import { histogram, type Percentiles, percentiles, RANGES } from '../percentiles.ts';
import { length, whole } from './words.ts';

const COLUMNS: readonly (readonly [name: string, value: keyof Percentiles])[] = [
  ['p50', 'p50'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p99.9', 'p999'],
  ['max', 'max'],
];

export class Distribution {
  readonly element = document.createElement('div');
  readonly #caption = document.createElement('caption');
  readonly #discrepancy = document.createElement('p');
  readonly #cells = COLUMNS.map(() => document.createElement('td'));
  readonly #histogram = document.createElement('div');
  readonly #bars = RANGES.map(() => document.createElement('i'));

  constructor() {
    const table = document.createElement('table');
    const [head, body] = [table.createTHead().insertRow(), table.createTBody().insertRow()];
    for (const [name] of COLUMNS) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = name;
      head.append(cell);
    }
    body.append(...this.#cells);
    table.prepend(this.#caption);
    this.#histogram.className = 'histogram';
    this.#histogram.setAttribute('role', 'img');
    for (const [range, bar] of this.#bars.entries()) {
      const column = document.createElement('div');
      const label = document.createElement('span');
      label.textContent = rangeName(range);
      column.append(bar, label);
      this.#histogram.append(column);
    }
    this.#discrepancy.className = 'discrepancy';
    this.element.append(table, this.#discrepancy, this.#histogram);
  }

  /** Of milliseconds, and timestamps, that were measured by a clock that goes in such steps. */
  show(times: readonly number[], timestamps: readonly number[], step: number): void {
    const spread = percentiles(times);
    this.#caption.textContent = `Work's end after the timestamp, of the ${whole(times.length)} frames seen`;
    for (const [column, [, value]] of COLUMNS.entries()) {
      const cell = this.#cells[column];
      if (cell !== undefined) cell.textContent = times.length === 0 ? '–' : length(spread[value], step);
    }
    this.#discrepancy.textContent = `Frame-time discrepancy: ${timestamps.length < 2 ? '–' : length(discrepancy(timestamps), step)}`;
    const counts = histogram(times);
    const most = Math.max(1, ...counts);
    for (const [range, bar] of this.#bars.entries())
      bar.style.height = `${((counts[range] ?? 0) / most) * 100}%`;
    this.#histogram.setAttribute('aria-label', histogramWords(counts));
  }
}

function rangeName(range: number): string {
  const end = RANGES[range];
  return end === undefined || end === Number.POSITIVE_INFINITY ? `≥${RANGES.at(-2)}` : `<${end}`;
}

/** `Histogram: 12 frames under 4 ms, 3 under 8 ms, 1 of 100 ms and more` */
export function histogramWords(counts: readonly number[]): string {
  const some = counts.flatMap((count, range) => {
    if (count === 0) return [];
    const end = RANGES[range] ?? Number.POSITIVE_INFINITY;
    const where = end === Number.POSITIVE_INFINITY ? `of ${RANGES.at(-2)} ms and more` : `under ${end} ms`;
    return [`${whole(count)} ${where}`];
  });
  return some.length === 0 ? 'Histogram: no frames yet' : `Histogram of frames: ${some.join(', ')}`;
}
