/** What a name means to those who look for what was meant by a form that is wrong. */

import { bindingKey, children, type Form, LANGUAGE_FORMS, type SymbolForm } from '../../syntax/index.ts';
import type { Scope } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Whether a name stands somewhere in a form. */
export function mentions(form: Form, name: SymbolForm): boolean {
  if (form.kind === 'symbol') return bindingKey(form) === bindingKey(name);
  return children(form).some((part) => mentions(part, name));
}

/** Whether a list that begins with the name can be a call. */
export function isKnown(scope: Scope, name: SymbolForm): boolean {
  const { module } = scope.body;
  return (
    name.name.startsWith('.') ||
    scope.lookup(name) !== undefined ||
    module.value(name) !== undefined ||
    LANGUAGE_FORMS.has(name.name)
  );
}

/** What is not put together right binds nothing: that is told, and not again at each use of the name. */
export function meantToBind(cx: Inference, name: Form | undefined): void {
  if (name?.kind === 'symbol') cx.meantToBind.add(bindingKey(name));
}
