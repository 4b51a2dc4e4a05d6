/**
 * A function's part of the shadow stack, as `roots.ts` lays it out: a frame of slots for the whole call, and above it what
 * is pushed for the time of a single safepoint.
 *
 *     SHADOW_TOP on entry ─▶ │ slot 0 │ slot 1 │ ... │ spill │ spill │ ◀─ SHADOW_TOP during a safepoint
 */
import binaryen from 'binaryen';
import { SHADOW_TOP } from '../heap/index.ts';
import type { Local, Statement } from '../ir/index.ts';
import { loadCell, storeCell } from './access.ts';
import type { Code, FunctionBody } from './body.ts';
import { findRoots, type Roots, type Safepoint } from './roots.ts';

export class ShadowFrame {
  readonly #body: FunctionBody;
  readonly #m: binaryen.Module;
  readonly #roots: Roots;

  constructor(body: FunctionBody) {
    this.#body = body;
    this.#m = body.module;
    this.#roots = findRoots(body.func, body.context.effects);
  }

  /** On entry: claims the slots, with the parameters' values or empty. */
  claim(): Code[] {
    const m = this.#m;
    const { slots } = this.#roots;
    if (slots.size === 0) return [];
    const code = [
      m.local.set(this.#base(), loadCell(m, SHADOW_TOP)),
      storeCell(m, SHADOW_TOP, this.#above(slots.size)),
    ];
    for (const [local, slot] of slots) {
      const isParam = this.#body.func.params.includes(local);
      code.push(this.#store(slot, isParam ? this.#body.get(local) : m.i32.const(0)));
    }
    return code;
  }

  /** On every way out. */
  release(): Code[] {
    return this.#roots.slots.size === 0 ? [] : [storeCell(this.#m, SHADOW_TOP, this.#above(0))];
  }

  /** Sets a local, and its slot if it has one. */
  set(local: Local, value: Code): Code[] {
    const set = this.#m.local.set(this.#body.indexOf(local), value);
    const slot = this.#roots.slots.get(local);
    return slot === undefined ? [set] : [set, this.#store(slot, this.#body.get(local))];
  }

  /** On a way out of arenas, where they are closed: what slots held of them is gone. */
  clearOn(way: Statement): Code[] {
    const cleared = this.#roots.cleared.get(way) ?? [];
    return cleared.map((local) => this.#store(this.#roots.slots.get(local) as number, this.#m.i32.const(0)));
  }

  hasSpills(at: Safepoint): boolean {
    return this.#roots.spills.has(at);
  }

  /** What may meet the collector, between a push of the addresses that have no slot and a pop. */
  spilling(at: Safepoint, code: Code, type: binaryen.Type): Code {
    const locals = this.#roots.spills.get(at);
    if (locals === undefined) return code;
    const m = this.#m;
    const first = this.#roots.slots.size;
    const push = [
      ...(first > 0 ? [] : [m.local.set(this.#base(), loadCell(m, SHADOW_TOP))]),
      ...locals.map((local, i) => this.#store(first + i, this.#body.get(local))),
      storeCell(m, SHADOW_TOP, this.#above(first + locals.length)),
    ];
    const pop = storeCell(m, SHADOW_TOP, this.#above(first));
    if (type === binaryen.none) return m.block(null, [...push, code, pop]);
    const result = this.#body.temp(`result of ${type}`, type);
    return m.block(null, [...push, m.local.set(result, code), pop, m.local.get(result, type)], type);
  }

  #base(): number {
    return this.#body.temp('shadow', binaryen.i32);
  }

  #above(slots: number): Code {
    const base = this.#m.local.get(this.#base(), binaryen.i32);
    return slots === 0 ? base : this.#m.i32.add(base, this.#m.i32.const(4 * slots));
  }

  #store(slot: number, value: Code): Code {
    return this.#m.i32.store(4 * slot, 4, this.#m.local.get(this.#base(), binaryen.i32), value);
  }
}
