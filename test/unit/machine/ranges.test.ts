/** Room that is taken in one piece and given back: never twice at a time, and no more than is needed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangePool } from '../../../scripting/machine/ranges.ts';

function pool(unit: number) {
  let end = 0;
  const made = new RangePool(unit, (size) => {
    const start = end;
    end += Math.ceil(size / 256) * 256;
    return { start, end };
  });
  return { made, end: () => end };
}

describe('room', () => {
  it('is used again where it was given back', () => {
    const { made, end } = pool(16);
    const first = made.take(100);
    const second = made.take(30);
    expect([first, second]).toEqual([0, 112]);
    made.give(first, 100);
    expect(made.take(112)).toBe(0);
    made.give(0, 112);
    made.give(second, 30);
    expect(made.take(256)).toBe(0);
    expect(end()).toBe(256);
  });

  it('is nobody else’s while it is taken, and all of it comes back', () => {
    const steps = fc.array(fc.record({ size: fc.integer({ min: 0, max: 600 }), gives: fc.nat(9) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const { made, end } = pool(16);
        const taken: { start: number; size: number }[] = [];
        for (const { size, gives } of all) {
          const start = made.take(size);
          expect(start % 16).toBe(0);
          for (const other of taken)
            expect(start + size <= other.start || start >= other.start + other.size).toBe(true);
          taken.push({ start, size });
          const back = gives < 6 ? taken.splice(gives % taken.length, 1)[0] : undefined;
          if (back !== undefined) made.give(back.start, back.size);
        }
        for (const { start, size } of taken) made.give(start, size);
        const whole = end();
        if (whole > 0) expect(made.take(whole)).toBe(0);
        expect(end()).toBe(whole);
      }),
      { seed: 15 },
    );
  });
});
