/** Compiles AssemblyScript in a test: the heap's sources, some of them changed, or a few lines that import them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The transform that `npm run build:heap` asks for. */
export const DIRECT_FIELDS: readonly string[] = [
  '--transform',
  join(ROOT, 'scripting/heap/direct-fields.mjs'),
];

/** What the compiler makes with these options. `change` is given each source, from the project's root, before it is read. */
export async function assemble(
  options: readonly string[],
  change: (name: string, text: string) => string = (_name, text) => text,
): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([...options, '--outFile', 'made.wasm'], {
    readFile: (name, base) => {
      try {
        return change(name, readFileSync(join(ROOT, base, name), 'utf8'));
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => null,
  });
  if (error !== null || binary === undefined) throw new Error(stderr.toString());
  return binary;
}

/** The same for a few lines of their own, which lie in the project's root. */
export async function assembleLines(
  lines: readonly string[],
  options: readonly string[],
  change: (name: string, text: string) => string = (_name, text) => text,
): Promise<Uint8Array> {
  // Some file that is there stands for the lines.
  const ENTRY = 'scripting/heap/index.ts';
  return assemble([ENTRY, '--runtime', 'stub', '--use', 'abort=', ...options], (name, text) =>
    name === ENTRY ? lines.join('\n') : change(name, text),
  );
}
