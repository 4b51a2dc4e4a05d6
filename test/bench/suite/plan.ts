/** The programs of the suite, how much of its work each does in a round, and what that comes to. */

export interface Program {
  /** As tables call it; its files have the same name in small letters. */
  readonly name: string;
  /** `set`: one of the fourteen of "Are We Fast Yet", whose geometric mean is judged. */
  readonly kind: 'set' | 'calls' | 'game';
  /** What its `run` is given: how often it does its work, or how large that is. */
  readonly argument: number;
  /** What `run` returns then, on every side. Of the set: what is known of its programs. */
  readonly expected: number;
  /** What Lua's is given, and which share of the work that is. Without: there is none in Lua. */
  readonly lua?: { readonly argument: number; readonly share: number };
  /** Sluice's time over V8's, at most. */
  readonly aim: number;
}

const RICHARDS = { queued: 23_246, held: 9297 };
const HAVLAK = { loops: 1647, blocks: 5213 };

export const PROGRAMS: readonly Program[] = [
  repeated('Bounce', 1500, 1331, 150),
  repeated('List', 1500, 10, 75),
  repeated('Permute', 1000, 8660, 50),
  repeated('Queens', 1000, 10, 50),
  repeated('Sieve', 3000, 669, 150),
  repeated('Storage', 1000, 5461, 50),
  repeated('Towers', 600, 8191, 30),
  sized('Mandelbrot', 500, 191, { argument: 125, share: 1 / 16 }),
  sized('NBody', 250_000, -0.1690859889909308, { argument: 10_000, share: 1 / 25 }),
  repeated('Richards', 100, 100_000 * RICHARDS.queued + RICHARDS.held, 10),
  repeated('Json', 100, 156, 10),
  sized('DeltaBlue', 12_000, 36_016, { argument: 1200, share: 1 / 10 }),
  // All but a thousandth of it is searching the large graph, once after the small ones and fifty times.
  sized('Havlak', 15, 100_000 * HAVLAK.loops + HAVLAK.blocks, { argument: 15, share: 1 }),
  sized('CD', 250, 10_830, { argument: 50, share: 1 / 5 }),
  // The calls grow as the numbers do.
  { ...sized('fib', 35, 9_227_465, { argument: 29, share: 514_229 / 9_227_465 }), kind: 'calls', aim: 0.5 },
  game('ecs', 60, 149_634_471.550001),
  game('astar', 20, 54_135),
  game('particles', 60, 292_735.2672009717),
];

/** A program that does the same so many times, and adds up what each comes to. */
function repeated(name: string, times: number, each: number, luaTimes: number): Program {
  return sized(name, times, times * each, { argument: luaTimes, share: luaTimes / times });
}

function sized(name: string, argument: number, expected: number, lua: Program['lua']): Program {
  return { name, kind: 'set', argument, expected, ...(lua && { lua }), aim: 1 };
}

function game(name: string, argument: number, expected: number): Program {
  return { name, kind: 'game', argument, expected, aim: 0.6 };
}

/** Those in whose name the text stands, in letters of either kind. */
export function programsNamed(text: string): readonly Program[] {
  return PROGRAMS.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
}
