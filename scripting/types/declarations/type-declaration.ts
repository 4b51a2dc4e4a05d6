/** Top-level forms that define types: structs, values, entities, sums and aliases. */

import {
  children,
  type Diagnostic,
  type FieldForm,
  type Form,
  fieldForm,
  type ListForm,
  print,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import { aliasType, foreignType, parameterScope, typedForms, typeFrom, withColons } from '../forms/index.ts';
import {
  type AliasEntry,
  ERROR,
  type FieldDefinition,
  type FieldOwner,
  isPlace,
  newParameter,
  type Parameter,
  type Type,
  type TypeDefinition,
  type VariantDefinition,
} from '../model/index.ts';
import type { Declarations } from './declarations.ts';
import { declareDefault } from './field-default.ts';

/** `(defstruct (Pair 'a 'b) (fst : 'a) (mut snd : 'b))`, and the same for values and entities. */
export function declareProduct(module: Declarations, form: ListForm, head: string): void {
  const { cx } = module;
  const [, name, ...fieldForms] = form.items;
  const shape = `(${head} Name (field : type) (mut field : type))`;
  const parts = name === undefined ? undefined : typeHead(name);
  if (name === undefined || parts === undefined) {
    cx.malformed(form, head, shape);
    return;
  }
  const { symbol, parameters } = parts;
  if (head === 'defentity' && parameters.length > 0)
    cx.error('bad-form', name, 'an entity type has no parameters');
  const fields: FieldDefinition[] = [];
  const definition: TypeDefinition = {
    kind: head === 'defvalue' ? 'value' : 'struct',
    name: symbol.name,
    key: module.key(symbol.name),
    parameters,
    fields,
    variants: [],
    entity: head === 'defentity',
    span: symbol.span,
  };
  if (!enter(module, symbol, definition)) return;
  module.define(symbol, { kind: 'constructor', makes: definition });
  const types = { module: module.module, variables: parameterScope(parameters), introduce: undefined };
  module.later.push(() => {
    const whole = (all: string) => `(${head} ${print(name)} ${all})`;
    const written = typedForms(cx, withColons(fieldForms), 'a field', whole);
    const meant = written.map((item) => fieldShape(item) ?? (fieldOf(item) ? print(item) : undefined));
    const hint = meant.includes(undefined) ? shape : whole(meant.join(' '));
    let isTold = false;
    for (const item of written) {
      const field = fieldOf(item);
      if (field === undefined) {
        // All fields are written the same way.
        if (!isTold) cx.malformed(item, head, hint);
        isTold = true;
        // What is made of it is not wrong besides.
        fields.push({ name: nameOf(item) ?? '_', type: ERROR, mutable: true, span: item.span });
        continue;
      }
      const fieldName = field.name.name;
      if (fields.some((f) => f.name === fieldName))
        cx.error('repeated-name', item, `\`${symbol.name}\` has two fields \`${fieldName}\``);
      const type = typeFrom(cx, field.type, types);
      if (definition.entity && isPlace(type) && fields.some((other) => isPlace(other.type)))
        cx.error(
          'bad-form',
          item,
          `\`${symbol.name}\` is in one place: only one of its fields can be a \`Place\``,
        );
      const owner = { field: fieldName, name: symbol.name, fields };
      fields.push({
        name: fieldName,
        type,
        mutable: field.mutable,
        ...defaultOf(module, definition, owner, type, field),
        span: item.span,
      });
    }
  });
}

function fieldOf(item: Form): (FieldForm & { readonly name: SymbolForm }) | undefined {
  const field = fieldForm(item);
  return field?.name.kind === 'symbol' ? { ...field, name: field.name } : undefined;
}

function defaultOf(
  module: Declarations,
  definition: TypeDefinition,
  owner: FieldOwner,
  type: Type,
  field: FieldForm,
): { default?: string } {
  if (field.default === undefined) return {};
  return { default: declareDefault(module, definition, owner, type, field.default) };
}

function nameOf(item: Form): string | undefined {
  const words = item.kind === 'list' || item.kind === 'vector' ? item.items : [item];
  return symbolName(words.find((word) => symbolName(word) !== 'mut'));
}

/** `(x i64)`, `[x : i64]` and `(x : i64 = 1)`, as they are meant. */
function fieldShape(item: Form): string | undefined {
  const assigned = withoutEquals(item);
  if (assigned !== undefined) return print(assigned);
  if (fieldOf(item) !== undefined) return undefined;
  if (item.kind === 'symbol')
    return item.name === 'mut' || item.name === ':' ? undefined : `(${item.name} : f64)`;
  if (item.kind === 'map' || isRow(item)) return rowShape(item);
  if (item.kind !== 'list' && item.kind !== 'vector') return undefined;
  const [name, ...type] = item.items.filter((part) => symbolName(part) !== ':');
  if (name?.kind !== 'symbol' || type.length !== 1) return undefined;
  return `(${name.name} : ${print(type[0] as Form)})`;
}

/** `(hp : i64 = 10)`, as it is meant. */
function withoutEquals(item: Form): Form | undefined {
  if (item.kind !== 'list' || symbolName(item.items.at(-2)) !== '=') return undefined;
  const meant = { ...item, items: item.items.filter((_, i) => i !== item.items.length - 2) };
  return fieldOf(meant)?.default === undefined ? undefined : meant;
}

/** `(Circle : f64)`, `(Circle r : f64)` and `(Circle r)`, as they are meant; undefined for what is right, or wrong in another way. */
function dataShape({ module }: Declarations, item: Form): string | undefined {
  const [variant, ...data] = item.kind === 'list' ? item.items : [];
  if (variant === undefined || data.length === 0) return undefined;
  const isColon = (part: Form | undefined) => symbolName(part) === ':';
  if (isColon(data[0])) return `(${[variant, ...data.slice(1)].map(print).join(' ')})`;
  const isName = (part: Form) =>
    part.kind === 'symbol' &&
    /^[a-z]/.test(part.name) &&
    module.type(part) === undefined &&
    foreignType(part.name) === undefined;
  if (data.some(isColon)) {
    const [name, , type, ...more] = data;
    return data.length === 3 &&
      name !== undefined &&
      type !== undefined &&
      more.length === 0 &&
      isColon(data[1])
      ? `(${print(variant)} (${print(name)} : ${print(type)}))`
      : undefined;
  }
  if (!data.every(isName)) return undefined;
  return `(${[print(variant), ...data.map((part) => `(${print(part)} : f64)`)].join(' ')})`;
}

/** `(x : f64 y : f64)`: fields in one pair of parentheses. */
function isRow(item: Form): boolean {
  return (
    item.kind === 'list' &&
    item.items.length > 3 &&
    item.items.filter((part) => symbolName(part) === ':').length > 1
  );
}

function rowShape(item: Form): string | undefined {
  const parts = children(item).filter((part) => symbolName(part) !== ':');
  if (parts.length === 0 || parts.length % 2 === 1) return undefined;
  return parts
    .flatMap((part, i) => (i % 2 === 0 ? [`(${nameText(part)} : ${print(parts[i + 1] as Form)})`] : []))
    .join(' ');
}

/** A name, also where it is written `:x`. */
function nameText(form: Form): string {
  return form.kind === 'keyword' ? form.name : print(form);
}

/** `(deftype (Option 'a) (Some 'a) None)`; the data of a variant may have names, and then defaults: `(Circle (radius : f64 1.0))`. */
export function declareSum(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const [, name, ...variantForms] = form.items;
  const shape = "(deftype (Option 'a) (Some 'a) None)";
  const parts = name === undefined ? undefined : typeHead(name);
  if (parts === undefined || variantForms.length === 0) {
    cx.malformed(form, 'deftype', shape);
    return;
  }
  const between = variantForms.filter((item) => ['=', '|'].includes(symbolName(item) ?? ''));
  if (between.length > 0) {
    // That `|` means nothing is no news then.
    const isNews = ({ code, span: { source, start } }: Diagnostic) =>
      code !== 'unexpected-character' ||
      !between.some(({ span }) => span.source === source && span.start === start);
    const { all } = cx.diagnostics;
    all.splice(0, all.length, ...all.filter(isNews));
    const own = variantForms.filter((item) => !between.includes(item));
    cx.malformed(form, 'deftype', `(deftype ${[name as Form, ...own].map(print).join(' ')})`);
    return;
  }
  const { symbol, parameters } = parts;
  const variants: VariantDefinition[] = [];
  const definition: TypeDefinition = {
    kind: 'sum',
    name: symbol.name,
    key: module.key(symbol.name),
    parameters,
    fields: [],
    variants,
    entity: false,
    span: symbol.span,
  };
  if (!enter(module, symbol, definition)) return;
  const types = { module: module.module, variables: parameterScope(parameters), introduce: undefined };
  let isTold = false;
  for (const item of variantForms) {
    const variant = item.kind === 'list' ? item.items[0] : item;
    if (variant?.kind !== 'symbol') {
      cx.malformed(item, 'deftype', shape);
      continue;
    }
    const fields: FieldDefinition[] = [];
    variants.push({ name: variant.name, fields, span: item.span });
    module.define(variant, { kind: 'constructor', makes: definition, variant: variant.name });
    const data = item.kind === 'list' ? item.items.slice(1) : [];
    module.later.push(() => {
      if (dataShape(module, item) !== undefined) {
        // All variants are written the same way, and what is made of them is not wrong besides.
        if (!isTold) {
          const all = variantForms.map((other) => dataShape(module, other) ?? print(other)).join(' ');
          cx.malformed(item, 'deftype', `(deftype ${print(name as Form)} ${all})`);
        }
        isTold = true;
        for (const [i] of data.filter((part) => symbolName(part) !== ':').entries())
          fields.push({ name: String(i), type: ERROR, mutable: false, span: item.span });
        return;
      }
      for (const [i, part] of data.entries()) {
        const named = fieldOf(part);
        if (named?.mutable) cx.error('bad-form', part, 'the data of a variant cannot be changed in place');
        const fieldName = named?.name.name ?? String(i);
        if (fields.some((f) => f.name === fieldName))
          cx.error('repeated-name', part, `\`${variant.name}\` has two fields \`${fieldName}\``);
        const type = typeFrom(cx, named?.type ?? part, types);
        const owner = { field: fieldName, name: variant.name, fields };
        const value = named === undefined ? {} : defaultOf(module, definition, owner, type, named);
        fields.push({ name: fieldName, type, mutable: false, ...value, span: part.span });
      }
    });
  }
}

/** `(deftype-alias Grid (Vector i64))`. */
export function declareAlias(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const [, name, type, ...more] = form.items;
  const parts = name === undefined ? undefined : typeHead(name);
  if (parts === undefined || type === undefined || more.length > 0) {
    cx.malformed(form, 'deftype-alias', '(deftype-alias Name type)');
    return;
  }
  const { symbol, parameters } = parts;
  const entry: AliasEntry = {
    kind: 'alias',
    name: symbol.name,
    parameters,
    form: type,
    module: module.module,
    span: symbol.span,
    type: undefined,
    resolving: false,
  };
  enter(module, symbol, entry);
  module.later.push(() => void aliasType(cx, entry));
}

/** Gives a name of the module its type; false where it has one, which is an error. */
export function enter(
  module: Declarations,
  symbol: Form & { kind: 'symbol' },
  entry: TypeDefinition | AliasEntry,
): boolean {
  const { types } = module.module;
  const known = types.get(symbol.name);
  if (known !== undefined) {
    module.cx.error('duplicate-definition', symbol, `the type \`${symbol.name}\` is defined twice`, {
      notes: known.span === undefined ? [] : [{ message: 'it is defined here too', span: known.span }],
    });
    return false;
  }
  types.set(symbol.name, entry);
  if (entry.kind === 'alias') return true;
  module.cx.types.push(entry);
  module.cx.homes.set(entry, module.module);
  return true;
}

/** `Name` or `(Name 'a 'b)`. */
export function typeHead(
  form: Form,
): { symbol: Extract<Form, { kind: 'symbol' }>; parameters: readonly Parameter[] } | undefined {
  if (form.kind === 'symbol') return { symbol: form, parameters: [] };
  if (form.kind !== 'list') return undefined;
  const [symbol, ...rest] = form.items;
  if (symbol?.kind !== 'symbol') return undefined;
  const names = rest.flatMap((item) => (item.kind === 'type-variable' ? [item.name] : []));
  if (names.length !== rest.length || new Set(names).size !== names.length) return undefined;
  return { symbol, parameters: names.map(newParameter) };
}
