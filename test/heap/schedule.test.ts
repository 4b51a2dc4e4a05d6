/** What decides which collection runs when (`scripting/heap/collect/schedule.ts`): it only looks, and every step has its occasion. */
import { beforeAll, expect, test } from 'vitest';
import {
  BLOCK_SIZE,
  CELLS_END,
  CYCLE_START,
  FORCED_STAGE,
  IN_FRAME,
  PHASES,
  REGION,
  REGION_HEAP,
  STATIC_BASE,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_REMEMBERED,
  STATS_TRACING,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_SURVIVED,
  STRESS,
  STRESS_COLLECT,
  STRESS_EAGER,
  SUPPRESSED,
  TOP,
  YOUNG_START,
} from '../../scripting/heap/index.ts';
import { assembleLines } from './assemble.ts';

/** The table's occasions, and how many answers each has. */
const OCCASIONS = {
  atSlowPath: ['nothing', 'young, all', 'full'],
  atOnce: ['nothing', 'full'],
  inGap: ['nothing', 'young', 'young, all', 'begin a cycle', 'cycle', 'move'],
  upcoming: ['young', 'young, all', 'begin a cycle', 'cycle', 'move'],
} as const;
const STEPS = ['nothing', 'young', 'young, all', 'begin a cycle', 'cycle', 'move', 'full'];
const FORCED = ['ends', 'goes on', 'begins a cycle', 'begins to move'];

type Occasion = keyof typeof OCCASIONS;
/** Cells of the heap alone that the table asks for. */
const OWN = [
  'rememberedLost',
  'cleanNext',
  'promoting',
  'requested',
  'stressTurn',
  'forcedWishes',
  'inexact',
  'youngBlocks',
  'markTop',
  'blocksLimit',
];

let memory: WebAssembly.Memory;
let schedule: Record<Occasion | 'forcedStep' | 'isRequestDue' | 'countsTurn', () => number> & {
  after(step: number): number;
  isTraced(seen: number, quota: number): number;
  [cell: string]: unknown;
};

beforeAll(async () => {
  const wasm = await assembleLines(
    [
      "import { CELLS, Cells } from './cells';",
      "export { after, atOnce, atSlowPath, countsTurn, forcedStep, inGap, isRequestDue, isTraced, upcoming } from './collect/schedule';",
      ...OWN.map((cell) => `export const ${cell}: usize = CELLS + offsetof<Cells>('${cell}');`),
    ],
    ['--importMemory'],
  );
  memory = new WebAssembly.Memory({ initial: STATIC_BASE >> 16 });
  const host = { fail: () => {}, now: () => 0 };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {
    env: { memory },
    host,
  });
  schedule = exports as unknown as typeof schedule;
});

/** The same sequence each time, from a seed: numbers from 0 up to, not including, `below`. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Small numbers in the cells that the table asks for, by chance. */
function scatter(random: (below: number) => number): void {
  const view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer, TOP, CELLS_END - TOP).fill(0);
  const put = (cell: number, values: readonly number[]) =>
    view.setUint32(cell, values[random(values.length)] ?? 0, true);
  const own = (name: string) => Number((schedule[name] as WebAssembly.Global).value);
  view.setUint32(REGION, REGION_HEAP, true);
  put(SUPPRESSED, [0, 0, 0, 1]);
  put(STRESS, [0, 0, 0, STRESS_EAGER, STRESS_COLLECT]);
  put(IN_FRAME, [0, 1]);
  put(STATS_PHASE, [PHASES.idle, ...Object.values(PHASES)]);
  put(STATS_YOUNG_BYTES, [0, 1, 300 << 10, 3 << 20]);
  put(STATS_LIVE_BYTES, [0, 20 << 20]);
  put(STATS_REMEMBERED, [0, 0, 1]);
  put(STATS_TRACING, [0, 0, 0, 1]);
  put(CYCLE_START, [0, 10 << 20, 30 << 20]);
  put(YOUNG_START, [0, 0, 2 << 20]);
  put(FORCED_STAGE, [0, 0, 1, 2, 3]);
  for (const name of OWN) put(own(name), [0, 0, 0, 1, 2]);
  put(own('forcedWishes'), [0, 1, 3, 7]);
}

