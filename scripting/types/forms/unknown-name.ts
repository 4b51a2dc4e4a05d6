/** Names that mean nothing: what they may have been meant for. */

import {
  bindingKey,
  formsThat,
  isStray,
  type ListForm,
  nearest,
  type SymbolForm,
} from '../../syntax/index.ts';
import { ERROR, type ExpressionOf, type Scope, type Type, type TypedExpression } from '../model/index.ts';
import { entitiesHint, type Inference, pointHint, variantsHint } from '../solving/index.ts';
import { infer } from './expression.ts';
import { foreignWord } from './foreign-words.ts';
import { isKnown } from './known-names.ts';
import { ownNameHint } from './local-functions.ts';
import { orderHint, withoutOperators } from './word-order.ts';

/** What makes a value of a type of the language. */
const EMPTY: Readonly<Record<string, string>> = {
  Vector: '`[]`',
  MutVec: '`(mut-vec)`',
  Map: '`{}`',
  MutMap: '`(mut-map)`',
  Set: '`(set)`',
  MutSet: '`(mut-set)`',
  List: '`(list)`',
  Deque: '`(deque)`',
  PriorityQueue: '`(priority-queue)`',
};

/** `*score*` is named like a global. */
function globalHint({ name }: SymbolForm): string | undefined {
  return /^\*.+\*$/.test(name)
    ? `\`(defglobal mut ${name} 0)\` at top level defines one that can be set`
    : undefined;
}

/** `x++`, `!b` and `-n`, as they are meant. */
function joinedOperator(scope: Scope, form: SymbolForm): string | undefined {
  const [, of, counter] = /^(.+)(\+\+|--)$/.exec(form.name) ?? [];
  const isHere = (name: string) => isKnown(scope, { ...form, name });
  if (of !== undefined && isHere(of))
    return `\`(${counter === '++' ? 'inc!' : 'dec!'} ${of})\` changes a \`mut\` name`;
  const [, tried] = /^(.+)\?$/.exec(form.name) ?? [];
  if (tried !== undefined && scope.lookup({ ...form, name: tried }) !== undefined)
    return `\`(${tried} ?)\` unwraps \`${tried}\`; \`${form.name}\` is a name of its own`;
  const [, sign, operand] = /^([!-])(.+)$/.exec(form.name) ?? [];
  if (operand === undefined || !isHere(operand)) return undefined;
  return `the operator stands in a form of its own: \`(${sign === '!' ? 'not' : '-'} ${operand})\``;
}

/** What a misspelt name in an expression may have been meant for. */
const USABLE = formsThat(({ kind, planned }) => kind !== 'declaration' && planned !== true);

/** What is wrong inside is worth knowing in the same run, but for a form of another language, where nothing is in its place. */
export function unknownCall(cx: Inference, scope: Scope, form: ListForm, head: SymbolForm): TypedExpression {
  const [only, ...more] = form.items.slice(1);
  const named =
    only?.kind === 'symbol' && more.length === 0 && scope.lookup(only) === undefined
      ? scope.body.module.type(only)
      : undefined;
  if (named !== undefined && named.kind !== 'alias' && named.entity)
    return cx.fail('unknown-name', head, `there is no \`${head.name}\` here`, {
      hint: entitiesHint(named.name),
    });
  if (foreignWord(head.name)?.isForm) return { ...unknown(cx, scope, head), span: form.span };
  const args = withoutOperators(form.items.slice(1)).flatMap((arg) =>
    arg.kind === 'keyword' ? [] : [infer(cx, scope, arg)],
  );
  return { ...unknown(cx, scope, head, form, args[0]?.type), span: form.span };
}

/** Says that a name means nothing; `call` is the form that it begins, and `argument` the type of its first argument. */
export function unknown(
  cx: Inference,
  scope: Scope,
  form: SymbolForm,
  call?: ListForm,
  argument?: Type,
): TypedExpression {
  const { module } = scope.body;
  if (module.refused.has(form.name) || isStray(form.name) || cx.meantToBind.has(bindingKey(form)))
    return refused(cx, form);
  const type = module.type(form);
  const values =
    type === undefined || type.kind === 'alias'
      ? undefined
      : variantsHint({ kind: 'named', definition: type, args: [] });
  if (values !== undefined)
    return cx.fail('unknown-name', form, `\`${form.name}\` is a type, not a value`, { hint: values });
  if (type !== undefined)
    return cx.fail(
      'unknown-name',
      form,
      `\`${form.name}\` is a type, not a value`,
      Object.hasOwn(EMPTY, form.name) ? { hint: `${EMPTY[form.name]} makes an empty one` } : {},
    );
  if (module.macros.has(form.name))
    return cx.fail('unknown-name', form, `\`${form.name}\` is a macro, which has no value`, {
      hint: 'a function around a call of it does: `(fn (x) ...)`',
    });
  const hint =
    pointHint(form.span) ??
    fieldHint(scope, form) ??
    foreignWord(form.name)?.hint ??
    joinedOperator(scope, form) ??
    orderHint(scope, form, call, argument) ??
    ownNameHint(scope, form) ??
    (module.lacks(form.name) ? undefined : (similar(scope, form) ?? globalHint(form)));
  if (hint === undefined && module.lacks(form.name)) return refused(cx, form);
  return cx.fail(
    'unknown-name',
    form,
    `there is no \`${form.name}\` here`,
    hint === undefined ? {} : { hint },
  );
}

/** A default that names another field, or its own. */
function fieldHint({ body: { defaultOf } }: Scope, { name }: SymbolForm): string | undefined {
  if (defaultOf?.fields.some((field) => field.name === name) !== true) return undefined;
  const maker = `(defn new-${defaultOf.name.toLowerCase()} (${name}) (${defaultOf.name} :${name} ${name} ...))`;
  return `a default sees no fields: a function can make one of another, as \`${maker}\``;
}

/** What was reported where the name was imported, or read. */
export function refused(cx: Inference, { span }: SymbolForm): ExpressionOf<'error'> {
  cx.errors++;
  return { kind: 'error', type: ERROR, span };
}

function similar(scope: Scope, { name }: SymbolForm): string | undefined {
  const near = nearest(name, [...scope.names(), ...scope.body.module.names('values'), ...USABLE]);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
