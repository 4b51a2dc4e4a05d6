/**
 * Every module is given a name of its own before it is compiled, so that a frame of a native stack trace says which module it lies in: after
 * a reload, code of several generations runs side by side and their offsets mean different things. A built page's have theirs already.
 */
import { nameModule } from '../image/index.ts';

let generation = 0;

/** The module under a name that none of this process has had. */
export function named(
  kind: string,
  wasm: Uint8Array,
): { readonly name: string; readonly wasm: Uint8Array<ArrayBuffer> } {
  generation += 1;
  const name = `${kind}-${generation}`;
  return { name, wasm: nameModule(wasm, name) };
}
