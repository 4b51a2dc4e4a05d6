/** Strongly connected components of a graph, in the order in which each comes after what it needs (Tarjan 1972). */
export function stronglyConnectedComponents<T>(nodes: readonly T[], edges: (node: T) => Iterable<T>): T[][] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const onStack = new Set<T>();
  const stack: T[] = [];
  const result: T[][] = [];
  const numberOf = (map: Map<T, number>, node: T) => map.get(node) ?? 0;

  const enter = (node: T) => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, rest: edges(node)[Symbol.iterator]() };
  };

  for (const root of nodes) {
    if (index.has(root)) continue;
    // An explicit stack: chains of definitions may be longer than calls can nest.
    const work = [enter(root)];
    for (let top = work[work.length - 1]; top !== undefined; top = work[work.length - 1]) {
      const { node, rest } = top;
      const next = rest.next();
      if (!next.done) {
        if (!index.has(next.value)) work.push(enter(next.value));
        else if (onStack.has(next.value))
          low.set(node, Math.min(numberOf(low, node), numberOf(index, next.value)));
        continue;
      }
      work.pop();
      const below = work[work.length - 1];
      if (below !== undefined) low.set(below.node, Math.min(numberOf(low, below.node), numberOf(low, node)));
      if (low.get(node) !== index.get(node)) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) onStack.delete(member);
      result.push(component);
    }
  }
  return result;
}
