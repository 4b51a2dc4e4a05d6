/** What the collector may be at between two slices, by the names that progress bars and profiles use. */
import type * as layout from './layout.ts';
import { PHASE_IDLE, PHASE_MARK, PHASE_MOVE, PHASE_SWEEP, PHASE_WEAK } from './layout.ts';

type NameOf<Constant> = Constant extends `PHASE_${infer Name}` ? Lowercase<Name> : never;

/** A phase of `layout.ts`: whoever has something for each does not compile until a new one has it too. */
export type PhaseName = NameOf<keyof typeof layout>;

export const PHASES: Readonly<Record<PhaseName, number>> = {
  idle: PHASE_IDLE,
  mark: PHASE_MARK,
  weak: PHASE_WEAK,
  sweep: PHASE_SWEEP,
  move: PHASE_MOVE,
};

/** The name of a PHASE_ number. */
export function phaseName(phase: number): PhaseName {
  const found = Object.entries(PHASES).find(([, number]) => number === phase);
  if (found === undefined) throw new Error(`the collector has no phase ${phase}`);
  return found[0] as PhaseName;
}
