/** Top-level forms about classes: `defclass` and `instance`. */

import {
  type Form,
  headName,
  type ListForm,
  print,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import { count, parameterScope, showNames, splitAnnotation } from '../forms/index.ts';
import {
  builtinRuling,
  type ClassEntry,
  type FunctionEntry,
  type InstanceDefinition,
  kindsOf,
  type MethodEntry,
  newParameter,
  type Parameter,
  type Predicate,
  parameterType,
  showType,
  substitute,
  type Type,
  type TypedFunction,
  variables,
} from '../model/index.ts';
import { type Inference, spell } from '../solving/index.ts';
import type { Declarations } from './declarations.ts';
import { checkInstanceHead } from './instance.ts';
import { noMethod, reportMethods } from './instance-methods.ts';
import { predicateFrom, signatureFrom } from './signature.ts';
import { typeHead } from './type-declaration.ts';

/** `(=> (Eq 'a) ... head)` taken apart; without `=>` there are no constraints. */
function splitConstraints(form: Form): { constraints: readonly Form[]; head: Form | undefined } {
  if (form.kind !== 'list' || headName(form) !== '=>') return { constraints: [], head: form };
  return { constraints: form.items.slice(1, -1), head: form.items[form.items.length - 1] };
}

/** `(defclass (=> (Eq 'a) (Ord 'a)) (compare : (Fn ['a 'a] Ordering)) (defn ...))`; a `defn` is a default. */
export function declareClass(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const [, headForm, ...members] = form.items;
  const shape = "(defclass (Name 'a) (method : (Fn ['a] String)))";
  const { constraints, head } =
    headForm === undefined ? { constraints: [], head: undefined } : splitConstraints(headForm);
  const parts = head === undefined ? undefined : typeHead(head);
  if (parts === undefined || parts.parameters.length === 0) {
    const bare = head?.kind === 'symbol' ? `(defclass (${head.name} 'a) (method : (Fn ['a] String)))` : shape;
    cx.malformed(form, 'defclass', bare);
    return;
  }
  const { symbol, parameters } = parts;
  if (module.module.classes.has(symbol.name)) {
    cx.error('duplicate-definition', symbol, `the class \`${symbol.name}\` is defined twice`);
    return;
  }
  const methods = new Map<string, MethodEntry>();
  const defaults = new Map<string, ListForm>();
  const superclasses: Predicate[] = [];
  const entry: ClassEntry = {
    name: symbol.name,
    key: module.key(symbol.name),
    parameters,
    superclasses,
    methods,
    defaults,
    module: module.module,
    determined: members.some((m) => m.kind === 'keyword' && m.name === 'determined'),
    span: symbol.span,
  };
  const restated = restatedBuiltin(module, entry, members);
  module.module.classes.set(symbol.name, restated ?? entry);
  if (restated !== undefined) return;
  cx.classes.set(entry.key, entry);
  const types = () => ({
    module: module.module,
    variables: parameterScope(parameters),
    introduce: undefined,
  });
  module.later.push(() => {
    for (const c of constraints) {
      const predicate = predicateFrom(cx, c, types());
      if (predicate !== undefined) superclasses.push(predicate);
    }
  });
  module.afterwards.push(() => rejectCircle(module, entry));
  for (const member of members) {
    const method = splitAnnotation(member);
    if (member.kind === 'keyword') continue;
    if (member.kind === 'list' && headName(member) === 'defn' && member.items[1]?.kind === 'symbol')
      defaults.set(member.items[1].name, member);
    else if (method?.pattern.kind === 'symbol')
      declareMethod(module, entry, methods, method.pattern, method.type);
    else cx.malformed(member, 'defclass', shape);
  }
  module.later.push(() => {
    if (isRestatedOrd(cx, entry)) superclasses.push({ class: 'Ord', args: parameters.map(parameterType) });
    checkClassKinds(module, entry);
    for (const [name, form] of defaults)
      if (!methods.has(name))
        cx.error('unknown-method', form.items[1] ?? form, ...noMethod(entry.name, name));
  });
}

function declareMethod(
  module: Declarations,
  entry: ClassEntry,
  methods: Map<string, MethodEntry>,
  name: Form & { kind: 'symbol' },
  typeForm: Form,
): void {
  const { cx } = module;
  const method: MethodEntry = {
    name: name.name,
    parameters: [],
    constraints: [],
    type: { kind: 'function', params: [], result: parameterType(newParameter('a')) },
    constant: false,
  };
  methods.set(name.name, method);
  module.define(name, { kind: 'method', class: entry, method });
  module.later.push(() => {
    const variables_ = parameterScope(entry.parameters);
    const own: Parameter[] = [];
    const introduce = (variable: string): Type => {
      const parameter = newParameter(variable);
      own.push(parameter);
      return parameterType(parameter);
    };
    const { type, constraints } = signatureFrom(cx, typeForm, {
      module: module.module,
      variables: variables_,
      introduce,
    });
    method.parameters = own;
    method.constraints = constraints;
    method.constant = type.kind !== 'function';
    method.type = type.kind === 'function' ? type : { kind: 'function', params: [], result: type };
    const mentioned = variables(method.type);
    if (!entry.parameters.some((p) => mentioned.has(p)))
      cx.error(
        'ambiguous-type',
        name,
        `the type of \`${name.name}\` does not mention ${showNames(entry.parameters)}`,
        {
          hint: 'no call could say which instance it means',
        },
      );
  });
}

/**
 * A program may spell out a class that the language has: of `(defclass (Show 'a) (show : (Fn ['a] String)))` there are all the
 * instances that the language derives, too. Those that the program writes are its own: `println` and the rest of the prelude
 * do not ask them. A class with another method, or a method of another type, has nothing to do with the language's.
 */
function restatedBuiltin(
  module: Declarations,
  entry: ClassEntry,
  members: readonly Form[],
): ClassEntry | undefined {
  if (entry.name !== 'Show' && entry.name !== 'Eq') return undefined;
  const builtin = module.cx.classes.get(entry.name);
  const [only, ...more] = members;
  const said = only === undefined ? undefined : splitAnnotation(only);
  const name = symbolName(said?.pattern);
  const method = name === undefined ? undefined : builtin?.methods.get(name);
  if (said === undefined || method === undefined || more.length > 0 || entry.parameters.length !== 1)
    return undefined;
  const [parameter] = entry.parameters;
  const shape = `(Fn [${method.type.params.map(() => `'${parameter?.name}`).join(' ')}] ${showType(method.type.result)})`;
  return print(said.type) === shape ? builtin : undefined;
}

function rejectCircle(module: Declarations, entry: ClassEntry): void {
  const { cx } = module;
  const seen = new Set<string>();
  const reaches = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    const supers = cx.classes.get(key)?.superclasses ?? [];
    return supers.some((s) => s.class === entry.key || reaches(s.class));
  };
  if (reaches(entry.key) && entry.span !== undefined) {
    cx.error('circular-class', entry.span, `the class \`${entry.name}\` is above itself`);
    // Whoever walks upwards must come to an end.
    (entry.superclasses as Predicate[]).length = 0;
  }
}

