/** Programs in Sluice, compiled for release as games are, with the watch on, and run on a machine of their own. */
import { readFileSync } from 'node:fs';
import { Machine, type MachineOptions } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

/** Throws with all diagnostics where the program does not compile. */
export async function loadSluice(file: string, options: MachineOptions = {}): Promise<Machine> {
  const source = new Source(file, readFileSync(file, 'utf8'));
  const { image, diagnostics } = await compile([source], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  // A round may take as long as it takes.
  const unlimited = { timeLimit: Number.POSITIVE_INFINITY };
  return Machine.create(image, { output: (text) => process.stdout.write(text), ...unlimited, ...options });
}
