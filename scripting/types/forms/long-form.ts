/**
 * Forms of any length. Operands and conditions nest in the typed tree, and later stages recurse over that: so long forms are
 * put together from pieces, which change nothing of what is evaluated, and when.
 */
import type { Span } from '../../syntax/index.ts';
import {
  BOOL,
  bool,
  conditional,
  hidden,
  I64,
  local,
  named,
  type Type,
  type TypedExpression,
  type TypedPattern,
} from '../model/index.ts';

/** How many operands or conditions nest. */
const PIECE = 100;

/** `((a + b) + c) + ...`: what has been added up so far gets a name now and then. */
export class Chain {
  readonly #bindings: { pattern: TypedPattern; value: TypedExpression }[] = [];
  readonly #span: Span;
  #nested = 0;

  constructor(span: Span) {
    this.#span = span;
  }

  /** Stands for `value`, in which the last one that came out of here is the first thing evaluated. */
  link(value: TypedExpression): TypedExpression {
    this.#nested += 1;
    if (this.#nested < PIECE) return value;
    this.#nested = 0;
    const binding = hidden('so far', value.type, this.#span);
    this.#bindings.push({ pattern: named(binding), value });
    return local(binding);
  }

  close(body: TypedExpression): TypedExpression {
    if (this.#bindings.length === 0) return body;
    return { kind: 'let', bindings: this.#bindings, body, type: body.type, span: this.#span };
  }
}

/** Whether all hold, or any does; those after the one that decides are not evaluated. */
export function junction(all: boolean, tests: readonly TypedExpression[], span: Span): TypedExpression {
  if (tests.length > PIECE) {
    const middle = tests.length >> 1;
    return junction(
      all,
      [junction(all, tests.slice(0, middle), span), junction(all, tests.slice(middle), span)],
      span,
    );
  }
  return (
    tests.reduceRight<TypedExpression | undefined>((rest, test) => {
      if (rest === undefined) return test;
      return all
        ? conditional(test, rest, bool(false, span), BOOL, span)
        : conditional(test, bool(true, span), rest, BOOL, span);
    }, undefined) ?? bool(all, span)
  );
}

interface Clause {
  readonly test: TypedExpression;
  readonly value: TypedExpression;
  readonly span: Span;
}

/** The value of the first clause whose test holds; that of the last one, whatever its test, if no other does. */
export function firstOf(clauses: readonly Clause[], type: Type, span: Span): TypedExpression | undefined {
  if (clauses.length <= PIECE)
    return clauses.reduceRight<TypedExpression | undefined>(
      (rest, clause) =>
        rest === undefined ? clause.value : conditional(clause.test, clause.value, rest, type, clause.span),
      undefined,
    );
  // First which clause it is, a piece at a time: 0 as long as none is found, else its number from 1. Then its value.
  const number = (value: number, at: Span): TypedExpression => ({
    kind: 'integer',
    value: BigInt(value),
    type: I64,
    span: at,
  });
  const pattern = (value: number, at: Span): TypedPattern => ({
    kind: 'literal',
    value: number(value, at),
    type: I64,
    span: at,
  });
  const tested = clauses.slice(0, -1);
  const bindings: { pattern: TypedPattern; value: TypedExpression }[] = [];
  let found: TypedExpression | undefined;
  for (let start = 0; start < tested.length; start += PIECE) {
    const search = tested
      .slice(start, start + PIECE)
      .reduceRight<TypedExpression>(
        (rest, clause, i) =>
          conditional(clause.test, number(start + i + 1, clause.span), rest, I64, clause.span),
        number(0, span),
      );
    const arms =
      found === undefined
        ? undefined
        : [
            { pattern: pattern(0, span), body: search },
            { pattern: { kind: 'wildcard', type: I64, span } as const, body: found },
          ];
    const binding = hidden('clause', I64, span);
    const value: TypedExpression =
      arms === undefined || found === undefined
        ? search
        : { kind: 'match', subject: found, arms, type: I64, span };
    bindings.push({ pattern: named(binding), value });
    found = local(binding);
  }
  const last = clauses[clauses.length - 1];
  if (found === undefined || last === undefined) return undefined;
  const arms = [
    ...tested.map((clause, i) => ({ pattern: pattern(i + 1, clause.span), body: clause.value })),
    { pattern: { kind: 'wildcard', type: I64, span: last.span } as const, body: last.value },
  ];
  const body: TypedExpression = { kind: 'match', subject: found, arms, type, span };
  return { kind: 'let', bindings, body, type, span };
}
