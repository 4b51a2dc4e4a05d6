/**
 * Random types, a value of them, and a random change to one of the types: after a reload the value must be what it was, or the
 * reload must have asked for a restart.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageOf, STRESS, start } from './script.ts';

const RUNS = process.env.SLUICE_LONG === '1' ? 2000 : 25;
const SEED = 8;

interface Part {
  readonly name: string;
  /** A number or text, or the number of an earlier type, perhaps in something. */
  readonly type: string | number;
  readonly around: 'plain' | 'option' | 'vector' | 'map' | 'tuple';
}

interface Made {
  readonly kind: 'defstruct' | 'defvalue' | 'deftype';
  /** One for products; each with a name of its own for sums. */
  readonly variants: readonly (readonly Part[])[];
}

const PLAIN: Readonly<Record<string, (n: number) => string>> = {
  i64: (n) => String(n),
  i8: (n) => String(n % 100),
  f64: (n) => `${n}.5`,
  f32: (n) => `${n}.25`,
  Bool: (n) => String(n % 2 === 0),
  String: (n) => `"text ${n}"`,
};

const part: fc.Arbitrary<Part> = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  type: fc.oneof(fc.constantFrom(...Object.keys(PLAIN)), fc.nat(3)),
  around: fc.constantFrom('plain', 'plain', 'option', 'vector', 'map', 'tuple'),
});
const parts = fc.uniqueArray(part, { minLength: 1, maxLength: 3, selector: (p) => p.name });
const made: fc.Arbitrary<Made> = fc.oneof(
  fc.record({ kind: fc.constantFrom('defstruct', 'defvalue'), variants: fc.tuple(parts) }),
  fc.record({
    kind: fc.constant('deftype' as const),
    variants: fc.array(fc.oneof(parts, fc.constant([])), { minLength: 2, maxLength: 4 }),
  }),
);
const typesOfProgram = fc.array(made, { minLength: 1, maxLength: 4 });
const change = fc.record({
  at: fc.nat(3),
  what: fc.constantFrom(
    'none',
    'variants',
    'variants',
    'variants',
    'fields',
    'fields',
    'type',
    'further',
    'kind',
  ),
});

/** The type of a part, in the program whose types are numbered up to `own`. */
function typeOf({ type, around }: Part, own: number): string {
  const inner =
    typeof type === 'string' || own === 0
      ? String(typeof type === 'string' ? type : 'i64')
      : `T${type % own}`;
  switch (around) {
    case 'plain':
      return inner;
    case 'option':
      return `(Option ${inner})`;
    case 'vector':
      return `(Vector ${inner})`;
    case 'map':
      return `(Map String ${inner})`;
    case 'tuple':
      return `(Tuple ${inner} i64)`;
  }
}

function definition({ kind, variants }: Made, own: number): string {
  const fields = (list: readonly Part[]): string =>
    list.map((p) => `(${p.name} : ${typeOf(p, own)})`).join(' ');
  if (kind !== 'deftype') return `(${kind} T${own} ${fields(variants[0] ?? [])})`;
  const all = variants.map((v, i) =>
    `(V${own}x${i} ${v.map((p) => typeOf(p, own)).join(' ')})`.replace(' )', ')'),
  );
  return `(deftype T${own} ${all.map((v) => v.replace(/^\((\S+)\)$/, '$1')).join(' ')})`;
}