test('asking changes nothing, and every step is the answer to something', () => {
  const random = numbersFrom(1);
  const answers = new Map<string, Set<string>>();
  const note = (occasion: string, answer: string | undefined) => {
    const known = answers.get(occasion) ?? new Set();
    answers.set(occasion, known.add(answer ?? 'none'));
  };
  for (let i = 0; i < 3000; i++) {
    scatter(random);
    const before = Buffer.from(new Uint8Array(memory.buffer).slice(0, 0x20000));
    for (const occasion of Object.keys(OCCASIONS) as Occasion[]) note(occasion, STEPS[schedule[occasion]()]);
    for (const step of STEPS.keys()) note('after', STEPS[schedule.after(step)]);
    note('forced', FORCED[schedule.forcedStep()]);
    schedule.isRequestDue();
    schedule.countsTurn();
    schedule.isTraced(random(1 << 20), random(1 << 20));
    expect(before.equals(Buffer.from(memory.buffer, 0, before.length))).toBe(true);
  }
  const found = (occasion: string) => [...(answers.get(occasion) ?? [])].sort();
  for (const [occasion, steps] of Object.entries(OCCASIONS))
    expect(found(occasion)).toEqual([...steps].sort());
  expect(found('after')).toEqual(['cycle', 'full', 'nothing']);
  expect(found('forced')).toEqual([...FORCED].sort());
});

test('while suppressed nothing runs, on whatever occasion', () => {
  const random = numbersFrom(2);
  for (let i = 0; i < 500; i++) {
    scatter(random);
    new DataView(memory.buffer).setUint32(SUPPRESSED, 1, true);
    expect([schedule.atSlowPath(), schedule.atOnce(), schedule.inGap(), schedule.isRequestDue()]).toEqual([
      0, 0, 0, 0,
    ]);
  }
});

test.each([
  [0, 256 << 10],
  [64 << 10, 64 << 10],
  [2 << 20, 2 << 20],
])('with a trigger of %i a gap collects what is young beyond %i bytes', (start, bytes) => {
  const view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer, TOP, CELLS_END - TOP).fill(0);
  view.setUint32(REGION, REGION_HEAP, true);
  view.setUint32(YOUNG_START, start, true);
  view.setUint32(Number((schedule.youngBlocks as WebAssembly.Global).value), 1, true);
  // Enough is old for no cycle.
  view.setUint32(CYCLE_START, 1 << 30, true);
  const inGap = [bytes, bytes + 1].map((young) => {
    view.setUint32(STATS_YOUNG_BYTES, young, true);
    return STEPS[schedule.inGap()];
  });
  expect(inGap).toEqual(['nothing', 'young']);
});

const KIB = 1 << 10;
const MIB = 1 << 20;

test.each([
  [0, 1024 * MIB, 2 * MIB],
  [64 * KIB, 1024 * MIB, 2 * MIB],
  [200 * KIB, 1024 * MIB, 6400 * KIB],
  [MIB, 1024 * MIB, 16 * MIB],
  [512 * MIB, 1024 * MIB, 16 * MIB],
  [MIB, 128 * MIB, 8 * MIB],
  [MIB, 16 * MIB, 2 * MIB],
])(
  'where %i bytes survived and %i may be had, mid-run collects what is young beyond %i',
  (survived, limit, bytes) => {
    const view = new DataView(memory.buffer);
    new Uint8Array(memory.buffer, TOP, CELLS_END - TOP).fill(0);
    view.setUint32(REGION, REGION_HEAP, true);
    view.setUint32(STATS_YOUNG_SURVIVED, survived, true);
    view.setUint32(Number((schedule.blocksLimit as WebAssembly.Global).value), limit / BLOCK_SIZE, true);
    const atSlowPath = [bytes, bytes + 1].map((young) => {
      view.setUint32(STATS_YOUNG_BYTES, young, true);
      return STEPS[schedule.atSlowPath()];
    });
    expect(atSlowPath).toEqual(['nothing', 'young, all']);
  },
);
