/**
 * Where in a function each address is at home: the innermost arena that is around every place where the local is read or set.
 * What that arena holds may be in it, and nothing that lives shorter. This is what `regions` asks of locals, by the same
 * blocks.
 */
import {
  type Expression,
  type Func,
  type Local,
  partsOfExpression,
  partsOfStatement,
  type Statement,
} from '../ir/index.ts';

type Arena = Extract<Statement, { kind: 'arena' }>;

export class Scopes {
  /** The arenas around a local's home, from the outermost, that included. */
  readonly #homes = new Map<Local, readonly Arena[]>();

  constructor({ params, body }: Func) {
    for (const local of params) this.#homes.set(local, []);
    this.#block(body, []);
  }

  /** Of the arenas around a place, the outermost that a local which is set there is used outside of. */
  leaves(local: Local, around: readonly Arena[]): Arena | undefined {
    return local.rep === 'ref' ? around[this.#homes.get(local)?.length ?? 0] : undefined;
  }

  #block(body: readonly Statement[], around: readonly Arena[]): void {
    for (const s of body) this.#statement(s, around);
  }

  #statement(s: Statement, around: readonly Arena[]): void {
    if (s.kind === 'set') this.#meet(s.local, around);
    if (s.kind === 'set-call') for (const local of s.locals) this.#meet(local, around);
    const { expressions, blocks } = partsOfStatement(s);
    for (const e of expressions) this.#expression(e, around);
    const inside = s.kind === 'arena' && s.name !== 'frame' ? [...around, s] : around;
    for (const block of blocks) this.#block(block, inside);
  }

  #expression(e: Expression, around: readonly Arena[]): void {
    if (e.kind === 'get') this.#meet(e.local, around);
    const { expressions, blocks } = partsOfExpression(e);
    for (const part of expressions) this.#expression(part, around);
    for (const block of blocks) this.#block(block, around);
  }

  #meet(local: Local, around: readonly Arena[]): void {
    if (local.rep !== 'ref') return;
    const home = this.#homes.get(local) ?? around;
    const common = home.findIndex((arena, i) => arena !== around[i]);
    this.#homes.set(local, common < 0 ? home : home.slice(0, common));
  }
}
