/**
 * How long the system has let this thread wait while other programs had the processor. Linux tells; elsewhere nobody knows, and a frame
 * that waited seems to have worked so long.
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** Nanoseconds on a processor, nanoseconds waited for one, and how often it had one. */
const FILE = '/proc/thread-self/schedstat';

export class Waits {
  readonly #file: number | undefined;
  readonly #text = Buffer.alloc(128);

  constructor() {
    try {
      this.#file = openSync(FILE, 'r');
    } catch {
      this.#file = undefined;
    }
  }

  /** Milliseconds since the thread began; always 0 where nobody tells. */
  read(): number {
    if (this.#file === undefined) return 0;
    const bytes = readSync(this.#file, this.#text, 0, this.#text.length, 0);
    const [, waited] = this.#text.toString('latin1', 0, bytes).split(' ');
    return Number(waited) / 1e6 || 0;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
