/** The names under which the host finds public functions. */
import type { Source } from '../syntax/index.ts';
import type { TypedFunction } from '../types/index.ts';

/**
 * What the host calls public functions: by their names. Where several modules have one of the same name, it means the main
 * script's, and the others have their module's name before theirs: `shapes.area`.
 */
export function exportNames(
  functions: readonly TypedFunction[],
  main: Source | undefined,
): ReadonlyMap<TypedFunction, string> {
  const namesakes = new Map<string, number>();
  for (const { name } of functions) namesakes.set(name, (namesakes.get(name) ?? 0) + 1);
  return new Map(
    functions.map((f) => {
      const isPlain = f.span.source === main || namesakes.get(f.name) === 1;
      return [f, isPlain ? f.name : f.key];
    }),
  );
}
