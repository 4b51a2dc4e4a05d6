/** Programs in Sluice, compiled for release as games are, with the watch on, and run on a machine of their own. */
import { readFileSync } from 'node:fs';
import type { Image } from '../../../scripting/image/index.ts';
import { Machine, type MachineOptions } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { type CompileOptions, compile } from '../../../scripting/tools/index.ts';

/** Throws with all diagnostics where the program does not compile. */
export async function loadSluice(file: string, options: MachineOptions = {}): Promise<Machine> {
  return runSluice(await compileSluice(file, 'release'), options);
}

/** Throws with all diagnostics where the program does not compile. */
export async function compileSluice(file: string, mode: CompileOptions['mode']): Promise<Image> {
  const source = new Source(file, readFileSync(file, 'utf8'));
  const { image, diagnostics } = await compile([source], { mode });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

/** A machine with the program on it. */
export function runSluice(image: Image, options: MachineOptions = {}): Promise<Machine> {
  // A round may take as long as it takes.
  const unlimited = { timeLimit: Number.POSITIVE_INFINITY };
  return Machine.create(image, { output: (text) => process.stdout.write(text), ...unlimited, ...options });
}
