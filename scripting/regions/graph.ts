/**
 * What one function knows of the heap: a points-to graph in the manner of Andersen (1994), of abstract objects, solved for each
 * function alone.
 */
import { MUT_VECTOR_BUFFER, ROPE_LEFT, ROPE_RIGHT } from '../heap/index.ts';
import type { ObjectType } from '../ir/index.ts';
import {
  type AbstractObject,
  ELEMENT,
  type Field,
  knownBy,
  type Origin,
  ownerOf,
  rootOf,
  type Violation,
  type Witness,
} from './abstract-object.ts';
import type { Effort } from './effort.ts';
import { type FrameFields, FrameObjects, isFound } from './frame-objects.ts';
import type { Held } from './frame-stores.ts';
import { FRAME, GIVEN, HEAP, mayHold, type Region } from './region.ts';
import type { ProofOptions, Rule } from './rules.ts';
import { Sharing } from './sharing.ts';

/** Paths from a parameter are told apart this far, two maps in each other; after that everything reachable is one object. */
const DEPTH = 8;
/** And once there are this many placeholders in a function, so that the work does not grow with the width of types. */
const PLACEHOLDERS = 64;

/** What may be in a thing of the frame of which nothing is known. */
const ANYTHING: Held = { types: new Set([undefined]), older: true };

