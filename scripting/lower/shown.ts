/**
 * Whether a type can be shown. `map-get` names the key that is missing, and does not ask for `Show` for that: nearly every type has
 * it. One that has not, since its instance needs more of a part than that has, is named by its type.
 */
import { builtinRuling, type Predicate, type Type } from '../types/index.ts';
import type { ProgramLowering } from './program.ts';
import { typeKey } from './substitution.ts';

/** `seen` holds what was asked on the way here: a type that holds itself can be shown if its other parts can. */
export function isShown(program: ProgramLowering, type: Type): boolean {
  return holds(program, { class: 'Show', args: [type] }, new Set());
}

function holds(program: ProgramLowering, predicate: Predicate, seen: Set<string>): boolean {
  const key = [predicate.class, ...predicate.args.map(typeKey)].join(' ');
  if (seen.has(key)) return true;
  seen.add(key);
  const needed =
    program.instances.needs(predicate.class, predicate.args, 'prelude') ??
    builtinRuling(predicate.class, predicate.args[0] as Type);
  return needed !== undefined && needed !== 'fails' && needed.every((p) => holds(program, p, seen));
}
