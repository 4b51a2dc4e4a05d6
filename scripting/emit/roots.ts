/**
 * Which addresses must be on the shadow stack, and when they are put there: those in locals that are live across
 * something that may allocate (a safepoint), since the collector may run there and cannot see WebAssembly's locals. Found
 * by liveness, backwards over the structured body; a loop is gone through until nothing changes.
 *
 * There are two ways to keep one, and the cheaper is taken, reckoned with the usual guesses (a loop runs ten times, a branch
 * every fourth, the slow path of an allocation never; compare the spill costs of Chaitin, 1982):
 *
 * - a **slot** for the whole call, stored to wherever the local is set: best where safepoints are many;
 * - a **spill**: pushed in front of each safepoint it is live at, popped after it: best where they are rare. A function
 *   whose only safepoints are its own allocations so stores nothing at all until one of them is slow.
 *
 * Nothing moves while the function is on the stack, so neither is ever read back.
 */
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  partsOfCall,
  partsOfExpression,
  type Statement,
} from '../ir/index.ts';
import type { Effects } from './effects.ts';

/** Where the collector may run: a call, an allocation, the opening of an arena. */
export type Safepoint = Call | Expression | Statement;

export interface Roots {
  /** Slot number of each local that has one. */
  readonly slots: ReadonlyMap<Local, number>;
  /**
   * For each way out of arenas (the end of an `arena`, or a `break`, `continue` or `leave` that crosses the border of one):
   * the locals with slots that are set inside and not needed where it leads. What they hold may be gone by then.
   */
  readonly cleared: ReadonlyMap<Statement, readonly Local[]>;
  /** For each safepoint: the locals without slots that it must not lose. */
  readonly spills: ReadonlyMap<Safepoint, readonly Local[]>;
}

type Live = Set<Local>;

/** How often a loop is reckoned to go round. */
const ROUNDS = 10;

/** How often a branch is reckoned to be taken: those that lead to calls seldom are (Ball and Larus, PLDI 1993). */
const TAKEN = 1 / 4;

/** Stores that a frame of slots costs on entry and exit, and a push and pop at a safepoint. */
const FRAME_COST = 3;
const PUSH_COST = 2;

export function findRoots(func: Func, effects: Effects): Roots {
  const liveness = new Liveness(effects);
  liveness.block(func.body, new Set());
  const inSlots = chooseSlots(liveness);
  const slots = new Map<Local, number>();
  for (const local of [...func.params, ...func.locals]) {
    if (inSlots.has(local)) slots.set(local, slots.size);
  }
  const cleared = new Map<Statement, Local[]>();
  for (const [way, { set, liveThere }] of liveness.waysOut) {
    cleared.set(
      way,
      [...set].filter((local) => slots.has(local) && !liveThere.has(local)),
    );
  }
  const spills = new Map<Safepoint, Local[]>();
  for (const [safepoint, { live }] of liveness.safepoints) {
    const spilled = [...live].filter((local) => !slots.has(local));
    if (spilled.length > 0) spills.set(safepoint, spilled);
  }
  return { slots, cleared, spills };
}

/** Of all locals in slots, none, and each as is best for it alone: the cheapest. */
function chooseSlots(liveness: Liveness): ReadonlySet<Local> {
  const slotCost = new Map<Local, number>();
  const spillCost = new Map<Local, number>();
  for (const { live, weight } of liveness.safepoints.values()) {
    for (const local of live) {
      // Clearing the slot on entry, or storing the parameter there.
      if (!slotCost.has(local)) slotCost.set(local, 1);
      spillCost.set(local, (spillCost.get(local) ?? 0) + weight);
    }
  }
  for (const [local, cost] of slotCost) {
    const weights = [...(liveness.definitions.get(local)?.values() ?? [])];
    slotCost.set(
      local,
      weights.reduce((sum, weight) => sum + weight, cost),
    );
  }
  const all = new Set(slotCost.keys());
  const best = new Set([...all].filter((l) => (slotCost.get(l) as number) < (spillCost.get(l) as number)));
  const cost = (slots: ReadonlySet<Local>): number => {
    let sum = slots.size > 0 ? FRAME_COST : 0;
    for (const local of slots) sum += slotCost.get(local) as number;
    for (const { live, weight } of liveness.safepoints.values()) {
      const spilled = [...live].filter((local) => !slots.has(local)).length;
      if (spilled > 0) sum += weight * (PUSH_COST + spilled);
    }
    return sum;
  };
  return [best, all].reduce((a, b) => (cost(b) < cost(a) ? b : a), new Set<Local>());
}

class Liveness {
  /** What is live at each safepoint, and how often it is reckoned to be passed. */
  readonly safepoints = new Map<Safepoint, { readonly live: Live; readonly weight: number }>();
  /** Where each address is set, and how often that is reckoned to run. */
  readonly definitions = new Map<Local, Map<Statement, number>>();
  /** For each way out of arenas: the addresses set in the outermost that it leaves, and what is live where it leads. */
  readonly waysOut = new Map<Statement, { readonly set: ReadonlySet<Local>; readonly liveThere: Live }>();
  readonly #effects: Effects;
  /** What is live where a jump arrives. */
  readonly #afterLoop = new Map<number, Live>();
  readonly #atStep = new Map<number, Live>();
  readonly #afterBlock = new Map<number, Live>();
  /** The addresses set inside each arena. The frame's is left out: it stays full as long as anything is on the stack. */
  readonly #setInside = new Map<Statement, Set<Local>>();
  /** Those of the arenas around the place that is looked at, the outermost first. */
  readonly #open: Set<Local>[] = [];
  /** How many arenas are around the target of a jump. */
  readonly #aroundLoop = new Map<number, number>();
  readonly #aroundBlock = new Map<number, number>();
  /** How often the place that is looked at runs in one call of the function. */
  #weight = 1;

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** What is live before a block, given what is live after it. */
  block(body: readonly Statement[], after: Live): Live {
    let live = new Set(after);
    for (let i = body.length - 1; i >= 0; i--) live = this.#statement(body[i] as Statement, live);
    return live;
  }

