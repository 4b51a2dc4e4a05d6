/** `extern` and `extern-type`: functions that the host supplies, and types whose values are its objects. */

import { type Form, type ListForm, print, symbolName } from '../../syntax/index.ts';
import { parameterForms, splitAnnotation, typeFrom } from '../forms/index.ts';
import { ERROR, type Type, type TypedExtern } from '../model/index.ts';
import type { Declarations } from './declarations.ts';
import { enter } from './type-declaration.ts';

/** `(extern "stage" (defn play ((name : String)) : Unit) ...)`. */
export function declareExtern(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const shape = '(extern "module" (defn name ((x : type)) : type))';
  const [, moduleName, ...functions] = form.items;
  if (moduleName?.kind !== 'string' || functions.length === 0) {
    const quoted = moduleName?.kind === 'symbol' && functions.length > 0;
    cx.malformed(form, 'extern', quoted ? `(extern "${moduleName.name}" ...)` : shape);
    return;
  }
  if (symbolName(functions[0]) === 'defn') {
    const own = print({ kind: 'list', items: functions, span: form.span });
    cx.malformed(form, 'extern', `(extern "${moduleName.value}" ${own})`);
    return;
  }
  for (const item of functions) {
    const [head, name, params, ...rest] = item.kind === 'list' ? item.items : [];
    const [colon, result, ...more] = rest;
    const isWhole = symbolName(head) === 'defn' && symbolName(colon) === ':' && more.length === 0;
    if (
      symbolName(head) === 'defn' &&
      params?.kind === 'list' &&
      symbolName(colon) !== ':' &&
      colon !== undefined
    ) {
      const type = symbolName(colon) === '->' && result !== undefined ? result : colon;
      const written = `(defn ${print(name as Form)} ${print(params)} : ${print(type)})`;
      cx.error('bad-form', colon, 'the type of a result stands after a `:`', {
        hint: `it is written \`${written}\``,
      });
      continue;
    }
    if (!isWhole || name?.kind !== 'symbol' || params?.kind !== 'list' || result === undefined) {
      cx.malformed(item, 'extern', functionShape(item) ?? shape);
      continue;
    }
    const types: { name: string; type: Type; borrows: boolean }[] = [];
    const extern: TypedExtern & { result: Type } = {
      key: module.key(name.name),
      module: moduleName.value,
      name: name.name,
      params: types,
      result: ERROR,
      span: item.span,
    };
    module.define(name, { kind: 'extern', extern });
    cx.externs.push(extern);
    module.later.push(() => {
      const scope = { module: module.module, variables: new Map(), introduce: undefined };
      for (const param of parameterForms(cx, params.items)) {
        const { annotated, borrows } = withoutBorrows(param);
        const parts = splitAnnotation(annotated);
        if (parts?.pattern.kind !== 'symbol') {
          cx.malformed(param, 'extern', shape);
          continue;
        }
        const type = typeFrom(cx, parts.type, scope);
        if (borrows && type.kind !== 'function')
          cx.error('bad-form', param, 'only a function can be lent with `:borrows`: all else is copied');
        types.push({ name: parts.pattern.name, type, borrows: borrows && type.kind === 'function' });
      }
      extern.result = typeFrom(cx, result, scope);
    });
  }
}

/** `(defn play (...) : Unit e)` and `(play (...) : Unit)`, as they are meant. */
function functionShape(item: Form): string | undefined {
  const words = item.kind === 'list' ? item.items : [];
  const [name, params, colon, result] = symbolName(words[0]) === 'defn' ? words.slice(1) : words;
  if (name?.kind !== 'symbol' || params?.kind !== 'list' || symbolName(colon) !== ':' || result === undefined)
    return undefined;
  return `(defn ${name.name} ${print(params)} : ${print(result)})`;
}

/** `(extern-type "stage" Sprite Texture)`. */
export function declareExternType(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const shape = '(extern-type "module" Name)';
  const [, host, ...names] = form.items;
  if (host?.kind !== 'string' || names.length === 0) {
    cx.malformed(form, 'extern-type', shape);
    return;
  }
  for (const name of names) {
    if (name.kind !== 'symbol') {
      cx.malformed(name, 'extern-type', shape);
      continue;
    }
    enter(module, name, {
      kind: 'extern',
      name: name.name,
      key: module.key(name.name),
      parameters: [],
      fields: [],
      variants: [],
      host: host.value,
      entity: false,
      span: name.span,
    });
  }
}

/** `(f : (Fn [] Unit) :borrows)`: the host uses the function during the call only. */
function withoutBorrows(param: Form): { annotated: Form; borrows: boolean } {
  const last = param.kind === 'list' ? param.items.at(-1) : undefined;
  if (param.kind !== 'list' || last?.kind !== 'keyword' || last.name !== 'borrows')
    return { annotated: param, borrows: false };
  return { annotated: { ...param, items: param.items.slice(0, -1) }, borrows: true };
}
