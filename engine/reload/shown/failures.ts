/**
 * Failures of the running game, as they are shown: those that say the same are one, with a count. One that is made in frame after frame
 * stays; one that is not made again goes by itself.
 */
import type { Failure } from '../../failures.ts';
import { line, messageOf, placeElement, placeOf, traceOf } from './problem.ts';

/** Milliseconds after which a failure that is not made again is forgotten, and after which frames do not fail any more. */
export const FORGOTTEN = 6000;
export const CALM = 1500;

/** Different ones that are shown at a time; more than that nobody reads. */
const MOST = 20;

interface Entry {
  readonly element: HTMLElement;
  readonly counter: HTMLElement;
  /** What is counted where it is noted: `count` grows meanwhile. */
  readonly failures: Failure[];
  seen: number;
  time: number;
}

export class ShownFailures {
  readonly element = document.createElement('div');
  readonly #entries = new Map<string, Entry>();
  readonly #opens: string | undefined;

  constructor(opens: string | undefined) {
    this.#opens = opens;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What runs that fails, each once: `frame`, `behave Ball`. */
  get places(): readonly string[] {
    const names = [...this.#entries.values()].flatMap(({ failures }) => failures.map(({ where }) => where));
    return [...new Set(names)];
  }

  /** True where it is one that was not shown before. */
  add(failure: Failure, time: number): boolean {
    const sentence = `${failure.where} failed: ${messageOf(failure.error)}`;
    const place = placeOf(failure.error);
    const key = `${sentence} ${place?.file}:${place?.line}:${place?.column}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.failures.push(failure);
      return false;
    }
    if (this.#entries.size >= MOST) return false;
    const element = document.createElement('article');
    const counter = line('span', '', 'count');
    // A count that grows is not to be read out each time.
    counter.setAttribute('aria-hidden', 'true');
    const title = line('div', sentence, 'failure');
    if (place !== undefined) element.append(placeElement(place, this.#opens));
    element.append(title, counter);
    const trace = traceOf(failure.error);
    if (trace !== '') element.append(line('pre', trace));
    this.element.append(element);
    this.#entries.set(key, { element, counter, failures: [failure], seen: 0, time });
    return true;
  }

  /** Counts anew. Returns whether frames fail now. */
  look(time: number): boolean {
    let failing = false;
    for (const [key, entry] of this.#entries) {
      const count = entry.failures.reduce((sum, failure) => sum + failure.count, 0);
      if (count > entry.seen) entry.time = time;
      failing ||= entry.seen > 0 && count > entry.seen;
      entry.seen = count;
      entry.counter.textContent = count > 1 ? `\u00d7 ${count}` : '';
      failing ||= count > 1 && time - entry.time < CALM;
      if (time - entry.time < FORGOTTEN) continue;
      entry.element.remove();
      this.#entries.delete(key);
    }
    return failing;
  }

  clear(): void {
    this.#entries.clear();
    this.element.replaceChildren();
  }
}
