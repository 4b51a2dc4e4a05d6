/**
 * What is asked of the world: `for-entities`, `count-entities`, `first-entity`, `find-entity`. A loop over a type class is checked once,
 * for a type of which no more is known than that it is of the class, and compiled for each type that is visited.
 */

import { type Form, type ListForm, nearest, print, type SymbolForm } from '../../syntax/index.ts';
import {
  type Binding,
  BOOL,
  bool,
  type ClassEntry,
  conditional,
  ERROR,
  hidden,
  I64,
  isError,
  local,
  named,
  newParameter,
  parameterType,
  prune,
  type Scope,
  sequence,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  UNIT,
  unit,
} from '../model/index.ts';
import { type Inference, reduce } from '../solving/index.ts';
import { typeFrom } from './annotation.ts';
import { checkBody, statements } from './expression.ts';
import { isKnown, meantToBind } from './known-names.ts';
import { bodyTypes } from './pattern.ts';
import { carrierDefinition } from './try.ts';

/** `(for-entities (b Ball) ...)`, `(for-entities (m Moving) ...)`. */
export function forEntities(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const { span } = form;
  const several = severalShape(cx, scope, form);
  if (several !== undefined)
    return cx.fail(
      'bad-form',
      form.items[1] ?? form,
      '`for-entities` visits the entities of one type, or of one class',
      {
        hint: several,
      },
    );
  const head = headOf(cx, scope, form, 'for-entities', 'e ...');
  const found = head === undefined ? undefined : namedTypes(cx, scope, head.type);
  if (head === undefined || found === undefined) return { kind: 'error', type: UNIT, span };
  const { of, types: entities } = found;
  const parameter = of === undefined ? undefined : newParameter(head.name.name);
  if (of !== undefined && parameter !== undefined)
    cx.visited.set(parameter, { class: of, types: entities, span: head.name.span });
  const inner = scope.inner(true);
  const type = parameter === undefined ? typeOf(entities) : parameterType(parameter);
  const binding = bindEntity(inner, head.name, type);
  const body = statements(cx, inner, form.items.slice(2), form);
  return { kind: 'for-entities', binding, entities, parameter, body, type: UNIT, span };
}

/** `(for-entities (a Ball) (b Box) ...)`, `((a Ball) (b Box))` and `(b Ball Box)`, as they are meant. */
function severalShape(cx: Inference, scope: Scope, form: ListForm): string | undefined {
  const [, head, next] = form.items;
  const items = head?.kind === 'list' ? head.items : [];
  const isPair = (item: Form | undefined): item is ListForm =>
    item?.kind === 'list' && item.items.length === 2 && isNamed(scope, item.items[1] as Form);
  const nested = (first: Form, second: Form) =>
    `each with each is a loop in a loop: \`(for-entities ${print(first)} (for-entities ${print(second)} e ...))\``;
  if (isPair(items[0]) && isPair(items[1])) return nested(items[0], items[1]);
  const [name] = isPair(next) ? next.items : [];
  const isOther = name?.kind === 'symbol' && !isKnown(scope, name);
  if (isPair(head) && isPair(next) && isOther) {
    meantToBind(cx, name);
    return nested(head, next);
  }
  const types = items.slice(1).filter((item) => isNamed(scope, item));
  const [first, second] = types;
  if (first === undefined || second === undefined) return undefined;
  if (types.length < items.length - 1) return nested(...splitPairs(items));
  return `one after the other are two loops, \`(for-entities (${print(items[0] as Form)} ${print(first)}) e ...)\` and so on; one loop visits all types that have an instance of a class`;
}

/** `(a Ball b Box)` as its first two pairs. */
function splitPairs(items: readonly Form[]): [Form, Form] {
  const pair = (from: number): Form => {
    const [first] = items;
    return { kind: 'list', items: items.slice(from, from + 2), span: (first as Form).span };
  };
  return [pair(0), pair(2)];
}

/** `(count-entities Ball)`, `(count-entities Moving)`. */
export function countEntities(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const found = onlyArgument(cx, scope, form, 'count-entities');
  if (found === undefined) return { kind: 'error', type: I64, span: form.span };
  return { kind: 'count-entities', entities: found.types, type: I64, span: form.span };
}

/** `(first-entity Player)`: the one that comes first, of those that are in the world. */
export function firstEntity(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const { span } = form;
  const found = onlyArgument(cx, scope, form, 'first-entity');
  if (found === undefined || !isOneType(cx, form, found)) return { kind: 'error', type: ERROR, span };
  return search(cx, scope, hidden('entity', typeOf(found.types), span), found.types, bool(true, span), form);
}

/** `(find-entity (b Ball) condition)`: the first for which it holds. */
export function findEntity(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const { span } = form;
  const head = headOf(cx, scope, form, 'find-entity', 'condition');
  const found = head === undefined ? undefined : namedTypes(cx, scope, head.type);
  if (head === undefined || found === undefined || !isOneType(cx, form, found))
    return { kind: 'error', type: ERROR, span };
  if (form.items.length < 3) return cx.malformed(form, 'find-entity', '(find-entity (b Ball) condition)');
  // It asks, and is no body of a loop that one could leave.
  const inner = scope.inner(false);
  const binding = bindEntity(inner, head.name, typeOf(found.types));
  const condition = checkBody(cx, inner, form.items.slice(2), form, BOOL, 'the condition');
  return search(cx, scope, binding, found.types, condition, form);
}

