/** What a command compiles is run by it as anywhere else, though V8 was told by `short-run.mjs` to leave the compiler's own code alone. */
import { setFlagsFromString } from 'node:v8';

/** V8's own budget for WebAssembly, in bytes executed by a function before it is optimised. */
const BUDGET = 1_800_000;

/** From now on modules are optimised as usual; those that are there already stay as they are. */
export function optimiseScripts(): void {
  setFlagsFromString(`--wasm-tiering-budget=${BUDGET}`);
}
