/**
 * A function that calls itself as the last thing it does is a loop (Steele, "Debunking the 'expensive procedure call' myth", 1977): its
 * parameters are set to the arguments and it begins anew. Its rounds are watched as those of a loop, and it is no recursion any more. There is no such
 * call inside of an arena, so a round leaves nothing open.
 */
import { type Expression, type Func, type Local, rewriteBlock, type Statement, visit } from '../ir/index.ts';
import { Numbers } from './numbers.ts';

type TailCall = Extract<Statement, { kind: 'tail-call' }>;

export function loopTailCalls(func: Func): Func {
  const isOwn = (s: Statement): s is TailCall =>
    s.kind === 'tail-call' && s.region === undefined && s.call.to === 'function' && s.call.key === func.key;
  if (!has(func.body, isOwn)) return func;
  const numbers = new Numbers(func);
  const loop = numbers.target();
  const body = rewriteBlock(func.body, {
    expression: (e) => e,
    statement: (s) =>
      isOwn(s) ? [...assign(func.params, s.call.args, numbers), { kind: 'continue', loop }] : [s],
  });
  const { span } = func;
  return {
    ...func,
    locals: [...func.locals, ...numbers.added],
    body: [{ kind: 'loop', id: loop, body, step: [], span }],
  };
}

/** Sets the parameters to the arguments, all of which are computed from the parameters as they were. */
function assign(params: readonly Local[], args: readonly Expression[], numbers: Numbers): Statement[] {
  const changed = params.flatMap((param, i) => {
    const value = args[i] as Expression;
    return value.kind === 'get' && value.local === param ? [] : [{ param, value }];
  });
  if (changed.length === 1) return changed.map(({ param, value }) => ({ kind: 'set', local: param, value }));
  const held = changed.map(({ param, value }) => ({ param, local: numbers.local(param), value }));
  return [
    ...held.map(({ local, value }): Statement => ({ kind: 'set', local, value })),
    ...held.map(
      ({ param, local }): Statement => ({
        kind: 'set',
        local: param,
        value: { kind: 'get', rep: local.rep, local },
      }),
    ),
  ];
}

function has(body: readonly Statement[], holds: (s: Statement) => boolean): boolean {
  let found = false;
  visit(
    body,
    (s) => {
      found ||= holds(s);
    },
    () => {},
  );
  return found;
}