function checkClassKinds(module: Declarations, entry: ClassEntry): void {
  const kinds = new Map<Parameter, number>();
  for (const method of entry.methods.values()) {
    const clash = kindsOf([method.type, ...method.constraints.flatMap((c) => c.args)], kinds);
    if (clash !== undefined && entry.span !== undefined)
      module.cx.error(
        'wrong-kind',
        entry.span,
        `\`'${clash.name}\` is used with different numbers of types in \`${entry.name}\``,
      );
  }
  entry.kinds = entry.parameters.map((p) => kinds.get(p) ?? 0);
}

const INSTANCE_SHAPE = '(instance (Class Type) (defn method (x) e ...))';

/** `(instance (=> (Show 'a) (Show (Option 'a))) (defn show (o) ...))`. */
export function declareInstance(module: Declarations, form: ListForm): void {
  const { cx } = module;
  const [, headForm, ...members] = form.items;
  const { constraints: constraintForms, head } =
    headForm === undefined ? { constraints: [], head: undefined } : splitConstraints(headForm);
  if (head?.kind !== 'list') {
    const [type] = members;
    const isBare = head?.kind === 'symbol' && type !== undefined && headName(type) !== 'defn';
    cx.malformed(
      form,
      'instance',
      isBare ? `(instance (${head.name} ${print(type)}) (defn method (x) e ...))` : INSTANCE_SHAPE,
    );
    return;
  }
  module.afterwards.push(() => {
    const parameters: Parameter[] = [];
    const introduce = (name: string): Type => {
      const parameter = newParameter(name);
      parameters.push(parameter);
      return parameterType(parameter);
    };
    const types = { module: module.module, variables: new Map<string, Type>(), introduce };
    const predicate = predicateFrom(cx, head, types);
    if (predicate === undefined) return;
    const entry = cx.classes.get(predicate.class);
    if (entry === undefined) return;
    const constraints = constraintForms.flatMap(
      (c) => predicateFrom(cx, c, { ...types, introduce: undefined }) ?? [],
    );
    const methods = new Map<string, TypedFunction>();
    const instance: InstanceDefinition = {
      class: entry.key,
      parameters,
      constraints,
      args: predicate.args,
      methods,
      restated: entry.module === undefined && module.module.classes.get(entry.name) === entry,
      span: head.span,
    };
    if (!checkInstanceHead(cx, module.module, entry, instance)) return;
    cx.instances.add(instance, module.module);
    const functions = declareMethods(module, entry, instance, members, form);
    cx.instanceFunctions.push({ instance, methods, functions });
    if (isRestatedOrd(cx, entry)) bridgeOrd(module, instance, form);
  });
}

