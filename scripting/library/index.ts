/** The library's sources. They are read as text, in Node from the disk, in a browser or worker from the server. */
import { Source } from '../syntax/index.ts';

/** The prelude, which the compiler takes as its first source. */
export const PRELUDE: Source = new Source(
  'sluice/prelude.slu',
  // Vite finds the file by this expression and serves or copies it.
  await textOf(new URL('./prelude.slu', import.meta.url)),
);

async function textOf(url: URL): Promise<string> {
  if (url.protocol !== 'file:') return (await fetch(url)).text();
  // Named by a variable, so that a bundler for the browser leaves it alone.
  const files = 'node:fs/promises';
  const { readFile } = (await import(/* @vite-ignore */ files)) as typeof import('node:fs/promises');
  return readFile(url, 'utf8');
}
