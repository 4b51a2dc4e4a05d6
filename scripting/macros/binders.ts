/** Which local names a form binds: a local name hides a macro of the same name. */
import { type Form, headName, type ListForm, type SymbolForm, symbolName } from '../syntax/index.ts';

/**
 * The names that the parts of a form may see as locals. Too many make no harm: no macro is called like a local. An arena's
 * name is none.
 */
export function boundBy(form: ListForm): readonly SymbolForm[] {
  return [...boundByHead(form), ...form.items.flatMap(definedBy)];
}

/** A function that a body defines. */
function definedBy(form: Form): readonly SymbolForm[] {
  if (form.kind !== 'list' || headName(form) !== 'defn') return [];
  return names(form.items[1]);
}

function boundByHead(form: ListForm): readonly SymbolForm[] {
  const [, second, third] = form.items;
  switch (headName(form)) {
    case 'fn':
    case 'for':
    case 'for-each':
    case 'for-entities':
    case 'find-entity':
    case 'if-let':
    case 'when-let':
      return second === undefined ? [] : names(firstIfBinder(form, second));
    case 'defn':
    case 'behave':
    case 'on-event':
      return third === undefined ? [] : names(third);
    case 'migrate':
      return names(second);
    case 'let':
    case 'letrec':
      return second?.kind === 'list'
        ? second.items.flatMap((b) => (b.kind === 'list' ? names(boundInLet(b)) : []))
        : [];
    case 'match':
      return form.items.slice(2).flatMap((arm) => (arm.kind === 'list' ? names(arm.items[0]) : []));
    default:
      return [];
  }
}

/** `(x 1)` and `(mut x 1)`. */
function boundInLet({ items: [first, second] }: ListForm): Form | undefined {
  return symbolName(first) === 'mut' ? second : first;
}

function firstIfBinder(form: ListForm, second: Form): Form | undefined {
  const isList = symbolName(form.items[0]) !== 'fn' && second.kind === 'list';
  return isList ? second.items[0] : second;
}

function names(form: Form | undefined): readonly SymbolForm[] {
  if (form?.kind === 'symbol') return [form];
  if (form?.kind === 'list' || form?.kind === 'map') return form.items.flatMap(names);
  return [];
}
