import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Diagnostics, type Form, print, read, Source } from '../../../scripting/syntax/index.ts';

const span = { source: new Source('generated', ''), start: 0, end: 0 };

const name = fc
  .stringMatching(/^[a-z*<>=!&-][a-z0-9?!<>=+*/%&.-]{0,6}$/)
  .filter((n) => !/^[-+]?\d/.test(n) && n !== 'true' && n !== 'false' && n !== 'defmacro');

const { form } = fc.letrec<{ form: Form }>((tie) => ({
  form: fc.oneof(
    { depthSize: 'small' },
    name.map((n): Form => ({ kind: 'symbol', name: n, span })),
    name.map((n): Form => ({ kind: 'keyword', name: n, span })),
    name.map((n): Form => ({ kind: 'type-variable', name: n, span })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }).map((value): Form => ({ kind: 'integer', value, span })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value): Form => ({ kind: 'float', value, span })),
    fc.string({ unit: 'binary' }).map((value): Form => ({ kind: 'string', value, span })),
    fc.boolean().map((value): Form => ({ kind: 'bool', value, span })),
    ...(['list', 'vector', 'map'] as const).map((kind) =>
      fc.array(tie('form'), { maxLength: 4 }).map((items): Form => ({ kind, items, span })),
    ),
    tie('form').map((inner): Form => ({ kind: 'try', form: inner, span })),
    tie('form').map((inner): Form => ({ kind: 'template', form: inner, span })),
  ),
}));

/** A form without its places. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'span')
      .map(([key, inner]) => [key, shape(inner)]),
  );
}

test('what is printed reads back as the same form', () => {
  fc.assert(
    fc.property(form, (original) => {
      const diagnostics = new Diagnostics();
      const forms = read(new Source('printed', print(original)), diagnostics);
      expect(diagnostics.all).toEqual([]);
      expect(forms.map(shape)).toEqual([shape(original)]);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test('any text is read without an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      read(new Source('any', text), new Diagnostics());
    }),
    { seed: 8, numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'()[]{}`,@?\'": a1.\\\n;-'), { maxLength: 80 }), (text) => {
      read(new Source('any', text.join('')), new Diagnostics());
    }),
    { seed: 9, numRuns: 5000 },
  );
});
