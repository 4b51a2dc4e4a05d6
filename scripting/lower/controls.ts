/**
 * The controls that a script names, as in `(pressed? :space)`: it has a use for them, so a page must have none. What is bound to actions is left
 * out, since a player may bind those to others.
 */
import { isLibrary, partsOf, type TypedExpression, type TypedProgram } from '../types/index.ts';

/** Functions of the library whose arguments are bindings. */
const BINDING: ReadonlySet<string> = new Set(['sluice.input.action', 'sluice.input.bind!']);

/** Those of bodies that were looked through. */
const known = new WeakMap<TypedExpression, ReadonlySet<number>>();

function controlsIn(body: TypedExpression): ReadonlySet<number> {
  const before = known.get(body);
  if (before !== undefined) return before;
  const found = new Set<number>();
  const look = (e: TypedExpression): void => {
    if (e.kind === 'call' && e.callee.kind === 'function' && BINDING.has(e.callee.key)) return;
    if (e.kind === 'construct' && e.definition.key === 'sluice.input.Control')
      for (const number of e.fields) if (number.kind === 'integer') found.add(Number(number.value));
    for (const part of partsOf(e)) look(part);
  };
  look(body);
  known.set(body, found);
  return found;
}

/** Their numbers, in order. */
export function namedControls(program: TypedProgram): readonly number[] {
  const { functions, behaviours, instances, globals, expressions } = program;
  const own = [
    ...functions,
    ...behaviours.map((behaviour) => behaviour.function),
    ...instances.flatMap(({ methods }) => [...methods.values()]),
  ].filter(({ span }) => !isLibrary(span.source));
  const bodies = [...own.map(({ body }) => body), ...globals.map(({ value }) => value), ...expressions];
  const found = new Set(bodies.flatMap((body) => [...controlsIn(body)]));
  return [...found].sort((a, b) => a - b);
}
