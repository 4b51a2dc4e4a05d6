/**
 * Expansion: macro calls are rewritten from the outside in until none is left. Top-level forms go first, because they
 * may define macros that others call; order does not matter there.
 */
import {
  bindingKey,
  Diagnostics,
  type Form,
  fieldForm,
  formsThat,
  headName,
  LANGUAGE_FORMS,
  type ListForm,
  NESTING_LIMIT,
  type Source,
  type SymbolForm,
  symbolName,
} from '../syntax/index.ts';
import { boundBy } from './binders.ts';
import { checkForm } from './check.ts';
import { type Import, importOf, moduleNamed } from './import.ts';
import { Expansions, expandCall, type Macro, macroOf } from './macro.ts';
import { FAILED } from './template.ts';
import { thread } from './threading.ts';

/** One source's forms. */
export interface ModuleForms {
  readonly source: Source;
  readonly forms: readonly Form[];
  /** Whether it is one of the library's, which only see one another, and are the same in every program. Default: false. */
  readonly isLibrary?: boolean;
}

export interface ExpandOptions {
  /** Whether failed checks tell the test run, instead of ending the call. Default: false. */
  readonly tests?: boolean;
}

/**
 * The program's forms with every macro call rewritten; the first source is the prelude, whose macros all others see.
 * Macros' definitions stay where they are, so that later stages know their names. A
 * form that nests too deep after its expansion is reported and left out, so that later stages may recurse over what
 * they get.
 */
export function expandProgram(
  modules: readonly ModuleForms[],
  diagnostics: Diagnostics,
  { tests = false }: ExpandOptions = {},
): ModuleForms[] {
  const expansions = new Expansions();
  const library = expandLibrary(modules.filter(({ isLibrary }) => isLibrary === true));
  for (const { macroNames } of library.values()) for (const name of macroNames) expansions.names.add(name);
  const own: Expander[] = [];
  const all = modules.map((module) => {
    const expanded = module.isLibrary === true ? library.get(module.source) : undefined;
    if (expanded !== undefined) return expanded;
    const expander = new Expander(module, expansions, diagnostics, tests);
    own.push(expander);
    return expander;
  });
  const said = diagnostics.all.length;
  expandTogether(own, all);
  // Where no module defines what changes how another is read, a text that was expanded before comes to the same.
  const areAlone = diagnostics.all.length === said && own.every((expander) => expander.isPlain);
  return all.map((expander) => {
    const before = areAlone ? alone.get(expander.source) : undefined;
    const forms = before?.tests === tests ? before.forms : finish(expander, diagnostics);
    if (areAlone && forms !== undefined) alone.set(expander.source, { forms, tests });
    return { source: expander.source, forms: forms ?? expander.finish() };
  });
}

/** What sources were expanded to, in programs without macros of their own; whoever compiles again keeps those whose text is the same. */
const alone = new WeakMap<Source, { readonly forms: readonly Form[]; readonly tests: boolean }>();

/** Its forms, or undefined where something had to be said of them, which is to be said each time. */
function finish(expander: Expander, diagnostics: Diagnostics): readonly Form[] | undefined {
  const before = diagnostics.all.length;
  const forms = expander.finish();
  return diagnostics.all.length === before ? forms : undefined;
}

/** Expands what the forms of some modules define, one round after another; `all` are the modules that there are, the prelude first. */
function expandTogether(modules: readonly Expander[], all: readonly Expander[]): void {
  const [prelude] = all;
  for (const expander of modules) expander.link(expander === prelude ? undefined : prelude, all);
  // Each round may define macros that make further rounds possible; macros end, or their limit ends them.
  while (modules.some((expander) => expander.topLevelStep()));
}

/** The library's modules with all that became of them, by their forms' source, in this process. */
const known = new Map<Source, Expander>();

/** The marks of the library's expansions count down, so that no program's are like them. */
const libraryExpansions = new Expansions(-1);

