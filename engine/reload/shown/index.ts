/**
 * The overlay in the page: errors, which stay until they are mended or put aside with Esc; a mark around the page while frames fail; and
 * a strip that says what became of new code, which goes by itself. It takes nothing from the game beside it, and lies in a shadow root
 * with a sheet of its own, so that neither the page's styles nor a strict content policy matter. It is in the page from when it has
 * something to show until it is removed.
 */
import type { ReloadReport, ScriptProblem } from '../../../scripting/image/index.ts';
import { ScriptError } from '../../../scripting/machine/index.ts';
import type { Failure } from '../../failures.ts';
import type { Choice } from '../choice.ts';
import { ShownFailures } from './failures.ts';
import { line, messageOf, placeElement, placeOf, problemElement, traceOf } from './problem.ts';
import { reportSentence } from './report.ts';
import { STYLE } from './style.ts';

export { changedExports, nameChoices, nameNotes } from './notes.ts';

/** Milliseconds that the strip stays, and between two looks at what fails. */
const STRIP = 5000;
const LOOK = 500;
/** And where there is something to decide. */
const CHOICE = 20_000;
/** Milliseconds that an empty region is there before something comes into it. */
const BREATH = 50;

/** Errors of the compiler that are shown at a time. */
const MOST = 20;

export class ShownOverlay {
  readonly #element: HTMLElement = document.createElement('sluice-overlay');
  readonly #section = document.createElement('section');
  readonly #title = document.createElement('h2');
  /** Why there is no new code, and what fails in the code that runs. */
  readonly #reasons = document.createElement('div');
  readonly #failures: ShownFailures;
  /** Is there before what it says, since a screen reader reads what comes into it. */
  readonly #status = document.createElement('div');
  readonly #mark = line('div', '', 'failing');
  readonly #opens: string | undefined;
  readonly #ended = new AbortController();
  readonly #uncaught = new Map<string, Failure & { count: number }>();
  #sentence = '';
  #stripTimer = 0;
  #lookTimer = 0;

