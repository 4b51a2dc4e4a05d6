/**
 * Chooses where called functions make what they store into something older. A call inside an arena may make an enemy and
 * push it into the world it is given: the enemy must not be in the arena. So the function is compiled once more, with a
 * last parameter that says in which region it makes such things, and the call passes the region of the outermost thing
 * that they may be stored in; where that cannot be told, the heap. After Tofte and Talpin, "Region-Based Memory
 * Management" (1997), with one region parameter at most, and only for the calls that need it: everywhere else a function
 * makes everything where allocation goes, and pays nothing.
 *
 * Nothing here is trusted: the proof judges the program that comes out.
 */
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  type Program,
  type RegionName,
  type Rewriting,
  rewriteBlock,
  type Statement,
} from '../ir/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import type { FunctionAnalysis } from './analysis.ts';
import { isDirect, keptObjects, keptSites } from './kept.ts';
import { encloses, nameOf, type Region } from './region.ts';
import { findSwitching, nextLocal, restore } from './restore.ts';
import type { Instance } from './translation.ts';

type Analyses = ReadonlyMap<string, FunctionAnalysis>;

/** The program with such calls placed, or undefined where there is none that would be better placed elsewhere. */
export function place(program: Program, analyses: Analyses): Program | undefined {
  const placement = new Placement(program, analyses);
  const changed = new Map<string, Func>();
  for (const [key, analysis] of analyses) {
    const targets = misplaced(analysis, (callee) => placement.keptBy(callee).size > 0);
    if (targets.size === 0) continue;
    const calls = new Map([...targets].map(([call, region]) => [call, nameOf(region)] as const));
    changed.set(key, placement.placed(analysis.func, calls));
  }
  if (changed.size === 0) return undefined;
  for (const [key, func] of placement.variants) changed.set(key, func);
  const functions = new Map([...program.functions, ...changed]);
  // Those of earlier rounds are called here too.
  const switching = findSwitching(functions);
  if (switching.size > 0) for (const [key, func] of changed) functions.set(key, restore(func, switching));
  return { ...program, functions };
}

/** Calls that store what they make into something that lives longer, with the region of the outermost such thing. */
function misplaced(
  { graph }: FunctionAnalysis,
  keeps: (callee: FunctionAnalysis) => boolean,
): ReadonlyMap<Call, Region> {
  const targets = new Map<Call, Region>();
  for (const { holder, held, witness } of graph.violations) {
    // Made and stored by one and the same call: what the function's own text makes or stores stays where it is.
    if (held.site === undefined || held.site !== witness.call?.site) continue;
    const instance = held.site as Instance;
    if (!isDirect(instance)) continue;
    const { call, block, region, regionParameter } = instance.site;
    // What was given a region in a round before is given another where something has turned out to live even longer.
    const isElsewhere = passesRegion(call)
      ? held.region === regionParameter && regionParameter !== region
      : keeps(instance.callee);
    if (!isElsewhere) continue;
    // An arena that is not open there cannot be named.
    if (holder.region.kind === 'block' && !encloses(holder.region, block)) continue;
    const known = targets.get(call);
    if (known === undefined || livesLonger(holder.region, known)) targets.set(call, holder.region);
  }
  return targets;
}

/** Whether the call says already where its callee makes what is kept. */
function passesRegion({ args }: Call): boolean {
  return args.at(-1)?.kind === 'region';
}

function livesLonger(region: Region, than: Region): boolean {
  if (than.kind === 'block') return region.kind !== 'block' || (region !== than && encloses(region, than));
  return than.kind === 'frame' && region.kind !== 'block';
}

class Placement {
  /** Functions with a region parameter, by their keys. */
  readonly variants = new Map<string, Func>();
  readonly #program: Program;
  readonly #analyses: Analyses;
  readonly #kept = new Map<FunctionAnalysis, ReadonlySet<AbstractObject>>();

  constructor(program: Program, analyses: Analyses) {
    this.#program = program;
    this.#analyses = analyses;
  }

  keptBy(callee: FunctionAnalysis): ReadonlySet<AbstractObject> {
    let kept = this.#kept.get(callee);
    if (kept === undefined) {
      kept = keptObjects(callee);
      this.#kept.set(callee, kept);
    }
    return kept;
  }

  /** The function with some of its calls given a region. */
  placed(func: Func, calls: ReadonlyMap<Call, RegionName>): Func {
    for (const call of calls.keys()) this.#need(call);
    return new Rewriter(func, calls).run();
  }

