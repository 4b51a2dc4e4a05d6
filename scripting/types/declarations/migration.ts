/**
 * What `migrate` makes of fields. The object that it is about has fields that the program does not define any more, so each is of a
 * type that its uses say, the same in the whole form. Each expression becomes a function of those fields that it reads:
 *
 *     (migrate ((old Body)) :hp (* 2 (.hit-points old)))       hp : i32, and so hit-points : i32
 *     migrate Body.hp : (Fn [i32] i32), which reads hit-points
 */

import { check } from '../forms/index.ts';
import {
  type Binding,
  ERROR,
  functionOf,
  hidden,
  parameter,
  prune,
  Scope,
  showPredicate,
  showType,
  type Type,
  type TypedExpression,
  type TypedMigration,
  variables,
} from '../model/index.ts';
import { generaliseGroup, guessFields, type Inference, type Migration, solve } from '../solving/index.ts';

/** Infers them all, and enters their functions. */
export function checkMigrations(cx: Inference): readonly TypedMigration[] {
  return cx.migrations.map((migration) => checkMigration(cx, migration));
}

/** A field that the object had, by what is known of it. */
interface FormerField {
  readonly name: string;
  readonly type: Type;
  readonly first: Binding;
}

function checkMigration(cx: Inference, migration: Migration): TypedMigration {
  const { definition, module, fields, old } = migration;
  const before = cx.errors;
  cx.level++;
  cx.givens = [];
  const former = new Map<string, FormerField>();
  const made = fields.map((one) => {
    const reads = new Map<string, Binding>();
    const scope = new Scope({
      module,
      typeVariables: migration.variables,
      result: ERROR,
      drops: false,
      isFunction: false,
      span: one.value.span,
    });
    scope.define(old, {
      binding: hidden(old.name, ERROR, old.span),
      former: (name, span) => {
        const type = former.get(name)?.type ?? cx.fresh();
        const binding = reads.get(name) ?? hidden(name, type, span);
        reads.set(name, binding);
        if (!former.has(name)) former.set(name, { name, type, first: binding });
        return binding;
      },
    });
    const body = check(cx, scope, one.value, one.field.type, `the field \`${one.field.name}\``);
    return { ...one, body, reads: [...reads.values()] };
  });
  solve(cx);
  while (guessFields(cx)) solve(cx);
  for (const field of former.values()) rejectUnknown(cx, migration, field);
  const { constraints, places } = generaliseGroup(cx, {
    roots: [],
    module,
    bodies: made.map(({ body }) => body),
    errorsBefore: before,
  });
  cx.level--;
  const [place] = places;
  if (place !== undefined)
    cx.error(
      'missing-constraint',
      place,
      `this needs ${constraints.map(showPredicate).join(' ')}, and the parameters of \`${definition.name}\` may be any types`,
    );
  const functions = made.map(({ field, value, body, reads }) =>
    enter(cx, migration, { field, value }, body, reads),
  );
  return { definition, functions: new Map(functions) };
}

/** Nothing says what a field was: that is asked for, since a guess would be found wrong only by a reload. */
function rejectUnknown(
  cx: Inference,
  { old, definition }: Migration,
  { name, type, first }: FormerField,
): void {
  const unknown = [...variables(type)].flatMap((v) => ('kind' in v && v.literal === undefined ? [v] : []));
  if (unknown.length === 0) return;
  const now = definition.fields.find((field) => field.name === name)?.type;
  cx.error('ambiguous-type', first.span, `it is not known of what type \`${name}\` was`, {
    hint: `\`(ann ${now === undefined ? 'i64' : showType(now)} (.${name} ${old.name}))\` says it`,
  });
  for (const meta of unknown) if (prune(meta) === meta) meta.solution = ERROR;
}

/** The function that computes a field from what the object had. */
function enter(
  cx: Inference,
  { definition, entryOf }: Migration,
  one: Migration['fields'][number],
  body: TypedExpression,
  reads: readonly Binding[],
): readonly [field: string, key: string] {
  const entry = entryOf(one);
  const type = functionOf(
    reads.map((binding) => binding.type),
    one.field.type,
  );
  entry.scheme = { parameters: definition.parameters, constraints: [], type };
  entry.declared = true;
  entry.typed = {
    name: entry.name,
    key: entry.key,
    public: false,
    typeParameters: definition.parameters,
    constraints: [],
    params: reads.map(parameter),
    result: one.field.type,
    body,
    span: one.value.span,
  };
  cx.functions.push(entry);
  return [one.field.name, entry.key];
}
