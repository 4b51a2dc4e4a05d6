/** heap.wasm as the npm scripts build it. Needs Node. */
import { readFile } from 'node:fs/promises';

const FILE = new URL('../../build/heap.wasm', import.meta.url);

let loaded: Promise<Uint8Array> | undefined;

/** Reads heap.wasm once. Rejects with a sentence that says what to do where it is not built. */
export function loadHeap(): Promise<Uint8Array> {
  loaded ??= readFile(FILE).then(
    (bytes) => new Uint8Array(bytes),
    () => {
      loaded = undefined;
      throw new Error('build/heap.wasm is not there: `npm run build:heap` makes it');
    },
  );
  return loaded;
}
