/**
 * Calls and fields in the order of other languages, and how they are written here: `(x * 2.0)`, `e.hp`, `(o.hit 3)`,
 * `(e :hp)`. All of it is advice for a program that is wrong already.
 */

import { type Form, type ListForm, print, type SymbolForm } from '../../syntax/index.ts';
import {
  type Definition,
  languageType,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import { fieldOf, type Inference, tupleHint } from '../solving/index.ts';
import { foreignWord } from './foreign-words.ts';

/** What stands between its operands elsewhere, by what it is called here. */
const INFIX: ReadonlyMap<string, string> = new Map([
  ...[
    '+',
    '-',
    '*',
    '/',
    '<',
    '>',
    '<=',
    '>=',
    '=',
    '!=',
    'and',
    'or',
    'mod',
    'rem',
    '+=',
    '-=',
    '*=',
    '/=',
  ].map((name): [string, string] => [name, name]),
  ['==', '='],
  ['===', '='],
  ['!==', '!='],
  ['&&', 'and'],
  ['is', '='],
  ['eq', '='],
  ['??', 'unwrap-or'],
  ['%', 'mod'],
]);

/** Longer forms are not repeated in a hint. */
const LENGTH_LIMIT = 60;

/** What to write instead of calling something that is no function; `argument` is the type of the first argument. */
export function instead(form: ListForm, callee: Type, argument: Type | undefined): string | undefined {
  const [head, ...args] = form.items;
  const [first] = args;
  if (head === undefined) return undefined;
  if (first === undefined) return 'without the parentheses it is its value';
  if (isOperator(first))
    return head.kind === 'string' ? '`(str a b)` puts strings together' : prefixHint(form);
  if (args.length === 1) {
    if (head.kind === 'keyword' && argument !== undefined) return partHint(argument, first, head);
    const part = partHint(callee, head, first);
    if (part !== undefined) return part;
  }
  if (isNumber(head) && args.every(isNumber))
    return `a vector is written ${quoted(`[${form.items.map(print).join(' ')}]`)}`;
  return undefined;
}

/** True for what is only a name here, of an operator or of a field, and not a value of its own. */
export function isAside(form: Form, callee: Type): boolean {
  return isOperator(form) || (form.kind === 'symbol' && hasField(callee, form.name.replace(/^\./, '')));
}

function isOperator(form: Form): boolean {
  return form.kind === 'symbol' && INFIX.has(form.name);
}

/** How the part of something that `key` says is read. */
function partHint(type: Type, of: Form, key: Form): string | undefined {
  const known = prune(type);
  const index = (key.kind === 'vector' && key.items.length === 1 ? key.items[0] : undefined) ?? key;
  const call = (name: string) => `${quoted(`(${name} ${print(of)} ${print(index)})`)} reads it`;
  const name = languageType(known);
  if (name === 'Map' || name === 'MutMap') return call('map-get');
  const isIndex = key.kind !== 'keyword';
  if (isIndex && (name === 'Vector' || name === 'MutVec' || name === 'List')) return call('nth');
  if (isIndex && name === 'String') return call('string-ref');
  const field = key.kind === 'keyword' ? key.name : key.kind === 'symbol' ? key.name.replace(/^\./, '') : '';
  return hasField(known, field) ? fieldHint(field, of) : undefined;
}

const isNumber = ({ kind }: Form): boolean => kind === 'integer' || kind === 'float';

function prefixHint(form: ListForm): string {
  const operands = form.items.filter((_, i) => i % 2 === 0);
  const operators = form.items.flatMap((item, i) =>
    i % 2 === 1 && item.kind === 'symbol' ? [INFIX.get(item.name)] : [],
  );
  const [operator] = operators;
  const isPlain = operators.length === operands.length - 1 && operators.every((o) => o === operator);
  const text = `(${[operator, ...operands.map(print)].join(' ')})`;
  return isPlain && text.length <= LENGTH_LIMIT
    ? `the operator stands first: ${quoted(text)}`
    : `the operator stands first, as in ${quoted(`(${operator} a b)`)}`;
}

/** What to write instead of `a > b` where one form should stand; undefined where there is no such thing. */
export function infixHint(forms: readonly Form[]): string | undefined {
  const [left, operator, right] = forms;
  if (left === undefined || right === undefined || operator === undefined || !isOperator(operator))
    return undefined;
  return prefixHint({ kind: 'list', items: [left, operator, right], span: operator.span });
}

/** What to write instead of a call of a name that is only a field's: `(hp e)`. */
function fieldCallHint(name: string, form: ListForm, argument: Type | undefined): string | undefined {
  if (form.items.length !== 2 || argument === undefined || !hasField(argument, name)) return undefined;
  return fieldHint(name, form.items[1]);
}

function hasField(type: Type, name: string): boolean {
  const known = prune(type);
  return known.kind === 'named' && fieldOf(known, name) !== undefined;
}

function fieldHint(field: string, of: Form | undefined): string | undefined {
  return of === undefined ? undefined : `a field is read by ${quoted(`(.${field} ${print(of)})`)}`;
}

/**
 * What to write instead of a name with a dot in it, `e.hp` or `(o.hit 3)`, where what stands before the dot means
 * something. `call` is the form that it begins.
 */
function dottedHint(scope: Scope, form: SymbolForm, call: ListForm | undefined): string | undefined {
  const [of = '', ...parts] = form.name.split('.');
  const last = parts.at(-1);
  if (of === '' || last === undefined || parts.includes('')) return undefined;
  const { module } = scope.body;
  const named = (name: string): SymbolForm => ({ ...form, name });
  const isFunction = module.value(named(last)) !== undefined;
  const isHere = scope.lookup(named(of)) !== undefined || module.value(named(of)) !== undefined;
  if (!isHere) return isFunction ? `it is called \`${last}\` here` : undefined;
  if (module.value(named(of))?.kind === 'constructor') {
    const made = call === undefined ? undefined : makingHint(scope, form, call);
    if (made !== undefined) return made;
    if (call?.items.length === 2) return fieldHint(last, call.items[1]);
  }
  const found = scope.lookup(named(of));
  const type = found === undefined ? undefined : prune(found.binding.type);
  if (
    type?.kind === 'named' &&
    languageType(type) === 'Tuple' &&
    parts.length === 1 &&
    fieldOf(type, last) === undefined
  )
    return tupleHint(type.args.length, last);
  if (type !== undefined && parts.length === 1 && languageType(type) !== undefined && !isFunction)
    return (
      foreignWord(last)?.hint ??
      foreignWord(`${last}!`)?.hint ??
      `a function takes what it works on as an argument: ${quoted(`(f ${of})`)}`
    );
  const inner = parts.slice(0, -1).reduce((target, field) => `(.${field} ${target})`, of);
  if (call !== undefined && isFunction) {
    const args = call.items.slice(1).map(print);
    const all = takesFunctionFirst(module.value(named(last))) ? [...args, inner] : [inner, ...args];
    const text = `(${[last, ...all].join(' ')})`;
    return `a function takes what it works on as an argument: ${quoted(text)}`;
  }
  if (isFunction) return `a function takes what it works on as an argument: ${quoted(`(${last} ${inner})`)}`;
  return `a field is read by ${quoted(`(.${last} ${inner})`)}`;
}

/** As `map` and `filter` do, whose collection comes last. */
function takesFunctionFirst(definition: Definition | undefined): boolean {
  const params = definition?.kind === 'function' ? definition.function.scheme?.type.params : undefined;
  return params?.[0] !== undefined && prune(params[0]).kind === 'function';
}

/** What to write instead of `(make-At 1 2)`, `(At.new 1 2)` and `(->At 1 2)`. */
function makingHint(scope: Scope, form: SymbolForm, call: ListForm | undefined): string | undefined {
  const name =
    /^(?:make-|new-|create-|mk-|build-|->|make|new)(.+)$/.exec(form.name)?.[1] ??
    /^(.+)\.(?:new|create|make|of)$/.exec(form.name)?.[1];
  if (name === undefined) return undefined;
  const type = /^[a-z]/.test(name) ? name[0]?.toUpperCase() + name.slice(1) : name;
  if (scope.body.module.value({ ...form, name: type })?.kind !== 'constructor') return undefined;
  const text = `(${[type, ...(call?.items.slice(1) ?? []).map(print)].join(' ')})`;
  return `a type's name makes one: ${quoted(text.length <= LENGTH_LIMIT ? text : `(${type} ...)`)}`;
}

/** What to write instead of a name that means something only in another order. */
export function orderHint(
  scope: Scope,
  form: SymbolForm,
  call: ListForm | undefined,
  argument: Type | undefined,
): string | undefined {
  return (
    infixCallHint(scope, form, call) ??
    makingHint(scope, form, call) ??
    dottedHint(scope, form, call) ??
    (call === undefined ? undefined : fieldCallHint(form.name, call, argument))
  );
}

/** What to write instead of `(b.x += dt)`, `(b.x = dt)` and `(b.x > 3)`. */
function infixCallHint(scope: Scope, form: SymbolForm, call: ListForm | undefined): string | undefined {
  const [, operator, ...operands] = call?.items ?? [];
  if (operator?.kind !== 'symbol' || operands.length !== 1) return undefined;
  const of = { ...form, name: form.name.split('.')[0] ?? '' };
  const place =
    scope.lookup(of) === undefined && scope.body.module.value(of) === undefined
      ? undefined
      : dottedPlace(form.name);
  const name = operator.name === '=' ? 'set!' : INFIX.get(operator.name);
  if (place === undefined || name === undefined) return undefined;
  return `the operator stands first: ${quoted(`(${name} ${place} ${operands.map(print).join(' ')})`)}`;
}

/** Operators of other languages' calls are no mistakes of their own where the call is one. */
export function withoutOperators(forms: readonly Form[]): readonly Form[] {
  return forms.filter((form) => !isOperator(form));
}

/** Says what to write instead of `(x => (+ x 1))` and `((x y) => (+ x y))`; undefined for what is no such thing. */
export function arrowCall(cx: Inference, scope: Scope, form: ListForm): TypedExpression | undefined {
  const [param, arrow, body, ...more] = form.items;
  if (param === undefined || body === undefined || more.length > 0 || arrow?.kind !== 'symbol')
    return undefined;
  if (
    arrow.name !== '=>' ||
    scope.lookup(arrow) !== undefined ||
    scope.body.module.value(arrow) !== undefined
  )
    return undefined;
  const params = param.kind === 'list' ? param.items : [param];
  if (params.some(({ kind }) => kind !== 'symbol')) return undefined;
  const list = params.map(print).join(' ');
  const text = `(fn (${list}) ${print(body)})`;
  const shown = text.length <= LENGTH_LIMIT ? text : `(fn (${list}) ...)`;
  return cx.fail('unknown-name', arrow, 'there is no `=>` here', {
    hint: `a function without a name is ${quoted(shown)}`,
  });
}

/** The place that `e.hp` means, as `set!` takes it. */
export function dottedPlace(name: string): string | undefined {
  const [of = '', ...fields] = name.split('.');
  if (of === '' || fields.length === 0 || fields.includes('')) return undefined;
  return fields.reduce((target, field) => `(.${field} ${target})`, of);
}

function quoted(text: string): string {
  return `\`${text}\``;
}
