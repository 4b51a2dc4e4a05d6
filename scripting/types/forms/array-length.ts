/** How many elements an array has: a literal, in its type and where one is made. */

import { type Form, print } from '../../syntax/index.ts';
import { MOST_ARRAY_ELEMENTS } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** The length that a form says; what is none is reported, `as` being how it is written. */
export function lengthFrom(cx: Inference, form: Form, as: string): number | undefined {
  if (form.kind !== 'integer') {
    cx.error('bad-array-length', form, 'the length of an array is written down as a number', {
      hint: `as in \`${as}\`; a \`MutVec\` is as long as one computes`,
    });
    return undefined;
  }
  const length = Number(form.value);
  if (length >= 1 && length <= MOST_ARRAY_ELEMENTS) return length;
  cx.error(
    'bad-array-length',
    form,
    `an array has 1 to ${MOST_ARRAY_ELEMENTS} elements, not ${print(form)}`,
    length < 1 ? {} : { hint: 'a `MutVec` or a `Vector` has as many as one likes' },
  );
  return undefined;
}
