/**
 * Functions that a body defines: `letrec`, and `defn` in a body. Those that stand one after another know one another, whatever their
 * order; what follows them knows them all. Functions that use one another are inferred together and generalised at their end, as
 * groups of top-level functions are; one that uses none of them is a `let`'s.
 */

import {
  bindingKey,
  children,
  type Form,
  headName,
  type ListForm,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import {
  type Binding,
  ERROR,
  functionOf,
  parameterType,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import { generaliseLocal, type Inference, stronglyConnectedComponents } from '../solving/index.ts';
import { typeFrom } from './annotation.ts';
import { bindStep, isLambda, type LocalFunction, type Step, setsCaptured, wrap } from './binding.ts';
import { body, infer } from './expression.ts';
import { bodyTypes, splitAnnotation } from './pattern.ts';

/** A name and the `fn` that it stands for. */
interface Definition {
  readonly name: SymbolForm;
  /** What `letrec` says of its type. */
  readonly said?: Form;
  readonly value: ListForm;
}

/** `(letrec ((f (fn ...)) ...) e ...)`. */
export function letrecForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, bindings, ...rest] = form.items;
  const shape = '(letrec ((name (fn (x) e ...)) ...) e ...)';
  if (bindings?.kind !== 'list') return cx.malformed(form, 'letrec', shape);
  const definitions: Definition[] = [];
  for (const item of bindings.items) {
    const [target, value, ...more] = item.kind === 'list' ? item.items : [];
    const annotated = target === undefined ? undefined : splitAnnotation(target);
    const name = annotated?.pattern ?? target;
    if (name?.kind !== 'symbol' || value === undefined || more.length > 0 || annotated?.mutable)
      return cx.malformed(item, 'letrec', shape);
    if (value.kind !== 'list' || !isLambda(value))
      return cx.fail('bad-form', value, '`letrec` binds functions', {
        hint: '`let` binds other values; what is made of itself needs a `mut` field or a collection to be put into',
      });
    definitions.push({ name, value, ...(annotated !== undefined && { said: annotated.type }) });
  }
  const inner = scope.inner();
  const steps = define(cx, inner, definitions);
  return around(steps, body(cx, inner, rest, form, expected), form);
}

/** Whether a form of a body defines a function for what follows. */
export function isLocalDefinition(form: Form): form is ListForm {
  return form.kind === 'list' && headName(form) === 'defn';
}

/** A `let` gives its name only to what is after it. */
export function ownNameHint(scope: Scope, name: SymbolForm): string | undefined {
  if (!scope.isAwaited(name)) return undefined;
  return `a function that calls itself is bound by \`letrec\`, or by \`(defn ${name.name} ...)\` in a body`;
}

/** The functions that stand at the beginning of `forms`, defined in `scope`; `rest` makes the node of what follows them. */
export function withDefinitions(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  rest: (scope: Scope, forms: readonly Form[]) => TypedExpression,
): TypedExpression {
  const after = forms.findIndex((form) => !isLocalDefinition(form));
  const own = (after < 0 ? forms : forms.slice(0, after)).filter(isLocalDefinition);
  const inner = scope.inner();
  const definitions = own.flatMap((form) => definitionOf(cx, inner, form) ?? []);
  const steps = define(cx, inner, definitions);
  const [first, last] = [own[0] as ListForm, own.at(-1) as ListForm];
  if (after < 0)
    return cx.fail(
      'bad-form',
      last,
      `nothing follows \`${symbolName(last.items[1]) ?? 'defn'}\` in this body, so nobody can call it`,
      {
        hint: 'the last form of a body is its value',
      },
    );
  return around(steps, rest(inner, forms.slice(after)), first);
}

