/**
 * Which addresses must be on the shadow stack: those in locals that are live across something that may allocate, since
 * the collector may run there and cannot see WebAssembly's locals. Found by liveness, backwards over the structured
 * body; a loop is gone through until nothing changes.
 *
 * Each such local has one slot for the whole call. Nothing moves while the function is on the stack, so slots are only
 * ever written.
 */
import type { Call, Expression, Func, Local, Statement } from '../lower/index.ts';
import type { Effects } from './effects.ts';
import { partsOfCall, partsOfExpression } from './walk.ts';

export interface Roots {
  /** Slot number of each local that has one. */
  readonly slots: ReadonlyMap<Local, number>;
  /** For each arena: the locals with slots that are set inside and not needed behind it. */
  readonly cleared: ReadonlyMap<Statement, readonly Local[]>;
}

type Live = Set<Local>;

export function findRoots(func: Func, effects: Effects): Roots {
  const liveness = new Liveness(effects);
  liveness.block(func.body, new Set());
  const slots = new Map<Local, number>();
  for (const local of [...func.params, ...func.locals]) {
    if (liveness.rooted.has(local)) slots.set(local, slots.size);
  }
  const cleared = new Map<Statement, Local[]>();
  for (const [arena, { set, liveBehind }] of liveness.arenas) {
    cleared.set(
      arena,
      [...set].filter((local) => slots.has(local) && !liveBehind.has(local)),
    );
  }
  return { slots, cleared };
}

class Liveness {
  readonly rooted = new Set<Local>();
  readonly arenas = new Map<Statement, { readonly set: Set<Local>; readonly liveBehind: Live }>();
  readonly #effects: Effects;
  /** What is live where a jump arrives. */
  readonly #afterLoop = new Map<number, Live>();
  readonly #atStep = new Map<number, Live>();
  readonly #afterBlock = new Map<number, Live>();
  readonly #openArenas: Set<Local>[] = [];

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** What is live before a block, given what is live behind it. */
  block(body: readonly Statement[], behind: Live): Live {
    let live = new Set(behind);
    for (let i = body.length - 1; i >= 0; i--) live = this.#statement(body[i] as Statement, live);
    return live;
  }

  #statement(s: Statement, live: Live): Live {
    switch (s.kind) {
      case 'set':
        this.#kill(s.local, live);
        this.#expression(s.value, live);
        return live;
      case 'set-call':
        for (const local of s.locals) this.#kill(local, live);
        this.#call(s.call, live);
        return live;
      case 'tail-call': {
        const before: Live = new Set();
        this.#operands(partsOfCall(s.call), before);
        return before;
      }
      case 'return': {
        const before: Live = new Set();
        this.#operands(s.values, before);
        return before;
      }
      case 'fail': {
        const before: Live = new Set();
        if (s.b !== undefined) this.#expression(s.b, before);
        if (s.a !== undefined) this.#expression(s.a, before);
        return before;
      }
      case 'evaluate':
      case 'set-global':
      case 'set-cell':
        this.#expression(s.value, live);
        return live;
      case 'store':
        this.#operands([s.target, s.value], live);
        return live;
      case 'store-element':
        this.#operands([s.target, s.index, s.value], live);
        return live;
      case 'if': {
        const before = union(this.block(s.then, live), this.block(s.else, live));
        this.#expression(s.condition, before);
        return before;
      }
      case 'loop':
        return this.#loop(s, live);
      case 'break':
        return new Set(this.#afterLoop.get(s.loop));
      case 'continue':
        return new Set(this.#atStep.get(s.loop));
      case 'block':
        this.#afterBlock.set(s.id, live);
        return this.block(s.body, live);
      case 'leave':
        return new Set(this.#afterBlock.get(s.block));
      case 'arena': {
        const known = this.arenas.get(s);
        const set = known?.set ?? new Set<Local>();
        this.arenas.set(s, { set, liveBehind: union(known?.liveBehind ?? new Set(), live) });
        this.#openArenas.push(set);
        const before = this.block(s.body, live);
        this.#openArenas.pop();
        for (const outer of this.#openArenas) for (const local of set) outer.add(local);
        if (s.handle !== undefined) before.delete(s.handle);
        this.#root(before);
        return before;
      }
      case 'suppressed':
        return this.block(s.body, live);
    }
  }

  #loop(s: Extract<Statement, { kind: 'loop' }>, behind: Live): Live {
    this.#afterLoop.set(s.id, behind);
    let atStart: Live = new Set();
    for (;;) {
      const atStep = this.block(s.step, atStart);
      this.#atStep.set(s.id, atStep);
      const before = this.block(s.body, atStep);
      if ([...before].every((local) => atStart.has(local))) return before;
      atStart = union(atStart, before);
    }
  }

  #kill(local: Local, live: Live): void {
    live.delete(local);
    if (local.rep === 'ref') this.#openArenas.at(-1)?.add(local);
  }

  /** Adds what an expression reads, from its last part to its first; `live` is what is live behind it. */
  #expression(e: Expression, live: Live): void {
    switch (e.kind) {
      case 'get':
        live.add(e.local);
        return;
      case 'call':
        this.#call(e.call, live);
        return;
      case 'allocate':
        // The fields' values are read behind the allocation.
        this.#operands(
          e.fields.map((f) => f.value),
          live,
        );
        this.#root(live);
        return;
      case 'if-expression': {
        const other = new Set(live);
        this.#expression(e.then, live);
        this.#expression(e.else, other);
        for (const local of other) live.add(local);
        this.#expression(e.condition, live);
        return;
      }
      case 'sequence': {
        this.#expression(e.value, live);
        const before = this.block(e.body, live);
        live.clear();
        for (const local of before) live.add(local);
        return;
      }
      default:
        this.#operands(partsOfExpression(e).expressions, live);
    }
  }

  /** What is evaluated one after the other and used at once: an address that is read early is in use to the end. */
  #operands(operands: readonly Expression[], live: Live): void {
    for (const e of operands) if (e.kind === 'get') live.add(e.local);
    for (const e of operands.toReversed()) this.#expression(e, live);
  }

  #call(call: Call, live: Live): void {
    const allocates = this.#effects.allocates(call);
    // A script function keeps its own parameters; the heap's functions rely on the caller for theirs.
    const callerKeeps = call.to === 'runtime';
    if (allocates && !callerKeeps) this.#root(live);
    this.#operands(partsOfCall(call), live);
    if (allocates && callerKeeps) this.#root(live);
  }

  #root(live: Live): void {
    for (const local of live) if (local.rep === 'ref') this.rooted.add(local);
  }
}

function union(a: Live, b: Live): Live {
  return new Set([...a, ...b]);
}
