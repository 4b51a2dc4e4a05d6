/** Inference of expressions: which form is which, names, literals, and bodies. */

import { FAILED } from '../../macros/index.ts';
import {
  type ExpressionFormName,
  type Form,
  LANGUAGE_FORMS,
  type ListForm,
  type SymbolForm,
} from '../../syntax/index.ts';
import {
  BOOL,
  type Definition,
  DROPPED,
  discarded,
  dropped,
  ERROR,
  FLOAT_NAMES,
  HIDDEN,
  isBuiltin,
  KEYWORD,
  type Local,
  local as localNode,
  NUMBER_NAMES,
  prune,
  type Scope,
  STRING,
  sequence,
  spanOfAll,
  type Type,
  type TypedExpression,
  UNIT,
  unit,
  vectorOf,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { apply, callDefinition } from './call.ts';
import { accessorCall, accessorValue } from './construct.ts';
import { control } from './control-name.ts';
import { quotedName } from './habits.ts';
import { isLocalDefinition, withDefinitions } from './local-functions.ts';
import { mapLiteral } from './map.ts';
import { specialForm } from './special.ts';
import { layer, picture } from './stage-names.ts';
import { tryForm } from './try.ts';
import { refused, unknown, unknownCall } from './unknown-name.ts';
import { definitionValue } from './value.ts';
import { returnedHint, valuelessHint } from './valueless.ts';
import { arrowCall } from './word-order.ts';

/**
 * The typed tree of a form. `expected` is what the surroundings hope for: it helps literals, lambdas and branches to
 * find their types, but it is the caller that checks the result against it.
 */
export function infer(cx: Inference, scope: Scope, form: Form, expected?: Type): TypedExpression {
  const { span } = form;
  switch (form.kind) {
    case 'integer':
      return { kind: 'integer', value: form.value, type: literal(cx, form, 'integer', expected), span };
    case 'float':
      return {
        kind: 'float',
        value: form.value,
        ...(form.single === undefined ? {} : { single: form.single }),
        type: literal(cx, form, 'float', expected),
        span,
      };
    case 'bool':
      return { kind: 'bool', value: form.value, type: BOOL, span };
    case 'string':
      return picture(cx, form, expected) ?? { kind: 'string', value: form.value, type: STRING, span };
    case 'keyword':
      return (
        control(cx, form, expected) ??
        layer(cx, form, expected) ?? { kind: 'keyword', name: form.name, type: KEYWORD, span }
      );
    case 'symbol':
      return name(cx, scope, form, expected);
    case 'list':
      return list(cx, scope, form, expected);
    case 'vector': {
      const hoped = expected === undefined ? undefined : prune(expected);
      const element =
        (hoped !== undefined && isBuiltin(hoped, 'Vector') ? hoped.args[0] : undefined) ?? cx.fresh();
      const items = form.items.map((item) => check(cx, scope, item, element, 'this element'));
      return { kind: 'vector', items, type: vectorOf(element), span };
    }
    case 'map':
      return mapLiteral(cx, scope, form, expected);
    case 'try':
      return tryForm(cx, scope, form);
    case 'type-variable':
      return cx.fail('bad-form', form, ...quotedName(form.name));
    default:
      return cx.fail('bad-form', form, 'templates belong in macros');
  }
}

/** The typed tree of a form whose type is known; `what` names it in the message where it is another. */
export function check(
  cx: Inference,
  scope: Scope,
  form: Form,
  expected: Type,
  what: string,
  hint?: string,
): TypedExpression {
  return fitted(cx, form, infer(cx, scope, form, expected), expected, what, hint);
}

/** What has been inferred of a form against what is asked of it. */
export function fitted(
  cx: Inference,
  form: Form,
  node: TypedExpression,
  expected: Type,
  what: string,
  hint?: string,
): TypedExpression {
  return settle(cx, node, expected, what, node.type === UNIT ? valuelessHint(form) : hint);
}

/** A node where a type is asked for; where its value is dropped, any type will do. */
export function settle(
  cx: Inference,
  node: TypedExpression,
  expected: Type,
  what: string,
  hint?: string,
): TypedExpression {
  return expected === DROPPED ? dropped(node) : cx.coerce(node, expected, what, [], hint);
}

/** An expression that stands there for its effect. */
export function statement(cx: Inference, scope: Scope, form: Form): TypedExpression {
  return infer(cx, scope, form, DROPPED);
}

/** Several expressions, of which the last returns the value. */
export function body(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  at: Form,
  expected?: Type,
): TypedExpression {
  return bodyOf(cx, scope, forms, at, (inner, form) => {
    const value = infer(cx, inner, form, expected);
    return expected === DROPPED ? dropped(value) : value;
  });
}

/** A body with a known type. The mismatch is reported at the expression that returns the value. */
export function checkBody(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  at: Form,
  expected: Type,
  what: string,
): TypedExpression {
  if (forms.length === 0) return settle(cx, unit(at.span), expected, what);
  return bodyOf(cx, scope, forms, at, (inner, form) => {
    const { result, drops } = inner.body;
    const wanted = drops && expected === result ? DROPPED : expected;
    return check(cx, inner, form, wanted, what, returnedHint(inner.body, expected));
  });
}

/** A body that stands there for its effect. */
export function statements(cx: Inference, scope: Scope, forms: readonly Form[], at: Form): TypedExpression {
  if (forms.some(isLocalDefinition)) return body(cx, scope, forms, at, DROPPED);
  return discarded(
    forms.map((form) => statement(cx, scope, form)),
    spanOfAll(forms, at.span),
  );
}

/** `value` makes the node of the last form, in the scope of what is defined before it. */
function bodyOf(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  at: Form,
  value: (scope: Scope, form: Form) => TypedExpression,
): TypedExpression {
  if (forms.length === 0) return unit(at.span);
  const last = forms.length - 1;
  const nodes: TypedExpression[] = [];
  for (const [i, form] of forms.entries()) {
    if (isLocalDefinition(form)) {
      const rest = withDefinitions(cx, scope, forms.slice(i), (inner, following) =>
        bodyOf(cx, inner, following, at, value),
      );
      return sequence([...nodes, rest], at.span);
    }
    nodes.push(i === last ? value(scope, form) : statement(cx, scope, form));
  }
  return sequence(nodes, at.span);
}

function literal(cx: Inference, form: Form, kind: 'integer' | 'float', expected: Type | undefined): Type {
  const hoped = expected === undefined ? undefined : prune(expected);
  const fitting = kind === 'integer' ? NUMBER_NAMES : FLOAT_NAMES;
  if (hoped !== undefined && isBuiltin(hoped, ...fitting)) return hoped;
  const type = cx.fresh(kind);
  cx.want(kind === 'integer' ? 'IntegerLiteral' : 'FloatLiteral', [type], form.span);
  return type;
}

function name(cx: Inference, scope: Scope, form: SymbolForm, expected: Type | undefined): TypedExpression {
  // A macro call was refused here, and reported.
  if (form.name === FAILED) return { kind: 'error', type: ERROR, span: form.span };
  const arena = scope.lookupArena(form);
  const wanted = expected === undefined ? undefined : prune(expected);
  if (arena !== undefined && wanted !== undefined && isBuiltin(wanted, 'Arena'))
    return localValue(cx, arena, form);
  const found = scope.lookup(form);
  if (found !== undefined) return localValue(cx, found, form);
  if (isAccessor(form)) return hiddenField(cx, scope, form) ?? accessorValue(cx, form, expected);
  if (scope.body.module.refused.has(form.name)) return refused(cx, form);
  const definition = scope.body.module.value(form);
  if (definition !== undefined) {
    checkAmbiguity(cx, scope, form);
    checkUnsafe(cx, scope, definition, form);
    return definitionValue(cx, definition, form.span);
  }
  if (arena !== undefined) return localValue(cx, arena, form);
  if (LANGUAGE_FORMS.has(form.name))
    return cx.fail('bad-form', form, `\`${form.name}\` is not a value`, {
      hint: ALONE.has(form.name)
        ? `it stands in parentheses: \`(${form.name})\``
        : form.name === '->'
          ? 'the type of a result stands after a `:`, as in `(defn f (x) : i64 ...)`'
          : `it begins a form: \`(${form.name} ...)\``,
    });
  return unknown(cx, scope, form);
}

/** Forms that may have nothing in them. */
const ALONE: ReadonlySet<string> = new Set<ExpressionFormName>(['break', 'continue', 'return']);

/** A local name's value; what is generic is instantiated. */
function localValue(
  cx: Inference,
  { binding, scheme, number, uses, former }: Local,
  form: SymbolForm,
): TypedExpression {
  if (former !== undefined)
    return cx.fail(
      'bad-form',
      form,
      `\`${form.name}\` is what an object was, of which only fields can be read`,
      {
        hint: `\`(.field ${form.name})\` reads one`,
      },
    );
  if (number !== undefined) {
    const type = literal(cx, form, number.form.kind, undefined);
    number.types.push(type);
    return { ...number.form, type, span: form.span };
  }
  if (uses !== undefined) {
    const typeArguments: Type[] = [];
    uses.push(typeArguments);
    return { kind: 'local-function', binding, typeArguments, type: binding.type, span: form.span };
  }
  if (scheme === undefined) return localNode(binding, form.span);
  const { type, args } = cx.instantiate(scheme, form.span);
  const isValue = prune(binding.type).kind !== 'function';
  return {
    kind: 'local-function',
    binding,
    typeArguments: args,
    type: isValue ? type.result : type,
    span: form.span,
  };
}

/** The forms whose value is that of a part of theirs: where it is dropped, each part drops its own. */
const PASSES_ON: ReadonlySet<string> = new Set<ExpressionFormName>([
  'if',
  'cond',
  'match',
  'if-let',
  'do',
  'let',
  'letrec',
  'unsafe',
  'with-arena',
  'outside',
  'without-collection',
]);

function list(cx: Inference, scope: Scope, form: ListForm, expected: Type | undefined): TypedExpression {
  const [head] = form.items;
  if (head === undefined) return unit(form.span);
  if (head.kind !== 'symbol' || scope.lookup(head) !== undefined)
    return arrowCall(cx, scope, form) ?? apply(cx, scope, form, infer(cx, scope, head));
  if (isAccessor(head)) return hiddenField(cx, scope, head) ?? accessorCall(cx, scope, form, head);
  const { module } = scope.body;
  const special = specialForm(head.name, module);
  if (special !== undefined && !module.shadows(head))
    return special(cx, scope, form, expected === DROPPED && !PASSES_ON.has(head.name) ? undefined : expected);
  const definition = module.refused.has(head.name) ? undefined : module.value(head);
  if (definition !== undefined) {
    checkAmbiguity(cx, scope, head);
    checkUnsafe(cx, scope, definition, head);
    return callDefinition(cx, scope, form, definition, expected);
  }
  const isDeclaration = LANGUAGE_FORMS.get(head.name)?.kind === 'declaration';
  if (isDeclaration && LANGUAGE_FORMS.get(head.name)?.planned !== true) return misplaced(cx, form, head.name);
  if (LANGUAGE_FORMS.get(head.name)?.planned)
    return cx.fail('not-supported-yet', form, `\`${head.name}\` is not supported yet`);
  return arrowCall(cx, scope, form) ?? unknownCall(cx, scope, form, head);
}

/** A definition where a value is asked for. */
function misplaced(cx: Inference, form: ListForm, name: string): TypedExpression {
  if (name === 'defn')
    return cx.fail(
      'bad-form',
      form,
      'a `defn` has no value: it is a form of a body, and defines a function for what follows it',
      {
        hint: '`(fn (x) ...)` is a function as a value',
      },
    );
  return cx.fail('bad-form', form, `\`${name}\` belongs at top level`);
}

/** The fields of the library's own types are its own. */
function hiddenField(cx: Inference, scope: Scope, form: SymbolForm): TypedExpression | undefined {
  if (!form.name.startsWith(`.${HIDDEN}`) || !scope.body.module.isUsers) return undefined;
  return cx.fail('unknown-field', form, `\`${form.name}\` belongs to the library`);
}

/** Which of several modules an imported name is meant to come from, nobody should have to guess. */
function checkAmbiguity(cx: Inference, scope: Scope, form: SymbolForm): void {
  const from = scope.body.module.ambiguity(form);
  const [first] = from;
  if (first === undefined) return;
  const all = from.map(({ name }) => `\`${name}\``).join(' and ');
  cx.error('ambiguous-name', form, `\`${form.name}\` is imported from ${all}`, {
    hint: `\`(import ${first.name} :as m)\` and \`m.${form.name}\` says which is meant`,
  });
}

/** What the host's `C` module does, nobody checks. */
function checkUnsafe(cx: Inference, scope: Scope, definition: Definition, form: SymbolForm): void {
  if (definition.kind !== 'extern' || definition.extern.module !== 'C' || scope.body.isUnsafe) return;
  cx.error('needs-unsafe', form, `\`${form.name}\` is a function of \`extern "C"\``, {
    hint: '`(unsafe ...)` around the call says that you have looked at it',
  });
}

/** `.field` */
export function isAccessor(form: SymbolForm): boolean {
  return form.name.length > 1 && form.name.startsWith('.');
}
