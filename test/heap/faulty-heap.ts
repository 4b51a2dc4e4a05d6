/** heap.wasm with one of its rules switched off. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What can be switched off: how it is called, its number, what is wrong then. */
export const FAULTS = [
  ...readFileSync(join(ROOT, 'scripting/heap/fault.ts'), 'utf8').matchAll(
    /(FAULT_\w+): u32 = (\d+); \/\/ (.*)/g,
  ),
].map(([, name = '', number = '', text = '']) => ({ name, number: Number(number), text }));

/** The heap with one rule off, as `scripting/heap/fault.ts` numbers them. Less optimised it is made sooner, and slower. */
export async function faultyHeap(fault: number, optimized = true): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options = [
    ...['--config', 'scripting/heap/asconfig.json', '--target', 'release', '--outFile', 'heap.wasm'],
    ...['--use', `SLUICE_FAULT=${fault}`],
    ...(optimized ? [] : ['--optimizeLevel', '1']),
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (name, base) => {
      try {
        return readFileSync(join(ROOT, base, name), 'utf8');
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
