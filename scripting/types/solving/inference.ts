/** The state of one run of inference, and the few operations on it that everything else is made of. */

import type { LayerEntry } from '../../image/index.ts';
import {
  type Code,
  type Diagnostic,
  type Diagnostics,
  type Form,
  type ListForm,
  print,
  type Span,
  type SymbolForm,
} from '../../syntax/index.ts';
import {
  type Binding,
  type Clash,
  type ClassEntry,
  describe,
  ERROR,
  type ExpressionOf,
  type FieldDefinition,
  type FunctionEntry,
  type GlobalEntry,
  type InstanceDefinition,
  Instances,
  isTooLarge,
  type Meta,
  type MethodEntry,
  type Module,
  newMeta,
  type Parameter,
  type Predicate,
  prune,
  type Scheme,
  substitute,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  type TypedExtern,
  type TypedFunction,
  unify,
} from '../model/index.ts';
import { conversionHint, partsHint, pointHint } from './mismatch.ts';

/** A condition or pattern that is longer is not repeated in a hint. */
const LONGEST_REPEATED = 40;

/** A predicate that some expression needs. */
export interface Wanted {
  readonly predicate: Predicate;
  readonly span: Span;
}

/** A field of something whose type was not known yet when inference came by. */
export interface WantedField {
  readonly target: Type;
  readonly field: string;
  readonly result: Meta;
  readonly span: Span;
  /** Called with the type that has the field, when that is known. */
  readonly found: (definition: TypeDefinition) => void;
}

/** A product of which the type of one operand was not known yet; see `products.ts`. */
interface WantedProduct {
  readonly unknown: Type;
  readonly known: Type;
  readonly span: Span;
  /** Decides by what the types are now. */
  decide(): void;
}

/** A `?` of which it is not known yet whether it is about a `Result` or an `Option`. */
export interface WantedTry {
  /** Of what stands before it. */
  readonly value: Type;
  /** What its decision says something about besides. */
  readonly others: readonly Type[];
  readonly span: Span;
  /** True where that is decided now: by the value, at the end by the function's result too. */
  readonly decide: (isLast: boolean) => boolean;
  /** Nothing says it, so it is a `Result`. */
  readonly assume: () => void;
}

/** A `behave` on its way. */
export interface Behaviour {
  readonly name: string;
  entity: TypeDefinition | undefined;
  readonly function: FunctionEntry;
  /** `:before Spark`, `:after Spark`: where it runs beside the behaviours of another type. */
  readonly orders: {
    readonly kind: 'before' | 'after';
    entity: TypeDefinition | undefined;
    readonly span: Span;
  }[];
}

/** An event: what its handlers are given is of the same types in the whole program, which its uses say. */
export interface Event {
  readonly name: string;
  /** Of the function that calls its handlers. */
  readonly key: string;
  readonly params: readonly Type[];
  readonly handlers: FunctionEntry[];
  /** Where it stands first in the program. */
  readonly span: Span;
}

/** A `migrate` on its way. */
export interface Migration {
  readonly definition: TypeDefinition;
  /** The name of what an object was. */
  readonly old: SymbolForm;
  /** What the type variables in its head stand for. */
  readonly variables: Map<string, Type>;
  readonly fields: readonly { readonly field: FieldDefinition; readonly value: Form }[];
  /** The function of a field, without its type. */
  readonly entryOf: (field: Migration['fields'][number]) => FunctionEntry;
  readonly module: Module;
  readonly span: Span;
}

/** What a loop over a type class visits. */
export interface VisitedTypes {
  readonly class: ClassEntry;
  readonly types: readonly TypeDefinition[];
  /** The loop's name for what it visits. */
  readonly span: Span;
}

