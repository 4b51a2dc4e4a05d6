/** Loops: `while`, `for`, `dotimes`, `for-each`, and the ways out of them. */

import {
  type Form,
  headName,
  type ListForm,
  print,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import {
  type Binding,
  BOOL,
  bound,
  hidden,
  I64,
  INTEGER_NAMES,
  isBuiltin,
  languageType,
  local,
  methodCall,
  prune,
  type Scope,
  type TypedExpression,
  UNIT,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { warnOfDirection } from './counting.ts';
import { check, infer, statements } from './expression.ts';
import { isKnown, mentions } from './known-names.ts';
import { binder } from './pattern.ts';

export function whileForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, condition, ...rest] = form.items;
  if (condition === undefined) return cx.malformed(form, 'while', '(while condition e ...)');
  const counted = countedShape(scope, condition, rest[0]);
  if (counted !== undefined) return cx.malformed(condition, 'while', counted);
  const test = check(cx, scope, condition, BOOL, 'the condition');
  return {
    kind: 'while',
    condition: test,
    body: loopBody(cx, scope.inner(true), rest, form),
    type: UNIT,
    span: form.span,
  };
}

/** `(while (mut i 0) (< i 10) ...)`, as it is meant. */
function countedShape(scope: Scope, condition: Form, test: Form | undefined): string | undefined {
  const [mark, name, from, ...more] = condition.kind === 'list' ? condition.items : [];
  if (mark?.kind !== 'symbol' || !BINDING.has(mark.name) || isKnown(scope, mark)) return undefined;
  if (name?.kind !== 'symbol' || from === undefined || more.length > 0) return undefined;
  const end =
    headName(test ?? condition) !== undefined && test?.kind === 'list' ? print(test) : `(< ${name.name} n)`;
  return `(for (${name.name} ${print(from)} ${end}) e ...)`;
}

/** `(%while condition e ...)`: a loop of the library that nothing stops, since what it changes is not whole meanwhile. */
export function unwatchedWhile(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const loop = whileForm(cx, scope, form);
  return loop.kind === 'while' ? { ...loop, unwatched: true } : loop;
}

/** `(for (i 0 (< i n)) ...)` counts up by one; `(for (i 10 (> i 0) (- i 2)) ...)` says the step. */
export function forForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, head, ...rest] = form.items;
  const isEach = head?.kind === 'list' && head.items.length === 2 && head.items[1]?.kind !== 'integer';
  const between = head?.kind === 'list' ? head.items[1] : undefined;
  const isVisit = between?.kind === 'symbol' && BETWEEN.has(between.name) && !isKnown(scope, between);
  const shape = isEach || isVisit ? eachShape(head) : '(for (i 0 (< i n)) e ...)';
  if (head?.kind !== 'list' || head.items.length < 3 || head.items.length > 4 || isVisit)
    return cx.malformed(form, 'for', looseShape(form) ?? shape);
  const inner = nestedShape(head);
  if (inner !== undefined) return cx.malformed(head, 'for', inner);
  if (BINDING.has(symbolName(head.items[0]) ?? '') && head.items.length === 3)
    return cx.malformed(head, 'for', shape);
  const [name, from, test, step] = head.items as readonly [Form, Form, Form, Form?];
  if (name.kind === 'symbol' && name.name === '_')
    return cx.fail('bad-form', name, 'a counter needs a name, which the condition asks for', {
      hint: `it is written \`${shape}\``,
    });
  const start = infer(cx, scope, from);
  const header = scope.inner();
  const pattern = binder(cx, header, name, start.type);
  if (pattern.kind !== 'name') return cx.malformed(name, 'for', shape);
  const { binding } = pattern;
  const type = binding.type;
  const first = cx.coerce(start, type, 'the first value');
  const condition = check(cx, header, test, BOOL, 'the condition', endHint(name, test));
  if (step === undefined && name.kind === 'symbol') warnOfDirection(cx, head, { name, from, test }, rest);
  const next = step === undefined ? increment(cx, binding, head) : nextValue(cx, header, step, binding);
  const content = loopBody(cx, header.inner(true), rest, form);
  return {
    kind: 'for',
    binding,
    from: first,
    test: condition,
    step: next,
    body: content,
    type: UNIT,
    span: form.span,
  };
}

