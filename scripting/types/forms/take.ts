/** `(take! place)`: gives what a place of an `Option` holds, and leaves `None` there. So an owned value gets out of a field. */
import type { ListForm } from '../../syntax/index.ts';
import {
  call,
  describe,
  ERROR,
  functionOf,
  hidden,
  isError,
  languageType,
  local,
  named,
  primitive,
  prune,
  type Scope,
  type TypedExpression,
  type TypedPattern,
  UNIT,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { evaluatedOnce, placeOf, store } from './place.ts';
import { spanOfHead } from './value.ts';

export function takeForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, written, ...more] = form.items;
  if (written === undefined || more.length > 0) return cx.malformed(form, 'take!', '(take! place)');
  const { node, refuse } = placeOf(cx, scope, written, (place) => `(take! ${place})`);
  const failed: TypedExpression = { kind: 'error', type: ERROR, span: form.span };
  if (refuse !== undefined) {
    refuse();
    return failed;
  }
  if (prune(node.type).kind === 'meta') solve(cx);
  const type = prune(node.type);
  if (isError(type)) return failed;
  if (type.kind !== 'named' || languageType(type) !== 'Option')
    return cx.fail(
      'wrong-type',
      written,
      `\`take!\` leaves \`None\` where it takes something, and this place is of ${describe(type)}`,
      { hint: 'declare it as an `(Option ...)`' },
    );
  const kept: { pattern: TypedPattern; value: TypedExpression }[] = [];
  const place = evaluatedOnce(node, (value) => {
    const binding = hidden('place', value.type, value.span);
    kept.push({ pattern: named(binding), value });
    return local(binding);
  });
  const { span } = form;
  const none: TypedExpression = {
    kind: 'construct',
    definition: type.definition,
    variant: 'None',
    fields: [],
    type,
    span,
  };
  const callee = primitive('%take', functionOf([type, UNIT], type), spanOfHead(form));
  const taken = call(callee, [place, store(place, none, span)], type, span);
  return kept.length === 0 ? taken : { kind: 'let', bindings: kept, body: taken, type, span };
}
