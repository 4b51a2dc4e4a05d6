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
import { isDirect, keepers, keptObjects, keptSites } from './kept.ts';
import { encloses, nameOf, type Region } from './region.ts';
import { nextLocal } from './restore.ts';
import type { Instance } from './translation.ts';

type Analyses = ReadonlyMap<string, FunctionAnalysis>;

/** The program with such calls placed, or undefined where there is none that would be better placed elsewhere. */
export function place(program: Program, analyses: Analyses): Program | undefined {
  const placement = new Placement(program, analyses);
  const changed = new Map<string, Func>();
  const settled = new Set<FunctionAnalysis>();
  for (const [key, analysis] of analyses) {
    const stores = misplaced(analysis, (callee) => placement.keptBy(callee).size > 0);
    const targets = outermost(stores.filter(({ instance }) => isDirect(instance)));
    for (const { instance } of stores) if (!isDirect(instance)) settled.add(instance.callee);
    if (targets.size === 0) continue;
    const calls = new Map([...targets].map(([call, region]) => [call, nameOf(region)] as const));
    changed.set(key, placement.placed(analysis.func, calls));
  }
  for (const callee of settled) {
    const { key } = callee.func;
    // What it calls in arenas of its own comes first; it is looked at again.
    if (!changed.has(key)) changed.set(key, placement.settled(callee));
  }
  if (changed.size === 0) return undefined;
  for (const [key, func] of placement.variants) changed.set(key, func);
  return { ...program, functions: new Map([...program.functions, ...changed]) };
}

/** What one call makes and stores into something that lives longer. */
interface Misplaced {
  readonly instance: Instance;
  readonly holder: Region;
}

/** Made and stored by one and the same call: what the function's own text makes or stores stays where it is. */
function misplaced({ graph }: FunctionAnalysis, keeps: (callee: FunctionAnalysis) => boolean): Misplaced[] {
  return graph.violations.flatMap(({ holder, held, witness }) => {
    if (held.site === undefined || held.site !== witness.call?.site) return [];
    const instance = held.site as Instance;
    const { call, region, regionParameter } = instance.site;
    // What was given a region in a round before is given another where something has turned out to live even longer.
    const isElsewhere = passesRegion(call)
      ? held.region === regionParameter && regionParameter !== region
      : keeps(instance.callee);
    return isElsewhere ? [{ instance, holder: holder.region }] : [];
  });
}

/** Calls of named functions, with the region of the outermost thing that they store into. */
function outermost(stores: readonly Misplaced[]): ReadonlyMap<Call, Region> {
  const targets = new Map<Call, Region>();
  for (const { instance, holder } of stores) {
    const { call, block } = instance.site;
    // An arena that is not open there cannot be named.
    if (holder.kind === 'block' && !encloses(holder, block)) continue;
    const known = targets.get(call);
    if (known === undefined || livesLonger(holder, known)) targets.set(call, holder);
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

  /**
   * A function that is called as a value. It takes no region, whoever calls it, so what it keeps is made in the heap, or in the
   * frame where that is all it is stored in.
   */
  settled(callee: FunctionAnalysis): Func {
    const region = keepers(callee).every((holder) => holder.region.kind === 'frame') ? 'frame' : 'heap';
    const { made, passed } = keptSites(callee, (other) => this.keptBy(other));
    for (const inner of passed) this.#need(inner);
    const calls = new Map([...passed].map((inner) => [inner, region] as const));
    return new Rewriter(callee.func, calls, made, region).run();
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
    this.variants.set(key, new Rewriter(variant, calls, made, regionParameter).run());
  }
}

function withRegionKey(key: string): string {
  return `${key} in region`;
}

/** Passes regions to calls, and has allocations done in one. */
class Rewriter implements Rewriting {
  readonly #func: Func;
  readonly #calls: ReadonlyMap<Call, RegionName>;
  readonly #made: ReadonlySet<Expression | Call>;
  readonly #region: RegionName | undefined;
  readonly #locals: Local[];
  #next: number;

  constructor(
    func: Func,
    calls: ReadonlyMap<Call, RegionName>,
    made: ReadonlySet<Expression | Call> = new Set(),
    region?: RegionName,
  ) {
    this.#func = func;
    this.#calls = calls;
    this.#made = made;
    this.#region = region;
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
      return [{ ...s, call, ...(this.#made.has(original.call) && { region: this.#place() }) }];
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

  /** Evaluates in the region where such things are made. */
  #elsewhere(value: Extract<Expression, { kind: 'allocate' | 'call' }>): Expression {
    const { rep } = value;
    if (rep === 'none') throw new Error('what returns nothing makes nothing to be kept');
    const span = value.kind === 'call' ? value.call.span : value.span;
    const local = this.#local(rep);
    const body = [this.#within([{ kind: 'set', local, value }], span)];
    return { kind: 'sequence', rep, body, value: { kind: 'get', rep, local } };
  }

  #within(body: readonly Statement[], span: Func['span']): Statement {
    return { kind: 'within', region: this.#place(), body, span };
  }

  #place(): RegionName {
    if (this.#region === undefined) throw new Error(`${this.#func.name} makes nothing elsewhere`);
    return this.#region;
  }

  #local(rep: Local['rep']): Local {
    const local = { id: this.#next++, name: 'made', rep };
    this.#locals.push(local);
    return local;
  }
}
