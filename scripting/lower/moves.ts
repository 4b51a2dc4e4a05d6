/**
 * Moves, checked on what is compiled: one function at its concrete types. What owns something has one owner; whoever passes, stores,
 * returns or captures it has given it away.
 *
 *     (let ((t (own (Tex 1))))      t owns
 *       (draw t)                    lent for the call: `draw` takes a Tex
 *       (if late (keep! t) (do))    moved on one way: `keep!` takes an (Owned Tex)
 *       (draw t))                   error: t may have been moved
 *
 * The walk follows the order of evaluation and knows at each place which names have been moved; two ways that meet have moved what either has.
 * What is only lent has a type without an owner, as `Tex`, and values of such a type, one with drop code, are lent wherever they are met:
 * nothing may keep one (`lent-types.ts`).
 *
 * What is shared is not moved by a use that another may follow, but copied: the walk finds those uses out (`retains.ts`), and has little to say.
 *
 * The library's functions are looked at when a script calls them with something that is owned; what is wrong is told at that call.
 */
import type { Diagnostics } from '../syntax/index.ts';
import type { GlobalDefinition, TypedExpression, TypedFunction } from '../types/index.ts';
import { MoveContext } from './move-context.ts';
import type { MoveRule } from './move-rules.ts';
import { checkFunction, walk } from './move-walk.ts';
import type { ProgramLowering } from './program.ts';
import { isHostObject } from './representation.ts';
import { concrete, type Substitution, typeName } from './substitution.ts';

export class Moves {
  readonly #cx: MoveContext;

  constructor(program: ProgramLowering, diagnostics: Diagnostics, without: MoveRule | undefined) {
    this.#cx = new MoveContext(program, diagnostics, without);
  }

  /** Looks at a function at its types; with `as` lent, at one whose arguments stay its caller's. */
  check(f: TypedFunction, substitution: Substitution, as: 'owner' | 'lent'): void {
    checkFunction(this.#cx, f, substitution, { as });
  }

  /** What the host calls can neither take nor give what somebody owns. */
  checkExport(f: TypedFunction, substitution: Substitution): void {
    for (const type of [...f.params.map((param) => param.type), f.result]) {
      const known = concrete(type, substitution);
      if (!this.#cx.types.concerns(known) || isHostObject(known)) continue;
      const message = `the host cannot own, nor lend: \`${f.name}\` cannot be called by it with, or for, a \`${typeName(known)}\``;
      this.#cx.report('cannot-own', f.span, message, {
        hint: 'give it a number or a text by which to find what is meant',
      });
    }
  }

  /** Looks at an expression outside of functions: a global's first value, or one at top level. */
  checkExpression(e: TypedExpression, isKept: boolean): void {
    this.#cx.fresh(new Map(), undefined, () => {
      walk(this.#cx, e, 'move');
      if (isKept) this.#cx.noteType(e.type, e.span, 'kept');
    });
  }

  /** A global of the frame is forgotten when the frame ends, without being asked. */
  checkFrameGlobal({ name, type, span }: GlobalDefinition): void {
    const known = concrete(type, new Map());
    if (!this.#cx.program.owns(known)) return;
    this.#cx.report('cannot-own', span, `the frame's end would forget what \`${name}\` owns`, {
      hint: 'let an object that is made in `(with-arena frame ...)` hold it: that is dropped with the frame',
    });
  }
}