/** The library's modules, each expanded the first time that a program has it: that took a third of a small program's compilation. */
function expandLibrary(modules: readonly ModuleForms[]): ReadonlyMap<Source, Expander> {
  const added = modules.filter(({ source }) => !known.has(source));
  if (added.length > 0) {
    const diagnostics = new Diagnostics();
    const made = added.map((module) => new Expander(module, libraryExpansions, diagnostics, false));
    for (const expander of made) known.set(expander.source, expander);
    expandTogether(
      made,
      modules.flatMap(({ source }) => known.get(source) ?? []),
    );
    for (const expander of made) expander.finish();
    // A test holds that the library has none.
    if (diagnostics.failed) throw new Error(`the library: ${diagnostics.all.map(({ message }) => message)}`);
  }
  return new Map(modules.map(({ source }) => [source, known.get(source) as Expander]));
}

/** One source's forms by themselves. */
export function expand(forms: readonly Form[], diagnostics: Diagnostics): readonly Form[] {
  const [first] = forms;
  if (first === undefined) return forms;
  return expandProgram([{ source: first.span.source, forms }], diagnostics)[0]?.forms ?? [];
}

interface ImportedModule {
  readonly imported: Import;
  readonly home: Expander;
}

class Expander {
  readonly source: Source;
  readonly #macros = new Map<string, Macro>();
  readonly #expansions: Expansions;
  readonly #diagnostics: Diagnostics;
  readonly #refused = new Set<Form>();
  readonly #tests: boolean;
  #prelude: Expander | undefined;
  #all: readonly Expander[] = [];
  #forms: readonly Form[];
  /** What the forms import; worked out again when macros have made new forms. */
  #imports: readonly ImportedModule[] | undefined;
  #finished: readonly Form[] | undefined;
  /** Names that the module defines otherwise: they hide macros of the prelude. */
  readonly #defined = new Set<string>();

  constructor(
    { source, forms }: ModuleForms,
    expansions: Expansions,
    diagnostics: Diagnostics,
    tests: boolean,
  ) {
    this.source = source;
    this.#forms = forms;
    this.#expansions = expansions;
    this.#diagnostics = diagnostics;
    this.#tests = tests;
    for (const form of forms) this.#note(form);
  }

  link(prelude: Expander | undefined, all: readonly Expander[]): void {
    this.#prelude = prelude;
    this.#all = all;
  }

  /** Expands the top-level forms that are macro calls by one step; true if there were any. */
  topLevelStep(): boolean {
    let changed = false;
    const next: Form[] = [];
    for (const form of this.#forms) {
      const inner = withoutPub(form);
      const step = inner?.kind === 'list' ? this.#step(inner, new Set()) : undefined;
      if (step === undefined) {
        next.push(form);
        continue;
      }
      changed = true;
      const made = headName(step) === 'do' && step.kind === 'list' ? step.items.slice(1) : [step];
      for (const item of made) {
        const one = inner === form ? item : withPub(item);
        this.#note(one);
        next.push(one);
      }
    }
    this.#forms = next;
    if (changed) this.#imports = undefined;
    return changed;
  }

  /** The forms without macro calls. */
  finish(): readonly Form[] {
    this.#finished ??= this.#forms.map((form) => this.#expand(form, 0, new Set()));
    return this.#finished;
  }

  get macroNames(): Iterable<string> {
    return this.#macros.keys();
  }

  /** Whether it defines neither macros nor a name that is rewritten like one, and nothing of it was refused. */
  get isPlain(): boolean {
    const hides = () => [...this.#defined].some((name) => REWRITTEN.has(name));
    return this.#macros.size === 0 && this.#refused.size === 0 && !hides();
  }

  /** Enters a macro's definition, or the name of another one. */
  #note(form: Form): void {
    if (form.kind !== 'list') return;
    if (!isMacroDefinition(form)) {
      const { items } = withoutPub(form) as ListForm;
      const name = items[1]?.kind === 'list' ? items[1].items[0] : items[1];
      if (/^def/.test(symbolName(items[0]) ?? '') && name?.kind === 'symbol') this.#defined.add(name.name);
      return;
    }
    const macro = macroOf(form, this.source.name, this.#diagnostics);
    if (macro === undefined) return;
    if (this.#macros.has(macro.name)) {
      this.#diagnostics.error(
        'duplicate-definition',
        macro.span,
        `the macro \`${macro.name}\` is defined twice`,
      );
    } else {
      this.#macros.set(macro.name, macro);
      this.#expansions.names.add(macro.name);
    }
  }

