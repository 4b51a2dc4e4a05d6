import type { Manifest } from '../../scripting/image/index.ts';

/** What the host may call that is not what it was: a page that calls it goes by what it knew. */
export function changedExports(before: Manifest, now: Manifest): readonly string[] {
  const found = new Map(now.exports.map(({ name, ...signature }) => [name, JSON.stringify(signature)]));
  return before.exports.flatMap(({ name, ...signature }) => {
    const is = found.get(name);
    if (is === undefined) return [`the host cannot call \`${name}\` any more`];
    return is === JSON.stringify(signature) ? [] : [`\`${name}\` takes or returns something else`];
  });
}
