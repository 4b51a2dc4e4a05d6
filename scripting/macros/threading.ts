/**
 * `->` and `->>`: each step takes what came before as its first (or last) argument.
 *
 * Steps nest, and later stages recurse over what nests. So what came before a long row of calls gets a name now and then:
 *
 *     (-> x (f 1) g (h 2))    becomes    (let ((threaded (g (f x 1)))) (h threaded 2))
 *
 * That changes nothing of what is evaluated, and when. In `->>` the other arguments come before what is threaded, those of the
 * last step first, so in a long row they get names in that order. Macros and the forms of the language may do anything with
 * what they are given: around them steps nest as they are written.
 */
import {
  cover,
  type Diagnostics,
  type Form,
  headName,
  type ListForm,
  type Mark,
  type Span,
  type SymbolForm,
  symbolName,
} from '../syntax/index.ts';

interface ThreadSite {
  readonly diagnostics: Diagnostics;
  /** The mark of the names that are brought in. */
  readonly mark: () => Mark;
  /** Whether a list that begins with this is the call of a function. */
  readonly calls: (head: SymbolForm) => boolean;
}

/** How many steps nest. */
const PIECE = 100;

/** Forms that evaluate their parts in order, as calls do. */
const LIKE_CALLS: ReadonlySet<string> = new Set(['tuple', 'array', 'list', 'set', 'deque', '!=']);

/** Forms that evaluate their first part first, and once. */
const FIRST_PART: ReadonlySet<string> = new Set(['if', 'when', 'unless', 'match', 'and', 'or', 'update']);

/** Forms whose first part is a place: a name of what it holds would be another place. */
const PLACES: ReadonlySet<string> = new Set(['set!', 'inc!', 'dec!', '+=', '-=', '*=', '/=']);

/** `(-> x (f 1) .y)` as `(.y (f x 1))`; a step that is not a list is called with the value alone. */
export function thread(form: ListForm, last: boolean, site: ThreadSite): Form {
  const [head, first, ...steps] = form.items;
  if (first === undefined) {
    site.diagnostics.error('bad-form', form.span, `\`${last ? '->>' : '->'}\` has nothing to begin with`, {
      hint: 'it is written `(-> value (f 1) .y)`',
    });
    return { ...form, items: head === undefined ? [] : [{ ...head, kind: 'symbol', name: 'do' }] };
  }
  if (steps.length <= PIECE) return steps.reduce((value, step) => applied(step, value, first, last), first);
  let value = first;
  let nested = 0;
  for (let i = 0; i < steps.length; ) {
    let end = i;
    while (end < steps.length && isCall(steps[end] as Form, last, site)) end++;
    // What is no call is a step by itself.
    const row = steps.slice(i, Math.max(end, i + 1));
    const isLong = end > i && nested + row.length > PIECE;
    value = isLong
      ? named(row, value, first, last, site.mark())
      : row.reduce((before, step) => applied(step, before, first, last), value);
    nested += isLong ? 2 : row.length;
    i += row.length;
  }
  return value;
}

function applied(step: Form, value: Form, first: Form, last: boolean): Form {
  const span = cover(first.span, step.span);
  if (step.kind !== 'list') return { kind: 'list', items: [step, value], span };
  const [callee, ...args] = step.items;
  if (callee === undefined) return { ...step, items: [value], span };
  return { ...step, items: last ? [callee, ...args, value] : [callee, value, ...args], span };
}

/** Whether a step evaluates what it is given before all else that is left to evaluate, and once. */
function isCall(step: Form, last: boolean, { calls }: ThreadSite): boolean {
  if (step.kind === 'try') return false;
  const head = step.kind === 'list' ? step.items[0] : step;
  if (head?.kind === 'list') return headName(head) === 'fn';
  if (head?.kind !== 'symbol' || LIKE_CALLS.has(head.name) || calls(head)) return true;
  return !last && (FIRST_PART.has(head.name) || PLACES.has(head.name));
}

/** A long row of calls: `(let ((threaded value) (threaded first calls ...) ...) last calls ...)`. */
function named(row: readonly Form[], value: Form, first: Form, last: boolean, mark: Mark): Form {
  const symbol = (name: string, span: Span): Form => ({ kind: 'symbol', name, marks: [mark], span });
  const bindings: Form[] = [];
  const bind = (name: string, given: Form): Form => {
    const { span } = given;
    bindings.push({ kind: 'list', items: [symbol(name, span), given], span });
    return symbol(name, span);
  };
  let count = 0;
  const steps = last
    ? row
        .toReversed()
        .map((step) => withNames(step, (given) => bind(`given${++count}`, given)))
        .reverse()
    : row;
  let before = bind('threaded', value);
  let nested = 0;
  for (const step of steps) {
    if (nested >= PIECE && !PLACES.has(symbolName(step.kind === 'list' ? step.items[0] : step) ?? '')) {
      before = bind('threaded', before);
      nested = 0;
    }
    before = applied(step, before, first, last);
    nested++;
  }
  const span = cover(first.span, before.span);
  const list: Form = { kind: 'list', items: bindings, span };
  return { kind: 'list', items: [symbol('let', span), list, before], span };
}

/** A call with names for its arguments, but for those whose value does not hang on when they are evaluated. */
function withNames(step: Form, bind: (given: Form) => Form): Form {
  if (step.kind !== 'list') return step;
  const [callee, ...args] = step.items;
  if (callee === undefined) return step;
  return { ...step, items: [callee, ...args.map((given) => (isConstant(given) ? given : bind(given)))] };
}

function isConstant(form: Form): boolean {
  if (form.kind === 'symbol') return form.name.startsWith('.');
  if (form.kind === 'vector') return form.items.every(isConstant);
  return form.kind === 'list' ? headName(form) === 'fn' : form.kind !== 'map' && form.kind !== 'try';
}
