import { expect, it } from 'vitest';
import { reportLine } from '../../../scripting/tools/reload-report.ts';

const report = {
  outcome: 'replaced',
  changed: ['parts/deep.slu'],
  notes: [],
  frame: 812,
  compiled: 84.2,
  prepared: 11.7,
  swapped: 3,
};
const known = (name: string) => name === 'game.slu';

it('is one line', () => {
  expect(reportLine({ script: 'game.slu', report }, known)).toBe(
    'game.slu: replaced before frame 812: parts/deep.slu changed; compiled 84 ms, prepared 12 ms, swapped 3 ms',
  );
  const restarted = { ...report, outcome: 'restarted', reason: 'the layout of `Body` has changed' };
  expect(reportLine({ script: 'game.slu', report: restarted }, known)).toContain(
    'game.slu: restarted before frame 812, because the layout of `Body` has changed: parts',
  );
});

it('is nothing where a page says something else, and no command to the terminal', () => {
  for (const message of [
    undefined,
    1,
    {},
    { script: 'other.slu', report },
    { script: 'game.slu', report: 'x' },
  ])
    expect(reportLine(message, known)).toBeUndefined();
  const notes = ['a\u001b[2Jb\nc', 7];
  const line = reportLine({ script: 'game.slu', report: { ...report, notes } }, known);
  expect(line).toContain('a [2Jb c');
  expect(line).not.toMatch(/\p{Cc}/u);
});
