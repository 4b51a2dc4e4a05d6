/** A `for` without a step counts up: one whose condition was written for counting down goes on for ever, or does not begin. */

import { children, type Form, print, type SymbolForm, symbolName } from '../../syntax/index.ts';
import type { Inference } from '../solving/index.ts';

/** Warns of `(for (i 10 (> i 0)) ...)` and `(for (i 0 (> i 10)) ...)`; a loop that is left on its way may be meant so. */
export function warnOfDirection(
  cx: Inference,
  head: Form,
  { name, from, test }: { readonly name: SymbolForm; readonly from: Form; readonly test: Form },
  body: readonly Form[],
): void {
  const end = head.span.expansion === undefined ? lowerEnd(test, name.name) : undefined;
  if (end === undefined || body.some(leaves)) return;
  const [start, limit] = [numberOf(from), numberOf(end.limit)];
  const begins =
    start === undefined || limit === undefined || (end.operator === '>' ? start > limit : start >= limit);
  const written = `(for (${name.name} ${print(from)}`;
  const message = begins
    ? `this \`for\` counts up, so \`${print(test)}\` does not stop it`
    : `this \`for\` never begins: \`${print(test)}\` does not hold for ${print(from)}`;
  const hint = begins
    ? `\`${written} ${print(test)} (- ${name.name} 1)) ...)\` counts down`
    : `the condition says how long it goes on: \`${written} (${end.operator === '>' ? '<' : '<='} ${name.name} ${print(end.limit)})) ...)\``;
  cx.diagnostics.warning('wrong-direction', head.span, message, { hint });
}

interface End {
  readonly operator: '>' | '>=';
  readonly limit: Form;
}

/** What the counter is to stay above. */
function lowerEnd(test: Form, counter: string): End | undefined {
  const [head, left, right, ...more] = test.kind === 'list' ? test.items : [];
  const operator = symbolName(head);
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  if ((operator === '>' || operator === '>=') && symbolName(left) === counter)
    return { operator, limit: right };
  if ((operator === '<' || operator === '<=') && symbolName(right) === counter)
    return { operator: operator === '<' ? '>' : '>=', limit: left };
  return undefined;
}

function numberOf(form: Form): number | undefined {
  return form.kind === 'integer' || form.kind === 'float' ? Number(form.value) : undefined;
}

function leaves(form: Form): boolean {
  if (form.kind === 'try') return true;
  if (form.kind === 'list' && ['break', 'return', 'error'].includes(symbolName(form.items[0]) ?? ''))
    return true;
  return children(form).some(leaves);
}
