/**
 * Forced collections: everything now, in slices of a few milliseconds, between which the browser gets its turn to draw a
 * progress bar. What is done in which order is the heap's business (`../heap/collect/forced.ts`); this drives it by the clock.
 */
import {
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  FORCED_PROGRESS,
  type PhaseName,
  phaseName,
  STATS_PHASE,
  SUPPRESSED,
} from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

export { moveToMemory } from './shrink.ts';

/** What a forced collection is at: a phase of the collector, the young collection before all of them, or what comes after. */
export type ForcePhase = 'young' | Exclude<PhaseName, 'idle'> | 'shrink';

export interface ForceOptions {
  /**
   * True: everything that is dead now is freed. False: only a young collection, and the end of the cycle in progress.
   * Default true.
   */
  readonly full?: boolean;
  /** Objects of sparse blocks move together, so that whole blocks become free. Needs `full`. Default false. */
  readonly move?: boolean;
  /**
   * Objects move towards low memory, and the program goes on in a new, smaller `WebAssembly.Memory`: the only way memory
   * goes back to the browser. Needs `full`, implies `move`. Default false.
   */
  readonly shrink?: boolean;
  /** Hears after each slice what was done last and how far the whole is: 0 to 1, never less than before. */
  readonly onProgress?: (phase: ForcePhase, fraction: number) => void;
  /** Milliseconds of work between two turns for the browser: 1 to 1000. Default 8. */
  readonly budget?: number;
}

export type ForceOutcome =
  /** The collection is over. Sizes of the memory in bytes. */
  | { readonly kind: 'done'; readonly before: number; readonly after: number }
  /** Collection is suppressed: a full one, without moving, is noted for the first gap in which it may run. */
  | { readonly kind: 'noted' };

const DEFAULT_BUDGET = 8;
/** Units of the heap's work between two looks at the clock: some tens of microseconds. */
const PORTION = 1000;

const FLAGS = ['full', 'move', 'shrink'] as const;
const KNOWN: readonly string[] = [...FLAGS, 'onProgress', 'budget'];

/** Throws a `TypeError` or `RangeError` that says which option of a forced collection is wrong. */
function checkForceOptions(options: ForceOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`the options of a collection must be an object, not ${String(options)}`);
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name))
      throw new TypeError(`a collection has no option \`${name}\`; it has ${KNOWN.join(', ')}`);
  for (const name of FLAGS) check(options[name], name, 'boolean', 'true or false');
  check(options.onProgress, 'onProgress', 'function', 'a function');
  check(options.budget, 'budget', 'number', 'a number of milliseconds');
  const { budget = DEFAULT_BUDGET, full = true, move = false, shrink = false } = options;
  if (!(budget >= 1 && budget <= 1000))
    throw new RangeError(`the option \`budget\` is 1 to 1000 milliseconds, not ${budget}`);
  if (!full && (move || shrink)) throw new TypeError('moving and shrinking need a full collection');
  if (options.move === false && shrink) throw new TypeError('shrinking needs objects to move');
}

function check(value: unknown, name: string, type: string, text: string): void {
  if (value !== undefined && typeof value !== type)
    throw new TypeError(`the option \`${name}\` of a collection is ${text}, not ${String(value)}`);
}

/** What is collected, and how a smaller memory is moved to. */
export interface ForceTarget {
  readonly heap: Heap;
  readonly views: MemoryViews;
  /** Hears of up to so many deaths of the host's objects; true while there are more. */
  readonly hear: (limit: number) => boolean;
  /** Resolves when no script is on the stack and the browser has had its turn. */
  readonly turn: () => Promise<void>;
  /** Whether a script is on the stack. */
  readonly running: () => boolean;
  /** Moves to a smaller memory, if the heap needs less than it has. */
  readonly shrink: () => void;
}

/** Runs a forced collection. Rejects with what `onProgress` throws; the heap is sound then, and some of it not done. */
export async function forceCollection(target: ForceTarget, options: ForceOptions): Promise<ForceOutcome> {
  checkForceOptions(options);
  const { heap, views } = target;
  const { full = true, shrink = false, move = shrink, budget = DEFAULT_BUDGET, onProgress } = options;
  // Asked for by a host function that a script has called: when that call is over.
  if (target.running()) await target.turn();
  const before = views.u8.byteLength;
  heap.force((full ? FORCE_FULL : 0) | (move ? FORCE_MOVE : 0) | (shrink ? FORCE_LOW : 0));
  let reached = 0;
  const report = (phase: ForcePhase, fraction: number): void => {
    reached = Math.max(reached, Math.min(fraction, 1));
    onProgress?.(phase, reached);
  };
  /** Moving to the smaller memory is the last twentieth. */
  const share = shrink ? 0.95 : 1;
  for (;;) {
    if (views.word(SUPPRESSED) !== 0) {
      // Suppressed in the meantime, or from the beginning: the heap notes what is left.
      heap.forceSlice(0);
      return { kind: 'noted' };
    }
    const phase = runSlice(target, performance.now() + budget);
    if (phase === undefined) break;
    report(phase, share * (views.f32[FORCED_PROGRESS >>> 2] ?? 0));
    await target.turn();
  }
  if (shrink) {
    report('shrink', share);
    // What `onProgress` did may have been anything.
    heap.finishMove();
    target.shrink();
  }
  report(shrink ? 'shrink' : move ? 'move' : full ? 'sweep' : 'young', 1);
  return { kind: 'done', before, after: views.u8.byteLength };
}

/** Works until `end`, by the clock, and returns what it was at; undefined where nothing was left to do. */
function runSlice({ heap, views, hear }: ForceTarget, end: number): ForcePhase | undefined {
  do {
    if (heap.forceSlice(PORTION) === 0 && !hear(PORTION)) return undefined;
  } while (performance.now() < end);
  const phase = phaseName(views.word(STATS_PHASE));
  return phase === 'idle' ? 'young' : phase;
}

/** A turn for the event loop: its message comes after what waits already, sooner than any timer. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
