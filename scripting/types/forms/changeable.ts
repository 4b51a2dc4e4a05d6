/** What may be changed: which places, in which way, and what is said of the others. */

import type { Span } from '../../syntax/index.ts';
import {
  arrayAround,
  arrayLength,
  type FieldDefinition,
  isBuiltin,
  isElement,
  isFlat,
  prune,
  type TypeDefinition,
  type TypedExpression,
} from '../model/index.ts';
import { fieldOf, type Inference } from '../solving/index.ts';

/** A field can be set if it is declared so, or through a `mut` name; in a value type, if the value itself can be. */
export function checkFieldMutable(
  cx: Inference,
  definition: TypeDefinition,
  target: TypedExpression,
  field: string,
  span: Span,
): void {
  const declared = definition.fields.find((f) => f.name === field);
  if (declared === undefined) return;
  if (isFlat(definition)) {
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

/** An element of an array can be set if the array itself can be: it lies in a name, a field or an element. */
export function checkElementMutable(
  cx: Inference,
  { name }: TypeDefinition,
  array: TypedExpression,
  span: Span,
): void {
  if (isMutablePlace(array)) {
    warnOfOuter(cx, array, span);
    return;
  }
  cx.error('not-mutable', span, `this \`(${name} ...)\` is a value that cannot be changed in place`, {
    hint: rootHint(array) ?? 'an element of it can be set in a `mut` name or a `mut` field',
    notes: rootNotes(array),
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
  const array = arrayAround(place);
  if (array !== undefined) warnOfOuter(cx, array, span);
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
  if (isElement(node)) {
    const of = node.args[0] as TypedExpression;
    const type = prune(of.type);
    return arrayLength(type) === undefined ? isBuiltin(type, 'MutVec') : isMutablePlace(of);
  }
  if (node.kind !== 'field') return false;
  const owner = prune(node.target.type);
  if (owner.kind !== 'named') return true;
  const field = fieldOf(owner, node.field)?.field;
  if (isFlat(owner.definition)) return isMutablePlace(node.target);
  return field?.mutable === true || isMutableName(node.target);
}

function rootHint(node: TypedExpression): string | undefined {
  if (node.kind === 'local') return `mark it where it is bound: \`mut ${node.binding.name}\``;
  if (node.kind === 'global') return `\`(defglobal mut ${node.definition.name} ...)\` makes it mutable`;
  if (!isElement(node)) return undefined;
  const vector = prune((node.args[0] as TypedExpression).type);
  return isBuiltin(vector, 'Vector')
    ? 'a `MutVec` can be changed: `(mut-vec ...)` makes one'
    : 'elements of a `MutVec` can be changed: a type says that this is one, as in `((xs : (MutVec Vec2)))`';
}

/** The other way: every field of what a `mut` name holds can be set. */
function throughName(node: TypedExpression): string {
  return node.kind === 'local' ? `, or bind it as \`mut ${node.binding.name}\`` : '';
}

function rootNotes(node: TypedExpression) {
  return node.kind === 'local' ? [{ message: 'it is bound here', span: node.binding.span }] : [];
}
