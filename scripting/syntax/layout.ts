/**
 * Forms over several lines, as one would write them: what fits on a line stays there; of a special form, what stands at
 * its head stays on the first line and its body is indented by two; the arguments of a call stand below one another.
 */
import { type Form, headName, symbolName } from './form.ts';
import { LANGUAGE_FORMS } from './language-forms.ts';
import { print } from './printer.ts';

/** Columns that a line may have, if it can be helped. */
const WIDTH = 100;

/** A head this short lets arguments stand below the first one; after a longer one they are indented. */
const SHORT_HEAD = 12;

/** The text of a form, which reads back as the same form. Lines after the first are indented by `indent` columns more. */
export function layOut(form: Form, indent = 0): string {
  const line = print(form);
  if (indent + line.length <= WIDTH) return line;
  switch (form.kind) {
    case 'list':
      return `(${layOutList(form.items, indent)})`;
    case 'vector':
      return `[${below(form.items, indent + 1)}]`;
    case 'map':
      return `{${pairs(form.items, indent + 1)}}`;
    case 'try':
      return form.form.kind === 'list' ? `${layOut(form.form, indent)}?` : line;
    case 'template':
    case 'unquote':
    case 'splice': {
      const prefix = { template: '`', unquote: ',', splice: ',@' }[form.kind];
      return `${prefix}${layOut(form.form, indent + prefix.length)}`;
    }
    default:
      return line;
  }
}

/** What stands between the brackets of a list that begins at column `indent`. */
function layOutList(items: readonly Form[], indent: number): string {
  const [head, ...rest] = items;
  if (head === undefined) return '';
  const name = symbolName(head);
  if (name === undefined) return below(items, indent + 1);
  // `(pub defn ...)` is laid out as `(defn ...)`.
  if (name === 'pub' && rest.length > 0) return `pub ${layOutList(rest, indent)}`;
  const inHead = headSize(name, rest);
  const first = `${name} `;
  if (inHead === undefined) {
    if (rest.length === 0) return name;
    if (name.length <= SHORT_HEAD) return first + below(rest, indent + 1 + first.length);
    return [name, ...rest.map((item) => layOut(item, indent + 2))].join(`\n${' '.repeat(indent + 2)}`);
  }
  let text = name;
  for (const item of rest.slice(0, inHead)) {
    const column = indent + 1 + text.length - (text.lastIndexOf('\n') + 1) + 1;
    text += ` ${headName(item) === undefined && (name === 'let' || name === 'letrec') ? bindings(item, column) : layOut(item, column)}`;
  }
  const body = rest.slice(inHead).map((item) => `\n${' '.repeat(indent + 2)}${layOut(item, indent + 2)}`);
  return text + body.join('');
}

/** Undefined for what is no special form. A result type belongs to the head too. */
function headSize(name: string, rest: readonly Form[]): number | undefined {
  const size = LANGUAGE_FORMS.get(name)?.head;
  if (size === undefined) return undefined;
  return symbolName(rest[size]) === ':' ? size + 2 : size;
}

/** The bindings of a `let`, one a line. */
function bindings(form: Form, indent: number): string {
  return form.kind === 'list' ? `(${below(form.items, indent + 1)})` : layOut(form, indent);
}

function below(items: readonly Form[], indent: number): string {
  return items.map((item) => layOut(item, indent)).join(`\n${' '.repeat(indent)}`);
}

function pairs(items: readonly Form[], indent: number): string {
  const lines: string[] = [];
  for (let i = 0; i < items.length; i += 2) {
    const [key, value] = items.slice(i, i + 2) as [Form, Form?];
    const text = print(key);
    lines.push(value === undefined ? text : `${text} ${layOut(value, indent + text.length + 1)}`);
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