  constructor(opens: string | undefined) {
    this.#opens = opens;
    this.#failures = new ShownFailures(opens);
    const root = this.#element.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#section.setAttribute('role', 'alert');
    this.#status.setAttribute('role', 'status');
    const header = document.createElement('header');
    header.append(
      this.#title,
      button('Esc', 'put aside', () => this.#putAside()),
    );
    this.#section.append(header, this.#reasons, this.#failures.element);
    this.#mark.append(button('frames fail', 'show what fails', () => this.#reveal()));
    for (const element of [this.#mark, this.#section]) element.hidden = true;
    root.append(this.#mark, this.#section, this.#status);
    const { signal } = this.#ended;
    this.#status.addEventListener('pointerenter', () => clearTimeout(this.#stripTimer), { signal });
    this.#status.addEventListener('pointerleave', () => this.#stripAfter(STRIP), { signal });
    addEventListener('keydown', (event) => this.#key(event), { signal, capture: true });
  }

  problems(problems: readonly ScriptProblem[], running: boolean): void {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const merged = new Map<string, { readonly problem: ScriptProblem; count: number }>();
    for (const problem of errors) {
      const key = `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { problem, count: 1 });
      else known.count += 1;
    }
    const shown = [...merged.values()];
    const count = shown.length === 1 ? 'An error' : `${shown.length} errors`;
    const elements = shown
      .slice(0, MOST)
      .map(({ problem, count }) => problemElement(problem, count, this.#opens));
    if (shown.length > MOST) elements.push(line('div', `and ${shown.length - MOST} more`, 'hint'));
    this.#put(`${count} in the script${running ? '; the last good code goes on' : ''}`, elements);
  }

  reason(sentence: string, error: unknown): void {
    const place = placeOf(error);
    const trace = traceOf(error);
    this.#put(sentence, [
      ...(place === undefined ? [] : [placeElement(place, this.#opens)]),
      line('pre', messageOf(error)),
      ...(trace === '' ? [] : [line('pre', trace)]),
    ]);
  }

  failure(failure: Failure): void {
    if (this.#failures.add(failure, performance.now())) this.#reveal();
    this.#look();
    if (this.#lookTimer === 0) this.#lookTimer = window.setInterval(() => this.#look(), LOOK);
  }

  uncaught(error: unknown): void {
    if (!isOfCall(error)) return;
    const key = messageOf(error);
    const known = this.#uncaught.get(key);
    if (known === undefined) {
      const failure = { error, where: 'a call of the page', count: 1 };
      this.#uncaught.set(key, failure);
      this.failure(failure);
    } else known.count += 1;
  }

  report(report: ReloadReport, choices: readonly Choice[]): void {
    document.body.append(this.#element);
    this.#status.replaceChildren();
    const strip = line('div', reportSentence(report), 'strip');
    for (const { text, action } of choices)
      strip.append(
        ' ',
        button(text, '', () => {
          action();
          this.#status.replaceChildren();
        }),
      );
    this.#stripAfter(BREATH, strip, choices.length > 0 ? CHOICE : STRIP);
  }

  ask(sentence: string, reason: string, { text, action }: Choice): void {
    const use = button(text, '', () => {
      this.clear();
      action();
    });
    this.#put(sentence, [line('div', reason), use]);
  }

  clear(): void {
    this.#sentence = '';
    this.#reasons.replaceChildren();
    this.#update();
  }

  mended(): void {
    this.#uncaught.clear();
    this.#failures.clear();
    this.#look();
  }

  remove(): void {
    this.#ended.abort();
    clearTimeout(this.#stripTimer);
    clearInterval(this.#lookTimer);
    this.#element.remove();
  }

  #put(sentence: string, content: readonly HTMLElement[]): void {
    this.#sentence = sentence;
    // What became of an earlier save is no longer so.
    this.#status.replaceChildren();
    clearTimeout(this.#stripTimer);
    this.#reasons.replaceChildren(...content);
    this.#reveal();
  }

  #reveal(): void {
    document.body.append(this.#element);
    this.#section.hidden = false;
    this.#update();
  }

  #putAside(): void {
    this.#section.hidden = true;
  }

  /** The title fits what is there; without anything, there is nothing to show. */
  #update(): void {
    const failing = this.#failures.size > 0 ? `${this.#failures.places.join(', ')} failed` : '';
    const title = this.#sentence || failing;
    // What is not changed is not read out again.
    if (this.#title.textContent !== title) this.#title.textContent = title;
    if (title === '') this.#section.hidden = true;
  }

  #look(): void {
    this.#mark.hidden = !this.#failures.look(performance.now());
    this.#update();
    if (this.#failures.size > 0) return;
    clearInterval(this.#lookTimer);
    this.#lookTimer = 0;
  }

  /** Shows a strip after so many milliseconds, or, where none is given, takes it away. */
  #stripAfter(milliseconds: number, strip?: HTMLElement, stays = STRIP): void {
    clearTimeout(this.#stripTimer);
    this.#stripTimer = window.setTimeout(() => {
      this.#status.replaceChildren(...(strip === undefined ? [] : [strip]));
      if (strip !== undefined) this.#stripAfter(stays);
    }, milliseconds);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing || this.#section.hidden) return;
    this.#putAside();
    // The game's own Escape is another one.
    event.stopImmediatePropagation();
  }
}

/** Whether an error comes of a call into the script: of what it does, or of arguments that it does not take. */
function isOfCall(error: unknown): boolean {
  if (error instanceof ScriptError) return true;
  if (!(error instanceof TypeError)) return false;
  return (
    error.name === 'ConversionError' ||
    /^the script exports no function |^\S+ takes \d+ arguments, not \d+$/.test(error.message)
  );
}

function button(text: string, title: string, action: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.title = title;
  element.addEventListener('click', action);
  return element;
}
