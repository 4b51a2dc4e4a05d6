/**
 * The machine: one linear memory, one function table, the heap, and the program that runs on them. Everything the host
 * does with a script goes through here. All methods but `call` are for when nothing of the script is on the stack.
 */
import {
  CYCLE_START,
  IN_FRAME,
  NO_VERIFIER,
  NURSERY_QUOTA,
  STATS_ALLOCATED,
  STATS_COLLECTOR_TIME,
  STATS_PROMOTED,
  VERIFY_ADDRESS,
  VERIFY_OBJECT,
  YOUNG_START,
} from '../heap/index.ts';
import type { Image, LayerEntry, Manifest, Undeclared } from '../image/index.ts';
import { Column } from './column.ts';
import { components, type Raw } from './convert.ts';
import type { ForceOptions, ForceOutcome, ForceTarget } from './forced.ts';
import type { FrameFailure } from './frame.ts';
import { checkLimits, type MemoryLimits } from './limits.ts';
import type { MachineOptions } from './options.ts';
import { type PreparedImage, prepareImage } from './program.ts';
import type { Rename, ReplaceOutcome, ReplaceQuestion, ReplaceRefusal } from './replace.ts';
import { Session, type Supply, supplyFor } from './session.ts';
import type { MemoryViews } from './views.ts';
import type { World } from './world.ts';

/** The verifier found a broken rule: `VERIFY_*` code, the object it is broken in, the address found there. */
export interface BrokenRule {
  readonly code: number;
  readonly object: number;
  readonly address: number;
}

export interface ReplaceOptions {
  /** Asks, and changes nothing, where the new code lacks exports that were called, or all globals. Default false. */
  readonly ask?: boolean;
}

/** What a function takes and returns. */
type Parameters<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never) => infer R ? R : never;

/** `Exports` are the functions that the script exports, as `sluice types` declares them; without it, any. */
export class Machine<Exports extends object = Undeclared> {
  /** Bytes of memory that the heap may use. */
  readonly hardLimit: number;
  readonly #options: MachineOptions;
  readonly #limits: MemoryLimits;
  /** That the program began with, or would have. */
  #image: Image;
  /** Undefined after a program that could not begin, when another had ended for it. */
  #running: Session | undefined;

  /**
   * Makes a machine for an image: links it, computes its globals and runs its top-level expressions. Throws a
   * `LinkError` for host functions that lack, and a `ScriptError` where a global or an expression fails.
   */
  static async create<Exports extends object = Undeclared>(
    image: Image,
    options: MachineOptions = {},
  ): Promise<Machine<Exports>> {
    return new Machine(await supplyFor(image, options), options);
  }

  private constructor(supply: Supply, options: MachineOptions) {
    this.#options = options;
    this.#limits = checkLimits(options);
    this.hardLimit = this.#limits.hardLimit;
    this.#image = supply.prepared.image;
    this.#running = new Session(supply, options, this.#limits);
  }

  get #session(): Session {
    if (this.#running === undefined) throw new Error('no program runs: that of `reset` failed');
    return this.#running;
  }

  /** The accessor for memory's content, which notices growth and replacement. Another one after `reset`. */
  get views(): MemoryViews {
    return this.#session.views;
  }

  /** The linear memory. Another one after `shrink` and `reset`, and its buffer is another after growth: ask each time. */
  get memory(): WebAssembly.Memory {
    return this.views.memory;
  }

  /** What is known of the running program. */
  get manifest(): Manifest {
    return this.#session.program.manifest;
  }

  // ------------------------------------------------------------------------------------------ calls

  /** True where the script exports a function of this name. */
  exports(name: string): boolean {
    return this.#session.program.exports.has(name);
  }

