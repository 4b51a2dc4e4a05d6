/** When V8 collected, by its own account: what Node tells of each collection on the main thread. */
import { PerformanceObserver } from 'node:perf_hooks';

export class V8Collections {
  readonly #spans: (readonly [number, number])[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#take(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Stops listening. From and to of each, in milliseconds by `performance.now()`. */
  async stop(): Promise<readonly (readonly [number, number])[]> {
    // Entries are told in a turn of the event loop after the collection.
    await new Promise((resolve) => setImmediate(resolve));
    this.#take(this.#observer.takeRecords());
    this.#observer.disconnect();
    return this.#spans;
  }

  #take(entries: readonly { readonly startTime: number; readonly duration: number }[]): void {
    for (const { startTime, duration } of entries) this.#spans.push([startTime, startTime + duration]);
  }
}
