/**
 * What the fields of things hold to which globals of the frame lead, by the types of those things: what all functions together
 * have put there, as far as it is known where that lives. A function that finds such a thing by way of a global knows of it no
 * more than its type, and this; and a function whose own object such a global leads to has to reckon with what others
 * put there, in the middle of its calls.
 */
import { type AbstractObject, type Field, ownerOf, rootOf } from './abstract-object.ts';
import { isFound } from './frame-objects.ts';
import type { ObjectGraph } from './graph.ts';
import type { ProofOptions, Rule } from './rules.ts';

export interface Held {
  /** Types of what lives in the frame; undefined for what may be of any. */
  readonly types: ReadonlySet<number | undefined>;
  /** Whether there may be something that is older than the frame. */
  readonly older: boolean;
}

interface Stored extends Held {
  readonly types: Set<number | undefined>;
  older: boolean;
}

/** By whom: functions that found the thing by way of a global, or those that have made it. */
type By = 'finders' | 'makers';
type Type = number | undefined;

export class FrameStores {
  readonly #stored: Readonly<Record<By, Map<Type, Map<Field, Stored>>>> = {
    finders: new Map(),
    makers: new Map(),
  };
  readonly #askers = new Set<string>();
  readonly #keeps: (rule: Rule) => boolean;

  constructor({ without }: ProofOptions) {
    this.#keeps = (rule) => rule !== without;
  }

  /** What may be in a field, or in any, of a thing that was found by way of a global of the frame. */
  found(object: AbstractObject, field: Field | undefined, asker: string): Held {
    return this.#held(['finders', 'makers'], object, field, asker);
  }

  /** What others may have put into a field, or any, of an object of the function that asks. */
  shared(object: AbstractObject, field: Field | undefined, asker: string): Held {
    return this.#held(['finders'], object, field, asker);
  }

  #held(by: readonly By[], object: AbstractObject, field: Field | undefined, asker: string): Held {
    this.#askers.add(asker);
    const type = typeOf(object);
    const all: Stored = { types: new Set(), older: false };
    const add = ({ types, older }: Stored): void => {
      for (const held of types) all.types.add(held);
      all.older ||= older;
    };
    for (const who of by)
      for (const [holder, fields] of this.#stored[who]) {
        // A thing of which the type is not known may be of any.
        const isUnknown = holder === undefined && this.#keeps('frame-unknown');
        if (type !== undefined && holder !== type && !isUnknown) continue;
        if (field === undefined) for (const stored of fields.values()) add(stored);
        else if (fields.has(field)) add(fields.get(field) as Stored);
      }
    return all;
  }

  /** Notes what a function stores into what globals of the frame lead to. Returns who has to look again. */
  note(graph: ObjectGraph, hasCallers: boolean): Iterable<string> {
    let changed = false;
    for (const object of graph.objects) {
      const by = whose(object, graph);
      if (by === undefined) continue;
      for (const [field, held] of object.fields) {
        if (graph.isBeside(object, field)) continue;
        for (const value of held.keys()) {
          const isFrame = value.region.kind === 'frame';
          if (!isFrame && !isOlder(value, hasCallers)) continue;
          const what = isFrame ? { type: graph.foundType(value) } : 'older';
          changed = this.#add(by, typeOf(object), field, what) || changed;
        }
      }
    }
    return changed ? this.#askers : [];
  }

  #add(by: By, holder: Type, field: Field, what: { readonly type: Type } | 'older'): boolean {
    const fields = this.#stored[by].get(holder) ?? new Map<Field, Stored>();
    this.#stored[by].set(holder, fields);
    const stored = fields.get(field) ?? { types: new Set(), older: false };
    fields.set(field, stored);
    if (what === 'older') {
      if (stored.older) return false;
      stored.older = true;
      return true;
    }
    if (stored.types.has(what.type)) return false;
    stored.types.add(what.type);
    return true;
  }
}

/**
 * Whether what a function stores lives longer than the frame, as far as that is for it to say. What it was given lives where its
 * callers say, or in the heap if there are none. What others put into a thing of its own in the frame is known from them.
 */
export function isOlder(value: AbstractObject, hasCallers: boolean): boolean {
  return value.region.kind === 'heap' || (!hasCallers && rootOf(value).region.kind !== 'frame');
}

/** Whether it is a thing of the frame that others find by way of a global, and then whether this function did so too. */
function whose(object: AbstractObject, graph: ObjectGraph): By | undefined {
  if (isFound(object)) return 'finders';
  const isShared = object.region.kind === 'frame' && graph.sharing.by(object) === 'everybody';
  return isShared && graph.keeps('frame-made') ? 'makers' : undefined;
}

/** Of a buffer, that of what it belongs to: its elements are no field of that. */
function typeOf(object: AbstractObject): Type {
  return ownerOf(object).type;
}