/** `(defn name (x) : T e ...)` as a name and a `fn`. */
function definitionOf(cx: Inference, scope: Scope, form: ListForm): Definition | undefined {
  const [head, name, params, ...rest] = form.items;
  if (head === undefined || name?.kind !== 'symbol' || params?.kind !== 'list') {
    const { span } = cx.malformed(form, 'defn', '(defn name (x y) e ...)');
    // Where it is called, nothing more has to be said.
    if (name?.kind === 'symbol')
      scope.define(name, { binding: { name: name.name, type: ERROR, mutable: false, span } });
    return undefined;
  }
  const hasResult = symbolName(rest[0]) === ':';
  const said = hasResult ? rest.slice(0, 2) : [];
  const content = rest.slice(said.length);
  const isDocumented = content.length > 1 && content[0]?.kind === 'string';
  const fn: SymbolForm = { kind: 'symbol', name: 'fn', span: head.span };
  const items = [fn, params, ...said, ...(isDocumented ? content.slice(1) : content)];
  return { name, value: { kind: 'list', items, span: form.span } };
}

function around(steps: readonly Step[], content: TypedExpression, { span }: ListForm): TypedExpression {
  return steps.reduceRight((value, step) => wrap(step, value, span), content);
}

/** Defines the functions in `scope`, each after those that it uses. */
function define(cx: Inference, scope: Scope, all: readonly Definition[]): Step[] {
  const byKey = new Map<string, Definition>();
  for (const definition of all) {
    const key = bindingKey(definition.name);
    if (byKey.has(key))
      cx.error('repeated-name', definition.name, `\`${definition.name.name}\` is defined twice here`);
    else byKey.set(key, definition);
  }
  const uses = new Map([...byKey.values()].map((d) => [d, [...namesIn(d.value, byKey)]]));
  const groups = stronglyConnectedComponents([...byKey.values()], (d) => uses.get(d) ?? []);
  return groups.map((group) => {
    const [only] = group;
    const isAlone = only !== undefined && group.length === 1 && uses.get(only)?.includes(only) !== true;
    if (isAlone && only.said === undefined)
      return bindStep(cx, scope, scope, { target: only.name, value: only.value });
    return { functions: defineGroup(cx, scope, group) };
  });
}

/** Which of the functions a form names: too many do no harm. */
function namesIn(form: Form, byKey: ReadonlyMap<string, Definition>): Set<Definition> {
  const found = new Set<Definition>();
  const visit = (part: Form): void => {
    const definition = part.kind === 'symbol' ? byKey.get(bindingKey(part)) : undefined;
    if (definition !== undefined) found.add(definition);
    children(part).forEach(visit);
  };
  visit(form);
  return found;
}

/** Functions that use one another: of one type each while they are inferred, and generalised together. */
function defineGroup(cx: Inference, scope: Scope, group: readonly Definition[]): LocalFunction[] {
  const outer = cx.wanted;
  cx.wanted = [];
  cx.level++;
  const entries = group.map(({ name, value, said }) => {
    const type = said === undefined ? unknownFunction(cx, value) : typeFrom(cx, said, bodyTypes(cx, scope));
    const binding: Binding = { name: name.name, type, mutable: false, span: name.span };
    const uses: Type[][] = [];
    scope.define(name, { binding, uses });
    return { name, value, binding, uses };
  });
  const made = entries.map((entry) => ({
    ...entry,
    node: cx.coerce(
      infer(cx, scope, entry.value, entry.binding.type),
      entry.binding.type,
      `\`${entry.name.name}\``,
    ),
  }));
  const isFixed = made.some(({ node }) => setsCaptured(node));
  const types = made.map(({ binding }) => binding.type);
  const { parameters, constraints } = generaliseLocal(cx, types, outer, isFixed);
  cx.level--;
  cx.wanted = outer;
  const typeArguments = parameters.map(parameterType);
  return made.flatMap(({ name, binding, uses, node, value }) => {
    for (const use of uses) use.push(...typeArguments);
    binding.type = prune(cx.bounded(binding.type, value.span));
    const type = binding.type;
    if (type.kind !== 'function' || node.kind !== 'lambda') {
      scope.define(name, { binding });
      return [];
    }
    const scheme = { parameters, constraints, type };
    scope.define(name, { binding, scheme });
    return [{ binding, value: node, scheme }];
  });
}

function unknownFunction(cx: Inference, { items: [, params] }: ListForm): Type {
  const isPlain = params?.kind === 'list' && params.items.every((item) => symbolName(item) !== ':');
  return isPlain
    ? functionOf(
        params.items.map(() => cx.fresh()),
        cx.fresh(),
      )
    : cx.fresh();
}
