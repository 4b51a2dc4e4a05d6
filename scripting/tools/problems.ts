/** What the compiler said, as the parts that editors and the page's overlay show. */
import type { ScriptProblem } from '../image/index.ts';
import type { Diagnostic } from '../syntax/index.ts';

export function toProblem({ severity, code, message, span, hint }: Diagnostic): ScriptProblem {
  const { line, column } = span.source.position(span.start);
  const excerpt = span.source.line(line);
  return {
    severity,
    code,
    message,
    file: span.source.name,
    line,
    column,
    excerpt,
    // A span of several lines is shown by its first.
    length: Math.max(1, Math.min(span.end - span.start, excerpt.length - column + 1)),
    ...(hint !== undefined && { hint }),
  };
}
