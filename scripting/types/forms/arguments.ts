/** Arguments: which is for which parameter, by position, by name, or mixed; and whether they fit. */

import { isLibraryFile } from '../../image/index.ts';
import { type Diagnostic, type Form, type ListForm, nearest, type Span } from '../../syntax/index.ts';
import {
  call,
  ERROR,
  type FieldDefinition,
  functionOf,
  isBuiltin,
  ownedSubject,
  primitive,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { count } from './annotation.ts';
import { brief, isLate } from './argument-order.ts';
import { fitted, infer } from './expression.ts';
import { mutationHint } from './mutation.ts';

interface Arrangement {
  /** One for each parameter, in its order; none for a field that is left to its default. */
  readonly forms: readonly (Form | undefined)[];
  /** The parameters' indices in the order in which the arguments were written. */
  readonly order: readonly number[];
}

/**
 * Puts arguments in the order of their parameters. A keyword that names a parameter and stands before another argument
 * is a name; any other keyword is a value where the number of arguments allows that, and otherwise a mistake.
 */
export function arrange(
  cx: Inference,
  form: Form,
  args: readonly Form[],
  names: readonly (string | undefined)[] | undefined,
  wanted: number,
  callee: string,
  /** `fields`, where it is a constructor: those that have a default can be left out. `hint`: how it is called, for one who gave another number. */
  { fields, hint }: { readonly fields?: readonly FieldDefinition[]; readonly hint?: string | undefined } = {},
): Arrangement | undefined {
  const noun = fields === undefined ? 'argument' : 'field';
  const isBare = noun === 'field' && wanted === 0;
  const known = isBare ? `it is written \`${callee}\`` : hint;
  const advice = known === undefined ? {} : { hint: known };
  const pairs =
    names === undefined ? undefined : namedPairs(args, names, wanted, fields?.every(isNoKeyword) !== true);
  const slots: (Form | undefined)[] = Array.from({ length: wanted });
  const order: number[] = [];
  let position = 0;
  let fine = true;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Form;
    if (arg.kind === 'keyword' && pairs?.has(i)) {
      const at = names?.indexOf(arg.name) ?? -1;
      const value = args[++i] as Form;
      if (at < 0) {
        const near = nearest(
          arg.name,
          (names ?? []).filter((n) => n !== undefined),
        );
        cx.error('unknown-argument', arg, `\`${callee}\` has no ${noun} \`${arg.name}\``, {
          ...(near === undefined ? namesHint(names) : { hint: `did you mean \`:${near}\`?` }),
        });
        fine = false;
      } else if (slots[at] !== undefined) {
        cx.error('repeated-argument', arg, `the ${noun} \`${arg.name}\` is given twice`);
        fine = false;
      } else {
        slots[at] = value;
        order.push(at);
      }
      continue;
    }
    while (position < wanted && slots[position] !== undefined) position++;
    if (position >= wanted) {
      fine = false;
      const surplus = args.length - (pairs?.size ?? 0) * 2;
      cx.error(
        'wrong-argument-count',
        arg,
        `\`${callee}\` takes ${count(wanted, noun)}, and there ${surplus === 1 ? 'is' : 'are'} ${args.length - (pairs?.size ?? 0)}`,
        advice,
      );
      break;
    }
    slots[position] = arg;
    order.push(position);
  }
  if (!fine) return undefined;
  const missing = slots.flatMap((slot, i) =>
    slot === undefined && fields?.[i]?.default === undefined ? [names?.[i] ?? String(i + 1)] : [],
  );
  if (missing.length === 0) return { forms: slots, order };
  const hasNames = names?.some((fieldName) => !/^\d+$/.test(fieldName ?? '')) ?? true;
  if (!hasNames && noun === 'field') {
    cx.error(
      'missing-argument',
      form,
      `\`${callee}\` takes ${count(wanted, noun)}, and ${given(args.length)}`,
      { hint: positionalHint(callee, wanted) },
    );
    return undefined;
  }
  if ((pairs?.size ?? 0) === 0 && noun === 'argument') {
    cx.error(
      'wrong-argument-count',
      form,
      `\`${callee}\` takes ${count(wanted, noun)}, and ${given(args.length)}`,
      advice,
    );
  } else {
    const all = missing.map((m) => `\`${m}\``).join(', ');
    cx.error(
      'missing-argument',
      form,
      `\`${callee}\` also needs ${missing.length === 1 ? `the ${noun}` : `the ${noun}s`} ${all}`,
    );
  }
  return undefined;
}

