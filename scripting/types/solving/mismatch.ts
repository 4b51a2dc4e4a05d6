/** What turns one type of value into another, where there is such a thing: the hint of a mismatch. */

import type { Span } from '../../syntax/index.ts';
import {
  arrayLength,
  elementType,
  FLOAT_NAMES,
  type FunctionType,
  INTEGER_NAMES,
  isBuiltin,
  isError,
  languageType,
  type NamedType,
  NUMBER_NAMES,
  prune,
  showType,
  type Type,
  type TypedExpression,
} from '../model/index.ts';

/** What to do with a value of the first type where one of the second is wanted. */
export function conversionHint(actual: Type, expected: Type): string | undefined {
  const [from, to] = [prune(actual), prune(expected)];
  if (isError(from) || isError(to) || to.kind === 'parameter') return undefined;
  if (isNumber(from) && isNumber(to)) {
    const name = to.kind === 'named' ? to.definition.name : 'i64';
    const isPointed = from.kind === 'meta' && from.literal === 'float';
    if (isPointed && !name.startsWith('f')) return '`10` is a whole number, `(f64 n)` one with a point';
    if (isFloat(from) && !name.startsWith('f'))
      return `numbers never convert silently: \`(${name} ...)\` converts, without what is after the point`;
    return `numbers never convert silently: \`(${name} ...)\` converts`;
  }
  const [given, wanted] = [languageType(from), languageType(to)];
  if (from.kind === 'function' && to.kind !== 'function' && from.params.length === 0)
    return 'this is a function: put it in parentheses to call it';
  if (to.kind === 'function' && from.kind === 'function') return functionHint(from, to);
  if (to.kind === 'function' && from.kind !== 'function')
    return (
      insideHint(from) ?? `a function without a name is \`(fn (${parameterNames(to.params.length)}) ...)\``
    );
  if (given === 'MutVec' && wanted === 'MutVec' && holds(from, to))
    return '`(to-mut-vec xs)` makes one of what is in another collection';
  if (given !== wanted) {
    const inside = insideHint(from);
    if (inside !== undefined) return inside;
    if (given === 'Keyword' || given === 'String') {
      const values = variantsHint(to);
      if (values !== undefined) return values;
    }
    if (wanted === 'String' && given !== 'Unit') return '`(str ...)` makes a string of anything';
    if (wanted === 'Bool') return conditionHint(from);
    if (isNumber(to) && given === 'String') return numberHint(to);
    if (wanted === 'Tuple' && (given === 'Vector' || given === 'MutVec' || given === 'List'))
      return '`(nth xs 0)` is an element of it; `(tuple a b)` makes a tuple';
    if (wanted === 'MutVec' && arrayLength(from) !== undefined)
      return 'an array has as many elements as its type says; a `MutVec` grows';
    if (wanted !== undefined) return wrappingHint(wanted, given);
  }
  return undefined;
}

/** `[1.0 2.0]` or a tuple, where something of as many parts is wanted. */
export function partsHint(node: TypedExpression, expected: Type): string | undefined {
  const to = prune(expected);
  const isTuple = node.kind === 'construct' && languageType(prune(node.type)) === 'Tuple';
  const { source, start, end } = node.span;
  if (languageType(to) === 'MutMap' && /^\{[\s,]*\}$/.test(source.text.slice(start, end)))
    return '`(mut-map)` makes an empty one';
  const items = node.kind === 'vector' ? node.items : isTuple ? node.fields : undefined;
  if (items === undefined || to.kind !== 'named' || node.span.expansion !== undefined) return undefined;
  if (node.kind === 'vector' && languageType(to) === 'MutVec' && isMade(node, to)) {
    const written = source.text.slice(start + 1, end - 1).trim();
    return `\`(mut-vec${written === '' ? '' : ` ${written.length > LONGEST_REPEATED ? '...' : written}`})\` makes one`;
  }
  const maker = makerOf(to);
  const wanted = arrayLength(to) ?? to.definition.fields.length;
  if (maker === '' || wanted !== items.length || items.length === 0) return undefined;
  const written = items.map(({ span: { source, start, end } }) => source.text.slice(start, end)).join(' ');
  const text = `(${maker} ${written.length > LONGEST_REPEATED ? '...' : written})`;
  return `\`${text}\` makes ${maker === 'tuple' ? 'a tuple' : 'one'}`;
}

/** What makes a value of its parts; nothing of the language's other types. */
function makerOf(type: NamedType): string {
  if (arrayLength(type) !== undefined) return 'array';
  const name = languageType(type);
  return name === 'Tuple' ? 'tuple' : name === undefined ? type.definition.name : '';
}

/** Whether what a vector holds is what the other one is to hold. */
function isMade(node: TypedExpression, wanted: Type): boolean {
  const [element, other] = [elementType(prune(node.type)), elementType(wanted)];
  if (element === undefined || other === undefined) return false;
  const [given, asked] = [prune(element), prune(other)];
  return given.kind === 'meta' || (isNumber(given) && isNumber(asked)) || showType(given) === showType(asked);
}

/** Longer texts are not repeated in a hint. */
const LONGEST_REPEATED = 60;

/** What there is of a program's own sum. */
export function variantsHint(type: Type): string | undefined {
  const known = prune(type);
  const variants =
    known.kind === 'named' && languageType(known) === undefined ? known.definition.variants : [];
  if (variants.length === 0) return undefined;
  const names = variants
    .slice(0, 4)
    .map(({ name, fields }) => (fields.length === 0 ? `\`${name}\`` : `\`(${name} ...)\``));
  return `its values are ${names.join(', ')}${variants.length > 4 ? ' and others' : ''}`;
}

