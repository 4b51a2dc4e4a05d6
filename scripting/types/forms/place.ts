/** `set!`, `+=`, `inc!` and their like, and `update`: what may be changed, and how changes inside values are carried out. */

import {
  type Form,
  type ListForm,
  nearest,
  print,
  type Span,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import {
  arrayLength,
  describe,
  ERROR,
  hidden,
  I64,
  isBuiltin,
  isConstant,
  isElement,
  isError,
  languageType,
  local,
  methodCall,
  mutVectorOf,
  named,
  prune,
  type Scope,
  showType,
  type Type,
  type TypedExpression,
  type TypedPattern,
  UNIT,
} from '../model/index.ts';
import { access, fieldOf, type Inference, list, solve } from '../solving/index.ts';
import { brief } from './argument-order.ts';
import { isLambda } from './binding.ts';
import { checkElementMutable, checkFieldMutable } from './changeable.ts';
import { check, fitted, infer, isAccessor } from './expression.ts';
import { isKnown } from './known-names.ts';
import { spanOfHead } from './value.ts';
import { dottedPlace } from './word-order.ts';

/** What can be set: the node that reads it, which is an error where it was refused, and what it is called. */
interface Place {
  readonly node: TypedExpression;
  /** As in "what `x` is set to". */
  readonly what: string;
  /** Says that it may not be changed, where nothing else is wrong with the change. */
  readonly refuse?: () => void;
}

/** A change as it is written, of a place that is spelled so. */
type Spelling = (place: string) => string;

/** `(set! x v)`, `(set! (.hp e) v)`, `(set! (nth xs i) v)`. */
export function setForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, place, value, ...more] = form.items;
  if (place?.kind === 'symbol' && isAccessor(place) && more[0] !== undefined)
    return cx.malformed(form, 'set!', `(set! (${place.name} e) value)`);
  if (place === undefined || value === undefined || more.length > 0)
    return cx.malformed(form, 'set!', elementShape(cx, scope, form) ?? setShape(place, value, more));
  const { node, what, refuse } = placeOf(cx, scope, place, (spelled) => `(set! ${spelled} ...)`);
  const known = infer(cx, scope, value, node.type);
  if (place.kind === 'symbol' && isForAtom(node.type, known))
    return cx.fail(
      'wrong-type',
      place,
      `\`${place.name}\` is an atom, and this would put something else in its place`,
      { hint: `what it holds is changed by \`(reset! ${place.name} ${print(value)})\`` },
    );
  if (refuse !== undefined) {
    refuse();
    return { kind: 'error', type: ERROR, span: form.span };
  }
  return store(node, fitted(cx, value, known, node.type, what), form.span);
}

/** `(set! xs 0 3)`, `(set! xs[0] 3)` and `(set! m key 3)`, as they are meant. */
function elementShape(cx: Inference, scope: Scope, form: ListForm): string | undefined {
  const [, place, key, value, ...more] = form.items;
  if (place?.kind !== 'symbol' || key === undefined || value === undefined || more.length > 0)
    return undefined;
  const index = key.kind === 'vector' && key.span.start === place.span.end ? key.items[0] : key;
  if (index === undefined || !isKnown(scope, place) || isCompound(symbolName(key))) return undefined;
  const type = languageType(prune(infer(cx, scope, place).type));
  if (type === 'MutMap') return `(map-set! ${print(place)} ${print(index)} ${brief(value)})`;
  return type === 'MutVec' ? `(set! (nth ${print(place)} ${print(index)}) ${brief(value)})` : undefined;
}

/** `(set! p :x 3)` and `(set! x += 1)`, as they are meant. */
function setShape(place: Form | undefined, key: Form | undefined, more: readonly Form[]): string {
  const [value, ...others] = more;
  if (place !== undefined && value !== undefined && others.length === 0 && isCompound(symbolName(key)))
    return `(${[key as Form, place, value].map(print).join(' ')})`;
  if (place === undefined || key?.kind !== 'keyword' || more.length !== 1) return '(set! place value)';
  return `(set! (.${key.name} ${print(place)}) value)`;
}

/** `(set! *atom* 4)`, where what the atom holds is to be changed. */
function isForAtom(type: Type, value: TypedExpression): boolean {
  const isAtom = (one: Type) => languageType(prune(one)) === 'Atom';
  return isAtom(type) && !isAtom(value.type) && !isError(prune(value.type));
}

