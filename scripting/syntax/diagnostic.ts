import type { Code } from './codes.ts';
import type { Span } from './source.ts';

/** What a compiler stage has to say about a script. Diagnostics are values; nothing in the compiler throws them. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable name of the kind, as in `unknown-name`. */
  readonly code: Code;
  /** One sentence without a full stop: what is wrong. */
  readonly message: string;
  readonly span: Span;
  /** What would fix it, where that can be said. */
  readonly hint?: string;
  /** Further places that belong to the story, each with what it has to do with it. */
  readonly notes?: readonly { readonly message: string; readonly span: Span }[];
}

/** Where stages put what they find; asks once at the end whether anything was an error. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];

  error(code: Code, span: Span, message: string, extra: Pick<Diagnostic, 'hint' | 'notes'> = {}): void {
    this.all.push({ severity: 'error', code, span, message, ...withExpansions(span, extra) });
  }

  warning(code: Code, span: Span, message: string, extra: Pick<Diagnostic, 'hint' | 'notes'> = {}): void {
    this.all.push({ severity: 'warning', code, span, message, ...withExpansions(span, extra) });
  }

  get failed(): boolean {
    return this.all.some((d) => d.severity === 'error');
  }
}

/** What is wrong in a macro's expansion is told at the call, with the places in the macros as notes. */
function withExpansions(
  span: Span,
  extra: Pick<Diagnostic, 'hint' | 'notes'>,
): Pick<Diagnostic, 'hint' | 'notes'> {
  const notes = [...(extra.notes ?? [])];
  for (let e = span.expansion; e !== undefined; e = e.outer)
    notes.push({ message: `the macro \`${e.macro}\` put it there`, span: e.place });
  return notes.length === 0 ? extra : { ...extra, notes };
}

/**
 * A diagnostic as text for a terminal:
 *
 *     game.slu:3:8: error: there is no `foo` here [unknown-name]
 *       3 | (+ 1 (foo 2))
 *         |       ^^^
 *       hint: did you mean `floor`?
 */
export function render(diagnostic: Diagnostic): string {
  const { severity, code, message, span, hint, notes } = diagnostic;
  const lines = [`${place(span)}: ${severity}: ${message} [${code}]`, ...excerpt(span)];
  for (const note of notes ?? []) lines.push(`  ${place(note.span)}: ${note.message}`, ...excerpt(note.span));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

function place(span: Span): string {
  const { line, column } = span.source.position(span.start);
  return `${span.source.name}:${line}:${column}`;
}

function excerpt(span: Span): string[] {
  const { line, column: at } = span.source.position(span.start);
  const { text, column } = excerptOf(span.source.line(line), at);
  const margin = String(line).length;
  const length = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  // Tabs stay tabs in the underline, so that it lines up whatever a tab is worth.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`  ${line} | ${text}`, `  ${' '.repeat(margin)} | ${indent}${'^'.repeat(length)}`];
}

/** Longer lines are shown in part: nobody reads more. */
const EXCERPT_LIMIT = 200;
/** How much of a long line is shown before the place that matters. */
const EXCERPT_BEFORE = 60;

/** What is shown of a line, and the column in it. */
export function excerptOf(text: string, column: number): { text: string; column: number } {
  if (text.length <= EXCERPT_LIMIT) return { text, column };
  const start = Math.max(0, column - 1 - EXCERPT_BEFORE);
  const end = Math.min(text.length, start + EXCERPT_LIMIT);
  const before = start > 0 ? '...' : '';
  const after = end < text.length ? '...' : '';
  return { text: before + text.slice(start, end) + after, column: column - start + before.length };
}
