/** What to say of a predicate that does not hold, and what to do about it. */

import {
  ERROR,
  elementType,
  isBuiltin,
  languageType,
  NUMBER_NAMES,
  type Predicate,
  placeField,
  prune,
  showType,
  type Type,
} from '../model/index.ts';
import type { Inference, VisitedTypes } from './inference.ts';
import { insideHint, visitedHint } from './mismatch.ts';
import { namesake, orderHint } from './namesakes.ts';
import { reduce } from './solve.ts';

interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

/** A class of the prelude is not known by its name, and a program cannot give a type of the language an instance of it. */
export function explainForLanguage(
  cx: Inference,
  { class: name, args }: Predicate,
  spelling: string,
): Explanation | undefined {
  const [first = ERROR] = args;
  const known = prune(first);
  const visited = known.kind === 'parameter' ? cx.visited.get(known.parameter) : undefined;
  if (visited !== undefined) return explainForVisited(cx, name, visited);
  const spelt = isOwnStruct(known) ? namesake(spelling, known) : undefined;
  if (spelt !== undefined) return { message: `this does not work on \`${showType(first)}\``, hint: spelt };
  const isOurs = languageType(known) !== undefined || known.kind === 'function' || known.kind === 'meta';
  if (!isOurs || cx.prelude === undefined || cx.classes.get(name)?.module !== cx.prelude) return undefined;
  const types = [
    ...new Set(cx.instances.of(name).map((instance) => languageType(prune(instance.args[0] ?? ERROR)))),
  ];
  const all = types.flatMap((type) => (type === undefined ? [] : [`\`${type}\``]));
  if (all.length === 0) return undefined;
  return {
    message: `this does not work on \`${showType(first)}\``,
    hint:
      namesake(spelling, first) ??
      certainHint(spelling) ??
      insideHint(first) ??
      `it works on ${all.join(', ')}`,
  };
}

/** In a loop over a class: what some type lacks that the language derives, or a class that is not the loop's. */
function explainForVisited(cx: Inference, name: string, { class: of, types }: VisitedTypes): Explanation {
  const wanted = cx.classes.get(name);
  const lacking = types
    .map((definition): Predicate => ({ class: name, args: [{ kind: 'named', definition, args: [] }] }))
    .find((predicate) => 'failed' in reduce(cx, predicate));
  if (lacking !== undefined && wanted?.module === undefined)
    return {
      message: `this loop visits \`${showType(lacking.args[0] ?? ERROR)}\` too: ${explainFailure(cx, lacking).message}`,
    };
  return {
    message: `of what this loop visits no more is known than that it is \`${of.name}\`, and this needs \`${wanted?.name ?? name}\``,
    hint: visitedHint({ class: of }),
  };
}

function isOwnStruct(type: Type): boolean {
  return type.kind === 'named' && type.definition.fields.length > 0 && languageType(type) === undefined;
}

/** How an instance is begun that a program lacks. */
function instanceHint(cx: Inference, { class: name, args }: Predicate): string | undefined {
  const found = cx.classes.get(name);
  const method = [...(found?.methods.values() ?? [])].find(
    ({ constant, type }) => !constant && type.params.length <= 4,
  );
  if (found === undefined || method === undefined) return undefined;
  const names = ['x', 'y', 'z', 'u'].slice(0, method.type.params.length).join(' ');
  const more = found.methods.size > 1 ? ' ...' : '';
  return `\`(instance (${found.name} ${args.map(showType).join(' ')}) (defn ${method.name} (${names}) ...)${more})\` makes one`;
}

/** What is always there needs no unwrapping. */
function certainHint(spelling: string): string | undefined {
  return spelling === 'unwrap' || spelling === 'unwrap-or'
    ? 'it is always there, so use it as it is; where `map-get` returns what a map holds, `map-find` returns an `Option`'
    : undefined;
}

/** What somebody may have wanted who visits what is no collection. */
function collectionHint(type: Type): string | undefined {
  const known = prune(type);
  if (isBuiltin(known, ...NUMBER_NAMES) || (known.kind === 'meta' && known.literal !== undefined))
    return '`(for (i 0 (< i n)) ...)` counts, and `(range 0 n)` is a vector of numbers';
  return insideHint(known);
}

function withHint(message: string, hint: string | undefined): { message: string; hint?: string } {
  return hint === undefined ? { message } : { message, hint };
}

