// The start of `npm run bench`: the benchmarks are TypeScript, which tsx lets Node import as it is.
import { setFlagsFromString } from 'node:v8';
import { register } from 'tsx/esm/api';

// For `memory`, which has to know what is left in V8 after a collection.
setFlagsFromString('--expose-gc');
// Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
await import('binaryen');
register();
await import('./index.ts');
