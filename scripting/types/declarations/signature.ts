/** Signatures and predicates as scripts write them: `(=> (Eq 'a) (Fn ['a 'a] Bool))`. */

import { type Form, headName, nearest } from '../../syntax/index.ts';
import { constructorFrom, type TypeScope, typeFrom } from '../forms/index.ts';
import { ERROR, type Predicate, type Type } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** A signature: `(Fn ...)`, or `(=> (Class 'a) ... (Fn ...))`. */
export function signatureFrom(
  cx: Inference,
  form: Form,
  scope: TypeScope,
): { type: Type; constraints: readonly Predicate[] } {
  if (headName(form) !== '=>' || form.kind !== 'list')
    return { type: typeFrom(cx, form, scope), constraints: [] };
  const inner = form.items.slice(1);
  const body = inner[inner.length - 1];
  if (body === undefined) {
    cx.malformed(form, '=>', "(=> (Eq 'a) (Fn ['a] Bool))");
    return { type: ERROR, constraints: [] };
  }
  const constraints = inner.slice(0, -1).flatMap((c) => predicateFrom(cx, c, scope) ?? []);
  return { type: typeFrom(cx, body, scope), constraints };
}

/** `(Eq 'a)` */
export function predicateFrom(cx: Inference, form: Form, scope: TypeScope): Predicate | undefined {
  const [name, ...args] = form.kind === 'list' ? form.items : [];
  if (name?.kind !== 'symbol') {
    cx.malformed(form, '=>', "(=> (Eq 'a) (Fn ['a] Bool))");
    return undefined;
  }
  const entry = scope.module.class(name);
  if (entry === undefined) {
    const near = nearest(name.name, scope.module.names('classes'));
    cx.error('unknown-class', name, `there is no class \`${name.name}\` here`, {
      ...(near === undefined ? {} : { hint: `did you mean \`${near}\`?` }),
    });
    return undefined;
  }
  if (args.length !== entry.parameters.length) {
    cx.error(
      'wrong-kind',
      form,
      `\`${entry.name}\` takes ${entry.parameters.length} types, not ${args.length}`,
    );
    return undefined;
  }
  return { class: entry.key, args: args.map((arg) => constructorFrom(cx, arg, scope)) };
}
