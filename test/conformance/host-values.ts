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
    ...hostObjects(),
    ...hostMaps(),
    ...hostFunctions(),
    'note-chain': () => undefined,
    'node-circle': () => {
      const node = { value: 1, next: {} };
      node.next = node;
      return node;
    },
  };
}

class Sprite {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Objects that scripts hold. */
function hostObjects() {
  const sprites = new Map<string, Sprite>();
  const sprite = (name: string): Sprite => {
    const found = sprites.get(name) ?? new Sprite(name);
    sprites.set(name, found);
    return found;
  };
  return {
    sprite,
    'sprite-name': (held: Sprite) => held.name,
    sprites: (names: string[]) => names.map(sprite),
    'find-sprite': (name: string) => (sprites.has(name) ? sprite(name) : undefined),
    beep: () => () => undefined,
    'same-sprite?': (a: unknown, b: unknown) => a instanceof Sprite && a === b,
  };
}

function mirror(tree: Tree): Tree {
  return tree.tag === 'Leaf' ? tree : { tag: 'Branch', 0: mirror(tree[2]), 1: tree[1], 2: mirror(tree[0]) };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Level {
  readonly names: Map<string, number>;
  readonly walls: Set<Place>;
}

/** Maps and sets. */
function hostMaps() {
  const countWords = (text: string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  };
  return {
    'count-words': countWords,
    'turn-around': (map: Map<string, number>) => new Map([...map].map(([k, v]) => [v, k])),
    doubled: (map: Map<string, number>) => new Map([...map].map(([k, v]) => [k, 2 * v])),
    'keys-in-order': (map: Map<string, number>) => [...map.keys()],
    neighbours: (places: Set<Place>) =>
      new Set(
        [...places].flatMap(({ x, y }) => [
          { x: x + 1, y },
          { x, y: y + 1 },
          { x: x + 1, y },
        ]),
      ),
    deeper: (map: Map<string, (number | undefined)[]>) =>
      new Map([...map].map(([k, items]) => [k, new Map(items.flatMap((n, i) => (n ? [[`${i}`, n]] : [])))])),
    harder: ({ names, walls }: Level): Level => ({
      names: new Map([...names].map(([name, n]) => [name, 2 * n])),
      walls: new Set([...walls, { x: 9, y: 9 }]),
    }),
  };
}

type Unary = (n: number) => number;

/** Functions that scripts call. */
function hostFunctions() {
  return {
    adder: (n: number) => (m: number) => n + m,
    button: (label: string) => ({ label, 'on-press': (n: number) => `${label} pressed ${n} times` }),
    echo: (f: Unary) => f,
    'same-function?': (f: Unary, g: Unary) => f === g,
    opener: () => (path: string) => {
      if (path === 'a') return 'opened a';
      throw { tag: 'Lost', 0: path };
    },
    composer: () => (f: Unary, g: Unary) => (n: number) => g(f(n)),
    steps: () => [([text, n]: [string, number]) => [n / 2, text]],
    'lent-twice': (f: Unary) => f(f(0)),
    handlers: () => new Map([['negate', (n: number) => -n]]),
    thrower: (why: string) =>
      function broken(n: number) {
        throw new Error(`${why}, ${n}`);
      },
  };
}
