/** Values of generated types go into a script, from there to the host and back, and come out as they went in. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start } from './script.ts';

const LONG = process.env.SLUICE_LONG === '1';

/** A type as a script writes it, and values of it as JavaScript has them. */
interface Crossing {
  readonly type: string;
  readonly values: fc.Arbitrary<unknown>;
}

class Sprite {}
const SPRITES = [new Sprite(), new Sprite(), new Sprite()];
const FUNCTIONS = [(n: number) => n, (n: number) => n + 1];

const integer = (type: string, min: number, max: number): Crossing => ({
  type,
  values: fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)),
});

/** What can be a key: of two equal keys a map would keep one. */
const KEYS: readonly Crossing[] = [
  { type: 'Bool', values: fc.boolean() },
  { type: 'String', values: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { type: 'Sprite', values: fc.constantFrom(...SPRITES) },
  integer('i64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  integer('u64', 0, Number.MAX_SAFE_INTEGER),
  integer('i32', -(2 ** 31), 2 ** 31 - 1),
  integer('u32', 0, 2 ** 32 - 1),
  integer('i8', -128, 127),
  integer('u16', 0, 65535),
];

const PLAIN: readonly Crossing[] = [
  ...KEYS,
  { type: 'f64', values: fc.double() },
  { type: 'f32', values: fc.float() },
  { type: '(Fn [i64] i64)', values: fc.constantFrom(...FUNCTIONS) },
  { type: 'Level', values: fc.constantFrom({ tag: 'Low' }, { tag: 'High', 0: 3, 1: 'x' }) },
];

const crossing: fc.Arbitrary<Crossing> = fc.letrec<{ any: Crossing }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...PLAIN),
    tie('any').map(({ type, values }) => ({
      type: `(Vector ${type})`,
      values: fc.array(values, { maxLength: 5 }),
    })),
    // Arrays in arrays of arrays would come to too many numbers.
    tie('any').map(({ type, values }) =>
      type.includes('Array')
        ? { type, values }
        : { type: `(Array 3 ${type})`, values: fc.array(values, { minLength: 3, maxLength: 3 }) },
    ),
    // An option of an option is told apart by its tags, which values of other types here do not have.
    tie('any').map(({ type, values }) =>
      type.startsWith('(Option ')
        ? { type, values }
        : { type: `(Option ${type})`, values: fc.option(values, { nil: undefined }) },
    ),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
      type: `(Tuple ${a.type} ${b.type})`,
      values: fc.tuple(a.values, b.values),
    })),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
      type: `(Pair ${a.type} ${b.type})`,
      values: fc.record({ left: a.values, right: b.values }),
    })),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
      type: `(Both ${a.type} ${b.type})`,
      values: fc.record({ first: a.values, second: b.values }),
    })),
    fc
      .tuple(fc.constantFrom('Map', 'MutMap'), fc.constantFrom(...KEYS), tie('any'))
      .map(([map, key, value]) => ({
        type: `(${map} ${key.type} ${value.type})`,
        values: fc.array(fc.tuple(key.values, value.values), { maxLength: 12 }).map((all) => new Map(all)),
      })),
    fc.tuple(fc.constantFrom('Set', 'MutSet'), fc.constantFrom(...KEYS)).map(([set, key]) => ({
      type: `(${set} ${key.type})`,
      values: fc.array(key.values, { maxLength: 12 }).map((all) => new Set(all)),
    })),
  ),
})).any;

/** One program for many types: `go<i>` gives its argument to the host, and then what the host gives. */
function program(types: readonly string[]): string {
  const externs = types.map((type, i) => `(defn host${i} ((x : ${type})) : ${type})`);
  const functions = types.map((type, i) => `(pub defn go${i} ((x : ${type})) : ${type} (host${i} x))`);
  return `(extern-type "host" Sprite)
(deftype Level Low (High i64 String))
(defstruct (Pair 'a 'b) (left : 'a) (right : 'b))
(defvalue (Both 'a 'b) (first : 'a) (second : 'b))
(extern "host" ${externs.join('\n')})
${functions.join('\n')}`;
}

/** Order counts in maps and sets, and identity in objects and functions of the host. */
function expectSame(found: unknown, wanted: unknown): void {
  if (wanted instanceof Map || wanted instanceof Set) {
    expect(found).toBeInstanceOf(wanted.constructor);
    expectSame([...(found as Iterable<unknown>)], [...wanted]);
  } else if (Array.isArray(wanted)) {
    expect(found).toHaveLength(wanted.length);
    for (const [i, item] of wanted.entries()) expectSame((found as unknown[])[i], item);
  } else if (typeof wanted === 'object' && wanted !== null && !(wanted instanceof Sprite)) {
    expect(Object.keys(found as object).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, part] of Object.entries(wanted))
      expectSame((found as Record<string, unknown>)[name], part);
  } else {
    expect(Object.is(found, wanted) || `${String(found)} is not ${String(wanted)}`).toBe(true);
  }
}

it.each(MODES)('whatever a type can hold crosses four times and is what it was, in %s', async (mode) => {
  const seed = LONG ? Math.floor(Math.random() * 2 ** 31) : 11;
  const all = fc.sample(crossing, { numRuns: LONG ? 200 : 20, seed });
  const heard: unknown[] = [];
  const host = Object.fromEntries(
    all.map((_, i) => [
      `host${i}`,
      (x: unknown) => {
        heard.push(x);
        return x;
      },
    ]),
  );
  const image = await imageOf(program(all.map(({ type }) => type)), { mode });
  for (const stress of [0, STRESS]) {
    const machine: Machine = (await start(image, { host: { host }, stress })).machine;
    for (const [i, { type, values }] of all.entries())
      for (const value of fc.sample(values, { numRuns: stress === 0 ? 20 : 2, seed: seed + i })) {
        const what = `seed ${seed}, ${type}`;
        const result = machine.call(`go${i}`, value);
        try {
          expectSame(heard.at(-1), value);
          expectSame(result, value);
        } catch (error) {
          throw new Error(`${what}: ${(error as Error).message}`);
        }
        heard.length = 0;
      }
    expect(machine.verify()).toBeUndefined();
    machine.collect();
    expect(machine.hostObjects).toBe(0);
  }
});

it('an array has as many elements as its type says, wherever it stands', async () => {
  const image = await imageOf(`(pub defn first ((a : (Array 3 f64))) : f64 (nth a 0))
(pub defn all ((rows : (Vector (Array 2 String)))) : i64 (len rows))`);
  const { machine } = await start(image);
  expect(() => machine.call('first', [1, 2])).toThrow(
    'argument `a` of first must be an array of 3, not an array of 2',
  );
  expect(() => machine.call('all', [['a', 'b'], ['a']])).toThrow(
    'element 1 of argument `rows` of all must be an array of 2, not an array of 1',
  );
});
