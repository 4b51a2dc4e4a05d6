/** Function bodies: those with a signature are checked against it, the others inferred with their group. */

import type { Form, Span } from '../../syntax/index.ts';
import { check, checkBody, parameterList, splitAnnotation, statements, typeFrom } from '../forms/index.ts';
import {
  DROPPED,
  ERROR,
  F64,
  type FunctionEntry,
  functionOf,
  type GlobalEntry,
  isBuiltin,
  isError,
  newParameter,
  type Predicate,
  parameterType,
  prune,
  type Scheme,
  Scope,
  showPredicate,
  showType,
  spanOfAll,
  type Type,
  type TypedExpression,
  type TypedParameter,
  UNIT,
  unify,
} from '../model/index.ts';
import { generaliseGroup, type Inference, withSuperclasses } from '../solving/index.ts';
import type { Declarations } from './declarations.ts';
import { hostArguments } from './exportable.ts';
import { signatureFrom } from './signature.ts';

/** Gives a function its scheme where the text says all of it. */
export function readSignature(cx: Inference, entry: FunctionEntry, declarations: Declarations): void {
  if (entry.declared) return;
  const { module } = entry;
  const declared = declarations.signatures.get(entry.name);
  if (declared !== undefined) {
    declared.used = true;
    const names = new Map<string, Type>();
    const introduce = (name: string): Type => parameterType(newParameter(name));
    const { type, constraints } = signatureFrom(cx, declared.form, { module, variables: names, introduce });
    if (type.kind !== 'function') {
      cx.error('bad-type', declared.form, `\`${entry.name}\` is a function, and this is not the type of one`);
      return;
    }
    if (type.params.length !== entry.params.length) {
      cx.error(
        'wrong-type',
        entry.nameSpan,
        `\`${entry.name}\` has another number of parameters than its declaration`,
        {
          notes: [{ message: 'it is declared here', span: declared.form.span }],
        },
      );
      return;
    }
    const parameters = [...names.values()].flatMap((t) => (t.kind === 'parameter' ? [t.parameter] : []));
    entry.scheme = { parameters, constraints, type };
    entry.declared = true;
    return;
  }
  const annotations = entry.params.map((p) => splitAnnotation(p)?.type);
  // What a type variable must satisfy is found out from the body.
  if (!isTyped(entry) || [...annotations, entry.result].some((a) => a !== undefined && mentionsVariable(a)))
    return;
  const scope = { module, variables: new Map<string, Type>(), introduce: undefined };
  const params = annotations.map((a) => typeFrom(cx, a as Form, scope));
  entry.scheme = {
    parameters: [],
    constraints: [],
    type: functionOf(params, typeFrom(cx, entry.result as Form, scope)),
  };
  entry.declared = true;
}

/** Whether all parameters and the result have their types written beside them. */
function isTyped({ params, result }: FunctionEntry): boolean {
  return result !== undefined && params.every((p) => splitAnnotation(p) !== undefined);
}

function mentionsVariable(form: Form): boolean {
  if (form.kind === 'type-variable') return true;
  return (form.kind === 'list' || form.kind === 'vector') && form.items.some(mentionsVariable);
}

