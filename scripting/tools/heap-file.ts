/** heap.wasm as the npm scripts build it, and the heap of checked builds. Needs Node. */
import { readFile } from 'node:fs/promises';

const FILES = {
  plain: new URL('../../build/heap.wasm', import.meta.url),
  checked: new URL('../../build/heap-checked.wasm', import.meta.url),
};

const loaded = new Map<URL, Promise<Uint8Array>>();

/** Reads a heap once. Rejects with a sentence that says what to do where it is not built. */
export function loadHeap(checked = false): Promise<Uint8Array> {
  const file = checked ? FILES.checked : FILES.plain;
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const reading = readFile(file).then(
    (bytes) => new Uint8Array(bytes),
    () => {
      loaded.delete(file);
      const name = checked ? 'heap-checked.wasm' : 'heap.wasm';
      throw new Error(`build/${name} is not there: \`npm run build:heap\` makes it`);
    },
  );
  loaded.set(file, reading);
  return reading;
}
