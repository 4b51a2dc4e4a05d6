/**
 * What `copy-out` gives. Out of a block's arena it is clear what is copied: what the block holds, which all belongs to this
 * function. Out of `frame` it is not, for two reasons. What was given to the function, or found in what was, may live in the frame
 * or may not; and where the frame is open already, so that what is in it lives long enough, its things are given as they are
 * (`library/native/copy-out.ts`):
 *
 *     target         what is in the frame      what was given
 *     the heap       a copy                    itself, and a copy
 *     the frame      itself                    itself
 *     a block        itself, and a copy        itself, and a copy      only itself where the block was opened inside `frame`
 *     the caller's   a copy or itself, which the caller says: it knows what its region is
 *
 * A copy of which nothing is known but what it is made of (of what was given, or what others know) is one object that holds
 * itself and what is in the heap.
 *
 *     (defn best ((e : Enemy)) : Enemy (with-arena frame (copy-out e)))     returns e, or copy@caller's
 *     (set! *best* (best e))                                                a copy@heap, or e: refused where e is a thing of the frame
 *     (with-arena a (best e))                                               e, or copy@a
 */
import type { Call, Local } from '../ir/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import type { Entry } from './analysis.ts';
import type { ObjectGraph } from './graph.ts';
import { encloses, type Region } from './region.ts';

type Objects = ReadonlySet<AbstractObject>;

/** One `copy-out`, with regard to one thing that it copies. */
export interface CopySite {
  readonly copying: CopyOut;
  readonly region: Region;
}

/** The calls that copy one value, one for each of its addresses: what they share stays shared, so its copies are the same. */
interface CopyOut {
  readonly calls: Set<Call>;
  readonly sites: Map<AbstractObject, CopySite>;
}

export class Copies {
  readonly #graph: ObjectGraph;
  /** By the local that stands for what is being copied; a call that has none copies by itself. */
  readonly #together = new Map<Local | Call, CopyOut>();

  constructor(graph: ObjectGraph) {
    this.#graph = graph;
  }

  /** What a call of `copy-out` returns that copies out of the arena of an entry, into a region. */
  out(call: Call, objects: Objects, entry: Entry, target: Region): Objects {
    const copying = new Copying(this.#graph, call, entry, target, this.#copyOut(call));
    return new Set([...objects].flatMap((object) => copying.given(object)));
  }

  #copyOut(call: Call): CopyOut {
    const mark = call.args[1];
    const key = mark?.kind === 'get' && this.#graph.keeps('copied-together') ? mark.local : call;
    let together = this.#together.get(key);
    if (together === undefined) {
      together = { calls: new Set(), sites: new Map() };
      this.#together.set(key, together);
    }
    together.calls.add(call);
    return together;
  }
}

class Copying {
  readonly #graph: ObjectGraph;
  readonly #call: Call;
  readonly #entry: Entry;
  readonly #target: Region;
  readonly #copyOut: CopyOut;
  readonly #done = new Map<AbstractObject, AbstractObject>();

  constructor(graph: ObjectGraph, call: Call, entry: Entry, target: Region, copyOut: CopyOut) {
    this.#graph = graph;
    this.#call = call;
    this.#entry = entry;
    this.#target = target;
    this.#copyOut = copyOut;
  }

  /** What is given for an object that is to be copied out. */
  given(object: AbstractObject): AbstractObject[] {
    const image = this.#image(object);
    // Whether it lives in the frame is not known: if not, it is given as it is, wherever the copies go.
    return this.#fate(object) === 'unknown' ? [object, ...image] : image;
  }

