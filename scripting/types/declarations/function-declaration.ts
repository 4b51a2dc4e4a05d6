/** `defn`, `declare` and `behave`: functions, their signatures, and what entities do in every frame. */

import { type Form, LANGUAGE_FORMS, type ListForm, print } from '../../syntax/index.ts';
import { typeFrom } from '../forms/index.ts';
import { ERROR, F64, functionOf, prune, type TypeDefinition, UNIT } from '../model/index.ts';
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

/** `(behave Ball (b dt) ...)`. */
export function declareBehaviour(module: Declarations, form: ListForm): void {
  const cx = module.cx;
  const [, entity, params, ...rest] = form.items;
  if (entity?.kind !== 'symbol' || params?.kind !== 'list' || params.items.length !== 2) {
    cx.malformed(form, 'behave', '(behave Ball (b dt) e ...)');
    return;
  }
  const number = cx.behaviours.filter((b) => b.name === entity.name).length;
  const name = `behave ${entity.name}${number === 0 ? '' : ` ${number + 1}`}`;
  const entry = module.functionEntry(form, name, entity.span, params.items, rest, false, true);
  cx.functions.push(entry);
  const behaviour = { name: entity.name, entity: undefined as TypeDefinition | undefined, function: entry };
  cx.behaviours.push(behaviour);
  module.later.push(() => {
    const type = prune(
      typeFrom(cx, entity, { module: module.module, variables: new Map(), introduce: undefined }),
    );
    if (type.kind !== 'named' || !type.definition.entity) {
      if (type !== ERROR)
        cx.error('no-instance', entity, `\`${entity.name}\` is not an entity type`, {
          hint: 'entities are defined by `defentity`',
        });
      entry.scheme = { parameters: [], constraints: [], type: functionOf([ERROR, F64], UNIT) };
    } else {
      behaviour.entity = type.definition;
      entry.scheme = { parameters: [], constraints: [], type: functionOf([type, F64], UNIT) };
    }
    entry.declared = true;
  });
}
