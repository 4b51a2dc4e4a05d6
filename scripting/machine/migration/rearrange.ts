/**
 * Collections that lie by what methods say of their parts: where these say something else now, or the parts are others, the new
 * version's code makes each anew (`arrangeExport`), and what it has made takes the place of what was there, whose identity stays.
 */
import { DESCRIPTOR_SIZE_AT, HEADER_SIZE } from '../../heap/index.ts';
import { arrangeExport } from '../../image/index.ts';
import { components } from '../convert.ts';
import type { LinkedProgram } from '../program.ts';
import type { KnownObjects } from './known-objects.ts';
import { visitObjects } from './live-objects.ts';
import type { Site } from './site.ts';
import { Unconvertible } from './value-conversion.ts';

/** Where a collection has the number of its parts. */
const COUNT = '%count';

interface Collection {
  readonly object: number;
  /** The key of its type, and its name. */
  readonly type: string;
  readonly name: string;
  /** Where in it the number of its parts is. */
  readonly count: number | undefined;
}

/** Makes all collections of these types anew. The heap is whole, but nothing is collected. */
export function rearrange(
  site: Site,
  objects: KnownObjects,
  program: LinkedProgram,
  types: ReadonlySet<string>,
): void {
  if (types.size === 0) return;
  const { into, target } = site;
  into.refresh();
  const found: Collection[] = [];
  const note = (object: number, descriptor: number): void => {
    const entry = objects.entryOf(descriptor, site.descriptors);
    const of = entry?.of;
    if (entry === undefined || of?.kind !== 'struct' || !types.has(of.type)) return;
    const count = entry.fields.find(({ name }) => name === COUNT)?.offset;
    found.push({ object, type: of.type, name: entry.name, count });
  };
  visitObjects(into, note);
  for (const object of site.made) note(object, into.word(object));
  for (const { object, type, name, count } of found) {
    const make = program.need(arrangeExport(type));
    const [made] = target.calls.guard(() => components(make(object)));
    into.refresh();
    const other = Number(made) >>> 0;
    if (count !== undefined && into.word(other + count) !== into.word(object + count))
      throw new Unconvertible(`keys of a \`${name}\` that were several are one and the same now`);
    const size = into.word(into.word(other) + DESCRIPTOR_SIZE_AT);
    for (let at = HEADER_SIZE; at < size; at += 4) into.setWord(object + at, into.word(other + at));
  }
}
