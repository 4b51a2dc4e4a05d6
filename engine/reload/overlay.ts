/**
 * What the page shows of trouble in a script: an overlay with the compiler's errors, which goes when they do, and short
 * notices. Both are drawn beside the running game and take nothing from it. Everything lies in a shadow root with a
 * sheet of its own, so that neither the page's styles nor a strict content policy matter. It is in the page from when it has
 * something to show until it is removed.
 */
import type { ScriptProblem } from '../../scripting/image/index.ts';
import { ScriptError } from '../../scripting/machine/index.ts';
import type { Failure } from '../failures.ts';

const STYLE = `
:host { position: fixed; inset: auto 0 0 0; z-index: 1000; pointer-events: none;
  display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 16px;
  font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
section { pointer-events: auto; box-sizing: border-box; width: min(860px, 100%); max-height: 60vh; overflow: auto;
  background: #1d1014f2; color: #f6e3e6; border: 1px solid #a33b4f; border-radius: 10px; padding: 14px 18px;
  box-shadow: 0 12px 40px #0009; }
section[hidden] { display: none; }
h2 { margin: 0 0 8px; font: 600 14px/1.4 system-ui, sans-serif; color: #ff9dae; }
article + article { margin-top: 14px; border-top: 1px solid #ffffff1c; padding-top: 12px; }
.place { color: #c99aa3; }
pre { margin: 6px 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: #a33b4f88; color: #fff; border-radius: 2px; box-shadow: 0 2px 0 #ff6f86; }
.hint { color: #e9c46a; }
.notice { pointer-events: auto; background: #10212bf2; color: #d5eefb; border: 1px solid #2f6f8f; border-radius: 8px;
  padding: 8px 14px; }
`;

/** Why a game could not start, which players are told too; or trouble of one that has been made by its script or its page. */
export type Shown = 'start' | 'problems';

/** Milliseconds that a notice stays. */
const NOTICE = 6000;

export class Overlay {
  readonly element: HTMLElement = document.createElement('sluice-overlay');
  readonly #problems = document.createElement('section');
  readonly #root: ShadowRoot;
  readonly #timers = new Set<number>();
  /** What may be shown. */
  readonly #allows: (what: Shown) => boolean;

  /** `allows` says what may be shown, each time that there is something: a released game keeps its troubles to itself. */
  constructor(allows: (what: Shown) => boolean = () => true) {
    this.#allows = allows;
    this.#root = this.element.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#problems.hidden = true;
    this.#problems.setAttribute('role', 'alert');
    this.#root.append(this.#problems);
  }

  /** Shows the errors among what the compiler said; `running` tells whether older code goes on meanwhile. */
  show(problems: readonly ScriptProblem[], running: boolean): void {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const count = errors.length === 1 ? 'An error' : `${errors.length} errors`;
    const sentence = `${count} in the script${running ? '; the last good code goes on' : ''}`;
    this.#put('problems', sentence, errors.map(problemElement));
  }

  /** Shows, in the errors' place, what did not work and why; the console gets the whole error. */
  fail(sentence: string, error: unknown, what: Shown = 'problems'): void {
    console.error(sentence, error);
    const reason = document.createElement('pre');
    reason.textContent = describe(error);
    this.#put(what, sentence, [reason]);
  }

  /** Shows a failure of the running game for a few seconds; the console gets its stack trace. */
  failure({ error, where }: Failure): void {
    if (error instanceof ScriptError) console.error(`${where} failed: ${error.report()}`);
    else console.error(`${where} failed:`, error);
    this.notice(`${where} failed: ${describe(error).split('\n', 1)[0]}`);
  }

  clear(): void {
    this.#problems.hidden = true;
  }

  /** Shows a sentence for a few seconds. */
  notice(sentence: string): void {
    if (!this.#allows('problems')) return;
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.setAttribute('role', 'status');
    notice.textContent = sentence;
    this.#root.append(notice);
    document.body.append(this.element);
    const timer = window.setTimeout(() => {
      notice.remove();
      this.#timers.delete(timer);
    }, NOTICE);
    this.#timers.add(timer);
  }

  remove(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.element.remove();
  }

  #put(what: Shown, sentence: string, content: readonly HTMLElement[]): void {
    if (!this.#allows(what)) return;
    const title = document.createElement('h2');
    title.textContent = sentence;
    this.#problems.replaceChildren(title, ...content);
    this.#problems.hidden = false;
    document.body.append(this.element);
  }
}

function describe(error: unknown): string {
  if (error instanceof ScriptError) return error.report();
  return error instanceof Error ? error.message : String(error);
}

function problemElement(problem: ScriptProblem): HTMLElement {
  const element = document.createElement('article');
  const place = document.createElement('div');
  place.className = 'place';
  place.textContent = `${problem.file}:${problem.line}:${problem.column} [${problem.code}]`;
  const message = document.createElement('div');
  message.textContent = problem.message;
  element.append(place, message, excerpt(problem));
  if (problem.hint !== undefined) {
    const hint = document.createElement('div');
    hint.className = 'hint';
    hint.textContent = `hint: ${problem.hint}`;
    element.append(hint);
  }
  return element;
}

/** The source line with the part at fault marked. */
function excerpt(problem: ScriptProblem): HTMLElement {
  const start = problem.column - 1;
  const line = document.createElement('pre');
  const fault = document.createElement('mark');
  // At the end of a line there is nothing to mark but the place itself.
  fault.textContent = problem.excerpt.slice(start, start + Math.max(1, problem.length)) || ' ';
  line.append(
    `${problem.line} | ${problem.excerpt.slice(0, start)}`,
    fault,
    problem.excerpt.slice(start + Math.max(1, problem.length)),
  );
  return line;
}
