/**
 * Shows that no address gets lost in a printed function: at each call that may collect, what is still used afterwards is on
 * the shadow stack below its height, and what is there may be visited. It goes forward through all ways, `br` and loops
 * included:
 *
 * - A call that may collect makes every address **stale** that no slot below the height holds, unless it is 0 or leads to
 *   static memory. A stale address that is used (loaded from, stored, given away, returned, compared) was needed: a fault.
 * - Each slot below the height must have been written by this function, and not with something stale.
 * - When an arena is closed, what was found while it was open is gone, unless it is used later: then the proof of
 *   `regions` has seen that it is older. A slot that holds what is gone is a fault at the next call that may collect.
 * - A way out has put everything back: the height, and what was opened.
 */
import { SHADOW_TOP, TOP } from '../../../../scripting/heap/index.ts';
import type { Calls } from './effects.ts';
import type { Block, Flow, Instruction, Variable } from './flow.ts';
import { ANYTHING, type Known, State } from './state.ts';

export interface Facts {
  readonly calls: Calls;
  /** Whether each parameter of the function is an address. */
  readonly params: readonly boolean[];
  /** Which of the heap's functions a call means; undefined for none. */
  readonly heap: (callee: string) => readonly string[] | undefined;
  /** Which of a program's function's results are addresses. */
  readonly results: (callee: string) => readonly boolean[] | undefined;
  /** What the script calls a variable. */
  readonly names: (variable: Variable) => string | undefined;
}

/** What is wrong, each a sentence. */
export function lostRoots(flow: Flow, facts: Facts): string[] {
  return new Check(flow, facts).run();
}

const OPENING: Readonly<Record<string, string>> = {
  openArena: 'a',
  enterFrame: 'r',
  enterOutside: 'r',
  enterRegion: 'r',
  enterSuppressed: 's',
};
/** One function in a release image may be several of these: what is alike is there once. */
const CLOSING: Readonly<Record<string, string>> = { closeArena: 'a', leaveRegion: 'r', leaveSuppressed: 's' };

class Check {
  readonly #flow: Flow;
  readonly #facts: Facts;
  /** How many slots the function has at most. */
  readonly #slots: number;
  readonly #before = new Map<Block, State>();
  /** Stores to the shadow stack: to be kept is not to be used. */
  readonly #rooting = new Set<Instruction>();
  /** What is used later, at each closing of an arena. */
  readonly #liveAtEnd = new Map<Instruction, ReadonlySet<Variable>>();
  readonly #faults = new Set<string>();
  #reporting = false;

  constructor(flow: Flow, facts: Facts) {
    this.#flow = flow;
    this.#facts = facts;
    const offsets = flow.blocks
      .flatMap((b) => b.instructions)
      .map((i) => (i.kind === 'store' ? i.offset : 0));
    this.#slots = Math.ceil(Math.max(0, ...offsets) / 4) + 1;
  }

