import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stronglyConnectedComponents } from '../../scripting/types/index.ts';
import {
  CIRCLES,
  houseFiles,
  importGraph,
  importsOf,
  projectRoot,
  ROOMS,
  readHouseFile,
  wrongImports,
} from './house.ts';

const root = projectRoot(import.meta.url);

describe('the house', () => {
  const files = houseFiles(root);

  it('has every import pointing the right way, and past no index', () => {
    expect(files.flatMap((file) => wrongImports(file, readHouseFile(root, file)))).toEqual([]);
  });

  it('has every script room in the table', () => {
    const folders = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    const unknown = [...folders].filter((folder) => folder.startsWith('scripting/') && !(folder in ROOMS));
    expect(unknown).toEqual([]);
  });

  it('has circles only where a reason for one is written down, and none between folders', () => {
    const graph = importGraph(root, files);
    const circles = stronglyConnectedComponents(files, (file) => graph.get(file) ?? []).filter(
      (circle) => circle.length > 1,
    );
    const folders = circles.map((circle) => [...new Set(circle.map((file) => posix.dirname(file)))]);
    expect(folders.filter((among) => among.length > 1)).toEqual([]);
    // A reason for what is no more is none.
    expect([...new Set(folders.flat())].sort()).toEqual(Object.keys(CIRCLES).sort());
  });

  it('is read at all: the check sees files and imports', () => {
    expect(files).toContain('scripting/machine/machine.ts');
    expect(importsOf('a.ts', readHouseFile(root, 'scripting/machine/machine.ts')).length).toBeGreaterThan(5);
  });
});

describe('the check', () => {
  const planted: readonly [what: string, file: string, text: string, complaint: string][] = [
    [
      'a stage that imports a later one',
      'scripting/syntax/reader.ts',
      "import { check } from '../types/index.ts';",
      'scripting/syntax/reader.ts:1: scripting/syntax must not import scripting/types',
    ],
    [
      'a machine that imports a compiler stage, if only for a type',
      'scripting/machine/machine.ts',
      "\nimport type { Source } from '../syntax/index.ts';",
      'scripting/machine/machine.ts:2: scripting/machine must not import scripting/syntax',
    ],
    [
      'an engine that loads the compiler late',
      'engine/loop/loop.ts',
      "const tools = await import('../../scripting/tools/index.ts');",
      'engine/loop/loop.ts:1: engine must not import scripting/tools',
    ],
    [
      'a re-export from past an index',
      'engine/index.ts',
      "export { Machine } from '../scripting/machine/machine.ts';",
      'engine/index.ts:1: ../scripting/machine/machine.ts reaches past the index of scripting/machine',
    ],
    [
      'a folder of the engine that reaches into another',
      'engine/loop/loop.ts',
      "import {\n  Measure,\n} from '../profile/recorder.ts';",
      'engine/loop/loop.ts:3: ../profile/recorder.ts reaches past the index of engine/profile',
    ],
    [
      'an inner room that imports a later one',
      'scripting/types/model/type.ts',
      "import { infer } from '../forms/index.ts';",
      'scripting/types/model/type.ts:1: model must not import forms',
    ],
    [
      'an inner room that imports what is above it',
      'scripting/types/solving/solve.ts',
      "import { check } from '../check.ts';",
      'scripting/types/solving/solve.ts:1: solving must not import what lies above it in scripting/types',
    ],
    [
      'a file outside of the house',
      'scripting/emit/module.ts',
      "import '../../test/unit/house.ts';",
      'scripting/emit/module.ts:1: ../../test/unit/house.ts lies in no room of the house',
    ],
  ];

  it.each(planted)('refuses %s', (_, file, text, complaint) => {
    expect(wrongImports(file, text)).toEqual([complaint]);
  });

  it('accepts earlier stages, packages, files of the same folder, and what a comment shows', () => {
    const text = `// import { a } from '../types/index.ts';
      /* import b from '../emit/index.ts'; */
      import binaryen from 'binaryen';
      import type { Source } from '../syntax/index.ts';
      import { x } from './other.ts';`;
    expect(wrongImports('scripting/macros/expand.ts', text)).toEqual([]);
  });
});
