/** The native string functions beside JavaScript's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAIL_INDEX, INDEX_LOW_BITS, STRESS_COLLECT, STRESS_POISON } from '../../scripting/heap/index.ts';
import { type HeapExports, HeapUnderTest } from './heap-under-test.ts';

const LONG = process.env.SLUICE_LONG === '1';
const runs = (count: number): fc.Parameters<unknown> =>
  LONG ? { numRuns: count * 100 } : { numRuns: count, seed: 7 };

const target = new HeapUnderTest({ stress: STRESS_COLLECT | STRESS_POISON });

/** Calls `body` with strings that nothing collects meanwhile. */
function withStrings<T>(texts: readonly string[], body: (heap: HeapExports, ...strings: number[]) => T): T {
  target.heap.suppress();
  const result = body(target.heap, ...texts.map((text) => target.makeString(text)));
  target.heap.resume();
  return result;
}

const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 12 }));

describe('places in strings', () => {
  test('count code points, whatever the bytes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const points = [...text];
        withStrings([text], (heap, string) => {
          for (let i = 0; i <= points.length; i++) {
            const offset = heap.stringOffset(string, BigInt(i));
            expect(Number(offset)).toBe(new TextEncoder().encode(points.slice(0, i).join('')).length);
            expect(heap.stringIndex(string, offset)).toBe(BigInt(i));
            if (i < points.length)
              expect(heap.stringPoint(string, BigInt(i))).toBe(BigInt(points[i]?.codePointAt(0) ?? -1));
          }
        });
      }),
      runs(300),
    );
  });

  test('are found in whatever order one reads', () => {
    const reads = fc.array(fc.tuple(fc.boolean(), fc.nat(1), fc.nat(13)), { maxLength: 20 });
    fc.assert(
      fc.property(fc.tuple(texts, texts), reads, (both, order) => {
        withStrings(both, (heap, ...strings) => {
          for (const [byIndex, which, number] of order) {
            const points = [...(both[which] ?? '')];
            const index = number % (points.length + 1);
            const offset = BigInt(Buffer.byteLength(points.slice(0, index).join('')));
            if (byIndex) expect(heap.stringOffset(strings[which] ?? 0, BigInt(index))).toBe(offset);
            else expect(heap.stringIndex(strings[which] ?? 0, offset)).toBe(BigInt(index));
          }
        });
      }),
      runs(300),
    );
  });

  test('outside of a string fail with index and length', () => {
    const string = withStrings(['aé😀'], (_, s) => s);
    const bits = BigInt(INDEX_LOW_BITS);
    for (const index of [-1n, 4n, 1n << 40n, (1n << 62n) + 1n])
      expect(target.failureOf(() => target.heap.stringOffset(string, index))).toMatchObject({
        kind: FAIL_INDEX,
        a: Number(index >> bits),
        b: Number((3n << bits) | BigInt.asUintN(INDEX_LOW_BITS, index)),
      });
    expect(target.failureOf(() => target.heap.stringPoint(string, 3n)).kind).toBe(FAIL_INDEX);
  });

  test('are found where JavaScript finds them', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(few, few, (text, part) => {
        withStrings([text, part], (heap, string, wanted) => {
          const at = text.indexOf(part);
          const bytes = at < 0 ? -1 : new TextEncoder().encode(text.slice(0, at)).length;
          expect(heap.stringFind(string, wanted as number, 0n)).toBe(BigInt(bytes));
        });
      }),
      runs(500),
    );
  });

  test('are cut out as new strings, also while everything is collected', () => {
    const root = target.heap.textMark();
    const string = withStrings(['größe 😀!'], (_, s) => s);
    target.heap.suppress();
    expect(target.readString(target.heap.stringCut(string, 2n, 6n) >>> 0)).toBe('öß');
    target.heap.resume();
    expect(target.heap.textMark()).toBe(root);
  });
});

