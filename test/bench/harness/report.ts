/** Outcomes as a table for people. */
import type { Outcome, Result } from './run.ts';
import { type Summary, summarise } from './statistics.ts';

export function report(outcome: Outcome): string {
  const { per, results } = outcome;
  const further = [
    ...new Set(results.flatMap((r) => r.samples.flatMap((s) => Object.keys(s.further ?? {})))),
  ];
  const header = ['', 'ms (median)', 'min .. max', ...(per ? [per.unit] : []), 'Sluice / it', ...further];
  const rows = results.map((result) => [
    nameOf(result),
    number(result.time.median),
    `${number(result.time.min)} .. ${number(result.time.max)}`,
    ...(per ? [number((result.time.median * 1e6) / per.count)] : []),
    result.ratio === undefined ? '' : ratio(result.ratio),
    ...further.map((name) => figure(result, name)),
  ]);
  const lines = [`${outcome.benchmark}: ${outcome.work}`, ...alignColumns([header, ...rows])];
  for (const aim of outcome.aims) {
    const verdict = aim.met ? 'met' : 'missed';
    lines.push(
      `  aim: at most ${aim.ratio.toFixed(2)} of ${aim.peer}'s ${aim.figure ?? 'time'}: ${verdict}, ${number(aim.reached)}`,
    );
  }
  return lines.join('\n');
}

function nameOf({ contender, share }: Result): string {
  return share === 1 ? contender : `${contender}, 1/${Math.round(1 / share)} of the work`;
}

function ratio({ median, min, max }: Summary): string {
  return `${number(median)} (${number(min)} .. ${number(max)})`;
}

function figure(result: Result, name: string): string {
  const values = result.samples.flatMap((s) => s.further?.[name] ?? []);
  return values.length === 0 ? '' : number(summarise(values).median);
}

/** Three significant digits, without an exponent. */
function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}

/** Rows of cells as lines: the first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((r) => (r[column] ?? '').length)));
  return rows.map(
    (row) =>
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
  );
}
