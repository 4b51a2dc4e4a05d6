/** Arenas: their blocks, what is made outside of them, and what is copied out. */
import type { Expression, Local } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { TypedArena, TypedExpression } from '../types/index.ts';
import { get, type Value } from './builder.ts';
import { lowerGuarded } from './control.ts';
import type { FunctionLowering } from './function.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

/** An arena's block that is being lowered, and the local that stands for the arena. */
export interface OpenArena {
  readonly arena: TypedArena;
  readonly handle: Local;
}

export function lowerArena(lowering: FunctionLowering, e: Node<'with-arena'>): Value {
  const { name, binding } = e.arena;
  lowering.program.opensArenas = true;
  const handle = lowering.builder.local(name, 'i32');
  if (binding !== undefined) lowering.define(binding, { kind: 'locals', locals: [handle] });
  lowering.arenas.push({ arena: e.arena, handle });
  const endings = lowering.endings.length;
  // What objects of the frame own is dropped when that ends.
  if (lowering.program.hasOwners && binding !== undefined) lowering.endings.push({ kind: 'arena', handle });
  const value = lowerGuarded(
    lowering,
    e.body,
    (body) => ({
      kind: 'arena',
      name,
      handle,
      chunk: e.chunk,
      limit: e.limit ?? 0,
      body,
      span: e.span,
    }),
    () => {
      lowering.endTo(endings, e.span);
      lowering.endings.length = endings;
    },
  );
  lowering.arenas.pop();
  return value;
}

export function lowerOutside(lowering: FunctionLowering, e: Node<'outside'>): Value {
  const handle = handleOf(lowering, e.arena);
  return lowerGuarded(lowering, e.body, (body) => ({ kind: 'outside', handle, body, span: e.span }));
}

export function lowerCopyOut(lowering: FunctionLowering, e: Node<'copy-out'>): Value {
  return copied(lowering, handleOf(lowering, e.arena), lowering.value(e.value), e.span);
}

/** What `?` returns leaves all of the function's own arenas. What `frame` holds may be returned as it is. */
export function copiedOnReturn(lowering: FunctionLowering, value: Value, span: Span): Value {
  const outermost = lowering.arenas.find(({ arena }) => arena.binding !== undefined);
  return outermost === undefined ? value : copied(lowering, outermost.handle, value, span);
}

function handleOf(lowering: FunctionLowering, arena: TypedArena): Local {
  const open = lowering.arenas.find((o) => o.arena === arena);
  if (open === undefined) throw new Error(`the arena ${arena.name} is not open here`);
  return open.handle;
}

/** All addresses of a value are copied together, so that what they share stays shared. Nothing is collected meanwhile. */
function copied(lowering: FunctionLowering, handle: Local, value: Value, span: Span): Value {
  const { builder } = lowering;
  const held = builder.stable(value, 'value');
  if (held.every((component) => component.rep !== 'ref')) return held;
  const arena = get(handle);
  const results: Expression[] = [];
  const body = builder.nested(() => {
    const [begun] = builder.call(
      { to: 'runtime', name: 'copyBegin', args: [arena], reps: ['i32'], span },
      'copying',
    );
    const mark = builder.stableOne(begun as Expression, 'copying');
    for (const component of held) {
      if (component.rep !== 'ref') {
        results.push(component);
        continue;
      }
      const copy = builder.local('copy', 'ref');
      const call = {
        to: 'runtime',
        name: 'copyOut',
        args: [arena, mark, component],
        reps: ['ref'],
        span,
      } as const;
      builder.emit({ kind: 'set-call', locals: [copy], call });
      results.push(get(copy));
    }
    builder.call({ to: 'runtime', name: 'copyEnd', args: [mark], reps: [], span }, '');
  });
  builder.emit({ kind: 'suppressed', body: [{ kind: 'outside', handle, body, span }], span });
  return results;
}