/** Infers a group of functions and globals that use one another, and generalises the functions together. */
export function inferGroup(
  cx: Inference,
  functions: readonly FunctionEntry[],
  globals: readonly GlobalEntry[],
): void {
  const before = cx.errors;
  cx.level++;
  cx.givens = [];
  for (const entry of functions)
    entry.inferring = {
      type: functionOf(
        entry.params.map(() => cx.fresh()),
        cx.fresh(),
      ),
      uses: [],
    };
  // They are inferred as one, so a type variable that two of them name is one as well.
  const names = new Map<string, Type>();
  const done = functions.map((entry) => ({
    entry,
    ...bodyOf(cx, entry, entry.inferring?.type ?? functionOf([], UNIT), names),
  }));
  for (const entry of globals) inferGlobal(cx, entry);
  const types = functions.flatMap((entry) => (entry.inferring === undefined ? [] : [entry.inferring.type]));
  const values = globals.flatMap(({ typed }) => (typed === undefined ? [] : [typed]));
  const generalised = generaliseGroup(cx, {
    roots: types,
    module: (functions[0] ?? globals[0])?.module,
    bodies: [...done.map(({ body }) => body), ...values],
    errorsBefore: before,
  });
  cx.level--;
  const parameterTypes = generalised.parameters.map(parameterType);
  for (const { entry, params, body } of done) {
    const inferred = entry.inferring?.type ?? functionOf([], UNIT);
    const type = isError(cx.bounded(inferred, entry.nameSpan))
      ? functionOf(
          inferred.params.map(() => ERROR),
          ERROR,
        )
      : inferred;
    for (const fill of entry.inferring?.uses ?? []) fill(parameterTypes);
    entry.scheme = { ...generalised, type };
    entry.inferring = undefined;
    finish(entry, entry.scheme, params, body);
    if (isEntryPoint(cx, entry)) checkEntryIsKnown(cx, entry);
    if (entry.public && entry.name !== 'main' && !isTyped(entry))
      cx.diagnostics.warning(
        'missing-signature',
        entry.nameSpan,
        `the public function \`${entry.name}\` has no signature`,
        {
          hint: `it is \`${signatureText(entry.scheme)}\``,
        },
      );
  }
}

function signatureText({ constraints, type }: Scheme): string {
  if (constraints.length === 0) return showType(type);
  return `(=> ${constraints.map(showPredicate).join(' ')} ${showType(type)})`;
}

/** A global without a type has that of its value. */
function inferGlobal(cx: Inference, entry: GlobalEntry): void {
  const scope = new Scope({
    module: entry.module,
    typeVariables: new Map(),
    result: UNIT,
    drops: true,
    isFunction: false,
    span: entry.definition.span,
  });
  entry.typed = check(
    cx,
    scope,
    entry.value,
    entry.definition.type,
    `the value of \`${entry.definition.name}\``,
  );
}

export function checkGlobal(cx: Inference, entry: GlobalEntry): void {
  const before = cx.errors;
  cx.level++;
  cx.givens = [];
  inferGlobal(cx, entry);
  const bodies = entry.typed === undefined ? [] : [entry.typed];
  generaliseGroup(cx, { roots: [], module: entry.module, bodies, errorsBefore: before });
  cx.level--;
}

/** Checks the body of a function whose signature is known. */
export function checkFunction(cx: Inference, entry: FunctionEntry): void {
  const { scheme } = entry;
  if (scheme === undefined) return;
  const before = cx.errors;
  cx.level++;
  cx.givens = withSuperclasses(cx, scheme.constraints);
  const names = new Map(scheme.parameters.map((p): [string, Type] => [p.name, parameterType(p)]));
  const { params, body } = bodyOf(cx, entry, scheme.type, names);
  const { constraints, places } = generaliseGroup(cx, {
    roots: [],
    module: entry.module,
    bodies: [body],
    errorsBefore: before,
  });
  cx.level--;
  cx.givens = [];
  if (constraints.length > 0) reportMissing(cx, entry, constraints, places);
  finish(entry, scheme, params, body);
}

function reportMissing(
  cx: Inference,
  entry: FunctionEntry,
  missing: readonly Predicate[],
  places: readonly Span[],
): void {
  const all = missing.map(showPredicate).join(' ');
  if (entry.defaultOf !== undefined) {
    const { field, name } = entry.defaultOf;
    const isNumber = missing.every((predicate) => /Literal$/.test(predicate.class));
    cx.error(
      'missing-constraint',
      entry.nameSpan,
      `the default of \`${field}\` ${isNumber ? 'is a number' : `needs ${all}`}, and the parameters of a type may be any types`,
      { hint: `a function that makes a \`${name}\` can need more of them, and give the field` },
    );
    return;
  }
  cx.error(
    'missing-constraint',
    entry.nameSpan,
    `\`${entry.name}\` also needs ${all}, which its signature does not say`,
    {
      hint: `\`(=> ${all} ...)\` in its declaration says it`,
      notes: places.map((span) => ({ message: 'it is needed here', span })),
    },
  );
}

