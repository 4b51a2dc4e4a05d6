/** Images for tests of the machine: WebAssembly text beside the real heap, without any compiler stage. */
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { type HostType, IMAGE_FORMAT, type Image, type Manifest } from '../../../scripting/image/index.ts';

const HEAP = new Uint8Array(readFileSync(new URL('../../../build/heap.wasm', import.meta.url)));

export const UNIT: HostType = { kind: 'unit' };
export const BOOL: HostType = { kind: 'bool' };
export const STRING: HostType = { kind: 'string' };
export const F64: HostType = { kind: 'number', type: 'f64' };
export const I32: HostType = { kind: 'number', type: 'i32' };
export const I64: HostType = { kind: 'number', type: 'i64' };
export const BODY: HostType = { kind: 'opaque', name: 'Body', key: 'Body' };
export const VEC2: HostType = {
  kind: 'value',
  name: 'Vec2',
  fields: [
    { name: 'x', type: F64 },
    { name: 'y', type: F64 },
  ],
};

export const IMPORTS = `
  (import "env" "memory" (memory 1 65535))
  (import "env" "table" (table 0 funcref))
  (import "host" "fail" (func $fail (param i32 i32 f64 f64)))
  (import "host" "print" (func $print (param i32 i32)))
  (import "host" "fuel" (func $fuel))
  (import "heap" "allocateArray" (func $allocateArray (param i32 i64) (result i32)))
  (import "heap" "openArena" (func $openArena (param i32 i32) (result i32)))
  (func (export "sluice:link"))`;

/** An image of a module's fields, which may use what `IMPORTS` declares. */
export function imageOf(fields: string, manifest: Partial<Manifest> = {}, imports = ''): Image {
  const module = binaryen.parseText(`(module ${imports} ${IMPORTS} ${fields})`);
  module.setFeatures(binaryen.Features.Multivalue | binaryen.Features.BulkMemory);
  binaryen.setDebugInfo(true);
  const { binary, sourceMap } = module.emitBinary('test.map');
  module.dispose();
  return {
    wasm: binary,
    heap: HEAP,
    sourceMap: sourceMap ?? '',
    manifest: {
      format: IMAGE_FORMAT,
      mode: 'development',
      files: ['test.slu'],
      exports: [],
      shapes: [],
      externs: [],
      globals: [],
      types: [],
      kept: { types: [], handles: [], functions: [], opensArenas: false },
      stages: ['frame'],
      layers: [],
      controls: [],
      sites: [],
      inlined: [],
      staticBytes: 0,
      tableSlots: 0,
      ...manifest,
    },
  };
}

/** A function's entry in a manifest, its parameters named `a`, `b`, ... */
export function entry(name: string, params: readonly HostType[], result: HostType) {
  return { name, params: params.map((type, i) => ({ name: 'abcdef'[i] ?? '?', type })), result };
}
