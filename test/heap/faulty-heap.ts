/** heap.wasm with one of its rules switched off. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { assemble, DIRECT_FIELDS, ROOT } from './assemble.ts';

/** What can be switched off: how it is called, its number, what is wrong then. */
export const FAULTS = [
  ...readFileSync(join(ROOT, 'scripting/heap/fault.ts'), 'utf8').matchAll(
    /(FAULT_\w+): u32 = (\d+); \/\/ (.*)/g,
  ),
].map(([, name = '', number = '', text = '']) => ({ name, number: Number(number), text }));

/** Of `fault.ts`, the line that says which rule is off, and what stands for it here: a number that is known later. */
const CHOICE = /export const FAULT: u32 = .*;/;
const LATER = '@external("fault", "number")\nexport declare const FAULT: u32;';

/** heap.wasm with every rule in it, before it is said which one is off: compiling takes seconds, so it is done once. */
let undecided: Promise<Uint8Array> | undefined;

async function compile(): Promise<Uint8Array> {
  return assemble(
    ['--config', 'scripting/heap/asconfig.json', '--target', 'release', ...DIRECT_FIELDS],
    (name, text) => (name.endsWith('heap/fault.ts') ? text.replace(CHOICE, LATER) : text),
  );
}

/** The heap with one rule off, as `scripting/heap/fault.ts` numbers them. */
export async function faultyHeap(fault: number): Promise<Uint8Array> {
  undecided ??= compile();
  const module = binaryen.readBinary(await undecided);
  try {
    for (let i = 0; i < module.getNumGlobals(); i++) {
      const { name, module: from, type } = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
      if (from !== 'fault') continue;
      module.removeGlobal(name);
      module.addGlobal(name, type, false, module.i32.const(fault));
      return module.emitBinary();
    }
    throw new Error('the heap has no rules that can be switched off');
  } finally {
    module.dispose();
  }
}
