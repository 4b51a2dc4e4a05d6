/**
 * What the page runs: worlds, each with the contenders in turn. The page and the command read the same plan from the same words,
 * so that either can say which run of it is meant.
 *
 *     delivered/?matrix=300&games=1200&rounds=1&rate=display&only=entities&post
 */
export const CONTENDERS = ['sluice', 'arena', 'suppressed', 'javascript'] as const;

export type Contender = (typeof CONTENDERS)[number];

/** As tables call them. */
export const CONTENDER_NAMES: Readonly<Record<Contender, string>> = {
  sluice: 'Sluice',
  arena: 'Sluice, arenas',
  suppressed: 'Sluice, suppressed',
  javascript: 'JavaScript',
};

/** A world and how large it is: entities and tiles, or sparks a frame and tiles. */
export interface World {
  readonly name: string;
  readonly kind: 'entities' | 'churn';
  readonly made: number;
  readonly tiles: number;
}

export interface Run {
  readonly world: World;
  readonly contender: Contender;
  readonly round: number;
  /** Frames that are measured, and those before them. */
  readonly frames: number;
  readonly warmUp: number;
  readonly rate: Rate;
}

/** Frames a second: the display's own, or so many by a timer. */
export type Rate = 'display' | number;

export interface Plan {
  /** Frames of a run in the matrix, and of one of the games; none of either with 0. */
  readonly matrix: number;
  readonly games: number;
  readonly rounds: number;
  /** Frames of a run before those that are measured: at least 1. */
  readonly warmUp: number;
  readonly rate: Rate;
  /** Only worlds whose name has this in it. */
  readonly only: string;
}

/** Five seconds a cell and twenty a game, at 60 Hz. */
export const DEFAULT_PLAN: Plan = {
  matrix: 300,
  games: 1200,
  rounds: 1,
  warmUp: 90,
  rate: 'display',
  only: '',
};

const MEGABYTE = 2 ** 20;
/** Bytes of a spark and the place in a vector that holds it, and of a tile with its spark and its place: Sluice's. */
const SPARK = 36;
const TILE = 76;
const ALLOCATED = [0.3, 3, 16] as const;
const ALIVE = [16, 64, 256] as const;

function gameOf(entities: number): World {
  return { name: `${entities} entities`, kind: 'entities', made: entities, tiles: 800_000 };
}

function cellOf(allocated: number, alive: number): World {
  return {
    name: `${allocated} MB a frame, ${alive} MB alive`,
    kind: 'churn',
    made: Math.round((allocated * MEGABYTE) / SPARK),
    tiles: Math.round((alive * MEGABYTE) / TILE),
  };
}

/** All runs, in the order in which they are made. */
export function runsOf(plan: Plan): readonly Run[] {
  const { rounds, warmUp, rate, only } = plan;
  const games = plan.games > 0 ? [gameOf(10_000), gameOf(30_000)] : [];
  const cells = plan.matrix > 0 ? ALLOCATED.flatMap((mb) => ALIVE.map((alive) => cellOf(mb, alive))) : [];
  return [...games, ...cells]
    .filter(({ name }) => name.includes(only))
    .flatMap((world) =>
      Array.from({ length: rounds }, (_, round) =>
        CONTENDERS.map((contender): Run => {
          const frames = world.kind === 'entities' ? plan.games : plan.matrix;
          return { world, contender, round, frames, warmUp, rate };
        }),
      ).flat(),
    );
}

/** Reads a plan from a page's address. Throws a `RangeError` for what is no number. */
export function planOf(words: URLSearchParams): Plan {
  const number = (name: 'matrix' | 'games' | 'rounds' | 'warmUp'): number => {
    const text = words.get(name);
    if (text === null) return DEFAULT_PLAN[name];
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} is a whole number, not ${text}`);
    return value;
  };
  const rate = words.get('rate') ?? 'display';
  if (rate !== 'display' && !(Number(rate) >= 1 && Number(rate) <= 1000))
    throw new RangeError(`rate is display, or 1 to 1000 frames a second, not ${rate}`);
  return {
    matrix: number('matrix'),
    games: number('games'),
    rounds: number('rounds'),
    warmUp: number('warmUp'),
    rate: rate === 'display' ? rate : Number(rate),
    only: words.get('only') ?? '',
  };
}

export function wordsOf(plan: Plan): URLSearchParams {
  return new URLSearchParams(Object.entries(plan).map(([name, value]) => [name, String(value)]));
}
