/** `defglobal`: globals, and those of the frame. */

import { type ListForm, symbolName } from '../../syntax/index.ts';
import { typeFrom } from '../forms/index.ts';
import { ERROR, type GlobalDefinition, type GlobalEntry } from '../model/index.ts';
import type { Declarations } from './declarations.ts';

/** `(defglobal mut *score* : i64 0)`, `(defglobal frame *contacts* : (Vector Contact) [])`. */
export function declareGlobal(module: Declarations, form: ListForm, isPublic: boolean): void {
  const cx = module.cx;
  const frame = symbolName(form.items[1]) === 'frame';
  const shape = `(defglobal ${frame ? 'frame' : 'mut'} *name* : type value)`;
  let items = form.items.slice(frame ? 2 : 1);
  const [first] = items;
  const mutable = symbolName(first) === 'mut';
  if (mutable) items = items.slice(1);
  if (frame && mutable && first !== undefined)
    cx.error('bad-form', first, 'a global of the frame can always be set: leave out `mut`');
  const annotated = symbolName(items[1]) === ':';
  const [name] = items;
  const typeForm = annotated ? items[2] : undefined;
  const value = annotated ? items[3] : items[1];
  if (name?.kind !== 'symbol' || value === undefined || items.length !== (annotated ? 4 : 2)) {
    cx.malformed(form, 'defglobal', shape);
    return;
  }
  const definition: GlobalDefinition = {
    name: name.name,
    key: module.key(name.name),
    type: ERROR,
    mutable: mutable || frame,
    frame,
    public: isPublic,
    span: name.span,
  };
  const entry: GlobalEntry = { definition, module: module.module, value, annotated, typed: undefined };
  module.define(name, { kind: 'global', global: entry });
  cx.globals.push(entry);
  module.later.push(() => {
    definition.type =
      typeForm === undefined
        ? cx.fresh()
        : typeFrom(cx, typeForm, { module: module.module, variables: new Map(), introduce: undefined });
  });
}
