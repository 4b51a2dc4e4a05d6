/**
 * The classes that say how memory is laid out: where AssemblyScript puts their fields, that the cells follow one another
 * without a gap, and that it is noticed where `layout.ts` says something else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { beforeAll, describe, expect, test } from 'vitest';
import * as layout from '../../scripting/heap/index.ts';
import { assembleLines, DIRECT_FIELDS, ROOT } from './assemble.ts';

/** Where the heap's own cells begin, as `cells.ts` has it. */
const OWN_CELLS = 0x1f0;

interface Field {
  readonly name: string;
  readonly bytes: number;
  /** From the start of the class. */
  readonly offset: number;
}

const BYTES: Readonly<Record<string, number>> = { u32: 4, i32: 4, f32: 4, usize: 4, u64: 8, f64: 8 };

/** The cells' classes, the file they are in, where they begin, and what the names of such as are shared begin with. */
const CELLS = [
  { name: 'SharedCells', file: 'shared-cells', start: layout.TOP, prefix: '' },
  { name: 'Statistics', file: 'shared-cells', start: layout.STATS, prefix: 'STATS_' },
  { name: 'Verdict', file: 'shared-cells', start: layout.VERIFY_CODE, prefix: 'VERIFY_' },
  { name: 'ForcedCells', file: 'shared-cells', start: layout.FORCED_PROGRESS, prefix: 'FORCED_' },
  { name: 'Cells', file: 'cells', start: OWN_CELLS, prefix: undefined },
];

/** Names and types of a class's fields, as they are written down. */
function written(name: string, file: string): { readonly name: string; readonly bytes: number }[] {
  const text = readFileSync(join(ROOT, `scripting/heap/${file}.ts`), 'utf8');
  const body = text.slice(text.indexOf(`class ${name} {`)).split('\n}\n')[0] ?? '';
  return [...body.matchAll(/^ {2}(\w+): (\w+);/gm)].map(([, field = '', type = '']) => ({
    name: field,
    bytes: BYTES[type] ?? Number.NaN,
  }));
}

/** Where the compiler puts the fields of the cells' classes, and where the heap's own begin. */
async function compiled(): Promise<{ readonly start: number; readonly maps: ReadonlyMap<string, Field[]> }> {
  const all = CELLS.flatMap(({ name, file }) => written(name, file).map((field) => ({ of: name, ...field })));
  const wasm = await assembleLines(
    [
      "import { CELLS, Cells } from './cells';",
      "import { ForcedCells, SharedCells, Statistics, Verdict } from './shared-cells';",
      'export const start: usize = CELLS;',
      ...all.map(({ of, name }) => `export const ${of}_${name}: usize = offsetof<${of}>('${name}');`),
    ],
    [],
  );
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource));
  const value = (name: string) => Number((instance.exports[name] as WebAssembly.Global).value);
  const maps = new Map(
    CELLS.map(({ name: of }) => [
      of,
      all
        .filter((field) => field.of === of)
        .map(({ name, bytes }) => ({ name, bytes, offset: value(`${of}_${name}`) })),
    ]),
  );
  return { start: value('start'), maps };
}

const constant = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

describe('cells', () => {
  let start: number;
  let maps: ReadonlyMap<string, Field[]>;
  beforeAll(async () => {
    ({ start, maps } = await compiled());
  });

  test.each(CELLS)('of $name lie as they are written, without a gap', ({ name }) => {
    const fields = maps.get(name) ?? [];
    expect(fields.length).toBeGreaterThan(2);
    let next = 0;
    for (const { name: field, bytes, offset } of fields) {
      expect({ field, offset }).toEqual({ field, offset: next });
      next += bytes;
    }
  });

  test('are no two at one address, and end before the regions', () => {
    expect(start).toBe(OWN_CELLS);
    const ends = CELLS.map((each) => {
      const last = maps.get(each.name)?.at(-1);
      const from = each.start;
      return { from, to: from + (last?.offset ?? Number.NaN) + (last?.bytes ?? Number.NaN) };
    }).sort((a, b) => a.from - b.from);
    for (const [i, { to }] of ends.entries())
      expect(to).toBeLessThanOrEqual(ends[i + 1]?.from ?? layout.REGION_HEAP);
  });

  test('that are shared are where the compiler and the machine look for them', () => {
    const numbers: Readonly<Record<string, unknown>> = { ...layout };
    let found = 0;
    for (const { name, start: from, prefix } of CELLS)
      for (const { name: field, offset } of prefix === undefined ? [] : (maps.get(name) ?? [])) {
        const number = numbers[`${prefix}${constant(field)}`];
        if (number === undefined) continue;
        expect({ field, address: from + offset }).toEqual({ field, address: number });
        found++;
      }
    expect(found).toBeGreaterThan(40);
  });
});

