/**
 * Hashes, for every type that has `=`: equal values have equal hashes. By contents, never by address: objects may move.
 * For a type with parts a function is made once, as for `=` and `show`; the mixing is the native library's.
 */
import type { Expression, RuntimeName } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { ownedSubject, type Type } from '../types/index.ts';
import { binary, get, i64, unary, type Value } from './builder.ts';
import { derived } from './derive.ts';
import { subjectOf } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { hostObjectIndex } from './host-object.ts';
import { NUMBER_TYPES } from './number.ts';
import { fieldValue } from './pattern.ts';
import { fieldsOf, isHostObject, isNamed } from './representation.ts';
import { sumOf } from './sum.ts';
import { tagOf, variantFields } from './variant.ts';
import { countOf } from './vector.ts';
import { eachItem, isVector } from './walk.ts';

/** The hash of a value, an `i64`. */
export function hashOf(lowering: FunctionLowering, type: Type, value: Value, span: Span): Expression {
  if (lowering.program.instances.has('Hash', [type])) {
    const key = lowering.program.methodInstance('Hash', 'hash', [type], []);
    return { kind: 'call', rep: 'i64', call: { to: 'function', key, args: value, reps: ['i64'], span } };
  }
  const subject = ownedSubject(type);
  if (subject !== undefined)
    return hashOf(lowering, subject, [subjectOf(lowering, value[0] as Expression)], span);
  if (isNamed(type, 'Unit')) return i64(0n);
  const [first] = value as [Expression];
  if (isNamed(type, 'String') || isNamed(type, 'Keyword')) return runtime('hashString', [first], span);
  if (isHostObject(type)) {
    const index = unary('i64', 'i32', 'extend_u', hostObjectIndex(lowering, first));
    return runtime('hashWord', [index], span);
  }
  const word = wordOf(lowering, type, first);
  if (word !== undefined) return runtime('hashWord', [word], span);
  const reported = lowering.program.spanOf(type, span);
  const about = { type, params: 1, results: ['i64'], span: reported } as const;
  const key = derived(lowering, 'hash', about, (inner, [parts]) => [
    hashParts(inner, type, parts as Value, reported),
  ]);
  return { kind: 'call', rep: 'i64', call: { to: 'function', key, args: value, reps: ['i64'], span } };
}

function runtime(name: RuntimeName, args: Value, span: Span): Expression {
  return { kind: 'call', rep: 'i64', call: { to: 'runtime', name, args, reps: ['i64'], span } };
}

/** A number's bits as an `i64`: equal numbers have equal ones. */
function wordOf(lowering: FunctionLowering, type: Type, value: Expression): Expression | undefined {
  if (type.kind !== 'named' || type.definition.kind !== 'builtin') return undefined;
  const { name } = type.definition;
  const number = name === 'Bool' ? NUMBER_TYPES.u8 : NUMBER_TYPES[name];
  if (number === undefined) return undefined;
  if (!number.float) return number.rep === 'i64' ? value : unary('i64', 'i32', 'extend_s', value);
  const wide = number.rep === 'f32' ? unary('f64', 'f32', 'promote', value) : value;
  // -0.0 equals 0.0, and adding 0.0 makes it that. NaNs equal nothing, so theirs may differ.
  const zero: Expression = { kind: 'constant', rep: 'f64', value: 0 };
  const positive = lowering.builder.stableOne(binary('f64', 'add', wide, zero), 'number');
  return unary('i64', 'f64', 'reinterpret', positive);
}

function hashParts(inner: FunctionLowering, type: Type, whole: Value, span: Span): Expression {
  const { builder } = inner;
  const hash = builder.local('hash', 'i64');
  const add = (part: Type, value: Value): void => {
    const next = hashOf(inner, part, builder.stable(value, 'part'), span);
    builder.set(hash, runtime('hashPart', [get(hash), next], span));
  };
  if (isVector(type)) {
    const vector = whole[0] as Expression;
    builder.set(hash, unary('i64', 'i32', 'extend_u', countOf(inner, type, vector)));
    eachItem(inner, type, whole, span, (item, of) => add(of, item));
    return get(hash);
  }
  if (type.kind === 'named' && type.definition.kind === 'sum') {
    const tag = builder.stableOne(tagOf(inner, type, whole), 'tag');
    builder.set(hash, runtime('hashWord', [unary('i64', 'i32', 'extend_u', tag)], span));
    for (const variant of sumOf(type).variants.filter((v) => v.fields.length > 0)) {
      const then = builder.nested(() => {
        for (const field of variantFields(inner, type, whole, variant.name)) add(field.type, field.value);
      });
      const condition = binary('i32', 'eq', tag, { kind: 'constant', rep: 'i32', value: variant.tag }, 'i32');
      builder.emit({ kind: 'if', condition, then, else: [] });
    }
    return get(hash);
  }
  const fields = fieldsOf(type);
  builder.set(hash, i64(BigInt(fields.length)));
  for (const field of fields) add(field.type, fieldValue(inner, type, whole, field.name));
  return get(hash);
}
