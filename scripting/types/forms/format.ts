/** `(format "{} has {:.1} hp" name hp)`: the text is taken apart at compile time, and what is left is a `str`. */

import type { Form, ListForm, Span } from '../../syntax/index.ts';
import {
  bound,
  call,
  describe,
  FLOAT_NAMES,
  functionOf,
  I64,
  isBuiltin,
  NUMBER_NAMES,
  primitive,
  prune,
  type Scope,
  STRING,
  type TypedExpression,
  unify,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { inferAll } from './arguments.ts';
import { type Alignment, type Place, readFormat } from './format-text.ts';
import { preludeFunction } from './prelude-function.ts';

/** As the prelude's `%aligned` takes it. */
const SIDES: Readonly<Record<Alignment, bigint>> = { left: -1n, centre: 0n, right: 1n };

/** `{}` takes the next argument; `{{` and `}}` are braces. */
export function formatForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [head, text, ...args] = form.items;
  if (text?.kind !== 'string') return cx.malformed(form, 'format', '(format "{} has {} hp" name hp)');
  const values = inferAll(cx, scope, args);
  const read = readFormat(text.value);
  if ('problem' in read) return cx.fail('bad-format', text, read.problem, { hint: read.hint });
  const { texts, places } = read;
  if (places.length !== values.length)
    return cx.fail(
      'bad-format',
      text,
      `this text has ${places.length} \`{}\`, and ${values.length} to fill them`,
      /%[a-z]/.test(text.value) ? { hint: '`{}` stands for a value, not `%d` or `%s`' } : {},
    );
  const mark = cx.wanted.length;
  for (const value of values) cx.want('Show', [value.type], value.span);
  const joined = (shown: readonly TypedExpression[]): TypedExpression => {
    const pieces = texts.flatMap((piece, i): TypedExpression[] => {
      const value = shown[i];
      const literal = piece === '' ? [] : [string(piece, text.span)];
      return value === undefined ? literal : [...literal, value];
    });
    const types = pieces.map((piece) => piece.type);
    return call(
      primitive('str', functionOf(types, STRING), head?.span ?? form.span),
      pieces,
      STRING,
      form.span,
    );
  };
  // Everything is evaluated before anything is shown, as `str` does.
  const result = places.every(({ written }) => written === '{}')
    ? joined(values)
    : bound(values, form.span, (names) =>
        joined(names.map((name, i) => placed(cx, name, places[i] as Place, args[i] as Form))),
      );
  solve(cx, mark);
  return result;
}

/** A value as a place wants it. */
function placed(cx: Inference, value: TypedExpression, place: Place, arg: Form): TypedExpression {
  const { span } = arg;
  const calls = (name: string, args: readonly TypedExpression[]): TypedExpression => {
    const callee = preludeFunction(cx, name, span);
    for (const [i, { type }] of args.entries()) unify(callee.type.params[i] ?? type, type);
    return call(callee, args, callee.type.result, span);
  };
  if (place.decimals !== undefined && !mayHaveDecimals(cx, value, place, arg)) return value;
  if (place.zeros && !mayHaveZeros(cx, value, place, arg)) return value;
  const shown =
    place.decimals === undefined
      ? call(primitive('str', functionOf([value.type], STRING), span), [value], STRING, span)
      : calls('%with-decimals', [value, integer(BigInt(place.decimals), span)]);
  if (place.width === undefined) return place.written === '{}' ? value : shown;
  const width = integer(BigInt(place.width), span);
  if (place.zeros) return calls('%zero-filled', [shown, width]);
  const side = place.align === undefined ? calls('%side-of', [value]) : integer(SIDES[place.align], span);
  return calls('%aligned', [shown, width, side, string(place.fill, span)]);
}

/** Whether a value may be a float; what is known to be something else is reported. */
function mayHaveDecimals(cx: Inference, { type }: TypedExpression, { written }: Place, arg: Form): boolean {
  const known = prune(type);
  if (known.kind !== 'named' || isBuiltin(known, ...FLOAT_NAMES)) return true;
  cx.error('bad-format', arg, `\`${written}\` shows decimals of a float, and this is ${describe(known)}`, {
    ...(isBuiltin(known, ...NUMBER_NAMES) && { hint: '`(f64 x)` makes a float of it' }),
  });
  return false;
}

function mayHaveZeros(cx: Inference, { type }: TypedExpression, { written }: Place, arg: Form): boolean {
  const known = prune(type);
  if (known.kind !== 'named') {
    cx.want('Number', [known], arg.span);
    return true;
  }
  if (isBuiltin(known, ...NUMBER_NAMES)) return true;
  cx.error('bad-format', arg, `\`${written}\` puts zeros before a number, and this is ${describe(known)}`, {
    hint: '`{:0>5}` fills with zeros whatever it is',
  });
  return false;
}

function integer(value: bigint, span: Span): TypedExpression {
  return { kind: 'integer', value, type: I64, span };
}

function string(value: string, span: Span): TypedExpression {
  return { kind: 'string', value, type: STRING, span };
}
