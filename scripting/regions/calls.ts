/**
 * Calls: what a callee's own analysis says is carried over into the caller's graph. The callee's parameters stand for
 * the arguments, what it makes for itself becomes one object of each type that this call makes, in the region that is
 * current here; then every "may hold" of the callee is one of the caller too, judged by the caller's regions.
 *
 * A function value that came in as a parameter is not resolved here: the call is deferred, and each caller carries it
 * out with the closures it really passes. Where that cannot wait (inside an arena, which is judged here and now) or
 * nothing is known, it may be any function of the program with such parameters.
 */
import type { Call, Extern, Program } from '../ir/index.ts';
import { type AbstractObject, type DeferredCall, ELEMENT, rootOf, type Witness } from './abstract-object.ts';
import type { FunctionAnalysis } from './analysis.ts';
import type { Effort } from './effort.ts';
import type { FrameStores } from './frame-stores.ts';
import type { ObjectGraph } from './graph.ts';
import { functionShape, hasMaps, hostReps, isHostObject, isKept } from './host-types.ts';
import { HostValues } from './host-values.ts';
import { HEAP } from './region.ts';
import type { ProofOptions } from './rules.ts';
import { type Instance, type Site, Translation } from './translation.ts';

/** Finds the analyses of other functions, as far as they are now, and remembers who asked. */
export interface Solver {
  analysis(key: string, asker: string): FunctionAnalysis | undefined;
  readonly options: ProofOptions;
  /** What all functions together may still do. */
  readonly effort: Effort;
  /** Keys of the functions a function value may be that takes and returns what the signature says. */
  candidates(signature: string): readonly string[];
  /** What a global of the frame may hold; undefined for any other global. */
  frameContents(global: string, asker: string): FrameContents | undefined;
  /** What all functions together store into what globals of the frame lead to. */
  readonly frameStores: FrameStores;
  /** Is the function called by the host, so that nobody carries out what it leaves to its callers? */
  isRoot(key: string): boolean;
}

/** What is known of a global of the frame: what all functions together store there. */
export interface FrameContents {
  /** Types of the objects in the frame that it may hold; undefined for one whose parts may be older than it. */
  readonly types: ReadonlySet<number | undefined>;
  /** Whether it may hold what lives longer than the frame. */
  readonly older: boolean;
}

type Objects = ReadonlySet<AbstractObject>;
const NONE: Objects = new Set();
type HostType = Extern['result'];

/** Runtime functions that return an object of their own; all others return numbers. */
const DESCRIPTOR_ARGUMENT: Readonly<Record<string, number>> = { allocateArray: 0, newArray: 0 };
const STRING_TYPE = 0;
const OWNED: ReadonlySet<string> = new Set([
  'ownerAgain',
  'ownerRetain',
  'ownerShared',
  'ownerDrop',
  'loanEnd',
  'ownerInArena',
  'ownerLeft',
  'ownerForgotten',
]);

export class CallAnalysis {
  /** Calls left to this function's callers. */
  readonly deferred: DeferredCall[] = [];
  readonly #program: Program;
  readonly #key: string;
  readonly #graph: ObjectGraph;
  readonly #solver: Solver;
  readonly #instances = new Map<Call, Instance[]>();
  /** The same in the order they were met: an array grows while it is gone through. */
  readonly #carried: Instance[] = [];
  readonly #hostValues = new Map<Call, HostValues>();
  #walk = 0;
  readonly #deferredBy = new Map<AbstractObject, Map<string, DeferredCall>>();

  constructor(program: Program, key: string, graph: ObjectGraph, solver: Solver) {
    this.#program = program;
    this.#key = key;
    this.#graph = graph;
    this.#solver = solver;
  }

  /** A new walk begins: what is known of other functions may have changed. */
  begin(): void {
    this.#walk++;
  }

  /** The objects that each result of a call may be. */
  call(
    call: Call,
    args: readonly Objects[],
    closures: Objects,
    here: Omit<Site, 'call'>,
  ): readonly Objects[] {
    const site: Site = { call, ...here };
    switch (call.to) {
      case 'function':
        return this.#instantiate(site, call.key, args);
      case 'closure':
        return this.#callClosures(site, signatureOf(call), closures, args);
      case 'extern':
        return this.#extern(site, call.index, args);
      case 'runtime':
        return this.#runtime(site, call.name, args);
    }
  }

