/** `set!` and `update`: what may be changed, and how changes inside values are carried out. */

import { type Form, type ListForm, nearest, print, type Span, type SymbolForm } from '../../syntax/index.ts';
import {
  bound,
  describe,
  ERROR,
  type FieldDefinition,
  I64,
  isBuiltin,
  isError,
  languageType,
  methodCall,
  mutVectorOf,
  prune,
  type Scope,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  UNIT,
} from '../model/index.ts';
import { access, fieldOf, type Inference, list, solve } from '../solving/index.ts';
import { check, infer, isAccessor } from './expression.ts';
import { dottedPlace } from './word-order.ts';

/** `(set! x v)`, `(set! (.hp e) v)`, `(set! (nth xs i) v)`. */
export function setForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, place, value, ...more] = form.items;
  if (place?.kind === 'symbol' && isAccessor(place) && more[0] !== undefined)
    return cx.malformed(form, 'set!', `(set! (${place.name} e) value)`);
  if (place === undefined || value === undefined || more.length > 0)
    return cx.malformed(form, 'set!', setShape(place, value, more));
  if (place.kind === 'symbol' && !isAccessor(place)) return setName(cx, scope, form, place, value);
  const head = place.kind === 'list' ? place.items[0] : undefined;
  if (place.kind === 'list' && head?.kind === 'symbol') {
    if (isAccessor(head) && place.items.length === 2) return setField(cx, scope, form, place, head, value);
    if (head.name === 'nth' && place.items.length === 3) return setElement(cx, scope, form, place, value);
  }
  infer(cx, scope, value);
  const [, of, key] = place.kind === 'list' ? place.items : [];
  return cx.fail('bad-form', place, 'this is not a place that can be set', {
    hint: placeHint(head, of, key) ?? 'places are `mut` names, `(.field e)`, and `(nth xs i)` of a `MutVec`',
  });
}

/** `(set! p :x 3)`, as it is meant. */
function setShape(place: Form | undefined, key: Form | undefined, more: readonly Form[]): string {
  if (place === undefined || key?.kind !== 'keyword' || more.length !== 1) return '(set! place value)';
  return `(set! (.${key.name} ${print(place)}) value)`;
}

/** `(:x p)` and `(map-get m key)`, as they are set. */
function placeHint(head: Form | undefined, of: Form | undefined, key: Form | undefined): string | undefined {
  if (head === undefined || of === undefined) return undefined;
  if (head.kind === 'keyword') return `a field is set by \`(set! (.${head.name} ${print(of)}) ...)\``;
  const name = head.kind === 'symbol' ? head.name : '';
  if ((name !== 'map-get' && name !== 'map-find') || key === undefined) return undefined;
  return `\`(map-set! ${print(of)} ${print(key)} ...)\` changes a \`MutMap\``;
}

function setName(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  name: SymbolForm,
  value: Form,
): TypedExpression {
  const { span } = form;
  const what = `what \`${name.name}\` is set to`;
  const local = scope.lookup(name);
  if (local !== undefined) {
    const { binding } = local;
    const known = infer(cx, scope, value, binding.type);
    const atom = setOfAtom(cx, name, binding.type, known, value);
    if (atom !== undefined) return atom;
    if (!binding.mutable)
      return cx.fail('not-mutable', name, `\`${name.name}\` is not mutable`, {
        hint: `mark it where it is bound: \`mut ${name.name}\``,
        notes: [{ message: 'it is bound here', span: binding.span }],
      });
    return { kind: 'set-local', binding, value: cx.coerce(known, binding.type, what), type: UNIT, span };
  }
  const found = scope.body.module.value(name);
  if (found?.kind === 'global') {
    const { definition } = found.global;
    const known = infer(cx, scope, value, definition.type);
    const atom = setOfAtom(cx, name, definition.type, known, value);
    if (atom !== undefined) return atom;
    if (!definition.mutable)
      return cx.fail('not-mutable', name, `the global \`${name.name}\` is not mutable`, {
        hint: `\`(defglobal mut ${name.name} ...)\` makes it so`,
        notes: [{ message: 'it is defined here', span: definition.span }],
      });
    return {
      kind: 'set-global',
      definition,
      value: cx.coerce(known, definition.type, what),
      type: UNIT,
      span,
    };
  }
  const dotted = found === undefined ? dottedPlace(name.name) : undefined;
  if (dotted === undefined) infer(cx, scope, name);
  else
    cx.fail('unknown-name', name, `there is no \`${name.name}\` here`, {
      hint: `a field is set by \`(set! ${dotted} ...)\``,
    });
  infer(cx, scope, value);
  if (found === undefined) return { kind: 'error', type: ERROR, span };
  return cx.fail('not-mutable', name, `\`${name.name}\` is not a variable`);
}

