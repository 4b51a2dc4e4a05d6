/**
 * A game in a page: puts the parts together, and keeps them together when the scene restarts. What a demo needs is
 *
 *     import script from './physics.slu';
 *     const game = await Game.start({ script, parent, width: 960, height: 600 });
 *     game.addCircles('*circles*');
 */
import { STATS_COLLECTIONS, SUPPRESSED } from '../scripting/heap/index.ts';
import type { Image, ScriptModule, Undeclared } from '../scripting/image/index.ts';
import { type HostModules, Machine } from '../scripting/machine/index.ts';
import { pageClock } from './clock.ts';
import { missingFeatures, pendingInput } from './features.ts';
import { GapScheduler, type LimitOptions } from './gap/index.ts';
import { InputPage, listen } from './input/index.ts';
import {
  type CollectOptions,
  type CollectOutcome,
  Loading,
  type LoadOptions,
  type Report,
} from './loading/index.ts';
import { Loop, PageDriver } from './loop/index.ts';
import { FrameRecorder, Panels } from './profile/index.ts';
import { firstImage, Overlay, Reloader, type ReloadTarget } from './reload/index.ts';
import { Circles, Stage, type StageOptions } from './stage/index.ts';

export interface GameOptions<Exports extends object = Undeclared, Host extends object = HostModules>
  extends StageOptions {
  readonly script: ScriptModule<Exports, Host>;
  /** Functions that the script declares as externs, by module and name. */
  readonly host?: Host;
  /** Bytes that the script's memory may grow to, and of its nursery: see `MachineOptions`. */
  readonly hardLimit?: number;
  readonly nursery?: number;
  /** How the collector is paced: soft limit, budget, guaranteed share. */
  readonly gap?: LimitOptions;
  /** Called in each frame before the script, when the input of the frame is known. */
  readonly beforeScript?: (game: Game<Exports>) => void;
  /** Called when the scene has been restarted: whatever the page told the script before is forgotten. */
  readonly onRestart?: (game: Game<Exports>) => void;
}

/** `Exports` are the script's functions, where `sluice types` or the Vite plugin has declared them. */
export class Game<Exports extends object = Undeclared> {
  readonly loop: Loop;
  readonly stage: Stage;
  readonly input = new InputPage();
  readonly recorder = new FrameRecorder();
  readonly panels = new Panels(this.recorder);
  /** Scenes started so far, and how often new code was swapped in while a scene went on. */
  scenes = 1;
  replacements = 0;
  readonly #options: GameOptions<Exports, object>;
  readonly #overlay: Overlay;
  readonly #driver: PageDriver;
  readonly #circles: Circles[] = [];
  readonly #ended = new AbortController();
  /** The heap's own code: patches come without it, and a restart needs it. */
  readonly #heap: Uint8Array | undefined;
  readonly #loading: Loading;
  #machine: Machine<Exports>;

  /**
   * Starts the game. Where the script does not compile, its errors are shown and the game starts when they are mended.
   * Rejects where this browser cannot run the game or the script's `start` fails; the page says so too.
   */
  static async start<Exports extends object, Host extends object>(
    options: GameOptions<Exports, Host>,
  ): Promise<Game<Exports>> {
    const overlay = new Overlay();
    try {
      const lack = missingFeatures();
      if (lack !== undefined) throw new Error(lack);
      const image = await firstImage(options.script, overlay);
      const machine = await runScene(image, options, overlay);
      const stage = await Stage.create(options);
      return new Game(options, image, machine, stage, overlay);
    } catch (error) {
      overlay.fail('The game could not start', error);
      throw error;
    }
  }

