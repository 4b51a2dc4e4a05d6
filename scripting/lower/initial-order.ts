/**
 * The order in which the machine computes globals: each after those that its value needs. `types` has looked at what the
 * text names; only here it is known which instance's method is called, what is shown and compared in which way, and who
 * uses the pools of entities.
 */
import { type Call, type Expression, type Func, type Global, rewriteBlock } from '../ir/index.ts';
import type { Diagnostics } from '../syntax/index.ts';
import { stronglyConnectedComponents, type TypedGlobal } from '../types/index.ts';
import { accessKey } from './global.ts';

/** What is compiled of a program. */
interface Compiled {
  readonly functions: ReadonlyMap<string, Func>;
  readonly globals: ReadonlyMap<string, Global>;
  readonly table: readonly string[];
}

/** Reports what needs itself at the definition, which `typed` knows. */
export function initialOrder(
  { functions, globals, table }: Compiled,
  typed: ReadonlyMap<string, TypedGlobal>,
  diagnostics: Diagnostics,
): readonly Global[] {
  // Reading a global of the frame is a call of its access function, which stands for the global: it computes it.
  const ofFrame = new Map(
    [...globals.values()]
      .filter(({ initializer }) => initializer === undefined)
      .map((global) => [accessKey(global), global]),
  );
  const known = new Map<Func | Global, readonly (Func | Global)[]>();
  const uses = (node: Func | Global): readonly (Func | Global)[] => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const found = new Set<Func | Global>();
    const use = (key: string | undefined): void => {
      const called = key === undefined ? undefined : (ofFrame.get(key) ?? functions.get(key));
      if (called !== undefined) found.add(called);
    };
    const isGlobal = 'cells' in node;
    if (isGlobal && node.initializer !== undefined) use(node.initializer);
    else {
      const func = isGlobal ? functions.get(accessKey(node)) : node;
      for (const part of partsOf(func)) {
        if (part.function !== undefined) use(part.function);
        if (part.slot !== undefined) use(table[part.slot]);
        const held = part.global === undefined ? undefined : globals.get(part.global);
        if (held !== undefined && (held !== node || !ofFrame.has(accessKey(held)))) found.add(held);
      }
    }
    const result = [...found];
    known.set(node, result);
    return result;
  };
  const order: Global[] = [];
  for (const group of stronglyConnectedComponents<Func | Global>([...globals.values()], uses)) {
    const found = group.filter((node): node is Global => 'cells' in node);
    order.push(...found);
    const [first] = found;
    const span = first === undefined ? undefined : typed.get(first.key)?.definition.span;
    if (first !== undefined && span !== undefined && (group.length > 1 || uses(first).includes(first)))
      diagnostics.error('circular-global', span, `the first value of \`${first.name}\` needs itself`);
  }
  return order;
}

interface Part {
  readonly function?: string;
  readonly slot?: number;
  readonly global?: string;
}

/** The functions that a body calls or makes values of, and the globals that it reads or sets. */
function partsOf(func: Func | undefined): readonly Part[] {
  const parts: Part[] = [];
  const call = (c: Call): void => {
    if (c.to === 'function') parts.push({ function: c.key });
  };
  rewriteBlock(func?.body ?? [], {
    expression(e: Expression) {
      if (e.kind === 'call') call(e.call);
      else if (e.kind === 'static-closure' || e.kind === 'code') parts.push({ slot: e.slot });
      else if (e.kind === 'get-global') parts.push({ global: e.global });
      return e;
    },
    statement(s) {
      if (s.kind === 'set-call' || s.kind === 'tail-call') call(s.call);
      else if (s.kind === 'set-global') parts.push({ global: s.global });
      return [s];
    },
  });
  return parts;
}