/** A program's own `(defclass (=> (Eq 'a) (Ord 'a)) (compare : (Fn ['a 'a] Ordering)))`, perhaps with its own `Ordering`. */
function isRestatedOrd(cx: Inference, entry: ClassEntry): boolean {
  const compare = entry.methods.get('compare');
  if (entry.name !== 'Ord' || entry.module?.isUsers !== true || compare?.type.params.length !== 2)
    return false;
  const { result } = compare.type;
  const variants = result.kind === 'named' ? result.definition.variants.map(({ name }) => name) : [];
  cx.orderingLacks = ORDERINGS.filter((name) => !variants.includes(name));
  return cx.orderingLacks.length === 0;
}

/** What `<` looks for in an `Ordering`. */
const ORDERINGS = ['LT', 'EQ', 'GT'];

/** `<` means the `Ord` in scope: an instance of a program's own is one of the language's too. */
function bridgeOrd(module: Declarations, own: InstanceDefinition, { span }: Form): void {
  const { cx } = module;
  const entry = cx.classes.get('Ord');
  const [type] = own.args;
  const isKnown = type === undefined || builtinRuling('Ord', type) !== 'fails';
  if (entry === undefined || isKnown) return;
  const symbol = (name: string): Form => ({ kind: 'symbol', name, span });
  const list = (...items: readonly Form[]): Form => ({ kind: 'list', items, span });
  const arms = [
    ['LT', 'Ord.less'],
    ['EQ', 'Ord.equal'],
    ['GT', 'Ord.greater'],
  ].map(([variant = '', value = '']) => list(symbol(variant), list(symbol(value))));
  const call = list(symbol('compare'), symbol('a'), symbol('b'));
  const compare = list(
    symbol('defn'),
    symbol('compare'),
    list(symbol('a'), symbol('b')),
    list(symbol('match'), call, ...arms),
  );
  const methods = new Map<string, TypedFunction>();
  const instance: InstanceDefinition = { ...own, class: entry.key, methods };
  cx.instances.add(instance, module.module);
  const functions = declareMethods(module, entry, instance, [compare], list());
  cx.instanceFunctions.push({ instance, methods, functions });
}

