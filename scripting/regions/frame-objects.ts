/** What one function knows of the frame: the globals that are kept there, and what they lead to, by its type. */
import { type AbstractObject, type Field, type Origin, ownerOf } from './abstract-object.ts';
import type { Held } from './frame-stores.ts';

/** What all functions together have put into a field, or any, of a thing of the frame (`frame-stores.ts`). */
export interface FrameFields {
  found(object: AbstractObject, field: Field | undefined): Held;
  shared(object: AbstractObject, field: Field | undefined): Held;
}

export class FrameObjects {
  readonly #globals = new Map<string, AbstractObject>();
  readonly #framed = new Map<string, AbstractObject>();
  readonly #outer = new Map<number | undefined, AbstractObject>();
  readonly #add: (origin: Origin, type: number | undefined) => AbstractObject;

  constructor(add: (origin: Origin, type: number | undefined) => AbstractObject) {
    this.#add = add;
  }

  /** By the global's key. */
  get globals(): ReadonlyMap<string, AbstractObject> {
    return this.#globals;
  }

  /** What a global of the frame is kept in: an object of the frame with one field. */
  global(global: string): AbstractObject {
    let object = this.#globals.get(global);
    if (object === undefined) {
      object = this.#add({ kind: 'frame-global', global }, undefined);
      this.#globals.set(global, object);
    }
    return object;
  }

  /** What lives in the frame, is of that type, and was read from a global of the frame. */
  framed(global: string, type: number | undefined): AbstractObject {
    const key = `${type} ${global}`;
    let object = this.#framed.get(key);
    if (object === undefined) {
      object = this.#add({ kind: 'framed', global }, type);
      this.#framed.set(key, object);
    }
    return object;
  }

  /** The rest of what globals of the frame lead to, as far as it is in the frame and of that type; undefined for any. */
  outer(type?: number): AbstractObject {
    let object = this.#outer.get(type);
    if (object === undefined) {
      object = this.#add({ kind: 'frame-outer' }, type);
      this.#outer.set(type, object);
    }
    return object;
  }
}

/** Whether it was found by way of a global of the frame, or belongs to what was. */
export function isFound(object: AbstractObject): boolean {
  const { kind } = ownerOf(object).origin;
  return kind === 'framed' || kind === 'frame-outer';
}
