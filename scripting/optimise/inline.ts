/**
 * Calls replaced by the code of what they call (Scheifler, "An analysis of inline substitution for a structured programming
 * language", 1977), in release images. It is done here and not left to Binaryen, whose copies lose whose code they were: here each
 * place in a copy knows the call that it stands for, so traces tell every function and line as if nothing had been moved.
 *
 * What is called comes before what calls it, so a copy holds what was copied into its original. A function that calls itself is copied into
 * itself once: the copy's own calls are counted, which pays for both (Rugina and Rinard, "Recursion
 * unrolling for divide and conquer programs", 2000). What counts a recursion's depth is reckoned from the code as it is afterwards, so
 * that deeper frames cost more.
 *
 * Sizes are statements and expressions, but for names and numbers, which cost nothing. The limits are guesses that keep programs within 6% of
 * their size; others were not tried.
 */
import {
  type Call,
  type Expression,
  type Func,
  type Program,
  partsOfExpression,
  partsOfStatement,
  rewriteBlock,
  type Statement,
  visit,
} from '../ir/index.ts';
import { copyBody, type WaysOut } from './copied-body.ts';
import { Numbers } from './numbers.ts';

/** As large as what a call of it takes. */
const SMALL = 14;
/** In a loop, where the function that calls recurs, or where a function value is asked for what is called. */
const MIDDLING = 80;
/** Where it is the only call there is. */
const ONCE = 300;
/** A function that calls itself, copied into itself. */
const UNROLLED = 60;
/** How large a function may become by what is copied into it. */
const LARGEST = 1_500;

interface Site {
  readonly call: Call & { readonly to: 'function' };
  readonly inLoop: boolean;
  /** The call is the last that the function does. */
  readonly isLast: boolean;
}

/** A program whose functions contain the code of those they call, where that is worth its size. Those that nobody calls any more are left out. */
export function inlineCalls(program: Program): Program {
  return new Inliner(program).run();
}

class Inliner {
  readonly #program: Program;
  readonly #sites: ReadonlyMap<string, readonly Site[]>;
  /** How many calls there are of a function, from the host and the table too. */
  readonly #calls = new Map<string, number>();
  /** Functions that function values are made of: only `few-callees.ts` calls those by name. */
  readonly #values: ReadonlySet<string>;
  readonly #done = new Map<string, Func>();
  readonly #sizes = new Map<string, number>();
  readonly #begun = new Set<string>();

