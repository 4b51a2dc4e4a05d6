/**
 * A function that is given a region to make things in may end with a tail call whose own things are to be made there as well. It cannot
 * go back to the region it came from: nothing of it is left then, and a tail call must not grow the stack. So it *switches*, and
 * calls of such functions that are not tail calls themselves keep what was current and go on with it:
 *
 *     (fill! xs n)  in region r      ...  switch to r, tail call (fill! xs (- n 1)) in region r
 *     its caller                   within current ( fill! ... in region r )
 */
import { type Expression, type Func, type Local, rewriteBlock, type Statement, visit } from '../ir/index.ts';

/** Keys of the functions that may end with another region than they began with. */
export function findSwitching(functions: ReadonlyMap<string, Func>): ReadonlySet<string> {
  const switching = new Set<string>();
  for (let before = -1; before !== switching.size; ) {
    before = switching.size;
    for (const [key, { body }] of functions) {
      const follows = tailCallsOf(body).some(
        ({ region, call }) => region !== undefined || (call.to === 'function' && switching.has(call.key)),
      );
      if (follows) switching.add(key);
    }
  }
  return switching;
}

/** The function, with its own region current again after each call of those. */
export function restore(func: Func, switching: ReadonlySet<string>): Func {
  const locals = [...func.locals];
  let next = nextLocal(func);
  const isSwitching = (e: Expression): boolean =>
    e.kind === 'call' && e.call.to === 'function' && switching.has(e.call.key);
  const within = (body: readonly Statement[], { span }: { readonly span: Func['span'] }): Statement => ({
    kind: 'within',
    region: 'current',
    body,
    span,
  });
  const body = rewriteBlock(func.body, {
    expression(e) {
      if (e.kind !== 'call' || e.rep === 'none' || !isSwitching(e)) return e;
      const local: Local = { id: next++, name: 'made', rep: e.rep };
      locals.push(local);
      const set: Statement = { kind: 'set', local, value: e };
      return {
        kind: 'sequence',
        rep: e.rep,
        body: [within([set], e.call)],
        value: { kind: 'get', rep: e.rep, local },
      };
    },
    statement(s) {
      if (s.kind === 'set-call' && s.call.to === 'function' && switching.has(s.call.key))
        return [within([s], s.call)];
      if (s.kind === 'evaluate' && s.value.kind === 'call' && isSwitching(s.value))
        return [within([s], s.value.call)];
      return [s];
    },
  });
  return { ...func, body, locals };
}

/** The number of a local that the function has not. */
export function nextLocal({ params, locals }: Func): number {
  return 1 + Math.max(-1, ...params.map(({ id }) => id), ...locals.map(({ id }) => id));
}

type TailCall = Extract<Statement, { kind: 'tail-call' }>;

function tailCallsOf(body: readonly Statement[]): TailCall[] {
  const found: TailCall[] = [];
  visit(
    body,
    (s) => {
      if (s.kind === 'tail-call') found.push(s);
    },
    () => {},
  );
  return found;
}
