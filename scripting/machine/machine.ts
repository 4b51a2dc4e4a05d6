/**
 * The machine: one linear memory, one function table, the heap, and the program that runs on them. Everything the host
 * does with a script goes through here. All methods but `call` are for when nothing of the script is on the stack.
 */
import {
  BLOCK_SIZE,
  CYCLE_START,
  DEPTH_LIMIT,
  IN_FRAME,
  NO_VERIFIER,
  NURSERY_QUOTA,
  STATIC_BASE,
  STATS_ALLOCATED,
  STATS_COLLECTOR_TIME,
  STATS_PROMOTED,
  VERIFY_ADDRESS,
  VERIFY_OBJECT,
  YOUNG_START,
} from '../heap/index.ts';
import type { GlobalEntry, Image, LayerEntry, Manifest, Undeclared } from '../image/index.ts';
import type { AllocationObserver } from './allocations.ts';
import { Calls } from './calls.ts';
import type { World } from './checksum.ts';
import { Column } from './column.ts';
import { Converter, components, type Raw } from './convert.ts';
import type { Development } from './development.ts';
import type { HostModules } from './extern.ts';
import type { ForceOptions, ForceOutcome, ForceTarget } from './forced.ts';
import { type FrameFailure, Frames } from './frame.ts';
import { FrameGlobals } from './frame-globals.ts';
import { type Heap, unboundHeap } from './heap.ts';
import { HostObjects } from './host-objects.ts';
import { checkLimits } from './limits.ts';
import { ScriptObjects } from './object.ts';
import { consoleOutput } from './output.ts';
import type { Forgotten } from './owned.ts';
import {
  type LinkedProgram,
  type LinkTarget,
  linkRelease,
  type PreparedImage,
  prepareImage,
} from './program.ts';
import type { Rename, ReplaceOutcome, ReplaceQuestion, ReplaceRefusal } from './replace.ts';
import { seedRandom } from './seed.ts';
import { MemoryViews } from './views.ts';

export interface MachineOptions {
  /** Functions that scripts may declare as externs, by module and name. */
  readonly host?: HostModules;
  /**
   * What a call of a function that the host lacks fails with, given the function's name, as `stage.play`. Default: a program that
   * declares such a function cannot be linked.
   */
  readonly absent?: (name: string) => string;
  /**
   * The number whose sequence `random` begins with, as `(random-seed n)` would: any integer of 64 bits with a sign. Default 0.
   */
  readonly seed?: bigint;
  /**
   * Bytes of memory that the heap may use, its fixed areas of 1.25 MiB included: at least 2 MiB, at most 4 GiB. Default 1 GiB.
   */
  readonly hardLimit?: number;
  /**
   * Bytes of new objects that a young collection in a gap looks through; more than that become old as they stand. What
   * survives of them has to be looked through in one gap, in portions: about 0.5 ms a megabyte. At least 64 KiB, at most
   * 256 MiB. Default 4 MiB.
   */
  readonly nursery?: number;
  /** Bytes that memory has at first. Default 4 MiB. */
  readonly initialMemory?: number;
  /** Stress modes of the heap, `STRESS_*` bits. Default none. */
  readonly stress?: number;
  /** Where scripts print. Default the console. */
  readonly output?: (text: string) => void;
  /** Milliseconds, as scripts see them. Default `performance.now`. */
  readonly clock?: () => number;
  /**
   * Milliseconds of real time that one call into a watched program may take. Default 2000 in development and 10,000 in
   * release; Infinity for no limit. A program compiled without the watch is never stopped.
   */
  readonly timeLimit?: number;
  /**
   * Called where a watched program asks whether it may go on. Returns how many rounds of loops and recursive calls later it asks again: at
   * least 1; 20,000 unless given. For profilers: the native stack tells which loop or call it is.
   */
  readonly onWatch?: () => number;
  /**
   * Hears of each object that a program makes which was compiled to count them (`counted`); others tell it of what the heap makes for
   * them. For profilers, in development alone.
   */
  readonly allocations?: AllocationObserver;
  /**
   * Bytes of native stack, as the compiler estimates them, that recursion may use: at least 1 KiB, at most 512 KiB. Default 400 KiB.
   */
  readonly depthLimit?: number;
  /**
   * Whether what tells where code fails may come later, by `describe`. Only a built page's script has it in a file of its own, and waits for
   * that unless this is true. Default false.
   */
  readonly describeLater?: boolean;
  /**
   * Hears of each kind of failure in a frame once; repeats are counted in `failures`. It may call the script, but the rest of the frame is to
   * come: code cannot be replaced, nor anything collected. Default: the console.
   */
  readonly onFailure?: (failure: FrameFailure) => void;
  /**
   * Hears of each owned value that a collection has found forgotten with the object that held it, before it is dropped. Default: the console.
   */
  readonly onForgotten?: (forgotten: Forgotten) => void;
}

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

