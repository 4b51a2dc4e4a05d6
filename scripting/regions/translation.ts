/**
 * Carries one callee's graph over into the caller's: every object of the callee has an image, the objects of the
 * caller that it stands for at this call, and what the callee's objects may hold, their images may hold.
 *
 *     (defn keep! ((b : Box) (x : Item)) : Unit (set! (.item b) x))      b.item may hold x; both are given, nothing is decided
 *
 *     (defn main () : Unit
 *       (with-arena a (keep! *box* (Item 1))))        b: what *box* leads to, in the heap; x: the Item made here, in `a`
 *
 * So the object of `*box*` may hold the Item: the heap may not hold what is in `a`, and the call is refused. With `(keep! (Box) (Item 1))`
 * both images are in `a`, and all is well. What `keep!` itself makes has an image too: one object of its type that belongs to the call,
 * in the region that is current there.
 */
import type { Call } from '../ir/index.ts';
import type { AbstractObject, DeferredCall, Field, Witness } from './abstract-object.ts';
import type { FunctionAnalysis, Here } from './analysis.ts';
import type { ObjectGraph } from './graph.ts';
import type { Region } from './region.ts';

type Objects = ReadonlySet<AbstractObject>;

/** One callee at one call: what it was ever given and gave. Objects made by the call belong to it. */
export interface Instance {
  readonly site: Site;
  readonly callee: FunctionAnalysis;
  readonly args: Set<AbstractObject>[];
  readonly results: Set<AbstractObject>[];
  readonly deferred: Map<DeferredCall, Set<AbstractObject>[]>;
  /** What was carried over so far for each field of the callee's objects. */
  readonly carried: Map<AbstractObject, Map<Field, Carried>>;
  /** The walk in which this was last carried over, and what the caller's version was before that. */
  walk: number;
  version: number;
}

/** Images only ever grow, so what has been stored need not be stored again. */
class Carried {
  /** How many images the holder and what it holds had, and what it holds but for copies of what originals hold. */
  holders = 0;
  images = 0;
  stores = 0;
  readonly values = new Pairs();
  readonly copies = new Pairs();

  /** Whether there is more than the last time. */
  grows(holders: number, images: number, stores: number): boolean {
    if (holders === this.holders && images === this.images && stores === this.stores) return false;
    this.holders = holders;
    this.images = images;
    this.stores = stores;
    return true;
  }
}

/** Objects and what is stored into each of them: both may become more, and each pair is met once. */
class Pairs {
  readonly #holders = new Set<AbstractObject>();
  readonly #values = new Map<AbstractObject, Witness>();

