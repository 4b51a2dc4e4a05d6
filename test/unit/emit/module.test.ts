import binaryen from 'binaryen';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

const TEXT = `
  (defglobal mut *score* : i64 7)
  (defglobal *names* : (Vector String) ["a" "b"])
  (extern "stage" (defn play ((name : String)) : Unit))
  (pub defn run ((n : i64)) : i64 (play "x") (set! *score* (+ n *score*)) (/ *score* n))`;

async function image(mode: 'development' | 'release', text = TEXT): Promise<Image> {
  const { image: made } = await compile([new Source('test.slu', text)], { mode });
  if (made === undefined) throw new Error('the program has errors');
  return made;
}

const imports = (i: Image) =>
  WebAssembly.Module.imports(new WebAssembly.Module(i.wasm as BufferSource)).map(
    (x) => `${x.module}.${x.name}`,
  );
const exports = (i: Image) =>
  WebAssembly.Module.exports(new WebAssembly.Module(i.wasm as BufferSource)).map((x) => x.name);

describe('a development image', () => {
  let made: Image;
  beforeAll(async () => {
    made = await image('development');
  });

  test('imports the heap, the memory, and where its data and cells are', () => {
    expect(imports(made)).toEqual(
      expect.arrayContaining(['env.memory', 'env.table', 'link.statics', 'cell.test.*score*#0']),
    );
    expect(imports(made).some((name) => name.startsWith('heap.'))).toBe(true);
  });

  test('imports each extern under its module', () => {
    expect(imports(made)).toContain('extern:stage.play');
    expect(made.manifest.externs.map((e) => e.name)).toEqual(['play']);
  });

  test('exports an initialiser for each global', () => {
    expect(exports(made)).toEqual(
      expect.arrayContaining(['sluice:global:test.*score*', 'sluice:global:test.*names*', 'run']),
    );
  });

  test('has no mutable WebAssembly global, so that it can be instantiated on another memory', () => {
    const kinds = WebAssembly.Module.exports(new WebAssembly.Module(made.wasm as BufferSource)).map(
      (e) => e.kind,
    );
    expect(kinds).not.toContain('global');
  });

  test('knows where in the script code can fail', () => {
    const lines = made.manifest.sites.map((s) => `${s.file}:${s.line}`);
    expect(lines).toContain('test.slu:5');
  });

  test('maps code back to the script', () => {
    // The first is no script's: Binaryen leaves the beginning of that one out.
    expect(JSON.parse(made.sourceMap)).toMatchObject({ version: 3, sources: ['', 'test.slu'] });
  });
});

describe('a release image', () => {
  let made: Image;
  beforeAll(async () => {
    made = await image('release');
  });

  test('holds the heap and imports nothing of it', () => {
    expect(imports(made).filter((name) => /^(heap|link\.statics|cell)/.test(name))).toEqual([]);
    expect(exports(made)).toEqual(expect.arrayContaining(['heap:collect', 'heap:verify', 'run']));
  });

  test('fixes the address of every global', () => {
    for (const global of made.manifest.globals)
      for (const cell of global.cells) expect(cell.address).toBeGreaterThan(0);
  });
});

test('the same source returns the same bytes', async () => {
  expect(await image('development')).toEqual(await image('development'));
});

test('copies of a generic function that come out the same are one function in a release image', async () => {
  const made = await image(
    'release',
    `(defstruct A (n : i64))
     (defstruct B (m : i64) (k : i64))
     (defn pick (xs i)
       (let ((mut j i)) (while (>= j (len xs)) (set! j (- j (len xs)))) (nth xs j)))
     (pub defn a ((xs : (Vector A)) (i : i64)) : i64 (+ (.n (pick xs i)) (.n (pick xs (+ i 1)))))
     (pub defn b ((xs : (Vector B)) (i : i64)) : i64 (+ (.k (pick xs i)) (.k (pick xs (+ i 1)))))`,
  );
  const module = binaryen.readBinary(made.wasm);
  const names = Array.from(
    { length: module.getNumFunctions() },
    (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)).name,
  );
  module.dispose();
  expect(names.filter((name) => name.includes('pick'))).toHaveLength(1);
});
