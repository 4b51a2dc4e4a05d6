/** The proof's judgement of a script, by what its errors underline. */
import { Source } from '../../../scripting/syntax/index.ts';
import { analyse } from '../../../scripting/tools/index.ts';

/** Each error as `code at the text that is underlined`. */
export function refusals(text: string): string[] {
  const { diagnostics } = analyse([new Source('test.slu', text)]);
  return diagnostics
    .filter((d) => d.severity === 'error')
    .map(({ code, span }) => `${code} at ${span.source.text.slice(span.start, span.end)}`);
}