/** The names that arguments can have, where there are few. */
function namesHint(names: readonly (string | undefined)[] | undefined): { hint?: string } {
  const known = (names ?? []).filter((name) => name !== undefined && !/^\d+$/.test(name));
  return known.length === 0 || known.length > 6
    ? {}
    : { hint: `it has ${known.map((name) => `\`:${name}\``).join(', ')}` };
}

/** How a variant is made whose fields have no names. */
function positionalHint(callee: string, wanted: number): string {
  const fields = [...'abcdefgh'].slice(0, wanted).join(' ');
  const holdsNothing = callee === 'Ok' ? '; `(Ok (do))` holds nothing' : '';
  return `it is written \`(${callee} ${fields}${wanted > 8 ? ' ...' : ''})\`${holdsNothing}`;
}

/** Whether a keyword cannot be what a field is. Types of the library's, as those of layers and keys, have values that are written so. */
function isNoKeyword({ type }: FieldDefinition): boolean {
  const known = prune(type);
  if (known.kind !== 'named') return known.kind === 'function';
  const { kind, span } = known.definition;
  return kind === 'builtin'
    ? !isBuiltin(known, 'Keyword')
    : span === undefined || !isLibraryFile(span.source.name);
}

/** Indices of the keywords that are names. `mayBeValues`: whether others are values where that makes the number right. */
function namedPairs(
  args: readonly Form[],
  names: readonly (string | undefined)[],
  wanted: number,
  mayBeValues: boolean,
): Set<number> {
  const scan = (isName: (name: string) => boolean): Set<number> => {
    const found = new Set<number>();
    for (let i = 0; i + 1 < args.length; i++) {
      const arg = args[i] as Form;
      if (arg.kind === 'keyword' && isName(arg.name)) found.add(i++);
    }
    return found;
  };
  const known = scan((name) => names.includes(name));
  // With the unknown keywords taken as values the count is right: then they are values.
  if (mayBeValues && args.length - known.size === wanted) return known;
  return scan(() => true);
}

/**
 * Arguments against their parameters' types. Lambdas come last, when the other arguments have said what their
 * parameters are: `(map (fn (b) (.pos b)) bodies)`.
 */
export function checkAll(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  types: readonly Type[],
  name: string | undefined,
  /** What to say of one that does not fit, before what its type suggests. */
  hint: (actual: Type, expected: Type) => string | undefined = () => undefined,
): TypedExpression[] {
  const values: (TypedExpression | undefined)[] = forms.map(() => undefined);
  const one = (late: boolean) => {
    for (const [i, form] of forms.entries()) {
      if (isLate(form) !== late) continue;
      const type = types[i] ?? ERROR;
      const node = lent(infer(cx, scope, form, type), type);
      values[i] = fitted(cx, form, node, type, nameArgument(i, forms.length, name), hint(node.type, type));
    }
  };
  one(false);
  one(true);
  return values.map((v, i) => v ?? { kind: 'error', type: ERROR, span: (forms[i] as Form).span });
}

