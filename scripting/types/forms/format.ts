/** `(format "{} has {} hp" name hp)`: the text is taken apart at compile time, and what is left is a `str`. */

import type { Form, ListForm, Span } from '../../syntax/index.ts';
import { call, functionOf, primitive, type Scope, STRING, type TypedExpression } from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { inferAll } from './arguments.ts';

/** `{}` takes the next argument; `{{` and `}}` are braces. */
export function formatForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, text, ...args] = form.items;
  if (text?.kind !== 'string') return cx.malformed(form, 'format', '(format "{} has {} hp" name hp)');
  const values = inferAll(cx, scope, args);
  const texts = between(text.value);
  if (texts === undefined)
    return cx.fail('bad-format', text, 'there is a brace by itself in this text', {
      hint: '`{}` takes an argument; `{{` and `}}` are braces',
    });
  const places = texts.length - 1;
  if (places !== values.length)
    return cx.fail('bad-format', text, `this text has ${places} \`{}\`, and ${values.length} to fill them`);
  const mark = cx.wanted.length;
  for (const value of values) cx.want('Show', [value.type], value.span);
  solve(cx, mark);
  const pieces = texts.flatMap((piece, i): TypedExpression[] => {
    const value = values[i];
    const literal = piece === '' ? [] : [string(piece, text)];
    return value === undefined ? literal : [...literal, value];
  });
  const type = functionOf(
    pieces.map((piece) => piece.type),
    STRING,
  );
  return call(primitive('str', type, form.items[0]?.span ?? form.span), pieces, STRING, form.span);
}

function string(value: string, { span }: Form): TypedExpression & { readonly span: Span } {
  return { kind: 'string', value, type: STRING, span };
}

/** What stands before, between and after the `{}` of a text; undefined where a brace has no partner. */
function between(text: string): readonly string[] | undefined {
  const texts = [''];
  for (const [token] of text.matchAll(/\{\{|\}\}|\{\}|[{}]|[^{}]+/g)) {
    if (token === '{}') texts.push('');
    else if (token === '{' || token === '}') return undefined;
    else texts[texts.length - 1] += token === '{{' || token === '}}' ? token.slice(1) : token;
  }
  return texts;
}
