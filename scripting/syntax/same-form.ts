/**
 * Two readings of a text that changed in one place: forms that say the same are the same but for their places, and take the places of
 * the later reading, so that what was made of them stays right.
 */
import { children, type Form, type Mark } from './form.ts';
import type { Span } from './source.ts';

/**
 * Whether two forms say the same, wherever they stand. Names that macros brought in are the same where the expansions can be paired. What
 * a macro put in two places stands in one: it is not the same as what stands in two, nor what another expansion has elsewhere. `places`
 * are those of forms that were compared before, since some may be shared.
 */
export function isSameForm(a: Form, b: Form, places: Map<Span, Span> = new Map()): boolean {
  return new Comparison(places).form(a, b);
}

class Comparison {
  readonly #marks = new Map<number, number>();
  readonly #taken = new Set<number>();
  readonly #places: Map<Span, Span>;

  constructor(places: Map<Span, Span>) {
    this.#places = places;
  }

  form(a: Form, b: Form): boolean {
    if (!this.#movesTo(a.span, b.span)) return false;
    if (a === b) return true;
    if (a.kind !== b.kind) return false;
    const [parts, others] = [children(a), children(b)];
    return (
      this.#word(a, b) &&
      parts.length === others.length &&
      parts.every((part, i) => this.form(part, others[i] as Form))
    );
  }

  /** Whether a place can become another one: it is one wherever it is shared, and a text that is as it was has its forms where they were. */
  #movesTo(span: Span, to: Span): boolean {
    const known = this.#places.get(span);
    if (known !== undefined) return isSamePlace(known, to);
    this.#places.set(span, to);
    return span.source !== to.source || isSamePlace(span, to);
  }

  /** What two forms of one kind say besides their parts. */
  #word(a: Form, b: Form): boolean {
    switch (a.kind) {
      case 'symbol':
        return b.kind === 'symbol' && a.name === b.name && this.#marked(a.marks ?? [], b.marks ?? []);
      case 'keyword':
      case 'type-variable':
        return b.kind === a.kind && a.name === b.name;
      case 'integer':
      case 'string':
      case 'bool':
        return b.kind === a.kind && a.value === b.value;
      case 'float':
        return b.kind === 'float' && Object.is(a.value, b.value) && Object.is(a.single, b.single);
      case 'list':
      case 'vector':
      case 'map':
      case 'try':
      case 'template':
      case 'unquote':
      case 'splice':
        return true;
    }
  }

  #marked(a: readonly Mark[], b: readonly Mark[]): boolean {
    return a.length === b.length && a.every((mark, i) => this.#pairs(mark, b[i] as Mark));
  }

  #pairs(a: Mark, b: Mark): boolean {
    if (a.module !== b.module) return false;
    const known = this.#marks.get(a.id);
    if (known !== undefined) return known === b.id;
    if (this.#taken.has(b.id)) return false;
    this.#marks.set(a.id, b.id);
    this.#taken.add(b.id);
    return true;
  }
}

function isSamePlace(a: Span, b: Span): boolean {
  return a.source === b.source && a.start === b.start && a.end === b.end;
}

/** Has a form stand where one that says the same stands. Whatever shares its spans moves with it. */
export function moveForm(form: Form, to: Form): void {
  if (form === to) return;
  moveSpan(form.span, to.span);
  const parts = children(to);
  for (const [i, part] of children(form).entries()) moveForm(part, parts[i] as Form);
}

/** Makes a span the same as another. */
export function moveSpan(span: Span, { source, start, end, expansion }: Span): void {
  Object.assign(span, { source, start, end, expansion });
}
