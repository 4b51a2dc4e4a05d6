/** `on-event`: what is done when an event is told. */

import { type Form, type ListForm, print } from '../../syntax/index.ts';
import { eventOf, splitAnnotation, typeFrom } from '../forms/index.ts';
import { ERROR, functionOf, UNIT, unify } from '../model/index.ts';
import type { Declarations } from './declarations.ts';

/** `(on-event :hit (e) ...)`: a function of what the event is about, whose types all that speak of the event find out together. */
export function declareHandler(module: Declarations, form: ListForm): void {
  const [, name, params, ...body] = form.items;
  if (name?.kind !== 'keyword' || params?.kind !== 'list') {
    module.cx.malformed(form, 'on-event', '(on-event :hit (e) e ...)');
    return;
  }
  if (body.length === 0) {
    module.cx.malformed(form, 'on-event', `(on-event :${name.name} () ${print(params)})`);
    return;
  }
  const known = module.cx.events.get(name.name)?.handlers.length ?? 0;
  const title = `on-event :${name.name}${known === 0 ? '' : ` ${known + 1}`}`;
  addHandler(module, form, { name, params: params.items, body, title });
}

/** A handler by its parts; `title` is what stack traces call it. */
export function addHandler(
  module: Declarations,
  form: ListForm,
  parts: {
    readonly name: Form & { readonly kind: 'keyword' };
    readonly params: readonly Form[];
    readonly body: readonly Form[];
    readonly title: string;
  },
): void {
  const { cx } = module;
  const { name, params, body, title } = parts;
  const entry = module.functionEntry(form, title, name.span, params, body, false, true);
  const event = eventOf(cx, name, entry.params.length);
  event?.handlers.push(entry);
  cx.functions.push(entry);
  const types = event?.params ?? entry.params.map(() => ERROR);
  entry.scheme = { parameters: [], constraints: [], type: functionOf(types, UNIT) };
  entry.declared = true;
  // A type that is written beside a parameter is known before anything is told; that two do not agree is found with the bodies.
  module.later.push(() => {
    for (const [i, param] of entry.params.entries()) {
      const written = splitAnnotation(param)?.type;
      const variables = new Map();
      if (written !== undefined)
        unify(
          types[i] ?? ERROR,
          typeFrom(cx, written, { module: module.module, variables, introduce: undefined }),
        );
    }
  });
}
