/** Every kind of edit of every kind of definition, while the game runs: what the reload says, and what is there afterwards. */
import { describe, expect, it } from 'vitest';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { TABLE } from './edit-table.ts';
import { type Cell, DEFINITIONS, EDITS, PART, SHOWN, SHOWN_NEXT } from './edited-game.ts';
import { start } from './script.ts';

const KINDS = [
  'function',
  'generic',
  'macro',
  'constant',
  'mut global',
  'frame global',
  'struct',
  'value',
  'entity',
  'sum',
  'alias',
  'class',
  'instance',
  'behaviour',
  'layer',
  'extern',
  'import',
  'module',
];

function changed(text: string, change: Cell['changes'][keyof Cell['changes']]): string {
  if (change === undefined) return text;
  if (typeof change === 'string') return change;
  return change.reduce((now, [from, to]) => {
    expect(now).toContain(from);
    return now.replaceAll(from, to);
  }, text);
}

async function imageOf(changes: Cell['changes']) {
  const main = Object.entries(DEFINITIONS).map(([name, text]) =>
    changed(text, changes[name as keyof typeof DEFINITIONS]),
  );
  const game = new Source('game.slu', [...main, changes.after ?? ''].join('\n'));
  // Nobody reads a module that nobody imports.
  const parts = changes.import === '' ? [] : [new Source('part.slu', changed(PART, changes.module))];
  const { image, diagnostics } = await compile([...parts, game], { mode: 'development' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

const cells = Object.entries(TABLE).flatMap(([kind, edits]) =>
  EDITS.flatMap((edit) => {
    const cell = edits[edit];
    return typeof cell === 'string' ? [] : [[kind, edit, cell] as const];
  }),
);

describe('the table of edits', () => {
  it('has a row for each kind of definition, and a cell for each edit', () => {
    expect(Object.keys(TABLE)).toEqual(KINDS);
    for (const row of Object.values(TABLE)) expect(Object.keys(row)).toEqual([...EDITS]);
  });

  it.each(cells)('%s: %s', async (_, __, { changes, outcome, shown = [], report = {} }) => {
    const host = { host: { tell: (n: number) => n + 100, other: (n: number) => n + 200 } };
    const { machine } = await start(await imageOf({}), { host });
    machine.call('start');
    machine.step(0);
    machine.resetFrame();
    expect(machine.call('look')).toBe(SHOWN);
    const found = machine.replace(await machine.prepare(await imageOf(changes)));
    expect(found.kind).toBe(outcome);
    const isOurs = (name: string): boolean => !/^(sluice\.|layer:)/.test(name);
    if (found.kind === 'replaced') {
      const ours = { ...found, computed: found.computed.filter(isOurs) };
      const quiet = {
        parked: [],
        restored: [],
        renames: [],
        notApplied: [],
        lostExports: [],
        changedExports: [],
      };
      const { computed = ['*limit*'], ...rest } = report;
      expect(ours).toMatchObject({ ...quiet, ...rest });
      expect([...ours.computed].sort()).toEqual([...(computed as string[])].sort());
    }
    machine.step(0);
    machine.resetFrame();
    const after = shown.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    }, SHOWN_NEXT);
    expect(machine.call('look')).toBe(after);
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });
});