/** The same for arguments that may be named. `misplaced` is asked when all but the lambdas are known; if it says so, none is checked further. */
export function checkArranged(
  cx: Inference,
  scope: Scope,
  arranged: Arrangement,
  types: readonly Type[],
  name: string | undefined,
  fields?: readonly FieldDefinition[],
  misplaced: (values: readonly (TypedExpression | undefined)[]) => boolean = () => false,
): TypedExpression[] | undefined {
  const values: TypedExpression[] = [];
  const written: TypedExpression[] = [];
  const clashes: Diagnostic[] = [];
  const all = cx.diagnostics.all;
  for (const late of [false, true]) {
    for (const at of arranged.order) {
      const form = arranged.forms[at] as Form;
      if (isLate(form) !== late) continue;
      const field = fields?.[at]?.name;
      const what = field === undefined ? nameArgument(at, types.length, name) : `the field \`${field}\``;
      const type = types[at] ?? ERROR;
      const inferred = infer(cx, scope, form, type);
      const node = fields === undefined ? lent(inferred, type) : inferred;
      written[at] = node;
      const reported = all.length;
      const isNew = name === 'swap!' && at === 1 && prune(node.type).kind !== 'function';
      const wantsFunction = prune(type).kind === 'function';
      const hint = isNew
        ? resetHint(arranged.forms.filter((one) => one !== undefined))
        : ((wantsFunction ? sectionHint(form) : undefined) ?? mutationHint(name, node.type));
      values[at] = cx.coerce(node, type, what, [], hint);
      clashes.push(...all.slice(reported));
    }
    if (!late && misplaced(arranged.forms.map((_, i) => written[i]))) {
      for (const clash of clashes) all.splice(all.indexOf(clash), 1);
      return undefined;
    }
  }
  return values;
}

/** An owned value where one that is not owned is asked for: it is lent for the call. */
export function lent(node: TypedExpression, wanted: Type): TypedExpression {
  const subject = ownedSubject(prune(node.type));
  const asked = prune(wanted);
  if (subject === undefined || asked.kind !== 'named' || ownedSubject(asked) !== undefined) return node;
  return lend(node, subject);
}

/** The same, whatever is asked for. */
export function lend(node: TypedExpression, subject: Type): TypedExpression {
  const callee = primitive('%lend', functionOf([node.type], subject), node.span);
  return call(callee, [node], subject, node.span);
}

/** `(* 2)` for a function, as it is meant. */
function sectionHint(form: Form): string | undefined {
  const [head, operand, ...more] = form.kind === 'list' ? form.items : [];
  if (head?.kind !== 'symbol' || operand === undefined || more.length > 0) return undefined;
  return /^[-+*/<>=%]+$/.test(head.name)
    ? `a function without a name is \`(fn (x) (${head.name} x ${brief(operand)}))\``
    : undefined;
}

/** `(swap! a 4)`, as it is meant. */
function resetHint(forms: readonly Form[]): string {
  return `\`(reset! ${forms.map(brief).join(' ')})\` puts it in; \`swap!\` takes a function of what the atom holds`;
}

function nameArgument(index: number, total: number, name: string | undefined): string {
  const of = name === undefined ? '' : ` of \`${name}\``;
  return total === 1 ? `the argument${of}` : `argument ${index + 1}${of}`;
}

/** Arguments of which nothing is known. */
export function inferAll(cx: Inference, scope: Scope, forms: readonly Form[]): TypedExpression[] {
  return forms.map((form) => infer(cx, scope, form));
}

/** Reports a wrong number of arguments; what is wrong inside them is reported too. */
export function wrongCount(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  name: string | undefined,
  wanted: readonly number[],
  hint?: string,
): TypedExpression {
  const args = form.items.slice(1);
  inferAll(cx, scope, args);
  const [most = 0] = wanted.slice(-1);
  const takes = [...wanted.slice(0, -1), count(most, 'argument')].join(' or ');
  const what = name === undefined ? 'this function' : `\`${name}\``;
  const extra = hint === undefined ? {} : { hint };
  return cx.fail('wrong-argument-count', form, `${what} takes ${takes}, and ${given(args.length)}`, extra);
}

function given(number: number): string {
  return number === 0 ? 'none is given' : `${number} ${number === 1 ? 'is' : 'are'} given`;
}

/** Whether something is told of one of the arguments. */
export const isAmong = (forms: readonly Form[], span: Span): boolean =>
  forms.some((form) => form.span === span);
