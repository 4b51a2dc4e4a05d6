/**
 * A program that was checked, and can be checked again after an edit. Of most edits nothing changes but what a few functions do: their
 * signatures are written, so that nothing else's types depend on their bodies. These bodies alone are then inferred, in the world of
 * names and types that is there, and take their places in the typed tree. For all other edits the program is checked anew.
 *
 * What holds the tree together is identity: definitions, bindings and spans stay the same objects. Forms that say what they said
 * before move to where they stand now, and with them all that shares their spans (`syntax/same-form.ts`).
 *
 * First it is found out what an edit changes, and whether the new bodies have mistakes: then nothing has been changed, and the caller
 * checks the program anew for what is to be said of it. The next edit may mend it, and be checked by itself again. Where what is wrong
 * is seen only in the whole program, what is kept is no longer good for anything.
 */
import {
  children,
  type Diagnostic,
  Diagnostics,
  type Form,
  headName,
  isSameForm,
  type ListForm,
  moveForm,
  moveSpan,
  type Source,
  type Span,
  symbolName,
} from '../syntax/index.ts';
import { checkFunction } from './declarations/index.ts';
import type { FunctionEntry, GlobalEntry, TypedFunction, TypedProgram } from './model/index.ts';
import { type Inference, settleLeftOver } from './solving/index.ts';
import {
  completeUsed,
  type Finished,
  Finisher,
  orderGlobals,
  rejectArrayIndices,
  rejectEndlessUses,
  rejectLiteralUses,
  rejectMissingOperators,
  warnOfLostWork,
  warnOfSurprises,
} from './whole-program/index.ts';
import { isLibrary, type SourceForms } from './world.ts';

/** A function whose body is another now, and where it stands among the forms of its source. */
interface Change {
  readonly entry: FunctionEntry;
  readonly form: ListForm;
  readonly next: ListForm;
  /** So many parts of the form come before its body. */
  readonly head: number;
}

/** One of the program's own sources: the forms that the tree is made of, and what a later reading was that says the same. */
interface OwnForms {
  forms: readonly Form[];
  read: readonly Form[];
}

/** What a program is made of, when all of it was checked. */
export interface Checked {
  readonly cx: Inference;
  readonly forms: readonly SourceForms[];
  readonly program: TypedProgram;
  readonly functions: readonly TypedFunction[];
  /** Of the program's own functions. */
  readonly own: Map<FunctionEntry, Finished<TypedFunction>>;
  /** What all but those ask of types. */
  readonly rest: Finisher;
  readonly order: readonly GlobalEntry[];
  /** What this stage has warned of. */
  readonly warnings: readonly Diagnostic[];
}

/** What makes it right that bodies alone are inferred. A test leaves one out, and a search finds what goes wrong then. */
export type BodyRule =
  /** Types of others hang on a body where it has no signature. */
  | 'signature'
  /** So they do where it says what an event is about. */
  | 'event'
  /** And where it says of what a global is. */
  | 'open-global'
  /** What stands before a body is what others know of it. */
  | 'head'
  /** Globals are computed each after those that it needs, also by way of functions. */
  | 'order'
  /** What says the same moves with the text. */
  | 'place'
  /** What was warned of is warned of again where it still stands, and only there. */
  | 'warning';

export class CheckedProgram {
  readonly program: TypedProgram;
  readonly #checked: Checked;
  readonly #byKey: ReadonlyMap<string, TypedFunction>;
  readonly #byForm = new Map<Span, FunctionEntry>();
  readonly #forms: readonly OwnForms[];
  readonly #library: readonly SourceForms[];
  /** Places in bodies that are no more. What the compiler itself made when it first came by them stands where the function does. */
  readonly #gone = new Map<FunctionEntry, Span[]>();
  #warnings: readonly Diagnostic[];
  #isSpoiled = false;

