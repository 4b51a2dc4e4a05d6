/** What the suite came to, as a table and as how far its aims are met. */
import { alignColumns } from '../harness/report.ts';
import { type Outcome, type Result, ratioOf } from '../harness/run.ts';
import type { Summary } from '../harness/statistics.ts';
import type { CodeSize } from './code-size.ts';
import { CPU, DEVELOPMENT, LUA, RELEASE, V8 } from './contenders.ts';
import type { Program } from './plan.ts';

const MEAN_AIM = 0.75;
const LUA_AIM = 1 / 15;

export interface SuiteResult {
  readonly program: Program;
  readonly outcome: Outcome;
  /** What the release image has beyond that of a program that does nothing. */
  readonly size: CodeSize;
}

/** A program's time over a peer's: medians of the rounds' ratios. */
interface Ratios {
  readonly wall: Summary;
  readonly cpu: Summary;
}

interface Row {
  readonly result: SuiteResult;
  readonly release: Ratios;
  readonly development: Ratios;
  readonly lua: Ratios | undefined;
}

export function reportSuite(results: readonly SuiteResult[]): string {
  if (results.length === 0) return 'suite: no program has that name';
  const rows = results.map(rowOf);
  const set = rows.filter(({ result }) => result.program.kind === 'set');
  return [
    'suite: Sluice for release and for development beside the same programs in JavaScript and Lua',
    ...alignColumns([HEADER, ...rows.map(cellsOf), ...(set.length > 1 ? [meansOf(set)] : [])]),
    ...(set.length > 1 ? aimsOfSet(set) : []),
    ...rows.filter(({ result }) => result.program.kind !== 'set').map(aimOf),
  ].join('\n');
}

const HEADER = [
  'milliseconds; ratios of wall time, of CPU time',
  'Sluice',
  'development',
  'V8',
  'Lua',
  'Sluice / V8',
  'min .. max',
  'CPU',
  'development / V8',
  'CPU',
  'Sluice / Lua',
  'functions',
  'code KB',
];

function rowOf(result: SuiteResult): Row {
  const find = (contender: string): Result | undefined =>
    result.outcome.results.find((r) => r.contender === contender);
  const over = (own: Result | undefined, peer: Result | undefined): Ratios => ({
    wall: ratioOf(undefined, own, peer),
    cpu: ratioOf(CPU, own, peer),
  });
  const lua = find(LUA);
  return {
    result,
    release: over(find(RELEASE), find(V8)),
    development: over(find(DEVELOPMENT), find(V8)),
    lua: lua && over(find(RELEASE), lua),
  };
}

function cellsOf({ result, release, development, lua }: Row): string[] {
  const { program, outcome, size } = result;
  const ms = (contender: string): string => {
    const found = outcome.results.find((r) => r.contender === contender);
    return found === undefined ? '' : found.time.median.toFixed(found.time.median < 10 ? 1 : 0);
  };
  return [
    program.name,
    ...[RELEASE, DEVELOPMENT, V8, LUA].map(ms),
    ratio(release.wall.median),
    `${ratio(release.wall.min)} .. ${ratio(release.wall.max)}`,
    ratio(release.cpu.median),
    ratio(development.wall.median),
    ratio(development.cpu.median),
    lua === undefined ? '' : small(lua.wall.median),
    String(size.functions),
    (size.bytes / 1024).toFixed(1),
  ];
}

function meansOf(set: readonly Row[]): string[] {
  const mean = (of: (row: Row) => number | undefined): number =>
    geometricMean(set.flatMap((r) => of(r) ?? []));
  const total = set.reduce((sum, { result }) => sum + result.size.bytes, 0);
  return [
    `geometric mean of the ${set.length} of the set`,
    ...Array(4).fill(''),
    ratio(mean((r) => r.release.wall.median)),
    '',
    ratio(mean((r) => r.release.cpu.median)),
    ratio(mean((r) => r.development.wall.median)),
    ratio(mean((r) => r.development.cpu.median)),
    small(mean((r) => r.lua?.wall.median)),
    '',
    (total / set.length / 1024).toFixed(1),
  ];
}

function aimsOfSet(set: readonly Row[]): string[] {
  const mean = geometricMean(set.map((r) => r.release.wall.median));
  const slower = set.filter((r) => r.release.wall.median > r.result.program.aim);
  const lua = geometricMean(set.flatMap((r) => r.lua?.wall.median ?? []));
  const names = slower.map((r) => `${r.result.program.name} ${ratio(r.release.wall.median)}`).join(', ');
  return [
    `  aim: a geometric mean of at most ${MEAN_AIM} of V8's time: ${verdict(mean <= MEAN_AIM)}, ${ratio(mean)}`,
    `  aim: no program of the set over V8's time: ${verdict(slower.length === 0)}${names && `, ${names}`}`,
    `  aim: a geometric mean of at most 1/15 of Lua's time: ${verdict(lua <= LUA_AIM)}, ${small(lua)}`,
  ];
}

function aimOf({ result, release }: Row): string {
  const { name, aim } = result.program;
  const reached = release.wall.median;
  return `  aim: ${name} at most ${aim} of V8's time: ${verdict(reached <= aim)}, ${ratio(reached)}`;
}

/** Of numbers above 0. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function verdict(met: boolean): string {
  return met ? 'met' : 'missed';
}

function ratio(value: number): string {
  return value.toFixed(2);
}

function small(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(3);
}
