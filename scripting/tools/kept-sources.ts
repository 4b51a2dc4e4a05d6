/**
 * The sources of a program that is compiled again and again: one whose text is the same stays the same object, and what stages have
 * found out about it by itself, its forms and what they expand to, is not worked out again. They are for one `Recompiler`, which moves
 * the places in them.
 */
import { Source } from '../syntax/index.ts';

export class KeptSources {
  readonly #byName = new Map<string, Source>();

  /** The source of this name and text. */
  source(name: string, text: string): Source {
    const before = this.#byName.get(name);
    if (before?.text === text) return before;
    const source = new Source(name, text);
    this.#byName.set(name, source);
    return source;
  }
}
