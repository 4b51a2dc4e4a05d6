/** The host functions of `host-values.slu`. */
import type { ScriptFunction } from '../../scripting/machine/index.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

type State = { tag: 'Idle' } | { tag: 'Patrol'; 0: Point; 1: Point } | { tag: 'Dead'; 0: string };
type Tree = { tag: 'Leaf' } | { tag: 'Branch'; 0: Tree; 1: number; 2: Tree };

export function hostValues() {
  let keptFunction: ScriptFunction | undefined;
  return {
    hurt: (enemy: { hp: number; tags: string[] }, by: number) => ({
      ...enemy,
      hp: enemy.hp - by,
      tags: [...enemy.tags, 'hurt'],
    }),
    sum: (numbers: number[]) => numbers.reduce((a, b) => a + b, 0),
    words: (text: string) => text.split(' '),
    points: (count: number) => Array.from({ length: count }, (_, i) => ({ x: i, y: i / 2 })),
    find: (names: string[], name: string) => {
      const at = names.indexOf(name);
      return at < 0 ? undefined : at;
    },
    'first-or': (value: string | undefined, otherwise: string) => value ?? otherwise,
    next: (state: State): State => {
      if (state.tag === 'Idle') return { tag: 'Patrol', 0: { x: 0, y: 0 }, 1: { x: 1, y: 1 } };
      return state.tag === 'Patrol' ? { tag: 'Dead', 0: 'tired' } : { tag: 'Idle' };
    },
    mirror,
    swap: ([number, text]: [number, string]) => [text, number],
    load: (path: string) => {
      if (path !== 'level') throw new Error(`there is no ${path}`);
      return `${path} loaded`;
    },
    open: (path: string) => {
      if (path === 'a') return 1;
      if (path === 'b') return { tag: 'Err', 0: { tag: 'NotFound', 0: path } };
      throw { tag: 'Broken', 0: 3 };
    },
    each: (count: number, f: ScriptFunction) => {
      for (let i = 0; i < count; i++) f(i);
    },
    pick: (choose: ScriptFunction) => {
      const chosen = choose({ x: 2, y: 0 }, [10, 20]);
      choose.release();
      return chosen;
    },
    keep: (f: ScriptFunction) => {
      keptFunction = f;
    },
    kept: (n: number) => keptFunction?.(n),
  };
}

function mirror(tree: Tree): Tree {
  return tree.tag === 'Leaf' ? tree : { tag: 'Branch', 0: mirror(tree[2]), 1: tree[1], 2: mirror(tree[0]) };
}
