/**
 * The order in which the machine computes globals: each after those that its value needs. `types` has looked at what the
 * text names; only here it is known which instance's method is called, what is shown and compared in which way, and who
 * uses the pools of entities.
 */
import type { Func, Global } from '../ir/index.ts';
import type { Diagnostics } from '../syntax/index.ts';
import { stronglyConnectedComponents, type TypedGlobal } from '../types/index.ts';
import { accessKey } from './global.ts';
import { usesOf } from './uses.ts';

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
      for (const part of usesOf(isGlobal ? functions.get(accessKey(node)) : node)) {
        if (part.kind === 'call') use(part.key);
        if (part.kind === 'value') use(table[part.slot]);
        const held = part.kind === 'global' ? globals.get(part.key) : undefined;
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
