/** Changes of a script's text that are proposed, and how they are made to try them. */
import { Source } from '../../syntax/index.ts';
import type { TextEdit } from './recording.ts';

/** The sources with the edits made, which do not overlap. */
export function edited(sources: readonly Source[], edits: readonly TextEdit[]): Source[] {
  return sources.map((source) => {
    const own = edits.filter(({ file }) => file === source.name);
    const cuts = own
      .map((edit) => ({ at: offsetOf(source, edit), edit }))
      // From the end, so that what is in front stays where it is.
      .sort((a, b) => b.at - a.at);
    const text = cuts.reduce(
      (before, { at, edit: { removed, inserted } }) =>
        before.slice(0, at) + inserted + before.slice(at + removed.length),
      source.text,
    );
    return own.length === 0 ? source : new Source(source.name, text);
  });
}

/** Where a place lies in the text, counted from 0; the text's end for a line that is not there. */
export function offsetOf(
  { text }: Source,
  { line, column }: { readonly line: number; readonly column: number },
): number {
  let start = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}

/** An edit at an offset. */
export function editAt(source: Source, offset: number, inserted: string, removed = ''): TextEdit {
  return { file: source.name, ...source.position(offset), removed, inserted };
}
