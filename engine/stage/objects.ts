/** What is on the stage, in order. All of it draws from one machine: another is attached to all of it or to none. */
import type { ScriptMachine } from '../script.ts';
import { expectStageObject, type StageObject } from './stage-object.ts';

export class StageObjects {
  readonly #objects: StageObject[] = [];
  #machine: ScriptMachine;

  constructor(machine: ScriptMachine) {
    this.#machine = machine;
  }

  /** Throws where the object lacks something in the script; then it is not added. */
  add(object: StageObject): void {
    expectStageObject(object);
    if (this.#objects.includes(object)) throw new Error('this object has been added to the game already');
    object.attach(this.#machine);
    this.#objects.push(object);
  }

  /** False where it is not there. */
  remove(object: StageObject): boolean {
    const place = this.#objects.indexOf(object);
    if (place < 0) return false;
    this.#objects.splice(place, 1);
    object.view.removeFromParent();
    object.destroy?.();
    return true;
  }

  /** Attaches a machine to all, or throws what one of them threw: then all draw from the old one as before. */
  attach(machine: ScriptMachine): void {
    const attached: StageObject[] = [];
    try {
      for (const object of this.#objects) {
        object.attach(machine);
        attached.push(object);
      }
    } catch (error) {
      for (const object of attached) object.attach(this.#machine);
      throw error;
    }
    this.#machine = machine;
  }

  /** Brings what is drawn up to date; what one throws is passed to `failed`, and the others have their turn. */
  update(failed: (error: unknown) => void): void {
    for (const object of this.#objects) {
      try {
        object.update();
      } catch (error) {
        failed(error);
      }
    }
  }

  /** Removes all, whatever one of them throws. */
  destroy(failed: (error: unknown) => void): void {
    while (this.#objects.length > 0) {
      try {
        this.remove(this.#objects.at(-1) as StageObject);
      } catch (error) {
        failed(error);
      }
    }
  }
}
