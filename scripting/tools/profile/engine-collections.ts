/** Collections of V8's while a game runs: `perf_hooks` tells what each was, and when. */
import { constants, PerformanceObserver } from 'node:perf_hooks';

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak callbacks',
};

/** Times by `performance.now`. */
export interface NativeCollection {
  readonly kind: string;
  readonly begun: number;
  readonly length: number;
}

export class EngineCollections {
  readonly #found: NativeCollection[] = [];
  readonly #observer: PerformanceObserver;

  constructor() {
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** All that there were, in order. */
  async take(): Promise<readonly NativeCollection[]> {
    // Node tells of each in a turn of its own, after the code that it ran in.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.#take(this.#observer.takeRecords());
    return this.#found.sort((a, b) => a.begun - b.begun);
  }

  /** Hears of no more. */
  close(): void {
    this.#observer.disconnect();
  }

  #take(entries: readonly { startTime: number; duration: number; detail?: unknown }[]): void {
    for (const { startTime, duration, detail } of entries) {
      const { kind = 0 } = (detail ?? {}) as { readonly kind?: number };
      this.#found.push({ kind: KINDS[kind] ?? 'unknown', begun: startTime, length: duration });
    }
  }
}
