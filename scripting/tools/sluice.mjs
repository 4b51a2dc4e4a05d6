#!/usr/bin/env node
// The command line's start: the tools are TypeScript, which tsx lets Node import as it is.
import { register } from 'tsx/esm/api';

// Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
await import('binaryen');
register();
// Whoever read our output may stop, as `head` does: then there is nobody left to write for.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const { main } = await import('./command-line.ts');
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
