/** Every kind of edit of every kind of definition, whatever the running game is about: what the reload says, and what is there afterwards. */
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile, toProblem } from '../../../scripting/tools/index.ts';
import { TABLE } from './edit-table.ts';
import { BREAKS } from './edit-table-breaks.ts';
import { EFFECTS } from './edit-table-effects.ts';
import { type Cell, DEFINITIONS, EDITS, KINDS, PART, SHOWN, SHOWN_NEXT } from './edited-game.ts';
import { GAME_STATES, type RunningGame, running } from './running-game.ts';

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

let known: Promise<Image> | undefined;

/** The game before it is edited. */
function unchanged(): Promise<Image> {
  known ??= imageOf({});
  return known;
}

const isOurs = (name: string): boolean => !/^(sluice\.|layer:)/.test(name);

/** What the game and its heap may be about. */
const STATES = [
  'stress',
  'marking',
  'sweeping',
  'moving',
  'memory given back',
  'suppressed',
  'paused',
  'loading',
  'failing',
];

/** A search tries each cell in every state; otherwise each has the one whose turn it is, so that each state has about nine cells. */
function statesOf(kind: string, edit: string): readonly (typeof states)[number][] {
  if (process.env.SLUICE_LONG === '1') return states;
  const number = cells.findIndex((cell) => cell[0] === kind && cell[1] === edit);
  return states.filter((_, i) => i === number % states.length);
}

const states = Object.entries(GAME_STATES);

const QUIET = {
  parked: [],
  restored: [],
  renames: [],
  notApplied: [],
  migrated: [],
  rearranged: [],
  forgotten: [],
  leftBehind: [],
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

  it('is run in every state', () => {
    for (const state of STATES)
      expect(
        Object.keys(GAME_STATES).some((name) => name.includes(state)),
        state,
      ).toBe(true);
  });

  it.each(cells)('%s: %s', async (kind, edit, { changes, outcome, ...cell }) => {
    const image = await imageOf(changes);
    for (const [name, state] of statesOf(kind, edit)) {
      const game = await running(await unchanged(), name === 'with a frame failing');
      await state(game, { kind: 'compiled', image });
      expect(game.problems, name).toEqual([]);
      expect(
        game.outcomes.map(({ kind }) => (kind === 'refused' ? 'restart' : kind)),
        name,
      ).toEqual([outcome]);
      expectDone(game, cell, name);
    }
  });

  it.each(KINDS)('%s: break, and mend', async (kind) => {
    const game = await running(await unchanged());
    const { machine, reloader, outcomes, problems } = game;
    const { changes, code } = BREAKS[kind].break;
    const { image, diagnostics } = await compiled(changes);
    expect(image).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    await reloader.receive({ kind: 'failed', problems: diagnostics.map(toProblem) });
    reloader.run();
    expect([outcomes, problems.length]).toEqual([[], diagnostics.length]);
    expect(machine.call('look')).toBe(SHOWN);
    const { mend } = BREAKS[kind];
    await reloader.receive({ kind: 'compiled', image: await imageOf(mend.changes) });
    game.frames(1);
    expect(problems).toEqual([]);
    expectDone(game, mend, 'mended');
  });
});

/** What a reload has come to, and what is there in the next frame. */
function expectDone(
  { machine, outcomes }: RunningGame,
  { shown = [], report = {} }: Pick<Cell, 'shown' | 'report'>,
  state: string,
): void {
  const [found] = outcomes;
  if (found?.kind === 'replaced') {
    const ours = { ...found, computed: found.computed?.filter(isOurs) };
    const { computed = ['*limit*'], ...rest } = report;
    expect(ours, state).toMatchObject({ ...QUIET, ...rest });
    expect([...(ours.computed ?? [])].sort(), state).toEqual([...(computed as string[])].sort());
  }
  const after = shown.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, SHOWN_NEXT);
  expect(machine.call('look'), state).toBe(after);
  machine.setStress(0);
  machine.collect();
  expect(machine.verify(), state).toBeUndefined();
}