const PAGE = 0x10000;
const DEFAULT_INITIAL_MEMORY = 1 << 22;
const DEFAULT_TIME_LIMIT = { development: 2000, release: 10_000 };
/** Deaths of the host's objects that are heard of after a call outside of frames. */
const DEATHS_A_CALL = 64;

/** What is loaded for programs that own something. */
type OwnedModule = typeof import('./owned.ts');

/** What a function takes and returns. */
type Parameters<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never) => infer R ? R : never;

/** `Exports` are the functions that the script exports, as `sluice types` declares them; without it, any. */
export class Machine<Exports extends object = Undeclared> {
  /** The accessor for memory's content, which notices growth and replacement. */
  readonly views: MemoryViews;
  /** Bytes of memory that the heap may use. */
  readonly hardLimit: number;
  readonly #heap: Heap;
  readonly #calls: Calls;
  readonly #frames: Frames;
  /** Objects of JavaScript that scripts hold. */
  readonly #hostObjects: HostObjects;
  readonly #held: ScriptObjects;
  readonly #frameGlobals: FrameGlobals;
  readonly #converter: Converter;
  readonly #target: LinkTarget;
  readonly #options: MachineOptions;
  #program: LinkedProgram;
  /** What links further images, where the machine is for development. */
  readonly #development: Development | undefined;
  /** Exports that the host has called. */
  readonly #called = new Set<string>();
  /** Forced collections that are waited for. */
  #forcing = 0;
  /** The nursery's quota, unless young collections begin too late for it. */
  #quota = 0;
  /** Pages that memory may grow to. */
  readonly #maximum: number;

  /**
   * Makes a machine for an image: links it, computes its globals and runs its top-level expressions. Throws a
   * `LinkError` for host functions that lack, and a `ScriptError` where a global or an expression fails.
   */
  static async create<Exports extends object = Undeclared>(
    image: Image,
    options: MachineOptions = {},
  ): Promise<Machine<Exports>> {
    const prepared = await prepareImage(image);
    if (options.describeLater !== true) await prepared.code.describe();
    const isRelease = image.manifest.mode === 'release';
    // Few games own anything; in development the next version may.
    const owned = isRelease && !image.manifest.drops ? undefined : await import('./owned.ts');
    if (isRelease) return new Machine(prepared, undefined, owned, options);
    // Nothing of this is in a page that players load.
    const { compileHeap, Development } = await import('./development.ts');
    return new Machine(prepared, { heap: await compileHeap(image), Development }, owned, options);
  }

