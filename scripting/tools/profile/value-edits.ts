/** Has a struct be a value: the word that its definition begins with is another. What of it can be one the compiler says (`hints.ts`). */
import { Diagnostics, headName, readOnce, type Source, symbolName } from '../../syntax/index.ts';
import { editAt } from './edits.ts';
import type { TextEdit } from './recording.ts';

const STRUCT = 'defstruct';
const VALUE = 'defvalue';

/** None where no struct of the game's has that name, or more than one. */
export function valueEdits(sources: readonly Source[], type: string): readonly TextEdit[] {
  const found = sources.flatMap((source) =>
    readOnce(source, new Diagnostics()).flatMap((form) => {
      if (form.kind !== 'list') return [];
      const items = headName(form) === 'pub' ? form.items.slice(1) : form.items;
      const [head, name] = items;
      if (head === undefined || symbolName(head) !== STRUCT || symbolName(name) !== type) return [];
      return [editAt(source, head.span.start, VALUE, STRUCT)];
    }),
  );
  return found.length === 1 ? found : [];
}
