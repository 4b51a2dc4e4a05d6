/** Types as scripts write them: `i64`, `(Vector 'a)`, `(Fn [a b] r)`, `('f 'a)`, aliases. */

import { type Form, isStray, nearest, print, type SymbolForm, symbolName } from '../../syntax/index.ts';
import {
  type AliasEntry,
  arrayDefinition,
  arrayLength,
  ELEMENTS_ELSEWHERE,
  ERROR,
  functionOf,
  MOST_ARRAY_ELEMENTS,
  type Module,
  type Parameter,
  prune,
  substitute,
  type Type,
  type TypeDefinition,
  tooWide,
  tupleOf,
  UNIT,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { lengthFrom } from './array-length.ts';
import { foreignType } from './foreign-words.ts';

/** Where a type is written: which names it may use, and what a new type variable in it means. */
export interface TypeScope {
  readonly module: Module;
  readonly variables: Map<string, Type>;
  /** Makes the meaning of a variable that was not named before; without it, that is an error. */
  readonly introduce: ((name: string) => Type) | undefined;
}

/** Names that belong to types of the language that are not there yet. */
const NOT_YET = new Set(['Await']);

/** The type a form says. What is wrong with it is reported, and stands as a type that agrees with everything. */
export function typeFrom(cx: Inference, form: Form, scope: TypeScope): Type {
  const type = constructorFrom(cx, form, scope);
  if (isSaturated(type) || type.kind !== 'named') return type;
  const { name, parameters } = type.definition;
  const wanted = count(parameters.length, 'type');
  const given = type.args.length;
  const message = given === 0 ? `needs ${wanted} after it` : `takes ${wanted}, not ${given}`;
  cx.error('wrong-kind', form, `\`${name}\` ${message}`, {
    hint: `as in \`(${[name, ...parameters.map((p) => `'${p.name}`)].join(' ')})\``,
  });
  return ERROR;
}

/** Like `typeFrom`, but `Option` by itself and `(Result 'e)` are fine: what a higher-kinded type variable may stand for. */
export function constructorFrom(cx: Inference, form: Form, scope: TypeScope): Type {
  switch (form.kind) {
    case 'symbol':
      return namedType(cx, form, [], form, scope);
    case 'type-variable': {
      const known = scope.variables.get(form.name);
      if (known !== undefined) return known;
      const made = scope.introduce?.(form.name);
      if (made === undefined) {
        cx.error(
          'unknown-type',
          form,
          `the type variable \`'${form.name}\` is not among the parameters here`,
          {
            hint: `the name that is defined has its parameters beside it, as in \`(defstruct (Pair 'a) (first : 'a))\``,
          },
        );
        return ERROR;
      }
      scope.variables.set(form.name, made);
      return made;
    }
    case 'list': {
      const [head, ...rest] = form.items;
      if (head === undefined) return UNIT;
      if (head.kind === 'type-variable') {
        const args = rest.map((arg) => typeFrom(cx, arg, scope));
        return prune({ kind: 'apply', head: typeFrom(cx, head, scope), args });
      }
      const meant = typeShape(form.items);
      if (meant !== undefined) {
        cx.error('bad-type', form, 'this is not a type', { hint: `it is written \`${meant}\`` });
        return ERROR;
      }
      if (head.kind === 'symbol' && head.name === 'Fn') return functionType(cx, form, rest, scope);
      if (head.kind === 'symbol') return namedType(cx, head, rest, form, scope);
      break;
    }
  }
  const element = form.kind === 'vector' && form.items.length === 1 ? form.items[0] : undefined;
  const [key, value] = form.kind === 'map' && form.items.length === 2 ? form.items : [];
  cx.error('bad-type', form, 'this is not a type', {
    hint:
      element !== undefined
        ? `a vector's is written \`(Vector ${print(element)})\``
        : key !== undefined && value !== undefined
          ? `a map's is written \`(Map ${print(key)} ${print(value)})\``
          : "types look like `i64`, `(Vector String)`, `(Fn [i64] Bool)`, `'a`",
  });
  return ERROR;
}

/** `(i64 -> i64)` and `(-> i64 i64)`, as they are meant. */
function typeShape(items: readonly Form[]): string | undefined {
  const arrow = items.findIndex((item) => symbolName(item) === '->' || symbolName(item) === '=>');
  const isRow = arrow === items.length - 2 || (arrow === 0 && symbolName(items[0]) === '->');
  if (arrow >= 0 && isRow && items.length > 1) {
    const types = items.filter((_, i) => i !== arrow).map(print);
    return `(Fn [${types.slice(0, -1).join(' ')}] ${types.at(-1)})`;
  }
  return undefined;
}

/** `(i64, i64)`, as it is meant. */
function tupleShape({ module }: TypeScope, items: readonly Form[]): string | undefined {
  const isType = (item: Form) => item.kind !== 'symbol' || module.type(item) !== undefined;
  return items.every(isType) ? `(Tuple ${items.map(print).join(' ')})` : undefined;
}

function functionType(cx: Inference, form: Form, rest: readonly Form[], scope: TypeScope): Type {
  const [params, result] = rest;
  if (params?.kind !== 'vector' || result === undefined || rest.length > 2) {
    cx.error('bad-type', form, 'this function type is not put together right', {
      hint: 'it is written `(Fn [a b] result)`',
    });
    return ERROR;
  }
  return functionOf(
    params.items.map((p) => typeFrom(cx, p, scope)),
    typeFrom(cx, result, scope),
  );
}

function namedType(
  cx: Inference,
  name: SymbolForm,
  argForms: readonly Form[],
  form: Form,
  scope: TypeScope,
): Type {
  const found = scope.module.type(name);
  if (found === undefined && name.name === 'Array') return arrayType(cx, argForms, form, scope);
  const args = argForms.map((arg) => typeFrom(cx, arg, scope));
  if (found === undefined) {
    if (name.name === 'Tuple') return tupleOf(args);
    if (!scope.module.refused.has(name.name) && !isStray(name.name)) reportUnknown(cx, name, scope.module);
    return ERROR;
  }
  if (args.length !== found.parameters.length) {
    const wanted = found.parameters.length;
    // What lacks its last types is what a higher-kinded parameter stands for: `(instance (Functor Option) ...)`.
    if (args.length < wanted && found.kind !== 'alias') return { kind: 'named', definition: found, args };
    const together = wanted === 0 ? tupleShape(scope, [name, ...argForms]) : undefined;
    cx.error(
      'wrong-kind',
      form,
      `\`${name.name}\` takes ${wanted === 0 ? 'no types' : count(wanted, 'type')}, not ${args.length}`,
      together === undefined ? {} : { hint: `several together are a \`${together}\`` },
    );
    return ERROR;
  }
  if (found.kind !== 'alias') return { kind: 'named', definition: found, args };
  return substitute(aliasType(cx, found), new Map(found.parameters.map((p, i) => [p, args[i] as Type])));
}

/** `(Array 16 f64)`; `(Array 16)` is what a higher-kinded type variable may stand for. */
function arrayType(cx: Inference, argForms: readonly Form[], form: Form, scope: TypeScope): Type {
  const [size, of, ...more] = argForms;
  if (size === undefined || more.length > 0) {
    cx.error('wrong-kind', form, '`Array` takes a length and a type', { hint: 'as in `(Array 16 f64)`' });
    return ERROR;
  }
  if (of?.kind === 'integer' && size.kind !== 'integer') {
    cx.error('bad-type', form, 'the length of an array comes before the type of its elements', {
      hint: `it is written \`(Array ${print(of)} ${print(size)})\``,
    });
    return ERROR;
  }
  const length = lengthFrom(cx, size, `(Array 16 ${of === undefined ? 'f64' : print(of)})`);
  const args = of === undefined ? [] : [typeFrom(cx, of, scope)];
  if (length === undefined) return ERROR;
  const type: Type = { kind: 'named', definition: arrayDefinition(length), args };
  const numbers = numbersIn(type);
  if (numbers <= MOST_ARRAY_ELEMENTS) return type;
  cx.error('too-wide', form, tooWide(numbers), { hint: ELEMENTS_ELSEWHERE });
  return ERROR;
}

/** How many elements an array comes to that are no arrays themselves. */
function numbersIn(type: Type): number {
  const [of] = type.kind === 'named' ? type.args : [];
  const length = arrayLength(type);
  return length === undefined ? 1 : length * (of === undefined ? 1 : numbersIn(prune(of)));
}

/** What an alias stands for, in terms of its parameters. */
export function aliasType(cx: Inference, alias: AliasEntry): Type {
  if (alias.type !== undefined) return alias.type;
  if (alias.resolving) {
    cx.error('circular-alias', alias.span, `the alias \`${alias.name}\` stands for itself`);
    return ERROR;
  }
  alias.resolving = true;
  const variables = parameterScope(alias.parameters);
  const type = typeFrom(cx, alias.form, { module: alias.module, variables, introduce: undefined });
  alias.resolving = false;
  alias.type = cx.bounded(type, alias.span);
  return alias.type;
}

/** Type variables by name. */
export function parameterScope(parameters: readonly Parameter[]): Map<string, Type> {
  return new Map(parameters.map((p) => [p.name, { kind: 'parameter', parameter: p }]));
}

function reportUnknown(cx: Inference, name: SymbolForm, module: Module): void {
  if (NOT_YET.has(name.name)) {
    cx.error('not-supported-yet', name, `the type \`${name.name}\` is not supported yet`);
    return;
  }
  if (module.lacks(name.name) && foreignType(name.name) === undefined) return;
  const near = nearest(name.name, [...module.names('types'), 'Fn', 'Tuple', 'Array']);
  const isClass = module.class(name) !== undefined;
  const foreign = foreignType(name.name) ?? foreignShape(name.name);
  cx.error('unknown-type', name, `there is no type \`${name.name}\` here`, {
    ...(isClass
      ? {
          hint: `\`${name.name}\` is a class: it can constrain a type variable, as in \`(=> (${name.name} 'a) ...)\``,
        }
      : foreign !== undefined
        ? { hint: foreign }
        : near === undefined
          ? {}
          : { hint: `did you mean \`${near}\`?` }),
  });
}

/** `Vector<i64>` and `i64?`. */
function foreignShape(name: string): string | undefined {
  const [, head, inside] = /^([\w-]+)<([\w-]+)>$/.exec(name) ?? [];
  if (head !== undefined && inside !== undefined) return `it is written \`(${head} ${inside})\``;
  const [, optional] = /^([\w-]+)\?$/.exec(name) ?? [];
  return optional === undefined ? undefined : `what may be missing is an \`(Option ${optional})\``;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** True for types that values can have: without missing arguments. */
function isSaturated(type: Type): boolean {
  const t = prune(type);
  return t.kind !== 'named' || t.args.length === t.definition.parameters.length || isVariadic(t.definition);
}

function isVariadic(definition: TypeDefinition): boolean {
  return definition.name === 'Tuple';
}

/** Type variables in a sentence. */
export function showNames(parameters: readonly Parameter[]): string {
  return parameters.map((p) => `\`'${p.name}\``).join(' or ');
}
