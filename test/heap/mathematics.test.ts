import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeapUnderTest } from './heap-under-test.ts';

const { heap } = new HeapUnderTest();

/** Bits of a double, so that results are compared exactly. */
function bitsOf(value: number): string {
  return new BigUint64Array(new Float64Array([value]).buffer)[0]!.toString(16);
}

describe('mathematics', () => {
  test('agrees with JavaScript to the last bits', () => {
    const close = (found: number, wanted: number) => {
      if (Number.isNaN(wanted)) expect(found).toBeNaN();
      else if (!Number.isFinite(wanted)) expect(found).toBe(wanted);
      else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 4e-16 + 5e-324);
    };
    const numbers = fc.oneof(fc.double({ min: -100, max: 100 }), fc.double());
    fc.assert(
      fc.property(numbers, numbers, (x, y) => {
        for (const name of ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'exp', 'log'] as const) {
          close(heap[name](x), Math[name](x));
        }
        close(heap.atan2(y, x), Math.atan2(y, x));
        close(heap.pow(Math.abs(x), y), Math.abs(x) ** y);
        expect(heap.remF64(x, y)).toBe(x % y);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test('returns the same bits everywhere', () => {
    const results = [
      heap.sin(1e6),
      heap.cos(0.1),
      heap.tan(1.5),
      heap.exp(1),
      heap.log(10),
      heap.pow(2, 0.5),
    ];
    expect(results.map(bitsOf)).toMatchInlineSnapshot(`
      [
        "bfd6664b2568d867",
        "3fefd712f9a817c1",
        "402c33ed50b88777",
        "4005bf0a8b145769",
        "40026bb1bbb55516",
        "3ff6a09e667f3bcd",
      ]
    `);
  });

  test('rounds halves away from zero', () => {
    const halves = [0.5, -0.5, 1.5, -2.5, 0.49999999999999994, 2251799813685249.5, -0.2, 7];
    expect(halves.map((x) => heap.roundF64(x))).toEqual([1, -1, 2, -3, 0, 2251799813685250, -0, 7]);
  });
});

describe('random numbers', () => {
  test('of a seed are always the same', () => {
    heap.randomSeed(42n);
    const first = [heap.random(), heap.random(), heap.randomInt(0n, 1000n), heap.randomInt(-5n, 6n)];
    expect(first.map(String)).toMatchInlineSnapshot(`
      [
        "0.9083704228825028",
        "0.3306124030256302",
        "341",
        "-3",
      ]
    `);
    heap.randomSeed(42n);
    expect(heap.random()).toBe(first[0]);
  });

  test('without a seed are those of seed 0', () => {
    const fresh = new HeapUnderTest().heap;
    const found = fresh.random();
    heap.randomSeed(0n);
    expect(heap.random()).toBe(found);
  });

  test('follow the published algorithm', () => {
    // xoroshiro128++ and SplitMix64 in big integers, as their authors' reference code has them.
    const mask = (1n << 64n) - 1n;
    const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask;
    let seed = 12345n;
    const split = () => {
      seed = (seed + 0x9e3779b97f4a7c15n) & mask;
      let z = seed;
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
      return z ^ (z >> 31n);
    };
    let [a, b] = [split(), split()];
    const next = () => {
      const result = (rotate((a + b) & mask, 17n) + a) & mask;
      b ^= a;
      a = rotate(a, 49n) ^ b ^ ((b << 21n) & mask);
      b = rotate(b, 28n);
      return result;
    };
    heap.randomSeed(12345n);
    for (let i = 0; i < 1000; i++) expect(heap.random()).toBe(Number(next() >> 11n) * 2 ** -53);
  });

  test('fall evenly into their range, both ends as promised', () => {
    heap.randomSeed(1n);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[Number(heap.randomInt(-3n, 4n)) + 3]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(heap.randomInt(5n, 6n)).toBe(5n);
    expect(() => heap.randomInt(-(1n << 63n), (1n << 63n) - 1n)).not.toThrow();
    for (let i = 0; i < 1000; i++) {
      const number = heap.random();
      expect(number >= 0 && number < 1).toBe(true);
    }
  });
});