  grow(
    holders: Objects,
    values: ReadonlyMap<AbstractObject, Witness>,
    store: (holder: AbstractObject, value: AbstractObject, witness: Witness) => void,
  ): void {
    const fresh: (readonly [AbstractObject, Witness])[] = [];
    for (const entry of values) if (!this.#values.has(entry[0])) fresh.push(entry);
    for (const holder of this.#holders) for (const [value, witness] of fresh) store(holder, value, witness);
    for (const [value, witness] of fresh) this.#values.set(value, witness);
    for (const holder of holders) {
      if (this.#holders.has(holder)) continue;
      this.#holders.add(holder);
      for (const [value, witness] of this.#values) store(holder, value, witness);
    }
  }
}

export interface Site extends Here {
  readonly call: Call;
  /** The region that the call names for what the callee stores into older things. */
  readonly regionParameter: Region | undefined;
  /** What the callee is called in errors, where its own name would say nothing. */
  readonly calledAs?: string;
}

export class Translation {
  readonly #graph: ObjectGraph;
  readonly #site: Site;
  readonly #instance: Instance;
  readonly #callee: FunctionAnalysis;
  readonly #known = new Map<AbstractObject, Objects>();
  readonly #witnesses = new Map<Witness, Witness>();
  /** What was found for copies so far, which are being looked for, and of which something was asked meanwhile. */
  readonly #copyImages = new Map<AbstractObject, Set<AbstractObject>>();
  readonly #underWay = new Set<AbstractObject>();
  readonly #isCircular = new Set<AbstractObject>();
  #isGrowing = false;

  constructor(graph: ObjectGraph, instance: Instance, callee: FunctionAnalysis) {
    this.#graph = graph;
    this.#site = instance.site;
    this.#instance = instance;
    this.#callee = callee;
  }

  carry(
    callClosures: (
      call: DeferredCall,
      region: Region,
      closures: Objects,
      args: readonly Objects[],
    ) => readonly Objects[],
  ): void {
    // What a copy may be instead may lead to that copy again: then until nothing is added.
    do {
      this.#known.clear();
      this.#isGrowing = false;
      this.#carryCalls(callClosures);
      this.#known.clear();
      if (this.#graph.keeps('carried-store'))
        for (const holder of [...this.#callee.graph.objects])
          for (const [field, held] of [...holder.fields]) this.#carryStores(holder, field, held);
      if (!this.#graph.keeps('carried-result')) return;
      for (const [index, values] of this.#callee.results.entries())
        this.#grow(this.#instance.results[index], this.#all(values.keys()));
    } while (this.#isGrowing);
  }

  #carryCalls(callClosures: Parameters<Translation['carry']>[0]): void {
    for (const call of this.#graph.keeps('deferred') ? [...this.#callee.calls.deferred] : []) {
      const args = call.args.map((values) => this.#all(values));
      const results = callClosures(call, this.#region(call.region), this.#image(call.closure), args);
      const known = this.#deferred(call);
      for (const [index, values] of results.entries()) {
        known[index] ??= new Set();
        this.#grow(known[index], values);
      }
    }
  }

  #carryStores(holder: AbstractObject, field: Field, held: ReadonlyMap<AbstractObject, Witness>): void {
    // What the callee's own arenas hold is gone when it returns.
    if (holder.region.kind === 'block') return;
    const holders = this.#image(holder);
    let images = 0;
    let stores = 0;
    for (const [value, { copying }] of [...held]) {
      images += this.#image(value).size;
      if (!copying) stores++;
    }
    const carried = this.#carried(holder, field);
    if (!carried.grows(holders.size, images, stores)) return;
    // Many of the callee's objects may be the same ones here: each is stored once.
    const values = new Map<AbstractObject, Witness>();
    const copies = new Map<AbstractObject, Witness>();
    for (const [value, witness] of [...held]) {
      const into = witness.copying ? copies : values;
      for (const image of witness.copying ? this.#copies(value) : this.#image(value))
        if (!into.has(image)) into.set(image, witness);
    }
    const store = (into: AbstractObject, value: AbstractObject, witness: Witness): void =>
      this.#graph.store(into, field, value, this.#through(witness));
    carried.values.grow(holders, values, store);
    if (copies.size > 0) carried.copies.grow(this.#copies(holder), copies, store);
  }

  /** What copies of one copy-out are here if they are copies: all of them are, or none. */
  #copies(object: AbstractObject): Objects {
    const { origin } = object;
    if (origin.kind === 'copy') {
      const copy = this.#copyOf(object);
      return new Set(copy === undefined ? [] : [copy]);
    }
    if (origin.kind === 'buffer')
      return new Set([...this.#copies(origin.owner)].map((owner) => this.#graph.buffer(owner)));
    return this.#image(object);
  }

  #carried(holder: AbstractObject, field: Field): Carried {
    let fields = this.#instance.carried.get(holder);
    if (fields === undefined) {
      fields = new Map();
      this.#instance.carried.set(holder, fields);
    }
    let carried = fields.get(field);
    if (carried === undefined) {
      carried = new Carried();
      fields.set(field, carried);
    }
    return carried;
  }

  get #calleeName(): string {
    return this.#site.calledAs ?? this.#callee.func.name;
  }

  /** A store in the callee as the caller sees it. */
  #through(witness: Witness): Witness {
    let through = this.#witnesses.get(witness);
    if (through === undefined) {
      const store = witness.call?.store ?? witness.span;
      const call = { callee: this.#calleeName, store, site: this.#instance };
      through = {
        span: this.#site.call.span,
        call,
        ...(witness.into !== undefined && { into: witness.into }),
        ...(witness.copying && { copying: true }),
      };
      this.#witnesses.set(witness, through);
    }
    return through;
  }

  /** The caller's objects that an object of the callee stands for. */
  #image(object: AbstractObject): Objects {
    const known = this.#known.get(object);
    if (known !== undefined) {
      if (this.#underWay.has(object)) this.#isCircular.add(object);
      return known;
    }
    const image = object.origin.kind === 'copy' ? this.#imageOfCopy(object) : this.#translate(object);
    this.#known.set(object, image);
    return image;
  }

  #imageOfCopy(copy: AbstractObject): Objects {
    const image = this.#copyImages.get(copy) ?? new Set();
    const { size } = image;
    this.#copyImages.set(copy, image);
    this.#known.set(copy, image);
    this.#underWay.add(copy);
    for (const object of this.#translate(copy)) image.add(object);
    this.#underWay.delete(copy);
    if (image.size > size && this.#isCircular.has(copy)) this.#isGrowing = true;
    return image;
  }

  #translate(object: AbstractObject): Objects {
    const { origin } = object;
    switch (origin.kind) {
      case 'outer':
        return new Set([this.#graph.outer]);
      case 'frame-global':
        return new Set([this.#graph.frame.global(origin.global)]);
      case 'framed':
        return new Set([this.#graph.frame.framed(origin.global, object.type)]);
      case 'frame-outer':
        return new Set([this.#graph.frame.outer(object.type)]);
      case 'static':
        return new Set([this.#graph.staticClosure(origin.slot)]);
      case 'parameter':
        return this.#instance.args[origin.index] ?? new Set();
      case 'result':
        return this.#deferred(origin.call)[origin.index] ?? new Set();
      case 'buffer':
        return new Set([...this.#image(origin.owner)].map((owner) => this.#graph.buffer(owner)));
      case 'inside': {
        const found = new Set<AbstractObject>();
        for (const parent of this.#image(origin.parent)) this.#graph.load(parent, origin.field, found);
        return found;
      }
      case 'beyond':
        return this.#graph.reachable(this.#image(origin.parent));
      case 'allocation':
      case 'call':
        return object.region.kind === 'block' ? new Set() : new Set([this.#made(object)]);
      case 'copy':
        return object.region.kind === 'block' ? new Set() : this.#copied(object, origin.same);
    }
  }

  /** A copy out of the frame, or what was to be copied: here it is known, or known to whoever calls this function (`copies.ts`). */
  #copied(object: AbstractObject, same: ReadonlySet<AbstractObject>): Objects {
    const copy = this.#copyOf(object);
    // It was made in the heap, or this function's callers say, or it is certain.
    const kind = this.#region(object.region).kind;
    const isSame = this.#isOpen(object) && this.#graph.keeps('perhaps-same');
    const originals = isSame && kind !== 'heap' ? this.#all(same) : new Set<AbstractObject>();
    if (copy === undefined) return originals;
    if (kind === 'block') return originals.add(copy);
    // What is done to one here may be done to the other, and to what that leads to: only those who know which it is can tell.
    for (const original of originals) {
      this.#graph.perhapsSame(copy, original);
      this.#graph.sharing.share(original, 'others');
      this.#graph.sharing.share(copy, 'others');
    }
    return new Set([copy]);
  }

  /** The copy, unless the callee's copy-out certainly returns the original here. */
  #copyOf(object: AbstractObject): AbstractObject | undefined {
    const { call } = this.#site;
    const region = this.#region(object.region);
    const isInFrame = region.kind === 'frame' || (region.kind === 'block' && region.inFrame);
    if (isInFrame && this.#isOpen(object) && this.#graph.keeps('perhaps-same')) return undefined;
    return this.#made(object, { kind: 'copy', span: call.span, same: new Set() });
  }

  /** Whether it was left to the callee's callers which it is. */
  #isOpen({ region }: AbstractObject): boolean {
    return region.kind === 'base' || region.kind === 'parameter';
  }

  #made(object: AbstractObject, origin?: AbstractObject['origin']): AbstractObject {
    const made = this.#graph.fresh(
      this.#instance,
      this.#region(object.region),
      object.type,
      origin ?? { kind: 'call', span: this.#site.call.span, callee: this.#calleeName },
    );
    for (const slot of object.codes) {
      if (made.codes.has(slot)) continue;
      made.codes.add(slot);
      this.#graph.version++;
    }
    return made;
  }

  /** Where that is for the caller what the callee knows as a region. */
  #region(region: Region): Region {
    if (region.kind === 'base') return this.#site.region;
    if (region.kind !== 'parameter') return region;
    if (this.#site.regionParameter === undefined)
      throw new Error(`${this.#callee.func.name} has no region parameter`);
    return this.#site.regionParameter;
  }

  #all(objects: Iterable<AbstractObject>): Set<AbstractObject> {
    const images = new Set<AbstractObject>();
    for (const object of objects) for (const image of this.#image(object)) images.add(image);
    return images;
  }

  #deferred(call: DeferredCall): Set<AbstractObject>[] {
    let results = this.#instance.deferred.get(call);
    if (results === undefined) {
      results = [];
      this.#instance.deferred.set(call, results);
    }
    return results;
  }

  #grow(into: Set<AbstractObject> | undefined, values: Iterable<AbstractObject>): void {
    if (into === undefined) return;
    for (const value of values) {
      if (into.has(value)) continue;
      into.add(value);
      this.#graph.version++;
    }
  }
}