  /**
   * Calls an exported function. Throws a `ConversionError` for arguments that do not fit and a `ScriptError` for
   * whatever goes wrong in the script; the heap is then as before. Objects come out as `ScriptObject`s that the caller
   * releases. May be called from within an extern; not from one that a first value of new code calls, where that gives live
   * objects other layouts: throws an `Error` then.
   */
  call<Name extends keyof Exports & string>(
    name: Name,
    ...args: Parameters<Exports[Name]>
  ): Result<Exports[Name]>;
  call(name: string, ...args: readonly unknown[]): unknown {
    this.#session.development?.expectNoMigration();
    const { program, called, converter, run } = this.#session;
    const found = program.exports.get(name);
    if (found === undefined) throw new TypeError(`the script exports no function ${name}`);
    called.add(name);
    const { params, result } = found.entry;
    if (args.length !== params.length)
      throw new TypeError(`${name} takes ${params.length} arguments, not ${args.length}`);
    return run(() => {
      const raw: Raw[] = [];
      for (const [i, param] of params.entries())
        converter.lower(param.type, args[i], `argument \`${param.name}\` of ${name}`, raw, program);
      return converter.lift(result, components(found.call(...raw)), 0, `the result of ${name}`, program);
    });
  }

  // ------------------------------------------------------------------------------------------ frames

  /**
   * Begins a frame and runs its script: `frame`, then the behaviours, `dt` in seconds. What fails is reported and left
   * out, and the rest runs. Returns how many calls failed. The frame lasts until `resetFrame`.
   */
  step(dt: number): number {
    this.#expectIdle('a frame begins');
    const { program, called, calls, frames } = this.#session;
    if (program.exports.has('frame')) called.add('frame');
    calls.owned?.dropForgotten();
    return frames.step(program, dt);
  }

  /** Ends the frame: empties the `frame` arena; its globals are what they are at first. */
  resetFrame(): void {
    this.#expectIdle('a frame ends');
    this.#session.emptyFrame();
    this.views.setWord(IN_FRAME, 0);
  }

  /** The code on the stack uses what is in the frame, and holds addresses; of a frame in which something failed the rest is to come. */
  #expectIdle(what: string): void {
    if (this.#session.running) throw new Error(`a script is running: ${what} when its call is over`);
  }

  /** What has failed in frames so far, each kind once, with counts. */
  get failures(): readonly FrameFailure[] {
    return this.#session.frames.failures;
  }

  // ------------------------------------------------------------------------------------------ memory

  /** Does up to `work` units of collection if any is due. True while there is more to do. */
  gapSlice(work: number): boolean {
    this.#expectIdle('a gap begins');
    const { heap, converter } = this.#session;
    const more = heap.gapSlice(work) !== 0;
    return converter.hostObjects.hear(work) || more;
  }

  /** Old bytes from which on a slice begins a cycle; 0 for the heap's own judgement. Programs without frames keep that. */
  startCycleAt(bytes: number): void {
    this.views.setWord(CYCLE_START, bytes);
  }

