/**
 * What all functions together store into what they find by way of globals of the frame. A function whose own object such a global
 * leads to has to reckon with that: others may have put there, in the middle of its calls, what lives in the frame or is
 * older, but only into fields of types into which anybody stores anything at all.
 */
import type { AbstractObject, Field } from './abstract-object.ts';

export interface Stored {
  /** Whether what lives in the frame is stored there, and whether what is older. */
  frame: boolean;
  older: boolean;
}

const NOTHING: Readonly<Stored> = { frame: false, older: false };

export class FrameStores {
  readonly #stored = new Map<string, Stored>();
  readonly #askers = new Set<string>();

  /** What may have been put into a field of an object of the function that asks. */
  into(object: AbstractObject, field: Field, asker: string): Readonly<Stored> {
    this.#askers.add(asker);
    const type = typeOf(object);
    // Of a thing whose type is not known it may be any field.
    const known = type === undefined ? [...this.#stored.keys()] : [key(type, field), key(undefined, field)];
    const found = known.flatMap((name) => this.#stored.get(name) ?? []);
    if (found.length === 0) return NOTHING;
    return { frame: found.some(({ frame }) => frame), older: found.some(({ older }) => older) };
  }

  /**
   * Notes what a function stores into what globals of the frame lead to. What it was given lives where its callers say, or in
   * the heap if there are none. Returns who has to look again.
   */
  note(objects: Iterable<AbstractObject>, hasCallers: boolean): Iterable<string> {
    let changed = false;
    for (const object of objects) {
      if (!isFrames(object)) continue;
      for (const [field, held] of object.fields)
        for (const { region } of held.keys()) {
          const isFrame = region.kind === 'frame';
          if (!isFrame && region.kind !== 'heap' && hasCallers) continue;
          changed = this.#add(key(typeOf(object), field), isFrame ? 'frame' : 'older') || changed;
        }
    }
    return changed ? this.#askers : [];
  }

  #add(name: string, what: keyof Stored): boolean {
    const stored = this.#stored.get(name) ?? { ...NOTHING };
    this.#stored.set(name, stored);
    if (stored[what]) return false;
    stored[what] = true;
    return true;
  }
}

function isFrames({ origin }: AbstractObject): boolean {
  if (origin.kind === 'buffer') return isFrames(origin.owner);
  return origin.kind === 'framed' || origin.kind === 'frame-outer';
}

/** Of a buffer, that of what it belongs to: its elements are no field of that. */
function typeOf({ origin, type }: AbstractObject): number | undefined {
  return origin.kind === 'buffer' ? origin.owner.type : type;
}

function key(type: number | undefined, field: Field): string {
  return `${type ?? 'any'} ${field}`;
}
