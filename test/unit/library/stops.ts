/**
 * Stops a call into a script at a place of one's choice: at its n-th look at the clock, at a depth of n steps, or at
 * its n-th allocation. With n = 0, 1, 2 ... until the call comes to its end, every place in it has been stopped at.
 *
 * A program knows nothing of this. Time is the fuel that a call has left, with a limit that has always passed when it is used
 * up; depth is the limit that the machine keeps in memory; for memory the heap has a cell.
 */
import { DEPTH_LIMIT, FUEL, SCARCE } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { type Machine, type MachineOptions, ScriptError } from '../../../scripting/machine/index.ts';
import { STRESS, start } from '../tools/script.ts';

export type Stop = 'time' | 'depth' | 'memory';

/** What a machine can be stopped by, and what it needs for that: where memory is to run out, no allocation is inlined. */
export const STOPS: readonly { readonly stops: readonly Stop[]; readonly options: MachineOptions }[] = [
  { stops: ['time', 'depth'], options: {} },
  { stops: ['memory'], options: { stress: STRESS } },
];

const PLENTY = 1 << 30;
const DEEP = 400 << 10;
/** No frame of a function is smaller, so no depth is passed over. */
const DEPTH_STEP = 96;
/** More places than any call of these tests has. */
const MOST_PLACES = 5000;

/** A machine whose calls end when their fuel is used up. It has plenty until `stopped` says otherwise. */
export async function stoppable(image: Image, options: MachineOptions): Promise<Machine> {
  const { machine } = await start(image, { timeLimit: -1, ...options });
  refill(machine);
  return machine;
}

/** Gives a machine plenty of everything. */
export function refill({ views }: Machine): void {
  views.setWord(FUEL, PLENTY);
  views.setWord(DEPTH_LIMIT, DEEP);
  views.setWord(SCARCE, 0);
}

/** Runs `body` so that it is stopped at its n-th place. What stopped it, or undefined where it came to its end before. */
export function stopped(machine: Machine, stop: Stop, n: number, body: () => void): ScriptError | undefined {
  const { views } = machine;
  if (stop === 'time') views.setWord(FUEL, n);
  else if (stop === 'depth') views.setWord(DEPTH_LIMIT, n * DEPTH_STEP);
  else views.setWord(SCARCE, n + 1);
  try {
    body();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return error;
  } finally {
    refill(machine);
  }
  return undefined;
}

/** Calls `run` with n = 0, 1, 2 ... until it says that nothing was stopped. Returns how many times something was. */
export function atEveryPlace(run: (n: number) => boolean): number {
  for (let n = 0; n < MOST_PLACES; n++) if (!run(n)) return n;
  throw new Error(`the call was still stopped at place ${MOST_PLACES}`);
}
