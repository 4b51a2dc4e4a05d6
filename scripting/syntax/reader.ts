/**
 * The reader: text -> forms with spans. It keeps its own stack, so that nesting costs no call depth; it reports what is
 * wrong and goes on, so that one run finds many errors; and it never throws.
 *
 * Where a `"` is missing, all after it is the wrong way round: strings are read as names and names as strings. That shows
 * only at the end of the text, where a string is left open; what is told then is where it probably began.
 *
 * Recovery: a closing bracket of the wrong shape is taken for the right one where all comes out even then; else it closes the nearest
 * open form of its own shape and everything inside it, and one without any partner is skipped. What is still open at the end of the text was probably meant to end before
 * the next `(` that stands in the first column: the reader goes back there, closes it, and reads on.
 */
import { type Bracket, CLOSER, CLOSING, closesAll, OPENING } from './balance.ts';
import {
  endOfName,
  endOfWhiteSpace,
  isNameCharacter,
  isWhiteSpace,
  looksLikeNumber,
  numberOf,
} from './characters.ts';
import type { Diagnostics } from './diagnostic.ts';
import { escapeAt } from './escape.ts';
import { foreignPiece } from './foreign-characters.ts';
import { numberHint, warnOfSplit } from './foreign-numbers.ts';
import { type Form, NESTING_LIMIT } from './form.ts';
import { inTemplate, isPrefix, type Open, type Prefix, type Suspect } from './open-form.ts';
import type { Source, Span } from './source.ts';

/** All forms of a source. Whatever the text is, the result is usable; what is wrong with it is in `diagnostics`. */
export function read(source: Source, diagnostics: Diagnostics): readonly Form[] {
  return new Reader(source, diagnostics).read();
}

/** Going back costs reading the rest of the text again, and so does looking ahead: neither is done without end. */
const RETURN_LIMIT = 32;

/** As much of what means nothing is repeated. */
const SHOWN = 20;

class Reader {
  readonly #source: Source;
  readonly #text: string;
  readonly #diagnostics: Diagnostics;
  readonly #stack: Open[];
  #at = 0;
  #tooDeepReported = false;
  #suspect: Suspect | undefined;
  #returns = 0;
  #looks = 0;
  /** Where the first string begins that can hardly be meant as one: a name touches it, and it goes over several lines. */
  #oddString: number | undefined;
  /** Where the string begins that is never closed: what is read after it means nothing. */
  #broken: number | undefined;
  /** The last `x ?`: alone in its list it is the list, where `((f x)?)` calls what `(f x)?` gives. */
  #detached: Form | undefined;

  constructor(source: Source, diagnostics: Diagnostics) {
    this.#source = source;
    this.#text = source.text;
    this.#diagnostics = diagnostics;
    this.#stack = [{ kind: 'file', start: 0, items: [], template: false }];
  }