/** Of the operands of an operator, either may be converted; one way loses something. */
export function operandHint(actual: Type, expected: Type): string | undefined {
  const [from, to] = [prune(actual), prune(expected)];
  if (!isFloat(from) || !isBuiltin(to, ...INTEGER_NAMES)) return undefined;
  return `numbers never convert silently: \`(${showType(from)} ...)\` around the whole number keeps what is after the point`;
}

/** `.5` is the accessor of a tuple's sixth part, and nearly always meant as a number. */
export function pointHint({ source, start, end }: Span): string | undefined {
  const [, sign, digits] = /^([-+]?)\.(\d+)$/.exec(source.text.slice(start, end)) ?? [];
  return digits === undefined ? undefined : `a number has digits before its point: \`${sign}0.${digits}\``;
}

/** How what something holds is reached; undefined for what holds nothing. */
export function insideHint(type: Type): string | undefined {
  switch (languageType(prune(type))) {
    case 'Option':
      return 'it may be `None`: `(unwrap-or e value)` says what stands for that, `match` tells it from `(Some x)`';
    case 'Result':
      return 'it may be an error: `match` tells `(Ok x)` from `(Err e)`, and `(f x)?` returns the error';
    case 'Weak':
      return '`(upgrade w)` is an `Option` of what it leads to: `None` where that is gone';
    case 'Atom':
      return '`(deref a)` is what the atom holds';
    default:
      return undefined;
  }
}

function isNumber(type: Type): boolean {
  if (type.kind === 'meta') return type.literal !== undefined;
  return NUMBER_NAMES.some((name) => name === languageType(type));
}

function isFloat(type: Type): boolean {
  return isBuiltin(type, ...FLOAT_NAMES);
}

/** A function that takes or returns something else than the one that is wanted. */
function functionHint(from: FunctionType, to: FunctionType): string | undefined {
  const [takes, given] = [from.params.length, to.params.length];
  if (takes !== given)
    return `it takes ${takes === 1 ? '1 argument' : `${takes} arguments`}, and is called with ${given}: \`(fn (${parameterNames(given)}) ...)\``;
  const names = parameterNames(given);
  return languageType(prune(to.result)) === 'Bool' && isNumber(prune(from.result))
    ? `it should return a \`Bool\`, as in \`(fn (${names}) (> (f ${names}) 0))\``
    : undefined;
}

function numberHint(to: Type): string {
  const isFloat = languageType(to)?.startsWith('f') === true;
  const read = isFloat ? '`(parse-float s)`' : '`(parse-int s)`';
  return `${read} reads a number from a string, as an \`Option\`; \`(str a b)\` puts text together`;
}

function conditionHint(from: Type): string | undefined {
  if (isNumber(from)) return 'a comparison is a `Bool`, as in `(> n 0)`';
  switch (languageType(from)) {
    case 'String':
      return '`(!= s "")` asks whether there is something in a string';
    case 'Vector':
    case 'MutVec':
    case 'List':
    case 'Map':
    case 'MutMap':
      return '`(empty? xs)` asks whether there is nothing in a collection';
    default:
      return undefined;
  }
}

function parameterNames(count: number): string {
  return ['x', 'y', 'z', 'u', 'v', 'w'].slice(0, count).join(' ');
}

/** Whether the elements of the first are collections of what the elements of the second are. */
function holds(from: Type, to: Type): boolean {
  const [element, wanted] = [elementType(from), elementType(to)];
  const inner = element === undefined ? undefined : elementType(prune(element));
  return inner !== undefined && wanted !== undefined && showType(inner) === showType(wanted);
}

/** Of elements, one after the other. */
function isCollection(type: string | undefined): boolean {
  return ['Vector', 'MutVec', 'List', 'Deque', 'PriorityQueue', 'Set', 'MutSet'].includes(type ?? '');
}

/** What makes something of a value that is not it yet. */
function wrappingHint(wanted: string, given: string | undefined): string | undefined {
  switch (wanted) {
    case 'Option':
      return '`(Some x)` makes an `Option`, and `None` is one without a value';
    case 'Result':
      return '`(Ok x)` makes a `Result`, and `(Err e)` one that says what went wrong';
    case 'Atom':
      return '`(atom x)` makes one; `set!` changes what is `mut`';
    case 'Weak':
      return '`(weak x)` makes one';
    case 'MutVec':
      if (given === 'Vector') return 'a `Vector` never changes; `(to-mut-vec xs)` makes a copy that does';
      return isCollection(given) ? '`(to-mut-vec xs)` makes a `MutVec` of it' : undefined;
    case 'MutMap':
      return given === 'Map' ? 'a `Map` never changes; `(to-mut-map m)` makes a copy that does' : undefined;
    case 'MutSet':
      if (given === 'Set') return 'a `Set` never changes; `(to-mut-set s)` makes a copy that does';
      return isCollection(given) ? '`(to-mut-set xs)` makes a `MutSet` of it' : undefined;
    case 'Map':
      return given === 'MutMap' ? '`(to-map m)` makes a `Map` of it' : undefined;
    case 'Set':
      return isCollection(given) ? '`(to-set xs)` makes a `Set` of it' : undefined;
    case 'Vector':
      return isCollection(given) ? '`(to-vector xs)` makes a `Vector` of it' : undefined;
    default:
      return undefined;
  }
}

/** What can be done in a loop over a class with what only some type that it visits can do. */
export function visitedHint({ class: of }: { readonly class: { readonly name: string } }): string {
  return `a method of \`${of.name}\` can do what each type does in its own way`;
}
