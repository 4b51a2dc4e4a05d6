/** What a machine can be told when it is made. */
import type { AllocationObserver } from './allocations.ts';
import type { HostModules } from './extern.ts';
import type { FrameFailure } from './frame.ts';
import type { Forgotten } from './owned.ts';

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
