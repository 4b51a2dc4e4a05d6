import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAIL_MEMORY, STRESS_COLLECT, STRESS_POISON } from '../../scripting/heap/index.ts';
import { HeapUnderTest } from './heap-under-test.ts';

const LONG = process.env.SLUICE_LONG === '1';
const runs = (count: number): fc.Parameters<unknown> =>
  LONG ? { numRuns: count * 100 } : { numRuns: count, seed: 7 };

/** JavaScript's shortest digits, in the forms that Sluice writes. */
function expected(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa, exponent] = shortest.split('e');
  const pointed = mantissa!.includes('.') ? mantissa! : `${mantissa}.0`; // split returns at least one part
  return exponent === undefined ? pointed : `${pointed}e${exponent.replace('+', '')}`;
}

/** The nearest decimal with so many places, of two that are as near the one that is further from 0: with whole numbers. */
function fixed(value: number, places: number): string {
  const bits = new BigUint64Array(new Float64Array([Math.abs(value)]).buffer)[0]!;
  const biased = bits >> 52n;
  const fraction = (bits & ((1n << 52n) - 1n)) | (biased === 0n ? 0n : 1n << 52n);
  const exponent = (biased === 0n ? 1n : biased) - 1075n;
  const scaled = fraction * 10n ** BigInt(places);
  const rounded = exponent >= 0n ? scaled << exponent : ((scaled >> (-exponent - 1n)) + 1n) >> 1n;
  const digits = String(rounded).padStart(places + 1, '0');
  const point = digits.length - places;
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return `${sign}${digits.slice(0, point)}${places > 0 ? '.' : ''}${digits.slice(point)}`;
}

/** The fewest digits that read back as the same f32: of those the closest, of two that are as close the even. */
function shortestF32(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  for (let places = 0; places < 10; places++) {
    const [mantissa = '', exponent = ''] = value.toExponential(places).split('e');
    const digits = BigInt(mantissa.replace('.', ''));
    const inside = [digits - 1n, digits, digits + 1n]
      .map((near) => ({ near, number: Number(`${near}e${Number(exponent) - places}`) }))
      .filter(({ number }) => Math.fround(number) === value)
      .sort(
        (a, b) =>
          Math.abs(a.number - value) - Math.abs(b.number - value) ||
          Number(a.near & 1n) - Number(b.near & 1n),
      );
    if (inside[0] !== undefined) return String(inside[0].number);
  }
  return String(value);
}

const anyF64 = fc.oneof(
  fc.double(),
  fc.bigInt(0n, (1n << 64n) - 1n).map((bits) => new Float64Array(new BigUint64Array([bits]).buffer)[0]!),
  fc
    .tuple(fc.integer(), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => digits * 10 ** exponent),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
);

describe('numbers as text', () => {
  const target = new HeapUnderTest();

  test('an f64 with so many decimals has those that JavaScript gives it, also where JavaScript gives up', () => {
    const holds = (value: number, decimals: number) => {
      const wanted = Number.isFinite(value) ? fixed(value, decimals) : expected(value, '');
      expect(target.text((text) => text.textFixed(value, decimals))).toBe(wanted);
      if (Number.isFinite(value) && Math.abs(value) < 1e21 && !Object.is(value, -0))
        expect(wanted).toBe(value.toFixed(decimals));
    };
    for (const value of [
      0, -0, 0.5, 1.5, 2.5, -0.5, 0.05, 0.125, 1.005, 9.995, 99.5, 0.999, -0.04, 1e21, 1e-300,
    ])
      for (const decimals of [0, 1, 2, 3, 20, 100]) holds(value, decimals);
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE, 2 ** 53, 2 ** 64])
      for (const decimals of [0, 1, 100]) holds(value, decimals);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) holds(value, 2);
    fc.assert(fc.property(anyF64, fc.integer({ min: 0, max: 100 }), holds), runs(3000));
    const quarters = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 32);
    fc.assert(fc.property(quarters, fc.integer({ min: 0, max: 4 }), holds), runs(1000));
  });

  test('an f64 has the digits that JavaScript gives it, and a point', () => {
    const holds = (value: number) => {
      expect(target.text((text) => text.textF64(value))).toBe(expected(value, String(value)));
    };
    for (const value of [0, -0, 1, 4, -1.5, 0.1, 1e21, 123456789012345680000, 1e-6, 9.5e-7, 5e-324])
      holds(value);
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, 5e22, 1e23]) holds(value);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) holds(value);
    fc.assert(fc.property(anyF64, holds), runs(5000));
  });

  test('forms are plain up to 1e21 and down to 1e-6, and keep their point', () => {
    const texts = [4, 1e20, 1e21, 1.25e300, 1e-6, 1e-7, -2.5e-9].map((x) => target.text((t) => t.textF64(x)));
    expect(texts).toEqual([
      '4.0',
      '100000000000000000000.0',
      '1.0e21',
      '1.25e300',
      '0.000001',
      '1.0e-7',
      '-2.5e-9',
    ]);
  });

  test('an f32 has the fewest digits that read back as the same f32', () => {
    const holds = (value: number) => {
      expect(target.text((text) => text.textF32(value))).toBe(expected(value, shortestF32(value)));
    };
    for (const value of [0.1, 0.3, 16777216, 3.4028234663852886e38, 1e-45]) holds(Math.fround(value));
    fc.assert(fc.property(fc.float(), holds), runs(3000));
  });

  test('integers are written in full, as signed or as unsigned', () => {
    const holds = (value: bigint) => {
      expect(target.text((text) => text.textI64(value))).toBe(String(BigInt.asIntN(64, value)));
      expect(target.text((text) => text.textU64(value))).toBe(String(BigInt.asUintN(64, value)));
    };
    for (const value of [0n, 9n, 10n, -1n, 1n << 63n, (1n << 64n) - 1n, (1n << 63n) - 1n]) holds(value);
    fc.assert(fc.property(fc.bigInt(-(1n << 63n), (1n << 64n) - 1n), holds), runs(500));
  });
});

