/** The game of the table of edits while it runs: the engine's loop has its frames, and saved code comes in as in a page. */
import { expect } from 'vitest';
import { Loading } from '../../../engine/loading/index.ts';
import { HeadlessDriver, type Loop } from '../../../engine/loop/index.ts';
import { Measure } from '../../../engine/profile/index.ts';
import { Reloader } from '../../../engine/reload/reloader.ts';
import type { Image, ScriptEvent, ScriptProblem } from '../../../scripting/image/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';
import { SHOWN } from './edited-game.ts';
import { HEAP_STATES } from './heap-states.ts';
import { STRESS, start } from './script.ts';

export interface Outcome {
  readonly kind: string;
  readonly computed?: readonly string[];
}

export interface RunningGame {
  readonly machine: Machine;
  readonly loop: Loop;
  readonly reloader: Reloader;
  /** What became of new code. */
  readonly outcomes: Outcome[];
  readonly problems: ScriptProblem[];
  readonly frames: (count: number) => void;
}

/** The game after its first frame. Its own `frame` fails whenever it is called, if it `isFailing`. */
export async function running(image: Image, isFailing = false): Promise<RunningGame> {
  const host = {
    tell: (n: number) => n + 100,
    other: (n: number) => n + 200,
    trouble: () => (isFailing ? 7 : 0),
  };
  const { machine } = await start(image, { host: { host } });
  const driver = new HeadlessDriver(machine);
  const { loop } = driver;
  const outcomes: Outcome[] = [];
  const problems: ScriptProblem[] = [];
  const reloader = reloading(machine, outcomes, problems);
  loop.reload = reloader;
  const frames = (count: number): void => void driver.run(count);
  machine.call('start');
  frames(1);
  expect(machine.call('look')).toBe(SHOWN);
  return { machine, loop, reloader, outcomes, problems, frames };
}

function reloading(machine: Machine, outcomes: Outcome[], problems: ScriptProblem[]): Reloader {
  const fail = (error: unknown): never => {
    throw error;
  };
  const script = { name: 'game.slu', load: () => Promise.reject(), subscribe: () => () => undefined };
  return new Reloader(script, {
    machine,
    restarting: false,
    restart: () => void outcomes.push({ kind: 'restart' }),
    // Nobody asks here: the old code goes on.
    ask: (kind) => void outcomes.push({ kind }),
    failed: fail,
    showProblems: (found) => void problems.push(...found),
    clearProblems: () => void problems.splice(0),
    replaced: (_, __, names) => void outcomes.push({ kind: 'replaced', ...names }),
  });
}

/** Brings about a state, has the event come in it, and lets one frame of the script follow. */
type GameState = (game: RunningGame, event: ScriptEvent) => void | Promise<void>;

/** What the script stands still for: code is swapped in all the same, at the next frame that the page has. */
const standingStill =
  (which: 'paused' | 'away'): GameState =>
  async (game, event) => {
    game.loop[which] = true;
    game.frames(1);
    await game.reloader.receive(event);
    game.frames(2);
    expect(game.outcomes.length).toBe(1);
    game.loop[which] = false;
    game.frames(1);
  };

const loading =
  (shrink: boolean): GameState =>
  async (game, event) => {
    const { loop, machine } = game;
    await new Loading(loop, () => machine).run(
      async () => {
        await game.reloader.receive(event);
        game.frames(2);
        expect(game.outcomes.length).toBe(1);
      },
      { shrink },
    );
    game.frames(1);
  };

/** Those of the heap, in which code comes when it is about something. */
const heapStates = Object.entries(HEAP_STATES).filter(
  ([name]) => name !== 'within a frame that has not ended',
);

export const GAME_STATES: Readonly<Record<string, GameState>> = {
  running: async (game, event) => {
    await game.reloader.receive(event);
    game.frames(1);
  },
  'under stress': async (game, event) => {
    game.machine.setStress(STRESS);
    await game.reloader.receive(event);
    game.frames(1);
  },
  paused: standingStill('paused'),
  'while the player is elsewhere': standingStill('away'),
  'paused, a step at a time': async (game, event) => {
    game.loop.paused = true;
    await game.reloader.receive(event);
    game.loop.singleStep();
    game.frames(2);
  },
  loading: loading(false),
  'loading, with memory given back': loading(true),
  'with a frame failing': async (game, event) => {
    const errors = (): number => game.loop.recorder.read(Measure.ERRORS);
    expect(errors()).toBe(1);
    await game.reloader.receive(event);
    game.frames(1);
    expect(errors()).toBe(1);
  },
  ...Object.fromEntries(
    heapStates.map(([name, state]): [string, GameState] => [
      `in a heap that is ${name}`,
      async (game, event) => {
        await game.reloader.receive(event);
        await state(game.machine, () => game.reloader.run());
        game.frames(1);
      },
    ]),
  ),
};
