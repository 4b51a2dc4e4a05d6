/**
 * Functions of the script's that JavaScript holds, across a migration. Each is called by the adapters of the version that gave it: these
 * make arguments with that version's layouts, and would read results by them. So with the layouts the adapters change: the new version's,
 * which it has where functions of the type come out to the host in it too. Where it has none, those of before go on only if nothing
 * that they make or read has changed.
 */
import type { Manifest } from '../image/index.ts';
import { leadsToChanged, type Types } from './kept.ts';
import { type Problem, remember } from './migration/index.ts';
import type { LinkedProgram } from './program.ts';
import type { FunctionUse } from './shapes.ts';

/** Functions that the host could not call any more. `arranged` are keys of the types of collections that lie otherwise. */
export function lostUses(
  programs: readonly LinkedProgram[],
  next: Manifest,
  arranged: ReadonlySet<string>,
): readonly Problem[] {
  const come = typesThatComeOut(next);
  const counts = new Map<string, number>();
  for (const { manifest, uses } of programs) {
    const { kept } = remember(manifest);
    for (const { type } of uses)
      if (!come.has(type.key) && (leadsToChanged(type.key, kept, next) || leadsTo(type.key, kept, arranged)))
        counts.set(type.name, (counts.get(type.name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({
    reason: `JavaScript holds a function of the type \`${name}\`, and in the new code none of that type comes out to it`,
    count,
  }));
}

/** Whether the host holds nothing that goes on to be called by a program's adapters. */
export function movesAll({ uses }: LinkedProgram, next: Manifest): boolean {
  const come = typesThatComeOut(next);
  return [...uses].every(({ type }) => come.has(type.key));
}

/** Keys of the types of functions that come out to the host. */
const typesThatComeOut = ({ shapes }: Manifest): ReadonlySet<string> =>
  new Set(shapes.flatMap((shape) => (shape.kind === 'function' && shape.comesOut ? shape.key : [])));

/** Calls what the host holds by the adapters of another version, where it has them. What it returns takes that back. */
export function moveUses(programs: readonly LinkedProgram[], next: LinkedProgram): () => void {
  const moved: [use: FunctionUse, before: Pick<FunctionUse, 'shape' | 'adapters'>][] = [];
  for (const use of programs.flatMap(({ uses }) => [...uses])) {
    const shape = next.functionShape(use.type.key);
    if (shape === undefined) continue;
    moved.push([use, { shape: use.shape, adapters: use.adapters }]);
    put(use, { shape, adapters: next });
  }
  return () => {
    // One that was released meanwhile is in no version's list.
    for (const [use, before] of moved) if (next.uses.has(use)) put(use, before);
  };
}

function put(use: FunctionUse, { shape, adapters }: Pick<FunctionUse, 'shape' | 'adapters'>): void {
  use.adapters.uses.delete(use);
  use.shape = shape;
  use.adapters = adapters;
  adapters.uses.add(use);
}

/** Whether values of a type lead to any of those. */
function leadsTo(root: string, types: Types, wanted: ReadonlySet<string>): boolean {
  const seen = new Set([root]);
  for (const key of seen) {
    if (wanted.has(key)) return true;
    for (const held of types.get(key)?.holds ?? []) seen.add(held);
  }
  return false;
}