export class Inference {
  diagnostics: Diagnostics;
  prelude: Module | undefined;
  /** The main script's: the last one's, since each source comes after those it imports. */
  main: Module | undefined;
  /** How many generalisable bindings we are inside of: unknowns of deeper levels may be generalised at their end. */
  level = 0;
  wanted: Wanted[] = [];
  wantedFields: WantedField[] = [];
  wantedProducts: WantedProduct[] = [];
  /** For each literal number that has a name, its types in the places where it is used. */
  namedNumbers: (readonly Type[])[] = [];
  /** The type arguments for which generic functions that are used write literals. */
  writtenFor: Meta[] = [];
  /** What groups want of types that something outside of them holds. */
  leftOver: Wanted[] = [];
  /** Types of what can be changed, as far as anybody asked. */
  readonly changeable: Type[] = [];
  wantedTries: WantedTry[] = [];
  /** Questions that can be asked when all types of the group are known. */
  atEnd: (() => void)[] = [];
  /** What the signature of the function at hand promises, superclasses included. */
  givens: readonly Predicate[] = [];
  /** The types that loops over a class visit, by the type variable that their bodies see. */
  readonly visited = new Map<Parameter, VisitedTypes>();
  /** What functions are given. */
  readonly parameters = new WeakSet<Binding>();
  readonly classes = new Map<string, ClassEntry>();
  readonly instances: Instances;
  /** What the `Ordering` of a program's own `Ord` lacks for `<`. */
  orderingLacks: readonly string[] = [];
  /** The functions of instances, whose typed trees go into `methods` in the end. */
  readonly instanceFunctions: {
    readonly instance: InstanceDefinition;
    readonly methods: Map<string, TypedFunction>;
    readonly functions: ReadonlyMap<string, FunctionEntry>;
  }[] = [];
  /** What instances of `Num` leave out. */
  readonly lacking = new Map<InstanceDefinition, string[]>();
  readonly types: TypeDefinition[] = [];
  /** Where each type is defined. */
  readonly homes = new Map<TypeDefinition, Module>();
  readonly functions: FunctionEntry[] = [];
  readonly globals: GlobalEntry[] = [];
  readonly externs: TypedExtern[] = [];
  readonly behaviours: Behaviour[] = [];
  readonly migrations: Migration[] = [];

  /** What `deflayers` declares, back to front. */
  layers: { readonly entries: readonly LayerEntry[]; readonly span: Span } | undefined;
  /** Whether the type of some global was found out from what functions with signatures do with it. */
  opensGlobals = false;

  /** Names of the pictures that there are; undefined where nobody knows. */
  images: ReadonlySet<string> | undefined;
  /** By their names, without the colon. */
  readonly events = new Map<string, Event>();

  readonly tests: { readonly name: string; readonly function: FunctionEntry }[] = [];

  /** With the library's definitions in tables that a program can add its own to. */
  constructor(diagnostics: Diagnostics, library?: Inference) {
    this.diagnostics = diagnostics;
    this.instances = new Instances(library?.instances);
    if (library === undefined) return;
    this.prelude = library.prelude;
    for (const [key, entry] of library.classes) this.classes.set(key, entry);
    for (const [type, home] of library.homes) this.homes.set(type, home);
    for (const [instance, methods] of library.lacking) this.lacking.set(instance, methods);
    // A program can handle what the library tells.
    for (const [name, event] of library.events)
      this.events.set(name, { ...event, handlers: [...event.handlers] });
    this.instanceFunctions.push(...library.instanceFunctions);
    this.types.push(...library.types);
    this.functions.push(...library.functions);
    this.globals.push(...library.globals);
    this.externs.push(...library.externs);
  }

  /** Forgets what is still open in a body with a mistake. */
  forgetOpen(): void {
    this.level = 0;
    this.givens = [];
    this.wanted = [];
    this.wantedFields = [];
    this.wantedProducts = [];
    this.wantedTries = [];
    this.namedNumbers = [];
    this.writtenFor = [];
    this.leftOver = [];
    this.atEnd = [];
    this.meantToBind.clear();
  }

  fresh(literal?: Meta['literal']): Meta {
    return newMeta(this.level, literal);
  }

  /** Names of `for-each` whose value is a copy of the element, with the text of the collection. */
  readonly copies = new Map<Binding, string>();

  /** Names that were to be bound by what is not put together right. */
  readonly meantToBind = new Set<string>();

  /** How many errors have been reported, repetitions included. */
  errors = 0;

  /** Reports an error once for each place and kind. */
  error(code: Code, at: Form | Span, message: string, extra: Pick<Diagnostic, 'hint' | 'notes'> = {}): void {
    this.errors++;
    const span = 'span' in at ? at.span : at;
    const again = this.diagnostics.all.some(
      (d) =>
        d.code === code &&
        d.message === message &&
        d.span.source === span.source &&
        d.span.start === span.start &&
        d.span.end === span.end,
    );
    if (!again) this.diagnostics.error(code, span, message, extra);
  }

  /** Reports, and returns the node that stands for an expression that could not be understood. */
  fail(
    code: Code,
    at: Form | Span,
    message: string,
    extra: Pick<Diagnostic, 'hint' | 'notes'> = {},
  ): ExpressionOf<'error'> {
    this.error(code, at, message, extra);
    return { kind: 'error', type: ERROR, span: 'span' in at ? at.span : at };
  }

  /** A form that begins like `name` but is not put together like it. */
  malformed(form: Form, name: string, shape: string): ExpressionOf<'error'> {
    return this.fail('bad-form', form, `this \`${name}\` is not put together right`, {
      hint: `it is written \`${shape}\``,
    });
  }