export class ObjectGraph {
  /** Grows whenever anything is learnt: equal numbers mean nothing new. */
  version = 0;
  readonly objects: AbstractObject[] = [];
  readonly violations: Violation[] = [];
  /** Which objects of the function's own others know too. */
  readonly sharing = new Sharing(
    (object) => this.#held(object),
    () => this.version++,
  );
  readonly outer: AbstractObject;
  readonly frame = new FrameObjects((origin, type) => this.#add(FRAME, origin, type));
  readonly #types: readonly ObjectType[];
  readonly #frameFields: FrameFields;
  readonly #without: Rule | undefined;
  readonly #effort: Effort;
  readonly #fresh = new Map<object, AbstractObject[]>();
  readonly #children = new Map<AbstractObject, Map<Field, AbstractObject>>();
  readonly #beyond = new Map<AbstractObject, AbstractObject>();
  readonly #buffers = new Map<AbstractObject, AbstractObject>();
  readonly #statics = new Map<number, AbstractObject>();
  readonly #violated = new Map<AbstractObject, Set<AbstractObject>>();
  #placeholders = 0;

  constructor(
    types: readonly ObjectType[],
    frameFields: FrameFields,
    effort: Effort,
    { without }: ProofOptions = {},
  ) {
    this.#types = types;
    this.#frameFields = frameFields;
    this.#without = without;
    this.#effort = effort;
    this.outer = this.#add(HEAP, { kind: 'outer' }, undefined);
  }

  /** Whether a rule is to be kept: all are, but for tests. */
  keeps(rule: Rule): boolean {
    return rule !== this.#without;
  }

  /** The object that `site` (an expression, or a call's instance) makes of one type in one region. */
  fresh(site: object, region: Region, type: number | undefined, origin: Origin): AbstractObject {
    let made = this.#fresh.get(site);
    if (made === undefined) {
      made = [];
      this.#fresh.set(site, made);
    }
    const isCopy = origin.kind === 'copy';
    let object = made.find(
      (o) => o.region === region && o.type === type && isCopy === (o.origin.kind === 'copy'),
    );
    if (object === undefined) {
      object = this.#add(region, origin, type, site);
      made.push(object);
    }
    return object;
  }

  /** Whether a placeholder more may be made for something that is known less closely too. */
  get mayTellApart(): boolean {
    return this.#placeholders < PLACEHOLDERS;
  }

  placeholder(origin: Origin): AbstractObject {
    this.#placeholders++;
    return this.#add(GIVEN, origin, undefined);
  }

  staticClosure(slot: number): AbstractObject {
    let object = this.#statics.get(slot);
    if (object === undefined) {
      object = this.#add(HEAP, { kind: 'static', slot }, undefined);
      object.codes.add(slot);
      this.#statics.set(slot, object);
    }
    return object;
  }

  /** What a field of `object` may hold, as far as it is known now. */
  load(object: AbstractObject, field: Field, into: Set<AbstractObject>): void {
    if (object.region.kind === 'heap') {
      into.add(this.outer);
      return;
    }
    if (field === ELEMENT && this.#kind(object) === 'rope' && this.keeps('rope'))
      this.#elementsOfRope(object, into);
    if (object.region.kind === 'given' || this.#isSharedAt(object, field))
      into.add(this.#child(object, field));
    this.#loadFound(object, field, into);
    this.#loadShared(object, field, into);
    if (this.#isUnknown(object)) into.add(object).add(this.outer);
    for (const held of object.fields.get(field)?.keys() ?? []) into.add(held);
    if (this.isBeside(object, field) && (field === MUT_VECTOR_BUFFER || this.keeps('table')))
      into.add(this.buffer(object));
  }

  /**
   * `object.field` may hold `value` from now on. Where that is forbidden it is noted as a violation instead, so that
   * one mistake is not reported again wherever the value is read from.
   */
  store(object: AbstractObject, field: Field, value: AbstractObject, witness: Witness): void {
    this.#effort.spend();
    if (object.region.kind === 'heap' && value.region.kind === 'heap') return;
    if (this.#isForbidden(object, value)) {
      this.#violate(object, value, witness);
      return;
    }
    let held = object.fields.get(field);
    if (held === undefined) {
      held = new Map();
      object.fields.set(field, held);
    }
    const before = held.get(value);
    if (before !== undefined && (before.copying === undefined || witness.copying)) return;
    held.set(value, witness);
    object.leadsTo.add(value);
    this.version++;
    if (witness.copying === undefined) this.#storeInOriginals(object, field, value, witness);
    if (this.#isVisible(object)) this.sharing.share(value, knownBy(object));
    else this.sharing.follow(value, object);
  }

  /** A copy that may be the original: what is done to one may be done to the other. */
  perhapsSame(copy: AbstractObject, original: AbstractObject): void {
    if (copy.origin.kind !== 'copy' || copy.origin.same.has(original)) return;
    copy.origin.same.add(original);
    this.version++;
    if (this.#isVisible(original)) this.sharing.share(copy, knownBy(original));
    else this.sharing.link(copy, original);
    for (let object: AbstractObject | undefined = copy; object; object = this.#buffers.get(object))
      for (const [field, held] of [...object.fields])
        for (const [value, witness] of [...held])
          if (witness.copying === undefined) this.#storeInOriginals(object, field, value, witness);
  }

  /** What is stored into a copy, or its buffer, is stored into the original, where they are the same. */
  #storeInOriginals(object: AbstractObject, field: Field, value: AbstractObject, witness: Witness): void {
    if (!this.keeps('perhaps-same') || ownerOf(object).origin.kind !== 'copy') return;
    for (const original of this.#originals(object)) this.store(original, field, value, witness);
  }

  #originals({ origin }: AbstractObject): AbstractObject[] {
    if (origin.kind === 'copy') return [...origin.same];
    if (origin.kind !== 'buffer') return [];
    const found = new Set<AbstractObject>();
    const field = this.#isDirectory(origin.owner) ? ELEMENT : MUT_VECTOR_BUFFER;
    for (const owner of this.#originals(origin.owner)) this.load(owner, field, found);
    return [...found];
  }

  /** A growable object's buffer after it grew, a directory's chunks. That of a vector takes over the elements of every buffer the vector had. */
  buffer(owner: AbstractObject): AbstractObject {
    let buffer = this.#buffers.get(owner);
    if (buffer === undefined) {
      buffer = this.#add(owner.region, { kind: 'buffer', owner }, undefined);
      this.#buffers.set(owner, buffer);
      this.sharing.follow(buffer, owner);
    }
    return buffer;
  }

  /** What this function knows to be in the fields of an object, the buffer of a growable one included. */
  contentsOf(object: AbstractObject): [Field, AbstractObject, Witness | undefined][] {
    const contents: [Field, AbstractObject, Witness | undefined][] = [];
    for (const [field, held] of object.fields)
      for (const [value, witness] of held) contents.push([field, value, witness]);
    for (const field of [MUT_VECTOR_BUFFER, ELEMENT])
      if (this.isBeside(object, field) && this.keeps('copied-buffers'))
        contents.push([field, this.buffer(object), undefined]);
    return contents;
  }

  /** Growth copies elements: what the first buffer of a vector holds, its later ones hold too. */
  growBuffers(): void {
    for (const object of [...this.objects]) {
      if (this.#kind(object) !== 'mut-vector') continue;
      for (const [first, witness] of [...(object.fields.get(MUT_VECTOR_BUFFER) ?? [])]) {
        const elements = new Set<AbstractObject>();
        this.load(first, ELEMENT, elements);
        for (const element of elements) this.store(this.buffer(object), ELEMENT, element, witness);
      }
    }
  }

  /** The placeholder for everything that `object`, a placeholder, leads to. */
  beyond(object: AbstractObject): AbstractObject {
    if (object.origin.kind === 'beyond') return object;
    const known = this.#beyond.get(object);
    if (known !== undefined) return known;
    const parent = this.mayTellApart ? object : rootOf(object);
    const beyond = this.#beyond.get(parent) ?? this.placeholder({ kind: 'beyond', parent });
    this.#beyond.set(parent, beyond);
    this.#beyond.set(object, beyond);
    return beyond;
  }

  /** Everything that can be reached from `roots` through any number of fields, the roots included. */
  reachable(roots: Iterable<AbstractObject>): Set<AbstractObject> {
    const found = new Set(roots);
    for (const object of found) {
      if (object.region.kind === 'given' || this.#isSharedAt(object, ELEMENT)) found.add(this.beyond(object));
      this.#loadFound(object, undefined, found);
      this.#loadShared(object, undefined, found);
      if (this.#isUnknown(object)) found.add(this.outer);
      if (object.region.kind === 'heap') found.add(this.outer);
      else for (const value of object.leadsTo) found.add(value);
      if (this.#grows(object) || this.#isDirectory(object)) found.add(this.buffer(object));
    }
    return found;
  }

  /** What this function is known to have put there. */
  *#held(object: AbstractObject): Iterable<AbstractObject> {
    yield* object.leadsTo;
    const buffer = this.#buffers.get(object);
    if (buffer !== undefined) yield buffer;
  }

  #isForbidden(holder: AbstractObject, { region: held }: AbstractObject): boolean {
    const { region } = holder;
    if (mayHold(region, held) !== 'no') return false;
    if (held.kind !== 'frame' || region.kind === 'heap') return true;
    // What others put into a thing of the frame is in the frame or in the heap: the callers know which.
    return this.keeps('frame') && rootOf(holder).region.kind !== 'frame';
  }

  #child(parent: AbstractObject, field: Field): AbstractObject {
    const { origin } = parent;
    if (origin.kind === 'beyond') return parent;
    const depth = origin.kind === 'inside' ? origin.depth + 1 : 1;
    let children = this.#children.get(parent);
    if (children === undefined) {
      children = new Map();
      this.#children.set(parent, children);
    }
    let child = children.get(field);
    if (child === undefined) {
      child =
        depth > DEPTH || !this.mayTellApart
          ? this.beyond(parent)
          : this.placeholder({ kind: 'inside', parent, field, depth });
      children.set(field, child);
    }
    return child;
  }

  /** Whether others may have put something there. The buffer of a vector is always beside it. */
  #isSharedAt(object: AbstractObject, field: Field): boolean {
    if (this.sharing.by(object) === undefined || !this.keeps('shared')) return false;
    return !this.isBeside(object, field);
  }

  /** Whether what is put there can be found by others, because they know the way to it already. */
  #isVisible(object: AbstractObject): boolean {
    const { kind } = object.region;
    return kind === 'given' || kind === 'heap' || knownBy(object) === 'everybody';
  }

  /** What the host made, or a copy of what is not known, may have anything in it that was made with it or was there before. */
  #isUnknown({ type, origin }: AbstractObject): boolean {
    return type === undefined && (origin.kind === 'call' || origin.kind === 'copy');
  }

  /** The elements of a vector that is a tree are those of the vectors it is made of. */
  #elementsOfRope(rope: AbstractObject, into: Set<AbstractObject>): void {
    const nodes = new Set([rope]);
    for (const node of nodes)
      for (const side of [ROPE_LEFT, ROPE_RIGHT])
        for (const held of this.#sides(node, side)) {
          if (this.#kind(held) === 'rope' && held.region.kind !== 'heap') nodes.add(held);
          else this.load(held, ELEMENT, into);
        }
  }

  #sides(rope: AbstractObject, side: Field): Set<AbstractObject> {
    const held = new Set(rope.fields.get(side)?.keys());
    this.#loadFound(rope, side, held);
    return held;
  }

  /** What may be in a field, or in any, of a thing to which a global of the frame has led. */
  #loadFound(object: AbstractObject, field: Field | undefined, into: Set<AbstractObject>): void {
    if (!isFound(object) || (field !== undefined && this.isBeside(object, field))) return;
    if (ownerOf(object).type !== undefined) this.#addHeld(this.#frameFields.found(object, field), into);
    else this.#addHeld(ANYTHING, into);
  }

  /** What functions that are no callers may have put into an object of the frame, to which a global of the frame leads. */
  #loadShared(object: AbstractObject, field: Field | undefined, into: Set<AbstractObject>): void {
    if (object.region.kind !== 'frame' || this.sharing.by(object) !== 'everybody') return;
    if (!this.#isSharedAt(object, field ?? ELEMENT) || !this.keeps('shared-frame')) return;
    this.#addHeld(this.#frameFields.shared(object, field), into);
  }

  #addHeld({ types, older }: Held, into: Set<AbstractObject>): void {
    for (const type of types) into.add(this.frame.outer(type));
    if (older && this.keeps('framed')) into.add(this.outer);
  }

  /** Whether the field holds what the heap has put beside the object, and nothing else. */
  isBeside(object: AbstractObject, field: Field): boolean {
    return field === ELEMENT ? this.#isDirectory(object) : field === MUT_VECTOR_BUFFER && this.#grows(object);
  }

  /** As what type something is found by way of a global of the frame: a vector whose buffer may be older than it, as any. */
  foundType(object: AbstractObject): number | undefined {
    const { type, fields } = object;
    if (!this.#grows(object)) return type;
    const buffers = [...(fields.get(MUT_VECTOR_BUFFER)?.keys() ?? [])];
    return buffers.some(({ region }) => region.kind !== 'frame') ? undefined : type;
  }

  /** The directory of a segmented sequence: its elements are the chunks. */
  #isDirectory({ origin }: AbstractObject): boolean {
    return origin.kind === 'buffer' && this.#kind(origin.owner) === 'segmented';
  }

  /** Whether the heap puts storage beside the object as it grows. */
  #grows(object: AbstractObject): boolean {
    const kind = this.#kind(object);
    return kind === 'mut-vector' || kind === 'segmented';
  }

  #kind(object: AbstractObject): ObjectType['kind'] | undefined {
    return object.type === undefined ? undefined : this.#types[object.type]?.kind;
  }

  #violate(holder: AbstractObject, held: AbstractObject, witness: Witness): void {
    let known = this.#violated.get(holder);
    if (known === undefined) {
      known = new Set();
      this.#violated.set(holder, known);
    }
    if (known.has(held)) return;
    known.add(held);
    this.violations.push({ holder, held, witness });
  }

  #add(region: Region, origin: Origin, type: number | undefined, site?: object): AbstractObject {
    const object: AbstractObject = {
      region,
      origin,
      type,
      site,
      fields: new Map(),
      leadsTo: new Set(),
      codes: new Set(),
    };
    this.objects.push(object);
    this.version++;
    return object;
  }
}
