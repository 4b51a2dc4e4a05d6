#!/usr/bin/env node
// The command line in a checkout: the bundle of the tools, or, where that is older than they are, the tools themselves, which
// are TypeScript that tsx lets Node import. (An installed package has a start of its own: `packaging/sluice.mjs`.)
import { pathToFileURL } from 'node:url';
import './short-run.mjs';
import { BUNDLE, isFresh } from './bundle.mjs';
import { start } from './start.mjs';

async function tools() {
  if (isFresh()) return import(pathToFileURL(BUNDLE).href);
  const { register } = await import('tsx/esm/api');
  // Loaded before tsx looks at what is imported: it would read through ten megabytes of generated code, for seconds.
  await import('binaryen');
  register();
  return import('./command-line.ts');
}

await start(await tools());