  #statement(s: Statement, live: Live): Live {
    switch (s.kind) {
      case 'set':
        this.#kill(s.local, live, s);
        this.#expression(s.value, live);
        return live;
      case 'set-call':
        for (const local of s.locals) this.#kill(local, live, s);
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
        const before = this.#branching(() => union(this.block(s.then, live), this.block(s.else, live)));
        this.#expression(s.condition, before);
        return before;
      }
      case 'loop':
        return this.#loop(s, live);
      case 'break':
        return this.#jump(s, this.#aroundLoop.get(s.loop), this.#afterLoop.get(s.loop));
      case 'continue':
        return this.#jump(s, this.#aroundLoop.get(s.loop), this.#atStep.get(s.loop));
      case 'block':
        this.#afterBlock.set(s.id, live);
        this.#aroundBlock.set(s.id, this.#open.length);
        return this.block(s.body, live);
      case 'leave':
        return this.#jump(s, this.#aroundBlock.get(s.block), this.#afterBlock.get(s.block));
      case 'arena': {
        const before = s.name === 'frame' ? this.block(s.body, live) : this.#arena(s, live);
        before.delete(s.handle);
        this.#safepoint(s, before, this.#weight);
        return before;
      }
      case 'outside':
      case 'within':
      case 'suppressed':
        return this.block(s.body, live);
    }
  }

  #arena(s: Extract<Statement, { kind: 'arena' }>, after: Live): Live {
    const set = this.#setInside.get(s) ?? new Set<Local>();
    this.#setInside.set(s, set);
    this.#wayOut(s, set, after);
    this.#open.push(set);
    const before = this.block(s.body, after);
    this.#open.pop();
    for (const outer of this.#open) for (const local of set) outer.add(local);
    return before;
  }

  /** To a place with so many arenas around it, where `there` is live. */
  #jump(s: Statement, around: number | undefined, there: Live | undefined): Live {
    if (around === undefined) throw new Error('a jump leads to what is not around it');
    const left = this.#open[around];
    if (left !== undefined) this.#wayOut(s, left, there ?? new Set());
    return new Set(there);
  }

  #wayOut(s: Statement, set: ReadonlySet<Local>, there: Live): void {
    const known = this.waysOut.get(s)?.liveThere ?? new Set();
    this.waysOut.set(s, { set, liveThere: union(known, there) });
  }

  #loop(s: Extract<Statement, { kind: 'loop' }>, after: Live): Live {
    const before = this.#rounds(s, after);
    if (s.bounded !== undefined) this.#expression(s.bounded, before);
    return before;
  }

  #rounds(s: Extract<Statement, { kind: 'loop' }>, after: Live): Live {
    this.#afterLoop.set(s.id, after);
    this.#aroundLoop.set(s.id, this.#open.length);
    this.#weight *= ROUNDS;
    let atStart: Live = new Set();
    for (;;) {
      const atStep = this.block(s.step, atStart);
      this.#atStep.set(s.id, atStep);
      const before = this.block(s.body, atStep);
      if ([...before].every((local) => atStart.has(local))) {
        this.#weight /= ROUNDS;
        return before;
      }
      atStart = union(atStart, before);
    }
  }

  #branching<T>(branches: () => T): T {
    this.#weight *= TAKEN;
    const result = branches();
    this.#weight /= TAKEN;
    return result;
  }

  #kill(local: Local, live: Live, s: Statement): void {
    live.delete(local);
    if (local.rep !== 'ref') return;
    this.#open.at(-1)?.add(local);
    const places = this.definitions.get(local) ?? new Map<Statement, number>();
    this.definitions.set(local, places.set(s, this.#weight));
  }

  /** Adds what an expression reads, from its last part to its first; `live` is what is live after it. */
  #expression(e: Expression, live: Live): void {
    switch (e.kind) {
      case 'get':
        live.add(e.local);
        return;
      case 'call':
        this.#call(e.call, live);
        return;
      case 'allocate':
        // The fields' values are read after the allocation.
        this.#operands(
          e.fields.map((f) => f.value),
          live,
        );
        // It meets the collector only where its window is used up.
        this.#safepoint(e, live, 0);
        return;
      case 'if-expression': {
        const other = new Set(live);
        this.#branching(() => {
          this.#expression(e.then, live);
          this.#expression(e.else, other);
        });
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
    if (allocates && !callerKeeps) this.#safepoint(call, live, this.#weight);
    this.#operands(partsOfCall(call), live);
    if (!allocates || !callerKeeps) return;
    const lost = call.args.find((arg) => arg.rep === 'ref' && !isKept(arg));
    if (lost !== undefined) throw new Error(`nothing keeps the ${lost.kind} that ${call.name} is given`);
    this.#safepoint(call, live, this.#weight);
  }

  #safepoint(at: Safepoint, live: Live, weight: number): void {
    const known = this.safepoints.get(at)?.live ?? new Set<Local>();
    for (const local of live) if (local.rep === 'ref') known.add(local);
    if (known.size > 0) this.safepoints.set(at, { live: known, weight });
  }
}

/** Whether an address is in a local, or leads to nothing that is ever freed. */
function isKept(e: Expression): boolean {
  return ['get', 'null', 'literal', 'static-closure', 'static-variant'].includes(e.kind);
}

function union(a: Live, b: Live): Live {
  return new Set([...a, ...b]);
}
