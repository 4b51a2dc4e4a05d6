/** What the compiler said, as the parts that editors and the page's overlay show. */
import type { ScriptProblem } from '../image/index.ts';
import { type Diagnostic, excerptOf } from '../syntax/index.ts';

export function toProblem({ severity, code, message, span, hint }: Diagnostic): ScriptProblem {
  const { line, column } = span.source.position(span.start);
  const { text: excerpt, column: at } = excerptOf(span.source.line(line), column);
  return {
    severity,
    code,
    message,
    file: span.source.name,
    line,
    column,
    excerpt,
    // A span of several lines is shown by its first.
    length: Math.max(1, Math.min(span.end - span.start, excerpt.length - at + 1)),
    ...(at !== column && { at }),
    ...(hint !== undefined && { hint }),
  };
}

/** Why there is no program where its main script is not there. */
export function missingScript(file: string): ScriptProblem {
  return {
    severity: 'error',
    code: 'missing-script',
    message: `there is no file ${file}`,
    file,
    line: 1,
    column: 1,
    excerpt: '',
    length: 1,
    hint: 'the game goes on with it as soon as it is there',
  };
}
