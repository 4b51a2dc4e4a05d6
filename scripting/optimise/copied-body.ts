/**
 * A function's body in the place of a call of it: with locals and jump targets of its own, its parameters set to the arguments, and
 * places that know of the call (`ir/inlined.ts`).
 *
 * What it relies on, and why that holds:
 *
 * - A local of the copy may hold, when the copy begins, what a round before has left there, where a function's own would be 0. No
 *   local is read before it is set: the language has no names without a value, and `lower` adds none.
 * - A parameter that the function does not set stands for an argument that is a constant, or a local that no later argument sets: the
 *   copy's own code sets none of the caller's locals.
 * - Addresses wait for nothing: the arguments are in locals before the body begins, as they were in parameters, and siblings of the
 *   call were kept from what a call may do already (`ir/node.ts`).
 * - What the body holds is given up later than it was, when the caller ends. Slots that are set inside of an arena are cleared as it ends,
 *   those of a copy too, since `emit/roots.ts` looks at the body as it is then.
 */
import {
  type Call,
  type Expression,
  type Func,
  type InlinedSpan,
  inliningOf,
  isConstant,
  type Local,
  type RegionName,
  type Rewriting,
  rewriteBlock,
  rewriteExpression,
  type Statement,
  visit,
} from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Numbers } from './numbers.ts';

/** What the copy's ways out come to: the results in locals and a jump after it, or what they were. */
export type WaysOut =
  | { readonly kind: 'results'; readonly locals: readonly Local[] }
  | { readonly kind: 'same' };

/** The statements that stand for a call of a function. */
export function copyBody(callee: Func, call: Call, numbers: Numbers, out: WaysOut): readonly Statement[] {
  return new Copy(callee, call, numbers, out).run();
}

class Copy implements Rewriting {
  readonly #callee: Func;
  readonly #call: Call;
  readonly #numbers: Numbers;
  readonly #out: WaysOut;
  /** What the copy ends in where it jumps there. */
  readonly #end: number;
  readonly #locals = new Map<Local, Local>();
  readonly #values = new Map<Local, Expression>();
  readonly #targets = new Map<number, number>();
  readonly #spans = new Map<Span, InlinedSpan>();
  #jumps = false;

  constructor(callee: Func, call: Call, numbers: Numbers, out: WaysOut) {
    this.#callee = callee;
    this.#call = call;
    this.#numbers = numbers;
    this.#out = out;
    this.#end = numbers.target();
  }

