/**
 * What the engine needs of a machine. `scripting/machine` satisfies it; tests of the engine do so with a few lines. How
 * compiled programs reach the page is described in `scripting/image`. Nothing here is allocated per frame.
 */
import type { Image, LayerEntry } from '../scripting/image/index.ts';
import type { ForceOptions, ForceOutcome } from '../scripting/machine/index.ts';

/**
 * A running program and its heap. All calls are made between other calls: the machine is never re-entered from here
 * while script code is on the stack.
 */
export interface ScriptMachine {
  /**
   * The linear memory: another one after `force` with `shrink`. Its `buffer` is replaced when it grows; keep views only as
   * long as `memory.buffer` is the same.
   */
  readonly memory: WebAssembly.Memory;

  /**
   * One frame: the script's `frame` and its behaviours, `dt` in seconds. What fails is reported and left out, and the
   * call goes on after it. Returns how many calls failed; throws only where the machine itself is broken.
   */
  step(dt: number): number;

  /** Empties the `frame` arena: O(1). Called after the stage has drawn. */
  resetFrame(): void;

  /** Does up to `work` units of collection if any is due. True while there is more to do. */
  gapSlice(work: number): boolean;

  /** Old bytes (`STATS_LIVE_BYTES`) from which on a slice begins a cycle; 0 for the heap's own judgement. */
  startCycleAt(bytes: number): void;

  /** Bytes allocated (`STATS_YOUNG_BYTES`) beyond which a slice begins a young collection; 0 for the heap's own judgement. */
  startYoungAt(bytes: number): void;

  /** While at least one suppression is open, no collection of any kind runs. */
  suppress(): void;
  resume(): void;
  /** Asks for a full collection in the next gap. */
  requestCollection(): void;

  /** A view of a global `(MutVec V)`, V a `defvalue`, that is brought up to date by `locate`. */
  column(global: string): Column;

  /** What its sprites are drawn in, back to front; another array when new code was swapped in. */
  readonly layers: readonly LayerEntry[];
  /**
   * Has the script write what is to be seen of its sprites into the columns of the layers. `between` says how far they are on their way
   * from where they were when `keep` was called to where they are: 0 to 1, which is also the default.
   */
  draw(between?: number): void;
  /** Keeps where all that is drawn is. */
  keep(): void;

  /** Reads one of the heap's `STATS_*` words (u32); `STATS_ALLOCATED` through `allocatedBytes`. */
  statistic(address: number): number;
  /** Bytes ever allocated in the collected heap, and bytes that ever survived a young collection. */
  readonly allocatedBytes: number;
  readonly promotedBytes: number;
  /** Milliseconds ever spent in collections and slices of them, in mid-run ones too. */
  readonly collectorTime: number;
  /** Bytes of memory that the heap may use. */
  readonly hardLimit: number;
}

/** A machine that can be told to collect everything now. */
export interface ForcedMachine extends Pick<ScriptMachine, 'suppress' | 'resume'> {
  /** A forced collection in slices, between which the event loop gets its turn. */
  force(options: ForceOptions): Promise<ForceOutcome>;
}

/** Where the elements of a mutable vector lie at the moment. */
export interface Column {
  /** Reads address, length and capacity from memory. Valid until script code runs again. */
  locate(): void;
  /** Byte address of the first element; 0 while the vector never held one. */
  readonly address: number;
  /** Elements in use. */
  readonly length: number;
  /** Elements there is room for at `address`. */
  readonly capacity: number;
  /** Bytes of one element; 0 while the vector never held one. */
  readonly stride: number;
}

/** Compiled code that is ready to be swapped in, and what swapping it in would do. */
export interface Patch {
  readonly image: Image;
}

/** What swapping in did to what lives, by names as people say them; a machine need not tell. */
export interface ReplacedNames {
  /** Live objects that were given another layout, by their types. */
  readonly migrated?: readonly { readonly type: string; readonly count: number }[];
  /** Types of collections that were made anew, since their keys are hashed or compared otherwise. */
  readonly rearranged?: readonly string[];
  /** Globals that were gone already, whose values were given up since something of them lies otherwise now. */
  readonly forgotten?: readonly string[];
  /** Globals that are gone, whose values wait for their return. */
  readonly parked?: readonly string[];
  /** Globals that are there again, with the values that they had. */
  readonly restored?: readonly string[];
  /** Globals that may be others under a new name. */
  readonly renames?: readonly Rename[];
  /** Constants that are gone or made anew, while what they had of the host is there still: texts on the stage. */
  readonly leftBehind?: readonly string[];
  /** Globals that go on with another value than the code says they begin with. */
  readonly notApplied?: readonly string[];
}

export interface Rename {
  readonly from: string;
  readonly to: string;
}

export type ReplaceOutcome =
  /** The new code runs from now on; globals and objects are as they were, but for what is said here. */
  | ({ readonly kind: 'replaced' } & ReplacedNames)
  /** The new code lacks what the game can hardly do without: nothing has changed. It is to be given again, without asking. */
  | { readonly kind: 'confirm'; readonly reason: string }
  /** What lives cannot be given the layouts of the new code: nothing has changed. Given again without asking, the scene starts anew. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Live data does not fit the new code: nothing has changed; the scene must start anew. `reason` names the type. */
  | { readonly kind: 'restart'; readonly reason: string };

/** A machine that can take new code while its data stays (development only). */
export interface ReloadableMachine extends ScriptMachine {
  /** Compiles an image in the background. */
  prepare(image: Image): Promise<Patch>;
  /** Swaps a prepared patch in, all or nothing. Only while nothing is on the stack. */
  replace(patch: Patch, options: { readonly ask: boolean }): ReplaceOutcome;
  /** Gives a global the value of one that is gone. */
  rename?(rename: Rename): void;
  /** Computes globals anew. */
  applyInitial?(names: readonly string[]): void;
}