  constructor(program: Program) {
    this.#program = program;
    this.#values = new Set(program.table);
    this.#sites = new Map([...program.functions].map(([key, f]) => [key, sitesIn(f.body)]));
    const called = [...entries(program), ...[...this.#sites.values()].flat().map((site) => site.call.key)];
    for (const key of called) this.#calls.set(key, (this.#calls.get(key) ?? 0) + 1);
  }

  run(): Program {
    for (const key of this.#program.functions.keys()) this.#visit(key);
    return withoutUncalled({ ...this.#program, functions: inOrder(this.#program, this.#done) });
  }

  /** Callees first, with a stack of its own: chains of calls can be long. */
  #visit(from: string): void {
    const open: { readonly key: string; readonly callees: Iterator<Site> }[] = [];
    const enter = (key: string): void => {
      if (this.#begun.has(key) || !this.#program.functions.has(key)) return;
      this.#begun.add(key);
      open.push({ key, callees: (this.#sites.get(key) ?? []).values() });
    };
    enter(from);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.callees.next();
      if (next.done !== true) {
        enter(next.value.call.key);
        continue;
      }
      open.pop();
      this.#finish(this.#program.functions.get(top.key) as Func);
    }
  }

  #finish(func: Func): void {
    const grown = this.#inline(func);
    const done = this.#unroll(grown);
    this.#done.set(func.key, done);
    this.#sizes.set(func.key, sizeOf(done.body));
  }

  #inline(func: Func): Func {
    const chosen = new Map<Call, Func>();
    const sites = this.#sites.get(func.key) ?? [];
    const recurs = sites.some(({ call }) => call.key === func.key);
    let size = sizeOf(func.body);
    for (const site of sites) {
      const { key } = site.call;
      const callee = this.#done.get(key);
      if (callee === undefined || this.#program.slowPaths.has(key) || !canBeCopied(callee, site)) continue;
      const added = this.#sizes.get(key) as number;
      if (added > this.#limit(site, recurs) || size + added > LARGEST) continue;
      size += added;
      chosen.set(site.call, callee);
    }
    return withCopies(func, chosen);
  }

  #limit({ call, inLoop }: Site, recurs: boolean): number {
    if (this.#calls.get(call.key) === 1) return ONCE;
    return inLoop || recurs || this.#values.has(call.key) ? MIDDLING : SMALL;
  }

  /** What is left of calls of itself is copied once more. Tail calls are loops by now. */
  #unroll(func: Func): Func {
    if (sizeOf(func.body) > UNROLLED) return func;
    const own = sitesIn(func.body).filter((site) => site.call.key === func.key && canBeCopied(func, site));
    return withCopies(func, new Map(own.map(({ call }) => [call, func])));
  }
}

/** What a way out of a function goes on with elsewhere is its own affair: nothing is left of that in a copy. */
function canBeCopied(callee: Func, { isLast }: Site): boolean {
  let can = true;
  visit(
    callee.body,
    (s) => {
      if (s.kind === 'tail-call' && s.region !== undefined) can = false;
    },
    () => {},
  );
  return can || isLast;
}

function withCopies(func: Func, chosen: ReadonlyMap<Call, Func>): Func {
  if (chosen.size === 0) return func;
  const numbers = new Numbers(func);
  /** Undefined where the call stays. */
  const copy = (original: Call, call: Call, out: WaysOut): readonly Statement[] | undefined => {
    const callee = chosen.get(original);
    return callee && copyBody(callee, call, numbers, out);
  };
  const body = rewriteBlock(func.body, {
    expression(e, original) {
      if (e.kind !== 'call' || original.kind !== 'call' || e.rep === 'none') return e;
      const callee = chosen.get(original.call);
      if (callee === undefined) return e;
      const local = numbers.local({ name: callee.name, rep: e.rep });
      const copied = copyBody(callee, e.call, numbers, { kind: 'results', locals: [local] });
      return { kind: 'sequence', rep: e.rep, body: copied, value: { kind: 'get', rep: e.rep, local } };
    },
    statement(s, original) {
      if (s.kind === 'set-call' && original.kind === 'set-call')
        return copy(original.call, s.call, { kind: 'results', locals: s.locals }) ?? [s];
      if (s.kind === 'tail-call' && original.kind === 'tail-call')
        return copy(original.call, s.call, { kind: 'same' }) ?? [s];
      if (s.kind !== 'evaluate' || original.kind !== 'evaluate') return [s];
      if (s.value.kind !== 'call' || original.value.kind !== 'call') return [s];
      return copy(original.value.call, s.value.call, { kind: 'results', locals: [] }) ?? [s];
    },
  });
  return { ...func, locals: [...func.locals, ...numbers.added], body };
}

/** The calls of functions in a body. What is called to go on elsewhere is none. */
function sitesIn(body: readonly Statement[]): Site[] {
  const found: Site[] = [];
  const call = (c: Call, inLoop: boolean, isLast: boolean): void => {
    if (c.to === 'function') found.push({ call: c, inLoop, isLast });
  };
  const expression = (e: Expression, inLoop: boolean): void => {
    if (e.kind === 'call') call(e.call, inLoop, false);
    const { expressions, blocks } = partsOfExpression(e);
    for (const part of expressions) expression(part, inLoop);
    for (const block of blocks) statements(block, inLoop);
  };
  const statements = (block: readonly Statement[], inLoop: boolean): void => {
    for (const s of block) {
      if (s.kind === 'set-call') call(s.call, inLoop, false);
      if (s.kind === 'tail-call' && s.region === undefined) call(s.call, inLoop, true);
      const { expressions, blocks } = partsOfStatement(s);
      for (const e of expressions) expression(e, inLoop);
      for (const inner of blocks) statements(inner, inLoop || s.kind === 'loop');
    }
  };
  statements(body, false);
  return found;
}

export function sizeOf(body: readonly Statement[]): number {
  let size = 0;
  visit(
    body,
    () => {
      size += 1;
    },
    (e) => {
      if (e.kind !== 'get' && e.kind !== 'constant') size += 1;
    },
  );
  return size;
}

/** Keys of the functions that are called from elsewhere. */
function entries({ exports, table, globals }: Program): string[] {
  return [...exports.map((e) => e.key), ...table, ...globals.flatMap((g) => g.initializer ?? [])];
}

function inOrder(program: Program, functions: ReadonlyMap<string, Func>): Map<string, Func> {
  return new Map([...program.functions.keys()].map((key) => [key, functions.get(key) as Func]));
}

function withoutUncalled(program: Program): Program {
  const reached = new Set<string>();
  const open = entries(program);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    const body = program.functions.get(key)?.body ?? [];
    visit(
      body,
      (s) => {
        if ((s.kind === 'set-call' || s.kind === 'tail-call') && s.call.to === 'function')
          open.push(s.call.key);
      },
      (e) => {
        if (e.kind === 'call' && e.call.to === 'function') open.push(e.call.key);
      },
    );
  }
  return { ...program, functions: new Map([...program.functions].filter(([key]) => reached.has(key))) };
}
