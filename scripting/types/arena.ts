/** `with-arena` and `without-collection`. */
import type { Form, ListForm, SymbolForm } from '../syntax/index.ts';
import { ARENA } from './builtin.ts';
import { body } from './expression.ts';
import type { Inference } from './inference.ts';
import type { Scope } from './scope.ts';
import type { Type } from './type.ts';
import type { Binding, TypedExpression } from './typed.ts';

/** The first chunk of an arena that does not say another size, in bytes. */
const DEFAULT_CHUNK = 65536;
const LARGEST = 2 ** 31;

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
  if (name?.kind !== 'symbol' || head === undefined) return cx.malformed(form, 'with-arena', shape);
  const options = head.kind === 'list' ? sizes(cx, head) : {};
  if (options === undefined) return cx.malformed(head, 'with-arena', shape);
  const isFrame = name.name === 'frame';
  if (isFrame && head.kind === 'list' && head.items.length > 1)
    cx.error('bad-form', head, 'the arena `frame` belongs to the loop, which says how large it is');
  const inner = scope.inner();
  const arena: Binding | undefined = isFrame ? undefined : arenaBinding(inner, name);
  const content = body(cx, inner, rest, form, expected);
  return {
    kind: 'with-arena',
    name: name.name,
    arena,
    chunk: options.chunk ?? DEFAULT_CHUNK,
    limit: options.limit,
    body: content,
    type: content.type,
    span: form.span,
  };
}

function arenaBinding(scope: Scope, name: SymbolForm): Binding {
  const binding: Binding = { name: name.name, type: ARENA, mutable: false, span: name.span };
  scope.define(name, { binding });
  return binding;
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
