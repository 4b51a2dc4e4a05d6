/**
 * A game in a page: puts the parts together, and keeps them together when the scene restarts. What a demo needs is
 *
 *     import script from './physics.slu';
 *     const game = await Game.start({ script, parent, width: 960, height: 600 });
 *     game.add(new Circles('*circles*'));
 */
import { STATS_COLLECTIONS, SUPPRESSED } from '../scripting/heap/index.ts';
import type { Image, ReloadReport, Undeclared } from '../scripting/image/index.ts';
import type { Machine } from '../scripting/machine/index.ts';
import { pageClock } from './clock.ts';
import { Failures } from './failures.ts';
import { pendingInput, whenIdle } from './features.ts';
import type { GameSettings } from './game-options.ts';
import { GapScheduler } from './gap/index.ts';
import { type GivenParts, gather } from './gather.ts';
import type { GameInput } from './input/index.ts';
import {
  type CollectOptions,
  type CollectOutcome,
  Loading,
  type LoadOptions,
  type Report,
} from './loading/index.ts';
import { Loop, PageDriver } from './loop/index.ts';
import { Displays } from './pictures/index.ts';
import { type FrameRecorder, Measure, Panels } from './profile/index.ts';
import type { ReloadTarget, ReloadTimes } from './reload/index.ts';
import { SavedCode } from './saved-code.ts';
import { runScene } from './scene.ts';
import type { Stage, StageObject } from './stage/index.ts';
import { Trouble } from './trouble.ts';

/** Milliseconds that a call of the script may take in development: the machine's own default. */
const LONG_CALL = 2000;

export interface GameOptions<Exports extends object = Undeclared, Host extends object = object>
  extends GameSettings<Exports, Host> {
  /** Called in each frame before the script, when the input of the frame is known; with a fixed step, before each step. */
  readonly beforeScript?: (game: Game<Exports>) => void;
  /** Called when the scene has been restarted: whatever the page told the script before is forgotten. */
  readonly onRestart?: (game: Game<Exports>) => void;
}

/** What a game holds until it ends. */
interface Parts<Exports extends object> extends GivenParts<Exports> {
  readonly loop: Loop;
  readonly loading: Loading;
  readonly driver: PageDriver;
  readonly saved: SavedCode;
  panels: Panels | undefined;
}

/** `Exports` are the script's functions, where `sluice types` or the Vite plugin has declared them. */
export class Game<Exports extends object = Undeclared> {
  readonly recorder: FrameRecorder;
  /** Scenes started so far, and how often new code was swapped in while a scene went on. */
  scenes = 1;
  replacements = 0;
  readonly #options: GameOptions<Exports>;
  /** Undone when the game ends, the last first. */
  readonly #undo: (() => void)[] = [];
  #parts: Parts<Exports> | undefined;
  /** The restart in progress: one comes after the other. */
  #restarting: Promise<void> = Promise.resolve();
  /** Restarts that are in progress or wait for one. */
  #restarts = 0;

  /**
   * Starts the game. Where the script does not compile, its errors are shown and the game starts when they are mended.
   * Rejects where this browser cannot run the game, options do not fit, or the script's `start` fails; the page says so too, and nothing
   * else is left. Rejects with the reason of `signal` where that is aborted first, and then nothing is left at all.
   */
  static async start<Exports extends object, Host extends object>(
    options: GameOptions<Exports, Host>,
  ): Promise<Game<Exports>> {
    const trouble = new Trouble(options);
    try {
      return await gather(options, trouble, (parts) => new Game(options, parts));
    } catch (error) {
      if (options.signal?.aborted) trouble.end();
      else await trouble.startFailed(error);
      throw error;
    }
  }