  /**
   * Bytes allocated beyond which a slice begins a young collection; 0 for the heap's own 256 KiB. The nursery's quota rises with
   * it, to four times as much: between the two lie what one frame may add, and what is remembered.
   */
  startYoungAt(bytes: number): void {
    this.views.setWord(YOUNG_START, bytes);
    this.views.setWord(NURSERY_QUOTA, Math.max(this.#session.quota, bytes * 4));
  }

  /** While at least one suppression is open, no collection of any kind runs. */
  suppress(): void {
    this.#session.heap.suppress();
  }

  resume(): void {
    this.#session.heap.resume();
  }

  /** Asks for a full collection in the next gap. */
  requestCollection(): void {
    this.#session.heap.requestCollection();
  }

  /**
   * A forced collection in slices: see `ForceOptions`. Throws a `TypeError` or `RangeError` for options that do not fit.
   * Frames and calls may come in between; while objects move, a call completes that first. May be asked for by an extern.
   */
  async force(options: ForceOptions = {}): Promise<ForceOutcome> {
    const session = this.#session;
    const { heap, views, target, converter, maximum } = session;
    session.forcing += 1;
    try {
      // Few games ask for one, and none before its first frame.
      const { forceCollection, moveToMemory, nextTurn } = await import('./forced.ts');
      const collected: ForceTarget = {
        heap,
        views,
        hear: (limit) => converter.hostObjects.hear(limit),
        turn: nextTurn,
        running: () => session.running,
        shrink: () => {
          const { development, program } = session;
          if (moveToMemory(views, target, development?.modules ?? [program], heap.trim(), maximum))
            development?.renew();
        },
      };
      return await forceCollection(collected, options);
    } finally {
      session.forcing -= 1;
      if (session.forcing === 0) heap.endForce();
    }
  }

  /** Does a full collection now, all at once, without moving anything. */
  collect(): void {
    this.#expectIdle('all is collected');
    const { heap, calls, converter } = this.#session;
    heap.collect();
    calls.owned?.dropForgotten();
    converter.hostObjects.hear(Number.POSITIVE_INFINITY);
  }

  /** How many objects of JavaScript scripts hold; those that no script reaches any more are counted until a collection. */
  get hostObjects(): number {
    return this.#session.converter.hostObjects.count;
  }

  /** Reads one of the heap's `STATS_*` words. */
  statistic(address: number): number {
    return this.views.word(address);
  }

  /** Bytes ever allocated in the collected heap. */
  get allocatedBytes(): number {
    return this.views.f64[STATS_ALLOCATED >>> 3] ?? 0;
  }

  /** Bytes that ever survived a young collection. */
  get promotedBytes(): number {
    return this.views.f64[STATS_PROMOTED >>> 3] ?? 0;
  }

  /** Milliseconds ever spent in collections and slices of them: in gaps, on command, and in mid-run because memory ran out. */
  get collectorTime(): number {
    return this.views.f64[STATS_COLLECTOR_TIME >>> 3] ?? 0;
  }

  /** A view of a global `(MutVec V)` or `(Vector V)`, V a number or `defvalue`; `locate` brings it up to date. */
  column(global: string): Column {
    const session = this.#session;
    const cell = () => {
      const { manifest, cells } = session.program;
      const entry = manifest.globals.find(({ name }) => name === global);
      return entry === undefined ? undefined : cells.get(entry.key)?.[0];
    };
    if (cell() === undefined) throw new TypeError(`the script has no global ${global}`);
    return new Column(session.views, session.heap, () => cell() ?? 0);
  }

  /** What its sprites are drawn in, back to front; none where it draws none. */
  get layers(): readonly LayerEntry[] {
    return this.manifest.layers;
  }

  /**
   * Writes what is to be seen of the script's sprites into the columns of their layers, `layer:NAME`: with `between` from 0 up to 1, on their
   * way from where they were when `keep` was called last. Throws a `ScriptError` where memory is full.
   */
  draw(between = 1): void {
    this.#session.development?.expectNoMigration();
    const { program, run } = this.#session;
    if (this.layers.length > 0) run(() => program.draw(between));
  }

  /** Keeps where all that is drawn is, before a step that is to be drawn on its way. Throws a `ScriptError` where memory is full. */
  keep(): void {
    this.#session.development?.expectNoMigration();
    const { program, run } = this.#session;
    if (this.layers.length > 0) run(() => program.keep());
  }

  /** Checks the whole heap; undefined where every rule holds. Throws where a finished game's image lacks what does so. */
  verify(): BrokenRule | undefined {
    const code = this.#session.heap.verify();
    if (code === 0) return undefined;
    if (code >>> 0 === NO_VERIFIER) throw new Error('this image has no verifier');
    return { code, object: this.views.word(VERIFY_OBJECT), address: this.views.word(VERIFY_ADDRESS) };
  }

  /**
   * Resolves when all is known of the program that tells where it fails and what its objects are: at once, unless it was made with
   * `describeLater`. Rejects where that has to be fetched and does not come.
   */
  describe(): Promise<void> {
    return this.#session.program.code.describe();
  }

  /** @internal What `checksum` and a snapshot of the heap read: until anything of the script or the collector runs. */
  get world(): World {
    this.#expectIdle('the world is read');
    const { views, heap, program, calls, converter } = this.#session;
    heap.finishMove();
    return {
      views,
      globals: program.manifest.globals,
      cells: program.cells,
      types: calls.types,
      isDescribed: program.code.places !== undefined,
      slots: program.place.slots,
      handles: converter.held.cells,
    };
  }

  /** Sets the heap's stress modes, `STRESS_*` bits. */
  setStress(modes: number): void {
    this.#session.heap.setStress(modes);
  }

  // ------------------------------------------------------------------------------------------ another program

  /**
   * Drops all that the program owns, whoever holds it, what was made last first: for when no more of it is to run. Suppressions end. Drop code
   * that fails is told to `onFailure`.
   */
  dropOwned(): void {
    this.#expectIdle('all is dropped');
    this.#session.calls.owned?.dropEverything();
  }

  /**
   * Ends the program and begins another as `create` would, unless one is given the same once more. All that is owned is dropped, what was made
   * last first; what waits for collection or is suppressed no longer does. Memory, table and what each side held of the other are
   * given back: `ScriptObject`s and functions that JavaScript has of the program, its columns and its views throw or are empty, and a forced
   * collection that is waited for is rejected. Drop code that fails is told to `onFailure`.
   *
   * Where the image cannot be read all is as before. Where the new program cannot begin this rejects with what `create` would, and no program
   * runs: everything but `reset` throws. Rejects also while a script is on the stack.
   */
  async reset(image = this.#image): Promise<void> {
    const { endFor } = await import('./reset.ts');
    const supply = await endFor(image, this.#options, () => this.#running);
    this.#image = image;
    this.#running = undefined;
    this.#running = new Session(supply, this.#options, this.#limits);
  }

  // ------------------------------------------------------------------------------------------ reload

  /** Compiles an image in the background, for `replace`. */
  prepare(image: Image): Promise<PreparedImage> {
    return prepareImage(image);
  }

  /**
   * Swaps new code in, between frames. All or nothing: throws a `LinkError` or `ScriptError` where it cannot be linked
   * or a global's first value fails, and the old program runs on. Where live objects were migrated, all is as it was before.
   * Otherwise what the new code has done to what stays is done, but function values that it has left there cannot be
   * called. Development only. Top-level expressions do not run again.
   */
  replace(prepared: PreparedImage): ReplaceOutcome;
  replace(
    prepared: PreparedImage,
    options: ReplaceOptions,
  ): ReplaceOutcome | ReplaceQuestion | ReplaceRefusal;
  replace(
    prepared: PreparedImage,
    { ask = false }: ReplaceOptions = {},
  ): ReplaceOutcome | ReplaceQuestion | ReplaceRefusal {
    const session = this.#session;
    const { development, called, calls, frames } = session;
    if (development === undefined || prepared.image.manifest.mode !== 'development')
      throw new Error('only a development image can replace a development image');
    this.#expectIdle('code is replaced');
    try {
      const outcome = development.replace(prepared, called, ask);
      if (outcome.kind === 'replaced') {
        session.program = development.program;
        calls.owned?.use(session.program);
        frames.forget();
      }
      return outcome;
    } finally {
      session.endCall();
    }
  }

  /** Globals that the program has no more, whose values are kept until a later program names them again. */
  get parked(): readonly string[] {
    return this.#session.development?.parked ?? [];
  }

  /** Forgets the values of globals that are gone: by default of all. */
  dropParked(names: readonly string[] = this.parked): void {
    this.#session.development?.dropParked(names);
  }

  /** Gives a global the value of one that is gone, as `ReplaceReport.renames` offers. Throws a `TypeError` where it cannot. */
  rename(rename: Rename): void {
    this.#expectIdle('globals change');
    this.#session.development?.rename(rename);
  }

  /** Mutable globals that go on with a value that began otherwise than their code says now. */
  get notApplied(): readonly string[] {
    return this.#session.development?.notApplied ?? [];
  }

  /** Computes mutable globals anew: by default those whose initial value has changed. Throws a `ScriptError` where one fails. */
  applyInitial(names: readonly string[] = this.notApplied): void {
    this.#expectIdle('globals change');
    const { development, endCall } = this.#session;
    try {
      development?.applyInitial(names);
    } finally {
      endCall();
    }
  }

  /** Gives back what earlier versions of the program take up, where nothing needs it: takes as long as two collections. */
  tidy(): void {
    this.#expectIdle('earlier code goes');
    this.#session.development?.tidy();
  }

  /** Of how many earlier versions of the program anything takes up memory still, and their code; none where there are none. */
  get earlierVersions(): { readonly statics: number; readonly code: number } {
    return this.#session.development?.earlier ?? { statics: 0, code: 0 };
  }
}
