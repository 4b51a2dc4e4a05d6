/** The columns of the table, for the page and for the command. */
import { CONTENDER_NAMES } from './plan.ts';
import type { Figures } from './run-result.ts';

export type FigureColumn = readonly [title: string, show: (figures: Figures) => string];

export const FIGURE_COLUMNS: readonly FigureColumn[] = [
  ['', ({ run }) => CONTENDER_NAMES[run.contender]],
  ['p50', ({ p50 }) => ms(p50)],
  ['p99', ({ p99 }) => ms(p99)],
  ['p99.9', ({ p999 }) => ms(p999)],
  ['max', ({ max }) => ms(max)],
  ['late', ({ late }) => String(late)],
  ['by a collector', ({ lateByCollector }) => String(lateByCollector)],
  ['delivered', ({ delivered }) => `${(100 * delivered).toFixed(1)}%`],
  ['slices / frame', ({ slices }) => ms(slices)],
  ['V8 / frame', ({ v8 }) => ms(v8)],
  ['in frames', ({ inFrames }) => String(inFrames)],
  ['cycles', ({ cycles }) => String(cycles)],
  ['peak MB', ({ peak }) => (peak === 0 ? '-' : peak.toFixed(0))],
];

function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '-';
}
