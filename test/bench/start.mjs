// The start of `npm run bench`: the benchmarks are TypeScript, which tsx lets Node import as it is.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { register } from 'tsx/esm/api';

// For `memory`, which has to know what is left in V8 after a collection. Only contexts made afterwards have `gc`.
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc');
// Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
await import('binaryen');
register();
await import('./index.ts');
