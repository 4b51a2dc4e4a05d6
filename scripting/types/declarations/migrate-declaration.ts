/** `migrate`: what fields become of objects that a reload finds with other fields than their type has now. */

import { type Form, type ListForm, nearest, print, type SymbolForm, symbolName } from '../../syntax/index.ts';
import { typeFrom } from '../forms/index.ts';
import { type FieldDefinition, parameterType, type Type, type TypeDefinition } from '../model/index.ts';
import { list, type Migration } from '../solving/index.ts';
import type { Declarations } from './declarations.ts';
import { typeHead } from './type-declaration.ts';

/** `(migrate ((old Body)) :hp (* 2 (.hit-points old)))`. What the fields become is inferred when all else has been. */
export function declareMigration(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const [, binder, ...rest] = form.items;
  const parts = binder === undefined ? undefined : binderOf(binder);
  const isPaired =
    rest.length > 0 &&
    rest.length % 2 === 0 &&
    rest.every((item, i) => i % 2 === 1 || item.kind === 'keyword');
  if (parts === undefined || !isPaired) {
    const known = shapeOf(binder, parts);
    cx.malformed(form, 'migrate', `(migrate ${known} :field e ...)`);
    return;
  }
  module.later.push(() => {
    const owner = ownerOf(module, parts.type);
    if (owner === undefined) return;
    const { definition, variables } = owner;
    const other = cx.migrations.find((migration) => migration.definition === definition);
    if (other !== undefined) {
      cx.error('duplicate-definition', form, `\`${definition.name}\` has two \`migrate\`s`, {
        hint: 'one says what all of its fields become',
        notes: [{ message: 'the other is here', span: other.span }],
      });
      return;
    }
    const fields: { readonly field: FieldDefinition; readonly value: Form }[] = [];
    for (let i = 0; i + 1 < rest.length; i += 2) {
      const [key, value] = [rest[i], rest[i + 1]];
      if (key?.kind !== 'keyword' || value === undefined) continue;
      const field = fieldNamed(module, definition, key);
      if (field === undefined) continue;
      if (fields.some((known) => known.field === field))
        cx.error('repeated-argument', key, `the field \`${key.name}\` is given twice`);
      else fields.push({ field, value });
    }
    const entryOf: Migration['entryOf'] = ({ field, value }) =>
      module.functionEntry(value, `migrate ${definition.name}.${field.name}`, value.span, [], [value]);
    cx.migrations.push({
      definition,
      old: parts.old,
      variables,
      fields,
      entryOf,
      module: module.module,
      span: form.span,
    });
  });
}

/** What stands first, as it is meant: `(old Body)` has lost its inner parentheses. */
function shapeOf(binder: Form | undefined, parts: ReturnType<typeof binderOf>): string {
  const [old, type, ...more] = binder?.kind === 'list' ? binder.items : [];
  const isFlat = old?.kind === 'symbol' && type?.kind === 'symbol' && more.length === 0;
  if (isFlat) return `((${print(old)} ${print(type)}))`;
  return parts === undefined ? '((old Body))' : `((${parts.old.name} ${print(parts.type)}))`;
}

/** `((old Body))`, and `((old : Body))`, as parameters are written. */
function binderOf(form: Form): { readonly old: SymbolForm; readonly type: Form } | undefined {
  const [only, ...others] = form.kind === 'list' ? form.items : [];
  if (only?.kind !== 'list' || others.length > 0) return undefined;
  const [old, type, ...more] = only.items.filter((item) => symbolName(item) !== ':');
  return old?.kind === 'symbol' && type !== undefined && more.length === 0 ? { old, type } : undefined;
}

/** The type that is migrated, and what the type variables in its name stand for; reports what has no fields of this module's. */
function ownerOf(
  module: Declarations,
  form: Form,
): { readonly definition: TypeDefinition; readonly variables: Map<string, Type> } | undefined {
  const { cx } = module;
  const head = form.kind === 'list' ? form.items[0] : form;
  const found = head?.kind === 'symbol' ? module.module.type(head) : undefined;
  if (head?.kind !== 'symbol' || found === undefined) {
    // It says what is wrong with it.
    typeFrom(cx, form, { module: module.module, variables: new Map(), introduce: undefined });
    return undefined;
  }
  const { name } = head;
  if (found.kind === 'alias') {
    cx.error('bad-type', form, `\`${name}\` is another name for a type`, {
      hint: `\`migrate\` takes the type by its own: \`${print(found.form)}\``,
    });
    return undefined;
  }
  const home = cx.homes.get(found);
  if (home !== module.module) {
    const where = home === undefined ? 'the language' : `\`${home.name}\``;
    cx.error('foreign-migration', form, `\`${name}\` is a type of ${where}`, {
      hint: 'the file that defines a type says what becomes of its fields',
    });
    return undefined;
  }
  if (found.kind === 'sum') {
    cx.error('bad-form', form, `\`${name}\` has variants, and \`migrate\` is about fields`, {
      hint: 'a reload keeps variants by their names; what has to be converted can be a struct that a variant holds',
    });
    return undefined;
  }
  const given = typeHead(form)?.parameters;
  if (given?.length !== found.parameters.length) {
    const shape =
      found.parameters.length === 0
        ? name
        : `(${[name, ...found.parameters.map((p) => `'${p.name}`)].join(' ')})`;
    cx.error('wrong-kind', form, `\`migrate\` is about all types that \`${name}\` makes`, {
      hint: `it is written \`(migrate ((old ${shape})) ...)\``,
    });
    return undefined;
  }
  const meant = found.parameters.map(parameterType);
  return {
    definition: found,
    variables: new Map(given.map((p, i) => [p.name, meant[i] as Type])),
  };
}

function fieldNamed(
  { cx }: Declarations,
  { name, fields }: TypeDefinition,
  key: Form & { readonly kind: 'keyword' },
): FieldDefinition | undefined {
  const found = fields.find((field) => field.name === key.name);
  if (found !== undefined) return found;
  const names = fields.map((field) => field.name);
  const near = nearest(key.name, names);
  const others = names.length > 0 ? `it has ${list(names)}` : 'it has none';
  cx.error('unknown-field', key, `\`${name}\` has no field \`${key.name}\``, {
    hint: near === undefined ? others : `did you mean \`:${near}\`?`,
  });
  return undefined;
}
