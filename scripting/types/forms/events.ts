/** Events: what is told to whoever has an `on-event` for it, at once. */

import { type Form, type ListForm, nearest, print, type Span } from '../../syntax/index.ts';
import { call, functionOf, newMeta, type Scope, type TypedExpression, UNIT } from '../model/index.ts';
import type { Event, Inference } from '../solving/index.ts';
import { count } from './annotation.ts';
import { infer } from './expression.ts';

type Keyword = Form & { readonly kind: 'keyword' };

/** `(emit :hit e)`: a call of all its handlers, one after the other. */
export function emitForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, name, ...args] = form.items;
  if (name?.kind !== 'keyword') {
    const meant =
      name?.kind === 'symbol' || name?.kind === 'string' ? [`:${print(name).replaceAll('"', '')}`] : [':hit'];
    return cx.malformed(form, 'emit', `(${['emit', ...meant, ...args.map(print)].join(' ')})`);
  }
  const event = eventOf(cx, name, args.length);
  if (event === undefined) return { kind: 'error', type: UNIT, span: form.span };
  if (event.handlers.length === 0 && scope.body.module.isUsers && cx.main !== undefined)
    warnOfNoHandler(cx, name);
  const notes = sameSpan(event.span, name.span)
    ? []
    : [{ message: `another place with \`:${event.name}\``, span: event.span }];
  const values = args.map((arg, i) => {
    const type = event.params[i];
    const value = infer(cx, scope, arg, type);
    return type === undefined ? value : cx.coerce(value, type, `what \`:${event.name}\` is about`, notes);
  });
  const callee: TypedExpression = {
    kind: 'function',
    key: event.key,
    typeArguments: [],
    type: functionOf(event.params, UNIT),
    span: form.span,
  };
  return call(callee, values, UNIT, form.span);
}

/** The event of a name, entered where it is new; reports where it has been about another number of values. */
export function eventOf(cx: Inference, { name, span }: Keyword, values: number): Event | undefined {
  let event = cx.events.get(name);
  if (event === undefined) {
    // Nothing generalises them: they are those of the whole program.
    const params = Array.from({ length: values }, () => newMeta(0));
    // No name that a program defines has a space in it.
    event = { name, key: `emit :${name}`, params, handlers: [], span };
    cx.events.set(name, event);
  }
  if (event.params.length === values) return event;
  const said = `\`:${name}\` has ${count(values, 'value')} here, and ${event.params.length} in another place`;
  cx.error('wrong-argument-count', span, said, {
    notes: [{ message: 'this is the other', span: event.span }],
  });
  return undefined;
}

function warnOfNoHandler(cx: Inference, { name, span }: Keyword): void {
  const handled = [...cx.events.values()].filter(({ handlers }) => handlers.length > 0);
  const near = nearest(
    name,
    handled.map((event) => event.name),
  );
  cx.diagnostics.warning('no-handler', span, `nothing handles \`:${name}\``, {
    hint: near === undefined ? `\`(on-event :${name} (x) ...)\` does` : `did you mean \`:${near}\`?`,
  });
}

const sameSpan = (a: Span, b: Span): boolean => a.source === b.source && a.start === b.start;