  run(): string[] {
    // Once to find what is a store to the shadow stack, and again when it is known what is used later.
    this.#solve();
    if (this.#findLiveAtEnds()) this.#solve();
    this.#reporting = true;
    for (const [block, state] of this.#before) this.#run(block, state.copy());
    return [...this.#faults];
  }

  #slot(number: number): number {
    return this.#flow.variables + number;
  }

  #entry(): State {
    const state = new State(this.#flow.variables + this.#slots);
    for (let v = 0; v < this.#flow.locals; v++) {
      if (v >= this.#flow.params) state.fresh(v, { kind: 'constant', value: 0 });
      else if (this.#facts.params[v]) state.address[v] = 1;
    }
    // What others left there.
    for (let slot = 0; slot < this.#slots; slot++) state.stale[this.#slot(slot)] = 1;
    return state;
  }

  #solve(): void {
    this.#before.clear();
    const [first] = this.#flow.blocks;
    if (first === undefined) return;
    this.#before.set(first, this.#entry());
    // In the order of the text, so that what ways come together in is gone through when most of them are known.
    const { blocks } = this.#flow;
    const order = new Map(blocks.map((block, i) => [block, i]));
    const waiting = new Uint8Array(blocks.length);
    waiting[0] = 1;
    for (let i = 0; i !== -1; i = waiting.indexOf(1)) {
      waiting[i] = 0;
      const block = blocks[i] as Block;
      const state = (this.#before.get(block) as State).copy();
      this.#run(block, state);
      for (const next of block.next) {
        const known = this.#before.get(next);
        if (known === undefined) this.#before.set(next, state.copy());
        else if (!known.meet(state)) continue;
        waiting[order.get(next) as number] = 1;
      }
    }
  }

  #run(block: Block, state: State): void {
    for (const instruction of block.instructions) this.#step(instruction, state);
  }

  #step(instruction: Instruction, state: State): void {
    switch (instruction.kind) {
      case 'copy':
        state.same(instruction.to, instruction.from);
        return;
      case 'constant':
        state.fresh(instruction.to, { kind: 'constant', value: instruction.value });
        return;
      case 'static':
        state.fresh(instruction.to, { kind: 'static' });
        return;
      case 'add':
        this.#add(instruction, state);
        return;
      case 'other':
        for (const of of instruction.of) this.#use(of, state, 'computed with');
        state.fresh(instruction.to);
        return;
      case 'load':
        this.#load(instruction, state);
        return;
      case 'store':
        this.#store(instruction, state);
        return;
      case 'address':
        if (!state.isFixed(instruction.of)) state.address[instruction.of] = 1;
        return;
      case 'use':
        for (const of of instruction.of) this.#use(of, state, 'asked for or returned');
        return;
      case 'call':
        this.#call(instruction, state);
        return;
      case 'return':
        if (state.top !== 0) this.#fault('returns with another height of the shadow stack');
        if (state.open !== '') this.#fault('returns with something open');
        return;
      case 'tail-call':
        return;
    }
  }

  #add({ to, left, right }: Extract<Instruction, { kind: 'add' }>, state: State): void {
    this.#use(left, state, 'added to');
    this.#use(right, state, 'added to');
    const known = sumOf(state.known[left] as Known, state.known[right] as Known);
    const base = state.address[left] ? left : state.address[right] ? right : undefined;
    if (known.kind !== 'anything' || base === undefined) {
      state.fresh(to, known);
      return;
    }
    state.same(to, base);
    state.known[to] = known;
    state.inside[to] = 1;
  }

  #load({ to, at, offset }: Extract<Instruction, { kind: 'load' }>, state: State): void {
    this.#use(at, state, 'loaded from');
    const place = placeOf(state.known[at] as Known, offset);
    if (place !== SHADOW_TOP || state.top === undefined) state.fresh(to);
    else state.fresh(to, { kind: 'shadow', bytes: state.top });
    state.arenas[to] = arenasOf(state.open);
    // A new object is where the window begins.
    if (place === TOP) state.address[to] = 1;
  }

  #store(instruction: Extract<Instruction, { kind: 'store' }>, state: State): void {
    const { at, offset, value } = instruction;
    this.#use(at, state, 'stored into');
    this.#use(value, state, 'stored');
    const known = state.known[at] as Known;
    if (placeOf(known, offset) === SHADOW_TOP) {
      const height = state.known[value] as Known;
      state.top = height.kind === 'shadow' ? height.bytes : undefined;
      return;
    }
    if (known.kind !== 'shadow') return;
    this.#rooting.add(instruction);
    const slot = this.#slot((known.bytes + offset) / 4);
    state.same(slot, value);
    // The collector hears of where an object begins, not of a place in it.
    if (state.inside[value]) state.fresh(slot);
  }

  #call(instruction: Extract<Instruction, { kind: 'call' }>, state: State): void {
    const { callee, args, to } = instruction;
    const heap = callee === undefined ? undefined : this.#facts.heap(callee);
    const name = callee ?? 'the code of a closure';
    for (const arg of args) this.#use(arg, state, `given to ${name}`);
    if (this.#facts.calls.collects(callee)) this.#collect(name, heap !== undefined, args, state);
    else this.#forget(state);
    for (const result of to) {
      state.fresh(result);
      state.arenas[result] = arenasOf(state.open);
    }
    const results = callee === undefined ? undefined : this.#facts.results(callee);
    for (const [i, isAddress] of (results ?? []).entries()) {
      const result = to[i];
      if (isAddress && result !== undefined) state.address[result] = 1;
    }
    this.#openOrClose(instruction, heap ?? [], state);
  }