  constructor(checked: Checked) {
    this.program = checked.program;
    this.#checked = checked;
    this.#warnings = checked.warnings;
    this.#byKey = new Map(checked.functions.map((f) => [f.key, f]));
    const { cx, forms, own } = checked;
    this.#library = forms.filter(({ source }) => isLibrary(source));
    this.#forms = forms.flatMap(({ source, forms: read }) =>
      isLibrary(source) ? [] : [{ forms: read, read }],
    );
    const handlers = new Set([...cx.events.values()].flatMap((event) => event.handlers));
    for (const entry of own.keys()) if (!handlers.has(entry)) this.#byForm.set(entry.span, entry);
  }

  /**
   * Checks the program as these forms say it is now. Returns the keys of the functions whose bodies changed, or undefined where more
   * changed than bodies, or something is wrong: then the program is to be checked anew.
   */
  again(
    forms: readonly SourceForms[],
    diagnostics: Diagnostics,
    without?: BodyRule,
  ): readonly string[] | undefined {
    const { cx, own } = this.#checked;
    const opens = cx.opensGlobals && without !== 'open-global';
    const changes = this.#isSpoiled || opens ? undefined : this.#changes(forms, without);
    if (changes === undefined) return undefined;
    cx.diagnostics = new Diagnostics();
    if (!this.#infer(changes)) return undefined;
    this.#isSpoiled = true;
    const isOf = (warning: Diagnostic) => changes.some(({ form }) => isWithin(warning.span, form.span));
    const gone = new Set(without === 'warning' ? [] : this.#warnings.filter(isOf));
    this.#move(forms, changes, without);
    if (without !== 'order' && !this.#isSameOrder()) return undefined;
    for (const { entry } of changes) this.#finish(entry, own.get(entry) as Finished<TypedFunction>);
    rejectUses(this.#checked, this.#byKey);
    if (cx.diagnostics.failed) return undefined;
    for (const { entry } of changes) warnOf(cx, entry);
    this.#warnings = [...this.#warnings.filter((warning) => !gone.has(warning)), ...cx.diagnostics.all];
    diagnostics.all.push(...this.#warnings);
    sortDiagnostics(diagnostics, this.program.sources);
    this.#isSpoiled = false;
    return changes.map(({ entry }) => entry.key);
  }

  /** Infers the new bodies. Where one has a mistake all is as it was. */
  #infer(changes: readonly Change[]): boolean {
    const { cx } = this.#checked;
    const before = changes.map(({ entry: { body, typed } }) => ({ body, typed }));
    for (const { entry, next, head } of changes) {
      (entry as { body: readonly Form[] }).body = next.items.slice(head);
      checkFunction(cx, entry);
    }
    settleLeftOver(cx);
    if (!cx.diagnostics.failed) return true;
    cx.forgetOpen();
    for (const [i, { entry }] of changes.entries()) Object.assign(entry, before[i]);
    return false;
  }

  /** Whether the next edit can be checked by itself: nothing has been changed by halves. */
  get isGood(): boolean {
    return !this.#isSpoiled;
  }

  /** What was made of it is no good any more. */
  spoil(): void {
    this.#isSpoiled = true;
  }

  /** What is new in the program's own forms, where that is bodies alone. */
  #changes(all: readonly SourceForms[], without: BodyRule | undefined): readonly Change[] | undefined {
    const library = all.filter(({ source }) => isLibrary(source));
    const next = all.filter(({ source }) => !isLibrary(source));
    const before = this.program.sources.filter((source) => !isLibrary(source));
    const isSame =
      library.length === this.#library.length &&
      library.every((one, i) => one.forms === this.#library[i]?.forms) &&
      next.length === before.length &&
      next.every(({ source }, i) => source.name === before[i]?.name);
    if (!isSame) return undefined;
    const changes: Change[] = [];
    const places = new Map<Span, Span>();
    for (const [i, { forms }] of next.entries()) {
      const own = this.#forms[i] as OwnForms;
      if (own.read === forms) continue;
      if (own.forms.length !== forms.length) return undefined;
      for (const [j, form] of own.forms.entries()) {
        const now = forms[j] as Form;
        if (isSameMacro(form, now) || isSameForm(form, now, places)) continue;
        const change = this.#changeOf(form, now, without);
        if (change === undefined) return undefined;
        changes.push(change);
      }
    }
    return changes;
  }

  #changeOf(form: Form, next: Form, without: BodyRule | undefined): Change | undefined {
    const entry = this.#byForm.get(form.span);
    if (entry === undefined || (!entry.declared && without !== 'signature')) return undefined;
    if (form.kind !== 'list' || next.kind !== 'list') return undefined;
    const head = form.items.length - entry.body.length;
    const isChanged =
      HAVE_BODIES.has(headName(form) ?? '') &&
      next.items.length > head &&
      // The first of several may be documentation.
      next.items[head]?.kind !== 'string' &&
      (without === 'head' || isSameForm(begin(form, head), begin(next, head)));
    if (!isChanged) return undefined;
    // What an event is about is said by whoever tells it, too.
    if (without !== 'event' && (tells(form) || tells(next))) return undefined;
    return { entry, form, next, head };
  }

  /** Has the forms stand where they stand now, with the new bodies. */
  #move(all: readonly SourceForms[], changes: readonly Change[], without: BodyRule | undefined): void {
    const changed = new Map<Form, Change>(changes.map((change) => [change.form, change]));
    const next = all.filter(({ source }) => !isLibrary(source));
    for (const [i, own] of this.#forms.entries()) {
      const { forms } = next[i] as SourceForms;
      if (own.read === forms) continue;
      own.read = forms;
      own.forms = own.forms.map((form, j) => {
        const change = changed.get(form);
        if (change !== undefined) return this.#withBody(change);
        const now = forms[j] as Form;
        if (isSameMacro(form, now)) return now;
        if (without !== 'place') moveForm(form, now);
        return form;
      });
    }
    // What stands in the text as it is now is not gone, though it was in a body that is: a macro was given it.
    for (const [{ span }, gone] of this.#gone)
      for (const place of gone) if (place.source !== span.source) moveSpan(place, span);
    (this.program.sources as Source[]).splice(
      0,
      this.program.sources.length,
      ...all.map(({ source }) => source),
    );
  }

  /** The form with its new body. Others may have the old one, so it stays as it is. */
  #withBody({ entry, form, next, head }: Change): Form {
    const items = [...form.items.slice(0, head), ...next.items.slice(head)];
    for (const [i, item] of form.items.slice(0, head).entries()) moveForm(item, next.items[i] as Form);
    moveSpan(form.span, next.span);
    const gone = this.#gone.get(entry) ?? [];
    this.#gone.set(entry, [...gone, ...form.items.slice(head).flatMap(spansIn)]);
    return { ...form, items };
  }

  #isSameOrder(): boolean {
    const { cx, order } = this.#checked;
    const now = orderGlobals(cx);
    return now.length === order.length && now.every((entry, i) => entry === order[i]);
  }

  /** The function takes its new body where it is in the tree. */
  #finish(entry: FunctionEntry, { whole }: Finished<TypedFunction>): void {
    const { cx, own, rest } = this.#checked;
    const finisher = new Finisher(cx, rest);
    if (entry.typed === undefined) throw new Error(`${entry.key} has a signature`);
    Object.assign(whole, finisher.function(entry.typed));
    own.set(entry, { whole, finisher });
  }
}

