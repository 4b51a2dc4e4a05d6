/**
 * Warnings of what a program computes or changes for nothing: a value that a statement drops, and a change of a captured
 * name, which only the closure's own copy sees. Both compile, and both are nearly always meant otherwise.
 */

import type { Span } from '../../syntax/index.ts';
import {
  arrayAround,
  type Binding,
  isFlat,
  partsOf,
  prune,
  type TypedExpression,
  UNIT,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Looks through a body of the program's own. */
export function warnOfLostWork(cx: Inference, body: TypedExpression): void {
  const reads = readsIn(body);
  const visit = (e: TypedExpression): void => {
    if (e.kind === 'do') for (const statement of e.body.slice(0, -1)) warnOfDropped(cx, statement);
    if (e.kind === 'lambda') warnOfLostChanges(cx, e, reads);
    if (e.kind === 'let-functions')
      for (const { function: local } of e.functions) warnOfLostChanges(cx, local.body, reads);
    for (const inner of partsOf(e)) visit(inner);
  };
  visit(body);
}

/** What only computes, of the language's own functions: called for nothing else than its result. */
const PURE: ReadonlySet<string> = new Set(
  (
    'sort sort-by append concat set-nth slice reverse filter take drop-first rest last zip enumerate flat-map range len empty? ' +
    'min-by max-by partition group-by shuffle pick to-vector to-mut-vec to-set to-mut-set freeze make-vec with-capacity cons list set ' +
    'assoc dissoc keys vals has-key? map-find contains? index-of any? all? count-if find find-index set-add set-remove peek ' +
    'peek-priority some? ok-or hash sign string-empty? string-pad-left string-pad-right ' +
    'str string-length substring string-contains string-index-of string-upcase string-downcase string-trim string-split ' +
    'string-join string-replace parse-int parse-float show string-empty? string-starts-with? string-ends-with? ' +
    'string-pad-left string-pad-right partition group-by shuffle min-by max-by find-index to-vector to-mut-vec to-set ' +
    'to-mut-set to-map to-mut-map freeze set-add set-remove cons some? ok-or ' +
    '+ - * / negate mod rem abs min max clamp sqrt floor ceil round trunc sin cos tan asin acos atan atan2 exp log pow lerp ' +
    '= < > <= >= not compare same? bit-and bit-or bit-xor bit-not shl shr unwrap-or deref upgrade'
  ).split(' '),
);

/** Where a pure result has a counterpart that changes something. */
const CHANGING: Readonly<Record<string, string>> = {
  append: '`(push! xs x)` changes a `MutVec`',
  'set-nth': '`(set! (nth xs i) x)` changes a `MutVec`',
  assoc: '`(map-set! m key value)` changes a `MutMap`',
  sort: '`(sort! xs)` changes a `MutVec`',
  'sort-by': '`(sort-by! xs f)` changes a `MutVec`',
  filter: '`(retain! xs keep?)` changes a `MutVec`',
  'set-add': '`(set-add! s x)` changes a `MutSet`',
  'set-remove': '`(set-remove! s x)` changes a `MutSet`',
  dissoc: '`(map-remove! m key)` changes a `MutMap`',
  '=': '`(set! x value)` changes a `mut` name, `(check (= a b))` tests it',
  '+': '`(set! x (+ x 1))` changes a `mut` name',
  '-': '`(set! x (- x 1))` changes a `mut` name',
};

/** A statement whose value is dropped, or the branches of one. */
function warnOfDropped(cx: Inference, e: TypedExpression): void {
  if (e.span.expansion !== undefined || prune(e.type) === UNIT) return;
  if (e.kind === 'if') {
    warnOfDropped(cx, e.then);
    warnOfDropped(cx, e.else);
    return;
  }
  const name = e.kind === 'call' ? calleeName(e.callee) : undefined;
  if (name !== undefined && PURE.has(name)) {
    const hint = name === 'set' ? setHint(e.span) : CHANGING[name];
    const what = name === 'negate' ? '-' : name;
    warn(cx, e.span, `\`${what}\` changes nothing, and what it returns is not used`, hint);
    return;
  }
  if (e.kind === 'update')
    warn(
      cx,
      e.span,
      '`update` makes a copy, and it is not used',
      '`(set! (.field e) value)` changes the original',
    );
  else if (e.kind === 'construct' && e.definition.entity)
    warn(
      cx,
      e.span,
      `this \`${e.definition.name}\` is made, and not used`,
      `\`(add-entity! (${e.definition.name} ...))\` puts it into the world`,
    );
  else if (IDLE.has(e.kind) && !isSplit(e.span))
    warn(cx, e.span, 'this value is not used', indexHint(e.span));
}

/** `(set x 3)` makes a set of two. */
function setHint({ source, start, end }: Span): string {
  const [, place, value] =
    /^\(set\s+([^\s()]+|\([^()]*\))\s+(.{1,40})\)$/.exec(source.text.slice(start, end)) ?? [];
  return place === undefined || value === undefined
    ? '`(set-add! s x)` changes a `MutSet`, `(set! x value)` a `mut` name'
    : `\`(set! ${place} ${value})\` changes what is there`;
}

/** `1,000` is two numbers: that was told when they were read. */
function isSplit({ source, start, end }: Span): boolean {
  return /^\d{1,3}$/.test(source.text.slice(start, end)) && /^,\d{3}/.test(source.text.slice(end, end + 4));
}

/** `v[0]` is two things here: a name, and a vector. */
function indexHint({ source, start, end }: Span): string | undefined {
  const [, index] = /^\[([^[\]\n]{1,30})\]/.exec(source.text.slice(end, end + 32)) ?? [];
  return index === undefined
    ? undefined
    : `\`(nth ${source.text.slice(start, end)} ${index})\` is an element of a vector`;
}

/** Expressions that do nothing but have a value. */
const IDLE: ReadonlySet<TypedExpression['kind']> = new Set([
  'integer',
  'float',
  'bool',
  'string',
  'keyword',
  'picture',
  'local',
  'global',
  'field',
  'construct',
  'vector',
  'lambda',
  'function',
]);

function warn(cx: Inference, span: Span, message: string, changing: string | undefined): void {
  const use = 'give it a name with `let`, or leave it out';
  cx.diagnostics.warning('unused-value', span, message, {
    hint: changing === undefined ? use : `${use}; ${changing}`,
  });
}

function calleeName(callee: TypedExpression): string | undefined {
  switch (callee.kind) {
    case 'primitive':
      return callee.name;
    case 'method':
      return callee.class.startsWith('prelude.') || !callee.class.includes('.') ? callee.method : undefined;
    case 'function':
      // `%range/1` is what `(range n)` calls.
      return callee.key.startsWith('prelude.')
        ? callee.key.slice('prelude.'.length).replace(/^%(.*)(?:\/\d+|-of)$/, '$1')
        : undefined;
    default:
      return undefined;
  }
}

/** Every place where a local name is read. */
function readsIn(body: TypedExpression): ReadonlyMap<Binding, readonly Span[]> {
  const reads = new Map<Binding, Span[]>();
  const visit = (e: TypedExpression): void => {
    if (e.kind === 'local') {
      const known = reads.get(e.binding);
      if (known === undefined) reads.set(e.binding, [e.span]);
      else known.push(e.span);
    }
    for (const inner of partsOf(e)) visit(inner);
  };
  visit(body);
  return reads;
}

/** Names of the surroundings that a function sets, and that are read after it. */
function warnOfLostChanges(
  cx: Inference,
  lambda: TypedExpression,
  reads: ReadonlyMap<Binding, readonly Span[]>,
): void {
  const { span } = lambda;
  const isInside = (place: Span) =>
    place.source === span.source && place.start >= span.start && place.end <= span.end;
  const isAfter = (place: Span) => place.source === span.source && place.start >= span.end;
  const visit = (e: TypedExpression): void => {
    const binding = changedName(e);
    const read =
      binding === undefined || isInside(binding.span) ? undefined : reads.get(binding)?.find(isAfter);
    if (binding !== undefined && read !== undefined && e.span.expansion === undefined)
      cx.diagnostics.warning(
        'lost-change',
        e.span,
        `this changes the function's own copy of \`${binding.name}\`, not the \`${binding.name}\` outside`,
        {
          hint: 'an atom, a `(defglobal mut ...)` or a `MutVec` is shared with what is around; a loop needs no function',
          notes: [{ message: 'the outer one is read here', span: read }],
        },
      );
    for (const inner of partsOf(e)) visit(inner);
  };
  for (const inner of partsOf(lambda)) visit(inner);
}

/** The name that is set, itself or a part of the value in it. */
function changedName(e: TypedExpression): Binding | undefined {
  if (e.kind === 'set-local') return e.binding;
  if (e.kind !== 'set-field' && e.kind !== 'set-element') return undefined;
  let place = e.target;
  for (;;) {
    const around = place.kind === 'field' && isValue(place) ? place.target : arrayAround(place);
    if (around === undefined) break;
    place = around;
  }
  return place.kind === 'local' && isValue(place) ? place.binding : undefined;
}

function isValue({ type }: TypedExpression): boolean {
  const known = prune(type);
  return known.kind === 'named' && isFlat(known.definition);
}
