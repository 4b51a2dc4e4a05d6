/** What becomes of memory over a whole run: what no single frame shows. */
import type { ProfiledFrame, Recording } from './recording.ts';
import { sum } from './spread.ts';

export interface Trends {
  /** Bytes in the heap at two times, where they only became more in between. */
  readonly growth?: Growth;
  /** Frames that ended with collections suppressed: the first, how many, and most bytes that waited. */
  readonly suppressed?: { readonly since: number; readonly frames: number; readonly bytes: number };
  /** Frames that ended in debt, the most of it, and milliseconds of slices that frames were charged with. */
  readonly debt?: { readonly frames: number; readonly bytes: number; readonly guaranteed: number };
}

interface Growth {
  readonly from: number;
  readonly to: number;
  /** How many frames lie between. */
  readonly frames: number;
  /** Whether a whole collection has ended meanwhile: what is left then is used. */
  readonly collected: boolean;
}

export function trends({ frames }: Recording): Trends {
  const suppressed = frames.filter((frame) => frame.suppressed > 0);
  const inDebt = frames.filter((frame) => frame.debt > 0);
  const growth = growthOf(frames);
  return {
    ...(growth && { growth }),
    ...(suppressed[0] && {
      suppressed: {
        since: suppressed[0].number,
        frames: suppressed.length,
        bytes: most(suppressed.map((frame) => frame.suppressedBytes)),
      },
    }),
    ...(inDebt.length > 0 && {
      debt: {
        frames: inDebt.length,
        bytes: most(inDebt.map((frame) => frame.debt)),
        guaranteed: sum(inDebt.map((frame) => frame.guaranteed)),
      },
    }),
  };
}

/** Less is nothing that a run of some hundred frames tells. */
const LEAST_GROWTH = 256 * 1024;

/**
 * Of four quarters of the run, the least that was in the heap in each: where each has more than the one before, what is made is kept. The
 * first is left out: there the game is set up.
 */
function growthOf(frames: readonly ProfiledFrame[]): Growth | undefined {
  const length = Math.floor(frames.length / 4);
  if (length < 2) return undefined;
  const [, second, third, fourth] = [0, 1, 2, 3].map((n) => frames.slice(n * length, (n + 1) * length));
  const [from, middle, to] = [second, third, fourth].map((quarter = []) =>
    Math.min(...quarter.map(({ live, young }) => live + young)),
  ) as [number, number, number];
  if (middle <= from || to <= middle || to - from <= Math.max(LEAST_GROWTH, from / 10)) return undefined;
  const collected = [...(third ?? []), ...(fourth ?? [])].some(({ collections }) => collections > 0);
  return { from, to, frames: 2 * length, collected };
}

const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
