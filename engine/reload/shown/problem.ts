/** Elements for what is wrong: an error of the compiler with its source line, or one that was thrown. */
import type { ScriptProblem } from '../../../scripting/image/index.ts';
import { ScriptError } from '../../../scripting/machine/index.ts';

/** Of what is longer, a page shows so much. */
const LONGEST_TEXT = 2000;
/** Of a source line. What a development server sends is shorter. */
const LONGEST_LINE = 200;
const BEFORE_FAULT = 60;

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function problemElement(
  problem: ScriptProblem,
  count: number,
  opens: string | undefined,
): HTMLElement {
  const element = document.createElement('article');
  const place = placeElement(problem, opens);
  place.append(` [${problem.code}]`, ...(count > 1 ? [` \u00d7 ${count}`] : []));
  element.append(place, line('div', shortened(problem.message)));
  if (problem.excerpt !== '') element.append(excerpt(problem));
  if (problem.hint !== undefined) element.append(line('div', `hint: ${shortened(problem.hint)}`, 'hint'));
  return element;
}

/** Where something is wrong; a link that opens it in the editor, where there is an address for that. */
export function placeElement({ file, line: row, column }: Place, opens: string | undefined): HTMLElement {
  const element = line('div', '', 'place');
  const text = `${file}:${row}:${column}`;
  if (opens === undefined || file.startsWith('<')) element.append(text);
  else {
    const link = document.createElement('a');
    link.textContent = text;
    link.href = opens + encodeURIComponent(text);
    link.title = 'open in the editor';
    link.addEventListener('click', (event) => {
      event.preventDefault();
      fetch(link.href).catch(() => undefined);
    });
    element.append(link);
  }
  return element;
}

/** What an error says, without the place that is shown beside it. */
export function messageOf(error: unknown): string {
  return shortened(error instanceof Error ? error.message : String(error));
}

/** Where a script's error was made. */
export const placeOf = (error: unknown): Place | undefined =>
  error instanceof ScriptError ? error.position : undefined;

export const traceOf = (error: unknown): string =>
  error instanceof ScriptError ? shortened(error.printedTrace) : '';

export function line(tag: 'div' | 'pre' | 'span', text: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** The source line with the part at fault marked; of a very long one, what is around it. */
function excerpt({ excerpt: text, at, column, line: row, length }: ScriptProblem): HTMLElement {
  const start = (at ?? column) - 1;
  const end = start + Math.max(1, length);
  const first = text.length > LONGEST_LINE ? Math.max(0, start - BEFORE_FAULT) : 0;
  const last = text.length > LONGEST_LINE ? first + LONGEST_LINE : text.length;
  const element = document.createElement('pre');
  const fault = document.createElement('mark');
  // At the end of a line there is nothing to mark but the place itself.
  fault.textContent = text.slice(start, Math.min(end, last)) || ' ';
  element.append(
    `${row} | ${first > 0 ? '...' : ''}${text.slice(first, start)}`,
    fault,
    `${text.slice(end, last)}${last < text.length ? '...' : ''}`,
  );
  return element;
}

const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
