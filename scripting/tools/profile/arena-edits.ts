/**
 * Where a `with-arena` could stand for what a site makes, the likeliest first: one of its own, which is gone at once, around the body of the
 * function that makes it, then around that form of the body which does; then likewise in the function that called, and so on outwards, as
 * far as what is made is handed up. Last the same with `frame`, for what leaves all of them and not the frame. What of that is right the
 * compiler says (`hints.ts`).
 */
import { type Form, headName, type Source } from '../../syntax/index.ts';
import { editAt } from './edits.ts';
import { bodyOf, enclosing } from './enclosing.ts';
import type { ProfiledSite, SiteStep, TextEdit } from './recording.ts';

/** `frame` is the loop's; any other name is as good as this one. */
const ARENAS = ['work', 'frame'] as const;
type Arena = (typeof ARENAS)[number];

export interface ArenaEdit {
  /** The function whose text is changed. */
  readonly name: string;
  readonly arena: Arena;
  readonly edits: readonly TextEdit[];
}

/** How many forms of one function are tried, from its body inwards. */
const DEPTH = 3;

/** For each arena: a try takes some tenths of a second. */
const MOST_EDITS = 6;

export function arenaEdits(
  sources: readonly Source[],
  { function: name, file, line, column, paths }: ProfiledSite,
): ArenaEdit[] {
  const callers = paths[0]?.steps.slice(0, -1).reverse() ?? [];
  const steps = [{ name, file, line, column }, ...callers];
  return ARENAS.flatMap((arena) =>
    steps.flatMap((step) => editsIn(sources, step, arena)).slice(0, MOST_EDITS),
  );
}

function editsIn(sources: readonly Source[], step: SiteStep, arena: Arena): ArenaEdit[] {
  const found = enclosing(sources, step);
  const [definition, ...inner] = found?.forms ?? [];
  if (found === undefined || definition === undefined) return [];
  const body = bodyOf(definition);
  const [first, last] = [body[0], body.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { source } = found;
  const single = inner.filter((form) => headName(form) !== undefined && form !== first);
  // What is in an arena already is not put into another.
  if (inner.some((form) => headName(form) === 'with-arena')) return [];
  return [[first, last] as const, ...single.map((form) => [form, form] as const)]
    .slice(0, DEPTH)
    .map(([from, to]) => ({ name: step.name, arena, edits: around(source, from, to, arena) }));
}

function around(source: Source, from: Form, to: Form, arena: Arena): TextEdit[] {
  return [editAt(source, from.span.start, `(with-arena ${arena} `), editAt(source, to.span.end, ')')];
}
