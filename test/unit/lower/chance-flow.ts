/**
 * The ways through programs that are made by chance: branches, loops, and what leaves them. Which way is taken is decided by bits that a program is
 * given. What else there is, and what it does, is for who makes them to say: `owned/` and `shared/`.
 */
import fc from 'fast-check';

export interface If<S> {
  readonly kind: 'if';
  readonly bit: number;
  readonly then: readonly S[];
  readonly else: readonly S[];
}

/** Two rounds, each of which ends early, or the whole of it (`ends`), where the bit is set. */
export interface Loop<S> {
  readonly kind: 'loop';
  readonly bit: number;
  readonly ends: boolean;
  readonly body: readonly S[];
}

export interface Leave {
  readonly kind: 'return' | 'fail';
  readonly bit: number;
}

type Flow<S> = If<S> | Loop<S> | Leave;

/** A program, and the bits that it is given. */
export interface CaseOf<S> {
  readonly body: readonly S[];
  readonly bits: number;
}

/** So many names at most, bits, and blocks in one another. */
export const NAMES = 4;
const BITS = 6;
export const DEEPEST = 3;

export const anyBit = (): fc.Arbitrary<number> => fc.nat({ max: BITS - 1 });

export const casesWith = <S>(body: fc.Arbitrary<readonly S[]>): fc.Arbitrary<CaseOf<S>> =>
  fc.record({ body, bits: fc.nat({ max: 2 ** BITS - 1 }) });

export function leaving(bit: fc.Arbitrary<number>): fc.WeightedArbitrary<Leave> {
  return { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('return', 'fail'), bit }) };
}

export function branching<S>(
  bit: fc.Arbitrary<number>,
  same: fc.Arbitrary<readonly S[]>,
): readonly fc.WeightedArbitrary<Flow<S>>[] {
  return [
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('if'), bit, then: same, else: same }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('loop'), bit, ends: fc.boolean(), body: same }) },
  ];
}

/** As text; `all` writes statements. */
export function writeFlow<S>(s: Flow<S>, all: (body: readonly S[]) => string): string {
  switch (s.kind) {
    case 'if':
      return `(if (bit bits ${s.bit}) (do ${all(s.then)} (do)) (do ${all(s.else)} (do)))`;
    case 'loop':
      return `(for (i 0 (< i 2)) ${all(s.body)} (when (bit bits ${s.bit}) (${s.ends ? 'break' : 'continue'})) (println "r"))`;
    case 'return':
      return `(when (bit bits ${s.bit}) (return 1))`;
    case 'fail':
      return `(when (bit bits ${s.bit}) (error "failed"))`;
  }
}

/** How what was done goes on. */
export type Way = 'on' | 'return' | 'fail';

/** Does statements one after the other, until one leaves. */
export function followAll<S>(body: readonly S[], does: (s: S) => Way): Way {
  for (const s of body) {
    const way = does(s);
    if (way !== 'on') return way;
  }
  return 'on';
}

/** Goes the way that the bits say; `prints` hears of what is printed. */
export function follow<S>(
  s: Flow<S>,
  bits: number,
  block: (body: readonly S[]) => Way,
  prints: (text: string) => void,
): Way {
  const isSet = ((bits >> s.bit) & 1) === 1;
  switch (s.kind) {
    case 'if':
      return block(isSet ? s.then : s.else);
    case 'loop':
      for (let round = 0; round < 2; round += 1) {
        const way = block(s.body);
        if (way !== 'on') return way;
        if (isSet && s.ends) break;
        if (!isSet) prints('r');
      }
      return 'on';
    case 'return':
    case 'fail':
      return isSet ? s.kind : 'on';
  }
}
