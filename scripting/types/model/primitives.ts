/** The functions the compiler itself knows, with their types. Those that take any number of arguments are variadic. */
import {
  ARENA,
  BOOL,
  F64,
  functionOf,
  I64,
  mutVectorOf,
  NUMBER_NAMES,
  type NumberName,
  newParameter,
  ownedOf,
  parameterType,
  STRING,
  segmentsOf,
  sharedOf,
  simple,
  UNIT,
  vectorOf,
  weakOf,
} from './builtin.ts';
import type { Primitive } from './definition.ts';
import type { Type } from './type.ts';

function primitive<const Name extends string>(
  name: Name,
  signature: (a: Type, b: Type) => readonly [params: readonly Type[], result: Type],
  options: { readonly class?: string; readonly variadic?: boolean } = {},
): Primitive<Name> {
  const a = newParameter('a');
  const b = newParameter('b');
  const [params, result] = signature(parameterType(a), parameterType(b));
  return {
    name,
    scheme: {
      parameters: signature.length > 1 ? [a, b] : [a],
      constraints: options.class === undefined ? [] : [{ class: options.class, args: [parameterType(a)] }],
      type: functionOf(params, result),
    },
    variadic: options.variadic ?? false,
  };
}

const conversion = (name: string, target: NumberName): readonly [string, Primitive] => [
  name,
  primitive(target, (a) => [[a], simple(target)], { class: 'Number' }),
];

const I32 = simple('i32');

/** What the library's own structures are made of; a program does not see names that begin with `%`. */
const HIDDEN = [
  primitive('%segments', (a) => [[], segmentsOf(a)]),
  primitive('%segments-length', (a) => [[segmentsOf(a)], I32]),
  primitive('%segments-add!', (a) => [[segmentsOf(a)], I32]),
  primitive('%segments-clear!', (a) => [[segmentsOf(a)], UNIT]),
  primitive('%segment', (a) => [[segmentsOf(a), I32], a]),
  primitive('%segment-set!', (a) => [[segmentsOf(a), I32, a], UNIT]),
  primitive('%segment-clear!', (a) => [[segmentsOf(a), I32], UNIT]),
  primitive('%flat', (a) => [[I64], vectorOf(a)]),
  primitive('%flat-nth', (a) => [[vectorOf(a), I64], a]),
  primitive('%nth', (a) => [[vectorOf(a), I64], a]),
  primitive('%flat-set!', (a) => [[vectorOf(a), I64, a], UNIT]),
  primitive('%flat-copy!', (a) => [[vectorOf(a), I64, vectorOf(a), I64, I64], UNIT]),
  primitive('%rope', (a) => [[I64, I32, vectorOf(a), vectorOf(a)], vectorOf(a)]),
  primitive('%rope?', (a) => [[vectorOf(a)], BOOL]),
  primitive('%height', (a) => [[vectorOf(a)], I32]),
  primitive('%left', (a) => [[vectorOf(a)], vectorOf(a)]),
  primitive('%right', (a) => [[vectorOf(a)], vectorOf(a)]),
  /** Whether comparing values of the type may run code of a program's own: known when it is compiled. */
  primitive('%own-equality?', (a) => [[a], BOOL]),
  /** Whether a value is a number: known when it is compiled. */
  primitive('%number?', (a) => [[a], BOOL]),
  /** Moves so many elements of a mutable vector from one index to another. */
  primitive('%move!', (a) => [[mutVectorOf(a), I64, I64, I64], UNIT]),
  primitive('%quoted', (a) => [[a], STRING], { class: 'Show' }),
  /** As `%quoted`, of a key of which it is not known whether it can be shown. */
  primitive('%shown-key', (a) => [[a], STRING]),
  primitive('%alive?', (a) => [[weakOf(a)], BOOL]),
  primitive('%upgrade', (a) => [[weakOf(a)], a]),
  /** What is owned, for a call: it stays owned by whoever owns it. */
  primitive('%lend', (a) => [[ownedOf(a)], a]),
  /** What a place holds, and the form that empties it: `(take! place)`. */
  primitive('%take', (a) => [[a, UNIT], a]),
  primitive('%never', (a) => [[], a]),
  /** Calls a function with the heap as the region that it allocates in. */
  primitive('%call-in-heap', (a) => [[functionOf([a], a), a], a]),
  /** Calls a function with the heap as the region that it allocates in. */
  primitive('%in-heap', (a) => [[functionOf([], a)], a]),
  primitive('%remove-all-entities!', () => [[], UNIT]),
  primitive('%in-world?', (a) => [[a], BOOL], { class: 'Entity' }),
  /** Words of the input page: `library/native/input.ts`. */
  primitive('%input-bit', () => [[I32, I32], BOOL]),
  primitive('%input-strength', () => [[I32], F64]),
  primitive('%input-word', () => [[I32], I64]),
  primitive('%input-float', () => [[I32], F64]),
  primitive('%order-bits', () => [[F64], I64]),
  /** Has each sprite that lies flat in a value drawn in this frame: `lower/sprites.ts`. */
  primitive('%each-sprite!', (a) => [[a], UNIT], { class: 'Drawn' }),
  /** Has the library look at each sprite of an entity: which is at a point. */
  primitive('%pick-each!', (a) => [[a], UNIT], { class: 'Drawn' }),
  /** Places of entities: `lower/place.ts`. */
  primitive('%find-place!', (a) => [[a], UNIT], { class: 'Placed' }),
  primitive('%attach!', (a, b) => [[a, b], UNIT], { class: 'Placed' }),
  primitive('%detach!', (a) => [[a], UNIT], { class: 'Movable' }),
  /** The coordinates of where an entity is to be. */
  primitive('%move-to!', (a) => [[a, F64, F64], UNIT], { class: 'Movable' }),
  /** Has an entity drawn where it is, though frames between two steps are interpolated: `lower/interpolation.ts`. */
  primitive('%appear!', (a) => [[a], UNIT], { class: 'Entity' }),
  primitive('%no-key', (a) => [[STRING], a]),
];