  /** Makes sure that the called function is there in the form with a region parameter. */
  #need(call: Call): void {
    if (call.to !== 'function') throw new Error('only a named function takes a region');
    if (passesRegion(call)) return;
    const key = withRegionKey(call.key);
    const callee = this.#analyses.get(call.key);
    if (callee === undefined || this.variants.has(key) || this.#program.functions.has(key)) return;
    const { func } = callee;
    const regionParameter: Local = { id: nextLocal(func), name: 'region', rep: 'i32' };
    const variant = { ...func, key, params: [...func.params, regionParameter], regionParameter };
    // Entered first: it may call itself.
    this.variants.set(key, variant);
    const { made, passed } = keptSites(callee, (other) => this.keptBy(other));
    const calls = new Map([...passed].map((inner) => [inner, regionParameter] as const));
    for (const inner of passed) this.#need(inner);
    this.variants.set(key, new Rewriter(variant, calls, made).run());
  }
}

function withRegionKey(key: string): string {
  return `${key} in region`;
}

/** Passes regions to calls, and has allocations done in the function's own region parameter. */
class Rewriter implements Rewriting {
  readonly #func: Func;
  readonly #calls: ReadonlyMap<Call, RegionName>;
  readonly #made: ReadonlySet<Expression | Call>;
  readonly #locals: Local[];
  #next: number;

  constructor(
    func: Func,
    calls: ReadonlyMap<Call, RegionName>,
    made: ReadonlySet<Expression | Call> = new Set(),
  ) {
    this.#func = func;
    this.#calls = calls;
    this.#made = made;
    this.#locals = [...func.locals];
    this.#next = nextLocal(func);
  }

  run(): Func {
    const body = rewriteBlock(this.#func.body, this);
    return { ...this.#func, body, locals: this.#locals };
  }

  expression(e: Expression, original: Expression): Expression {
    if (e.kind === 'allocate') return this.#made.has(original) ? this.#elsewhere(e) : e;
    if (e.kind !== 'call' || original.kind !== 'call') return e;
    const passing: Expression = { ...e, call: this.#passing(e.call, original.call) };
    return this.#made.has(original.call) && e.rep !== 'none' ? this.#elsewhere(passing) : passing;
  }

  statement(s: Statement, original: Statement): readonly Statement[] {
    if (s.kind === 'set-call' && original.kind === 'set-call') {
      const passing: Statement = { ...s, call: this.#passing(s.call, original.call) };
      return [this.#made.has(original.call) ? this.#within([passing], s.call.span) : passing];
    }
    if (s.kind === 'tail-call' && original.kind === 'tail-call') {
      const call = this.#passing(s.call, original.call);
      // Nothing is left to be done here afterwards: it is for the caller to go on where it was (`restore.ts`).
      return [{ ...s, call, ...(this.#made.has(original.call) && { region: this.#parameter() }) }];
    }
    return [s];
  }

  #passing(call: Call, original: Call): Call {
    const region = this.#calls.get(original);
    if (region === undefined || call.to !== 'function') return call;
    const passes = passesRegion(call);
    const before = passes ? call.args.slice(0, -1) : call.args;
    const args: Expression[] = [...before, { kind: 'region', rep: 'i32', region }];
    return { ...call, key: passes ? call.key : withRegionKey(call.key), args };
  }

  /** Evaluates in the region that the function is given. */
  #elsewhere(value: Extract<Expression, { kind: 'allocate' | 'call' }>): Expression {
    const { rep } = value;
    if (rep === 'none') throw new Error('what returns nothing makes nothing to be kept');
    const span = value.kind === 'call' ? value.call.span : value.span;
    const local = this.#local(rep);
    const body = [this.#within([{ kind: 'set', local, value }], span)];
    return { kind: 'sequence', rep, body, value: { kind: 'get', rep, local } };
  }

  #within(body: readonly Statement[], span: Func['span']): Statement {
    return { kind: 'within', region: this.#parameter(), body, span };
  }

  #parameter(): Local {
    const { regionParameter } = this.#func;
    if (regionParameter === undefined) throw new Error(`${this.#func.name} has no region parameter`);
    return regionParameter;
  }

  #local(rep: Local['rep']): Local {
    const local = { id: this.#next++, name: 'made', rep };
    this.#locals.push(local);
    return local;
  }
}
