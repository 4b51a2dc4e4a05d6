/** What happened in a frame, as marks above it and as words. */
import { Measure, type NamedMark } from '../recorder.ts';
import type { Snapshot } from './snapshot.ts';

export type MarkKind = 'collection' | 'reload' | 'load' | 'error' | 'named';

export interface Mark {
  readonly kind: MarkKind;
  readonly words: string;
}

/** How each kind is drawn: a letter says as much as the colour. */
export const MARK_KINDS: Readonly<
  Record<MarkKind, { readonly letter: string; readonly colour: string; readonly name: string }>
> = {
  collection: { letter: '▾', colour: '--young', name: 'collection ended' },
  reload: { letter: '↻', colour: '--input', name: 'new code' },
  load: { letter: '▬', colour: '--quiet', name: 'loading' },
  error: { letter: '✕', colour: '--late', name: 'error' },
  named: { letter: '⚑', colour: '--text', name: 'your mark' },
};

/** All of a frame, errors first. */
export function marksOf(snapshot: Snapshot, named: readonly NamedMark[], frame: number): Mark[] {
  const read = (measure: Measure): number => snapshot.read(measure, frame);
  const marks: Mark[] = [];
  const add = (kind: MarkKind, words: string): void => void marks.push({ kind, words });
  const [errors, reloads, collections] = [Measure.ERRORS, Measure.RELOADS, Measure.COLLECTIONS].map(read);
  if (errors) add('error', `${errors} failed ${errors === 1 ? 'call' : 'calls'} of the script`);
  for (const mark of named) if (mark.frame === frame) add('named', mark.name);
  if (reloads) add('reload', 'new code came into the game');
  if (read(Measure.LOADING) > 0) add('load', 'a load was in progress');
  if (collections)
    add('collection', `${collections} ${collections === 1 ? 'collection' : 'collections'} ended`);
  return marks;
}