/** `(+= place v)` sets the place to `(+ place v)`, with all that is in the place evaluated once. */
export const addTo = operatorForm('+=', '+');
export const subtractFrom = operatorForm('-=', '-');
export const multiplyBy = operatorForm('*=', '*');
export const divideBy = operatorForm('/=', '/');
export const increment = counterForm('inc!', '+');
export const decrement = counterForm('dec!', '-');

type PlaceForm = (cx: Inference, scope: Scope, form: ListForm) => TypedExpression;

function operatorForm(name: string, operator: string): PlaceForm {
  return (cx, scope, form) => {
    const [, place, value, ...more] = form.items;
    if (place === undefined || value === undefined || more.length > 0)
      return cx.malformed(form, name, `(${name} place value)`);
    return change(cx, scope, form, operator, place, value, (spelled) => `(${name} ${spelled} ...)`);
  };
}

function counterForm(name: string, operator: string): PlaceForm {
  return (cx, scope, form) => {
    const [, place, ...more] = form.items;
    if (place === undefined || more.length > 0)
      return cx.fail('bad-form', form, `this \`${name}\` is not put together right`, {
        hint: `it is written \`(${name} place)\`; \`(${operator}= place n)\` changes by another number than 1`,
      });
    const one: Form = { kind: 'integer', value: 1n, span: form.span };
    return change(cx, scope, form, operator, place, one, (spelled) => `(${name} ${spelled})`);
  };
}

/** No name that a text can spell. */
const OLD = 'the old value';

function change(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  operator: string,
  place: Form,
  by: Form,
  spelling: Spelling,
): TypedExpression {
  const { span } = form;
  const { node, what, refuse } = placeOf(cx, scope, place, spelling);
  const instead = operator === '+' ? additionTo(node.type, brief(place), brief(by)) : undefined;
  if (instead !== undefined) {
    infer(cx, scope, by);
    return cx.fail('no-instance', form, `arithmetic needs numbers, and \`${showType(node.type)}\` is none`, {
      hint: instead,
    });
  }
  if (refuse !== undefined) {
    infer(cx, scope, by);
    refuse();
    return { kind: 'error', type: ERROR, span };
  }
  const kept: { pattern: TypedPattern; value: TypedExpression }[] = [];
  const target = evaluatedOnce(node, (value) => {
    const binding = hidden('place', value.type, value.span);
    kept.push({ pattern: named(binding), value });
    return local(binding);
  });
  // The old value gets a name for the operator, which is looked up and checked as one that was written.
  const old = hidden(OLD, node.type, place.span);
  const name: SymbolForm = { kind: 'symbol', name: OLD, span: place.span };
  const head: SymbolForm = { kind: 'symbol', name: operator, span: spanOfHead(form) };
  const inner = scope.inner();
  inner.define(name, { binding: old });
  const value = check(cx, inner, { kind: 'list', items: [head, name, by], span }, node.type, what);
  const bindings = [...kept, { pattern: named(old), value: target }];
  return { kind: 'let', bindings, body: store(target, value, span), type: UNIT, span };
}

/** How more comes to what is no number. */
function additionTo(type: Type, place: string, by: string): string | undefined {
  switch (languageType(prune(type))) {
    case 'String':
      return `\`(set! ${place} (str ${place} ${by}))\` puts more text to it`;
    case 'MutVec':
      return `\`(push! ${place} ${by})\` puts an element after the last`;
    case 'Vector':
      return `\`(set! ${place} (append ${place} ${by}))\` makes a longer one of it`;
    default:
      return undefined;
  }
}

/** A place whose parts can be evaluated twice; `keep` gives a name to what must not be. */
export function evaluatedOnce(
  place: TypedExpression,
  keep: (value: TypedExpression) => TypedExpression,
): TypedExpression {
  const kept = (value: TypedExpression) => (isConstant(value) ? value : keep(value));
  if (isElement(place)) {
    // An array is a part of the place that holds it.
    const part = (value: TypedExpression) =>
      arrayLength(prune(value.type)) !== undefined && isPlace(value)
        ? evaluatedOnce(value, keep)
        : kept(value);
    return { ...place, args: place.args.map(part) };
  }
  if (place.kind !== 'field') return place;
  const { target } = place;
  const owner = prune(target.type);
  // A field of a value or tuple is a part of the place that holds the value, which must not become a copy.
  const isPart = isPlace(target) && (owner.kind !== 'named' || owner.definition.kind !== 'struct');
  return { ...place, target: isPart ? evaluatedOnce(target, keep) : kept(target) };
}

