/** `behave`: what entities do in every frame, and in which order. */

import type { Form, ListForm, SymbolForm } from '../../syntax/index.ts';
import { typeFrom } from '../forms/index.ts';
import { ERROR, F64, functionOf, prune, type TypeDefinition, UNIT } from '../model/index.ts';
import type { Behaviour } from '../solving/index.ts';
import type { Declarations } from './declarations.ts';

/** `(behave Ball (b dt) ...)`, `(behave Ball (b dt) :after Spark :before Wall ...)`. */
export function declareBehaviour(module: Declarations, form: ListForm): void {
  const cx = module.cx;
  const [, entity, params, ...rest] = form.items;
  if (entity?.kind !== 'symbol' || params?.kind !== 'list' || params.items.length !== 2) {
    cx.malformed(form, 'behave', '(behave Ball (b dt) e ...)');
    return;
  }
  const written = ordersOf(rest);
  const after = rest.slice(2 * written.length);
  const wrong = isOrder(after[0]) ? after[0] : undefined;
  const body = wrong === undefined ? after : after.slice(2);
  if (wrong !== undefined)
    cx.malformed(wrong, 'behave', `(behave ${entity.name} (b dt) :${wrong.name} Spark e ...)`);
  const number = cx.behaviours.filter((b) => b.name === entity.name).length;
  const name = `behave ${entity.name}${number === 0 ? '' : ` ${number + 1}`}`;
  const entry = module.functionEntry(form, name, entity.span, params.items, body, false, true);
  cx.functions.push(entry);
  const orders: Behaviour['orders'] = [];
  const behaviour: Behaviour = { name: entity.name, entity: undefined, function: entry, orders };
  cx.behaviours.push(behaviour);
  module.later.push(() => {
    const definition = entityOf(module, entity);
    behaviour.entity = definition;
    const first = definition === undefined ? ERROR : ({ kind: 'named', definition, args: [] } as const);
    entry.scheme = { parameters: [], constraints: [], type: functionOf([first, F64], UNIT) };
    entry.declared = true;
    for (const { kind, other } of written)
      orders.push({ kind, entity: entityOf(module, other), span: other.span });
  });
}

type Order = Form & { readonly kind: 'keyword' };

const isOrder = (form: Form | undefined): form is Order =>
  form?.kind === 'keyword' && (form.name === 'before' || form.name === 'after');

/** The `:before Wall :after Spark` that a behaviour begins with. */
function ordersOf([keyword, other, ...rest]: readonly Form[]): readonly {
  readonly kind: 'before' | 'after';
  readonly other: SymbolForm;
}[] {
  if (!isOrder(keyword) || other?.kind !== 'symbol') return [];
  return [{ kind: keyword.name === 'before' ? 'before' : 'after', other }, ...ordersOf(rest)];
}

/** The entity type that a name says; reports where it says none. */
function entityOf(module: Declarations, name: SymbolForm): TypeDefinition | undefined {
  const { cx } = module;
  const type = prune(
    typeFrom(cx, name, { module: module.module, variables: new Map(), introduce: undefined }),
  );
  if (type.kind === 'named' && type.definition.entity) return type.definition;
  if (type !== ERROR)
    cx.error('no-instance', name, `\`${name.name}\` is not an entity type`, {
      hint: 'entities are defined by `defentity`',
    });
  return undefined;
}