/** The instance's functions: those it writes, and for the others the class's defaults. */
function declareMethods(
  module: Declarations,
  entry: ClassEntry,
  instance: InstanceDefinition,
  members: readonly Form[],
  form: Form,
): ReadonlyMap<string, FunctionEntry> {
  const { cx } = module;
  const functions = new Map<string, FunctionEntry>();
  const unknown: SymbolForm[] = [];
  for (const member of members) {
    const [, name, params, ...rest] =
      member.kind === 'list' && headName(member) === 'defn' ? member.items : [];
    if (name?.kind !== 'symbol' || params?.kind !== 'list') {
      cx.malformed(member, 'instance', INSTANCE_SHAPE);
      continue;
    }
    const method = entry.methods.get(name.name);
    if (method === undefined) {
      unknown.push(name);
      continue;
    }
    if (functions.has(name.name)) {
      cx.error('duplicate-definition', name, `\`${name.name}\` is defined twice in this instance`);
      continue;
    }
    if (params.items.length !== method.type.params.length) {
      cx.error(
        'wrong-argument-count',
        name,
        `\`${name.name}\` takes ${count(method.type.params.length, 'argument')} in \`${entry.name}\`, and ${count(params.items.length, 'parameter')} here`,
      );
      continue;
    }
    const own = module.functionEntry(member, name.name, name.span, params.items, rest);
    functions.set(name.name, specialise(module, entry, instance, method, own));
  }
  const missing: string[] = [];
  for (const method of entry.methods.values()) {
    if (functions.has(method.name)) continue;
    const lacking = cx.lacking.get(instance) ?? [];
    const leftOut = isLeftOut(entry, method, lacking);
    if (leftOut) cx.lacking.set(instance, [...lacking, method.name]);
    const written = entry.defaults.get(method.name);
    const fallback =
      written === undefined
        ? cx.defaultMethod(entry, method, form.span, leftOut)
        : { form: written, module: entry.module };
    if (fallback === undefined) {
      missing.push(method.name);
      continue;
    }
    const [, , params, ...rest] = fallback.form.items;
    const own = module.functionEntry(
      fallback.form,
      method.name,
      form.span,
      params?.kind === 'list' ? params.items : [],
      rest,
    );
    functions.set(
      method.name,
      specialise(module, entry, instance, method, { ...own, module: fallback.module ?? own.module }),
    );
  }
  reportMethods(cx, entry, { unknown, missing, at: instance.span ?? form.span });
  return functions;
}

/** Arithmetic may be left out; a negative follows from `-`. What uses it all the same is reported where it does. */
function isLeftOut(entry: ClassEntry, { name }: MethodEntry, lacking: readonly string[]): boolean {
  if (entry.module !== undefined || entry.key !== 'Num') return false;
  return name !== 'negate' || lacking.includes('-');
}

/** A method of the class as the instance's function: its type at the instance's types. */
function specialise(
  module: Declarations,
  entry: ClassEntry,
  instance: InstanceDefinition,
  method: MethodEntry,
  own: FunctionEntry,
): FunctionEntry {
  const replacement = new Map(entry.parameters.map((p, i) => [p, instance.args[i] as Type]));
  const constraints = method.constraints.map((c) => ({
    class: c.class,
    args: c.args.map((arg) => substitute(arg, replacement)),
  }));
  const type = substitute(method.type, replacement);
  const types = instance.args.map((arg) => spell(arg, instance.parameters));
  const result: FunctionEntry = {
    ...own,
    name: `${method.name} of ${instance.args.map(showType).join(' ')}`,
    key: module.key(`(${[entry.key, ...types].join(' ')}).${method.name}`),
    public: false,
    scheme: {
      parameters: [...instance.parameters, ...method.parameters],
      constraints: [...instance.constraints, ...constraints],
      type: type.kind === 'function' ? type : method.type,
    },
    declared: true,
  };
  module.cx.functions.push(result);
  return result;
}
