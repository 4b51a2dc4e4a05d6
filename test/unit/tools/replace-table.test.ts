/** Every kind of edit of every kind of definition, while the game runs: what the reload says, and what is there afterwards. */
import { describe, expect, it } from 'vitest';
import { Reloader } from '../../../engine/reload/reloader.ts';
import type { Image, ScriptProblem } from '../../../scripting/image/index.ts';
import type { Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile, toProblem } from '../../../scripting/tools/index.ts';
import { TABLE } from './edit-table.ts';
import { BREAKS } from './edit-table-breaks.ts';
import { EFFECTS } from './edit-table-effects.ts';
import { type Cell, DEFINITIONS, EDITS, KINDS, PART, SHOWN, SHOWN_NEXT } from './edited-game.ts';
import { start } from './script.ts';

function changed(text: string, change: Cell['changes'][keyof Cell['changes']]): string {
  if (change === undefined) return text;
  if (typeof change === 'string') return change;
  return change.reduce((now, [from, to]) => {
    expect(now).toContain(from);
    return now.replaceAll(from, to);
  }, text);
}

async function compiled(changes: Cell['changes']) {
  const main = Object.entries(DEFINITIONS).map(([name, text]) =>
    changed(text, changes[name as keyof typeof DEFINITIONS]),
  );
  const game = new Source('game.slu', [...main, changes.after ?? ''].join('\n'));
  // Nobody reads a module that nobody imports.
  const parts = changes.import === '' ? [] : [new Source('part.slu', changed(PART, changes.module))];
  return compile([...parts, game], { mode: 'development' });
}

async function imageOf(changes: Cell['changes']): Promise<Image> {
  const { image, diagnostics } = await compiled(changes);
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

const isCell = <T extends object>(cell: T | string): cell is T => typeof cell !== 'string';

const cells = KINDS.flatMap((kind) => {
  const row = { ...TABLE[kind], ...EFFECTS[kind] };
  return Object.entries(row).flatMap(([edit, cell]) => (isCell(cell) ? [[kind, edit, cell] as const] : []));
});

const unchanged = imageOf({});

/** The game after its first frame. */
async function running(): Promise<Machine> {
  const host = { host: { tell: (n: number) => n + 100, other: (n: number) => n + 200 } };
  const { machine } = await start(await unchanged, { host });
  machine.call('start');
  frame(machine);
  expect(machine.call('look')).toBe(SHOWN);
  return machine;
}

function frame(machine: Machine): void {
  machine.step(0);
  machine.resetFrame();
}

const isOurs = (name: string): boolean => !/^(sluice\.|layer:)/.test(name);

const QUIET = {
  parked: [],
  restored: [],
  renames: [],
  notApplied: [],
  migrated: [],
  rearranged: [],
  forgotten: [],
  lostExports: [],
  changedExports: [],
};

describe('the table of edits', () => {
  it('has a row for each kind of definition, and a cell for each edit', () => {
    for (const table of [TABLE, EFFECTS, BREAKS]) expect(Object.keys(table)).toEqual([...KINDS]);
    for (const row of Object.values(TABLE)) expect(Object.keys(row)).toEqual([...EDITS]);
    for (const row of Object.values(EFFECTS))
      expect(Object.keys(row)).toEqual(['region summary', 'may allocate']);
  });

  it.each(cells)('%s: %s', async (_, __, { changes, outcome, ...cell }) => {
    const machine = await running();
    const found = machine.replace(await machine.prepare(await imageOf(changes)));
    expect(found.kind).toBe(outcome);
    expectDone(machine, found, cell);
  });

  it.each(KINDS)('%s: break, and mend', async (kind) => {
    const machine = await running();
    const { changes, code } = BREAKS[kind].break;
    const { image, diagnostics } = await compiled(changes);
    expect(image).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    const { reloader, outcomes, problems } = reloading(machine);
    await reloader.receive({ kind: 'failed', problems: diagnostics.map(toProblem) });
    reloader.run();
    expect([outcomes, problems.length]).toEqual([[], diagnostics.length]);
    expect(machine.call('look')).toBe(SHOWN);
    const { mend } = BREAKS[kind];
    await reloader.receive({ kind: 'compiled', image: await imageOf(mend.changes) });
    reloader.run();
    expect(problems).toEqual([]);
    expectDone(machine, outcomes[0] as ReplaceOutcome, mend);
  });
});

/** What a reload has come to, and what is there in the next frame. */
function expectDone(
  machine: Machine,
  found: ReplaceOutcome,
  { shown = [], report = {} }: Pick<Cell, 'shown' | 'report'>,
): void {
  if (found.kind === 'replaced') {
    const ours = { ...found, computed: found.computed.filter(isOurs) };
    const { computed = ['*limit*'], ...rest } = report;
    expect(ours).toMatchObject({ ...QUIET, ...rest });
    expect([...ours.computed].sort()).toEqual([...(computed as string[])].sort());
  }
  frame(machine);
  const after = shown.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, SHOWN_NEXT);
  expect(machine.call('look')).toBe(after);
  machine.collect();
  expect(machine.verify()).toBeUndefined();
}

/** Has saved code come into the machine as in a page. */
function reloading(machine: Machine) {
  const outcomes: unknown[] = [];
  const problems: ScriptProblem[] = [];
  const fail = (error: unknown): never => {
    throw error;
  };
  const script = { name: 'game.slu', load: () => Promise.reject(), subscribe: () => () => undefined };
  const reloader = new Reloader(script, {
    machine,
    restarting: false,
    restart: (_, reason) => fail(reason),
    ask: (_, reason) => fail(reason),
    failed: fail,
    showProblems: (found) => void problems.push(...found),
    clearProblems: () => void problems.splice(0),
    replaced: (_, __, names) => void outcomes.push({ kind: 'replaced', ...names }),
  });
  return { reloader, outcomes, problems };
}