describe('the text buffer', () => {
  test('returns what was written since a mark, so that pieces nest', () => {
    const { heap, ...rest } = setUp();
    const outer = heap.textMark();
    heap.textI64(1n);
    const inner = heap.textMark();
    heap.textBool(1);
    expect(rest.target.readString(heap.textTake(inner))).toBe('true');
    heap.textBool(0);
    expect(rest.target.readString(heap.textTake(outer))).toBe('1false');
  });

  test('grows, and keeps what is in it', () => {
    const { target, heap } = setUp();
    const piece = target.makeString('0123456789'.repeat(1000));
    const mark = heap.textMark();
    for (let i = 0; i < 50; i++) heap.textString(piece);
    expect(target.readString(heap.textTake(mark))).toBe('0123456789'.repeat(50_000));
    target.check();
  });

  test('prints with or without a line end, and is then empty', () => {
    const { target, heap } = setUp();
    const mark = heap.textMark();
    heap.textString(target.makeString('héllo'));
    heap.textPrint(mark, 0);
    heap.textI64(-5n);
    heap.textPrint(mark, 1);
    expect(target.printed).toBe('héllo-5\n');
    expect(heap.textMark()).toBe(mark);
  });

  test('fails like everything else when memory runs out, without collecting', () => {
    const target = new HeapUnderTest({ hardLimit: 3 << 20 });
    const failure = target.failureOf(() => {
      for (;;) target.heap.textF64(Math.PI);
    });
    expect(failure.kind).toBe(FAIL_MEMORY);
    expect(target.heap.textMark()).toBe(0);
    target.check();
  });

  test('quotes what a literal could not hold as it stands', () => {
    const { target } = setUp();
    const quoted = (text: string) => target.text((heap) => heap.textQuoted(target.makeString(text)));
    expect(quoted('a"b\\c\n\r\t\u0000\u001f\u007fé😀')).toBe('"a\\"b\\\\c\\n\\r\\t\\u{0}\\u{1f}\\u{7f}é😀"');
  });

  function setUp() {
    const target = new HeapUnderTest();
    return { target, heap: target.heap };
  }
});

describe('strings', () => {
  const target = new HeapUnderTest({ stress: STRESS_COLLECT | STRESS_POISON });

  test('survive being taken from the buffer while everything is collected', () => {
    const string = target.text((heap) => heap.textU64(1n << 60n));
    expect(string).toBe(String(1n << 60n));
  });

  test('are equal, and order by code point, as their texts do', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 8 });
    const holds = (left: string, right: string) => {
      target.heap.suppress();
      const [a, b] = [target.makeString(left), target.makeString(right)];
      target.heap.resume();
      expect(target.heap.stringEqual(a, b)).toBe(left === right ? 1 : 0);
      expect(Math.sign(target.heap.stringCompare(a, b))).toBe(comparePoints(left, right));
      expect(target.heap.stringLength(a)).toBe(BigInt([...left].length));
    };
    holds('', '');
    holds('a', 'ab');
    holds('\u{ffff}', '\u{10000}');
    fc.assert(fc.property(texts, texts, holds), runs(300));
  });

  test('count their code points when they are taken', () => {
    const { heap } = target;
    heap.suppress();
    const mark = heap.textMark();
    heap.textString(target.makeString('aé😀z'));
    expect(heap.stringLength(heap.textTake(mark))).toBe(4n);
    heap.resume();
  });
});

function comparePoints(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => [...text].map((point) => point.codePointAt(0) ?? 0));
  if (a === undefined || b === undefined) return 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return Math.sign((a[i] ?? 0) - (b[i] ?? 0));
  }
  return Math.sign(a.length - b.length);
}
