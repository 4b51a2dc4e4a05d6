/**
 * Forms: what the reader makes of text and what macros rewrite. A form knows the text it came from; one that a macro's
 * template made has the place of the macro's call, and in `span.expansion` its place in the template.
 */
import type { Span } from './source.ts';

export type Form = FormBase &
  (
    | { readonly kind: 'list'; readonly items: readonly Form[] }
    | { readonly kind: 'vector'; readonly items: readonly Form[] }
    /** `{a b c d}`: keys and values in turn; their number may be odd, which is for later stages to refuse. */
    | { readonly kind: 'map'; readonly items: readonly Form[] }
    | SymbolForm
    /** `:name`, without the colon. */
    | { readonly kind: 'keyword'; readonly name: string }
    /** `'a`, without the quote. */
    | { readonly kind: 'type-variable'; readonly name: string }
    | { readonly kind: 'integer'; readonly value: bigint }
    /** `single` is the number as an `f32`, where that is not `value` rounded. */
    | { readonly kind: 'float'; readonly value: number; readonly single?: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bool'; readonly value: boolean }
    /** Postfix `?`. */
    | { readonly kind: 'try'; readonly form: Form }
    /** The backquote, and in its template `,x` and `,@x`. */
    | { readonly kind: 'template' | 'unquote' | 'splice'; readonly form: Form }
  );

interface FormBase {
  readonly span: Span;
}

export type SymbolForm = FormBase & {
  readonly kind: 'symbol';
  readonly name: string;
  /** The expansions that brought this name in, oldest first: names with different marks never capture one another. */
  readonly marks?: readonly Mark[];
};

export type ListForm = Extract<Form, { kind: 'list' }>;

/** One expansion of one macro; its identity tells the names it brings in from all others. */
export interface Mark {
  /** Unique among the marks of one run of the compiler. */
  readonly id: number;
  /** The name of the source in which the macro's free names mean something. */
  readonly module: string;
}

/** How deep forms may nest; every later stage may recurse this deep, a few times over. */
export const NESTING_LIMIT = 256;

/** The name, where the form is a symbol. */
export function symbolName(form: Form | undefined): string | undefined {
  return form?.kind === 'symbol' ? form.name : undefined;
}

/** The name a list begins with: `defn` of `(defn ...)`. */
export function headName(form: Form): string | undefined {
  return form.kind === 'list' ? symbolName(form.items[0]) : undefined;
}

/** A form's direct parts, in the order of the text. */
export function children(form: Form): readonly Form[] {
  switch (form.kind) {
    case 'list':
    case 'vector':
    case 'map':
      return form.items;
    case 'try':
    case 'template':
    case 'unquote':
    case 'splice':
      return [form.form];
    default:
      return [];
  }
}

/** A text that is the same for two symbols if and only if one can bind the other. */
export function bindingKey(symbol: SymbolForm): string {
  if (symbol.marks === undefined) return symbol.name;
  return `${symbol.name}@${symbol.marks.map((mark) => mark.id).join('.')}`;
}