function isPlace(node: TypedExpression): boolean {
  return node.kind === 'local' || node.kind === 'global' || node.kind === 'field' || isElement(node);
}

/** A form as a place; says so where it is none, or none that may be set. */
export function placeOf(cx: Inference, scope: Scope, form: Form, spelling: Spelling): Place {
  if (form.kind === 'symbol' && !isAccessor(form)) return nameAsPlace(cx, scope, form, spelling);
  const [head, of, key, ...more] = form.kind === 'list' ? form.items : [];
  if (form.kind === 'list' && head?.kind === 'symbol') {
    if (isAccessor(head) && form.items.length === 2) return fieldAsPlace(cx, scope, form, head);
    if (head.name === 'nth' && form.items.length === 3) return elementAsPlace(cx, scope, form);
  }
  const node = cx.fail('bad-form', form, 'this is not a place that can be set', {
    hint:
      placeHint(head, of, key, more, spelling) ??
      'places are `mut` names, `(.field e)`, and `(nth xs i)` of a `MutVec` or an array',
  });
  return { node, what: 'this' };
}

/** `(:x p)` and `(map-get m key)`, as they are set. */
function placeHint(
  head: Form | undefined,
  of: Form | undefined,
  key: Form | undefined,
  more: readonly Form[],
  spelling: Spelling,
): string | undefined {
  if (head === undefined || of === undefined) return undefined;
  if (head.kind === 'keyword') return `a field is set by \`${spelling(`(.${head.name} ${print(of)})`)}\``;
  const name = head.kind === 'symbol' ? head.name : '';
  if (name === 'nth' && key !== undefined && more.length > 0) {
    const inner = [key, ...more].reduce((target, index) => `(nth ${target} ${print(index)})`, print(of));
    return `an element of an element is set by \`${spelling(inner)}\``;
  }
  if ((name !== 'map-get' && name !== 'map-find') || key === undefined) return undefined;
  return `\`(map-set! ${print(of)} ${print(key)} ...)\` changes a \`MutMap\``;
}

function nameAsPlace(cx: Inference, scope: Scope, name: SymbolForm, spelling: Spelling): Place {
  const what = `what \`${name.name}\` is set to`;
  const found = scope.lookup(name);
  if (found !== undefined) {
    const { binding } = found;
    const node = local(binding, name.span);
    if (binding.mutable) return { node, what };
    const isFunction = found.scheme !== undefined && prune(binding.type).kind === 'function';
    if (isFunction || found.uses !== undefined) {
      const message = `\`${name.name}\` is a function of this body, not a variable`;
      return { node, what, refuse: () => cx.error('not-mutable', name, message) };
    }
    const refuse = () =>
      cx.error('not-mutable', name, `\`${name.name}\` is not mutable`, {
        hint: `mark it where it is bound: \`mut ${name.name}\``,
        notes: [{ message: 'it is bound here', span: binding.span }],
      });
    return { node, what, refuse };
  }
  const definition = scope.body.module.value(name);
  if (definition?.kind === 'global') {
    const global = definition.global.definition;
    const node: TypedExpression = { kind: 'global', definition: global, type: global.type, span: name.span };
    if (global.mutable) return { node, what };
    const refuse = () =>
      cx.error('not-mutable', name, `the global \`${name.name}\` is not mutable`, {
        hint: `\`(defglobal mut ${name.name} ...)\` makes it so`,
        notes: [{ message: 'it is defined here', span: global.span }],
      });
    return { node, what, refuse };
  }
  const node: TypedExpression = { kind: 'error', type: ERROR, span: name.span };
  const dotted = definition === undefined ? dottedPlace(name.name) : undefined;
  if (dotted === undefined) infer(cx, scope, name);
  else
    cx.error('unknown-name', name, `there is no \`${name.name}\` here`, {
      hint: `a field is set by \`${spelling(dotted)}\``,
    });
  if (definition === undefined) return { node, what };
  return {
    node,
    what,
    refuse: () => cx.error('not-mutable', name, `\`${name.name}\` is not a variable`),
  };
}

function fieldAsPlace(cx: Inference, scope: Scope, form: ListForm, accessor: SymbolForm): Place {
  const target = infer(cx, scope, form.items[1] as Form);
  const field = accessor.name.slice(1);
  const node = access(cx, target, field, form.span, (definition) =>
    checkFieldMutable(cx, definition, target, field, form.span),
  );
  return { node, what: `what \`${accessor.name}\` is set to` };
}

