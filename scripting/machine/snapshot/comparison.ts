/** What has become more between snapshots: of two, and over several what grew from each to the next, which is what leaks look like. */
import type { HeapSnapshot, HeldTotal, TypeTotal } from './heap-snapshot.ts';

export interface TypeChange {
  readonly type: string;
  /** More, or where negative less. */
  readonly count: number;
  readonly bytes: number;
}

/** Objects of one type in one place, of which there were more in each snapshot. */
export interface Growth {
  /** `*log*[]`, and the collection or field that it is in: `*log*`. */
  readonly path: string;
  readonly owner: string;
  readonly type: string;
  /** How many there were in each snapshot. */
  readonly counts: readonly number[];
  /** Bytes more in the last than in the first, of these objects alone. */
  readonly bytes: number;
}

/** By type, those of which there are most bytes more first. Types of which as many are there are left out. */
export function difference(before: HeapSnapshot, after: HeapSnapshot): TypeChange[] {
  const was = new Map(before.types().map((total) => [total.type, total]));
  const is = new Map(after.types().map((total) => [total.type, total]));
  const of = (totals: ReadonlyMap<string, TypeTotal>, type: string) =>
    totals.get(type) ?? { count: 0, bytes: 0 };
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((type) => ({
      type,
      count: of(is, type).count - of(was, type).count,
      bytes: of(is, type).bytes - of(was, type).bytes,
    }))
    .filter(({ count, bytes }) => count !== 0 || bytes !== 0)
    .sort((a, b) => b.bytes - a.bytes);
}

/**
 * What grew from each snapshot to the next, that with most bytes more first. Between two snapshots, what a game needs in one moment
 * and not in another grows as well: of three or more that are some time apart, seldom. Throws a `RangeError` for fewer than two.
 */
export function growth(snapshots: readonly HeapSnapshot[]): Growth[] {
  if (snapshots.length < 2) throw new RangeError('growth is between two snapshots, or more');
  const keyOf = ({ path, type }: HeldTotal): string => `${path} ${type}`;
  const held = snapshots.map(
    (snapshot) => new Map(snapshot.held().map((total) => [keyOf(total), total] as const)),
  );
  return [...(held.at(-1)?.values() ?? [])]
    .flatMap((total) => {
      const each = held.map((totals) => totals.get(keyOf(total)));
      const counts = each.map((one) => one?.count ?? 0);
      // A vector that grows is one object, and gets larger.
      const sizes = each.map((one) => one?.bytes ?? 0);
      const grows = (values: readonly number[]): boolean =>
        values.every((value, i) => i === 0 || value > (values[i - 1] as number));
      if (!grows(counts) && !grows(sizes)) return [];
      const { path, owner, type } = total;
      return [{ path, owner, type, counts, bytes: total.bytes - (sizes[0] as number) }];
    })
    .sort((a, b) => b.bytes - a.bytes);
}

/**
 * Growth, where it is held: what grows below a place counts to it, as the names of events that are kept in `*log*[]`, and so does the
 * collection that they are in. That with most bytes more first. Throws as `growth` does.
 */
export function leaks(snapshots: readonly HeapSnapshot[]): Growth[] {
  const grown = growth(snapshots).sort((a, b) => a.path.length - b.path.length);
  const found: { -readonly [key in keyof Growth]: Growth[key] }[] = [];
  const add = (one: Growth): void => {
    const place = found.find(({ path, owner }) => isBelow(one.path, path) || owner === one.owner);
    if (place === undefined) found.push({ ...one });
    else place.bytes += one.bytes;
  };
  const more = ({ counts }: Growth): boolean =>
    counts.every((count, i) => i === 0 || count > (counts[i - 1] as number));
  for (const one of grown) if (more(one)) add(one);
  // What gets larger, and holds no objects of which there are more: a vector of numbers.
  for (const one of grown) if (!more(one)) add(one);
  return found.sort((a, b) => b.bytes - a.bytes);
}

/** Whether a way goes on from another, or is the same. */
const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && /^(?:[.[]|$)/.test(path.slice(above.length));
