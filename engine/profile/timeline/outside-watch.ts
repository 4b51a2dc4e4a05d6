/**
 * Watches what of a page is not our work, as far as a browser lets it: scripts of long animation frames (Chromium tells of frames over
 * 50 ms, also of those before this began), and whether the browser has collected. Nobody says that a collection was: something that
 * nothing holds but a weak reference is dead afterwards. So it is known of frames, and nothing of its length; V8 clears such references
 * in collections of its whole heap alone, and so those of its young objects are not seen.
 */
import type { LongScript, Outside } from '../outside.ts';

/** The part of a long animation frame that is used; TypeScript's library does not have them. */
interface LongFrame extends PerformanceEntry {
  readonly scripts: readonly {
    readonly startTime: number;
    readonly duration: number;
    readonly invoker: string;
    readonly sourceURL: string;
    readonly sourceFunctionName: string;
  }[];
}

const LONG_FRAMES = 'long-animation-frame';
/** As many as frames that a recorder has. */
const MOST = 600;

export class OutsideWatch implements Outside {
  readonly scripts: LongScript[] = [];
  readonly collections: number[] = [];
  readonly #observer: PerformanceObserver | undefined;
  #canary = new WeakRef({});
  #request = requestAnimationFrame((time) => this.#tick(time));

  constructor() {
    if (!PerformanceObserver.supportedEntryTypes.includes(LONG_FRAMES)) return;
    this.#observer = new PerformanceObserver((list) => this.#hear(list.getEntries()));
    this.#observer.observe({ type: LONG_FRAMES, buffered: true });
  }

  /** What is known by now; what the browser has not told yet is fetched. */
  take(): Outside {
    this.#hear(this.#observer?.takeRecords() ?? []);
    return this;
  }

  end(): void {
    cancelAnimationFrame(this.#request);
    this.#observer?.disconnect();
  }

  #hear(entries: PerformanceEntryList): void {
    for (const { scripts } of entries as LongFrame[])
      for (const { startTime, duration, invoker, sourceURL, sourceFunctionName } of scripts)
        this.scripts.push({
          start: startTime,
          length: duration,
          invoker,
          source: sourceURL,
          name: sourceFunctionName,
        });
    this.scripts.splice(0, this.scripts.length - MOST);
  }

  #tick(time: number): void {
    this.#request = requestAnimationFrame((next) => this.#tick(next));
    if (this.#canary.deref() !== undefined) return;
    this.#canary = new WeakRef({});
    this.collections.push(time);
    if (this.collections.length > MOST) this.collections.shift();
  }
}
