/**
 * What every type can do without being told: be shown, be compared for equality, and where it makes sense be ordered.
 * For a type with parts a function is made once; numbers and strings are done in place.
 */

import { derivedName } from '../image/index.ts';
import type { Expression, Local, Rep, RuntimeName } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { ownedSubject, type Type } from '../types/index.ts';
import { binary, get, i32, UNIT, type Value } from './builder.ts';
import { subjectOf } from './drops.ts';
import { FunctionLowering } from './function.ts';
import { sameHostObject } from './host-object.ts';
import { NUMBER_TYPES } from './number.ts';
import { isReflexive } from './own-equality.ts';
import { fieldValue } from './pattern.ts';
import { components, elementOf, fieldsOf, isArray, isFlat, isHostObject, isNamed } from './representation.ts';
import type { Sight } from './sight.ts';
import { equalStrings } from './string-equality.ts';
import { EMPTY, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { isVariant, tagOf, variantFields } from './variant.ts';
import { countOf, elementAccess } from './vector.ts';
import { eachItem } from './walk.ts';

/** Writes a value into the text buffer. Strings stand in quotes where they are part of something. */
export function appendShown(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  nested: boolean,
  span: Span,
  sight: Sight,
): void {
  const append = (name: RuntimeName, args: Value): void => {
    lowering.builder.call({ to: 'runtime', name, args, reps: [], span }, name);
  };
  if (lowering.program.instances.has('Show', [type], sight)) {
    const key = lowering.program.methodInstance('Show', 'show', [type], [], sight);
    const shown = lowering.builder.call({ to: 'function', key, args: value, reps: ['ref'], span }, 'shown');
    append('textString', lowering.builder.stable(shown, 'shown'));
    return;
  }
  const subject = ownedSubject(type);
  if (subject !== undefined) {
    const held = lowering.builder.stableOne(subjectOf(lowering, value[0] as Expression), 'subject');
    appendShown(lowering, subject, [held], nested, span, sight);
    return;
  }
  const plain = plainText(lowering, type, value, nested);
  if (plain !== undefined) {
    append(plain.name, plain.args);
    return;
  }
  const reported = lowering.program.spanOf(type, span);
  const key = derived(
    lowering,
    'show',
    { type, params: 1, results: [], span: reported, sight },
    (inner, [parts]) => {
      showParts(inner, type, parts as Value, reported, sight);
      return UNIT;
    },
  );
  lowering.builder.call({ to: 'function', key, args: value, reps: [], span }, 'shown');
}

/** The one function of the native library that writes a value without parts; undefined for types with parts. */
function plainText(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  nested: boolean,
): { name: RuntimeName; args: Value } | undefined {
  const literal = (text: string) => ({
    name: 'textString' as const,
    args: [lowering.program.literal(text)],
  });
  // The host's objects are nobody's business, and neither is where a function lies.
  if (type.kind === 'function' || isHostObject(type)) return literal(typeName(type));
  if (type.kind !== 'named' || type.definition.kind !== 'builtin') return undefined;
  const number = NUMBER_TYPES[type.definition.name];
  if (number !== undefined) {
    if (number.float) return { name: number.rep === 'f32' ? 'textF32' : 'textF64', args: value };
    const op = number.signed ? 'extend_s' : 'extend_u';
    const [v] = value as [Expression];
    const wide: Expression =
      number.rep === 'i64' ? v : { kind: 'unary', rep: 'i64', of: 'i32', op, value: v };
    return { name: number.signed ? 'textI64' : 'textU64', args: [wide] };
  }
  switch (type.definition.name) {
    case 'String':
      return { name: nested ? 'textQuoted' : 'textString', args: value };
    case 'Keyword':
      return { name: 'textString', args: value };
    case 'Bool':
      return { name: 'textBool', args: value };
    case 'Unit':
      return literal('()');
    case 'Weak':
      // Following it could go round in circles, and would tell what nobody holds any more.
      return literal(typeName(type));
    default:
      return undefined;
  }
}

function showParts(inner: FunctionLowering, type: Type, whole: Value, span: Span, sight: Sight): void {
  const literal = (text: string): void => {
    inner.builder.call(
      { to: 'runtime', name: 'textString', args: [inner.program.literal(text)], reps: [], span },
      'text',
    );
  };
  if (isNamed(type, 'Vector') || isNamed(type, 'MutVec')) {
    literal('[');
    eachElement(inner, type, whole[0] as Expression, span, (index) => {
      const after = inner.builder.nested(() => literal(' '));
      inner.builder.emit({ kind: 'if', condition: index, then: after, else: [] });
      const element = inner.builder.stable(
        elementAccess(inner, type, whole[0] as Expression, index),
        'element',
      );
      appendShown(inner, elementOf(type), element, true, span, sight);
    });
    literal(']');
    return;
  }
  const form = type.kind === 'named' ? SHOWN[type.definition.key] : undefined;
  if (form !== undefined) {
    showItems(inner, type, whole, form, span, sight);
    return;
  }
  if (type.kind === 'named' && type.definition.kind === 'sum') {
    showVariant(inner, type, whole, span, sight);
    return;
  }
  const isUnnamed = isNamed(type, 'Tuple') || isArray(type);
  literal(isArray(type) ? '(array' : `(${type.kind === 'named' ? type.definition.name : ''}`);
  for (const field of fieldsOf(type)) {
    literal(isUnnamed ? ' ' : ` :${field.name} `);
    const part = inner.builder.stable(fieldValue(inner, type, whole, field.name), 'field');
    appendShown(inner, field.type, part, true, span, sight);
  }
  literal(')');
}

/** How the library's collections are shown: so that reading it returns an equal one. */
interface ShownForm {
  readonly open: string;
  /** Stands in front of each element; of pairs, in front of each but the first. */
  readonly between: string;
  readonly close: string;
  /** Whether the elements are keys with values. */
  readonly pairs: boolean;
}

const SHOWN: Readonly<Record<string, ShownForm>> = {
  'prelude.List': { open: '(list', between: ' ', close: ')', pairs: false },
  'prelude.Deque': { open: '(deque', between: ' ', close: ')', pairs: false },
  'prelude.MutSet': { open: '(mut-set', between: ' ', close: ')', pairs: false },
  'prelude.Set': { open: '(set', between: ' ', close: ')', pairs: false },
  'prelude.Map': { open: '{', between: ', ', close: '}', pairs: true },
  'prelude.MutMap': { open: '{', between: ', ', close: '}', pairs: true },
};

/** `{:a 1, :b 2}`. */
function showItems(
  inner: FunctionLowering,
  type: Type,
  whole: Value,
  form: ShownForm,
  span: Span,
  sight: Sight,
): void {
  const { builder } = inner;
  const text = (literal: string): void => {
    builder.call(
      { to: 'runtime', name: 'textString', args: [inner.program.literal(literal)], reps: [], span },
      '',
    );
  };
  text(form.open);
  const after = builder.local('after', 'i32');
  builder.markMutable(after);
  builder.set(after, i32(0));
  eachItem(inner, type, whole, span, (item, of) => {
    if (form.pairs) {
      const then = builder.nested(() => text(form.between));
      builder.emit({ kind: 'if', condition: get(after), then, else: [] });
      builder.set(after, i32(1));
    } else {
      text(form.between);
    }
    const held = builder.stable(item, 'item');
    if (!form.pairs) {
      appendShown(inner, of, held, true, span, sight);
      return;
    }
    fieldsOf(of).forEach((field, i) => {
      if (i > 0) text(' ');
      appendShown(inner, field.type, fieldValue(inner, of, held, field.name), true, span, sight);
    });
  });
  text(form.close);
}

/** `None`, `(Some 42)`. */
function showVariant(inner: FunctionLowering, type: Type, whole: Value, span: Span, sight: Sight): void {
  const text = (literal: string): void => {
    const args = [inner.program.literal(literal)];
    inner.builder.call({ to: 'runtime', name: 'textString', args, reps: [], span }, 'text');
  };
  for (const variant of sumOf(type).variants) {
    const body = inner.builder.nested(() => {
      text(variant.fields.length === 0 ? variant.name : `(${variant.name}`);
      for (const field of variantFields(inner, type, whole, variant.name)) {
        text(' ');
        appendShown(inner, field.type, inner.builder.stable(field.value, 'field'), true, span, sight);
      }
      if (variant.fields.length > 0) text(')');
    });
    const condition = isVariant(inner, type, whole, variant.name);
    inner.builder.emit({ kind: 'if', condition, then: body, else: [] });
  }
}

/** Structural equality, as 0 or 1. */
export function equal(
  lowering: FunctionLowering,
  type: Type,
  [a, b]: readonly [Value, Value],
  span: Span,
  sight: Sight,
): Expression {
  if (lowering.program.instances.has('Eq', [type], sight)) {
    const key = lowering.program.methodInstance('Eq', '=', [type], [], sight);
    return {
      kind: 'call',
      rep: 'i32',
      call: { to: 'function', key, args: [...a, ...b], reps: ['i32'], span },
    };
  }
  const subject = ownedSubject(type);
  if (subject !== undefined) {
    const inside = ([owned]: Value): Value => [subjectOf(lowering, owned as Expression)];
    return equal(lowering, subject, [inside(a), inside(b)], span, sight);
  }
  if (isNamed(type, 'Unit')) return i32(1);
  if (isHostObject(type)) return sameHostObject(lowering, a, b);
  if (isNamed(type, 'Weak')) return binary('ref', 'eq', a[0] as Expression, b[0] as Expression, 'i32');
  if (isNamed(type, 'String') || isNamed(type, 'Keyword')) return equalStrings(lowering, a, b, span);
  const plain = components(type);
  if (type.kind === 'function' || (plain.length === 1 && plain[0]?.rep !== 'ref' && !isFlat(type))) {
    return binary((plain[0] as { rep: Rep }).rep, 'eq', a[0] as Expression, b[0] as Expression, 'i32');
  }
  const reported = lowering.program.spanOf(type, span);
  const about = { type, params: 2, results: ['i32'], span: reported, sight } as const;
  const key = derived(lowering, '=', about, (inner, [x, y]) =>
    equalParts(inner, type, x as Value, y as Value, reported, sight),
  );
  return { kind: 'call', rep: 'i32', call: { to: 'function', key, args: [...a, ...b], reps: ['i32'], span } };
}

function equalParts(
  inner: FunctionLowering,
  type: Type,
  x: Value,
  y: Value,
  span: Span,
  sight: Sight,
): Value {
  const { builder } = inner;
  const differ = (condition: Expression): void => {
    const no: Expression = i32(0);
    builder.emit({
      kind: 'if',
      condition,
      then: [{ kind: 'return', values: [no], span }],
      else: [],
    });
  };
  const unequal = (part: Type, p: Value, q: Value): void => {
    const same = equal(inner, part, [builder.stable(p, 'left'), builder.stable(q, 'right')], span, sight);
    differ({ kind: 'unary', rep: 'i32', of: 'i32', op: 'eqz', value: same });
  };
  if (x.length === 1 && x[0]?.rep === 'ref' && isReflexive(inner.program, type)) {
    const yes: Expression = i32(1);
    const identical = binary('ref', 'eq', x[0] as Expression, y[0] as Expression, 'i32');
    builder.emit({
      kind: 'if',
      condition: identical,
      then: [{ kind: 'return', values: [yes], span }],
      else: [],
    });
  }
  if (isNamed(type, 'Vector') || isNamed(type, 'MutVec')) {
    const [v, w] = [x[0] as Expression, y[0] as Expression];
    differ(binary('i32', 'ne', countOf(inner, type, v), countOf(inner, type, w), 'i32'));
    eachElement(inner, type, v, span, (index) => {
      // Comparing may run a script's own `=`, which may change a mutable vector's length.
      differ(binary('i32', 'le_u', countOf(inner, type, w), index, 'i32'));
      unequal(elementOf(type), elementAccess(inner, type, v, index), elementAccess(inner, type, w, index));
    });
  } else if (type.kind === 'named' && type.definition.kind === 'sum') {
    const tag = builder.stableOne(tagOf(inner, type, x), 'tag');
    differ(binary('i32', 'ne', tag, tagOf(inner, type, y), 'i32'));
    for (const variant of sumOf(type).variants.filter((v) => v.fields.length > 0)) {
      const body = builder.nested(() => {
        const others = variantFields(inner, type, y, variant.name);
        variantFields(inner, type, x, variant.name).forEach((field, i) => {
          unequal(field.type, field.value, (others[i] as { value: Value }).value);
        });
      });
      builder.emit({
        kind: 'if',
        condition: binary('i32', 'eq', tag, i32(variant.tag), 'i32'),
        then: body,
        else: [],
      });
    }
  } else {
    for (const field of fieldsOf(type)) {
      unequal(field.type, fieldValue(inner, type, x, field.name), fieldValue(inner, type, y, field.name));
    }
  }
  return [i32(1)];
}

/** Runs `body` for each index while it is below the vector's length. */
export function eachElement(
  inner: FunctionLowering,
  type: Type,
  vector: Expression,
  span: Span,
  body: (index: Expression) => void,
): void {
  const index = inner.builder.local('index', 'i32');
  inner.builder.set(index, i32(0));
  inner.loop(
    span,
    () => {
      inner.exitIf(binary('i32', 'ge_u', get(index), countOf(inner, type, vector), 'i32'));
      body(get(index));
    },
    () => inner.builder.set(index, binary('i32', 'add', get(index), i32(1))),
  );
}

interface Derived {
  readonly type: Type;
  /** How many values of the type it takes. */
  readonly params: number;
  readonly results: readonly Rep[];
  readonly span: Span;
  /** Whose instances it asks; for what no program can spell out, all. */
  readonly sight?: Sight;
}

function derivedKey(method: string, type: Type, sight: Sight): string {
  return `${derivedName(method, typeKey(type))}${sight === 'prelude' ? ' for the prelude' : ''}`;
}

/** Keys of the functions that a type may have without being told. */
export function derivedKeys(method: string, type: Type): readonly string[] {
  return [derivedKey(method, type, 'all'), derivedKey(method, type, 'prelude')];
}

/** A function that every type has, made once by the compiler: its parameters are given to `build` as values. */
export function derived(
  lowering: FunctionLowering,
  method: string,
  { type, params, results, span, sight = 'all' }: Derived,
  build: (inner: FunctionLowering, params: readonly Value[]) => Value,
): string {
  const key = derivedKey(method, type, sight);
  lowering.program.define(key, () => {
    const name = derivedName(method, typeName(type));
    const inner = new FunctionLowering(lowering.program, EMPTY, { key, name });
    const values = Array.from({ length: params }, (_, i) =>
      components(type).map((c): Expression => {
        const local: Local = inner.builder.param(c.name === '' ? `value${i}` : c.name, c.rep);
        return get(local);
      }),
    );
    const result = build(inner, values);
    inner.builder.emit({ kind: 'return', values: result, span });
    return inner.builder.finish({ key, name, results, span });
  });
  return key;
}