/** `(for i 0 10 ...)`, `(for i in xs ...)`, `(for [i xs] ...)` and `(for (i 0) (< i 10) ...)`, as they are meant. */
function looseShape({ items: [, first, ...rest] }: ListForm): string | undefined {
  const [second, third] = rest;
  if (first?.kind === 'vector' && first.items.length === 2) return eachShape(first);
  if (first?.kind === 'symbol' && second !== undefined && third !== undefined) {
    if (BETWEEN.has(symbolName(second) ?? '')) return `(for-each (${first.name} ${print(third)}) e ...)`;
    if (second.kind === 'integer')
      return `(for (${first.name} ${print(second)} ${endOf(first, third)}) e ...)`;
  }
  const [name, from, ...more] = first?.kind === 'list' ? first.items : [];
  const isStart = name?.kind === 'symbol' && from !== undefined && more.length === 0;
  return isStart &&
    second !== undefined &&
    headName(second) !== undefined &&
    COMPARING.has(headName(second) ?? '')
    ? `(for (${name.name} ${print(from)} ${print(second)}) e ...)`
    : undefined;
}

const COMPARING: ReadonlySet<string> = new Set(['<', '>', '<=', '>=', '!=']);

/** `10` as the condition that it is meant as. */
function endOf(name: SymbolForm, end: Form): string {
  return COMPARING.has(headName(end) ?? '') ? print(end) : `(< ${name.name} ${print(end)})`;
}

/** `((i 0) (< i 10) (+ i 1))`, as it is meant. */
function nestedShape({ items: [start, ...rest] }: ListForm): string | undefined {
  const [name, from, ...more] = start?.kind === 'list' ? start.items : [];
  if (name?.kind !== 'symbol' || from?.kind !== 'integer' || more.length > 0) return undefined;
  return `(for (${[name, from, ...rest].map(print).join(' ')}) e ...)`;
}

/** Somebody wrote where to end, not how long to go on. */
function endHint(name: Form, end: Form): string | undefined {
  if (end.kind !== 'integer' && end.kind !== 'symbol') return undefined;
  return `it says how long the loop goes on: \`(< ${print(name)} ${print(end)})\``;
}

function nextValue(cx: Inference, scope: Scope, step: Form, { name, type }: Binding): TypedExpression {
  const by = { 'inc!': '+', 'dec!': '-' }[headName(step) ?? ''];
  if (by === undefined) return check(cx, scope, step, type, 'the next value');
  return cx.fail('bad-form', step, `the last part of a \`for\` is the next value of \`${name}\``, {
    hint: `it is \`(${by} ${name} 1)\`${by === '+' ? ', which may be left out' : ''}`,
  });
}

function increment(cx: Inference, binding: Binding, at: Form): TypedExpression {
  const { type } = binding;
  const mark = cx.wanted.length;
  cx.want('Num', [type], at.span);
  cx.want('IntegerLiteral', [type], at.span);
  solve(cx, mark);
  const one: TypedExpression = { kind: 'integer', value: 1n, type, span: at.span };
  return methodCall('Num', '+', [type], [local(binding, at.span), one], type, at.span);
}