  read(): readonly Form[] {
    do {
      while (this.#at < this.#text.length) this.#step();
    } while (this.#closeAtEnd());
    const broken = this.#broken;
    return broken === undefined
      ? this.#top.items
      : this.#top.items.filter((form) => form.span.start <= broken);
  }

  get #top(): Open {
    // The stack always holds at least the file itself.
    return this.#stack[this.#stack.length - 1] as Open;
  }

  #span(start: number, end = this.#at): Span {
    return { source: this.#source, start, end };
  }

  #step(): void {
    const start = this.#at;
    const character = String.fromCodePoint(this.#text.codePointAt(start) as number);
    if (character === ',' && inTemplate(this.#top) && this.#touchesForm(start + 1)) {
      this.#unquote();
    } else if (isWhiteSpace(character)) {
      // One at a time where a comma among it may unquote.
      this.#at = inTemplate(this.#top) ? start + 1 : endOfWhiteSpace(this.#text, start);
    } else if (character === ';') {
      const end = this.#text.indexOf('\n', start);
      this.#at = end < 0 ? this.#text.length : end;
    } else if (Object.hasOwn(OPENING, character)) {
      this.#at++;
      this.#open(OPENING[character] as Bracket, start);
    } else if (Object.hasOwn(CLOSING, character)) {
      this.#at++;
      this.#close(CLOSING[character] as Bracket, start);
    } else if (character === '"') {
      this.#string();
    } else if ("'/`".includes(character) && this.#foreign(start)) {
      // It was told.
    } else if (character === '`') {
      this.#at++;
      this.#open('template', start);
    } else if (character === "'" || character === ':') {
      this.#sigil(character);
    } else if (isNameCharacter(character)) {
      this.#word();
    } else {
      this.#foreign(start);
    }
  }

  /** What means nothing here is one mistake, whatever stands in it; false where nothing of the kind begins. */
  #foreign(start: number): boolean {
    const piece = foreignPiece(this.#text, start, this.#stack.length === 1, (end) => this.#fits(end));
    if (piece === undefined) return false;
    this.#at = piece.end;
    const { shown, hint, string } = piece;
    const text = shown.length > SHOWN ? `${shown.slice(0, SHOWN)}...` : shown;
    this.#diagnostics.error(
      'unexpected-character',
      this.#span(start, start + shown.length),
      `${JSON.stringify(text)} means nothing here`,
      hint === undefined ? {} : { hint },
    );
    const span = this.#span(start);
    // What stands beside it is not moved into its place.
    if (string !== undefined) this.#add({ kind: 'string', value: string, span });
    else if (piece.kind === 'word') this.#add({ kind: 'symbol', name: shown, span });
    return true;
  }

  #touchesForm(offset: number): boolean {
    const next = this.#text[offset];
    return next !== undefined && !isWhiteSpace(next) && !Object.hasOwn(CLOSING, next) && next !== ';';
  }

