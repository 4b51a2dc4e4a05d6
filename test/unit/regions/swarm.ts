/**
 * What a program by chance is made of, and how much of each: every program leaves some things out and has others more often, as
 * in "Swarm Testing" (Groce, Zhang, Eide, Chen, Regehr, ISSTA 2012). Faults that need several things of one kind together are
 * found far sooner so than by programs that all have a little of everything.
 */

/** Chooses a number from 0 on, below the one that is given. */
export type Choose = (choices: number) => number;

export const STATEMENTS = [
  'node',
  'vector',
  'function',
  'table',
  'list',
  'arena',
  'if',
  'loop',
  'jump',
  'store',
  'probe',
  'push',
  'fill',
  'call',
  'assign',
  'global',
  'frame-global',
  'outside',
  'copy-out',
  'leave',
  'within',
  'host',
] as const;

export const NODES = [
  'make',
  'global',
  'frame-global',
  'friend',
  'element',
  'in-list',
  'in-table',
  'call',
  'apply',
  'weak',
] as const;

export type StatementKind = (typeof STATEMENTS)[number];
export type NodeKind = (typeof NODES)[number];

/** Left out, rare, usual, often. */
const WEIGHTS = [0, 1, 2, 2, 6];
/** Where there is a theme: of what belongs to it, and of the rest. */
const THEME = [3, 4, 6];
const REST = [0, 0, 0, 1];

/** What a search is after, where it is after something: programs have more of that. */
export type Theme = readonly (StatementKind | NodeKind)[];

export class Swarm {
  readonly #choose: Choose;
  readonly #statements: readonly number[];
  readonly #nodes: readonly number[];
  /** Of ten arenas, how many are `frame`. */
  readonly #frames: number;
  /** Whether functions call any other, or only those that come after them. */
  readonly isRecursive: boolean;
  /** How much of the most that a function may have. */
  readonly #size: number;
  /** Of ten things that something is made with, how many are nothing. */
  readonly #nothings: number;
  /** Of ten things that are used, how many are the latest. */
  readonly #latest: number;
  /** Of ten arenas, in how many something is made first. */
  readonly #begun: number;

  constructor(choose: Choose, theme?: Theme) {
    this.#choose = choose;
    const weights = (kinds: readonly (StatementKind | NodeKind)[]): number[] =>
      kinds.map((kind) => {
        const among = theme === undefined ? WEIGHTS : theme.includes(kind) ? THEME : REST;
        return among[choose(among.length)] as number;
      });
    this.#statements = weights(STATEMENTS);
    // Without an object there is nothing to speak of.
    this.#nodes = weights(NODES).map((weight, i) => (i === 0 ? weight + 1 : weight));
    this.#frames = [1, 3, 3, 6, 9][choose(5)] as number;
    this.isRecursive = choose(3) === 0;
    this.#size = [0.3, 0.5, 0.75, 1][choose(4)] as number;
    this.#nothings = [0, 3, 6, 9][choose(4)] as number;
    this.#latest = [2, 4, 6, 8][choose(4)] as number;
    this.#begun = [0, 5, 9][choose(3)] as number;
  }

  statement(): StatementKind {
    return this.#pick(STATEMENTS, this.#statements);
  }

  /** One of the kinds of things that statements bind, as often as those are made. */
  kind<K extends StatementKind>(kinds: readonly K[]): K {
    return this.#pick(
      kinds,
      kinds.map((kind) => (this.#statements[STATEMENTS.indexOf(kind)] as number) + 1),
    );
  }

  node(): NodeKind {
    return this.#pick(NODES, this.#nodes);
  }

  isFrame(): boolean {
    return this.#choose(10) < this.#frames;
  }

  /** How many statements a function may have, where that is the most. */
  statements(most: number): number {
    return Math.ceil(most * this.#size);
  }

  isLatest(): boolean {
    return this.#choose(10) < this.#latest;
  }

  isBegun(): boolean {
    return this.#choose(10) < this.#begun;
  }

  /** Things that lead to little are seldom refused for what they lead to. */
  isNothing(): boolean {
    return this.#choose(10) < this.#nothings;
  }

  #pick<T>(kinds: readonly T[], weights: readonly number[]): T {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = total === 0 ? 0 : this.#choose(total);
    for (const [i, weight] of weights.entries()) {
      if (left < weight) return kinds[i] as T;
      left -= weight;
    }
    return kinds[0] as T;
  }
}