/** `(set! *atom* 4)`, where what the atom holds is to be changed. */
function setOfAtom(
  cx: Inference,
  name: SymbolForm,
  type: Type,
  value: TypedExpression,
  form: Form,
): TypedExpression | undefined {
  const isAtom = (one: Type) => languageType(prune(one)) === 'Atom';
  if (!isAtom(type) || isAtom(value.type) || isError(prune(value.type))) return undefined;
  return cx.fail(
    'wrong-type',
    name,
    `\`${name.name}\` is an atom, and this would put something else in its place`,
    {
      hint: `what it holds is changed by \`(reset! ${name.name} ${print(form)})\``,
    },
  );
}

function setField(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  place: ListForm,
  accessor: SymbolForm,
  value: Form,
): TypedExpression {
  const target = infer(cx, scope, place.items[1] as Form);
  const field = accessor.name.slice(1);
  const node = access(cx, target, field, place.span, (definition) =>
    checkFieldMutable(cx, definition, target, field, place.span),
  );
  const stored = check(cx, scope, value, node.type, `what \`${accessor.name}\` is set to`);
  return storeField(cx, target, field, stored, form.span);
}

/** A field can be set if it is declared so, or through a `mut` name; in a value type, if the value itself can be. */
function checkFieldMutable(
  cx: Inference,
  definition: TypeDefinition,
  target: TypedExpression,
  field: string,
  span: Span,
): void {
  const declared = definition.fields.find((f) => f.name === field);
  if (declared === undefined) return;
  if (definition.kind === 'value') {
    if (isMutablePlace(target)) {
      warnOfOuter(cx, target, span);
      return;
    }
    const copied = copyHint(cx, target, field);
    if (copied !== undefined) {
      cx.error('not-mutable', span, `this \`${definition.name}\` is a copy of the element`, {
        hint: copied,
        notes: rootNotes(target),
      });
      return;
    }
    cx.error('not-mutable', span, `this \`${definition.name}\` is a value that cannot be changed in place`, {
      hint: rootHint(target) ?? 'a field of it can be set in a `mut` name or a `mut` field',
      notes: rootNotes(target),
    });
    return;
  }
  if (declared.mutable) return;
  if (isMutableName(target)) {
    warnOfArgument(cx, definition, target, declared, span);
    return;
  }
  cx.error('not-mutable', span, `the field \`${field}\` of \`${definition.name}\` is not mutable`, {
    hint: `declare it \`(mut ${field} : ...)\`${throughName(target)}`,
    notes: declared.span === undefined ? [] : [{ message: 'it is declared here', span: declared.span }],
  });
}

/**
 * A `mut` parameter is a name of its own, but what it is a name of is the caller's: a field that is not declared `mut` changes
 * there too.
 */
function warnOfArgument(
  cx: Inference,
  definition: TypeDefinition,
  target: TypedExpression,
  field: FieldDefinition,
  span: Span,
): void {
  if (target.kind !== 'local' || definition.kind !== 'struct' || !cx.parameters.has(target.binding)) return;
  const { name } = target.binding;
  cx.diagnostics.warning(
    'changes-argument',
    span,
    `this changes the caller's \`${definition.name}\`, whose field \`${field.name}\` is not declared \`mut\``,
    {
      hint: `declare it \`(mut ${field.name} : ...)\`, or change a copy: \`(update ${name} :${field.name} ...)\``,
      notes: field.span === undefined ? [] : [{ message: 'it is declared here', span: field.span }],
    },
  );
}

/** A part of a value changes the field that the value lies in. */
function warnOfOuter(cx: Inference, place: TypedExpression, span: Span): void {
  if (place.kind !== 'field') return;
  const owner = prune(place.target.type);
  if (owner.kind !== 'named') return;
  const field = fieldOf(owner, place.field)?.field;
  if (owner.definition.kind !== 'struct') warnOfOuter(cx, place.target, span);
  else if (field?.mutable === false) warnOfArgument(cx, owner.definition, place.target, field, span);
}

/** How an element itself is set, where the place is a `for-each` loop's copy of it. */
function copyHint(cx: Inference, target: TypedExpression, field: string): string | undefined {
  const path: string[] = [field];
  let root = target;
  while (root.kind === 'field') {
    path.push(root.field);
    root = root.target;
  }
  const collection = root.kind === 'local' ? cx.copies.get(root.binding) : undefined;
  if (collection === undefined) return undefined;
  const place = path.reduceRight((inner, name) => `(.${name} ${inner})`, `(nth ${collection} i)`);
  return `in a \`MutVec\` the element is set where it lies: \`(for (i 0 (< i (len ${collection}))) (set! ${place} ...))\``;
}

