/**
 * What keeps objects, as far as the text says: of the forms around a site, and around the calls that lead to it, the innermost that puts
 * something into a global, as `(push! *log* (str "frame " n))` does.
 */
import type { GlobalEntry } from '../../image/index.ts';
import { type Form, headName, type Source, symbolName } from '../../syntax/index.ts';
import { enclosing } from './enclosing.ts';
import type { ProfiledSite } from './recording.ts';

export function keptBy(
  sources: readonly Source[],
  globals: readonly GlobalEntry[],
  { function: name, file, line, column, paths }: ProfiledSite,
): GlobalEntry | undefined {
  const callers = paths[0]?.steps.slice(0, -1).reverse() ?? [];
  for (const step of [{ name, file, line, column }, ...callers])
    for (const form of enclosing(sources, step)?.forms.toReversed() ?? []) {
      const global = filled(form);
      const found = globals.find((entry) => entry.name === global && !entry.frame);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** What a form changes, by its first argument: `*log*` of `(push! *log* x)`. */
function filled(form: Form): string | undefined {
  return form.kind === 'list' && headName(form)?.endsWith('!') === true
    ? symbolName(form.items[1])
    : undefined;
}
