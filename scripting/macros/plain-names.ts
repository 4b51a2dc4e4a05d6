/**
 * Hygiene made visible: expanded forms in which every name is text alone, so that they mean the same when they are
 * printed and read again. Names of one spelling that cannot bind one another are told apart by a number: `tmp` of the
 * text stays `tmp`, that of a macro's template becomes `tmp%1`.
 *
 * Where a name is also used for something that is not local (a global, a function), all local names of its spelling are
 * renamed, so that none hides it. It is enough to look at each top-level form by itself.
 */
import {
  bindingKey,
  children,
  type Form,
  headName,
  type ListForm,
  type SymbolForm,
  symbolName,
} from '../syntax/index.ts';

/**
 * The forms with plain names. Macros' definitions are left out: nothing calls them any more. `constructors` are the
 * names that mean a variant or product in a pattern, and so bind nothing there; see `constructorNames`.
 */
export function withPlainNames(forms: readonly Form[], constructors: ReadonlySet<string>): readonly Form[] {
  return forms
    .filter((form) => !isMacro(form))
    .map((form) => {
      const found = new Names(constructors);
      found.visit(form);
      const names = found.spellings();
      return rewrite(form, (symbol) => names.get(bindingKey(symbol)) ?? symbol.name);
    });
}

/** The names of variants and products that forms define. */
export function constructorNames(forms: readonly Form[]): readonly string[] {
  return forms.flatMap((form) => {
    const items = form.kind === 'list' ? (headName(form) === 'pub' ? form.items.slice(1) : form.items) : [];
    const [head, name, ...rest] = items;
    switch (symbolName(head)) {
      case 'deftype':
        return rest.flatMap(nameOf);
      case 'defstruct':
      case 'defvalue':
      case 'defentity':
        return name === undefined ? [] : nameOf(name);
      default:
        return [];
    }
  });
}

/** `Name` or `(Name ...)`. */
function nameOf(form: Form): readonly string[] {
  const name = symbolName(form) ?? headName(form);
  return name === undefined ? [] : [name];
}

function isMacro(form: Form): boolean {
  const name = headName(form);
  return (
    name === 'defmacro' ||
    (name === 'pub' && form.kind === 'list' && symbolName(form.items[1]) === 'defmacro')
  );
}

/** Forms in which a `defn` is no local one. */
const OUTSIDE_BODIES: ReadonlySet<string> = new Set(['pub', 'instance', 'target']);

/** What one top-level form has of names: by spelling, the keys that something binds and those that nothing binds. */
class Names {
  readonly #constructors: ReadonlySet<string>;
  readonly #keys = new Map<string, SymbolForm>();
  readonly #bound = new Set<string>();

  constructor(constructors: ReadonlySet<string>) {
    this.#constructors = constructors;
  }

  /** `isLocal`: in a body, where a `defn` defines a local name. */
  visit(form: Form, isLocal = false): void {
    if (form.kind === 'symbol') this.#keys.set(bindingKey(form), form);
    if (form.kind === 'list') for (const pattern of patternsOf(form)) this.#bind(pattern);
    const head = headName(form);
    const name = form.kind === 'list' && isLocal && head === 'defn' ? form.items[1] : undefined;
    if (name !== undefined) this.#bind(name);
    const arena = frameOf(form);
    const inBody = isLocal || (head !== undefined && !OUTSIDE_BODIES.has(head));
    for (const child of children(form)) if (child !== arena) this.visit(child, inBody);
  }

