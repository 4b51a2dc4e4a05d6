/**
 * Events are known when the whole program is: each place that tells or handles one says something of what it is about. So handlers are
 * checked when everything else has been, those first of whose values most is known; and telling an event is a call of a function that
 * calls them all.
 */

import { checkFunction } from '../declarations/index.ts';
import {
  call,
  functionOf,
  hidden,
  local,
  parameter,
  prune,
  sequence,
  showType,
  type TypedFunction,
  UNIT,
  variables,
} from '../model/index.ts';
import type { Event, Inference } from '../solving/index.ts';

/** Infers the bodies of all handlers, but the library's that have been. */
export function checkHandlers(cx: Inference): void {
  const left = [...cx.events.values()].filter(({ handlers }) => handlers.length > 0);
  // What a handler tells may say what the next is about.
  for (let next = pick(left); next !== undefined; next = pick(left))
    for (const handler of next.handlers) if (handler.typed === undefined) checkFunction(cx, handler);
  for (const event of cx.events.values()) rejectOpen(cx, event);
}

/** Takes out the first event of whose values all is known, else the first. */
function pick(events: Event[]): Event | undefined {
  const known = events.findIndex(({ params }) => params.every((type) => prune(type).kind !== 'meta'));
  return events.splice(Math.max(known, 0), 1)[0];
}

/** A type variable of one function says nothing to the others. */
function rejectOpen(cx: Inference, { name, params, span }: Event): void {
  for (const type of params) {
    const open = [...variables(type)].some((variable) => 'name' in variable);
    if (!open) continue;
    cx.error('wrong-type', span, `\`:${name}\` would be about a \`${showType(type)}\` of any type`, {
      hint: 'an event is about values of the same types wherever it is told',
    });
  }
}

/** The function that `emit` calls. */
export function emission({ key, params, handlers, span }: Event): TypedFunction {
  const bindings = params.map((type, i) => hidden(`value ${i + 1}`, type, span));
  const calls = handlers.map((handler) =>
    call(
      { kind: 'function', key: handler.key, typeArguments: [], type: functionOf(params, UNIT), span },
      bindings.map((binding) => local(binding)),
      UNIT,
      span,
    ),
  );
  return {
    name: key,
    key,
    public: false,
    typeParameters: [],
    constraints: [],
    params: bindings.map(parameter),
    result: UNIT,
    body: sequence(calls, span),
    span,
  };
}