const PLAIN = [
  primitive('not', () => [[BOOL], BOOL]),
  primitive('print', (a) => [[a], UNIT], { class: 'Show', variadic: true }),
  primitive('println', (a) => [[a], UNIT], { class: 'Show', variadic: true }),
  primitive('str', (a) => [[a], STRING], { class: 'Show', variadic: true }),
  primitive('error', (a) => [[STRING], a]),
  primitive('mut-vec', (a) => [[a], mutVectorOf(a)], { variadic: true }),
  primitive('freeze', (a) => [[mutVectorOf(a)], vectorOf(a)]),
  // The elements of a vector that nobody uses after it, without copying them where its room is full.
  primitive('%taken', (a) => [[mutVectorOf(a)], vectorOf(a)]),
  // A vector of one value so many times, once at least.
  primitive('%repeated', (a) => [[I64, a], mutVectorOf(a)]),
  primitive('reserve!', (a) => [[mutVectorOf(a), I64], UNIT]),
  primitive('push!', (a) => [[mutVectorOf(a), a], UNIT]),
  primitive('pop!', (a) => [[mutVectorOf(a)], a]),
  primitive('%clear!', (a) => [[mutVectorOf(a)], UNIT]),
  primitive('truncate!', (a) => [[mutVectorOf(a), I64], UNIT]),
  primitive('swap-remove!', (a) => [[mutVectorOf(a), I64], a]),
  primitive('same?', (a) => [[a, a], BOOL]),
  primitive('weak', (a) => [[a], weakOf(a)], { class: 'Collected' }),
  primitive('own', (a) => [[a], ownedOf(a)], { class: 'Drop' }),
  primitive('share', (a) => [[a], sharedOf(a)], { class: 'Drop' }),
  primitive('drop!', (a) => [[ownedOf(a)], UNIT]),
  primitive('type-of', (a) => [[a], STRING]),
  primitive('random', () => [[], F64]),
  primitive('%random-int', () => [[I64, I64], I64]),
  primitive('random-seed', () => [[I64], UNIT]),
  primitive('string-length', () => [[STRING], I64]),
  primitive('string-ref', () => [[STRING, I64], I64]),
  primitive('string-upcase', () => [[STRING], STRING]),
  primitive('string-downcase', () => [[STRING], STRING]),
  primitive('string-trim', () => [[STRING], STRING]),
  // What the prelude's string functions are made of: places are bytes, and must be where a code point begins.
  primitive('String.bytes', () => [[STRING], I64]),
  primitive('String.next', () => [[STRING, I64], I64]),
  primitive('String.offset', () => [[STRING, I64], I64]),
  primitive('String.index', () => [[STRING, I64], I64]),
  primitive('String.find', () => [[STRING, STRING, I64], I64]),
  primitive('String.plain?', () => [[STRING, I64, I64], BOOL]),
  primitive('String.cut', () => [[STRING, I64, I64], STRING]),
  primitive('String.space', () => [[STRING, I64, BOOL], I64]),
  primitive('String.integer?', () => [[STRING], BOOL]),
  primitive('String.integer', () => [[STRING], I64]),
  primitive('String.decimal?', () => [[STRING], BOOL]),
  primitive('String.decimal', () => [[STRING], F64]),
  primitive('Text.mark', () => [[], I64]),
  primitive('Text.add', () => [[STRING], UNIT]),
  primitive('Text.add-point', () => [[I64], UNIT]),
  primitive('Text.add-fixed', () => [[F64, I32], UNIT]),
  primitive('Text.take', () => [[I64], STRING]),
  primitive('time-ms', () => [[], F64]),
  primitive('arena-used', () => [[ARENA], I64]),
  primitive('arena-capacity', () => [[ARENA], I64]),
  primitive('arena-peak', () => [[ARENA], I64]),
  primitive('Memory.live', () => [[], I64]),
  primitive('Memory.young', () => [[], I64]),
  primitive('Memory.arenas', () => [[], I64]),
  primitive('Memory.collections', () => [[], I64]),
  primitive('Memory.longest-slice', () => [[], F64]),
  primitive('Memory.suppressed', () => [[], I64]),
  primitive('collect!', () => [[], UNIT]),
  primitive('add-entity!', (a) => [[a], a], { class: 'Entity' }),
  primitive('remove-entity!', (a) => [[a], UNIT], { class: 'Entity' }),
];

/** What primitives are called: `lower/primitive.ts` does not compile until it knows what each of them does. */
export type PrimitiveName = (typeof PLAIN)[number]['name'] | (typeof HIDDEN)[number]['name'] | NumberName;

/** By the name a script uses; `to-f32` and `f32` are one primitive. */
export const PRIMITIVES: ReadonlyMap<string, Primitive> = new Map([
  ...[...PLAIN, ...HIDDEN].map((p): readonly [string, Primitive] => [p.name, p]),
  ...NUMBER_NAMES.flatMap((name) => [conversion(name, name), conversion(`to-${name}`, name)]),
]);
