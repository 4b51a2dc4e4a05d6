/**
 * Has code ask now and then if it may go on, where the image is watched: what recurs and what loops burns fuel, a word in memory, and who
 * has used it up asks the host.
 *
 * A loop burns as it is entered, however few rounds it has: a loop within a call within a loop is still seen soon. Its rounds are counted
 * down in a local, which loops in loops share, and burn when that is used up.
 */
import binaryen from 'binaryen';
import { FUEL } from '../heap/index.ts';
import type { Expression, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { loadCell, storeCell } from './access.ts';
import type { Code, FunctionBody } from './body.ts';

export type Loop = Extract<Statement, { kind: 'loop' }>;

/** Rounds of loops that are counted before they burn fuel. */
const ROUNDS = 256;
/** What a loop burns for all of its rounds that has as many as a vector has elements: most vectors are small. */
const BOUNDED = 16;
/** And for so many rounds, as a power of two, one more: those of a large vector take long. */
const BOUNDED_SHIFT = 6;

export class Watch {
  readonly #body: FunctionBody;
  readonly #m: binaryen.Module;
  readonly #recursive: boolean;
  readonly #expression: (e: Expression) => Code;

  /** `recursive`: whether the function burns as it is called. */
  constructor(body: FunctionBody, recursive: boolean, expression: (e: Expression) => Code) {
    this.#body = body;
    this.#m = body.module;
    this.#recursive = recursive;
    this.#expression = expression;
  }

  burn(span: Span, amount = this.#m.i32.const(1)): Code[] {
    if (!this.#body.context.watched) return [];
    const m = this.#m;
    const fuel = this.#body.temp('fuel', binaryen.i32);
    const left = m.local.tee(fuel, m.i32.sub(loadCell(m, FUEL), amount), binaryen.i32);
    const ask = this.#body.at(m.call('host.fuel', [], binaryen.none), span);
    return [storeCell(m, FUEL, left), m.if(m.i32.lt_s(m.local.get(fuel, binaryen.i32), m.i32.const(0)), ask)];
  }

  /** Whether each round of a loop is counted. */
  counts(loop: Loop): boolean {
    return this.#body.context.watched && loop.unwatched !== true && loop.bounded === undefined;
  }

  /** In front of a loop. `around`: whether each of the loops around it counts rounds; one that does has begun the count. */
  enter(s: Loop, around: readonly boolean[]): Code[] {
    if (!this.#body.context.watched || s.unwatched === true) return [];
    const m = this.#m;
    const amount = s.bounded === undefined ? m.i32.const(1) : this.#amountFor(s.bounded);
    if (around.includes(true)) return [m.local.set(this.#rounds, this.#countDown(amount))];
    const begin = s.bounded === undefined ? [m.local.set(this.#rounds, m.i32.const(ROUNDS))] : [];
    // A function that recurs has burnt something as it was called.
    if (this.#recursive && s.bounded === undefined && around.length === 0) return begin;
    return [...this.burn(s.span, amount), ...begin];
  }

  /** Counts a round; true where the count is used up. */
  isUsedUp(): Code {
    const left = this.#m.local.tee(this.#rounds, this.#countDown(this.#m.i32.const(1)), binaryen.i32);
    return this.#m.i32.lt_s(left, this.#m.i32.const(0));
  }

  /** Burns for all rounds that were counted. */
  burnCounted(s: Loop): Code[] {
    const m = this.#m;
    const more = m.i32.add(m.local.get(this.#rounds, binaryen.i32), m.i32.const(ROUNDS));
    return [...this.burn(s.span, m.i32.const(ROUNDS)), m.local.set(this.#rounds, more)];
  }

  /** What so many rounds burn at once; fewer than none are none. */
  #amountFor(rounds: Expression): Code {
    const m = this.#m;
    const most = this.#body.temp('most rounds', binaryen.i64);
    const set = m.local.tee(most, this.#expression(rounds), binaryen.i64);
    const shifted = m.i64.shr_u(m.local.get(most, binaryen.i64), m.i64.const(BigInt(BOUNDED_SHIFT)));
    const more = m.if(m.i64.gt_s(set, m.i64.const(0n)), m.i32.wrap(shifted), m.i32.const(0));
    return m.i32.add(more, m.i32.const(BOUNDED));
  }

  get #rounds(): number {
    return this.#body.temp('rounds', binaryen.i32);
  }

  #countDown(by: Code): Code {
    return this.#m.i32.sub(this.#m.local.get(this.#rounds, binaryen.i32), by);
  }
}
