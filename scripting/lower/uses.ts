/** What the code of a function names: other functions, globals, the host and the heap. */
import { type Call, type Expression, type Func, type RuntimeName, rewriteBlock } from '../ir/index.ts';

export type Use =
  /** A function that is called by its name. */
  | { readonly kind: 'call'; readonly key: string }
  /** A function that a value is made of, by its slot in the table. */
  | { readonly kind: 'value'; readonly slot: number }
  /** A global that is read or set. */
  | { readonly kind: 'global'; readonly key: string }
  | { readonly kind: 'extern'; readonly index: number }
  | { readonly kind: 'runtime'; readonly name: RuntimeName };

const known = new WeakMap<Func, readonly Use[]>();

/** In the order of evaluation, which the order of globals follows. */
export function usesOf(func: Func | undefined): readonly Use[] {
  if (func === undefined) return [];
  const found = known.get(func) ?? findUses(func);
  known.set(func, found);
  return found;
}

function findUses({ body }: Func): readonly Use[] {
  const uses: Use[] = [];
  const call = (c: Call): void => {
    if (c.to === 'function') uses.push({ kind: 'call', key: c.key });
    else if (c.to === 'extern') uses.push({ kind: 'extern', index: c.index });
    else if (c.to === 'runtime') uses.push({ kind: 'runtime', name: c.name });
  };
  rewriteBlock(body, {
    expression(e: Expression) {
      if (e.kind === 'call') call(e.call);
      else if (e.kind === 'static-closure' || e.kind === 'code') uses.push({ kind: 'value', slot: e.slot });
      else if (e.kind === 'get-global') uses.push({ kind: 'global', key: e.global });
      return e;
    },
    statement(s) {
      if (s.kind === 'set-call' || s.kind === 'tail-call') call(s.call);
      else if (s.kind === 'set-global') uses.push({ kind: 'global', key: s.global });
      return [s];
    },
  });
  return uses;
}
