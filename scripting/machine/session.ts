/**
 * What a machine has for the program that runs on it, from the program's beginning to its end: a memory, a table, the heap, what each side
 * holds of the other, and the program with all that replaced it since. Another session shares nothing with it.
 */
import { BLOCK_SIZE, DEPTH_LIMIT, IN_FRAME, NURSERY_QUOTA, STATIC_BASE } from '../heap/index.ts';
import type { GlobalEntry, Image } from '../image/index.ts';
import { Calls } from './calls.ts';
import { Converter } from './convert.ts';
import type { Development } from './development.ts';
import { type FrameFailure, Frames } from './frame.ts';
import { FrameGlobals } from './frame-globals.ts';
import { type Heap, unboundHeap } from './heap.ts';
import type { MemoryLimits } from './limits.ts';
import type { MachineOptions } from './options.ts';
import { consoleOutput } from './output.ts';
import {
  type LinkedProgram,
  type LinkTarget,
  linkRelease,
  type PreparedImage,
  prepareImage,
} from './program.ts';
import { MemoryViews } from './views.ts';

const PAGE = 0x10000;
const DEFAULT_INITIAL_MEMORY = 1 << 22;
const DEFAULT_TIME_LIMIT = { development: 2000, release: 10_000 };
/** Deaths of the host's objects that are heard of after a call outside of frames. */
const DEATHS_A_CALL = 64;

/** An image with what of the machine is only loaded for some. */
export interface Supply {
  readonly prepared: PreparedImage;
  /** For programs that own something. */
  readonly owned: typeof import('./owned.ts') | undefined;
  /** For runs that begin with a number of their own. */
  readonly seedRandom: typeof import('./seed.ts').seedRandom | undefined;
  /** Nothing of this is in a page that players load. */
  readonly tools: { readonly heap: WebAssembly.Module; readonly Development: typeof Development } | undefined;
}

/** Compiles an image and fetches what it needs. Nothing of it runs. */
export async function supplyFor(image: Image, options: MachineOptions): Promise<Supply> {
  const prepared = await prepareImage(image);
  if (options.describeLater !== true) await prepared.code.describe();
  const isRelease = image.manifest.mode === 'release';
  // Few games own anything; in development the next version may.
  const owned = isRelease && !image.manifest.drops ? undefined : await import('./owned.ts');
  const seedRandom = options.seed === undefined ? undefined : (await import('./seed.ts')).seedRandom;
  if (isRelease) return { prepared, owned, seedRandom, tools: undefined };
  const { compileHeap, Development } = await import('./development.ts');
  return { prepared, owned, seedRandom, tools: { heap: await compileHeap(image), Development } };
}

export class Session {
  readonly views: MemoryViews;
  readonly heap: Heap;
  readonly calls: Calls;
  readonly frames: Frames;
  readonly frameGlobals: FrameGlobals;
  readonly converter: Converter;
  readonly target: LinkTarget;
  /** What links further images, where the machine is for development. */
  readonly development: Development | undefined;
  /** Forced collections that are waited for. */
  forcing = 0;
  /** Exports that the host has called. */
  readonly called = new Set<string>();
  /** The nursery's quota, unless young collections begin too late for it. */
  readonly quota: number;
  /** Pages that memory may grow to. */
  readonly maximum: number;
  program: LinkedProgram;

  /** Links a program, computes its globals and runs its top-level expressions. Throws what `Machine.create` throws. */
  constructor({ prepared, owned, seedRandom, tools }: Supply, options: MachineOptions, limits: MemoryLimits) {
    // The heap keeps to its limit; only the verifier, when it is called, takes room for its tables after it.
    this.maximum = Math.min(Math.floor((limits.hardLimit * 3) / 2 / PAGE), 0xffff);
    const initial = Math.ceil(
      Math.max(options.initialMemory ?? DEFAULT_INITIAL_MEMORY, STATIC_BASE + BLOCK_SIZE) / PAGE,
    );
    const views = new MemoryViews(
      new WebAssembly.Memory({ initial: Math.min(initial, this.maximum), maximum: this.maximum }),
    );
    const heap = unboundHeap();
    const limit = options.timeLimit ?? DEFAULT_TIME_LIMIT[prepared.image.manifest.mode];
    const calls = new Calls(views, heap, limit, options.onWatch);
    const frames = new Frames(views, calls, options.onFailure ?? reportFailure);
    if (owned !== undefined)
      calls.owned = new owned.OwnedValues(views, heap, calls, {
        failed: (error) => frames.note(error, 'drop'),
        forgotten: options.onForgotten ?? owned.reportForgotten,
      });
    const converter = new Converter(views, heap, this.run);
    this.views = views;
    this.heap = heap;
    this.calls = calls;
    this.frames = frames;
    this.frameGlobals = new FrameGlobals(views);
    this.converter = converter;
    this.target = {
      table: new WebAssembly.Table({ element: 'anyfunc', initial: 0 }),
      views,
      heap,
      calls,
      converter,
      host: options.host ?? {},
      absent: options.absent,
      output: options.output ?? consoleOutput(),
      clock: options.clock ?? (() => performance.now()),
      allocations: options.allocations,
    };
    const { globals } = prepared.image.manifest;
    const start = (): void => {
      this.#start(options, limits);
      seedRandom?.(this.views, options.seed as bigint);
    };
    if (tools === undefined) {
      this.program = linkRelease(prepared, this.target, start);
    } else {
      this.development = new tools.Development(prepared, tools.heap, this.target, {
        start,
        frameGlobals: this.frameGlobals,
        initialise: (program, fresh) => this.#initialise(program, fresh),
      });
      this.program = this.development.program;
    }
    this.quota = views.word(NURSERY_QUOTA);
    calls.owned?.use(this.program);
    this.frameGlobals.add(globals, this.program.cells);
    try {
      this.#initialise(this.program, globals);
      calls.guard(() => this.program.runTop());
    } catch (error) {
      // It never runs, and what it owns by then would be held for ever.
      calls.owned?.dropEverything();
      throw error;
    }
    this.endCall();
  }

  #start(options: MachineOptions, { hardLimit, nursery, depthLimit }: MemoryLimits): void {
    this.heap.initialise(hardLimit);
    if (nursery !== undefined) this.views.setWord(NURSERY_QUOTA, nursery);
    this.views.setWord(DEPTH_LIMIT, depthLimit);
    this.heap.setStress(options.stress ?? 0);
  }

  /** Computes globals in the order given; those of the frame are computed where they are read. */
  #initialise(program: LinkedProgram, globals: readonly GlobalEntry[]): void {
    for (const global of globals) if (!global.frame) this.calls.guard(() => program.initialise(global));
  }

  /** Whether anything of the script is on the stack, or of a frame in which something failed the rest is to come. */
  get running(): boolean {
    return this.calls.running || this.frames.running;
  }

  /** A call into the script. */
  readonly run = <T>(body: () => T): T => {
    try {
      return this.calls.guard(body);
    } finally {
      this.endCall();
    }
  };

  /** Outside a loop, the `frame` arena ends with the outermost call. */
  readonly endCall = (): void => {
    if (this.calls.running || this.views.word(IN_FRAME) !== 0) return;
    this.emptyFrame();
    this.calls.owned?.dropForgotten();
    this.converter.hostObjects.hear(DEATHS_A_CALL);
  };

  emptyFrame(): void {
    this.calls.owned?.dropFrame();
    this.frameGlobals.clear();
    this.heap.resetFrame();
  }
}

function reportFailure({ error, where }: FrameFailure): void {
  console.error(`${where} failed: ${error.report()}`);
}
