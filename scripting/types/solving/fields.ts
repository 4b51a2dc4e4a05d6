/**
 * Field access. Where the type of the target is not known yet, the access waits; at the end of the group, a target that
 * is still unknown is taken to be the one type that has all the fields asked of it.
 */

import { nearest, type Span } from '../../syntax/index.ts';
import {
  describe,
  ERROR,
  type FieldDefinition,
  isError,
  languageType,
  type NamedType,
  ownedSubject,
  prune,
  substitute,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  unify,
} from '../model/index.ts';
import type { Inference, WantedField } from './inference.ts';
import { insideHint, visitedHint } from './mismatch.ts';

/** A field of a known type, at that type's arguments. */
export function fieldOf(type: NamedType, name: string): { field: FieldDefinition; type: Type } | undefined {
  const field = type.definition.fields.find((f) => f.name === name);
  if (field === undefined) return undefined;
  return { field, type: atArguments(field.type, type) };
}

/** A type in terms of a definition's parameters, at a use's arguments. */
export function atArguments(type: Type, use: NamedType): Type {
  const { definition, args } = use;
  return substitute(type, new Map(definition.parameters.map((p, i) => [p, args[i] ?? ERROR])));
}

/** `(.field target)`. `found` hears which type's field it is, at once or when that becomes known. */
export function access(
  cx: Inference,
  target: TypedExpression,
  field: string,
  span: Span,
  found: (definition: TypeDefinition) => void = () => {},
): TypedExpression {
  const known = prune(target.type);
  if (known.kind === 'meta') {
    const result = cx.fresh();
    cx.wantedFields.push({ target: known, field, result, span, found });
    return { kind: 'field', target, field, type: result, span };
  }
  const type = fieldType(cx, known, field, span, found);
  return { kind: 'field', target, field, type, span };
}

function fieldType(
  cx: Inference,
  of: Type,
  field: string,
  span: Span,
  found: (definition: TypeDefinition) => void,
): Type {
  // Fields of what is owned are read and set as if nobody owned it.
  const target = prune(ownedSubject(of) ?? of);
  if (isError(target)) return ERROR;
  if (target.kind !== 'named' || target.definition.fields.length === 0) {
    const isSum = target.kind === 'named' && target.definition.kind === 'sum';
    const visited = target.kind === 'parameter' ? cx.visited.get(target.parameter) : undefined;
    const hint =
      (visited === undefined ? undefined : visitedHint(visited)) ??
      insideHint(target) ??
      (isSum ? '`match` tells its variants apart, and names what they hold' : undefined);
    cx.error('unknown-field', span, `${describe(target)} has no fields`, hint === undefined ? {} : { hint });
    return ERROR;
  }
  const { definition } = target;
  const known = fieldOf(target, field);
  if (known === undefined) {
    const names = definition.fields.map((f) => f.name);
    const near = nearest(field, names);
    cx.error('unknown-field', span, `\`${definition.name}\` has no field \`${field}\``, {
      hint:
        languageType(target) === 'Tuple'
          ? tupleHint(names.length, field)
          : near === undefined
            ? `it has ${list(names)}`
            : `did you mean \`.${near}\`?`,
    });
    return ERROR;
  }
  found(definition);
  return known.type;
}

/** `(.key entry)` of what a map is visited by. */
export function tupleHint(parts: number, field: string): string {
  const isEntry = parts === 2 && ['key', 'value', 'k', 'v', 'val'].includes(field);
  if (isEntry)
    return 'a tuple has no names: `(for-each ((key value) m) ...)` gives both parts of an entry one';
  const names = [...'abcdefgh'].slice(0, parts).join(' ');
  return `a tuple has no names: \`(let (((${names}) pair)) ...)\` takes it apart`;
}

export function list(names: readonly string[]): string {
  return names.map((n) => `\`${n}\``).join(', ');
}

/** Looks again at the accesses that wait; true if one got its answer. */
export function lookUpWanted(cx: Inference): boolean {
  let progress = false;
  const waiting = cx.wantedFields;
  cx.wantedFields = [];
  for (const wanted of waiting) {
    const target = prune(wanted.target);
    if (target.kind === 'meta') {
      cx.wantedFields.push(wanted);
      continue;
    }
    progress = true;
    const type = fieldType(cx, target, wanted.field, wanted.span, wanted.found);
    cx.agree(type, wanted.result, wanted.span, `the field \`${wanted.field}\``);
  }
  return progress;
}

/** Decides targets that only one type fits; true if there was one. */
export function guessFields(cx: Inference): boolean {
  const asked = new Map<Type, WantedField[]>();
  for (const wanted of cx.wantedFields) {
    const target = prune(wanted.target);
    const fields = asked.get(target);
    if (fields === undefined) asked.set(target, [wanted]);
    else fields.push(wanted);
  }
  for (const [target, fields] of asked) {
    const fitting = cx.types.filter((definition) =>
      fields.every((f) => definition.fields.some((own) => own.name === f.field)),
    );
    const [definition] = fitting;
    if (definition === undefined || fitting.length > 1) continue;
    const args = definition.parameters.map(() => cx.fresh());
    if (unify(target, { kind: 'named', definition, args }) === undefined) return true;
  }
  return false;
}
