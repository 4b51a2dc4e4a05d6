/** The forms that the reader is inside of. */
import type { Bracket } from './balance.ts';
import { type Form, symbolName } from './form.ts';

export type Prefix = 'template' | 'unquote' | 'splice';

/** A form that is not complete yet. */
export interface Open {
  readonly kind: Bracket | Prefix | 'file';
  readonly start: number;
  readonly items: Form[];
  /** Inside a macro's template, where commas unquote. */
  readonly template: boolean;
}

/** The first `(` in the first column inside a top-level form, and what was open there. */
export interface Suspect {
  readonly at: number;
  readonly stack: readonly Open[];
  readonly diagnostics: number;
}

/** True where a comma unquotes: in a backquoted form, and in a macro's body, whose backquote may be left out. */
export function inTemplate({ template, kind, items }: Open): boolean {
  if (template) return true;
  if (kind !== 'list') return false;
  const head = symbolName(items[0]);
  if (head === 'defmacro') return items.length >= 3;
  return head === 'pub' && symbolName(items[1]) === 'defmacro' && items.length >= 4;
}

export function isPrefix(kind: Open['kind']): kind is Prefix {
  return kind === 'template' || kind === 'unquote' || kind === 'splice';
}
