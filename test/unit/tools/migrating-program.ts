/** The text of random programs, and what a plain model makes of an edit. */
import type { Held, Placement, Version } from './migrating-places.ts';
import { type Definition, type Definitions, type Field, tyText } from './migrating-types.ts';
import { type Migrating, makerText, makeText, type Value } from './migrating-values.ts';

/**
 * The script. Its last first value asks the host, which may let it fail: then all others were computed, and the host has been given
 * something. Defaults go by a constant that asks the host too.
 */
export function programText(version: Version, places: readonly Placement[]): string {
  const { definitions } = version;
  const all = [...definitions.values()];
  const makers = all.flatMap((definition) => makerText(definition, definitions) ?? []);
  const lent = places.find(({ name }) => name === 'lent') as Placement;
  return [
    `(extern-type "host" Thing)
(extern "host"
  (defn zero () : i64) (defn thing ((n : i64)) : Thing) (defn number-of ((t : Thing)) : i64)
  (defn note ((held : (MutVec ${tyText(lent.type)}))) : Unit) (defn trial () : i64))
(defglobal *zero* : i64 (zero))`,
    ...all.map((definition) => definitionText(definition, definitions)),
    ...all.flatMap((definition) => migrationText(definition) ?? []),
    ...makers,
    ...places.map((place) => place.text(version)),
    '(defglobal *trial* : i64 (do (note *lent*) (+ (number-of (thing 4)) (nth [0 1] (trial)))))',
    '(pub defn trial-of () : i64 *trial*)',
  ].join('\n');
}

function definitionText({ name, kind, generic, variants }: Definition, definitions: Definitions): string {
  const fields = (all: readonly Field[]): string =>
    all.map((field) => fieldText(field, definitions)).join(' ');
  const head = generic ? `(${name} 'a)` : name;
  if (kind !== 'sum') return `(def${kind} ${head} ${fields(variants[0]?.fields ?? [])})`;
  const cases = variants.map((v) => (v.fields.length === 0 ? v.name : `(${v.name} ${fields(v.fields)})`));
  return `(deftype ${head} ${cases.join(' ')})`;
}

function fieldText({ name, type, rule }: Field, definitions: Definitions): string {
  const value =
    rule?.kind === 'default'
      ? ` ${makeText(type, rule.n % 2 === 0 ? String(rule.n) : `(+ ${rule.n} *zero*)`, definitions)}`
      : '';
  return `(${name} : ${tyText(type)}${value})`;
}

function migrationText({ name, kind, generic, variants }: Definition): string | undefined {
  if (kind === 'sum') return undefined;
  const rules = (variants[0]?.fields ?? []).flatMap(({ name: field, rule }) =>
    rule?.kind !== 'migrate'
      ? []
      : rule.from === undefined
        ? [`:${field} 77`]
        : [`:${field} (+ 1000 (ann i64 (.${rule.from} old)))`],
  );
  return rules.length === 0
    ? undefined
    : `(migrate ((old ${generic ? `(${name} 'a)` : name})) ${rules.join(' ')})`;
}

/** What becomes of what is in a place. Throws an `Impossible` where something cannot be brought along. */
export function migrated(held: Held, { type }: Placement, migrating: Migrating): Held {
  const all = (values: readonly Value[]): readonly Value[] =>
    values.map((value) => migrating.value(value, type));
  return { ...held, values: all(held.values), hidden: all(held.hidden) };
}
