/**
 * The order in which the machine computes globals: each after those that its value needs. `types` has looked at what the
 * text names; only here it is known which instance's method is called, what is shown and compared in which way, and who
 * uses the pools of entities.
 *
 * A function value cannot be called before the globals that its code reads are there. Where a program begins, whoever has one has made it,
 * and so has needed them too. After a reload what lives on holds function values already, which have the new code: so the machine is
 * told of each how far the order must have come.
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

type Node = Func | Global;

/** What the code of a function, or the first value of a global, names. */
function findUses({ functions, globals, table }: Compiled): (node: Node) => readonly Node[] {
  // Reading a global of the frame is a call of its access function, which stands for the global: it computes it.
  const ofFrame = new Map(
    [...globals.values()]
      .filter(({ initializer }) => initializer === undefined)
      .map((global) => [accessKey(global), global]),
  );
  const known = new Map<Node, readonly Node[]>();
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const found = new Set<Node>();
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
}

export interface InitialOrder {
  readonly globals: readonly Global[];
  /** By slots of the table: so many globals, from the first on, must have values before the function may run. */
  readonly before: readonly number[];
}

/** Reports what needs itself at the definition, which `typed` knows. */
export function initialOrder(
  compiled: Compiled,
  typed: ReadonlyMap<string, TypedGlobal>,
  diagnostics: Diagnostics,
): InitialOrder {
  const { functions, globals, table } = compiled;
  const uses = findUses(compiled);
  const order: Global[] = [];
  const before = new Map<Node, number>();
  const called = table.flatMap((key) => functions.get(key) ?? []);
  for (const group of stronglyConnectedComponents<Node>([...globals.values(), ...called], uses)) {
    const found = group.filter((node): node is Global => 'cells' in node);
    order.push(...found);
    const least = found.length > 0 ? order.length : 0;
    const needed = group.flatMap(uses).map((node) => before.get(node) ?? 0);
    const most = needed.reduce((a, b) => Math.max(a, b), least);
    for (const node of group) before.set(node, most);
    const [first] = found;
    const span = first === undefined ? undefined : typed.get(first.key)?.definition.span;
    if (first !== undefined && span !== undefined && (group.length > 1 || uses(first).includes(first)))
      diagnostics.error('circular-global', span, `the first value of \`${first.name}\` needs itself`);
  }
  return { globals: order, before: table.map((key) => before.get(functions.get(key) as Func) ?? 0) };
}
