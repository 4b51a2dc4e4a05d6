/**
 * A page of the language reference: tables whose rows are entries, and fenced code that is run.
 *
 *     | `name` | `type` | what it does |
 *
 *     ```clojure
 *     (+ 1 2)            ;=> 3            the value of the form that ends before it, strings with their quotes
 *     (println "hello")  ; expect: hello  a line that is printed
 *     ```
 *
 * All code of a page is one program, so what one example defines the next may use. Code in a fence `clojure not-run` is
 * only read.
 */
import { Diagnostics, type Form, read, Source } from '../../scripting/syntax/index.ts';

/** A row of a table whose first cell is a name, or several. */
export interface Row {
  readonly names: readonly string[];
  /** The second cell, where the table has three. */
  readonly type: string | undefined;
  readonly text: string;
}

export interface Page {
  readonly name: string;
  readonly rows: readonly Row[];
  /** The page's code as a program; its lines are those of the page. */
  readonly program: Source;
  /** What the program prints. */
  readonly output: string;
  readonly forms: readonly Form[];
}

export function readPage(name: string, text: string): Page {
  const code = codeOf(text, true);
  const { program, output } = rewrite(name, code);
  return {
    name,
    rows: rowsOf(text),
    program,
    output,
    forms: read(new Source(name, codeOf(text, false)), new Diagnostics()),
  };
}

/** The text with everything blanked out but the code, so that places in it stay what they are. */
function codeOf(text: string, onlyRun: boolean): string {
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) {
        inside = !inside && /^```clojure( not-run)?$/.test(line) && !(onlyRun && line.endsWith('not-run'));
        return '';
      }
      return inside ? line : '';
    })
    .join('\n');
}

const EXPECTATION = /;\s*(=>|expect:) ?(.*)$/gm;

/** The program in which each form with a `;=>` after it is printed, in a vector, where strings have their quotes. */
function rewrite(name: string, code: string): { readonly program: Source; readonly output: string } {
  const forms = read(new Source(name, code), new Diagnostics());
  const output: string[] = [];
  let text = '';
  let done = 0;
  for (const { index, 1: kind, 2: expected = '' } of code.matchAll(EXPECTATION)) {
    output.push(kind === '=>' ? `[${expected}]\n` : `${expected}\n`);
    const form = forms.findLast(({ span }) => span.end <= index);
    if (kind !== '=>' || form === undefined) continue;
    const { start, end } = form.span;
    text += `${code.slice(done, start)}(println [${code.slice(start, end)}])`;
    done = end;
  }
  return { program: new Source(name, text + code.slice(done)), output: output.join('') };
}

const ROW = /^\| *(`[^|]*`) *\|(?: *(`[^|]*`) *\|)? *([^|]*?) *\|$/;

function rowsOf(text: string): readonly Row[] {
  return text.split('\n').flatMap((line) => {
    const [, names, type, rest = ''] = ROW.exec(line) ?? [];
    if (names === undefined) return [];
    const all = [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return [{ names: all, type: type?.slice(1, -1), text: rest }];
  });
}
