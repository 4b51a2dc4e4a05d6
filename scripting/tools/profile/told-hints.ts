/** What could be done about allocation sites, in words. */
import { kilobytes, siteName } from './in-words.ts';
import type { Hint, ProfiledSite, Recording, TextEdit } from './recording.ts';

/** None where there are none, or the run did not count. */
export function toldHints({ hints = [], sites = [] }: Recording): string[] {
  if (hints.length === 0) return [];
  return [
    'what could be done; edits were tried on these frames',
    ...hints.flatMap((hint) => {
      const site = sites[hint.site];
      return site === undefined
        ? []
        : told(hint, site).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`));
    }),
  ];
}

function told(hint: Hint, site: ProfiledSite): string[] {
  switch (hint.kind) {
    case 'arena':
      return [
        `${siteName(site)}: this \`${site.type}\` never leaves ${
          hint.arena === 'frame'
            ? 'the frame: in the arena `frame` it is gone with it'
            : `\`${hint.name}\`: \`with-arena\` frees it at once`
        }, at no cost${ofSome(site)}`,
        wrapping(hint.edits),
        `the heap is given ${kilobytes(hint.after)} KB of it a frame instead of ${kilobytes(hint.before)}`,
      ];
    case 'buffer':
      return [
        `${siteName(site)}: the vector \`${hint.vector}\` never leaves \`${hint.name}\`: one that is kept, and emptied each time, keeps its room`,
        ...hint.edits.map(change),
        `the heap is given ${kilobytes(hint.after)} KB a frame in all instead of ${kilobytes(hint.before)}`,
      ];
    case 'value':
      return [
        `${siteName(site)}: \`${hint.name}\` can be a \`defvalue\`, which is no object and lies where it is held`,
        ...hint.edits.map(change),
        `the heap is given ${kilobytes(hint.after)} KB a frame in all instead of ${kilobytes(hint.before)}`,
      ];
    case 'kept': {
      const amount = `${kilobytes(hint.bytes)} KB of what the first half of the frames made`;
      if (hint.global === '')
        return [
          `${siteName(site)}: this \`${site.type}\` stays, and becomes more: ${amount} is still there`,
          'something keeps it that is never given up: a global, a field of what lives on, an entity that is not removed, a function that was given away',
        ];
      return [
        `${siteName(site)}: the global \`${hint.global}\` grows: it keeps ${amount}`,
        remedyFor(hint.type),
      ];
    }
  }
}

/** Where others call the site's function too, the arena has what is made for the first of them. */
function ofSome({ paths }: ProfiledSite): string {
  const part = paths[0]?.part ?? 1;
  return part > 0.95
    ? ''
    : `; that is ${(100 * part).toFixed(0)} % of it, the rest is made for other callers`;
}

function wrapping(edits: readonly TextEdit[]): string {
  const [open, close] = edits;
  if (open === undefined || close === undefined) return '';
  return `${printed(open)}: put \`${open.inserted.trim()}\` in front, and \`${close.inserted}\` at ${printed(close)}`;
}

function change({ inserted, removed, ...place }: TextEdit): string {
  const text = inserted.trim();
  return removed === ''
    ? `${printed(place)}: put \`${text}\` in front`
    : `${printed(place)}: \`${text}\` instead of \`${removed}\``;
}

const printed = ({ file, line, column }: Pick<TextEdit, 'file' | 'line' | 'column'>): string =>
  `${file}:${line}:${column}`;

/** How things are taken out of a global of a type. */
function remedyFor(type: string): string {
  const collection = /^\((?<name>[\w.-]+)/.exec(type)?.groups?.name ?? '';
  const ways = REMEDIES[collection.split('.').at(-1) ?? ''];
  if (ways === undefined) return 'set it to something without what is no longer needed';
  return `take out what is no longer needed: ${ways.map((way) => `\`${way}\``).join(', ')}`;
}

const REMEDIES: Readonly<Record<string, readonly string[]>> = {
  MutVec: ['clear!', 'retain!', 'truncate!', 'swap-remove!'],
  MutMap: ['map-remove!', 'clear!'],
  MutSet: ['set-remove!', 'clear!'],
  Deque: ['pop-front!', 'pop-back!', 'clear!'],
  PriorityQueue: ['dequeue!', 'clear!'],
};
