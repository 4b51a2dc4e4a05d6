/** `->` and `->>`: each step takes what came before as its first (or last) argument. */
import { cover, type Diagnostics, type Form, type ListForm } from '../syntax/index.ts';

/** `(-> x (f 1) .y)` as `(.y (f x 1))`; a step that is not a list is called with the value alone. */
export function thread(form: ListForm, last: boolean, diagnostics: Diagnostics): Form {
  const [head, first, ...steps] = form.items;
  if (first === undefined) {
    diagnostics.error('bad-form', form.span, `\`${last ? '->>' : '->'}\` has nothing to begin with`, {
      hint: 'it is written `(-> value (f 1) .y)`',
    });
    return { ...form, items: head === undefined ? [] : [{ ...head, kind: 'symbol', name: 'do' }] };
  }
  let value = first;
  for (const step of steps) {
    const span = cover(first.span, step.span);
    if (step.kind !== 'list') value = { kind: 'list', items: [step, value], span };
    else if (step.items.length === 0) value = { ...step, items: [value], span };
    else {
      const [callee, ...args] = step.items as readonly [Form, ...Form[]];
      value = { ...step, items: last ? [callee, ...args, value] : [callee, value, ...args], span };
    }
  }
  return value;
}