  /** An arm or a clause that says when, and not what. */
  nothingAfter(form: Form, when: Form, message: string): ExpressionOf<'error'> {
    const written = print(when);
    const shown = written.length > LONGEST_REPEATED ? 'c' : written;
    const idle =
      written === 'else'
        ? '; where nothing is to be done, leave the clause out'
        : `, \`(${shown} (do))\` that it does nothing`;
    return this.fail('bad-form', form, message, { hint: `\`(${shown} e ...)\` says what it does${idle}` });
  }

  want(className: string, args: readonly Type[], span: Span): void {
    this.wanted.push({ predicate: { class: className, args }, span });
    const first = args[0] === undefined ? undefined : prune(args[0]);
    if (first?.kind !== 'meta') return;
    if (className === 'IntegerLiteral') first.literal ??= 'integer';
    if (className === 'FloatLiteral') first.literal = 'float';
  }

  /** A scheme's type with fresh unknowns for its parameters; what it needs of them is wanted at `span`. */
  instantiate<T extends Type>(
    scheme: Scheme & { readonly type: T },
    span: Span,
  ): { type: T; args: readonly Type[] } {
    const args = scheme.parameters.map(({ written }) => {
      const unknown = this.fresh();
      unknown.written = written;
      if (written !== undefined) this.writtenFor.push(unknown);
      return unknown;
    });
    const replacement = new Map(scheme.parameters.map((p, i) => [p, args[i] as Type]));
    for (const constraint of scheme.constraints)
      this.want(
        constraint.class,
        constraint.args.map((arg) => substitute(arg, replacement)),
        span,
      );
    // Substitution keeps a function type a function type.
    return { type: substitute(scheme.type, replacement) as T, args };
  }

  /**
   * What the language's own classes do where an instance leaves a method out: a function of the prelude that is named
   * `Class.method`; for arithmetic that is left out, a failure: `missing-operator.ts` finds nearly every use of it before.
   */
  defaultMethod(
    entry: ClassEntry,
    method: MethodEntry,
    span: Span,
    leftOut: boolean,
  ): { form: ListForm; module: Module } | undefined {
    if (entry.module !== undefined || this.prelude === undefined) return undefined;
    const symbol = (name: string): Form => ({ kind: 'symbol', name, span });
    const names = method.type.params.map((_, i) => symbol(`x${i}`));
    const list = (...items: readonly Form[]): ListForm => ({ kind: 'list', items, span });
    const function_ = `${entry.name}.${method.name}`;
    const isWritten = !leftOut && this.prelude.values.has(function_);
    if (!isWritten && !leftOut) return undefined;
    const message: Form = { kind: 'string', value: `this type has no \`${method.name}\``, span };
    const body = isWritten ? list(symbol(function_), ...names) : list(symbol('error'), message);
    return { form: list(symbol('defn'), symbol(method.name), list(...names), body), module: this.prelude };
  }

  /** Makes the types agree or reports at `span`; `what` names the thing, as in "the condition". */
  agree(
    actual: Type,
    expected: Type,
    span: Span,
    what: string,
    notes: Diagnostic['notes'] = [],
    hint?: string,
  ): boolean {
    const clash = unify(expected, actual);
    if (clash === undefined) return true;
    this.clash(clash, actual, expected, span, what, notes, hint);
    return false;
  }

  /** Checks an expression's type against what is asked of it; `hint` goes before what the types suggest. */
  coerce(
    node: TypedExpression,
    expected: Type,
    what: string,
    notes: Diagnostic['notes'] = [],
    hint?: string,
  ): TypedExpression {
    return this.agree(node.type, expected, node.span, what, notes, hint ?? partsHint(node, expected))
      ? node
      : { kind: 'error', type: ERROR, span: node.span };
  }

  /** Refuses a type that has grown beyond all measure; returns one to go on with. */
  bounded(type: Type, span: Span): Type {
    if (!isTooLarge(type)) return type;
    this.clash('too-large', type, type, span, '');
    return ERROR;
  }

  clash(
    clash: Clash,
    actual: Type,
    expected: Type,
    span: Span,
    what: string,
    notes: Diagnostic['notes'] = [],
    known?: string,
  ): void {
    if (clash === 'too-large') {
      this.error('type-too-large', span, 'the type of this grows beyond all measure', {
        hint: 'give an inner part of it a type with `ann`',
      });
    } else if (clash === 'infinite') {
      this.error('infinite-type', span, `the type of ${what} would have to contain itself`, { notes });
    } else {
      const hint = known ?? pointHint(span) ?? conversionHint(actual, expected);
      this.error(
        'wrong-type',
        span,
        `${what} should be ${describe(expected)}, but it is ${describe(actual)}`,
        {
          notes,
          ...(hint === undefined ? {} : { hint }),
        },
      );
    }
  }
}
