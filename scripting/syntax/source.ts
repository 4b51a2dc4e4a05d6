/** One source file's text, and the places in it. */
export class Source {
  readonly name: string;
  readonly text: string;
  #lines: number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Line and column (both from 1, columns in UTF-16 units) of an offset into the text. */
  position(offset: number): { line: number; column: number } {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  }

  /** The text of a line (from 1), without its line break; '' after the last. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return '';
    const end = starts[number] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, '');
  }

  #starts(): number[] {
    if (this.#lines === undefined) {
      this.#lines = [0];
      for (let i = this.text.indexOf('\n'); i >= 0; i = this.text.indexOf('\n', i + 1))
        this.#lines.push(i + 1);
    }
    return this.#lines;
  }
}

/** A stretch of a source's text: offsets in UTF-16 units, `end` after the last. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /** Set where a macro put something here that is not in the text: the span is that of the macro's call. */
  readonly expansion?: Expansion;
}

/** Where in a macro's template something came from; `outer` is that of the call, where a macro made that too. */
export interface Expansion {
  readonly macro: string;
  readonly place: Span;
  readonly outer?: Expansion;
}

/** From the start of one span to the end of another of the same source, wherever these are moved to. */
export class Stretch implements Span {
  readonly #first: Span;
  readonly #last: Span;

  constructor(first: Span, last: Span) {
    this.#first = first;
    this.#last = last;
  }

  get source(): Source {
    return this.#first.source;
  }

  get start(): number {
    return this.#first.start;
  }

  get end(): number {
    return this.#last.end;
  }
}

/** The smallest span that covers both; `a` where they lie in different sources or a macro made it. */
export function cover(a: Span, b: Span): Span {
  if (a.source !== b.source || a.expansion !== undefined) return a;
  return { source: a.source, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