/** `(dotimes n e ...)`: so many rounds; how many is evaluated once. */
export function dotimesForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, times, ...rest] = form.items;
  const { span } = form;
  if (times === undefined) return cx.malformed(form, 'dotimes', '(dotimes n e ...)');
  const [name, end] = times.kind === 'list' || times.kind === 'vector' ? times.items : [times, rest[0]];
  const isName =
    name?.kind === 'symbol' && !isKnown(scope, name) && rest.some((form) => mentions(form, name));
  if (isName && end !== undefined)
    return cx.fail('bad-form', times, '`dotimes` takes only how many rounds there are', {
      hint: `\`(for (${name.name} 0 (< ${name.name} ${print(end)})) ...)\` counts in \`${name.name}\``,
    });
  const count = infer(cx, scope, times);
  const known = prune(count.type);
  const whole = isBuiltin(known, ...INTEGER_NAMES)
    ? count
    : cx.coerce(count, I64, 'how often `dotimes` repeats');
  const content = loopBody(cx, scope.inner(true), rest, form);
  return bound([whole], span, ([n]) => {
    const type = whole.type;
    const binding = hidden('round', type, span);
    const round = local(binding);
    const number = (value: bigint): TypedExpression => ({ kind: 'integer', value, type, span });
    return {
      kind: 'for',
      binding,
      from: number(0n),
      // One was bound.
      test: methodCall('Ord', '<', [type], [round, n as TypedExpression], BOOL, span),
      step: methodCall('Num', '+', [type], [round, number(1n)], type, span),
      body: content,
      type: UNIT,
      span,
    };
  });
}

export function forEachForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, head, ...rest] = form.items;
  if (head?.kind !== 'list' || head.items.length !== 2)
    return cx.malformed(form, 'for-each', pairsShape(cx, scope, head) ?? eachShape(head));
  const [name, from] = head.items as readonly [Form, Form];
  const collection = infer(cx, scope, from);
  const element = cx.fresh();
  const mark = cx.wanted.length;
  cx.want('Collection', [collection.type, element], from.span);
  solve(cx, mark);
  const inner = scope.inner(true);
  const pattern = binder(cx, inner, name, element);
  if (pattern.kind === 'name') cx.copies.set(pattern.binding, print(from));
  return {
    kind: 'for-each',
    pattern,
    collection,
    body: loopBody(cx, inner, rest, form),
    type: UNIT,
    span: form.span,
  };
}

/** `(key value m)` over a map, as it is meant. */
function pairsShape(cx: Inference, scope: Scope, head: Form | undefined): string | undefined {
  const [key, value, map] = head?.kind === 'list' && head.items.length === 3 ? head.items : [];
  if (key === undefined || value === undefined || map?.kind !== 'symbol' || !isKnown(scope, map))
    return undefined;
  const type = languageType(prune(infer(cx, scope, map).type));
  return type === 'Map' || type === 'MutMap'
    ? `(for-each ((${print(key)} ${print(value)}) ${print(map)}) e ...)`
    : undefined;
}

/** `(x in xs)` and `(i x xs)`, as they are meant. */
function eachShape(head: Form | undefined): string {
  const items = head?.kind === 'list' || head?.kind === 'vector' ? head.items : [];
  const named = items.filter(
    (item) => !BINDING.has(symbolName(item) ?? '') && !BETWEEN.has(symbolName(item) ?? ''),
  );
  const [first, second, third] = named.map(print);
  if (third !== undefined && named.length === 3)
    return `(for-each ((${first} ${second}) (enumerate ${third})) e ...)`;
  return named.length === 2 ? `(for-each (${first} ${second}) e ...)` : '(for-each (x xs) e ...)';
}

/** What stands between a name and its collection in other languages. */
const BETWEEN: ReadonlySet<string> = new Set(['in', 'of', ':', '<-']);
const BINDING: ReadonlySet<string> = new Set(['let', 'var', 'mut', 'int']);

export function breakForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  return jump(cx, scope, form, 'break');
}

export function continueForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  return jump(cx, scope, form, 'continue');
}

function jump(cx: Inference, scope: Scope, form: ListForm, kind: 'break' | 'continue'): TypedExpression {
  if (form.items.length > 1) return cx.malformed(form, kind, `(${kind})`);
  if (!scope.inLoop)
    return cx.fail('outside-loop', form, `there is no loop around this \`${kind}\``, {
      hint: 'a lambda cannot leave a loop that it was made in',
    });
  // It never returns a value, so it may stand where any is asked for.
  return { kind, type: cx.fresh(), span: form.span };
}

function loopBody(cx: Inference, scope: Scope, forms: readonly Form[], form: Form): TypedExpression {
  return statements(cx, scope, forms, form);
}