  #expand(form: Form, depth: number, locals: ReadonlySet<string>): Form {
    if (depth > NESTING_LIMIT) {
      if (!this.#diagnostics.all.some((d) => d.code === 'nesting-limit'))
        this.#diagnostics.error(
          'nesting-limit',
          form.span,
          `forms are nested more than ${NESTING_LIMIT} deep here`,
          {
            hint: 'give inner parts a name of their own, with `let` or `defn`',
          },
        );
      return { kind: 'symbol', name: FAILED, span: form.span };
    }
    switch (form.kind) {
      case 'list': {
        let current: Form = form;
        for (;;) {
          const next: Form | undefined = current.kind === 'list' ? this.#step(current, locals) : undefined;
          if (next === undefined) break;
          current = next;
        }
        if (current.kind !== 'list') return this.#expand(current, depth + 1, locals);
        if (DECLARING.has(headName(withoutPub(current)) ?? '')) return this.#expandDefaults(current, depth);
        return this.#expandItems(current, depth, this.#inside(locals, current));
      }
      case 'vector':
      case 'map':
        return this.#expandItems(form, depth, locals);
      case 'try': {
        const inner = this.#expand(form.form, depth + 1, locals);
        return inner === form.form ? form : { ...form, form: inner };
      }
      default:
        return form;
    }
  }

  /** What has no macro call in it stays the same object. */
  #expandItems<F extends Form & { readonly items: readonly Form[] }>(
    form: F,
    depth: number,
    locals: ReadonlySet<string>,
  ): F {
    // `(with-arena (name :limit 64) ...)`: a name of its own, and no call.
    const arena = headName(form) === 'with-arena' ? form.items[1] : undefined;
    const items = form.items.map((item) => (item === arena ? item : this.#expand(item, depth + 1, locals)));
    return items.every((item, i) => item === form.items[i]) ? form : { ...form, items };
  }

  /** Of what a form declares, the defaults of fields are expressions. They see no local names. */
  #expandDefaults(form: ListForm, depth: number): ListForm {
    if (!HAS_FIELDS.has(headName(withoutPub(form)) ?? '')) return form;
    const field = (item: Form): Form => {
      const value = fieldForm(item)?.default;
      const made = value === undefined ? undefined : this.#expand(value, depth + 2, new Set());
      if (item.kind !== 'list' || made === undefined || made === value) return item;
      return { ...item, items: [...item.items.slice(0, -1), made] };
    };
    // The data of a variant stand one level deeper: `(Circle (radius : f64 1.0))`.
    const items = form.items.map((item) => {
      if (fieldForm(item) !== undefined || item.kind !== 'list') return field(item);
      const inner = item.items.map(field);
      return inner.every((part, i) => part === item.items[i]) ? item : { ...item, items: inner };
    });
    return items.every((item, i) => item === form.items[i]) ? form : { ...form, items };
  }

  /** The local names that the parts of a form see, as far as they are the names of macros too. */
  #inside(locals: ReadonlySet<string>, form: ListForm): ReadonlySet<string> {
    const hiding = boundBy(form).filter(({ name }) => this.#mayExpand(name));
    return hiding.length === 0 ? locals : new Set([...locals, ...hiding.map(bindingKey)]);
  }

  /** False for a name that is no macro's anywhere. One after `alias.` has a point in it. */
  #mayExpand(name: string): boolean {
    return this.#expansions.names.has(name) || REWRITTEN.has(name) || name.indexOf('.') > 0;
  }

  /** One step of expansion; undefined where the list is no macro call. */
  #step(form: ListForm, locals: ReadonlySet<string>): Form | undefined {
    const [head] = form.items;
    if (head?.kind !== 'symbol' || !this.#mayExpand(head.name)) return undefined;
    if (locals.has(bindingKey(head)) || this.#refused.has(form)) return undefined;
    // `(name : type)` calls nothing.
    if (symbolName(form.items[1]) === ':') return undefined;
    const macro = this.#find(head);
    if (macro !== undefined) {
      const result = expandCall(macro, form, this.#expansions, this.#diagnostics);
      return result ?? this.#refuse(form);
    }
    if (!REWRITTEN.has(head.name) || this.#hides(head.name)) return undefined;
    const mark = () => this.#expansions.mark((this.#prelude ?? this).source.name);
    const diagnostics = this.#diagnostics;
    if (head.name !== 'check') {
      const calls = (symbol: SymbolForm) => this.#isCall(symbol, locals);
      return thread(form, head.name === '->>', { diagnostics, mark, calls });
    }
    return checkForm(form, { mark: mark(), tests: this.#tests, diagnostics }) ?? this.#refuse(form);
  }

  /** Whether a list that begins with a symbol is neither a macro call nor a form of the language. */
  #isCall(head: SymbolForm, locals: ReadonlySet<string>): boolean {
    if (locals.has(bindingKey(head))) return true;
    if (this.#mayExpand(head.name) && this.#find(head) !== undefined) return false;
    return !LANGUAGE_FORMS.has(head.name) || this.#hides(head.name);
  }

  /** The call stands for nothing; what stands around it can still be looked at. */
  #refuse(form: ListForm): Form {
    this.#refused.add(form);
    return { kind: 'symbol', name: FAILED, span: form.span };
  }

  /** True where the program itself gives the name a meaning. */
  #hides(name: string): boolean {
    if (this.#defined.has(name)) return true;
    return this.#importedModules().some(({ imported, home }) => {
      if (!home.#defined.has(name)) return false;
      return imported.all || imported.names.some((n) => n.name === name);
    });
  }

  /** The macro a name means: in the module that brought the name in, here, through an import, in the prelude. */
  #find(head: SymbolForm): Macro | undefined {
    const { name } = head;
    for (const mark of [...(head.marks ?? [])].reverse()) {
      const home = this.#all.find((e) => e.source.name === mark.module);
      if (home === undefined || home === this) continue;
      const found = home.#own(name);
      // A form that a macro of another module is made of stays that form, whatever is called like it here.
      if (found !== undefined || LANGUAGE_FORMS.has(name)) return found;
    }
    return this.#own(name);
  }

  #own(name: string): Macro | undefined {
    const own = this.#macros.get(name);
    if (own !== undefined || this.#defined.has(name)) return own;
    return (
      this.#imported(name) ?? (this.#prelude === undefined ? undefined : this.#prelude.#macros.get(name))
    );
  }

  #imported(name: string): Macro | undefined {
    for (const { imported, home } of this.#importedModules()) {
      const prefix = imported.alias === undefined ? undefined : `${imported.alias}.`;
      const plain = prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
      const meant = plain ?? (imported.all || imported.names.some((n) => n.name === name) ? name : undefined);
      const macro = meant === undefined ? undefined : home.#macros.get(meant);
      if (macro?.public) return macro;
    }
    return undefined;
  }

  /** What is imported, with the module it comes from where there is one. */
  #importedModules(): readonly ImportedModule[] {
    this.#imports ??= this.#forms.flatMap((form) => {
      const imported = importOf(form);
      if (imported === undefined) return [];
      const from = moduleNamed(
        imported.module,
        this.#all.map((e) => e.source.name),
      );
      const home = this.#all.find((e) => e.source.name === from);
      return home === undefined ? [] : [{ imported, home }];
    });
    return this.#imports;
  }
}

/** Rewritten here like macros, unless the program has a meaning of its own for the name. */
const REWRITTEN = formsThat(({ kind }) => kind === 'rewritten');

/** Forms in which lists are no calls. */
const DECLARING = formsThat(({ declares }) => declares === true);

/** Of these, the forms that define types with fields. */
const HAS_FIELDS: ReadonlySet<string> = new Set(['defstruct', 'defvalue', 'defentity', 'deftype']);

/** `(pub defn ...)` without its first word. */
function withoutPub(form: Form): Form {
  return form.kind === 'list' && headName(form) === 'pub' ? { ...form, items: form.items.slice(1) } : form;
}

function withPub(form: Form): Form {
  if (form.kind !== 'list' || headName(form) === 'pub') return form;
  return { ...form, items: [{ kind: 'symbol', name: 'pub', span: form.span }, ...form.items] };
}

function isMacroDefinition(form: Form): boolean {
  return headName(withoutPub(form)) === 'defmacro';
}
