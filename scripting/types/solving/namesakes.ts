/** What a function of collections is called for what is none: for strings, maps and tuples. */

import { isError, languageType, prune, type Type } from '../model/index.ts';

const STRINGS: Readonly<Record<string, string>> = {
  len: '`(string-length s)` counts characters',
  nth: '`(string-ref s i)` is a character of a string',
  first: '`(string-ref s 0)` is the first character of a string',
  concat: '`(str a b)` puts strings together',
  append: '`(str a b)` puts strings together',
  'empty?': '`(string-empty? s)` asks whether a string is empty',
  'contains?': '`(string-contains s "part")` looks into a string',
  'index-of': '`(string-index-of s "part")` looks into a string',
  slice: '`(substring s from to)` is a part of a string',
  take: '`(substring s 0 n)` is a part of a string',
  rest: '`(substring s 1 (string-length s))` is a part of a string',
};

const MAPS: Readonly<Record<string, string>> = {
  nth: '`(map-get m key)` asks a map',
  first: '`(keys m)` is a vector of its keys',
  'contains?': '`(has-key? m key)` asks for a key',
  'index-of': '`(map-find m key)` asks a map: an `Option`',
};

const NO_ORDER: Readonly<Record<string, string>> = {
  PriorityQueue: '`(peek q)` is the item that comes out next',
  List: '`(head xs)` is the first element of a list',
  Set: '`(to-vector xs)` is a vector of its elements',
  MutSet: '`(to-vector xs)` is a vector of its elements',
  Map: '`(keys m)` is a vector of its keys, `(to-vector m)` one of its pairs',
  MutMap: '`(keys m)` is a vector of its keys, `(to-vector m)` one of its pairs',
};

/** What is reached by an index in what can be gone over, but has none; undefined for what has, and for what is no collection. */
export function orderHint(type: Type): string | undefined {
  return NO_ORDER[languageType(prune(type)) ?? ''];
}

const VECTORS: Readonly<Record<string, string>> = {
  'map-get': '`(nth xs i)` is an element',
  'map-find': '`(nth xs i)` is an element, where `(< i (len xs))`',
  'has-key?': '`(< i (len xs))` asks whether there is an element, `(contains? xs x)` whether it is one',
};

const STRUCTS: Readonly<Record<string, string>> = {
  'map-get': '`(.hp e)` reads a field',
  'map-find': '`(.hp e)` reads a field',
  nth: '`(.hp e)` reads a field',
};

/** What does to a value of this type what `name` does to others. */
export function namesake(name: string, type: Type): string | undefined {
  const known = prune(type);
  const hint = (table: Readonly<Record<string, string>>) =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  if (known.kind === 'function') return constructorHint(known.result);
  switch (languageType(known)) {
    case 'String':
      return hint(STRINGS) ?? '`(string-split s "")` is a vector of its characters';
    case 'Map':
    case 'MutMap':
      return hint(MAPS);
    case 'Vector':
    case 'MutVec':
      return hint(VECTORS);
    case undefined:
      return known.kind === 'named' && known.definition.fields.length > 0 ? hint(STRUCTS) : undefined;
    case 'Tuple':
      return '`(let (((a b) pair)) ...)` takes a tuple apart';
    default:
      return undefined;
  }
}

/** The name of a type, where its entities are meant, or one of them. */
function constructorHint(result: Type): string | undefined {
  const made = prune(result);
  if (made.kind !== 'named' || isError(made) || !made.definition.entity) return undefined;
  return entitiesHint(made.definition.name);
}

/** What is done with the entities of a type. */
export function entitiesHint(name: string): string {
  return `\`(for-entities (e ${name}) ...)\` visits them, \`(count-entities ${name})\` counts them, \`(${name} ...)\` makes one`;
}
