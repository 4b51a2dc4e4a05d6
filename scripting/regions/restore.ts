/**
 * A function that is given a region to make things in may end with a tail call whose own things are to be made there as well. It cannot
 * go back to the region it came from: nothing of it is left then, and a tail call must not grow the stack. So it *switches*, and
 * calls of such functions that are not tail calls themselves keep what was current and go on with it:
 *
 *     (fill! xs n)  in region r      ...  switch to r, tail call (fill! xs (- n 1)) in region r
 *     its caller                   within current ( fill! ... in region r )
 *
 * A function value may be any function that takes and returns the same. What the host calls does not switch: it ends with calls
 * that are no tail calls.
 */
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  type Program,
  rewriteBlock,
  type Statement,
  visit,
} from '../ir/index.ts';
import { signature, signatureOf } from './calls.ts';
import type { Rule } from './rules.ts';
import { rootsOf } from './solve.ts';

type TailCall = Extract<Statement, { kind: 'tail-call' }>;

/** The program with calls of functions that switch going on where they were. Nothing of this is seen by the proof. */
export function restored(program: Program, without?: Rule): Program {
  if (without === 'restored') return program;
  const switching = new Switching(program, without);
  if (switching.isEmpty) return program;
  const functions = new Map(program.functions);
  for (const [key, func] of functions)
    if (switching.isCalledBy(func)) functions.set(key, new Restoring(func, switching).run());
  return { ...program, functions };
}

/** Functions that may end with another region than they began with. */
class Switching {
  readonly #keys = new Set<string>();
  readonly #signatures = new Set<string>();
  readonly #roots: ReadonlySet<string>;

  constructor(program: Program, without: Rule | undefined) {
    this.#roots = rootsOf(program);
    const table = new Set(program.table);
    for (let before = -1; before !== this.#keys.size; ) {
      before = this.#keys.size;
      for (const [key, func] of program.functions) {
        if (this.#keys.has(key) || this.#roots.has(key) || !this.#follows(func)) continue;
        this.#keys.add(key);
        // The last parameter is the closure itself.
        if (table.has(key) && without !== 'restored-values')
          this.#signatures.add(
            signature(
              func.params.slice(0, -1).map(({ rep }) => rep),
              func.results,
            ),
          );
      }
    }
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  has(call: Call): boolean {
    if (call.to === 'closure') return this.#signatures.has(signatureOf(call));
    return call.to === 'function' && this.#keys.has(call.key);
  }

  isRoot({ key }: Func): boolean {
    return this.#roots.has(key);
  }

  isCalledBy({ body }: Func): boolean {
    let found = false;
    const note = (node: Statement | Expression): void => {
      if ('call' in node && this.has(node.call)) found = true;
    };
    visit(body, note, note);
    return found;
  }

  #follows({ body }: Func): boolean {
    let found = false;
    visit(
      body,
      (s) => {
        if (s.kind === 'tail-call' && (s.region !== undefined || this.has(s.call))) found = true;
      },
      () => {},
    );
    return found;
  }
}

/** A function, with its own region current again after each call of those. */
class Restoring {
  readonly #func: Func;
  readonly #switching: Switching;
  readonly #locals: Local[];
  #next: number;

  constructor(func: Func, switching: Switching) {
    this.#func = func;
    this.#switching = switching;
    this.#locals = [...func.locals];
    this.#next = nextLocal(func);
  }

  run(): Func {
    const body = rewriteBlock(this.#func.body, {
      expression: (e) => this.#expression(e),
      statement: (s) => this.#statement(s),
    });
    return { ...this.#func, body, locals: this.#locals };
  }

  #expression(e: Expression): Expression {
    if (e.kind !== 'call' || e.rep === 'none' || !this.#switching.has(e.call)) return e;
    const local = this.#local(e.rep);
    const body = [within([{ kind: 'set', local, value: e }], e.call.span)];
    return { kind: 'sequence', rep: e.rep, body, value: { kind: 'get', rep: e.rep, local } };
  }

  #statement(s: Statement): readonly Statement[] {
    if (s.kind === 'set-call' && this.#switching.has(s.call)) return [within([s], s.call.span)];
    if (s.kind === 'evaluate' && s.value.kind === 'call' && this.#switching.has(s.value.call))
      return [within([s], s.value.call.span)];
    if (s.kind === 'tail-call' && this.#switching.isRoot(this.#func) && this.#switching.has(s.call))
      return this.#ending(s);
    return [s];
  }

  /** The call as one that comes back. */
  #ending({ call }: TailCall): Statement[] {
    const { reps, span } = call;
    const locals = reps.map((rep) => this.#local(rep));
    const values = locals.map((local): Expression => ({ kind: 'get', rep: local.rep, local }));
    const body: Statement =
      reps.length === 0
        ? { kind: 'evaluate', value: { kind: 'call', rep: 'none', call } }
        : { kind: 'set-call', locals, call };
    return [within([body], span), { kind: 'return', values, span }];
  }

  #local(rep: Local['rep']): Local {
    const local: Local = { id: this.#next++, name: 'made', rep };
    this.#locals.push(local);
    return local;
  }
}

function within(body: readonly Statement[], span: Func['span']): Statement {
  return { kind: 'within', region: 'current', body, span };
}

/** The number of a local that the function has not. */
export function nextLocal({ params, locals }: Func): number {
  return 1 + Math.max(-1, ...params.map(({ id }) => id), ...locals.map(({ id }) => id));
}