  private constructor(
    prepared: PreparedImage,
    tools: { readonly heap: WebAssembly.Module; readonly Development: typeof Development } | undefined,
    owned: OwnedModule | undefined,
    options: MachineOptions,
  ) {
    const { hardLimit, nursery, depthLimit } = checkLimits(options);
    this.hardLimit = hardLimit;
    // The heap keeps to its limit; only the verifier, when it is called, takes room for its tables after it.
    const maximum = Math.min(Math.floor((hardLimit * 3) / 2 / PAGE), 0xffff);
    const initial = Math.ceil(
      Math.max(options.initialMemory ?? DEFAULT_INITIAL_MEMORY, STATIC_BASE + BLOCK_SIZE) / PAGE,
    );
    this.#options = options;
    this.#maximum = maximum;
    this.views = new MemoryViews(new WebAssembly.Memory({ initial: Math.min(initial, maximum), maximum }));
    this.#heap = unboundHeap();
    this.#calls = new Calls(
      this.views,
      this.#heap,
      options.timeLimit ?? DEFAULT_TIME_LIMIT[prepared.image.manifest.mode],
      options.onWatch,
    );
    if (owned !== undefined)
      this.#calls.owned = new owned.OwnedValues(this.views, this.#heap, this.#calls, {
        failed: (error) => this.#frames.note(error, 'drop'),
        forgotten: options.onForgotten ?? owned.reportForgotten,
      });
    this.#frames = new Frames(this.views, this.#calls, options.onFailure ?? reportFailure);
    this.#hostObjects = new HostObjects(this.views, this.#heap);
    this.#frameGlobals = new FrameGlobals(this.views);
    this.#held = new ScriptObjects(this.views, this.#heap);
    this.#converter = new Converter(this.views, this.#heap, this.#held, this.#hostObjects, (body) =>
      this.#run(body),
    );
    this.#target = {
      table: new WebAssembly.Table({ element: 'anyfunc', initial: 0 }),
      views: this.views,
      heap: this.#heap,
      calls: this.#calls,
      converter: this.#converter,
      host: options.host ?? {},
      absent: options.absent,
      output: options.output ?? consoleOutput(),
      clock: options.clock ?? (() => performance.now()),
      allocations: options.allocations,
    };
    const { globals } = prepared.image.manifest;
    const start = (): void => this.#start(nursery, depthLimit);
    if (tools === undefined) {
      this.#development = undefined;
      this.#program = linkRelease(prepared, this.#target, start);
    } else {
      this.#development = new tools.Development(prepared, tools.heap, this.#target, {
        start,
        frameGlobals: this.#frameGlobals,
        initialise: (program, fresh) => this.#initialise(program, fresh),
      });
      this.#program = this.#development.program;
    }
    this.#calls.owned?.use(this.#program);
    this.#frameGlobals.add(globals, this.#program.cells);
    this.#initialise(this.#program, globals);
    this.#calls.guard(() => this.#program.runTop());
    this.#endCall();
  }

  /** Computes globals in the order given; those of the frame are computed where they are read. */
  #initialise(program: LinkedProgram, globals: readonly GlobalEntry[]): void {
    for (const global of globals) if (!global.frame) this.#calls.guard(() => program.initialise(global));
  }

  /** The linear memory. Another one after `shrink`, and its buffer is another after growth: ask each time. */
  get memory(): WebAssembly.Memory {
    return this.views.memory;
  }

  #start(nursery: number | undefined, depthLimit: number): void {
    this.#heap.initialise(this.hardLimit);
    if (nursery !== undefined) this.views.setWord(NURSERY_QUOTA, nursery);
    this.#quota = this.views.word(NURSERY_QUOTA);
    this.views.setWord(DEPTH_LIMIT, depthLimit);
    this.#heap.setStress(this.#options.stress ?? 0);
    if (this.#options.seed !== undefined) seedRandom(this.views, this.#options.seed);
  }

  /** What is known of the running program. */
  get manifest(): Manifest {
    return this.#program.manifest;
  }

  // ------------------------------------------------------------------------------------------ calls

  /** True where the script exports a function of this name. */
  exports(name: string): boolean {
    return this.#program.exports.has(name);
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
    this.#expectNoMigration();
    const found = this.#program.exports.get(name);
    if (found === undefined) throw new TypeError(`the script exports no function ${name}`);
    this.#called.add(name);
    const { params, result } = found.entry;
    if (args.length !== params.length)
      throw new TypeError(`${name} takes ${params.length} arguments, not ${args.length}`);
    return this.#run(() => {
      const raw: Raw[] = [];
      for (const [i, param] of params.entries())
        this.#converter.lower(
          param.type,
          args[i],
          `argument \`${param.name}\` of ${name}`,
          raw,
          this.#program,
        );
      return this.#converter.lift(
        result,
        components(found.call(...raw)),
        0,
        `the result of ${name}`,
        this.#program,
      );
    });
  }

  /** Where code of the program that runs would find what it does not know. */
  #expectNoMigration(): void {
    if (this.#development?.isMigrating === true)
      throw new Error('the script cannot be called while live objects are given the layouts of new code');
  }

  /** A call into the script. */
  #run<T>(body: () => T): T {
    try {
      return this.#calls.guard(body);
    } finally {
      this.#endCall();
    }
  }

  /** Outside a loop, the `frame` arena ends with the outermost call. */
  #endCall(): void {
    if (this.#calls.running || this.views.word(IN_FRAME) !== 0) return;
    this.#emptyFrame();
    this.#calls.owned?.dropForgotten();
    this.#hostObjects.hear(DEATHS_A_CALL);
  }

  #emptyFrame(): void {
    this.#calls.owned?.dropFrame();
    this.#frameGlobals.clear();
    this.#heap.resetFrame();
  }

  // ------------------------------------------------------------------------------------------ frames

  /**
   * Begins a frame and runs its script: `frame`, then the behaviours, `dt` in seconds. What fails is reported and left
   * out, and the rest runs. Returns how many calls failed. The frame lasts until `resetFrame`.
   */
  step(dt: number): number {
    this.#expectIdle('a frame begins');
    if (this.#program.exports.has('frame')) this.#called.add('frame');
    this.#calls.owned?.dropForgotten();
    return this.#frames.step(this.#program, dt);
  }

  /** Ends the frame: empties the `frame` arena; its globals are what they are at first. */
  resetFrame(): void {
    this.#expectIdle('a frame ends');
    this.#emptyFrame();
    this.views.setWord(IN_FRAME, 0);
  }

  /** The code on the stack uses what is in the frame, and holds addresses; of a frame in which something failed the rest is to come. */
  #expectIdle(what: string): void {
    if (this.#calls.running || this.#frames.running)
      throw new Error(`a script is running: ${what} when its call is over`);
  }

  /** What has failed in frames so far, each kind once, with counts. */
  get failures(): readonly FrameFailure[] {
    return this.#frames.failures;
  }

  // ------------------------------------------------------------------------------------------ memory

  /** Does up to `work` units of collection if any is due. True while there is more to do. */
  gapSlice(work: number): boolean {
    this.#expectIdle('a gap begins');
    const more = this.#heap.gapSlice(work) !== 0;
    return this.#hostObjects.hear(work) || more;
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
    this.views.setWord(NURSERY_QUOTA, Math.max(this.#quota, bytes * 4));
  }

  /** While at least one suppression is open, no collection of any kind runs. */
  suppress(): void {
    this.#heap.suppress();
  }

  resume(): void {
    this.#heap.resume();
  }

  /** Asks for a full collection in the next gap. */
  requestCollection(): void {
    this.#heap.requestCollection();
  }

  /**
   * A forced collection in slices: see `ForceOptions`. Throws a `TypeError` or `RangeError` for options that do not fit.
   * Frames and calls may come in between; while objects move, a call completes that first. May be asked for by an extern.
   */
  async force(options: ForceOptions = {}): Promise<ForceOutcome> {
    this.#forcing += 1;
    try {
      // Few games ask for one, and none before its first frame.
      const { forceCollection, moveToMemory, nextTurn } = await import('./forced.ts');
      const target: ForceTarget = {
        heap: this.#heap,
        views: this.views,
        hear: (limit) => this.#hostObjects.hear(limit),
        turn: nextTurn,
        running: () => this.#calls.running || this.#frames.running,
        shrink: () => {
          const modules = this.#development?.modules ?? [this.#program];
          if (moveToMemory(this.views, this.#target, modules, this.#heap.trim(), this.#maximum))
            this.#development?.renew();
        },
      };
      return await forceCollection(target, options);
    } finally {
      this.#forcing -= 1;
      if (this.#forcing === 0) this.#heap.endForce();
    }
  }

  /** Does a full collection now, all at once, without moving anything. */
  collect(): void {
    if (this.#calls.running || this.#frames.running)
      throw new Error('a script is running: ask for a collection in the next gap instead');
    this.#heap.collect();
    this.#calls.owned?.dropForgotten();
    this.#hostObjects.hear(Number.POSITIVE_INFINITY);
  }

  /** How many objects of JavaScript scripts hold; those that no script reaches any more are counted until a collection. */
  get hostObjects(): number {
    return this.#hostObjects.count;
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
    const cell = () => {
      const entry = this.manifest.globals.find(({ name }) => name === global);
      return entry === undefined ? undefined : this.#program.cells.get(entry.key)?.[0];
    };
    if (cell() === undefined) throw new TypeError(`the script has no global ${global}`);
    return new Column(this.views, this.#heap, () => cell() ?? 0);
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
    this.#expectNoMigration();
    if (this.layers.length > 0) this.#run(() => this.#program.draw(between));
  }

  /** Keeps where all that is drawn is, before a step that is to be drawn on its way. Throws a `ScriptError` where memory is full. */
  keep(): void {
    this.#expectNoMigration();
    if (this.layers.length > 0) this.#run(() => this.#program.keep());
  }

  /** Checks the whole heap; undefined where every rule holds. Throws where a finished game's image lacks what does so. */
  verify(): BrokenRule | undefined {
    const code = this.#heap.verify();
    if (code === 0) return undefined;
    if (code >>> 0 === NO_VERIFIER) throw new Error('this image was made without what looks a heap through');
    return { code, object: this.views.word(VERIFY_OBJECT), address: this.views.word(VERIFY_ADDRESS) };
  }

  /**
   * Resolves when all is known of the program that tells where it fails and what its objects are: at once, unless it was made with
   * `describeLater`. Rejects where that has to be fetched and does not come.
   */
  async describe(): Promise<void> {
    await this.#program.code.describe();
  }

  /** @internal What `checksum` and a snapshot of the heap read: until anything of the script or the collector runs. */
  get world(): World {
    this.#expectIdle('the world is looked at');
    if (this.#program.code.places === undefined)
      throw new Error(
        'what the objects of the world are is not known yet: wait for `machine.describe()` first',
      );
    this.#heap.finishMove();
    const { manifest, cells, place } = this.#program;
    const { types } = this.#calls;
    return {
      views: this.views,
      globals: manifest.globals,
      cells,
      types,
      slots: place.slots,
      handles: this.#held.cells,
    };
  }

  /** Sets the heap's stress modes, `STRESS_*` bits. */
  setStress(modes: number): void {
    this.#heap.setStress(modes);
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
    const { manifest } = prepared.image;
    if (this.#development === undefined || manifest.mode !== 'development')
      throw new Error('only a development image can replace a development image');
    if (this.#calls.running || this.#frames.running) throw new Error('code cannot be replaced while it runs');
    try {
      const outcome = this.#development.replace(prepared, this.#called, ask);
      if (outcome.kind === 'replaced') {
        this.#program = this.#development.program;
        this.#calls.owned?.use(this.#program);
        this.#frames.forget();
      }
      return outcome;
    } finally {
      this.#endCall();
    }
  }

  /** Globals that the program has no more, whose values are kept until a later program names them again. */
  get parked(): readonly string[] {
    return this.#development?.parked ?? [];
  }

  /** Forgets the values of globals that are gone: by default of all. */
  dropParked(names: readonly string[] = this.parked): void {
    this.#development?.dropParked(names);
  }

  /** Gives a global the value of one that is gone, as `ReplaceReport.renames` offers. Throws a `TypeError` where it cannot. */
  rename(rename: Rename): void {
    this.#expectIdle('a global takes the value of another');
    this.#development?.rename(rename);
  }

  /** Mutable globals that go on with a value that began otherwise than their code says now. */
  get notApplied(): readonly string[] {
    return this.#development?.notApplied ?? [];
  }

  /** Computes mutable globals anew: by default those whose initial value has changed. Throws a `ScriptError` where one fails. */
  applyInitial(names: readonly string[] = this.notApplied): void {
    this.#expectIdle('a global is computed anew');
    try {
      this.#development?.applyInitial(names);
    } finally {
      this.#endCall();
    }
  }

  /** Gives back what earlier versions of the program take up, where nothing needs it: takes as long as two collections. */
  tidy(): void {
    this.#expectIdle('what is left of earlier code is looked for');
    this.#development?.tidy();
  }

  /** Of how many earlier versions of the program anything takes up memory still, and their code; none where there are none. */
  get earlierVersions(): { readonly statics: number; readonly code: number } {
    return this.#development?.earlier ?? { statics: 0, code: 0 };
  }
}

function reportFailure({ error, where }: FrameFailure): void {
  console.error(`${where} failed: ${error.report()}`);
}
