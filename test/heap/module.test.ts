import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { describe, expect, test } from 'vitest';
import { BLOCK_SIZE, CELLS_END, POWERS_OF_TEN, STATIC_BASE } from '../../scripting/heap/index.ts';
import { RUNTIME } from '../../scripting/ir/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';

const BYTES = readFileSync(new URL('../../build/heap.wasm', import.meta.url));
const MODULE = new WebAssembly.Module(BYTES);

describe('heap.wasm', () => {
  test('imports its memory and what the machine supplies, nothing else', () => {
    const allowed = ['env.memory', 'host.fail', 'host.print', 'host.time', 'host.now'];
    for (const { module, name } of WebAssembly.Module.imports(MODULE))
      expect(allowed).toContain(`${module}.${name}`);
  });

  test('exports every function that compiled code may call', () => {
    const names = WebAssembly.Module.exports(MODULE).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(RUNTIME)));
  });

  test('takes and returns what the compiler thinks it does', () => {
    const module = binaryen.readBinary(BYTES);
    const types = new Map([
      [binaryen.i32, 'i32'],
      [binaryen.i64, 'i64'],
      [binaryen.f32, 'f32'],
      [binaryen.f64, 'f64'],
      [binaryen.none, 'none'],
    ]);
    const plain = (rep: string) => (rep === 'ref' ? 'i32' : rep);
    for (const [name, { params, result }] of Object.entries(RUNTIME)) {
      const { value } = binaryen.getExportInfo(module.getExport(name));
      const info = binaryen.getFunctionInfo(module.getFunction(value));
      expect(binaryen.expandType(info.params).map((type) => types.get(type))).toEqual(params.map(plain));
      expect(types.get(info.results)).toBe(plain(result));
    }
    module.dispose();
  });

  test('keeps its constants between the cells and the powers of ten', () => {
    // Before the first float is printed nothing but the module's own data lies there.
    const { memory } = new HeapUnderTest();
    const bytes = new Uint8Array(memory.buffer);
    expect(bytes.slice(CELLS_END, POWERS_OF_TEN).some((byte) => byte !== 0)).toBe(true);
    expect(bytes.slice(POWERS_OF_TEN - 256, POWERS_OF_TEN + 256).every((byte) => byte === 0)).toBe(true);
  });

  test('gives the first static memory at the place where a release build expects it', () => {
    const memory = new WebAssembly.Memory({ initial: STATIC_BASE / BLOCK_SIZE });
    const host = { fail: () => {}, print: () => {}, time: () => 0, now: () => 0 };
    const { exports } = new WebAssembly.Instance(MODULE, { env: { memory }, host });
    const heap = exports as unknown as HeapUnderTest['heap'];
    heap.initialise(0);
    expect(heap.allocateStatic(1)).toBe(STATIC_BASE);
    expect(heap.allocateStatic(3 * BLOCK_SIZE)).toBe(STATIC_BASE + BLOCK_SIZE);
    expect(heap.allocateStatic(1)).toBe(STATIC_BASE + 4 * BLOCK_SIZE);
  });
});