  #unquote(): void {
    const start = this.#at;
    const splice = this.#text[start + 1] === '@' && this.#touchesForm(start + 2);
    this.#at += splice ? 2 : 1;
    this.#open(splice ? 'splice' : 'unquote', start);
  }

  #open(kind: Bracket | Prefix, start: number): void {
    const template = kind === 'template' || inTemplate(this.#top);
    if (this.#stack.length === 1) this.#suspect = undefined;
    else if (kind === 'list' && this.#text[start - 1] === '\n') this.#suspect ??= this.#remember(start);
    if (this.#stack.length > NESTING_LIMIT && !this.#tooDeepReported) {
      this.#tooDeepReported = true;
      this.#diagnostics.error(
        'nesting-limit',
        this.#span(start),
        `forms are nested more than ${NESTING_LIMIT} deep here`,
        { hint: 'give inner parts a name of their own, with `let` or `defn`' },
      );
    }
    this.#stack.push({ kind, start, items: [], template });
  }

  #remember(at: number): Suspect {
    const stack = this.#stack.map((open) => ({ ...open, items: open.items.slice() }));
    return { at, stack, diagnostics: this.#diagnostics.all.length };
  }

  #close(kind: Bracket, start: number): void {
    this.#endPrefixes(start);
    if (this.#top.kind === kind) {
      this.#finish();
      return;
    }
    const partner = this.#stack.findLastIndex((open) => open.kind === kind);
    if (this.#isMistyped(partner)) {
      this.#mismatch(kind, start);
      this.#finish();
      return;
    }
    if (partner < 0) {
      this.#diagnostics.error(
        'unmatched-close',
        this.#span(start),
        `\`${CLOSER[kind]}\` closes nothing that is open`,
        this.#top.kind === 'file'
          ? {}
          : {
              notes: [
                { message: 'this is what is open', span: this.#span(this.#top.start, this.#top.start + 1) },
              ],
            },
      );
      return;
    }
    this.#mismatch(kind, start);
    while (this.#stack.length > partner) {
      this.#endPrefixes(start);
      if (this.#stack.length > partner) this.#finish();
    }
  }

  #mismatch(kind: Bracket, start: number): void {
    const open = this.#top;
    this.#diagnostics.error(
      'mismatched-close',
      this.#span(start),
      `\`${CLOSER[kind]}\` stands where \`${CLOSER[open.kind as Bracket]}\` should close`,
      { notes: [{ message: 'what is to be closed', span: this.#span(open.start, open.start + 1) }] },
    );
  }

  /** Whether all comes out even if the bracket that was just read closes what is open, and not if it closes its partner or nothing. */
  #isMistyped(partner: number): boolean {
    if (this.#top.kind === 'file') return false;
    const otherwise = partner < 0 ? this.#stack.length : partner;
    return this.#fits(this.#at, this.#stack.length - 1) && !this.#fits(this.#at, otherwise);
  }

  /** Whether the text from an offset on closes the outermost forms, so many that are open, and nothing else. */
  #fits(from: number, count = this.#stack.length): boolean {
    if (this.#looks >= 2 * RETURN_LIMIT) return false;
    this.#looks++;
    const open = this.#stack.slice(0, count);
    return closesAll(
      this.#text,
      from,
      open.flatMap(({ kind }) => (isPrefix(kind) || kind === 'file' ? [] : [kind])),
    );
  }

  /** Backquotes and commas that a closing bracket leaves without their form. */
  #endPrefixes(at: number): void {
    while (isPrefix(this.#top.kind)) {
      const open = this.#stack.pop() as Open;
      // Its form may have been left out because it lies too deep.
      if (this.#stack.length > NESTING_LIMIT) continue;
      this.#diagnostics.error('missing-form', this.#span(open.start, at), 'there is no form after this');
    }
  }

  /** Ends what is open at the end of the text; true if the reader went back and there is more to read. */
  #closeAtEnd(): boolean {
    if (this.#broken !== undefined) this.#forgetAfter(this.#broken);
    this.#endPrefixes(this.#at);
    const outermost = this.#stack[1];
    if (outermost === undefined) return false;
    const suspect = this.#suspect;
    const goesBack = suspect !== undefined && this.#returns < RETURN_LIMIT && this.#broken === undefined;
    if (goesBack) {
      this.#returns++;
      this.#suspect = undefined;
      this.#at = suspect.at;
      this.#stack.splice(0, this.#stack.length, ...suspect.stack);
      this.#diagnostics.all.length = suspect.diagnostics;
      this.#endPrefixes(this.#at);
    }
    // One report for the outermost open form is enough: the inner ones are open for the same reason.
    const { kind, start } = this.#stack[1] ?? outermost;
    if (this.#broken === undefined)
      this.#diagnostics.error('unclosed', this.#span(start, start + 1), 'this is never closed', {
        hint: `a \`${CLOSER[kind as Bracket]}\` is missing`,
        notes: goesBack
          ? [{ message: 'it probably ends before this', span: this.#span(suspect.at, suspect.at + 1) }]
          : [],
      });
    while (this.#stack.length > 1) {
      this.#endPrefixes(this.#at);
      if (this.#stack.length > 1) this.#finish();
    }
    return goesBack;
  }

  /** Closes the innermost bracket and makes it a form. */
  #finish(): void {
    const open = this.#stack.pop() as Open;
    const span = this.#span(open.start);
    // After the limit only the outline is kept: what lies deeper is dropped, so that no later stage meets it.
    if (this.#stack.length > NESTING_LIMIT) return;
    const [only] = open.items;
    if (open.kind === 'list' && open.items.length === 1 && only !== undefined && only === this.#detached)
      this.#add({ ...only, span });
    else this.#add({ kind: open.kind as Bracket, items: open.items, span });
  }

  /** Puts a complete form where it belongs: into the open form, through any prefixes that were waiting for it. */
  #add(form: Form): void {
    let complete = form;
    while (isPrefix(this.#top.kind)) {
      const open = this.#stack.pop() as Open;
      // As in brackets, what lies deeper than the limit is left out.
      if (this.#stack.length > NESTING_LIMIT) continue;
      complete = { kind: open.kind as Prefix, form: complete, span: this.#span(open.start) };
    }
    this.#top.items.push(complete);
  }

  #string(): void {
    const start = this.#at++;
    let value = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) {
        this.#broken = this.#oddString ?? start;
        break;
      }
      this.#at++;
      if (character === '"') break;
      // A line ends the same way however the file writes that.
      if (character === '\r' && this.#text[this.#at] === '\n') continue;
      value += character === '\\' ? this.#escape() : character;
    }
    if (value.includes('\n') && (this.#isName(start - 1) || this.#isName(this.#at)))
      this.#oddString ??= start;
    this.#add({ kind: 'string', value, span: this.#span(start) });
  }

  #isName(at: number): boolean {
    const code = this.#text.codePointAt(at);
    return at >= 0 && code !== undefined && isNameCharacter(String.fromCodePoint(code));
  }

  /** Says where the string begins that is never closed; what else is wrong from there on is so because of that. */
  #forgetAfter(start: number): void {
    const all = this.#diagnostics.all;
    const kept = all.filter(({ span }) => span.source !== this.#source || span.start < start);
    all.splice(0, all.length, ...kept);
    const goesOn = this.#text.indexOf('\n', start) >= 0 && this.#text.slice(start).trim().includes('\n');
    const [, other] = /^[^\n]*?([\u201c-\u201f\u00ab\u00bb])/.exec(this.#text.slice(start + 1)) ?? [];
    const missing = goesOn ? 'a `"` is missing, probably in this line' : 'a `"` is missing';
    this.#diagnostics.error('unclosed-string', this.#span(start, start + 1), 'this string is never closed', {
      hint: other === undefined ? missing : `\`${other}\` does not close it, \`"\` does`,
    });
  }

  #escape(): string {
    const start = this.#at - 1;
    const { value, end, problem } = escapeAt(this.#text, this.#at);
    this.#at = end;
    if (problem !== undefined) {
      const { message, hint, length } = problem;
      const span = this.#span(start, Math.min(start + length, this.#text.length));
      this.#diagnostics.error('bad-escape', span, message, { hint });
    }
    return value;
  }

  /** `:name`, `:` alone, and `'a`. */
  #sigil(sigil: string): void {
    const start = this.#at++;
    const name = this.#takeName();
    if (name !== '') {
      this.#add({ kind: sigil === ':' ? 'keyword' : 'type-variable', name, span: this.#span(start) });
    } else if (sigil === ':') {
      this.#add({ kind: 'symbol', name: ':', span: this.#span(start) });
    } else {
      this.#diagnostics.error('unexpected-character', this.#span(start), "`'` is not followed by a name", {
        hint: "a type variable is written `'a`; there is no quote",
      });
    }
  }

  #word(): void {
    const start = this.#at;
    const word = this.#takeName();
    const span = this.#span(start);
    if (word === '?' && this.#postfix()) return;
    if (word === 'true' || word === 'false') {
      this.#add({ kind: 'bool', value: word === 'true', span });
      return;
    }
    if (!looksLikeNumber(word)) {
      this.#add({ kind: 'symbol', name: word, span });
      return;
    }
    const number = numberOf(word);
    warnOfSplit(this.#diagnostics, this.#source, start);
    if (number === undefined)
      this.#diagnostics.error('bad-number', span, 'this is not a number', {
        hint: numberHint(word),
      });
    this.#add({ ...(number ?? { kind: 'integer', value: 0n }), span });
  }

  /** `?` after a form makes a `try` of it; false where there is no form that it could stand after. */
  #postfix(): boolean {
    const { items, kind } = this.#top;
    const form = items[items.length - 1];
    if (form === undefined || isPrefix(kind)) return false;
    const postfix: Form = { kind: 'try', form, span: this.#span(form.span.start) };
    items[items.length - 1] = postfix;
    if (form.span.end < this.#at - 1) this.#detached = postfix;
    return true;
  }

  #takeName(): string {
    const start = this.#at;
    this.#at = endOfName(this.#text, start);
    return this.#text.slice(start, this.#at);
  }
}
