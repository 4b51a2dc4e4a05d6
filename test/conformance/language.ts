/**
 * What the language has, taken from where the compiler has it: forms, names that are always in scope, diagnostic codes.
 * The tests of the suite's and the reference's completeness go by these lists.
 */
import { formsOf, LIBRARY_MODULES, libraryModule, preludeForms } from '../../scripting/library/index.ts';
import {
  CODES,
  children,
  Diagnostics,
  type Form,
  formsThat,
  headName,
  type Source,
  symbolName,
} from '../../scripting/syntax/index.ts';
import { BUILTIN_TYPES } from '../../scripting/types/model/builtin.ts';
import { BUILTIN_CLASSES } from '../../scripting/types/model/builtin-classes.ts';
import { PRIMITIVES } from '../../scripting/types/model/primitives.ts';

/** Every form that this version compiles, by the name it begins with. */
export const FORMS: readonly string[] = [...formsThat(({ planned }) => planned !== true)];

export const ALL_CODES: readonly string[] = Object.keys(CODES);

/** What the prelude defines for its own use has a `%` in its name, or a point, as class defaults have. */
const isInternal = (name: string): boolean => /[%.]/.test(name);

const prelude = preludeForms(new Diagnostics()).forms;

/** `(defn name ...)` and the like.  */
function definedIn(form: Form): readonly string[] {
  if (form.kind !== 'list') return [];
  const [head, second, ...rest] = headName(form) === 'pub' ? form.items.slice(1) : form.items;
  const name = (item: Form | undefined): string[] =>
    item === undefined ? [] : ([symbolName(item) ?? headName(item)].filter(Boolean) as string[]);
  switch (symbolName(head)) {
    case 'defn':
    case 'defmacro':
    case 'defstruct':
    case 'defvalue':
    case 'defglobal':
      return name(second);
    case 'deftype':
      return [...name(second), ...rest.flatMap(name)];
    case 'defclass': {
      // `(=> (Eq 'a) (Ord 'a))`: the class is the last.
      const isConstrained = second?.kind === 'list' && symbolName(second.items[0]) === '=>';
      return [...name(isConstrained ? second.items.at(-1) : second), ...rest.flatMap(name)];
    }
    default:
      return [];
  }
}

/** What the prelude itself defines. */
export const PRELUDE_NAMES: readonly string[] = prelude
  .flatMap(definedIn)
  .filter((name) => !isInternal(name));

/** What the library's modules make public. */
export const MODULE_NAMES: readonly string[] = LIBRARY_MODULES.flatMap((name) =>
  formsOf(libraryModule(name) as Source, new Diagnostics())
    .filter((form) => headName(form) === 'pub')
    .flatMap(definedIn),
);

/** Functions, methods and constants that are always in scope. */
export const FUNCTIONS: readonly string[] = [
  ...new Set([
    ...[...PRIMITIVES.keys()].filter((name) => !isInternal(name)),
    ...[...BUILTIN_CLASSES.values()]
      .flatMap(({ methods }) => [...methods.keys()])
      .filter((name) => !isInternal(name)),
    ...PRELUDE_NAMES.filter((name) => !/^\p{Lu}/u.test(name)),
  ]),
];

/** Types, variants and classes that are always in scope. Classes that no program may name are the compiler's own. */
export const TYPES: readonly string[] = [
  ...new Set([
    ...BUILTIN_TYPES.keys(),
    ...BUILTIN_CLASSES.keys(),
    ...PRELUDE_NAMES.filter((name) => /^\p{Lu}/u.test(name)),
  ]),
].filter((name) => !isInternal(name));

/** Every symbol in some forms. */
export function symbolsIn(forms: readonly Form[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (form: Form): void => {
    if (form.kind === 'symbol') found.add(form.name);
    children(form).forEach(visit);
  };
  forms.forEach(visit);
  return found;
}

/** The names that lists in some forms begin with. */
export function headsIn(forms: readonly Form[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (form: Form): void => {
    const name = headName(form);
    if (name !== undefined) found.add(name);
    children(form).forEach(visit);
  };
  forms.forEach(visit);
  return found;
}
