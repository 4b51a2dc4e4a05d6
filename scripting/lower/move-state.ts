/** What is known at one place of a function: which names have given away what they owned. */
import type { Span } from '../syntax/index.ts';
import type { Binding } from '../types/index.ts';
import type { Use } from './retains.ts';

export interface Moved {
  readonly span: Span;
  /** As in "it was dropped here". */
  readonly how: 'moved' | 'dropped' | 'captured';
  /** The uses of what is shared that have moved it, and are to retain where another use follows. Undefined where one cannot. */
  readonly uses?: readonly Use[] | undefined;
}

/** What either has moved of a name. */
export function both(a: Moved, b: Moved): Moved {
  if (a === b) return a;
  const { span, how } = a.uses === undefined ? a : b;
  if (a.uses === undefined || b.uses === undefined) return { span, how };
  return { span, how, uses: [...new Set([...a.uses, ...b.uses])] };
}

/** Undefined where control never arrives. */
export type MoveState = ReadonlyMap<Binding, Moved> | undefined;

/** What is moved where two ways meet: what either has moved. */
export function join(a: MoveState, b: MoveState): MoveState {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const joined = new Map(a);
  for (const [binding, moved] of b) {
    const other = a.get(binding);
    joined.set(binding, other === undefined ? moved : both(other, moved));
  }
  return joined;
}