  private constructor(options: GameOptions<Exports>, given: GivenParts<Exports>) {
    const { image, machine, stage, pictures, input, trouble, newest, Reloader } = given;
    this.#options = options;
    this.recorder = given.recorder;
    const failures = new Failures((failure) => trouble.hear(failure));
    const inputPending = pendingInput();
    const gap = new GapScheduler(pageClock, this.recorder, {
      ...options.gap,
      ...(inputPending !== undefined && { inputPending }),
    });
    gap.adopt(machine);
    const loop = new Loop({
      ...options,
      machine,
      clock: pageClock,
      recorder: this.recorder,
      gap,
      failures,
      // Players have no code to wait for.
      ...(trouble.developing && { longCall: options.timeLimit ?? LONG_CALL }),
    });
    const driven = options.renderer !== undefined;
    const driver = new PageDriver(loop, { ...options, driven });
    const loading = new Loading(loop, () => this.#live.machine);
    const { script } = options;
    const saved = new SavedCode({ script, loop, failures, trouble, machine: () => this.#parts?.machine });
    this.#parts = { ...given, loop, loading, driver, saved, panels: undefined };
    this.#undo.push(() => pictures.destroy());
    this.#undo.push(() => stage.destroy());
    input.setNamed(image.manifest.controls);
    stage.failed = (error) => failures.note('stage', error);
    loop.input = { run: () => this.#takeInput() };
    loop.stage = stage;
    if (Reloader !== undefined) {
      const reloader = new Reloader(options.script, this.#reloadTarget());
      this.#undo.push(() => reloader.end());
      if (newest?.kind === 'compiled' && newest.image !== image) void reloader.receive(newest);
      loop.reload = reloader;
    }
    const ended = new AbortController();
    this.#undo.push(() => ended.abort());
    if (trouble.developing) trouble.hearUncaught(ended.signal);
    options.signal?.addEventListener('abort', () => this.end(), { signal: ended.signal });
    input.attach(stage.canvas, stage.place, ended.signal, stage.takes);
    this.#undo.push(() => driver.stop());
    driver.start();
    requestAnimationFrame(() => whenIdle(() => void describe(this.#parts?.machine)));
  }

  /** What the game has while it has not ended. */
  get #live(): Parts<Exports> {
    if (this.#parts === undefined) throw new Error('the game has ended');
    return this.#parts;
  }

  /** Whether the game has ended: nothing of it is left then, and what it had throws. */
  get ended(): boolean {
    return this.#parts === undefined;
  }

  /** The running program. Another one after the scene was restarted. */
  get machine(): Machine<Exports> {
    return this.#live.machine;
  }

  get loop(): Loop {
    return this.#live.loop;
  }

  get stage(): Stage {
    return this.#live.stage;
  }

  /** What became of the code that was saved last, where it compiled. */
  get lastReload(): ReloadReport | undefined {
    return this.#live.saved.last;
  }

  get input(): GameInput {
    return this.#live.input;
  }

  /** Small panels of numbers, which are made when they are asked for first. They leave the page with the game. */
  get panels(): Panels {
    const parts = this.#live;
    if (parts.panels === undefined) {
      const panels = new Panels(this.recorder);
      this.#undo.push(() => panels.remove());
      parts.panels = panels;
      parts.loop.observer = panels;
    }
    return parts.panels;
  }

  /**
   * Draws something, as `Circles` or what else has the form of a `StageObject`, above what is on the stage already.
   * Throws where it lacks something in the script; then it is not added. The game frees it when it ends.
   */
  add<T extends StageObject>(object: T): T {
    this.#live.stage.add(object);
    return object;
  }

  /** Takes something that was added out again, and has it free what it holds. False where it is not there. */
  remove(object: StageObject): boolean {
    return this.#live.stage.remove(object);
  }

  /** While true, the script stands still; drawing and the gap go on. */
  get paused(): boolean {
    return this.#live.loop.paused;
  }

  set paused(paused: boolean) {
    const { loop } = this.#live;
    loop.paused = paused;
    loop.interval.interrupt();
  }

  /** Pauses the game, and has the script run one step in the next frame. */
  singleStep(): void {
    this.paused = true;
    this.#live.loop.singleStep();
  }

  /** How fast time goes in the game: 0 to 100, 1 at first. Throws a `RangeError` for anything else. */
  get timeScale(): number {
    return this.#live.loop.timeScale;
  }

  set timeScale(scale: number) {
    this.#live.loop.timeScale = scale;
  }

  /** Runs a frame that begins at `time`, as requestAnimationFrame tells it. For games with a renderer of one's own. */
  frame(time: number): void {
    if (this.#options.renderer === undefined)
      throw new Error('this game has frames by itself; `frame` is for one with a `renderer` of your own');
    this.#live.driver.frame(time);
  }

  /** Keeps the collector out until as many `resume`s have followed. Memory grows meanwhile. */
  suppress(): void {
    this.machine.suppress();
  }

  /** Takes one `suppress` back; without one it does nothing. */
  resume(): void {
    if (this.suppressions > 0) this.machine.resume();
  }

  /** A full collection now, in slices between which the browser draws: see `Loading.collect`. */
  async collect(options: CollectOptions = {}): Promise<CollectOutcome> {
    return this.#live.loading.collect(options);
  }

  /**
   * Loads a level: collection is suppressed and the script's frames stand still until `load` is done and a full moving
   * collection has followed. See `Loading.run`.
   */
  async loading<T>(load: (report: Report) => T | Promise<T>, options: LoadOptions = {}): Promise<T> {
    return this.#live.loading.run(load, options);
  }

  /** Collections that the running scene's heap has finished. */
  get collections(): number {
    return this.machine.statistic(STATS_COLLECTIONS);
  }

  /** How many suppressions are open. */
  get suppressions(): number {
    return this.machine.statistic(SUPPRESSED);
  }

  /**
   * Starts the scene anew, with the newest code. Rejects where it cannot start, and then the old scene goes on; so it does
   * until the new one stands.
   */
  restart(): Promise<void> {
    return this.#afterRestarts(() => this.#restart(this.#live.image));
  }

  /**
   * Ends the game and removes it from the page: what the script owns is dropped, and whatever the game took of the browser is given back. A
   * frame that is running is run to its end first. Of a game that has ended, nothing is left to end.
   */
  end(): void {
    this.#parts?.loop.afterFrame(() => this.#free());
  }

  /** Has `action` called when the game ends, before what the game itself has is freed: for what a page has made for it. */
  atEnd(action: () => void): void {
    void this.#live;
    this.#undo.push(action);
  }

  #free(): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    this.#parts = undefined;
    // What the page has made for the game is there still when drop code asks for it.
    this.#undo.push(() => parts.machine.dropOwned());
    for (const undo of this.#undo.reverse()) {
      try {
        undo();
      } catch (error) {
        parts.trouble.hear({ error, where: 'the end of the game', count: 1 });
      }
    }
    this.#undo.length = 0;
    parts.trouble.end();
  }

  #takeInput(): void {
    const { input, machine } = this.#live;
    input.publish(machine.memory);
    this.#options.beforeScript?.(this);
  }

  #reloadTarget(): ReloadTarget {
    const game = this;
    const { trouble, saved } = this.#live;
    return {
      get machine() {
        return game.machine;
      },
      get restarting() {
        return game.#restarts > 0;
      },
      restart: (image, reason, times) => void this.#restartFor(image, reason, times),
      showProblems: (problems) => trouble.overlay.show(problems, true),
      clearProblems: () => trouble.overlay.clear(),
      replaced: (image, times, names) => {
        const before = this.#live.image.manifest;
        this.#live.image = this.#whole(image);
        this.#live.input.setNamed(image.manifest.controls);
        this.replacements += 1;
        this.recorder.add(Measure.RELOADS, 1);
        saved.replaced(before, image.manifest, times, names);
      },
      ask: (...question) => saved.ask(...question),
      failed: (error, times) =>
        saved.failed('The new code could not be used; the last good code goes on', error, times),
    };
  }

  /** New code that the running scene's data does not fit. */
  async #restartFor(image: Image, reason: string, times: ReloadTimes): Promise<void> {
    const { saved, image: old } = this.#live;
    try {
      await this.#afterRestarts(() => this.#restart(this.#whole(image)));
      saved.restarted(old.manifest, image.manifest, reason, times);
    } catch (error) {
      // Where the game has ended meanwhile, nobody waits for it.
      if (!this.ended)
        saved.failed('The scene could not be restarted; the last good code goes on', error, times);
    }
  }

  #afterRestarts(restart: () => Promise<void>): Promise<void> {
    this.#restarts += 1;
    const mine = this.#restarting.then(restart).finally(() => {
      this.#restarts -= 1;
    });
    // Whoever asked hears of a failure; who asks next is none of its business.
    this.#restarting = mine.catch(() => undefined);
    return mine;
  }

  #whole(patch: Image): Image {
    const heap = patch.heap ?? this.#live.image.heap;
    return heap === undefined ? patch : { ...patch, heap };
  }

  /** Until the new scene stands, the old one goes on; where the new one cannot start, it goes on for good. */
  async #restart(image: Image): Promise<void> {
    const displays = new Displays();
    const machine = await runScene(image, this.#options, this.#live.host(displays), this.#live.trouble);
    const parts = this.#live;
    const old = parts.machine;
    parts.stage.attach(machine, displays);
    parts.image = image;
    parts.input.setNamed(image.manifest.controls);
    parts.machine = machine;
    parts.loop.gap.close();
    parts.loop.machine = machine;
    parts.loop.interval.interrupt();
    void describe(machine);
    this.scenes += 1;
    this.recorder.add(Measure.RELOADS, 1);
    parts.saved.mended();
    try {
      old.dropOwned();
      this.#options.onRestart?.(this);
    } catch (error) {
      parts.trouble.hear({ error, where: 'onRestart', count: 1 });
    }
  }
}

/** What does not come is asked for again where something fails. */
async function describe(machine: Machine<never> | undefined): Promise<void> {
  await machine?.describe().catch(() => undefined);
}
