/** The names by which the host and people know what a program defines. */
import type { Source, Span } from '../syntax/index.ts';

interface Named {
  readonly name: string;
  /** Unique in the program: module and name. */
  readonly key: string;
  readonly span?: Span | undefined;
}

/**
 * What things of one kind are called: by their names. Where several modules have one of the same name, it means the main
 * script's, and the others have their module's name before theirs: `shapes.area`.
 */
export function hostNames<T extends Named>(
  things: readonly T[],
  main: Source | undefined,
): ReadonlyMap<T, string> {
  const namesakes = new Map<string, number>();
  for (const { name } of things) namesakes.set(name, (namesakes.get(name) ?? 0) + 1);
  return new Map(
    things.map((thing) => {
      const isPlain = thing.span?.source === main || namesakes.get(thing.name) === 1;
      return [thing, isPlain ? thing.name : thing.key];
    }),
  );
}