  #bind(pattern: Form): void {
    if (pattern.kind === 'symbol' && !this.#constructors.has(pattern.name) && pattern.name !== '_') {
      this.#keys.set(bindingKey(pattern), pattern);
      this.#bound.add(bindingKey(pattern));
    }
    if (pattern.kind !== 'list' && pattern.kind !== 'map') return;
    const items = pattern.kind === 'list' ? withoutType(pattern) : pattern.items.flatMap(spelledOut);
    for (const item of items) if (item !== undefined) this.#bind(item);
  }

  /** The text of each name that cannot keep its own, by its key. */
  spellings(): ReadonlyMap<string, string> {
    const bySpelling = new Map<string, string[]>();
    for (const [key, { name }] of this.#keys) bySpelling.set(name, [...(bySpelling.get(name) ?? []), key]);
    const texts = new Map<string, string>();
    for (const [name, keys] of bySpelling) {
      const bound = keys.filter((key) => this.#bound.has(key));
      const isFree = bound.length < keys.length;
      // The name as it is in the text, if any, keeps it.
      bound.sort((a, b) => Number(b === name) - Number(a === name));
      let number = 0;
      for (const key of isFree && keys.length > 1 ? bound : bound.slice(1)) {
        do number += 1;
        while (bySpelling.has(`${name}%${number}`));
        texts.set(key, `${name}%${number}`);
      }
    }
    return texts;
  }
}

/** The `frame` of `(with-arena frame ...)`, `(with-arena (frame) ...)` and `(outside frame e)`: no name that anything else binds. */
function frameOf(form: Form): Form | undefined {
  if (form.kind !== 'list') return undefined;
  const [, name, ...rest] = form.items;
  const isNamed =
    headName(form) === 'with-arena'
      ? (symbolName(name) ?? (name === undefined ? undefined : headName(name))) === 'frame'
      : headName(form) === 'outside' && symbolName(name) === 'frame' && rest.length > 0;
  return isNamed ? name : undefined;
}

/** `(p : T)` and `(mut x : T)` without the type; `(mut x)` without its mark. */
function withoutType({ items }: ListForm): readonly Form[] {
  const colon = items.findIndex((item) => symbolName(item) === ':');
  const pattern = colon < 0 ? items : items.slice(0, colon);
  return symbolName(pattern[0]) === 'mut' ? pattern.slice(1) : pattern;
}

/** The patterns in which a form binds names. */
function patternsOf(form: ListForm): readonly Form[] {
  const [head, second, third, fourth] = form.items;
  const parts = (list: Form | undefined) => (list?.kind === 'list' ? list.items : []);
  const one = (list: Form | undefined) => parts(list).slice(0, 1);
  switch (symbolName(head)) {
    case 'fn':
      return parts(second);
    case 'pub':
      return symbolName(second) === 'defn' ? parts(fourth) : [];
    case 'defn':
    case 'behave':
    case 'on-event':
      return parts(third);
    case 'for':
    case 'for-each':
    case 'for-entities':
    case 'find-entity':
    case 'if-let':
    case 'when-let':
      return one(second);
    case 'with-arena':
      return frameOf(form) !== undefined ? [] : second?.kind === 'symbol' ? [second] : one(second);
    case 'migrate':
      return parts(second).flatMap(one);
    case 'let':
    case 'letrec':
      return parts(second).map(boundInLet);
    case 'match':
      return form.items.slice(2).flatMap((arm) => one(arm));
    default:
      return [];
  }
}

/** `(x 1)` and `(mut x 1)`. */
function boundInLet(binding: Form): Form {
  const [first, second] = binding.kind === 'list' ? binding.items : [];
  return (symbolName(first) === 'mut' ? second : first) ?? binding;
}

function rewrite(form: Form, nameOfSymbol: (symbol: SymbolForm) => string): Form {
  const arena = frameOf(form);
  const all = (items: readonly Form[]) =>
    items.map((item) => rewrite(item, item === arena ? ({ name }) => name : nameOfSymbol));
  switch (form.kind) {
    case 'symbol':
      return { kind: 'symbol', name: nameOfSymbol(form), span: form.span };
    case 'list':
    case 'vector':
      return { ...form, items: all(form.items) };
    case 'map':
      return { ...form, items: all(renamedFields(form.items, nameOfSymbol)) };
    case 'try':
    case 'template':
    case 'unquote':
    case 'splice':
      return { ...form, form: rewrite(form.form, nameOfSymbol) };
    default:
      return form;
  }
}

/** `{:x}` in a pattern binds `x`: as in `{:x x}`. */
function spelledOut(item: Form, index: number, items: readonly Form[]): readonly [Form, SymbolForm?] {
  const next = items[index + 1];
  if (item.kind !== 'keyword' || (next !== undefined && next.kind !== 'keyword')) return [item];
  return [item, { kind: 'symbol', name: item.name, span: item.span }];
}

/** `{:x}` is to be `{:x x%1}` where `x` is renamed. */
function renamedFields(items: readonly Form[], nameOf: (symbol: SymbolForm) => string): readonly Form[] {
  return items.flatMap((item, i) => {
    const [, name] = spelledOut(item, i, items);
    return name === undefined || nameOf(name) === name.name ? [item] : [item, name];
  });
}
