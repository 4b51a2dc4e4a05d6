/** Warnings of calls that do what they say, and hardly ever what was meant. */

import { languageType, partsOf, prune, type TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Looks through an expression of the program's own. */
export function warnOfSurprises(cx: Inference, body: TypedExpression): void {
  if (body.kind === 'call' && body.span.expansion === undefined) {
    const { callee, args } = body;
    const { source, start, end } = callee.span;
    // `format` is made of calls of `str`, and not spelled so.
    const isSpelled = callee.kind === 'primitive' && source.text.slice(start, end) === callee.name;
    if (isSpelled && SHOWING.has(callee.name)) warnOfPlaces(cx, callee.name, args);
    if (callee.kind === 'function' && callee.key === 'prelude.make-vec') warnOfShared(cx, args[1]);
  }
  const hole = body.kind === 'string' ? /\$\{([\w.?!-]+)\}/.exec(body.value) : null;
  if (hole !== null && body.span.expansion === undefined)
    cx.diagnostics.warning('bad-format', body.span, `\`${hole[0]}\` stands in this text as it is`, {
      hint: `a value stands beside it: \`(str "..." ${hole[1]})\`, or \`(format "... {}" ${hole[1]})\` fills it in`,
    });
  for (const inner of partsOf(body)) warnOfSurprises(cx, inner);
}

/** What shows its arguments one after the other. */
const SHOWING: ReadonlySet<string> = new Set(['print', 'println', 'str']);

/** `(println "hp: {}" hp)` shows `hp: {}7`. */
function warnOfPlaces(cx: Inference, name: string, args: readonly TypedExpression[]): void {
  const [text] = args;
  if (text?.kind !== 'string' || args.length < 2 || !/\{(:[^{}]*)?\}/.test(text.value)) return;
  const filled = '(format "... {}" ...)';
  cx.diagnostics.warning('bad-format', text.span, `\`${name}\` shows \`{}\` as it stands`, {
    hint: `\`${name === 'str' ? filled : `(${name} ${filled})`}\` fills it in`,
  });
}

const CHANGING: ReadonlySet<string> = new Set(['MutVec', 'MutMap', 'MutSet', 'Deque', 'PriorityQueue']);

/** `(make-vec 3 (make-vec 4 0))` is one row, three times. */
function warnOfShared(cx: Inference, item: TypedExpression | undefined): void {
  const type = item === undefined ? undefined : languageType(prune(item.type));
  if (item === undefined || type === undefined || !CHANGING.has(type)) return;
  if (item.kind === 'local' || item.kind === 'global' || item.kind === 'field') return;
  cx.diagnostics.warning('shared-element', item.span, `all elements are one and the same \`${type}\``, {
    hint: '`(to-mut-vec (map (fn (_) ...) (range n)))` makes one for each',
  });
}
