/** `with-arena`, `outside`, `copy-out` and `without-collection`. */

import type { Form, ListForm, SymbolForm } from '../../syntax/index.ts';
import {
  ARENA,
  type Binding,
  type Scope,
  type Type,
  type TypedArena,
  type TypedExpression,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { body, infer } from './expression.ts';

/** The first chunk of an arena that does not say another size, in bytes. */
const DEFAULT_CHUNK = 65536;
const LARGEST = 2 ** 31;

/** Always the loop's own arena, whatever else is called so. */
const FRAME = 'frame';

/** `(with-arena name ...)`, `(with-arena (name :chunk 65536 :limit 1048576) ...)`, `(with-arena frame ...)`. */
export function withArena(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, head, ...rest] = form.items;
  const shape = '(with-arena (name :chunk 65536 :limit 1048576) e ...)';
  const name = head?.kind === 'list' ? head.items[0] : head;
  const hasName =
    name?.kind === 'symbol' &&
    (head?.kind !== 'list' || head.items.slice(1).some(({ kind }) => kind === 'keyword'));
  if (!hasName || head === undefined) return cx.malformed(form, 'with-arena', '(with-arena scratch e ...)');
  const options = head.kind === 'list' ? sizes(cx, head) : {};
  if (options === undefined) return cx.malformed(head, 'with-arena', shape);
  const isFrame = name.name === FRAME;
  if (isFrame && head.kind === 'list' && head.items.length > 1)
    cx.error('bad-form', head, 'the arena `frame` belongs to the loop, which says how large it is');
  const binding: Binding | undefined = isFrame
    ? undefined
    : { name: name.name, type: ARENA, mutable: false, span: name.span };
  const arena: TypedArena = { name: name.name, binding };
  const content = body(cx, scope.inArena(arena, name), rest, form, expected);
  return {
    kind: 'with-arena',
    arena,
    chunk: options.chunk ?? DEFAULT_CHUNK,
    limit: options.limit,
    body: content,
    type: content.type,
    span: form.span,
  };
}

/** `(outside e ...)`, `(outside name e ...)`. */
export function outside(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, ...rest] = form.items;
  const [first] = rest;
  const name = rest.length > 1 && first?.kind === 'symbol' && namesArena(scope, first) ? first : undefined;
  if (rest.length === 0) return cx.malformed(form, 'outside', '(outside name e)');
  const arena =
    name === undefined ? openArena(cx, scope, form, 'outside') : namedArena(cx, scope, form, name);
  const content = body(cx, scope.inner(), name === undefined ? rest : rest.slice(1), form, expected);
  if (arena === undefined) return { kind: 'error', type: content.type, span: form.span };
  return { kind: 'outside', arena, body: content, type: content.type, span: form.span };
}

/** `(copy-out v)`. */
export function copyOut(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, item, ...more] = form.items;
  if (item === undefined || more.length > 0) return cx.malformed(form, 'copy-out', '(copy-out v)');
  const value = infer(cx, scope, item, expected);
  const arena = openArena(cx, scope, form, 'copy-out');
  if (arena === undefined) return { kind: 'error', type: value.type, span: form.span };
  return { kind: 'copy-out', arena, value, type: value.type, span: form.span };
}

/** Whether a name that stands where an arena's may is one. */
function namesArena(scope: Scope, name: SymbolForm): boolean {
  return name.name === FRAME || scope.lookupArena(name) !== undefined;
}

/** The arena of that name, which the function at hand has opened. */
function namedArena(cx: Inference, scope: Scope, form: ListForm, name: SymbolForm): TypedArena | undefined {
  const binding = name.name === FRAME ? undefined : scope.lookupArena(name)?.binding;
  const arena = scope.arenas.findLast((open) => open.binding === binding);
  if (arena === undefined) rejectElsewhere(cx, form, `the block of \`${name.name}\` is not around this`);
  return arena;
}

/** The innermost arena of the function at hand. */
function openArena(cx: Inference, scope: Scope, form: ListForm, what: string): TypedArena | undefined {
  const arena = scope.arenas.at(-1);
  if (arena === undefined) rejectElsewhere(cx, form, `\`${what}\` belongs in the block of a \`with-arena\``);
  return arena;
}

function rejectElsewhere(cx: Inference, form: ListForm, message: string): void {
  cx.error('no-arena', form, message, {
    hint: 'the block must be in the same function: which arena a called function runs in is not known there',
  });
}

function sizes(cx: Inference, head: ListForm): { chunk?: number; limit?: number } | undefined {
  const options: { chunk?: number; limit?: number } = {};
  for (let i = 1; i < head.items.length; i += 2) {
    const key = head.items[i] as Form;
    const value = head.items[i + 1];
    if (key.kind !== 'keyword' || (key.name !== 'chunk' && key.name !== 'limit')) return undefined;
    if (value?.kind !== 'integer') return undefined;
    if (value.value < 1n || value.value > BigInt(LARGEST)) {
      cx.error('bad-form', value, 'an arena has at least one byte and at most 2 GiB');
      continue;
    }
    options[key.name] = Number(value.value);
  }
  return options;
}

export function withoutCollection(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const content = body(cx, scope.inner(), form.items.slice(1), form, expected);
  return { kind: 'without-collection', body: content, type: content.type, span: form.span };
}
