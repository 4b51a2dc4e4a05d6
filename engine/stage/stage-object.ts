import type { Container } from 'pixi.js';
import type { ScriptMachine } from '../script.ts';

/** Something that draws what a script has in memory. The engine's own are of this kind, and a game may have others. */
export interface StageObject {
  /** What is drawn, in the scene's units. */
  readonly view: Container;
  /**
   * From now on draws what this machine's script has; called when it is added, and again when the scene has been started
   * anew. Throws where it lacks something there, and then goes on as it was.
   */
  attach(machine: ScriptMachine): void;
  /** Called in each frame before drawing. */
  update(): void;
  /** Frees what it holds, its view too. Called when it is removed or the game ends. */
  destroy?(): void;
}

/** Throws a `TypeError` for what is none. */
export function expectStageObject(object: StageObject): void {
  for (const method of ['attach', 'update'] as const)
    if (typeof object?.[method] !== 'function')
      throw new TypeError(`what is added to a game has \`${method}\`; this ${kindOf(object)} lacks it`);
  if (typeof object.view !== 'object' || object.view === null)
    throw new TypeError(`what is added to a game has a \`view\`; this ${kindOf(object)} lacks it`);
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return value.constructor?.name || 'object';
}
