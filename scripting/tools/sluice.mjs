#!/usr/bin/env node
// The command line's start: the bundle of the tools, or, where that is older than they are, the tools themselves, which are
// TypeScript that tsx lets Node import.
import { pathToFileURL } from 'node:url';
import './short-run.mjs';
import { BUNDLE, isFresh } from './bundle.mjs';

async function tools() {
  if (isFresh()) return import(pathToFileURL(BUNDLE).href);
  const { register } = await import('tsx/esm/api');
  // Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
  await import('binaryen');
  register();
  return import('./command-line.ts');
}

// Whoever read our output may stop, as `head` does: then there is nobody left to write for.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const { main } = await tools();
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