  /** The collector runs, and other functions use the shadow stack above its height. */
  #collect(name: string, isHeaps: boolean, args: readonly Variable[], state: State): void {
    const { variables } = this.#flow;
    if (state.top === undefined) this.#fault(`calls ${name} with different heights of the shadow stack`);
    const used = (state.top ?? 0) / 4;
    const held = new Set<number>();
    for (let number = 0; number < used; number++) {
      const slot = this.#slot(number);
      held.add(state.classes[slot] as number);
      if (state.stale[slot] && !state.isFixed(slot))
        this.#fault(`has slot ${number} without a value, or with what is gone, when it calls ${name}`);
      if ((state.arenas[slot] as number) > arenasOf(state.open) && !state.isFixed(slot))
        this.#fault(`has something of an arena that has ended in slot ${number} when it calls ${name}`);
    }
    for (let variable = 0; variable < variables; variable++) {
      if (!state.address[variable] || state.isFixed(variable)) continue;
      if (held.has(state.classes[variable] as number)) continue;
      state.stale[variable] = 1;
      if (isHeaps && args.includes(variable)) this.#fault(`keeps nothing of what it gives to ${name}`);
    }
    this.#forget(state);
  }

  #forget(state: State): void {
    for (let number = (state.top ?? 0) / 4; number < this.#slots; number++) {
      state.fresh(this.#slot(number));
      state.stale[this.#slot(number)] = 1;
    }
  }

  #openOrClose(instruction: Instruction, heap: readonly string[], state: State): void {
    if (state.open === undefined) {
      if (heap.some((name) => name in OPENING || name in CLOSING)) this.#fault('has different things open');
      return;
    }
    const [opened] = heap.map((name) => OPENING[name]).filter((kind) => kind !== undefined);
    if (opened !== undefined) state.open += opened;
    const closed = heap.map((name) => CLOSING[name]).filter((kind) => kind !== undefined);
    if (closed.length === 0) return;
    const last = state.open.at(-1);
    if (last === undefined || !closed.includes(last)) this.#fault('closes what is not open');
    state.open = state.open.slice(0, -1);
    if (last === 'a') this.#endArena(instruction, state);
  }

  #endArena(instruction: Instruction, state: State): void {
    const left = arenasOf(state.open);
    const live = this.#liveAtEnd.get(instruction) ?? new Set();
    // Not yet known, the first time.
    if (!this.#liveAtEnd.has(instruction)) this.#liveAtEnd.set(instruction, live);
    const needed = new Set([...live].filter((v) => state.address[v]).map((v) => state.classes[v] as number));
    for (let cell = 0; cell < state.classes.length; cell++) {
      if ((state.arenas[cell] as number) <= left) continue;
      if (state.isFixed(cell) || needed.has(state.classes[cell] as number)) state.arenas[cell] = left;
      else if (cell < this.#flow.variables && state.address[cell]) state.stale[cell] = 1;
    }
  }

  #use(variable: Variable, state: State, how: string): void {
    if (!state.stale[variable] || !state.address[variable] || state.isFixed(variable)) return;
    this.#fault(`may have lost ${this.#nameOf(variable, state) ?? 'a value'}, which is ${how} later`);
  }

  /** What on the operand stack is a local's value is called as that is. */
  #nameOf(variable: Variable, state: State): string | undefined {
    const { locals } = this.#flow;
    const same = (local: number): boolean => state.classes[local] === state.classes[variable];
    const all = [variable, ...Array(locals).keys()].filter((v) => v < locals && same(v));
    return all.map(this.#facts.names).find((name) => name !== undefined);
  }

  #fault(text: string): void {
    if (this.#reporting) this.#faults.add(`${this.#flow.name} ${text}`);
  }

  // ------------------------------------------------------------------------------------------ what is used later

  /** Backwards, for the closings of arenas that were met. False where there are none. */
  #findLiveAtEnds(): boolean {
    if (this.#liveAtEnd.size === 0) return false;
    const before = new Map<Block, Set<Variable>>();
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of this.#flow.blocks.toReversed()) {
        const live = new Set(block.next.flatMap((next) => [...(before.get(next) ?? [])]));
        for (const instruction of block.instructions.toReversed()) {
          const { defined, used } = this.#partsOf(instruction);
          for (const v of defined) live.delete(v);
          if (this.#liveAtEnd.has(instruction)) this.#liveAtEnd.set(instruction, new Set(live));
          for (const v of used) live.add(v);
        }
        if (live.size === before.get(block)?.size) continue;
        before.set(block, live);
        changed = true;
      }
    }
    return true;
  }

  #partsOf(i: Instruction): { defined: readonly Variable[]; used: readonly Variable[] } {
    switch (i.kind) {
      case 'copy':
        return { defined: [i.to], used: [i.from] };
      case 'constant':
      case 'static':
        return { defined: [i.to], used: [] };
      case 'add':
        return { defined: [i.to], used: [i.left, i.right] };
      case 'other':
        return { defined: [i.to], used: i.of };
      case 'load':
        return { defined: [i.to], used: [i.at] };
      case 'store':
        return { defined: [], used: this.#rooting.has(i) ? [i.at] : [i.at, i.value] };
      case 'call':
        return { defined: i.to, used: i.args };
      case 'use':
        return { defined: [], used: i.of };
      default:
        return { defined: [], used: [] };
    }
  }
}

function arenasOf(open: string | undefined): number {
  return [...(open ?? '')].filter((kind) => kind === 'a').length;
}

/** Constants and static addresses add up, and so do heights of the shadow stack and constants. */
function sumOf(a: Known, b: Known): Known {
  if (a.kind === 'constant' && b.kind === 'constant')
    return { kind: 'constant', value: (a.value + b.value) | 0 };
  if (b.kind !== 'constant') return a.kind === 'constant' && b.kind !== 'anything' ? sumOf(b, a) : ANYTHING;
  if (a.kind === 'shadow') return { kind: 'shadow', bytes: a.bytes + b.value };
  return a.kind === 'static' ? a : ANYTHING;
}

function placeOf(at: Known, offset: number): number | undefined {
  return at.kind === 'constant' ? at.value + offset : undefined;
}
