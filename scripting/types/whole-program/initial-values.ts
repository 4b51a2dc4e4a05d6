/**
 * The order in which globals are computed: that of the text, but each after those that its value needs, be it through the
 * functions that it calls or makes. A class's method may be any instance's here; which, `lower` knows, and looks again.
 */
import type { FunctionEntry, GlobalDefinition, GlobalEntry, TypedExpression } from '../model/index.ts';
import { type Inference, stronglyConnectedComponents } from '../solving/index.ts';

type Node = FunctionEntry | GlobalEntry;

const isFunction = (node: Node): node is FunctionEntry => 'params' in node;

/** Reports those that need themselves. */
export function orderGlobals(cx: Inference): readonly GlobalEntry[] {
  const functions = new Map(cx.functions.map((f) => [f.key, f]));
  const globals = new Map(cx.globals.map((g) => [g.definition, g]));
  const known = new Map<Node, readonly Node[]>();
  const uses = (node: Node): readonly Node[] => {
    const found = known.get(node) ?? usesOf(node, functions, globals);
    known.set(node, found);
    return found;
  };
  const order: GlobalEntry[] = [];
  for (const group of stronglyConnectedComponents<Node>(cx.globals, uses)) {
    const found = group.filter((n): n is GlobalEntry => !isFunction(n));
    order.push(...found);
    const [first] = found;
    if (first !== undefined && (group.length > 1 || uses(first).includes(first)))
      cx.error(
        'circular-global',
        first.definition.span,
        `the first value of \`${first.definition.name}\` needs itself`,
      );
  }
  return order;
}

function usesOf(
  node: Node,
  functions: ReadonlyMap<string, FunctionEntry>,
  globals: ReadonlyMap<GlobalDefinition, GlobalEntry>,
): Node[] {
  const found = new Set<Node>();
  const pending: unknown[] = [isFunction(node) ? node.typed?.body : node.typed];
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      pending.push(...next);
      continue;
    }
    const part = next as Partial<TypedExpression>;
    const used =
      part.kind === 'function' && part.key !== undefined
        ? functions.get(part.key)
        : (part.kind === 'global' || part.kind === 'set-global') && part.definition !== undefined
          ? globals.get(part.definition)
          : undefined;
    if (used !== undefined) found.add(used);
    for (const [name, value] of Object.entries(next)) if (!LEAVES.has(name)) pending.push(value);
  }
  return [...found];
}

/** Parts of typed expressions in which there are no expressions. */
const LEAVES: ReadonlySet<string> = new Set(
  'type span key definition binding entities parameter arena pattern extern typeArguments classArguments typeParameters constraints result params'.split(
    ' ',
  ),
);
