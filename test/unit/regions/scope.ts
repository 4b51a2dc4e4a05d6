/** What the code of a program by chance sees where it stands, and how things of it are chosen. */
import type { Local } from '../../../scripting/ir/index.ts';

/** The functions that are called by name, and those of the closures. */
export const FUNCTIONS: readonly string[] = ['f', 'g', 'h'];
export const CLOSURES: readonly string[] = ['closure-a', 'closure-b'];

/** `list`: an immutable vector, flat or a tree. `table`: what maps are made of. */
export type Kind = 'node' | 'vector' | 'function' | 'list' | 'table';

export interface Scope extends Readonly<Record<Kind, Local[]>> {
  /** Handles of the arenas that are open, outermost first. */
  readonly arenas: readonly Local[];
  /** Loops and blocks that may be left, by their numbers. */
  readonly loops: readonly number[];
  readonly blocks: readonly number[];
  /** That of the code around the innermost arena: it sees what is copied out. */
  readonly around: Scope | undefined;
}

export function scopeOf(known: Partial<Record<Kind, Local[]>>): Scope {
  return {
    node: [],
    vector: [],
    function: [],
    list: [],
    table: [],
    arenas: [],
    loops: [],
    blocks: [],
    around: undefined,
    ...known,
  };
}

/** A scope of its own inside another: sees what that has, and keeps to itself what it binds. */
export function inside(
  scope: Scope,
  more: Partial<Pick<Scope, 'arenas' | 'loops' | 'blocks' | 'around'>> = {},
): Scope {
  return {
    node: [...scope.node],
    vector: [...scope.vector],
    function: [...scope.function],
    list: [...scope.list],
    table: [...scope.table],
    arenas: more.arenas ?? scope.arenas,
    loops: more.loops ?? scope.loops,
    blocks: more.blocks ?? scope.blocks,
    around: more.around ?? scope.around,
  };
}
