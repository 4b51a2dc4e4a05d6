/**
 * Two readings of a text that changed in one place: forms that say the same are the same but for their places, and take the places of
 * the later reading, so that what was made of them stays right.
 */
import { children, type Form, type Mark } from './form.ts';
import type { Span } from './source.ts';

/** Whether two forms say the same, wherever they stand. Names that macros brought in are the same where the expansions can be paired. */
export function isSameForm(a: Form, b: Form): boolean {
  return new Comparison().form(a, b);
}

class Comparison {
  readonly #marks = new Map<number, number>();
  readonly #taken = new Set<number>();

  form(a: Form, b: Form): boolean {
    if (a === b) return true;
    if (a.kind !== b.kind) return false;
    const [parts, others] = [children(a), children(b)];
    return (
      this.#word(a, b) &&
      parts.length === others.length &&
      parts.every((part, i) => this.form(part, others[i] as Form))
    );
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