/** A function that makes values of the type, from a number. */
function maker(types: readonly Made[], own: number): string {
  const { kind, variants } = types[own] as Made;
  const value = (p: Part): string => {
    const inner =
      typeof p.type === 'string' || own === 0
        ? (PLAIN[typeof p.type === 'string' ? p.type : 'i64'] as (n: number) => string)(
            own * 7 + p.name.charCodeAt(0),
          )
        : `(make${p.type % own} (+ n 1))`;
    switch (p.around) {
      case 'plain':
        return inner;
      case 'option':
        return `(if (= 0 (mod n 3)) None (Some ${inner}))`;
      case 'vector':
        return `[${inner} ${inner}]`;
      case 'map':
        return `{"k" ${inner}}`;
      case 'tuple':
        return `(tuple ${inner} n)`;
    }
  };
  const one = (name: string, list: readonly Part[]): string =>
    list.length === 0 ? name : `(${name} ${list.map(value).join(' ')})`;
  const body =
    kind !== 'deftype'
      ? one(`T${own}`, variants[0] ?? [])
      : `(cond ${variants.map((v, i) => `((= ${i} (mod n ${variants.length})) ${one(`V${own}x${i}`, v)})`).join(' ')} (else ${one(`V${own}x0`, variants[0] ?? [])}))`;
  return `(defn make${own} ((n : i64)) : T${own} ${body})`;
}

/** The values are kept as such, or by a function that returns them. */
const program = (definitions: readonly string[], last: number, byFunction: boolean, more = ''): string =>
  `${definitions.join('\n')}
(defglobal mut *kept* : ${byFunction ? `(Fn [] (Vector T${last})) (fn () [])` : `(Vector T${last}) []`})
${more}
(pub defn look () : String (str ${byFunction ? '(*kept*)' : '*kept*'}))`;

/** The type's definition after the change. */
function changed({ kind, variants }: Made, what: string): Made {
  const [first = [], ...rest] = variants;
  switch (what) {
    case 'variants':
      return { kind, variants: [...rest, first] };
    case 'fields':
      return { kind, variants: variants.map((v) => [...v].reverse()) };
    case 'type':
      return {
        kind,
        variants: [first.map((p) => ({ ...p, type: p.type === 'String' ? 'i64' : 'String' })), ...rest],
      };
    case 'further':
      return { kind, variants: [[...first, { name: 'e', type: 'f64', around: 'plain' }], ...rest] };
    case 'kind':
      return { kind: kind === 'defstruct' ? 'defvalue' : kind === 'defvalue' ? 'defstruct' : kind, variants };
    default:
      return { kind, variants };
  }
}

/** Variants keep their names when they change their places. */
function renamed(text: string, own: number, count: number, what: string): string {
  if (what !== 'variants') return text;
  return text.replaceAll(
    new RegExp(`V${own}x(\\d+)`, 'g'),
    (_, i: string) => `V${own}x${(Number(i) + 1) % count}`,
  );
}

describe('a reload of changed types', () => {
  it(
    'shows what was there, or asks for a restart',
    async () => {
      const outcomes = { replaced: 0, restart: 0 };
      await fc.assert(
        fc.asyncProperty(typesOfProgram, change, fc.boolean(), async (types, { at, what }, byFunction) => {
          const last = types.length - 1;
          const definitions = types.map(definition);
          const makers = types.map((_, own) => maker(types, own));
          const fill = `${makers.join('\n')}
(pub defn fill () : Unit (let ((all (map make${last} (range 0 6)))) (set! *kept* ${byFunction ? '(fn () all)' : 'all'})))`;
          const { machine } = await start(await imageOf(program(definitions, last, byFunction, fill)), {
            stress: STRESS,
          });
          machine.call('fill');
          const shown = machine.call('look');
          const own = at % types.length;
          const old = types[own] as Made;
          const next = [...definitions];
          next[own] = renamed(definition(changed(old, what), own), own, old.variants.length, what);
          const { kind } = machine.replace(
            await machine.prepare(await imageOf(program(next, last, byFunction))),
          );
          outcomes[kind] += 1;
          if (next[own] === definitions[own]) expect(kind).toBe('replaced');
          const after = machine.call('look');
          // Fields are shown in the order of the new code.
          if (kind === 'restart' || what !== 'fields') expect(after).toBe(shown);
          expect(machine.verify()).toBeUndefined();
          machine.collect();
          expect(machine.verify()).toBeUndefined();
          expect(machine.call('look')).toBe(after);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      expect(outcomes.replaced).toBeGreaterThan(RUNS / 5);
      expect(outcomes.restart).toBeGreaterThan(RUNS / 10);
    },
    RUNS * 2000,
  );
});
