/** What the cases came to, as two tables: how long their steps are, and which are the longest. */
import { alignColumns } from '../harness/report.ts';
import type { CaseResult, Spread } from './index.ts';

/** Milliseconds that no step may take, as its quickest round has it. */
const AIM = 0.5;
/** Of the kinds that stay below this only the longest is shown. */
const SHOWN = 0.1;

export function reportSteps(results: readonly CaseResult[]): string {
  if (results.length === 0) return 'steps: no case has that in its name';
  const over = results.filter(({ corrected }) => corrected.max > AIM);
  const verdict =
    over.length === 0
      ? 'met'
      : `missed, ${over.map(({ name, corrected }) => `${name} ${ms(corrected.max)}`).join('; ')}`;
  return [
    'steps: milliseconds between two readings of the clock: p50, p99, p99.9, max',
    ...alignColumns([
      ['', 'steps', 'as measured', 'a loop of that length', 'in the quickest of the rounds'],
      ...results.map((r) => [
        r.name,
        String(r.steps),
        spread(r.measured),
        spread(r.control),
        spread(r.corrected),
      ]),
    ]),
    '',
    ...alignColumns([['', 'longest', 'of so many'], ...results.flatMap(rowsOf)]),
    `  aim: no step over ${AIM} ms in the quickest of its rounds: ${verdict}`,
  ].join('\n');
}

function rowsOf({ name, kinds }: CaseResult): string[][] {
  const shown = kinds.filter(({ longest }, i) => i === 0 || longest >= SHOWN);
  return shown.map(({ kind, count, longest }) => [`${name}: ${kind}`, ms(longest), String(count)]);
}

function spread(of: Spread): string {
  return [of.p50, of.p99, of['p99.9'], of.max].map((value) => ms(value).padStart(6)).join(' ');
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1);
}
