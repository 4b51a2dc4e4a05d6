/** Keywords where `sluice.input` wants a control: each word of those that there are is a number, known when the script is compiled. */
import { CONTROL_NAMES, controlNumber } from '../../image/index.ts';
import { type Form, nearest } from '../../syntax/index.ts';
import { prune, simple, type Type, type TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** The library's type of controls, a value of one field: the number. */
const CONTROL = 'sluice.input.Control';

/** `:space` where a `Control` is wanted; undefined where something else is. */
export function control(
  cx: Inference,
  form: Form & { readonly kind: 'keyword' },
  expected: Type | undefined,
): TypedExpression | undefined {
  const type = expected === undefined ? undefined : prune(expected);
  if (type?.kind !== 'named' || type.definition.key !== CONTROL) return undefined;
  const { name, span } = form;
  const number = controlNumber(name);
  if (number === undefined) {
    const near = nearest(name, CONTROL_NAMES);
    cx.error('unknown-name', form, `there is no key or button \`:${name}\``, {
      hint:
        near === undefined
          ? 'keys are called by their place, as `:space`, `:key-a` or `:arrow-left`; buttons as `:mouse-left` or `:pad-south`'
          : `did you mean \`:${near}\`?`,
    });
  }
  const field: TypedExpression = { kind: 'integer', value: BigInt(number ?? 0), type: simple('i32'), span };
  return { kind: 'construct', definition: type.definition, fields: [field], type, span };
}
