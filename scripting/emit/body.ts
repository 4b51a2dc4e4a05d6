/**
 * What the code of one function is built with: its locals, those that the compiler adds, the places in the source that its
 * instructions come from, and its ways to call the heap and to fail.
 */
import binaryen from 'binaryen';
import { REGION_FRAME, REGION_HEAP } from '../heap/index.ts';
import type { Func, Local, RegionName } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { AllocationSites } from './allocation-sites.ts';
import { Checks } from './checks.ts';
import type { ModuleContext } from './context.ts';
import type { HeapFunctionName } from './heap-functions.ts';
import { REP_TYPES, resultType } from './types.ts';

export type Code = binaryen.ExpressionRef;

export class FunctionBody {
  readonly context: ModuleContext;
  readonly module: binaryen.Module;
  readonly func: Func;
  readonly checks: Checks;
  readonly sites: AllocationSites;
  /** The place in the source of what is being printed, or close by. */
  here: Span;
  readonly #index = new Map<Local, number>();
  readonly #types: binaryen.Type[] = [];
  readonly #located: { code: Code; span: Span }[] = [];
  /** Locals of the compiler's own, made when first asked for. */
  readonly #extra = new Map<string, number>();

  constructor(context: ModuleContext, func: Func) {
    this.context = context;
    this.module = context.module;
    this.func = func;
    this.here = func.span;
    this.checks = new Checks(this);
    this.sites = new AllocationSites(this);
    for (const local of func.params) this.#index.set(local, this.#index.size);
    for (const local of func.locals) {
      this.#index.set(local, this.#index.size);
      this.#types.push(REP_TYPES[local.rep]);
    }
  }

  /** How many locals the function has in the representation. */
  get size(): number {
    return this.#index.size;
  }

  /** Adds the function to the module. */
  finish(code: readonly Code[]): void {
    const { params, results, key, span } = this.func;
    const whole = this.module.block(null, [...code], binaryen.unreachable);
    const name = this.context.nameOf(key);
    const ref = this.module.addFunction(
      name,
      binaryen.createType(params.map((p) => REP_TYPES[p.rep])),
      resultType(results),
      this.#types,
      whole,
    );
    this.context.locate(name, ref, whole, span);
    for (const located of this.#located) this.context.locate(name, ref, located.code, located.span);
  }

  indexOf(local: Local): number {
    const index = this.#index.get(local);
    if (index === undefined) throw new Error(`${local.name} is no local of ${this.func.name}`);
    return index;
  }

  get(local: Local): Code {
    return this.module.local.get(this.indexOf(local), REP_TYPES[local.rep]);
  }

  /** A local that the compiler adds; the same one wherever the same name is asked for. */
  temp(name: string, type: binaryen.Type): number {
    let index = this.#extra.get(name);
    if (index === undefined) {
      index = this.#index.size + this.#extra.size;
      this.#extra.set(name, index);
      this.#types.push(type);
    }
    return index;
  }

  /** One of its own, for what may nest in itself. */
  freshTemp(name: string, type: binaryen.Type): number {
    return this.temp(`${name} ${this.#extra.size}`, type);
  }

  /** Notes which place in the source an instruction belongs to, and returns it. */
  at(code: Code, span: Span): Code {
    this.#located.push({ code, span });
    return code;
  }

  /** The address of a region's descriptor. An arena's handle is just that. */
  region(name: RegionName): Code {
    if (name === 'heap') return this.module.i32.const(REGION_HEAP);
    if (name === 'frame') return this.module.i32.const(REGION_FRAME);
    return this.get(name);
  }

  /** A call of a heap function without a result. */
  heap(name: HeapFunctionName, args: Code[]): Code {
    return this.module.call(this.context.heapFunction(name), args, binaryen.none);
  }

  /** Ends the running call: `kind` is a FAIL_ number of `layout.ts`. */
  fail(kind: number, span: Span, a?: Code, b?: Code): Code {
    const m = this.module;
    const args = [
      m.i32.const(kind),
      m.i32.const(this.context.site(span)),
      a ?? m.f64.const(0),
      b ?? m.f64.const(0),
    ];
    return m.block(null, [this.at(m.call('host.fail', args, binaryen.none), span), m.unreachable()]);
  }
}
