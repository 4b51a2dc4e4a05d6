/** `after` and `every`: what is done when some of the game's time has passed. They are calls of functions of `sluice.game`. */

import type { Form, ListForm, Span, SymbolForm } from '../../syntax/index.ts';
import {
  type ExpressionOf,
  F64,
  hidden,
  type Module,
  named,
  type Scope,
  sequence,
  type TypedExpression,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { check, infer } from './expression.ts';

/** `(after 2.0 e ...)`, `(after 2.0 :owner ball e ...)`. */
export function afterForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  return laterForm(cx, scope, form, 'after');
}

/** `(every 0.5 e ...)`, `(every 0.5 :owner ball e ...)`. */
export function everyForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  return laterForm(cx, scope, form, 'every');
}

/**
 * The timer and what it runs outlive whatever arena is open:
 *
 *     (let (((seconds : f64) 2.0) (owner ball))
 *       (%check-after seconds)
 *       (%in-heap (fn () (%after-of seconds owner (fn () e ...)))))
 */
function laterForm(cx: Inference, scope: Scope, form: ListForm, what: 'after' | 'every'): TypedExpression {
  const [, seconds, ...rest] = form.items;
  const { span } = form;
  const isOwned = rest[0]?.kind === 'keyword' && rest[0].name === 'owner';
  const owner = isOwned ? rest[1] : undefined;
  const body = isOwned ? rest.slice(2) : rest;
  if (seconds === undefined || body.length === 0 || (isOwned && owner === undefined))
    return cx.malformed(form, what, isOwned ? `(${what} 2.0 :owner e e ...)` : `(${what} 2.0 e ...)`);
  const { module } = scope.body;
  const make = gameName(cx, module, owner === undefined ? `%${what}` : `%${what}-of`, form, what);
  const inHeap = gameName(cx, module, '%in-heap', form, what);
  if (make === undefined || inHeap === undefined) return { ...infer(cx, scope, unit(span)), span };
  const symbol = (name: string): SymbolForm => ({ ...make, name });
  const list = (...items: readonly Form[]): ListForm => ({ kind: 'list', items, span });
  const word = (name: string): SymbolForm => ({ kind: 'symbol', name, span });
  const fn = (...all: readonly Form[]): ListForm => list(word('fn'), list(), ...all);
  const inner = scope.inner();
  const bind = (name: SymbolForm, value: TypedExpression): LetBinding => {
    const binding = hidden(name.name, value.type, value.span);
    inner.define(name, { binding });
    return { pattern: named(binding), value };
  };
  const time = symbol('seconds');
  const bindings = [bind(time, check(cx, scope, seconds, F64, 'the seconds'))];
  if (owner !== undefined) bindings.push(bind(symbol('owner'), infer(cx, scope, owner)));
  const given = owner === undefined ? [time] : [time, symbol('owner')];
  const checked = infer(cx, inner, list(symbol(`%check-${what}`), time));
  const timer = infer(cx, inner, list(inHeap, fn(list(make, ...given, fn(...body)))));
  return { kind: 'let', bindings, body: sequence([checked, timer], span), type: timer.type, span };
}

type LetBinding = ExpressionOf<'let'>['bindings'][number];

const unit = (span: Span): Form => ({ kind: 'list', items: [], span });

/** The source of `sluice.game`. */
const GAME = 'sluice/game.slu';

/** A name as `sluice.game` has it; reports where the program does without that module. `what` is the form that needs it. */
export function gameName(
  cx: Inference,
  module: Module,
  name: string,
  form: ListForm,
  what: string,
): SymbolForm | undefined {
  const span = form.items[0]?.span ?? form.span;
  // No expansion of a macro has this number.
  const symbol: SymbolForm = { kind: 'symbol', name, span, marks: [{ id: 0, module: GAME }] };
  if (module.value(symbol) !== undefined || module.type(symbol) !== undefined) return symbol;
  cx.error(
    'unknown-name',
    span,
    `\`${what}\` comes with \`sluice.game\`, which this program does not import`,
    {
      hint: '`(import sluice.game :all)` at the top of the file does',
    },
  );
  return undefined;
}
