/** `defn` and `declare`: functions and their signatures. */

import { type Form, LANGUAGE_FORMS, type ListForm, print } from '../../syntax/index.ts';
import type { Declarations } from './declarations.ts';

/** `(defn name (params) : result "documentation" body...)`. */
export function declareFunction(module: Declarations, form: ListForm, isPublic: boolean): void {
  const [, name, params, ...rest] = form.items;
  if (name?.kind !== 'symbol' || params?.kind !== 'list') {
    module.cx.malformed(form, 'defn', definitionShape(name, params));
    return;
  }
  if (LANGUAGE_FORMS.get(name.name)?.reserved === 'always')
    module.cx.error(
      'reserved-name',
      name,
      `\`${name.name}\` is part of the language and cannot be redefined`,
    );
  const entry = module.functionEntry(form, name.name, name.span, params.items, rest, isPublic);
  module.define(name, { kind: 'function', function: entry });
  if (module.module.values.get(name.name)?.kind === 'function') module.cx.functions.push(entry);
}

/** `(defn f [x] ...)`, `(defn (f x) ...)` and `(defn f x ...)`, as they are meant. */
function definitionShape(name: Form | undefined, params: Form | undefined): string {
  if (name?.kind === 'symbol' && name.name === 'pub' && params?.kind === 'symbol')
    return `(pub defn ${params.name} (x y) e ...)`;
  const [head, ...own] = name?.kind === 'list' ? name.items : name === undefined ? [] : [name];
  if (head?.kind !== 'symbol') return '(defn name (x y) e ...)';
  const written =
    params?.kind === 'vector'
      ? params.items
      : params?.kind === 'symbol' && params.name !== ':'
        ? [params]
        : [];
  const names = name?.kind === 'list' ? own : written;
  return `(defn ${head.name} (${names.map(print).join(' ')}) e ...)`;
}

/** `(declare name type)` */
export function declareSignature(module: Declarations, form: ListForm): void {
  const [, name, type, ...more] = form.items;
  if (name?.kind !== 'symbol' || type === undefined || more.length > 0) {
    module.cx.malformed(form, 'declare', "(declare name (=> (Eq 'a) (Fn ['a] Bool)))");
    return;
  }
  if (module.signatures.has(name.name))
    module.cx.error('duplicate-definition', name, `\`${name.name}\` is declared twice`);
  module.signatures.set(name.name, { form: type, span: name.span, used: false });
}
