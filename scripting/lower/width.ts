/**
 * How many numbers and addresses fit. A value is as many locals as it has components, wherever it is passed: WebAssembly gives a function at
 * most a thousand parameters and results, and code that picks one of a name's components at run time grows with their number.
 */
import type { Func } from '../ir/index.ts';
import type { Diagnostics, Span } from '../syntax/index.ts';
import { arrayLength, ELEMENTS_ELSEWHERE, MOST_ARRAY_ELEMENTS, type Type, tooWide } from '../types/index.ts';
import { components, elementOf } from './representation.ts';

/** What engines take (https://webassembly.github.io/spec/js-api, implementation-defined limits). */
const MOST_PARAMETERS = 1000;

export function rejectWideArray(type: Type, span: Span, diagnostics: Diagnostics): void {
  const numbers = (arrayLength(type) ?? 0) * components(elementOf(type)).length;
  if (numbers <= MOST_ARRAY_ELEMENTS || isTold(diagnostics, span)) return;
  diagnostics.error('too-wide', span, tooWide(numbers), { hint: ELEMENTS_ELSEWHERE });
}

/** Of a program that is all there: where types grow without end, that is what is wrong. */
export function rejectWideFunctions(functions: Iterable<Func>, diagnostics: Diagnostics): void {
  if (diagnostics.all.some(({ code }) => code === 'endless-generic')) return;
  for (const func of functions) rejectWideFunction(func, diagnostics);
}

function rejectWideFunction({ name, params, results, span }: Func, diagnostics: Diagnostics): void {
  const [does, count] =
    params.length >= results.length ? ['take', params.length] : ['return', results.length];
  if (count <= MOST_PARAMETERS || isTold(diagnostics, span)) return;
  diagnostics.error(
    'too-wide',
    span,
    `\`${name}\` would ${does} ${count.toLocaleString('en')} numbers, and at most ${MOST_PARAMETERS.toLocaleString('en')} fit`,
    { hint: 'values and arrays are passed number by number; a struct is one address, whatever is in it' },
  );
}

function isTold(diagnostics: Diagnostics, span: Span): boolean {
  return diagnostics.all.some((other) => other.code === 'too-wide' && other.span === span);
}
