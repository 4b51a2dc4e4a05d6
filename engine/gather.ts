/** Gathers what a game is made of before it runs. Where something of it cannot be had, or no game made of it, nothing is left. */
import type { Image, ScriptEvent } from '../scripting/image/index.ts';
import type { HostModules, Machine } from '../scripting/machine/index.ts';
import { missingFeatures } from './features.ts';
import { checkGameOptions, type GameSettings } from './game-options.ts';
import { GameInput } from './input/index.ts';
import { Displays, type Pictures, stageHost } from './pictures/index.ts';
import { FrameRecorder, profileHost } from './profile/index.ts';
import { fetchReloader, firstImage, type Reloader } from './reload/index.ts';
import { runScene } from './scene.ts';
import { GamePictures, Stage } from './stage/index.ts';
import type { Trouble } from './trouble.ts';

export interface GivenParts<Exports extends object> {
  readonly stage: Stage;
  readonly pictures: GamePictures;
  readonly input: GameInput;
  readonly trouble: Trouble;
  readonly recorder: FrameRecorder;
  /** What the modules of the library call, for a machine whose script makes these display objects. */
  readonly host: (displays: Displays) => HostModules;
  /** Undefined for a script that stays as it is. */
  readonly Reloader: typeof Reloader | undefined;
  /** What the script became while the game was starting. */
  readonly newest: ScriptEvent | undefined;
  /** What the scene runs, whole: patches come without the heap's own code, and a restart needs it. */
  image: Image;
  machine: Machine<Exports>;
}

/**
 * Returns what `make` makes of the parts; rejects as `Game.start` does. The options' signal is looked at after each step, none of which takes
 * long but for the wait for an image.
 */
export async function gather<Exports extends object, Made>(
  options: GameSettings<Exports>,
  trouble: Trouble,
  make: (parts: GivenParts<Exports>) => Made,
): Promise<Made> {
  let stage: Stage | undefined;
  let pictures: GamePictures | undefined;
  let newest: ScriptEvent | undefined;
  let unsubscribe = () => {};
  try {
    const lack = missingFeatures();
    if (lack !== undefined) throw new Error(lack);
    checkGameOptions(options);
    const { signal } = options;
    signal?.throwIfAborted();
    unsubscribe = options.script.subscribe((event) => {
      if (event.kind !== 'images') newest = event;
    });
    const image = await firstImage(options.script, trouble.overlay, signal);
    signal?.throwIfAborted();
    trouble.developing = image.manifest.mode === 'development';
    const Reloader = await fetchReloader(options.script);
    signal?.throwIfAborted();
    const input = new GameInput(options.input);
    const failed = (error: unknown): void => trouble.hear({ error, where: 'images', count: 1 });
    pictures = await GamePictures.load({ ...options, failed });
    signal?.throwIfAborted();
    const recorder = new FrameRecorder();
    const host = hostOf(input, pictures.pictures, recorder);
    const displays = new Displays();
    const machine = await runScene(image, options, host(displays), trouble);
    signal?.throwIfAborted();
    stage = await Stage.create(options, machine, pictures, displays);
    signal?.throwIfAborted();
    return make({ image, machine, stage, pictures, input, trouble, recorder, host, newest, Reloader });
  } catch (error) {
    stage?.destroy();
    pictures?.destroy();
    throw error;
  } finally {
    unsubscribe();
  }
}

const hostOf =
  (input: GameInput, pictures: Pictures, recorder: FrameRecorder) =>
  (displays: Displays): HostModules => ({
    ...input.host,
    ...stageHost(pictures, displays),
    ...profileHost((name) => recorder.mark(name)),
  });
