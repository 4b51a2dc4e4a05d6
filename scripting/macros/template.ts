/**
 * Templates: what a macro's body is. Every form of the template is copied with the place of the call; `,x` and `,@xs`
 * are replaced by what the call gave for x.
 *
 * Hygiene is by renaming: each symbol that the template itself brings in carries the mark of this one expansion, and a
 * local name binds only symbols with the same marks. So a template's `tmp` and a caller's `tmp` never meet, whichever of
 * them is the binder, and neither do those of two expansions (Kohlbecker, Friedman, Felleisen, Duba 1986). Names that
 * are not bound locally are looked up in the module of the macro first. Names of top-level definitions, fields and
 * variants are as they are written: a macro may define what others are to use.
 */
import { type Diagnostics, type Form, headName, type Mark, type Span, symbolName } from '../syntax/index.ts';

/** Stands where a macro call or template was refused: later stages say nothing more about it. */
export const FAILED = '?failed';

/** What a macro's parameters stand for in one call: a form, or for `&rest` several. */
export type Arguments = ReadonlyMap<string, Form | readonly Form[]>;

interface Instantiation {
  readonly macro: string;
  readonly call: Span;
  readonly mark: Mark;
  readonly arguments: Arguments;
  readonly diagnostics: Diagnostics;
  /** How many forms may still be made; below zero, the expansion has gone out of hand. */
  readonly budget: { forms: number };
}

/** The template with everything filled in. */
export function instantiate(template: Form, to: Instantiation): Form {
  return new Filler(to).form(template, 0, new Set());
}

type UnquoteForm = Extract<Form, { form: Form }> & { readonly kind: 'unquote' | 'splice' };

class Filler {
  readonly #to: Instantiation;

  constructor(to: Instantiation) {
    this.#to = to;
  }

  /**
   * `depth` counts templates inside this one, whose unquotes belong to the macro that is being made where they do not
   * name a parameter of this one; `hidden` are names that mean that macro's own parameters.
   */
  form(form: Form, depth: number, hidden: ReadonlySet<string>): Form {
    this.#to.budget.forms--;
    const span = this.#span(form.span);
    switch (form.kind) {
      case 'symbol':
        return { ...form, span, marks: [...(form.marks ?? []), this.#to.mark] };
      case 'list': {
        if (headName(form) === 'defmacro')
          return { ...form, span, items: this.#macro(form.items, depth, hidden) };
        return { ...form, span, items: this.#items(form.items, depth, hidden) };
      }
      case 'vector':
      case 'map':
        return { ...form, span, items: this.#items(form.items, depth, hidden) };
      case 'try':
        return { ...form, span, form: this.form(form.form, depth, hidden) };
      case 'template':
        return { ...form, span, form: this.form(form.form, depth + 1, hidden) };
      case 'unquote':
      case 'splice': {
        const value = this.#argument(form.form, hidden);
        if (form.kind === 'unquote' && value !== undefined)
          return 'kind' in value ? value : { kind: 'list', items: value, span };
        if (form.kind === 'splice' && value !== undefined) {
          this.#to.diagnostics.error(
            'bad-template',
            form.form.span,
            '`,@` puts in several forms, and here is room for one',
          );
          return { kind: 'symbol', name: FAILED, span };
        }
        return this.#foreign(form as UnquoteForm, depth, hidden);
      }
      default:
        return { ...form, span };
    }
  }

  /** An unquote that names no parameter: it belongs to a macro inside, or is a mistake. */
  #foreign(form: UnquoteForm, depth: number, hidden: ReadonlySet<string>): Form {
    const isConstant = !['symbol', 'list', 'unquote', 'splice'].includes(form.form.kind);
    if (depth === 0 && isConstant) return form.form;
    if (depth > 0) return { ...form, span: this.#span(form.span), form: this.form(form.form, depth, hidden) };
    const name = symbolName(form.form);
    this.#to.diagnostics.error(
      'bad-template',
      form.span,
      name === undefined
        ? 'only parameters of the macro can be unquoted'
        : `\`${name}\` is not a parameter of \`${this.#to.macro}\``,
    );
    return { kind: 'symbol', name: FAILED, span: form.span };
  }

  #items(items: readonly Form[], depth: number, hidden: ReadonlySet<string>): readonly Form[] {
    return items.flatMap((item): readonly Form[] => {
      const value = item.kind === 'splice' ? this.#argument(item.form, hidden) : undefined;
      if (value === undefined) return [this.form(item, depth, hidden)];
      if (!('kind' in value)) return value;
      if (value.kind === 'list' || value.kind === 'vector') return value.items;
      this.#to.diagnostics.error(
        'bad-template',
        item.span,
        `\`,@\` takes a list apart, and \`${this.#to.macro}\` was given none`,
      );
      return [value];
    });
  }

  /** `(defmacro name (params) body)` inside a template: a template inside, in which its parameters mean themselves. */
  #macro(items: readonly Form[], depth: number, hidden: ReadonlySet<string>): readonly Form[] {
    const [head, name, params, ...body] = items;
    const own = new Set(hidden);
    if (params !== undefined) for (const parameter of namesIn(params)) own.add(parameter);
    const outer = [head, name, params].flatMap((f) => (f === undefined ? [] : [f]));
    return [...this.#items(outer, depth, hidden), ...this.#items(body, depth + 1, own)];
  }

  #argument(form: Form, hidden: ReadonlySet<string>): Form | readonly Form[] | undefined {
    const name = symbolName(form);
    return name === undefined || hidden.has(name) ? undefined : this.#to.arguments.get(name);
  }

  #span(place: Span): Span {
    const { call, macro } = this.#to;
    const outer = call.expansion === undefined ? {} : { outer: call.expansion };
    return { source: call.source, start: call.start, end: call.end, expansion: { macro, place, ...outer } };
  }
}

/** The names in a parameter list. */
function namesIn(form: Form): string[] {
  if (form.kind === 'symbol') return [form.name];
  return form.kind === 'list' ? form.items.flatMap(namesIn) : [];
}
