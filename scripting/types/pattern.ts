/** Patterns: of parameters, `let` and loops, which cannot fail, and of `match`, which may. */
import { type Form, nearest, type SymbolForm, symbolName } from '../syntax/index.ts';
import { typeFrom } from './annotation.ts';
import { ERROR, tupleOf } from './builtin.ts';
import { atArguments, fieldOf, list } from './fields.ts';
import type { Inference } from './inference.ts';
import type { Scope } from './scope.ts';
import { describe } from './show.ts';
import type { Type, TypeDefinition } from './type.ts';
import type { Binding, TypedPattern } from './typed.ts';
import { prune } from './unify.ts';

/** A pattern that cannot fail, for a value of this type; its names are defined in `scope`. */
export function binder(cx: Inference, scope: Scope, form: Form, type: Type): TypedPattern {
  const { span } = form;
  switch (form.kind) {
    case 'symbol':
      if (form.name === '_') return { kind: 'wildcard', type, span };
      return bind(cx, scope, form, type, false);
    case 'map':
      return fieldsPattern(cx, scope, form, type, (f, t) => binder(cx, scope, f, t));
    case 'list': {
      const annotated = splitAnnotation(form);
      if (annotated !== undefined) {
        const said = typeFrom(cx, annotated.type, bodyTypes(cx, scope));
        cx.agree(type, said, annotated.type.span, 'the value bound here');
        if (annotated.mutable && annotated.pattern.kind === 'symbol')
          return bind(cx, scope, annotated.pattern, said, true);
        return binder(cx, scope, annotated.pattern, said);
      }
      const [head, name] = form.items;
      if (symbolName(head) === 'mut' && name?.kind === 'symbol' && form.items.length === 2)
        return bind(cx, scope, name, type, true);
      return productPattern(cx, scope, form, type, (f, t) => binder(cx, scope, f, t));
    }
    default:
      cx.error('bad-pattern', form, 'a pattern that may fail cannot stand here', {
        hint: 'names, `{:x x}`, `(a b)` and `(Vec2 x y)` always fit; `match` tries the others',
      });
      return { kind: 'wildcard', type, span };
  }
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

function bind(cx: Inference, scope: Scope, form: SymbolForm, type: Type, mutable: boolean): TypedPattern {
  if (form.name.startsWith('.') && form.name.length > 1)
    cx.error('bad-pattern', form, `\`${form.name}\` is a field accessor and cannot be a name`);
  const binding: Binding = { name: form.name, type, mutable, span: form.span };
  scope.define(form, { binding });
  return { kind: 'name', binding, type, span: form.span };
}

type Inner = (form: Form, type: Type) => TypedPattern;

/** `(a b)` for a tuple, `(Vec2 x y)` for a struct or value. */
function productPattern(
  cx: Inference,
  scope: Scope,
  form: Extract<Form, { kind: 'list' }>,
  type: Type,
  inner: Inner,
): TypedPattern {
  const [head, ...rest] = form.items;
  const entity = head?.kind === 'symbol' ? scope.body.module.value(head) : undefined;
  if (head !== undefined && entity?.kind === 'constructor' && entity.variant === undefined)
    return constructPattern(cx, form, entity.definition, rest, type, inner);
  const types = form.items.map(() => cx.fresh());
  const tuple = tupleOf(types);
  cx.agree(type, tuple, form.span, 'the value taken apart here');
  if (tuple.kind !== 'named') return { kind: 'wildcard', type, span: form.span };
  const fields = form.items.map((item, i) => inner(item, types[i] as Type));
  return { kind: 'construct', definition: tuple.definition, fields, type: tuple, span: form.span };
}

function constructPattern(
  cx: Inference,
  form: Form,
  definition: TypeDefinition,
  items: readonly Form[],
  type: Type,
  inner: Inner,
): TypedPattern {
  const own: Type = { kind: 'named', definition, args: definition.parameters.map(() => cx.fresh()) };
  cx.agree(type, own, form.span, 'the value taken apart here');
  if (items.length !== definition.fields.length)
    cx.error(
      'wrong-argument-count',
      form,
      `\`${definition.name}\` has ${definition.fields.length} fields, and this pattern names ${items.length}`,
      { hint: '`{:field name}` takes some of them' },
    );
  const fields = definition.fields.map((field, i): TypedPattern => {
    const item = items[i];
    const fieldType = own.kind === 'named' ? atArguments(field.type, own) : ERROR;
    return item === undefined
      ? { kind: 'wildcard', type: fieldType, span: form.span }
      : inner(item, fieldType);
  });
  return { kind: 'construct', definition, fields, type: own, span: form.span };
}

/** `{:x :y py}`: a keyword alone binds its own name. */
export function fieldsPattern(
  cx: Inference,
  _scope: Scope,
  form: Extract<Form, { kind: 'map' }>,
  type: Type,
  inner: Inner,
): TypedPattern {
  const known = prune(type);
  const fields: { name: string; pattern: TypedPattern }[] = [];
  if (known.kind === 'meta')
    cx.error('ambiguous-field', form, 'it is not known what is taken apart here', {
      hint: 'give it a type, as in `(({:x :y} : Vec2))`',
    });
  else if (known.kind !== 'named' || known.definition.fields.length === 0)
    cx.error('unknown-field', form, `${describe(known)} has no fields`);
  for (let i = 0; i < form.items.length; i++) {
    const key = form.items[i] as Form;
    if (key.kind !== 'keyword') {
      cx.error('bad-pattern', key, 'a field is named by a keyword here', { hint: 'as in `{:x px :y}`' });
      continue;
    }
    const next = form.items[i + 1];
    const own: Form = { kind: 'symbol', name: key.name, span: key.span };
    const item = next !== undefined && next.kind !== 'keyword' ? next : own;
    if (item !== own) i++;
    const field = known.kind === 'named' ? fieldOf(known, key.name) : undefined;
    if (field === undefined && known.kind === 'named' && known.definition.fields.length > 0) {
      const names = known.definition.fields.map((f) => f.name);
      const near = nearest(key.name, names);
      cx.error('unknown-field', key, `\`${known.definition.name}\` has no field \`${key.name}\``, {
        hint: near === undefined ? `it has ${list(names)}` : `did you mean \`:${near}\`?`,
      });
    }
    if (fields.some((f) => f.name === key.name))
      cx.error('repeated-argument', key, `the field \`${key.name}\` stands here twice`);
    fields.push({ name: key.name, pattern: inner(item, field?.type ?? ERROR) });
  }
  return { kind: 'fields', fields, type, span: form.span };
}