  run(): readonly Statement[] {
    const { params, regionParameter, body } = this.#callee;
    const { args } = this.#call;
    const changed = localsSetIn(body);
    const before: Statement[] = [];
    params.forEach((param, i) => {
      const arg = args[i] as Expression;
      const isName = param !== regionParameter && !changed.has(param) && isLasting(arg, args.slice(i + 1));
      if (isName) this.#values.set(param, arg);
      else before.push({ kind: 'set', local: this.#local(param), value: arg });
    });
    const copied = rewriteBlock(body, this);
    return [...before, ...(this.#jumps ? [{ kind: 'block' as const, id: this.#end, body: copied }] : copied)];
  }

  expression(e: Expression): Expression {
    switch (e.kind) {
      case 'get':
        return this.#values.get(e.local) ?? { ...e, local: this.#local(e.local) };
      case 'region':
        return { ...e, region: this.#region(e.region) };
      case 'call':
        return { ...e, call: this.#placed(e.call) };
      case 'divide':
      case 'check-index':
      case 'allocate':
        return { ...e, span: this.#span(e.span) };
      default:
        return e;
    }
  }

  /** With the copy's own names; ways out of the function are still that. */
  #copied(s: Statement): Statement {
    switch (s.kind) {
      case 'set':
        return {
          ...s,
          local: this.#local(s.local),
          ...(s.span !== undefined && { span: this.#span(s.span) }),
        };
      case 'set-call':
        return { ...s, locals: s.locals.map((l) => this.#local(l)), call: this.#placed(s.call) };
      case 'set-global':
      case 'store':
      case 'store-element':
      case 'fail':
      case 'return':
        return { ...s, span: this.#span(s.span) };
      case 'tail-call':
        return {
          ...s,
          call: this.#placed(s.call),
          ...(s.region !== undefined && { region: this.#region(s.region) }),
        };
      case 'if': {
        if (s.flat === undefined) return s;
        const { flat, ...rest } = s;
        const { vector, isFlat, outside } = flat;
        const value = this.#values.get(vector);
        // The question is about a local, which a constant is not.
        if (value !== undefined && value.kind !== 'get') return rest;
        return {
          ...s,
          flat: {
            vector: value?.local ?? this.#local(vector),
            isFlat: rewriteExpression(isFlat, this),
            outside: rewriteBlock(outside, this),
          },
        };
      }
      case 'loop':
        return { ...s, id: this.#target(s.id), span: this.#span(s.span) };
      case 'break':
      case 'continue':
        return { ...s, loop: this.#target(s.loop) };
      case 'block':
        return { ...s, id: this.#target(s.id) };
      case 'leave':
        return { ...s, block: this.#target(s.block) };
      case 'arena':
        return { ...s, handle: this.#local(s.handle), span: this.#span(s.span) };
      case 'outside':
        return { ...s, handle: this.#local(s.handle), span: this.#span(s.span) };
      case 'within':
        return {
          ...s,
          ...(s.region !== 'current' && { region: this.#region(s.region) }),
          span: this.#span(s.span),
        };
      case 'suppressed':
        return { ...s, span: this.#span(s.span) };
      case 'set-cell':
      case 'evaluate':
        return s;
    }
  }

  statement(s: Statement, original: Statement): readonly Statement[] {
    const copied = this.#copied(s);
    if (this.#out.kind === 'same' || (copied.kind !== 'return' && copied.kind !== 'tail-call'))
      return [copied];
    const results = this.#results(copied, this.#out.locals);
    if (original === this.#callee.body.at(-1)) return results;
    this.#jumps = true;
    return [...results, { kind: 'leave', block: this.#end }];
  }

  /** What sets the locals for the results to what a way out returns. */
  #results(s: Extract<Statement, { kind: 'return' | 'tail-call' }>, locals: readonly Local[]): Statement[] {
    if (s.kind === 'tail-call') {
      if (s.region !== undefined)
        throw new Error(`${this.#callee.name} goes on elsewhere, and cannot be copied`);
      return [{ kind: 'set-call', locals, call: s.call }];
    }
    const set = (to: readonly Local[], values: readonly Expression[]): Statement[] =>
      to.map((local, i) => ({ kind: 'set', local, value: values[i] as Expression, span: s.span }));
    // A result may be among what a parameter stands for, and is not to change before all are known.
    const all = new Set(locals);
    if (!s.values.slice(1).some((value) => reads(value, all))) return set(locals, s.values);
    const held = locals.map((local) => this.#numbers.local(local));
    return [
      ...set(held, s.values),
      ...set(
        locals,
        held.map((local) => ({ kind: 'get', rep: local.rep, local })),
      ),
    ];
  }

  #local(local: Local): Local {
    const known = this.#locals.get(local);
    if (known !== undefined) return known;
    const copy = this.#numbers.local(local);
    this.#locals.set(local, copy);
    return copy;
  }

  #target(id: number): number {
    const copy = this.#targets.get(id) ?? this.#numbers.target();
    this.#targets.set(id, copy);
    return copy;
  }

  #region(region: RegionName): RegionName {
    return typeof region === 'string' ? region : this.#local(region);
  }

  #placed(call: Call): Call {
    return { ...call, span: this.#span(call.span) };
  }

  #span(span: Span): InlinedSpan {
    const known = this.#spans.get(span);
    if (known !== undefined) return known;
    const inner = inliningOf(span);
    const { name } = this.#callee;
    const inlining =
      inner === undefined
        ? { function: name, at: this.#call.span }
        : { function: inner.function, at: this.#span(inner.at) };
    const copy = { ...span, inlining };
    this.#spans.set(span, copy);
    return copy;
  }
}

/** Whether a value can stand wherever the local would that it is for. Those of later arguments are computed before it is read. */
function isLasting(value: Expression, later: readonly Expression[]): boolean {
  if (value.kind !== 'get') return isConstant(value);
  return !later.some((e) => localsSetIn([{ kind: 'evaluate', value: e }]).has(value.local));
}

function localsSetIn(body: readonly Statement[]): ReadonlySet<Local> {
  const found = new Set<Local>();
  visit(
    body,
    (s) => {
      if (s.kind === 'set') found.add(s.local);
      if (s.kind === 'set-call') for (const local of s.locals) found.add(local);
      if (s.kind === 'arena') found.add(s.handle);
    },
    () => {},
  );
  return found;
}

function reads(value: Expression, locals: ReadonlySet<Local>): boolean {
  let found = false;
  visit(
    [{ kind: 'evaluate', value }],
    () => {},
    (e) => {
      if (e.kind === 'get') found ||= locals.has(e.local);
    },
  );
  return found;
}
