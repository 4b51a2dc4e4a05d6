/** Collections made from what is in them: `(mut-map k v ...)`, `(list a b)`. They are calls of functions of the prelude. */

import { type Form, type ListForm, print } from '../../syntax/index.ts';
import {
  call,
  hidden,
  local,
  named,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
  type TypedPattern,
  unify,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { check } from './expression.ts';
import { preludeFunction } from './prelude-function.ts';
import type { SpecialForm } from './special.ts';

/** `(list a b c)`. */
export const listForm: SpecialForm = (cx, scope, form, expected) =>
  ofItems(cx, scope, form, expected, '%list-of');

/** `(mut-set a b c)`. */
export const mutSetForm: SpecialForm = (cx, scope, form, expected) =>
  ofItems(cx, scope, form, expected, '%mut-set-of');

/** `(set a b c)`. */
export const setOfForm: SpecialForm = (cx, scope, form, expected) =>
  ofItems(cx, scope, form, expected, '%set-of');

/** `(deque a b c)`. */
export const dequeForm: SpecialForm = (cx, scope, form, expected) =>
  ofItems(cx, scope, form, expected, '%deque-of');

/** A function of the prelude makes a collection of a vector of all that is in it. */
function ofItems(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
  name: string,
): TypedExpression {
  const mark = cx.wanted.length;
  const make = preludeFunction(cx, name, form.span);
  const [vector] = make.type.params as readonly [Type];
  if (expected !== undefined) unify(make.type.result, expected);
  const items: Form = { kind: 'vector', items: form.items.slice(1), span: form.span };
  const node = call(make, [check(cx, scope, items, vector, 'what is in it')], make.type.result, form.span);
  solve(cx, mark);
  return node;
}

/** `(mut-map k v ...)`: an empty map, into which the entries are put in order. */
export const mutMapForm: SpecialForm = (cx, scope, form, expected) => {
  const items = form.items.slice(1);
  if (items.length % 2 === 1) return cx.malformed(form, 'mut-map', '(mut-map key value ...)');
  return ofEntries(cx, scope, form, items, expected, '%mut-map', 'map-set!');
};

/** `(priority-queue item priority ...)`. */
export const priorityQueueForm: SpecialForm = (cx, scope, form, expected) => {
  const items = form.items.slice(1);
  if (items.length % 2 === 1)
    return cx.malformed(form, 'priority-queue', '(priority-queue item priority ...)');
  return ofEntries(cx, scope, form, items, expected, '%priority-queue', 'enqueue!', [
    'this item',
    'this priority',
  ]);
};

/** `{k v ...}`. */
export function mapLiteral(
  cx: Inference,
  scope: Scope,
  form: Extract<Form, { kind: 'map' }>,
  expected: Type | undefined,
): TypedExpression {
  if (form.items.length % 2 === 1)
    return cx.fail('bad-form', form, 'this map is not put together right', {
      hint: 'it is written `{key value ...}`',
    });
  const made = expected === undefined ? undefined : fieldsAsMap(form, prune(expected));
  if (made !== undefined)
    return cx.fail('wrong-type', form, `this is a map, and \`${made.name}\` is wanted`, {
      hint: `a type's name makes one: \`${made.shape}\``,
    });
  return ofEntries(cx, scope, form, form.items, expected, '%empty-map', 'assoc');
}

/** `{:name "orc" :hp 3}` where a struct or value is wanted that has these fields. */
function fieldsAsMap(
  form: Extract<Form, { kind: 'map' }>,
  expected: Type,
): { readonly name: string; readonly shape: string } | undefined {
  if (expected.kind !== 'named' || form.items.length === 0) return undefined;
  const { name, fields } = expected.definition;
  const keys = form.items.filter((_, i) => i % 2 === 0);
  const isField = (key: Form) => key.kind === 'keyword' && fields.some((field) => field.name === key.name);
  if (!keys.every(isField)) return undefined;
  return { name, shape: `(${name} ${keys.map((key) => `${print(key)} ...`).join(' ')})` };
}

/** An empty map and one call for each entry, which changes the map or returns the next one. */
function ofEntries(
  cx: Inference,
  scope: Scope,
  form: Form,
  items: readonly Form[],
  expected: Type | undefined,
  empty: string,
  add: string,
  names: readonly [string, string] = ['this key', 'this value'],
): TypedExpression {
  const make = preludeFunction(cx, empty, form.span);
  const type = make.type.result;
  if (expected !== undefined) unify(type, expected);
  const mark = cx.wanted.length;
  const bindings: { pattern: TypedPattern; value: TypedExpression }[] = [];
  const hold = (value: TypedExpression): TypedExpression => {
    const binding = hidden('map', value.type, form.span);
    bindings.push({ pattern: named(binding), value });
    return local(binding, form.span);
  };
  let map = hold(call(make, [], type, form.span));
  for (let i = 0; i < items.length; i += 2) {
    const [key, value] = items.slice(i, i + 2) as [Form, Form];
    const adding = preludeFunction(cx, add, key.span);
    const [of, keyType, valueType] = adding.type.params as readonly [Type, Type, Type];
    unify(of, type);
    const args = [
      map,
      check(cx, scope, key, keyType, names[0]),
      check(cx, scope, value, valueType, names[1]),
    ];
    const added = hold(call(adding, args, adding.type.result, key.span));
    if (unify(adding.type.result, type) === undefined) map = added;
  }
  solve(cx, mark);
  return { kind: 'let', bindings, body: map, type, span: form.span };
}
