/** Reading texts that several want the forms of: the prelude in each compilation, a module when its imports are looked for. */
import { type Diagnostic, Diagnostics } from './diagnostic.ts';
import type { Form } from './form.ts';
import { read } from './reader.ts';
import type { Source } from './source.ts';

interface Read {
  readonly forms: readonly Form[];
  readonly diagnostics: readonly Diagnostic[];
}

const known = new WeakMap<Source, Read>();

/** What `read` returns, and tells, of a source; the text of one `Source` is gone through once. */
export function readOnce(source: Source, diagnostics: Diagnostics): readonly Form[] {
  let found = known.get(source);
  if (found === undefined) {
    const own = new Diagnostics();
    found = { forms: read(source, own), diagnostics: own.all };
    known.set(source, found);
  }
  diagnostics.all.push(...found.diagnostics);
  return found.forms;
}