  #callClosures(
    site: Site,
    signature: string,
    closures: Objects,
    args: readonly Objects[],
  ): Set<AbstractObject>[] {
    const results: Set<AbstractObject>[] = [];
    const take = (given: readonly Objects[]): void => {
      for (const [index, values] of given.entries()) {
        results[index] ??= new Set();
        for (const value of values) results[index].add(value);
      }
    };
    // What a block of this function holds is for this function to judge.
    const mayWait = site.block === undefined || !this.#graph.keeps('own-blocks');
    const defers = mayWait && !this.#solver.isRoot(this.#key);
    for (const closure of [...closures]) {
      // Among things too far away to be told apart are some that are no functions.
      const kind = closure.type === undefined ? 'closure' : this.#program.types[closure.type]?.kind;
      if (kind !== 'closure') continue;
      const withClosure = [...args, new Set([closure])];
      if (closure.codes.size > 0) {
        for (const slot of closure.codes) {
          const key = this.#program.table[slot];
          if (key !== undefined) take(this.#instantiate(site, key, withClosure));
        }
      } else if (defers && comesFromParameter(closure)) {
        take(this.#defer(site, signature, closure, args));
      } else {
        if (!this.#graph.keeps('candidates')) continue;
        for (const key of this.#solver.candidates(signature)) take(this.#instantiate(site, key, withClosure));
      }
    }
    return results;
  }

  #defer(
    { call: { span }, region }: Site,
    signature: string,
    called: AbstractObject,
    args: readonly Objects[],
  ): readonly Objects[] {
    // Each call that is told apart has results of its own, which lead to more: so only the first ones are.
    const closure =
      this.#deferredBy.has(called) || this.#graph.mayTellApart ? called : this.#graph.beyond(called);
    const results = signature.slice(signature.indexOf('>') + 1).split(' ');
    let sites = this.#deferredBy.get(closure);
    if (sites === undefined) {
      sites = new Map();
      this.#deferredBy.set(closure, sites);
    }
    const key = `${region.kind} ${signature}`;
    let call = sites.get(key);
    if (call === undefined) {
      call = { closure, region, signature, span, args: args.map(() => new Set()), results: [] };
      for (const index of results.keys())
        call.results.push(this.#graph.placeholder({ kind: 'result', call, index }));
      sites.set(key, call);
      this.deferred.push(call);
    }
    for (const [index, values] of args.entries()) this.#accumulate(call.args[index], values);
    // The function that a caller carries this out with may store into them, and keep them.
    for (const values of args) for (const value of values) this.#graph.sharing.share(value, 'others');
    return call.results.map((result, index) => new Set(results[index] === 'ref' ? [result] : []));
  }

  #instantiate(site: Site, key: string, args: readonly Objects[]): readonly Set<AbstractObject>[] {
    const callee = this.#solver.analysis(key, this.#key);
    if (callee === undefined) return this.#unknown(site, args);
    const instance = this.#instance(site, callee);
    for (const [index, values] of args.entries()) this.#accumulate(instance.args[index], values);
    return instance.results;
  }

  /**
   * Carries over every callee met so far, and those that are met on the way. What they give is there when the body is
   * walked again.
   */
  carry(): void {
    for (const instance of this.#carried) {
      // Other functions do not change during one walk of this one.
      if (instance.walk === this.#walk && instance.version === this.#graph.version) continue;
      instance.walk = this.#walk;
      instance.version = this.#graph.version;
      const { site, callee } = instance;
      new Translation(this.#graph, instance, callee).carry((deferred, region, closures, given) =>
        this.#callClosures(
          { ...site, region, regionParameter: undefined },
          deferred.signature,
          closures,
          given,
        ),
      );
    }
  }

  #instance(site: Site, callee: FunctionAnalysis): Instance {
    let instances = this.#instances.get(site.call);
    if (instances === undefined) {
      instances = [];
      this.#instances.set(site.call, instances);
    }
    let instance = instances.find((i) => i.callee === callee && i.site.region === site.region);
    if (instance === undefined) {
      instance = {
        site,
        callee,
        args: callee.func.params.map(() => new Set()),
        results: callee.func.results.map(() => new Set()),
        deferred: new Map(),
        carried: new Map(),
        walk: -1,
        version: -1,
      };
      instances.push(instance);
      this.#carried.push(instance);
    }
    return instance;
  }

  #accumulate(into: Set<AbstractObject> | undefined, values: Objects): void {
    if (into === undefined) return;
    for (const value of [...values]) {
      if (into.has(value)) continue;
      into.add(value);
      this.#graph.version++;
    }
  }

  /**
   * The host keeps functions that are not lent, and what it is given as a handle; those that are lent it may call; all else is
   * copied. What it returns is new, or was there before.
   */
  #extern(site: Site, index: number, args: readonly Objects[]): readonly Objects[] {
    const extern = this.#program.externs[index];
    const name = extern?.name ?? 'the host';
    const witness = { span: site.call.span, call: { callee: name, store: site.call.span } };
    const params = extern?.params.flatMap((param) => hostReps(param.type).map(() => param));
    for (const [i, arg] of args.entries()) {
      const param = params?.[i];
      if (param?.borrows) this.#lend(site, param.type, arg, witness);
      else if (param === undefined || isKept(param.type, this.#program.shapes)) this.#escape([arg], witness);
    }
    // A proxy of an object of the host lies in the heap, whatever region is current.
    if (extern !== undefined && isHostObject(extern.result, this.#program.shapes))
      return [new Set([this.#graph.outer])];
    const type = extern?.result.kind === 'string' ? STRING_TYPE : undefined;
    if (
      extern !== undefined &&
      hasMaps(extern.result, this.#program.shapes) &&
      this.#graph.keeps('put-together')
    )
      return this.#putTogether(site, extern.result, name);
    return site.call.reps.map((rep) =>
      rep === 'ref' ? new Set([this.#fresh(site, type, name), this.#graph.outer]) : NONE,
    );
  }

  /** What the host gives as functions of the program put it together, which run where the call stands. */
  #putTogether(site: Site, type: HostType, name: string): readonly Objects[] {
    const { call } = site;
    const values = this.#hostValues.get(call) ?? new HostValues(this.#program.shapes);
    this.#hostValues.set(call, values);
    return values.make(type, {
      call: (key, args) => this.#instantiate({ ...site, calledAs: name }, key, args),
      accumulate: (into, objects) => this.#accumulate(into, objects),
      string: this.#fresh(site, STRING_TYPE, name),
      older: this.#graph.outer,
    });
  }

  /**
   * The host calls a function that it is lent, with things of the heap, which is the current region meanwhile; functions and
   * handles that it is given then, it keeps.
   */
  #lend(site: Site, type: HostType, closures: Objects, witness: Witness): void {
    const shape = functionShape(type, this.#program.shapes);
    if (shape === undefined || !this.#graph.keeps('lent')) return;
    const params = shape.params.flatMap(hostReps);
    const args = params.map((rep) => new Set(rep === 'ref' ? [this.#graph.outer] : []));
    const called = { ...site, region: HEAP, regionParameter: undefined };
    const name = signature(params, hostReps(shape.result));
    const results = this.#callClosures(called, name, closures, args);
    if (isKept(shape.result, this.#program.shapes)) this.#escape(results, witness);
  }

  /** A function that is not there could do anything. */
  #unknown(site: Site, args: readonly Objects[]): Set<AbstractObject>[] {
    this.#escape(args, { span: site.call.span, call: undefined });
    return site.call.reps.map((rep) => new Set(rep === 'ref' ? [this.#graph.outer] : []));
  }

  #escape(args: readonly Objects[], witness: Witness): void {
    for (const arg of args)
      for (const object of this.#graph.reachable(arg))
        this.#graph.store(this.#graph.outer, 0, object, witness);
  }

  #runtime(site: Site, name: string, args: readonly Objects[]): Objects[] {
    if (name === 'arrayCopy') {
      const elements = new Set<AbstractObject>();
      for (const source of args[2] ?? []) this.#graph.load(source, ELEMENT, elements);
      const witness = { span: site.call.span, call: undefined };
      for (const target of args[0] ?? [])
        for (const element of elements) this.#graph.store(target, ELEMENT, element, witness);
    }
    // A weak reference lies in the heap, and must not lead to what an arena's end takes away.
    if (name === 'newWeak' && this.#graph.keeps('weak'))
      this.#escape(args, { span: site.call.span, into: 'weak', call: undefined });
    // What is owned lies in the heap, and so does what owns it.
    if (OWNED.has(name)) return site.call.reps.map(() => new Set([this.#graph.outer]));
    if (name === 'newWeak' || name === 'upgrade') return [new Set([this.#graph.outer])];
    // A vector's inner nodes live as long as it does or longer, and are taken for the vector itself.
    if (name === 'ropeLeft' || name === 'ropeRight') return [args[0] ?? new Set()];
    return site.call.reps.map((rep) => {
      if (rep !== 'ref') return new Set();
      const at = DESCRIPTOR_ARGUMENT[name];
      if (at === undefined) return new Set([this.#fresh(site, STRING_TYPE, name)]);
      const descriptor = site.call.args[at];
      return new Set([
        this.#fresh(site, descriptor?.kind === 'descriptor' ? descriptor.type : undefined, name),
      ]);
    });
  }

  #fresh(site: Site, type: number | undefined, callee: string): AbstractObject {
    const { span, to } = site.call;
    const origin =
      to === 'runtime' ? { kind: 'allocation' as const, span } : { kind: 'call' as const, span, callee };
    return this.#graph.fresh(site.call, site.region, type, origin);
  }
}

/** `ref f64>i32`: what a function value takes and gives. */
export function signatureOf(call: Call): string {
  return signature(
    call.args.map((a) => a.rep),
    call.reps,
  );
}

export function signature(params: readonly string[], results: readonly string[]): string {
  return `${params.join(' ')}>${results.join(' ')}`;
}

/** Is this a parameter or something that one leads to? Results of deferred calls are not: that has to end somewhere. */
function comesFromParameter(object: AbstractObject): boolean {
  return rootOf(object).origin.kind === 'parameter';
}
