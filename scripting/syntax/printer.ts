/** The printer: forms -> text that reads back as the same forms. */
import type { Form } from './form.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '"': '\\"',
  '\\': '\\\\',
};

/** A form on one line. Marks are not shown: what a macro brought in prints as it was written. */
export function print(form: Form): string {
  switch (form.kind) {
    case 'list':
      return `(${form.items.map(print).join(' ')})`;
    case 'vector':
      return `[${form.items.map(print).join(' ')}]`;
    case 'map':
      return `{${form.items.map(print).join(' ')}}`;
    case 'symbol':
      return form.name;
    case 'keyword':
      return `:${form.name}`;
    case 'type-variable':
      return `'${form.name}`;
    case 'integer':
      return String(form.value);
    case 'float':
      return printFloat(form.value);
    case 'string':
      return printString(form.value);
    case 'bool':
      return String(form.value);
    case 'try':
      // After a bracket `?` stands as it is; a name would swallow it.
      return form.form.kind === 'list' ? `${print(form.form)}?` : `(${print(form.form)} ?)`;
    case 'template':
      return `\`${print(form.form)}`;
    case 'unquote':
      return `,${print(form.form)}`;
    case 'splice':
      return `,@${print(form.form)}`;
  }
}

/** A float as a script writes it: always with a point or an exponent. */
function printFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A string with its quotes, escaped. */
export function printString(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped here
  const escaped = value.replace(/[\u0000-\u001f"\\\u007f\u2028\u2029]/g, (c) =>
    Object.hasOwn(ESCAPES, c) ? (ESCAPES[c] as string) : `\\u{${c.charCodeAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
}