function isMutableName(node: TypedExpression): boolean {
  return (
    (node.kind === 'local' && node.binding.mutable) || (node.kind === 'global' && node.definition.mutable)
  );
}

function isMutablePlace(node: TypedExpression): boolean {
  if (isMutableName(node)) return true;
  if (isElement(node)) return isBuiltin(prune((node.args[0] as TypedExpression).type), 'MutVec');
  if (node.kind !== 'field') return false;
  const owner = prune(node.target.type);
  if (owner.kind !== 'named') return true;
  const field = fieldOf(owner, node.field)?.field;
  if (owner.definition.kind === 'value') return isMutablePlace(node.target);
  return field?.mutable === true || isMutableName(node.target);
}

function isElement(node: TypedExpression): node is Extract<TypedExpression, { kind: 'call' }> {
  return (
    node.kind === 'call' &&
    node.callee.kind === 'method' &&
    node.callee.class === 'Sequence' &&
    node.callee.method === 'nth'
  );
}

function rootHint(node: TypedExpression): string | undefined {
  if (node.kind === 'local') return `mark it where it is bound: \`mut ${node.binding.name}\``;
  if (node.kind === 'global') return `\`(defglobal mut ${node.definition.name} ...)\` makes it mutable`;
  return undefined;
}

/** The other way: every field of what a `mut` name holds can be set. */
function throughName(node: TypedExpression): string {
  return node.kind === 'local' ? `, or bind it as \`mut ${node.binding.name}\`` : '';
}

function rootNotes(node: TypedExpression) {
  return node.kind === 'local' ? [{ message: 'it is bound here', span: node.binding.span }] : [];
}

/**
 * A field of a value that lies in a vector is set by storing a changed copy of the value; everything else is a place of
 * its own.
 */
function storeField(
  cx: Inference,
  target: TypedExpression,
  field: string,
  value: TypedExpression,
  span: Span,
): TypedExpression {
  const owner = prune(target.type);
  const isValue = owner.kind === 'named' && owner.definition.kind === 'value';
  if (!isValue || !liesInVector(target)) return { kind: 'set-field', target, field, value, type: UNIT, span };
  if (isElement(target)) {
    const [vector, index] = target.args as readonly [TypedExpression, TypedExpression];
    return bound([vector, index], span, ([xs, i]) => {
      if (xs === undefined || i === undefined) return { kind: 'error', type: ERROR, span };
      const changed: TypedExpression = {
        kind: 'update',
        target: methodCall('Sequence', 'nth', [xs.type, owner], [xs, i], owner, span),
        fields: [{ name: field, value }],
        type: owner,
        span,
      };
      return { kind: 'set-element', target: xs, index: i, value: changed, type: UNIT, span };
    });
  }
  if (target.kind !== 'field') return cx.fail('not-mutable', span, 'this value cannot be changed in place');
  const changed: TypedExpression = {
    kind: 'update',
    target,
    fields: [{ name: field, value }],
    type: owner,
    span,
  };
  return storeField(cx, target.target, target.field, changed, span);
}

function liesInVector(node: TypedExpression): boolean {
  if (isElement(node)) return true;
  if (node.kind !== 'field') return false;
  const owner = prune(node.target.type);
  return owner.kind === 'named' && owner.definition.kind === 'value' && liesInVector(node.target);
}

function setElement(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  place: ListForm,
  value: Form,
): TypedExpression {
  const [, vector, at] = place.items as readonly [Form, Form, Form];
  const target = infer(cx, scope, vector);
  const index = check(cx, scope, at, I64, 'the index');
  const known = prune(target.type);
  if (known.kind === 'meta') solve(cx);
  const element = cx.fresh();
  const type = prune(target.type);
  if (isBuiltin(type, 'Vector')) {
    infer(cx, scope, value);
    return cx.fail('not-mutable', vector, `this is ${describe(type)}, whose elements cannot be set`, {
      hint: 'a `MutVec` can be changed: `(mut-vec ...)` makes one',
    });
  }
  const fits = isError(type) || cx.agree(type, mutVectorOf(element), vector.span, 'what `nth` is set in');
  const stored = check(cx, scope, value, element, 'the new element');
  if (!fits) return { kind: 'error', type: ERROR, span: form.span };
  return { kind: 'set-element', target, index, value: stored, type: UNIT, span: form.span };
}

/** `(update e :hp 3 :state Idle)`: a copy with fields changed. */
export function updateForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, from, ...rest] = form.items;
  if (from === undefined || rest.length === 0 || rest.length % 2 === 1)
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
    fields.push({ name: key.name, value: check(cx, scope, value, type, `the field \`${key.name}\``) });
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
