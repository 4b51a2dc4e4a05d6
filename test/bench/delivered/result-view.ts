/** The table and the graphs that the page shows when all runs are done. */
import { FIGURE_COLUMNS } from './columns.ts';
import { CONTENDER_NAMES } from './plan.ts';
import type { Figures, RunResult } from './run-result.ts';

const WIDTH = 600;
const HEIGHT = 80;
/** Milliseconds that a graph is high. */
const HIGHEST = 34;
const COLOURS = { script: '#e8973a', rest: '#5b8def', slices: '#3fae86', deadline: '#d9435f' } as const;

export function resultTable(figures: readonly Figures[]): HTMLTableElement {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const [title] of FIGURE_COLUMNS) cell(head, 'th', title);
  let world: string | undefined;
  for (const each of figures) {
    if (each.run.world.name !== world) {
      world = each.run.world.name;
      const row = table.insertRow();
      const title = cell(row, 'th', `${world}, ${each.run.frames} frames of ${each.interval.toFixed(1)} ms`);
      title.colSpan = FIGURE_COLUMNS.length;
      title.scope = 'rowgroup';
    }
    const row = table.insertRow();
    for (const [, show] of FIGURE_COLUMNS) cell(row, 'td', show(each));
  }
  return table;
}

function cell(row: HTMLTableRowElement, kind: 'th' | 'td', text: string): HTMLTableCellElement {
  const element = document.createElement(kind);
  element.textContent = text;
  row.append(element);
  return element;
}

/** A run's frames: script, the rest of the frame, and our slices in the gap before it; of frames that share a column the longest. */
export function frameGraph({ run, times }: RunResult): HTMLElement {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = `${run.world.name}: ${CONTENDER_NAMES[run.contender]}`;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `how long the frames of ${caption.textContent} took`);
  figure.append(caption, canvas);
  const context = canvas.getContext('2d');
  if (context === null) return figure;
  const { script, begin, end, slices } = times;
  const tall = (ms: number): number => (Math.min(ms, HIGHEST) / HIGHEST) * HEIGHT;
  for (let x = 0; x < WIDTH; x += 1) {
    const from = Math.floor((x / WIDTH) * script.length);
    const to = Math.max(from + 1, Math.floor(((x + 1) / WIDTH) * script.length));
    let longest = from;
    for (let i = from; i < to; i += 1)
      if (spent(begin, end, slices, i) > spent(begin, end, slices, longest)) longest = i;
    const own = script[longest] ?? 0;
    const frame = (end[longest] ?? 0) - (begin[longest] ?? 0);
    let bottom = HEIGHT;
    for (const [ms, colour] of [
      [own, COLOURS.script],
      [Math.max(0, frame - own), COLOURS.rest],
      [slices[longest] ?? 0, COLOURS.slices],
    ] as const) {
      context.fillStyle = colour;
      context.fillRect(x, bottom - tall(ms), 1, tall(ms));
      bottom -= tall(ms);
    }
  }
  context.fillStyle = COLOURS.deadline;
  context.fillRect(0, HEIGHT - tall(1000 / 60), WIDTH, 1);
  return figure;
}

function spent(
  begin: readonly number[],
  end: readonly number[],
  slices: readonly number[],
  i: number,
): number {
  return (end[i] ?? 0) - (begin[i] ?? 0) + (slices[i] ?? 0);
}
