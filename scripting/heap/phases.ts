/** What the collector may be at between two slices, by the names that progress bars and profiles use. */
import { PHASE_IDLE, PHASE_MARK, PHASE_MOVE, PHASE_SWEEP, PHASE_WEAK } from './layout.ts';

export const PHASES = {
  idle: PHASE_IDLE,
  mark: PHASE_MARK,
  weak: PHASE_WEAK,
  sweep: PHASE_SWEEP,
  move: PHASE_MOVE,
} as const;

export type PhaseName = keyof typeof PHASES;

/** The name of a PHASE_ number. */
export function phaseName(phase: number): PhaseName {
  const found = Object.entries(PHASES).find(([, number]) => number === phase);
  if (found === undefined) throw new Error(`the collector has no phase ${phase}`);
  return found[0] as PhaseName;
}