function bodyOf(
  cx: Inference,
  entry: FunctionEntry,
  type: Scheme['type'],
  names: Map<string, Type>,
): { params: TypedParameter[]; body: TypedExpression } {
  const introduce = (name: string): Type => parameterType(newParameter(name));
  const types = { module: entry.module, variables: names, introduce };
  if (entry.result !== undefined) {
    const said = typeFrom(cx, entry.result, types);
    cx.agree(said, type.result, entry.result.span, 'the result');
  }
  // Annotations may name type variables, which then mean the same in the whole function.
  for (const param of entry.params) {
    const said = splitAnnotation(param)?.type;
    if (said !== undefined) typeFrom(cx, said, types);
  }
  const isDeclared = entry.scheme !== undefined || entry.result !== undefined;
  const drops = entry.discardsResult === true || (isDeclared && isBuiltin(prune(type.result), 'Unit'));
  const scope = new Scope({
    module: entry.module,
    typeVariables: names,
    result: type.result,
    drops,
    isFunction: entry.defaultOf === undefined,
    ...(entry.defaultOf === undefined ? {} : { defaultOf: entry.defaultOf }),
    span: entry.nameSpan,
  });
  const params = parameterList(cx, scope, entry.params, type.params);
  if (isEntryPoint(cx, entry)) checkEntryPoint(cx, entry, type);
  const at: Form = { kind: 'list', items: [], span: spanOfAll(entry.body, entry.span) };
  const inner = scope.inner();
  const what =
    entry.defaultOf === undefined
      ? `the result of \`${entry.name}\``
      : `the default of \`${entry.defaultOf.field}\``;
  const body = entry.discardsResult
    ? statements(cx, inner, entry.body, at)
    : checkBody(cx, inner, entry.body, at, drops ? DROPPED : type.result, what);
  return { params, body };
}

function finish(
  entry: FunctionEntry,
  scheme: Scheme,
  params: readonly TypedParameter[],
  body: TypedExpression,
): void {
  entry.typed = {
    name: entry.name,
    key: entry.key,
    public: entry.public,
    typeParameters: scheme.parameters,
    constraints: scheme.constraints,
    params,
    result: scheme.type.result,
    body,
    span: entry.span,
    ...(entry.documentation === undefined ? {} : { documentation: entry.documentation }),
  };
}

/** Of functions with such a name the main script's is called by the host; one of a module's is like any other. */
function isEntryPoint(cx: Inference, { module, name }: FunctionEntry): boolean {
  return module === cx.main && (name === 'main' || name === 'start' || name === 'frame');
}

/** The functions that the host calls have the types it expects. */
function checkEntryPoint(cx: Inference, entry: FunctionEntry, type: Scheme['type']): void {
  const wrong = (span: Span, message: string, hint: string) =>
    cx.error('wrong-entry-point', span, message, { hint });
  if (entry.name !== 'frame' && type.params.length > 0) {
    wrong(
      entry.nameSpan,
      `\`${entry.name}\` takes no parameters`,
      `it is written \`(defn ${entry.name} () ...)\``,
    );
    return;
  }
  if (entry.name === 'main') return;
  const [dt] = type.params;
  const hasSeconds = type.params.length === 1 && dt !== undefined && unify(dt, F64) === undefined;
  if (entry.name === 'frame' && !hasSeconds) {
    wrong(
      entry.nameSpan,
      "`frame` takes the frame's seconds, one `f64`",
      'it is written `(defn frame ((dt : f64)) : Unit ...)`',
    );
    return;
  }
  if (unify(type.result, UNIT) !== undefined)
    wrong(entry.nameSpan, `\`${entry.name}\` returns nothing`, 'its result is `Unit`');
}

/** Nobody would say at which type the host calls it. */
function checkEntryIsKnown(cx: Inference, { name, nameSpan, typed }: FunctionEntry): void {
  if (typed === undefined || typed.params.length > 0 || hostArguments(typed) !== undefined) return;
  cx.error('wrong-entry-point', nameSpan, `it is not known what \`${name}\` returns`, {
    hint: 'a type for its result says it, as `: Unit` after the parameters',
  });
}

/** Declarations without a definition. */
export function reportUnusedSignatures(cx: Inference, declarations: Declarations): void {
  for (const [name, { span, used }] of declarations.signatures)
    if (!used) cx.error('missing-definition', span, `\`${name}\` is declared but not defined`);
}
