/** Places in code that was put into another function: what was called there, and from where. */
import type { Span } from '../syntax/index.ts';

export interface Inlining {
  /** What traces call the function whose code this was. */
  readonly function: string;
  /** The place of the call, which may lie in code that was put somewhere itself. */
  readonly at: Span;
}

/** A place in a copy of a function's code. */
export interface InlinedSpan extends Span {
  readonly inlining: Inlining;
}

/** Undefined for a place in the code of the function itself. */
export function inliningOf(span: Span): Inlining | undefined {
  return (span as Partial<InlinedSpan>).inlining;
}