/** What somebody may have wanted who adds what is no number. */
function arithmeticHint(type: Type): string | undefined {
  const known = prune(type);
  const name = languageType(known);
  if (name === 'String') return '`(str a b)` puts strings together';
  if (name === 'Vector' || name === 'MutVec' || name === 'List')
    return '`(concat xs ys)` puts collections together, `(append xs x)` adds an element';
  if (name !== undefined) return insideHint(known);
  if (known.kind !== 'named') return undefined;
  return `\`(instance (Num ${showType(known)}) (defn + (a b) ...) (defn - (a b) ...))\` says how it is done`;
}

/** What to say of a predicate that does not hold. */
export function explainFailure(cx: Inference, predicate: Predicate): { message: string; hint?: string } {
  const [first = ERROR, second] = predicate.args;
  const type = `\`${showType(first)}\``;
  const isFunction = prune(first).kind === 'function';
  switch (predicate.class) {
    case 'Num':
    case 'Number':
      return withHint(`arithmetic needs numbers, and ${type} is none`, arithmeticHint(first));
    case 'IntegerLiteral':
    case 'FloatLiteral':
      return { message: `a number cannot be a ${type}` };
    case 'Bits':
      return { message: `bits are a matter of integers, and ${type} is none` };
    case 'Real':
      return {
        message: `this works on \`f32\` and \`f64\`, not on ${type}`,
        hint: '`(f64 x)` converts a number',
      };
    case 'Ord':
      return {
        message: isFunction ? 'functions have no order' : `there is no order for ${type}`,
        ...(isFunction
          ? {}
          : {
              hint:
                insideHint(first) ??
                `\`(instance (Ord ${showType(first)}) (defn compare (a b) ...))\` makes one`,
            }),
      };
    case 'Collection':
    case 'Sequence':
      if (predicate.class === 'Sequence' && orderHint(first) !== undefined)
        return withHint(`${type} has no elements by index`, orderHint(first));
      return second === undefined || elementType(prune(first)) === undefined
        ? withHint(`${type} is not a collection`, collectionHint(first))
        : { message: `the elements of ${type} are not \`${showType(second)}\`` };
    case 'Entity':
      return { message: `${type} is not an entity`, hint: 'entities are defined by `defentity`' };
    case 'Collected':
      return {
        message: `${type} has no identity that a weak reference could lead to`,
        hint: 'structs, entities, vectors, maps, strings, functions and what is shared have one',
      };
    case 'Placed':
      return {
        message: `${type} has no place`,
        hint: 'an entity has one where it declares a field of the type `Place`: `(mut place : Place)`',
      };
    case 'Movable':
      return placeField(prune(first)) === undefined
        ? explainFailure(cx, { ...predicate, class: 'Placed' })
        : {
            message: `the place of ${type} cannot be changed`,
            hint: 'its field is to be `mut`: `(mut place : Place)`',
          };
    case 'Drawn':
      return {
        message: `there is no sprite in ${type} that could be drawn`,
        hint: 'a `Sprite` is drawn where it lies in what is given: as a field, in a value, a tuple, an array or an `Option`, but not through a vector or another struct',
      };
    case 'Shareable':
      return {
        message: `${type} cannot be shared`,
        hint: 'an atom takes no functions and no mutable collections, also not inside of something else',
      };
    case 'Hash':
      return isFunction
        ? { message: 'functions have no hash' }
        : {
            message: `there is no hash for ${type}`,
            hint: `a type with an \`=\` of its own needs a hash too: \`(instance (Hash ${showType(first)}) (defn hash (x) ...))\``,
          };
    case 'Eq':
      return isFunction
        ? { message: 'functions cannot be compared' }
        : { message: `there is no \`=\` for ${type}` };
    case 'Show':
      return isFunction
        ? {
            message: 'functions cannot be shown',
            hint: 'a call stands in parentheses: `(f x)`, `(+ a b)`, `(.hp e)`',
          }
        : { message: `${type} cannot be shown` };
    default: {
      const name = predicate.class.slice(predicate.class.lastIndexOf('.') + 1);
      const all = predicate.args.map(showType).join(' ');
      return {
        message: `there is no instance \`(${name} ${all})\``,
        hint: instanceHint(cx, predicate) ?? `\`(instance (${name} ${all}) ...)\` makes one`,
      };
    }
  }
}
