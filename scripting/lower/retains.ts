/**
 * Which uses of names for shared values make one more share. A use of such a name is a copy: where the name may be used again after it, the
 * use retains; the last use moves, as it does for what is owned. So a share that is passed through any number of functions is retained
 * by none of them, and nowhere is there a pair that could be cancelled.
 *
 *     (keep! s)     retains: s is used below
 *     (draw s)      lends
 *     (keep! s)     moves: nothing of s is left for its scope's end
 *
 * The walk that checks moves (`moves.ts`) finds them out. It meets a use before what follows it, and so takes each for the last; where it
 * meets another use of what was moved, it comes back to those that did so. A use that no walk has met retains.
 */
import type { Binding, TypedExpression } from '../types/index.ts';
import type { RetainRule } from './move-rules.ts';

/** Where a name is used: the name itself, or a function that captures it. */
export interface Use {
  readonly at: TypedExpression;
  readonly binding: Binding;
}

export class Retains {
  readonly #found = new WeakMap<TypedExpression, Map<Binding, 'moves' | 'retains'>>();
  readonly #without: RetainRule | undefined;

  constructor(without: RetainRule | undefined) {
    this.#without = without;
  }

  /** It moves, unless it is known to retain: code that stands in several functions is met several times. */
  move({ at, binding }: Use): void {
    const found = this.#at(at);
    if (!found.has(binding)) found.set(binding, 'moves');
  }

  /** It retains, by a rule. */
  retain(rule: RetainRule, { at, binding }: Use): void {
    this.#at(at).set(binding, this.keeps(rule) ? 'retains' : 'moves');
  }

  moves({ at, binding }: Use): boolean {
    return this.#found.get(at)?.get(binding) === 'moves';
  }

  keeps(rule: RetainRule): boolean {
    return rule !== this.#without;
  }

  #at(e: TypedExpression): Map<Binding, 'moves' | 'retains'> {
    const known = this.#found.get(e) ?? new Map<Binding, 'moves' | 'retains'>();
    this.#found.set(e, known);
    return known;
  }
}