/** The first parts of a list. */
const begin = (form: ListForm, parts: number): Form => ({ ...form, items: form.items.slice(0, parts) });

/** Forms at top level that have a body. */
const HAVE_BODIES: ReadonlySet<string> = new Set(['defn', 'pub', 'behave']);

/** Whether two forms define a macro of one name. What it expands to stands where it is called; its definition means nothing more. */
function isSameMacro(a: Form, b: Form): boolean {
  const [name, other] = [a, b].map(macroName);
  return name !== undefined && name === other;
}

function macroName(form: Form): string | undefined {
  const isPublic = headName(form) === 'pub';
  const [head, name] = form.kind === 'list' ? form.items.slice(isPublic ? 1 : 0) : [];
  return symbolName(head) === 'defmacro' ? `${isPublic ? 'pub ' : ''}${symbolName(name)}` : undefined;
}

function spansIn(form: Form): readonly Span[] {
  return [form.span, ...children(form).flatMap(spansIn)];
}

function tells(form: Form): boolean {
  if (form.kind === 'symbol') return form.name === 'emit';
  return children(form).some(tells);
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;
}

/** Refuses what could not be compiled for each type that it is used at. */
export function rejectUses(
  { cx, functions, own, rest }: Pick<Checked, 'cx' | 'functions' | 'own' | 'rest'>,
  byKey: ReadonlyMap<string, TypedFunction>,
): void {
  for (const { finisher } of own.values()) completeUsed(byKey, finisher.uses);
  completeUsed(byKey, rest.uses);
  const all = new Finisher(cx);
  for (const finisher of [rest, ...[...own.values()].map((one) => one.finisher)])
    all.told(finisher, undefined);
  rejectEndlessUses(cx, functions, all.uses);
  rejectLiteralUses(cx, functions, all.uses, all.literals);
  rejectMissingOperators(cx, functions, all.uses, all.operators, cx.lacking);
}

/** What people write is looked through; the library's own is as it is meant. */
export function warnOf(cx: Inference, { module, typed }: FunctionEntry): void {
  if (!module.isUsers || typed === undefined) return;
  warnOfLostWork(cx, typed.body);
  warnOfSurprises(cx, typed.body);
  rejectArrayIndices(cx, typed.body);
}

/** In the order of the text, which is not that of inference. */
export function sortDiagnostics(diagnostics: Diagnostics, sources: readonly Source[]): void {
  const place = new Map(sources.map((source, i) => [source, i]));
  const rank = ({ span }: Diagnostic) => place.get(span.source) ?? 0;
  diagnostics.all.sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
}
