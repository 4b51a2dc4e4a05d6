/**
 * `(check e)`: a condition that must hold. It is rewritten here, because only here is the text of the condition at hand.
 * The operands of a comparison are bound to names first, so that they are evaluated once and can be shown:
 *
 *     (check (= (f x) 3))   becomes   (let ((side1 (f x)) (side2 3))
 *                                       (unless (= side1 side2) ...tell...))
 *
 * Telling is a run-time error, as a failed assertion is. In a test run, it calls the module `sluice.test` of the host,
 * which notes the failure, and the test goes on. The functions it calls are in the prelude.
 */
import {
  type Diagnostics,
  type Form,
  headName,
  type ListForm,
  type Mark,
  print,
  type Span,
} from '../syntax/index.ts';

/** Their operands are worth showing. */
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '>', '<=', '>=', 'same?']);

/** What they are can be read where they stand. */
const LITERALS: ReadonlySet<Form['kind']> = new Set(['integer', 'float', 'string', 'bool', 'keyword']);

interface CheckSite {
  /** What the names that are brought in carry; its module is the prelude. */
  readonly mark: Mark;
  readonly tests: boolean;
  readonly diagnostics: Diagnostics;
}

/** The condition, and what tells of it where it does not hold. Undefined where the form was refused, and reported. */
export function checkForm(form: ListForm, site: CheckSite): Form | undefined {
  const [, condition, ...more] = form.items;
  if (condition === undefined || more.length > 0) {
    site.diagnostics.error('bad-form', form.span, 'this `check` is not put together right', {
      hint: 'it is written `(check condition)`, as in `(check (= (len xs) 3))`',
    });
    return undefined;
  }
  const make = maker(form.span, site.mark);
  const { operands, rebuilt } = takeApart(condition, make);
  const sides = operands.map((operand, i) => ({ operand, name: make.symbol(`side${i + 1}`, operand.span) }));
  const failed = site.tests ? report(form, condition, sides, make) : stop(condition, sides, make);
  const test = make.call('unless', rebuilt(sides.map(({ name }) => name)), failed);
  if (sides.length === 0) return test;
  const bindings = sides.map(({ operand, name }) => make.list(name, operand));
  return make.call('let', make.list(...bindings), test);
}

interface Maker {
  symbol(name: string, span?: Span): Form;
  string(value: string): Form;
  integer(value: number): Form;
  list(...items: readonly Form[]): ListForm;
  call(name: string, ...args: readonly Form[]): ListForm;
}

function maker(span: Span, mark: Mark): Maker {
  const symbol = (name: string, at = span): Form => ({ kind: 'symbol', name, marks: [mark], span: at });
  const list = (...items: readonly Form[]): ListForm => ({ kind: 'list', items, span });
  return {
    symbol,
    list,
    string: (value) => ({ kind: 'string', value, span }),
    integer: (value) => ({ kind: 'integer', value: BigInt(value), span }),
    call: (name, ...args) => list(symbol(name), ...args),
  };
}

/** A comparison's operands, also after `not`, and how to put it together again around other ones. */
function takeApart(
  condition: Form,
  make: Maker,
): { readonly operands: readonly Form[]; readonly rebuilt: (operands: readonly Form[]) => Form } {
  if (condition.kind === 'list') {
    const [head, ...operands] = condition.items;
    const isComparison = COMPARISONS.has(headName(condition) ?? '') && operands.length >= 2;
    const named = operands.some(({ kind }) => kind === 'keyword');
    if (head !== undefined && isComparison && !named)
      return { operands, rebuilt: (names) => ({ ...condition, items: [head, ...names] }) };
    const [inner, ...more] = operands;
    if (head !== undefined && headName(condition) === 'not' && inner !== undefined && more.length === 0) {
      const { operands: negated, rebuilt } = takeApart(inner, make);
      return { operands: negated, rebuilt: (names) => ({ ...condition, items: [head, rebuilt(names)] }) };
    }
  }
  return { operands: [], rebuilt: () => condition };
}

interface Side {
  readonly operand: Form;
  readonly name: Form;
}

/** Ends the call with what a reader of the message wants to know. */
function stop(condition: Form, sides: readonly Side[], make: Maker): Form {
  const shown = sides
    .filter(({ operand }) => !LITERALS.has(operand.kind))
    .flatMap(({ operand, name }, i) => [make.string(`${i === 0 ? ': ' : ', '}${textOf(operand)} is `), name]);
  const text = make.string(`the check ${textOf(condition)} failed`);
  return make.call('error', make.call('str', text, ...shown));
}

/** Tells the host each side, then which check it was. */
function report(form: ListForm, condition: Form, sides: readonly Side[], make: Maker): Form {
  const { source, start, end } = condition.span.expansion === undefined ? condition.span : form.span;
  return make.call(
    'do',
    ...sides.map(({ operand, name }) =>
      make.call('%check-side', make.string(textOf(operand)), shownValue(name, make)),
    ),
    make.call(
      '%check-failed',
      make.string(textOf(condition)),
      make.string(source.name),
      make.integer(start),
      make.integer(end),
    ),
  );
}

function shownValue(name: Form, make: Maker): Form {
  return { ...make.call('%quoted', name), span: name.span };
}

/** How the script writes it; what a macro made is printed. */
function textOf(form: Form): string {
  const { source, start, end, expansion } = form.span;
  const text = expansion === undefined ? source.text.slice(start, end) : print(form);
  // Comments and layout of a condition over several lines would only get in the way.
  return text.includes('\n') ? print(form) : text;
}