/** The areas of memory, as `README.md` draws them; the head of `layout.ts` has two more. */
const AREAS: readonly number[] = [
  0,
  layout.TOP,
  OWN_CELLS,
  layout.REGION_HEAP,
  layout.CELLS_END,
  layout.BLOCK_TABLE,
  layout.SHADOW_STACK,
  layout.UNWIND_STACK,
  layout.MARK_STACK,
  layout.STATIC_BASE,
];

test.each([
  ['README.md', AREAS],
  ['layout.ts', [...AREAS, layout.INPUT, layout.POWERS_OF_TEN, layout.LETTERS]],
])('%s draws memory as it is', (file, areas) => {
  const text = readFileSync(join(ROOT, 'scripting/heap', file), 'utf8');
  const drawn = [...text.matchAll(/(?:^|\s)(?:0x[0-9a-f]{5,6})(?= {1,2}\w)/gm)].map(([hex]) => Number(hex));
  const numerically = (a: number, b: number) => a - b;
  expect(drawn.sort(numerically)).toEqual([...areas].sort(numerically));
});

describe('the check at the start of a checked heap', () => {
  /** Runs it with the numbers of `layout.ts`, one of them changed; what `host.fail` is told, if anything. */
  async function told(number?: RegExp, instead = ''): Promise<number[] | undefined> {
    const wasm = await assembleLines(
      ["export { checkOverlays } from './overlays';"],
      ['--importMemory'],
      (name, text) => {
        if (number === undefined || !name.endsWith('heap/layout.ts')) return text;
        expect(text).toMatch(number);
        return text.replace(number, instead);
      },
    );
    let numbers: number[] | undefined;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {
      env: { memory: new WebAssembly.Memory({ initial: 32 }) },
      host: {
        fail: (kind: number, _site: number, a: number, b: number) => {
          numbers ??= [kind, a, b];
        },
      },
    });
    (exports.checkOverlays as () => void)();
    return numbers;
  }

  test('finds nothing where the two agree', async () => {
    expect(await told()).toBeUndefined();
  });

  test.each([
    ['a cell', /SUPPRESSED = 0x60/, 'SUPPRESSED = 0x68', [layout.SUPPRESSED, 0x68]],
    ['a statistic', /(STATS_PHASE = STATS \+) 64/, '$1 60', [layout.STATS_PHASE, layout.STATS + 60]],
    ["a field of a block's header", /BLOCK_OWNER = 8/, 'BLOCK_OWNER = 12', [8, 12]],
    ["a field of an array's", /ARRAY_LENGTH = 4/, 'ARRAY_LENGTH = 8', [4, 8]],
    ['a size', /REGION_FRAME = 0x540/, 'REGION_FRAME = 0x520', [0x534, 0x520]],
  ])('notices that %s has moved', async (_what, number, instead, [found, said]) => {
    expect(await told(number, instead)).toEqual([layout.FAIL_BROKEN, found, said]);
  });
});

test('a field is read and written where that is asked for, without a call', async () => {
  const lines = [
    "import { BlockHeader } from './spaces/block-header';",
    'export function count(block: usize): void { BlockHeader.at(block).cards += BlockHeader.at(block).run; }',
  ];
  const calls = async (options: readonly string[]) => {
    const module = binaryen.readBinary(await assembleLines(lines, ['--debug', ...options]));
    const { value } = binaryen.getExportInfo(module.getExport('count'));
    const text = binaryen.emitText(binaryen.getFunctionInfo(module.getFunction(value)).body);
    module.dispose();
    return text.split('(call ').length - 1;
  };
  expect(await calls([])).toBeGreaterThan(2);
  expect(await calls(DIRECT_FIELDS)).toBe(0);
});
