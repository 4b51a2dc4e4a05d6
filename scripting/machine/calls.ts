/**
 * Calls from the host into script code. Each is bracketed: the heap notes what is open before it, and after a failure
 * puts everything back (arenas, windows, heights, suppression), because WebAssembly itself cannot clean up. Calls nest:
 * script, host function, script again.
 */
import {
  FAIL_DEPTH,
  FAIL_ESCAPE,
  FAIL_FREED,
  FAIL_FUEL,
  FAIL_UNREACHABLE,
  FUEL,
  SHADOW_TOP,
} from '../heap/index.ts';
import type { CodeModule, Site } from './code.ts';
import { FAILED_CODE, failureKind, failureMessage, WAITING_CODE } from './failure.ts';
import { tracing } from './fetch-tracing.ts';
import type { Heap } from './heap.ts';
import { SHADOW_HALF } from './limits.ts';
import type { OwnedValues } from './owned.ts';
import { DEEP_TRACE_LIMIT, ScriptError, TRACE_LIMIT } from './script-error.ts';
import { readString } from './text.ts';
import { TypeNames } from './type-names.ts';
import type { MemoryViews } from './views.ts';

/** Loop rounds and recursive calls between two looks at the clock: some tens of microseconds of work. */
const FUEL_PORTION = 20_000;

/**
 * How deep script and host may call one another. Each level takes native stack that no script function counts, so this
 * ends a circle through the host while there is enough left to clean up.
 */
const DEEPEST_NESTING = 100;

export class Calls {
  /** Modules whose code may be on the stack, oldest first. */
  modules: readonly CodeModule[] = [];
  /** Whether there may be function values of code that could not be loaded (`versions.ts`). */
  hasFailedCode = false;
  /** Whether function values may have no code yet, for want of globals that it reads (`function-values.ts`). */
  hasWaitingCode = false;
  readonly types = new TypeNames();
  readonly #views: MemoryViews;
  /** Milliseconds that one outermost call may take; Infinity where nobody watches. */
  readonly #limit: number;
  readonly #onWatch: (() => number) | undefined;
  readonly #heap: Heap;
  /** What scripts own; undefined where no program ever can. */
  owned: OwnedValues | undefined;
  #depth = 0;
  #started = 0;
  #hostTraceLimit = 0;

  constructor(views: MemoryViews, heap: Heap, limit: number, onWatch?: () => number) {
    this.#views = views;
    this.#heap = heap;
    this.#limit = limit;
    this.#onWatch = onWatch;
  }

  /** True while script code is on the stack. */
  get running(): boolean {
    return this.#depth > 0;
  }

  /** Begins a call; what it returns goes to `leave` or `abandon`. */
  enter(): number {
    if (this.#depth >= DEEPEST_NESTING || this.#views.word(SHADOW_TOP) > SHADOW_HALF)
      this.fail(FAIL_DEPTH, undefined, 0, 0);
    const record = this.#heap.enter();
    if (this.#depth === 0) {
      this.#started = performance.now();
      this.#hostTraceLimit = Error.stackTraceLimit;
      Error.stackTraceLimit = TRACE_LIMIT;
    }
    this.#depth += 1;
    this.owned?.begin();
    return record;
  }

  /** Ends a call that came to its end. */
  leave(record: number): void {
    this.#heap.leave(record);
    this.#end();
    this.owned?.end();
  }

  /** Ends a call that failed: the heap is as it was before it, and what the call has left behind is dropped. Returns what to throw. */
  abandon(record: number, error: unknown): unknown {
    try {
      this.#heap.unwind(record);
      return this.#understand(error);
    } finally {
      this.#end();
      this.owned?.fail();
    }
  }

  /** Runs `body`, which may put objects on the shadow stack, and takes them off again. */
  rooting<T>(body: () => T): T {
    const height = this.#views.word(SHADOW_TOP);
    try {
      return body();
    } finally {
      this.#views.setWord(SHADOW_TOP, height);
    }
  }

  /** Runs `body` as a call. */
  guard<T>(body: () => T): T {
    const record = this.enter();
    let result: T;
    try {
      result = this.rooting(body);
    } catch (error) {
      throw this.abandon(record, error);
    }
    this.leave(record);
    return result;
  }

  /** What compiled code and the heap call to stop a call: throws. */
  fail(failure: number, site: Site | undefined, a: number, b: number): never {
    const message = this.#message(failure, a, b);
    // Whoever is in too deep is so by functions that call one another: what tells is the call that began it.
    const isDeep = failure === FAIL_DEPTH || failure === FAIL_FUEL;
    const traceLimit = isDeep ? DEEP_TRACE_LIMIT : TRACE_LIMIT;
    Error.stackTraceLimit = traceLimit;
    try {
      throw new ScriptError(failureKind(failure), message, { modules: this.modules, site, traceLimit });
    } finally {
      Error.stackTraceLimit = this.#depth === 0 ? this.#hostTraceLimit : TRACE_LIMIT;
    }
  }

  #message(failure: number, a: number, b: number): string {
    const views = this.#views;
    // Checked builds alone fail so, and their machines wait for what says it.
    if (failure === FAIL_ESCAPE) return tracing()?.escapeMessage(views, this.types, a, b) ?? '';
    if (failure === FAIL_FREED) return tracing()?.freedMessage(views, a) ?? '';
    return failureMessage(failure, a, b, (address) => readString(views, address));
  }

  /** Called when the fuel is used up: throws if the outermost call has run too long, else fuels it again. */
  refuel(): void {
    if (performance.now() - this.#started > this.#limit) this.fail(FAIL_FUEL, undefined, this.#limit, 0);
    this.#views.i32[FUEL >>> 2] = this.#onWatch?.() ?? FUEL_PORTION;
  }

  #end(): void {
    this.#depth -= 1;
    if (this.#depth === 0) Error.stackTraceLimit = this.#hostTraceLimit;
  }

  /** Traps and the engine's own stack overflow are script errors too. */
  #understand(error: unknown): unknown {
    if (error instanceof ScriptError || !(error instanceof Error)) return error;
    const origin = { modules: this.modules, native: error };
    if (isStackOverflow(error))
      return new ScriptError('depth', failureMessage(FAIL_DEPTH, 0, 0, String), origin);
    if (error instanceof WebAssembly.RuntimeError) {
      // Nothing else of the table is empty, and every function value has the type that its callers take it to be of.
      const isEmpty = (this.hasWaitingCode || this.hasFailedCode) && /\bnull\b/.test(error.message);
      const reason = this.hasWaitingCode ? WAITING_CODE : FAILED_CODE;
      const message = isEmpty ? reason : `the code trapped: ${error.message}`;
      return new ScriptError(failureKind(FAIL_UNREACHABLE), message, origin);
    }
    return error;
  }
}

/** V8 and Safari throw a RangeError, Firefox an InternalError. */
export function isStackOverflow(error: Error): boolean {
  return /call stack|recursion/i.test(error.message) && /^(RangeError|InternalError)$/.test(error.name);
}
