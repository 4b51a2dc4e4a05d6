/** Scripts for tests, compiled and started in one step. */
import { STRESS_COLLECT, STRESS_POISON } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { Machine, type MachineOptions } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { type CompileOptions, compile } from '../../../scripting/tools/index.ts';

export const MODES = ['development', 'release'] as const;
export const STRESS = STRESS_COLLECT | STRESS_POISON;

/** Texts that were compiled for development, and their images: many tests begin with the same one, and none changes an image. */
const known = new Map<string, Promise<Image>>();
const MOST_KNOWN = 40;

/** Compiles a script named `game.slu`; throws its diagnostics where it has errors. */
export function imageOf(text: string, options?: CompileOptions): Promise<Image> {
  if (options !== undefined) return compiled(text, options);
  const image = known.get(text) ?? compiled(text, { mode: 'development' });
  // The last one that was asked for stands at the end.
  known.delete(text);
  known.set(text, image);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value as string);
  return image;
}

async function compiled(text: string, options: CompileOptions): Promise<Image> {
  const { image, diagnostics } = await compile([new Source('game.slu', text)], options);
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return image;
}

export interface Started {
  readonly machine: Machine;
  /** What the script has printed so far. */
  readonly printed: () => string;
}

export async function start(image: Image, options: MachineOptions = {}): Promise<Started> {
  let output = '';
  const machine = await Machine.create(image, {
    onFailure: () => undefined,
    ...options,
    output: (text) => {
      output += text;
    },
  });
  return { machine, printed: () => output };
}

/** What `body` throws. */
export function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
