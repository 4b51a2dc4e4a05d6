/** Walks forms from the outside in and rewrites what is a macro call, until none is left. */
import { type Diagnostics, type Form, headName, type ListForm, NESTING_LIMIT } from '../syntax/index.ts';
import { thread } from './threading.ts';

/**
 * The forms with every macro call rewritten. A form that nests too deep after its expansion is reported and left out, so
 * that later stages may recurse over what they get.
 */
export function expand(forms: readonly Form[], diagnostics: Diagnostics): readonly Form[] {
  return forms.map((form) => expandForm(form, 0, diagnostics));
}

function expandForm(form: Form, depth: number, diagnostics: Diagnostics): Form {
  if (depth > NESTING_LIMIT) {
    const known = diagnostics.all.some((d) => d.code === 'nesting-limit');
    if (!known)
      diagnostics.error('nesting-limit', form.span, `forms are nested more than ${NESTING_LIMIT} deep here`, {
        hint: 'give inner parts a name of their own, with `let` or `defn`',
      });
    return { kind: 'list', items: [], span: form.span };
  }
  switch (form.kind) {
    case 'list': {
      const rewritten = rewrite(form, diagnostics);
      if (rewritten !== undefined) return expandForm(rewritten, depth, diagnostics);
      return { ...form, items: form.items.map((item) => expandForm(item, depth + 1, diagnostics)) };
    }
    case 'vector':
    case 'map':
      return { ...form, items: form.items.map((item) => expandForm(item, depth + 1, diagnostics)) };
    case 'try':
      return { ...form, form: expandForm(form.form, depth + 1, diagnostics) };
    default:
      return form;
  }
}

/** One step of expansion; undefined where the list is no macro call. */
function rewrite(form: ListForm, diagnostics: Diagnostics): Form | undefined {
  const head = headName(form);
  if (head === '->' || head === '->>') return thread(form, head === '->>', diagnostics);
  return undefined;
}
