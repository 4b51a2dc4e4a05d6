/** What is known at one place of a function: which names have given away what they owned. */
import type { Span } from '../syntax/index.ts';
import type { Binding } from '../types/index.ts';

export interface Moved {
  readonly span: Span;
  /** As in "it was dropped here". */
  readonly how: 'moved' | 'dropped' | 'captured';
}

/** Undefined where control never arrives. */
export type MoveState = ReadonlyMap<Binding, Moved> | undefined;

/** What is moved where two ways meet: what either has moved. */
export function join(a: MoveState, b: MoveState): MoveState {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return new Map([...b, ...a]);
}
