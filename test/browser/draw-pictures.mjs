// The start of `npm run pictures`: TypeScript, which tsx lets Node import as it is.
import { register } from 'tsx/esm/api';

// Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
await import('binaryen');
register();
await import('./stutter-pictures.ts');
