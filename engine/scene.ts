import type { Image } from '../scripting/image/index.ts';
import { type HostModules, Machine } from '../scripting/machine/index.ts';
import type { GameSettings } from './game-options.ts';
import type { Trouble } from './trouble.ts';

/** Makes a machine for an image and starts the script's scene on it. */
export async function runScene<Exports extends object>(
  image: Image,
  options: GameSettings<Exports>,
  library: HostModules,
  trouble: Trouble,
): Promise<Machine<Exports>> {
  const { host, hardLimit, nursery, timeLimit } = options;
  const machine: Machine = await Machine.create(image, {
    // What the modules hold is in the script's declarations, by which the options were checked.
    host: { ...library, ...(host as HostModules | undefined) },
    ...(hardLimit !== undefined && { hardLimit }),
    ...(nursery !== undefined && { nursery }),
    ...(timeLimit !== undefined && { timeLimit }),
    onFailure: (failure) => trouble.hear(failure),
    // The first frame is drawn first.
    describeLater: true,
  });
  if (machine.exports('start')) machine.call('start');
  return machine as Machine<object> as Machine<Exports>;
}
