/** Patterns: of parameters, `let` and loops, which cannot fail, and of `match`, which may. */

import {
  type Form,
  type ListForm,
  nearest,
  print,
  type Span,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import {
  type Binding,
  describe,
  ERROR,
  isError,
  isTuple,
  languageType,
  type NamedNumber,
  type NamedType,
  prune,
  type Scope,
  type Type,
  type TypeDefinition,
  type TypedPattern,
  tupleOf,
  UNIT,
} from '../model/index.ts';
import { atArguments, fieldOf, type Inference, insideHint, list } from '../solving/index.ts';
import { count, typeFrom } from './annotation.ts';

/** A pattern that cannot fail, for a value of this type; its names are defined in `scope`. */
export function binder(cx: Inference, scope: Scope, form: Form, type: Type): TypedPattern {
  const { span } = form;
  switch (form.kind) {
    case 'symbol':
      if (form.name === '_') return { kind: 'wildcard', type, span };
      return bindName(cx, scope, form, type);
    case 'map':
      return fieldsPattern(cx, form, type, (key, field, t) =>
        field === undefined ? bindName(cx, scope, key, t) : binder(cx, scope, field, t),
      );
    case 'list': {
      const annotated = splitAnnotation(form);
      if (annotated !== undefined) {
        const said = typeFrom(cx, annotated.type, bodyTypes(cx, scope));
        cx.agree(type, said, annotated.type.span, 'the value bound here');
        if (annotated.mutable && annotated.pattern.kind === 'symbol')
          return bindName(cx, scope, annotated.pattern, said, true);
        return binder(cx, scope, annotated.pattern, said);
      }
      const [head, name] = form.items;
      if (head?.kind === 'symbol' && symbolName(name) === ':' && form.items.length > 3) {
        cx.error('bad-pattern', form, 'a name has no value of its own here', {
          hint: `it is written \`(${head.name} : ${print(form.items[2] as Form)})\`, and each call says the value`,
        });
        return bindName(cx, scope, head, typeFrom(cx, form.items[2] as Form, bodyTypes(cx, scope)));
      }
      if (symbolName(head) === 'mut' && name?.kind === 'symbol' && form.items.length === 2)
        return bindName(cx, scope, name, type, true);
      if (isUnmarkedType(cx, scope, form, type)) return misunderstood(cx, scope, form.items, span);
      return productPattern(cx, scope, form, type, (f, t) => binder(cx, scope, f, t));
    }
    case 'vector':
      cx.error('bad-pattern', form, 'a vector cannot be taken apart by a pattern', {
        hint: '`len`, `nth`, `first` and `rest` do; `(a b)` takes a tuple apart',
      });
      return misunderstood(cx, scope, form.items, span);
    default:
      cx.error('bad-pattern', form, 'a pattern that may fail cannot stand here', {
        hint: 'names, `{:x x}`, `(a b)` and `(Vec2 x y)` always fit; `match` tries the others',
      });
      return { kind: 'wildcard', type, span };
  }
}

/** `(x i64)` or `(i64 x)` for `(x : i64)`, which is reported here. A type's name is a strange one for a part of a tuple. */
function isUnmarkedType(cx: Inference, scope: Scope, form: ListForm, type: Type): boolean {
  const [a, b, ...more] = form.items;
  if (a === undefined || b === undefined || more.length > 0 || prune(type).kind === 'named') return false;
  const { module } = scope.body;
  const isType = (one: Form) =>
    one.kind === 'symbol' && module.type(one) !== undefined && module.value(one)?.kind !== 'constructor';
  if (isType(a) === isType(b)) return false;
  const [name, said] = isType(b) ? [a, b] : [b, a];
  if (name.kind !== 'symbol') return false;
  cx.error('bad-pattern', form, 'the type of a name stands after it and a `:`', {
    hint: `it is written \`(${print(name)} : ${print(said)})\``,
  });
  return true;
}

/** A pattern that was refused, and reported: its names mean something, so that they are not reported too. */
export function misunderstood(cx: Inference, scope: Scope, items: readonly Form[], span: Span): TypedPattern {
  for (const item of items) {
    if (item.kind === 'symbol' && item.name !== '_') bindName(cx, scope, item, ERROR);
    if (item.kind === 'list') misunderstood(cx, scope, item.items.slice(1), span);
  }
  return { kind: 'wildcard', type: ERROR, span };
}

/** `(p : T)` and `(mut x : T)`. */
export function splitAnnotation(form: Form): { pattern: Form; type: Form; mutable: boolean } | undefined {
  if (form.kind !== 'list') return undefined;
  const [a, b, c, d] = form.items;
  if (a !== undefined && symbolName(b) === ':' && c !== undefined && form.items.length === 3)
    return { pattern: a, type: c, mutable: false };
  if (
    symbolName(a) === 'mut' &&
    b !== undefined &&
    symbolName(c) === ':' &&
    d !== undefined &&
    form.items.length === 4
  )
    return { pattern: b, type: d, mutable: true };
  return undefined;
}

/** Types inside a body: unknown variables stand for types to be found. */
export function bodyTypes(cx: Inference, scope: Scope) {
  return { module: scope.body.module, variables: scope.body.typeVariables, introduce: () => cx.fresh() };
}

/** Gives a name to a whole value. */
export function bindName(
  cx: Inference,
  scope: Scope,
  form: SymbolForm,
  type: Type,
  mutable = false,
  number?: NamedNumber,
): TypedPattern {
  if (form.name === ':')
    cx.error('bad-pattern', form, '`:` cannot be a name', {
      hint: 'a name with a type is written `(x : i64)`',
    });
  if (/^&(rest|optional|key|keys|body|args)?$/.test(form.name))
    cx.error('bad-pattern', form, 'a function takes as many arguments as it has parameters', {
      hint: 'a vector holds any number: `((xs : (Vector i64)))`; only macros have `&rest`',
    });
  if (form.name.startsWith('.') && form.name.length > 1)
    cx.error('bad-pattern', form, `\`${form.name}\` is a field accessor and cannot be a name`);
  const binding: Binding = { name: form.name, type, mutable, span: form.span };
  if (!scope.define(form, number === undefined ? { binding } : { binding, number }))
    cx.error('repeated-name', form, `\`${form.name}\` is bound twice here`, {
      hint: '`_` stands for what needs no name',
    });
  return { kind: 'name', binding, type, span: form.span };
}

type Inner = (form: Form, type: Type) => TypedPattern;

/** `(a b)` for a tuple, `(Vec2 x y)` for a struct or value. */
function productPattern(cx: Inference, scope: Scope, form: ListForm, type: Type, inner: Inner): TypedPattern {
  const [head, ...rest] = form.items;
  const found = head?.kind === 'symbol' && !isTupleType(type) ? scope.body.module.value(head) : undefined;
  if (head !== undefined && found?.kind === 'constructor') {
    const { makes: definition, variant } = found;
    if (variant !== undefined && definition.variants.length > 1)
      cx.error(
        'bad-pattern',
        form,
        `this fits only \`${variant}\`, and a \`${definition.name}\` may be something else`,
        {
          hint: '`match` tries one variant after another',
        },
      );
    return constructPattern(cx, form, definition, variant, rest, type, inner);
  }
  const { items } = spelledTuple(form);
  if (items.length === 0) return unitPattern(cx, form, type, 'the value taken apart here');
  const types = items.map(() => cx.fresh());
  const tuple = tupleOf(types);
  cx.agree(type, tuple, form.span, 'the value taken apart here');
  const fields = items.map((item, i) => inner(item, types[i] as Type));
  return { kind: 'construct', definition: tuple.definition, fields, type: tuple, span: form.span };
}

/** `()` fits the one value of `Unit`. */
export function unitPattern(cx: Inference, { span }: Form, type: Type, what: string): TypedPattern {
  cx.agree(type, UNIT, span, what);
  return { kind: 'wildcard', type: UNIT, span };
}

/** What is known to be a tuple is taken apart as one, whatever its first part is called. */
export function isTupleType(type: Type): boolean {
  const t = prune(type);
  return t.kind === 'named' && isTuple(t.definition);
}

/** `(tuple a b)` is `(a b)`. */
export function spelledTuple(form: ListForm): ListForm {
  return symbolName(form.items[0]) === 'tuple' ? { ...form, items: form.items.slice(1) } : form;
}

/** A struct, value or variant by position. */
export function constructPattern(
  cx: Inference,
  form: Form,
  definition: TypeDefinition,
  variant: string | undefined,
  items: readonly Form[],
  type: Type,
  inner: Inner,
): TypedPattern {
  const { span } = form;
  const own: NamedType = { kind: 'named', definition, args: definition.parameters.map(() => cx.fresh()) };
  cx.agree(type, own, span, 'the value taken apart here', [], certainHint(type, own));
  const fields = (definition.variants.find((v) => v.name === variant) ?? definition).fields;
  if (items.length !== fields.length)
    cx.error(
      'wrong-argument-count',
      form,
      `\`${variant ?? definition.name}\` has ${count(fields.length, 'field')}, and this pattern names ${items.length}`,
      {
        hint:
          variant === undefined
            ? '`{:field name}` takes some of them'
            : `it is written \`(${[variant, ...fields.map((_, i) => 'abcdefgh'[i] ?? '_')].join(' ')})\`; \`_\` stands for what needs no name`,
      },
    );
  const patterns = fields.map((field, i): TypedPattern => {
    const item = items[i];
    const fieldType = atArguments(field.type, own);
    return item === undefined ? { kind: 'wildcard', type: fieldType, span } : inner(item, fieldType);
  });
  const made = variant === undefined ? {} : { variant };
  return { kind: 'construct', definition, ...made, fields: patterns, type: own, span };
}

/** What is always there is taken for what may be missing. */
function certainHint(actual: Type, wanted: Type): string | undefined {
  if (languageType(wanted) !== 'Option' || insideHint(actual) !== undefined) return undefined;
  return 'it is always there, so it needs no `Some`; where `map-get` returns what a map holds, `map-find` returns an `Option`';
}

/** `{:x :y py}`: a keyword alone binds its own name, for which `inner` gets no form. */
export function fieldsPattern(
  cx: Inference,
  form: Form & { kind: 'map' },
  type: Type,
  inner: (key: SymbolForm, field: Form | undefined, type: Type) => TypedPattern,
): TypedPattern {
  const known = prune(type);
  const fields: { name: string; pattern: TypedPattern }[] = [];
  const names = known.kind === 'named' ? known.definition.fields.map((f) => f.name) : [];
  if (known.kind !== 'meta' && names.length === 0 && !isError(known))
    cx.error('unknown-field', form, `${describe(known)} has no fields`);
  const symbols = form.items.flatMap((item) => (item.kind === 'symbol' ? [item] : []));
  if (symbols.length > 0 && symbols.length === form.items.length) {
    cx.error('bad-pattern', form, 'a field is named by a keyword here', {
      hint: `it is written \`{${symbols.map(({ name }) => `:${name}`).join(' ')}}\``,
    });
    for (const symbol of symbols) inner(symbol, undefined, ERROR);
    return { kind: 'wildcard', type, span: form.span };
  }
  for (let i = 0; i < form.items.length; i++) {
    const key = form.items[i] as Form;
    if (key.kind !== 'keyword') {
      cx.error('bad-pattern', key, 'a field is named by a keyword here', { hint: 'as in `{:x px :y}`' });
      continue;
    }
    const next = form.items[i + 1];
    const item = next !== undefined && next.kind !== 'keyword' ? next : undefined;
    if (item !== undefined) i++;
    const field = known.kind === 'named' ? fieldOf(known, key.name)?.type : wantedField(cx, known, key);
    if (field === undefined && names.length > 0) {
      const near = nearest(key.name, names);
      cx.error('unknown-field', key, `${describe(known)} has no field \`${key.name}\``, {
        hint: near === undefined ? `it has ${list(names)}` : `did you mean \`:${near}\`?`,
      });
    }
    if (fields.some((f) => f.name === key.name))
      cx.error('repeated-argument', key, `the field \`${key.name}\` stands here twice`);
    const name: SymbolForm = { kind: 'symbol', name: key.name, span: key.span };
    fields.push({ name: key.name, pattern: inner(name, item, field ?? ERROR) });
  }
  return { kind: 'fields', fields, type, span: form.span };
}

/** The type of a field of something whose type is not known yet. */
function wantedField(cx: Inference, target: Type, key: Form & { kind: 'keyword' }): Type | undefined {
  if (target.kind !== 'meta') return undefined;
  const result = cx.fresh();
  cx.wantedFields.push({ target, field: key.name, result, span: key.span, found: () => {} });
  return result;
}