  private constructor(
    options: GameOptions<Exports, object>,
    image: Image,
    machine: Machine<Exports>,
    stage: Stage,
    overlay: Overlay,
  ) {
    this.#options = options;
    this.#heap = image.heap;
    this.#machine = machine;
    this.#overlay = overlay;
    this.stage = stage;
    const inputPending = pendingInput();
    const gap = new GapScheduler(pageClock, this.recorder, {
      ...options.gap,
      ...(inputPending !== undefined && { inputPending }),
    });
    gap.adopt(machine);
    this.loop = new Loop({ machine, clock: pageClock, recorder: this.recorder, gap });
    this.#loading = new Loading(this.loop, () => this.#machine);
    this.loop.input = { run: () => this.#takeInput() };
    this.loop.reload = new Reloader(options.script, this.#reloadTarget());
    this.loop.stage = stage;
    this.loop.observer = this.panels;
    listen(this.input, stage.canvas, stage.placePointer, this.#ended.signal);
    this.#driver = new PageDriver(this.loop);
    this.#driver.start();
  }

  /** The running program. Another one after the scene was restarted. */
  get machine(): Machine<Exports> {
    return this.#machine;
  }

  /** Draws a global vector of circles, as `Circles` describes it, above what is on the stage already. */
  addCircles(global: string): Circles {
    const circles = new Circles(this.#machine, global);
    this.#circles.push(circles);
    this.stage.scene.addChild(circles.mesh);
    this.stage.updates.push(() => circles.update());
    return circles;
  }

  /** While true, the script stands still; drawing and the gap go on. */
  get paused(): boolean {
    return this.loop.paused;
  }

  set paused(paused: boolean) {
    this.loop.paused = paused;
    this.loop.interval.interrupt();
  }

  /** Keeps the collector out until as many `resume`s have followed. Memory grows meanwhile. */
  suppress(): void {
    this.#machine.suppress();
  }

  /** Takes one `suppress` back; without one it does nothing. */
  resume(): void {
    if (this.suppressions > 0) this.#machine.resume();
  }

  /** A full collection now, in slices between which the browser draws: see `Loading.collect`. */
  collect(options: CollectOptions = {}): Promise<CollectOutcome> {
    return this.#loading.collect(options);
  }

  /**
   * Loads a level: collection is suppressed and the script's frames stand still until `load` is done and a full moving
   * collection has followed. See `Loading.run`.
   */
  loading<T>(load: (report: Report) => T | Promise<T>, options: LoadOptions = {}): Promise<T> {
    return this.#loading.run(load, options);
  }

  /** Collections that the running scene's heap has finished. */
  get collections(): number {
    return this.#machine.statistic(STATS_COLLECTIONS);
  }

  /** How many suppressions are open. */
  get suppressions(): number {
    return this.#machine.statistic(SUPPRESSED);
  }

  /** Ends the game and removes it from the page. */
  end(): void {
    this.#driver.stop();
    this.#ended.abort();
    this.#overlay.remove();
    this.stage.destroy();
  }

  #takeInput(): void {
    this.input.publish(this.#machine.memory);
    this.#options.beforeScript?.(this);
  }

  #reloadTarget(): ReloadTarget {
    const game = this;
    return {
      get machine() {
        return game.#machine;
      },
      restart: (image, reason) => void this.#restart(image, reason),
      showProblems: (problems) => this.#overlay.show(problems, true),
      clearProblems: () => this.#overlay.clear(),
      replaced: () => {
        this.replacements += 1;
      },
      report: (error) =>
        this.#overlay.fail('The new code could not be used; the last good code goes on', error),
    };
  }

  /** Until the new scene stands, the old one goes on; where the new one cannot start, it goes on for good. */
  async #restart(patch: Image, reason: string): Promise<void> {
    const heap = patch.heap ?? this.#heap;
    const image: Image = heap === undefined ? patch : { ...patch, heap };
    try {
      const machine = await runScene(image, this.#options, this.#overlay);
      for (const circles of this.#circles) circles.attach(machine);
      this.#machine = machine;
      this.loop.machine = machine;
      this.loop.gap.close();
      this.scenes += 1;
      this.#options.onRestart?.(this);
      this.#overlay.notice(`The scene was restarted: ${reason}.`);
    } catch (error) {
      this.#overlay.fail('The scene could not be restarted; the last good code goes on', error);
    }
  }
}

/** Makes a machine for an image and starts the script's scene on it. */
async function runScene<Exports extends object>(
  image: Image,
  options: GameOptions<Exports, object>,
  overlay: Overlay,
): Promise<Machine<Exports>> {
  const machine: Machine = await Machine.create(image, {
    // What it must supply is in the script's declarations, by whose types the modules were given.
    ...(options.host !== undefined && { host: options.host as HostModules }),
    ...(options.hardLimit !== undefined && { hardLimit: options.hardLimit }),
    ...(options.nursery !== undefined && { nursery: options.nursery }),
    onFailure: (failure) => overlay.failure(failure),
  });
  if (machine.exports('start')) machine.call('start');
  return machine as Machine<object> as Machine<Exports>;
}