  /** What stands in a copy where the object stood in the original, or for the object if it is copied. */
  #image(object: AbstractObject): AbstractObject[] {
    const fate = this.#fate(object);
    if (fate === 'stays') return [object];
    if (fate === 'copied') return [this.#copy(object)];
    // What may be a copy already is in the frame only where it is the original: there are no copies of copies. A copy stays.
    if (object.origin.kind === 'copy' && fate === 'unknown')
      return [object, ...originalsOf(object).flatMap((original) => this.#image(original))];
    const copy = this.#copyOfFrame(object);
    switch (this.#target.kind) {
      case 'block':
        return [object, copy];
      case 'base':
      case 'parameter':
        this.#graph.perhapsSame(copy, object);
        return [copy];
      default:
        return [copy];
    }
  }

  #fate({ region }: AbstractObject): 'stays' | 'copied' | 'in the frame' | 'unknown' {
    if (region.kind === 'heap') return 'stays';
    if (region.kind === 'block') return encloses(region, this.#entry.outer.block) ? 'stays' : 'copied';
    if (!this.#entry.isFrame || this.#target.kind === 'frame' || region === this.#target) return 'stays';
    if (this.#target.kind === 'block' && this.#target.inFrame) return 'stays';
    if (region.kind === 'frame') return 'in the frame';
    return this.#graph.keeps('given-copies') ? 'unknown' : 'stays';
  }

  /** A copy of what a block holds: it holds copies of what the original does. */
  #copy(object: AbstractObject): AbstractObject {
    const known = this.#done.get(object);
    if (known !== undefined) return known;
    const { origin } = object;
    const copy =
      origin.kind === 'buffer'
        ? this.#graph.buffer(this.#copy(origin.owner))
        : this.#fresh(object, { kind: 'call', span: this.#call.span, callee: 'copy-out' });
    this.#done.set(object, copy);
    this.#fill(copy, object);
    return copy;
  }

  /** A copy of what lives in the frame, or perhaps does. */
  #copyOfFrame(object: AbstractObject): AbstractObject {
    const known = this.#done.get(object);
    if (known !== undefined) return known;
    const { origin } = object;
    const isKnown = isOwn(object) && this.#graph.sharing.by(object) === undefined;
    const copy =
      isKnown && origin.kind === 'buffer'
        ? this.#graph.buffer(this.#copyOfFrame(origin.owner))
        : this.#fresh(object, { kind: 'copy', span: this.#call.span, same: new Set() }, isKnown);
    this.#done.set(object, copy);
    // What a copy in the heap holds is in the heap, whatever it is a copy of.
    if (isKnown && this.#target.kind !== 'heap') this.#fill(copy, object, true);
    return copy;
  }

  /** One for each object that is known, and one for all that is not: copies of what copies lead to would have no end. */
  #fresh(object: AbstractObject, origin: AbstractObject['origin'], isKnown = true): AbstractObject {
    const site = this.#site(isKnown ? object : this.#graph.outer);
    const copy = this.#graph.fresh(site, this.#target, isKnown ? object.type : undefined, origin);
    // Where it stands for functions that are not known too, it may be any.
    for (const slot of isKnown ? object.codes : []) {
      if (copy.codes.has(slot)) continue;
      copy.codes.add(slot);
      this.#graph.version++;
    }
    return copy;
  }

  #site(object: AbstractObject): CopySite {
    const { sites } = this.#copyOut;
    let site = sites.get(object);
    if (site === undefined) {
      site = { copying: this.#copyOut, region: this.#target };
      sites.set(object, site);
    }
    if (site.region !== this.#target) throw new Error('what is copied together goes to one region');
    return site;
  }

  #fill(copy: AbstractObject, original: AbstractObject, isOpen = false): void {
    if (!this.#graph.keeps('copies')) return;
    for (const [field, value, witness] of this.#graph.contentsOf(original)) {
      const { span, call } = witness ?? { span: this.#call.span, call: undefined };
      for (const image of this.#image(value))
        this.#graph.store(copy, field, image, { span, call, ...(isOpen && { copying: true }) });
    }
  }
}

/** What a copy may be instead of one: nothing that is perhaps a copy itself. */
function originalsOf(copy: AbstractObject): AbstractObject[] {
  const found = new Set([copy]);
  for (const object of found)
    if (object.origin.kind === 'copy') for (const original of object.origin.same) found.add(original);
  return [...found].filter(({ origin }) => origin.kind !== 'copy');
}

/** Whether the function has made it in the frame, or a buffer's owner. */
function isOwn({ origin, region }: AbstractObject): boolean {
  if (origin.kind === 'buffer') return isOwn(origin.owner);
  return region.kind === 'frame' && ['allocation', 'call', 'copy'].includes(origin.kind);
}
