/**
 * Makes programs acceptable: what the proof refuses is left out, until nothing is refused. So a search runs programs that go as
 * far as they may, and a rule that is wrong is not hidden by others that refuse something else in the same program.
 */
import type { Func, Statement } from '../../../scripting/ir/index.ts';
import type { Rule } from '../../../scripting/regions/index.ts';
import type { Diagnostic, Span } from '../../../scripting/syntax/index.ts';
import type { Generated } from './generator.ts';
import { EXPORTS } from './host.ts';
import { give, judged } from './program.ts';

/** What the proof of a program by chance may take: a tangled one would take as long as a thousand others. */
export const STORES = 20_000;

/** Leaving something out may show what was hidden, so it takes some rounds; a program that needs more is left as it is. */
const ROUNDS = 8;

/** The program without what is refused; undefined where that has no end. */
export function repaired(program: Generated, without?: Rule): Generated | undefined {
  let tried = program;
  for (let round = 0; round < ROUNDS; round++) {
    const { diagnostics } = judged(
      tried.functions,
      { ...tried, exports: EXPORTS },
      { without, stores: STORES },
    );
    if (diagnostics.length === 0) return tried;
    // That is no statement's fault.
    if (diagnostics.some(({ code }) => code === 'arena-tangled')) return undefined;
    tried = { ...tried, functions: withoutRefused(tried.functions, diagnostics) };
  }
  return undefined;
}

function withoutRefused(functions: readonly Func[], diagnostics: readonly Diagnostic[]): Func[] {
  const refused = new Set(diagnostics.map(({ span }) => span));
  return functions.map((func) => ({ ...func, body: statementsWithout(func.body, refused) }));
}

function statementsWithout(body: readonly Statement[], refused: ReadonlySet<Span>): Statement[] {
  return body.flatMap((statement) => {
    if (mentions(statement, refused, true))
      return isEnd(statement) ? [give({ kind: 'null', rep: 'ref' })] : [];
    return [statementWithout(statement, refused)];
  });
}

const isEnd = ({ kind }: Statement): boolean => kind === 'return' || kind === 'tail-call';

function statementWithout(statement: Statement, refused: ReadonlySet<Span>): Statement {
  switch (statement.kind) {
    case 'if':
      return {
        ...statement,
        then: statementsWithout(statement.then, refused),
        else: statementsWithout(statement.else, refused),
      };
    case 'loop':
    case 'block':
    case 'arena':
    case 'outside':
    case 'within':
      return { ...statement, body: statementsWithout(statement.body, refused) };
    default:
      return statement;
  }
}

/** Whether one of the spans stands in a statement, statements in it aside. */
function mentions(part: unknown, refused: ReadonlySet<Span>, isStatement: boolean): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (refused.has(part as Span)) return true;
  return Object.entries(part).some(([key, inner]) => {
    const holdsStatements = isStatement && (key === 'body' || key === 'then' || key === 'else');
    return key !== 'source' && key !== 'local' && !holdsStatements && mentions(inner, refused, false);
  });
}
