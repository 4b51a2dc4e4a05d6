/**
 * Judges what the fixed point has found: an address may be held only by what does not outlive it. Four ways lead out
 * of an arena, and each is looked at: a store, a call that stores, a local variable of a wider scope, a result.
 */
import type { Program } from '../ir/index.ts';
import type { Diagnostic, Diagnostics } from '../syntax/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import type { FunctionAnalysis, LocalUse } from './analysis.ts';
import { TooTangled } from './effort.ts';
import { place } from './place.ts';
import { encloses } from './region.ts';
import { Reporter } from './report.ts';
import { restored } from './restore.ts';
import type { ProofOptions } from './rules.ts';
import { rootsOf, solve } from './solve.ts';

/** Placing a call may show that another one is misplaced; so often the proof begins anew. */
const ROUNDS = 4;

/**
 * Proves that nothing allocated in an arena can be reached after the arena ends, or reports why it cannot be proved:
 * `arena-escape` where a function's own text lets something out, `arena-store` where a call inside an arena does.
 * `arena-tangled` says that there was too much to look at. A program without errors here is safe; some safe programs are refused
 * (see the README). Returns the program in which
 * called functions make what they store into older things beside those (`place.ts`): the one that is proved.
 */
export function prove(program: Program, diagnostics: Diagnostics, options: ProofOptions = {}): Program {
  if (!program.opensArenas) return program;
  try {
    return judge(program, diagnostics, options);
  } catch (error) {
    if (!(error instanceof TooTangled)) throw error;
    new Reporter(program, diagnostics).tangled(error.func);
    return program;
  }
}

function judge(program: Program, diagnostics: Diagnostics, options: ProofOptions): Program {
  const { without } = options;
  let proved = program;
  let analyses = solve(proved, options);
  for (let round = 0; round < ROUNDS; round++) {
    const placed = place(proved, analyses);
    if (placed === undefined) break;
    proved = placed;
    if (without === 'placed') return restored(proved, without);
    analyses = solve(proved, options);
  }
  const reporter = new Reporter(proved, diagnostics);
  const roots = rootsOf(proved);
  for (const [key, analysis] of analyses) {
    for (const violation of analysis.graph.violations) reporter.store(violation);
    if (without !== 'local') for (const use of analysis.locals.values()) judgeLocal(use, reporter);
    if (without !== 'result') judgeResults(analysis, roots.has(key), reporter);
  }
  sortByPosition(diagnostics);
  return restored(proved, without);
}

/** In the order of the text, which is not that of the functions. */
function sortByPosition({ all }: Diagnostics): void {
  const sources = [...new Set(all.map(({ span }) => span.source))];
  const rank = new Map(sources.map((source, i) => [source, i]));
  const place = ({ span }: Diagnostic): number => rank.get(span.source) ?? 0;
  all.sort((a, b) => place(a) - place(b) || a.span.start - b.span.start);
}

/** What a block arena holds may be in a local only where the block is the local's whole world. */
function judgeLocal(use: LocalUse, reporter: Reporter): void {
  for (const [object, span] of use.assigned) {
    const { region } = object;
    if (region.kind !== 'block') continue;
    if ([...use.blocks].some((block) => !encloses(region, block))) reporter.local(use.local, object, span);
  }
}

function judgeResults(analysis: FunctionAnalysis, root: boolean, reporter: Reporter): void {
  const judge = (object: AbstractObject): boolean =>
    object.region.kind === 'block' || (root && object.region.kind === 'frame');
  for (const result of analysis.results)
    for (const [object, span] of result) if (judge(object)) reporter.result(analysis.func, object, span);
}