describe('white space and case', () => {
  test('all of Unicode is trimmed from both ends', () => {
    const spaced = fc.string({
      unit: fc.constantFrom(' ', '\t', '\u2003', '\u3000', '\u0085', 'a', 'é'),
      maxLength: 8,
    });
    const space = /^[\p{White_Space}]+|[\p{White_Space}]+$/gu;
    fc.assert(
      fc.property(spaced, (text) => {
        const trimmed = withStrings([text], (heap, s) => target.readString(heap.stringTrim(s) >>> 0));
        expect(trimmed).toBe(text.replace(space, ''));
      }),
      runs(300),
    );
  });

  // Letters that came into Unicode after these tables are left as they are.
  const LATER = 25;

  test('letters become capitals and small ones as JavaScript has it', () => {
    let upper = 0;
    let lower = 0;
    for (let point = 0; point < 0x10000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const text = String.fromCodePoint(point);
      const [capital, small] = withStrings([text], (heap, s) => [
        target.readString(heap.stringUpcase(s) >>> 0),
        target.readString(heap.stringDowncase(s) >>> 0),
      ]);
      if (capital !== text.toUpperCase()) upper++;
      if (small !== text.toLowerCase()) lower++;
      if (point < 0x180 || (point > 0x385 && point < 0x482))
        expect([capital, small]).toEqual([text.toUpperCase(), text.toLowerCase()]);
    }
    expect(upper).toBeLessThan(LATER);
    expect(lower).toBeLessThan(LATER);
  });

  test('a sigma at the end of a word is the final one', () => {
    const plain = ['ΟΔΥΣΣΕΥΣ', 'Σ', 'ΑΣ Σ ΣΑ', 'aΣ', 'ΣΣ', 'ΑΣ. ΑΣ', '1Σ', 'Α1Σ', 'ΑΣ1'];
    const passedOver = [
      'A:Σ',
      "ΜΕΣ'ΑΠΟ",
      'AΣ:B',
      '𝐀Σ',
      'Σ𝐀',
      'A\u0301Σ',
      'AΣ\u0301',
      'AΣ\u0301B',
      "'Σ",
      "AΣ'",
      'A·.:Σ',
      'Aʼ\u00adΣ\u200bB',
      'ʰΣ',
      'ΣⓐΣ',
    ];
    for (const text of [...plain, ...passedOver])
      expect(withStrings([text], (heap, s) => target.readString(heap.stringDowncase(s) >>> 0))).toBe(
        text.toLowerCase(),
      );
  });
});

describe('numbers from text', () => {
  const decimal = (text: string) =>
    withStrings([text], (heap, s) => (heap.isDecimal(s) === 0 ? undefined : heap.readDecimal(s)));

  test('the nearest f64, as JavaScript reads it', () => {
    const holds = (text: string) => {
      expect(decimal(text)).toBe(Number(text));
    };
    const hard = [
      '2.2250738585072011e-308',
      '2.2250738585072014e-308',
      '4.9406564584124654e-324',
      '2.4703282292062327e-324',
      '2.4703282292062328e-324',
      '1.7976931348623158e308',
      '1.7976931348623159e308',
      '9007199254740993',
      '9007199254740993.0000000000000000000000000000000000000000000000000001',
      '0.500000000000000166533453693773481063544750213623046875',
      '6929495644600919.5',
      '3.7455744005952583e15',
      '1e23',
      '8.41e+21',
      `0.${'0'.repeat(400)}1e400`,
      `1${'0'.repeat(400)}e-400`,
      `${'9'.repeat(1000)}e-1000`,
      `4503599627370496.5${'0'.repeat(900)}1`,
    ];
    for (const text of hard) holds(text);
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 });
    const exponent = fc.integer({ min: -345, max: 320 });
    fc.assert(
      fc.property(digits, digits, exponent, (whole, part, e) => holds(`${whole}.${part}e${e}`)),
      runs(3000),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        if (!Object.is(value, -0)) holds(String(value));
        const bits = new BigUint64Array(new Float64Array([value]).buffer);
        bits[0] = (bits[0] ?? 0n) + 1n;
        const next = new Float64Array(bits.buffer)[0] ?? 0;
        // Halfway to its neighbour, all digits written out.
        if (Number.isFinite(next) && Math.abs(value) < 1e15 && Math.abs(value) > 1)
          holds(halfway(value, next));
      }),
      runs(2000),
    );
  });

  test('every f64 is read back from the text it is written as', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(decimal(target.text((heap) => heap.textF64(value)))).toBe(value);
      }),
      runs(1000),
    );
  });

  test('nothing but a number is one', () => {
    for (const text of [
      '',
      '.',
      '-',
      'e1',
      '1e',
      '1e+',
      ' 1',
      '1 ',
      '1..2',
      '0x1',
      '1_0',
      'infinity',
      '--1',
      '1e1.5',
    ])
      expect(decimal(text)).toBeUndefined();
    expect(decimal('1E5')).toBe(1e5);
  });

  test('whole numbers are those that an i64 can hold', () => {
    const least = -(1n << 63n);
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(least * 2n, -least * 2n), fc.bigInt(-100n, 100n)), (value) => {
        withStrings([String(value)], (heap, s) => {
          const fits = value >= least && value < -least;
          expect(heap.isInteger(s)).toBe(fits ? 1 : 0);
          if (fits) expect(heap.readInteger(s)).toBe(value);
        });
      }),
      runs(500),
    );
  });
});

/** The number in the middle between two neighbours, exactly. */
function halfway(a: number, b: number): string {
  // Both are multiples of 2^-1074; their sum over two is one of 2^-1075.
  const scaled = (x: number): bigint => {
    const bits = new BigUint64Array(new Float64Array([Math.abs(x)]).buffer)[0] ?? 0n;
    const exponent = Number(bits >> 52n);
    const fraction = bits & ((1n << 52n) - 1n);
    return (fraction | (1n << 52n)) << BigInt(exponent - 1);
  };
  const sum = scaled(a) + scaled(b);
  const digits = (sum * 5n ** 1075n).toString().padStart(1076, '0');
  const sign = a < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -1075)}.${digits.slice(-1075)}`;
}