function elementAsPlace(cx: Inference, scope: Scope, form: ListForm): Place {
  const [, vector, at] = form.items as readonly [Form, Form, Form];
  const what = 'the new element';
  const target = infer(cx, scope, vector);
  const index = check(cx, scope, at, I64, 'the index');
  if (prune(target.type).kind === 'meta') solve(cx);
  const element = cx.fresh();
  const type = prune(target.type);
  if (arrayLength(type) !== undefined && type.kind === 'named') {
    const [of] = type.args as readonly [Type];
    checkElementMutable(cx, type.definition, target, form.span);
    return { node: methodCall('Sequence', 'nth', [type, of], [target, index], of, form.span), what };
  }
  if (isBuiltin(type, 'Vector')) {
    const node = cx.fail('not-mutable', vector, `this is ${describe(type)}, whose elements cannot be set`, {
      hint: 'a `MutVec` can be changed: `(mut-vec ...)` makes one',
    });
    return { node, what };
  }
  const fits = isError(type) || cx.agree(type, mutVectorOf(element), vector.span, 'what `nth` is set in');
  if (!fits) return { node: { kind: 'error', type: element, span: form.span }, what };
  return {
    node: methodCall('Sequence', 'nth', [type, element], [target, index], element, form.span),
    what,
  };
}

/** Sets a place by its node. */
export function store(place: TypedExpression, value: TypedExpression, span: Span): TypedExpression {
  if (place.kind === 'local') return { kind: 'set-local', binding: place.binding, value, type: UNIT, span };
  if (place.kind === 'global')
    return { kind: 'set-global', definition: place.definition, value, type: UNIT, span };
  if (place.kind === 'field')
    return { kind: 'set-field', target: place.target, field: place.field, value, type: UNIT, span };
  if (isElement(place)) {
    const [target, index] = place.args as readonly [TypedExpression, TypedExpression];
    return { kind: 'set-element', target, index, value, type: UNIT, span };
  }
  // It was refused.
  return { kind: 'error', type: ERROR, span };
}

/** `(update e :hp 3 :state Idle)`: a copy with fields changed. */
export function updateForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, from, ...rest] = form.items;
  // Without fields it is a copy: a macro may have none to put in.
  if (from === undefined || rest.length % 2 === 1)
    return cx.malformed(form, 'update', '(update e :field value ...)');
  const target = infer(cx, scope, from, expected);
  const fields: { name: string; value: TypedExpression }[] = [];
  const owner = prune(target.type);
  if (owner.kind === 'named' && !isError(owner) && owner.definition.fields.length === 0)
    cx.error('unknown-field', from, `${describe(owner)} has no fields to change`);
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const key = rest[i] as Form;
    const value = rest[i + 1] as Form;
    if (key.kind !== 'keyword') return cx.malformed(form, 'update', '(update e :field value ...)');
    if (fields.some((f) => f.name === key.name))
      cx.error('repeated-argument', key, `the field \`${key.name}\` is given twice`);
    const type = updatedType(cx, target, owner, key.name, key.span);
    const isChange = isLambda(value) && prune(type).kind !== 'function';
    const hint = isChange
      ? `it takes the new value itself: \`(update ${print(from)} :${key.name} (f (.${key.name} ${print(from)})))\``
      : undefined;
    fields.push({ name: key.name, value: check(cx, scope, value, type, `the field \`${key.name}\``, hint) });
  }
  return { kind: 'update', target, fields, type: target.type, span: form.span };
}

function updatedType(cx: Inference, target: TypedExpression, owner: Type, name: string, span: Span): Type {
  if (owner.kind !== 'named') return access(cx, target, name, span).type;
  if (isError(owner) || owner.definition.fields.length === 0) return ERROR;
  const field = fieldOf(owner, name);
  if (field !== undefined) return field.type;
  const names = owner.definition.fields.map((f) => f.name);
  const near = nearest(name, names);
  cx.error('unknown-field', span, `\`${owner.definition.name}\` has no field \`${name}\``, {
    hint: near === undefined ? `it has ${list(names)}` : `did you mean \`:${near}\`?`,
  });
  return ERROR;
}

/** `+=` and its like. */
function isCompound(name: string | undefined): boolean {
  return name !== undefined && ['+=', '-=', '*=', '/='].includes(name);
}