/** `found`, which a loop sets that ends with it. */
function search(
  cx: Inference,
  scope: Scope,
  binding: Binding,
  entities: readonly TypeDefinition[],
  condition: TypedExpression,
  { span }: Form,
): TypedExpression {
  const definition = carrierDefinition(scope, 'Option');
  if (definition === undefined)
    return cx.fail('bad-form', span, 'what is found is an `Option`, and the one in scope is another', {
      hint: "it is known as an `(Option 'a)` of just `(Some 'a)` and `None`",
    });
  const type: Type = { kind: 'named', definition, args: [binding.type] };
  const made = (variant: string, fields: readonly TypedExpression[]): TypedExpression => ({
    kind: 'construct',
    definition,
    variant,
    fields,
    type,
    span,
  });
  const found: Binding = { name: 'found', type, mutable: true, span };
  const some = made('Some', [local(binding, span)]);
  const take: TypedExpression = { kind: 'set-local', binding: found, value: some, type: UNIT, span };
  const leave: TypedExpression = { kind: 'break', type: UNIT, span };
  const body = conditional(condition, sequence([take, leave], span), unit(span), UNIT, span);
  const loop: TypedExpression = {
    kind: 'for-entities',
    binding,
    entities,
    parameter: undefined,
    body,
    type: UNIT,
    span,
  };
  return {
    kind: 'let',
    bindings: [{ pattern: named(found), value: made('None', []) }],
    body: sequence([loop, local(found, span)], span),
    type,
    span,
  };
}

/** What a name says: an entity type, or a class with the entity types that have an instance of it, in the order of their definitions. */
interface Named {
  readonly of: ClassEntry | undefined;
  readonly types: readonly TypeDefinition[];
}

const typeOf = ([definition]: readonly TypeDefinition[]): Type =>
  definition === undefined ? ERROR : { kind: 'named', definition, args: [] };

function bindEntity(scope: Scope, name: SymbolForm, type: Type): Binding {
  const binding: Binding = { name: name.name, type, mutable: false, span: name.span };
  scope.define(name, { binding });
  return binding;
}

/** The `(b Ball)` of a form. */
function headOf(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  what: string,
  rest: string,
): { readonly name: SymbolForm; readonly type: Form } | undefined {
  const head = form.items[1];
  const [name, type, ...more] = head?.kind === 'list' ? head.items : [];
  if (name?.kind !== 'symbol' || type === undefined || more.length > 0) {
    cx.malformed(head !== undefined && name !== undefined ? head : form, what, `(${what} (b Ball) ${rest})`);
    return undefined;
  }
  if (isNamed(scope, name) && !isNamed(scope, type)) {
    cx.malformed(head ?? form, what, `(${what} (${print(type)} ${name.name}) ${rest})`);
    return undefined;
  }
  return { name, type };
}

function onlyArgument(cx: Inference, scope: Scope, form: ListForm, what: string): Named | undefined {
  const [, type, ...more] = form.items;
  if (type === undefined || more.length > 0) {
    cx.malformed(form, what, `(${what} Ball)`);
    return undefined;
  }
  return namedTypes(cx, scope, type);
}

/** Whether a name says which entities are meant. */
function isNamed(scope: Scope, form: Form): boolean {
  if (form.kind !== 'symbol') return false;
  const type = scope.body.module.type(form);
  return type !== undefined
    ? type.kind !== 'alias' && type.entity
    : scope.body.module.class(form) !== undefined;
}

/** The entity types that a form names; reports where it names none. */
function namedTypes(cx: Inference, scope: Scope, form: Form): Named | undefined {
  const { module } = scope.body;
  const known = form.kind === 'symbol' ? module.type(form) : undefined;
  const of = form.kind === 'symbol' && known === undefined ? module.class(form) : undefined;
  if (of !== undefined) return ofClass(cx, form, of);
  const near = form.kind === 'symbol' && known === undefined ? nearClass(scope, form) : undefined;
  if (near !== undefined) {
    cx.error('unknown-type', form, `there is no entity type and no class \`${print(form)}\` here`, {
      hint: `did you mean \`${near}\`?`,
    });
    return undefined;
  }
  const type = prune(typeFrom(cx, form, bodyTypes(cx, scope)));
  if (isError(type)) return undefined;
  if (type.kind === 'named' && type.definition.entity) return { of: undefined, types: [type.definition] };
  cx.error('no-instance', form, `\`${print(form)}\` is not an entity type`, {
    hint: 'entities are defined by `defentity`',
  });
  return undefined;
}

/** A class that is called nearly like it, where no type is. */
function nearClass({ body: { module } }: Scope, { name }: SymbolForm): string | undefined {
  if (module.refused.has(name) || nearest(name, module.names('types')) !== undefined) return undefined;
  return nearest(name, module.names('classes'));
}

function ofClass(cx: Inference, form: Form, of: ClassEntry): Named | undefined {
  if (of.parameters.length !== 1) {
    cx.error('wrong-kind', form, `\`${of.name}\` is a class of ${of.parameters.length} types`, {
      hint: 'entities are visited by a class of one type',
    });
    return undefined;
  }
  const types = cx.types.filter((definition) => {
    if (!definition.entity) return false;
    const outcome = reduce(cx, { class: of.key, args: [{ kind: 'named', definition, args: [] }] });
    return 'left' in outcome && outcome.left.length === 0;
  });
  // A module that is checked by itself may be of a program that has some.
  if (types.length === 0 && cx.main !== undefined)
    cx.diagnostics.warning('no-entities', form.span, `no entity type has an instance of \`${of.name}\``, {
      hint: `\`(instance (${of.name} Ball) ...)\` makes one for the entities \`Ball\``,
    });
  return { of, types };
}

/** An `Option` is of one type. */
function isOneType(cx: Inference, form: ListForm, { of }: Named): boolean {
  if (of === undefined) return true;
  cx.error('bad-form', form.items[1] ?? form, `\`${of.name}\` is a class, and what is found has one type`, {
    hint: `\`(for-entities (e ${of.name}) ...)\` visits the entities of all its types`,
  });
  return false;
}
