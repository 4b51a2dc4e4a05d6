/**
 * A plain model of the heap, and a mutator that does the same things to both. A command that makes no sense where it
 * stands does nothing. What must hold after each is checked by `compare`: everything that the model can reach lies in
 * memory where it was put, with the contents it had.
 */
import {
  ARRAY_LENGTH,
  DROP_CODE,
  FORCE_ALL,
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  GRANULE_SIZE,
  HEADER_SIZE,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  MUT_VECTOR_SIZE,
  PHASE_MOVE,
  PROXY_DESCRIPTOR,
  PROXY_GENERATION,
  REFERENCE_SUBJECT,
  REGION,
  SHADOW_STACK,
  SHADOW_TOP,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_YOUNG_BYTES,
  SUPPRESSED,
  VECTOR_DATA,
  WEAK_DESCRIPTOR,
} from '../../scripting/heap/index.ts';
import type { Command } from './commands.ts';
import { type Address, HeapFailure, type HeapUnderTest } from './heap-under-test.ts';
import { elementsOf, linkAt, linkOf, type Region, reachable, type Shape, type Thing } from './things.ts';

const WORD = 4;
/** Elements of a whole chunk of segments. */
const CHUNK_SHIFT = 3;
const CHUNK = 1 << CHUNK_SHIFT;
const LOCALS = 12;
const GLOBALS = 6;
const HEAP_RANK = 0;
const FRAME_RANK = 1;

/** Forced collections: without a cycle, with one, and with all kinds of moving. */
const WISHES = [
  0,
  FORCE_FULL,
  FORCE_FULL | FORCE_MOVE,
  FORCE_FULL | FORCE_MOVE | FORCE_LOW,
  FORCE_FULL | FORCE_MOVE | FORCE_ALL,
];

type Open =
  | { readonly kind: 'arena'; readonly before: Region; readonly region: Region }
  | { readonly kind: 'switch'; readonly before: Region }
  | { readonly kind: 'suppress'; readonly before: Region }
  | { readonly kind: 'call'; readonly before: Region; readonly record: Address };

export class Mutator {
  readonly target: HeapUnderTest;
  readonly #descriptors: Record<Shape | 'buffer', Address>;
  readonly #globalCells: Address;
  readonly #locals: (Thing | null)[] = Array.from({ length: LOCALS }, () => null);
  readonly #globals: (Thing | null)[] = Array.from({ length: GLOBALS }, () => null);
  readonly #handles: { cell: Address; thing: Thing }[] = [];
  readonly #heap: Region = { rank: HEAP_RANK, things: new Set() };
  readonly #frame: Region = { rank: FRAME_RANK, things: new Set() };
  readonly #open: Open[] = [];
  /** Every weak reference that may still give something, found again through what holds it. */
  readonly #weaks = new Set<Thing>();
  /** Registered objects whose record was not taken yet, by the code they were registered with. */
  readonly #drops = new Map<number, Thing>();
  /** Those of them that have moved since only their records led to them, so that nobody knows where they lie. */
  readonly #adrift = new Set<Thing>();
  /** Proxies whose death was not heard of yet, by their index. */
  readonly #proxies = new Map<number, Thing>();
  #region: Region = this.#heap;
  #suppressed = 0;
  #marks = 1;

  readonly #actions: Record<Command['op'], (command: Command) => void> = {
    node: ({ a }) => this.#allocate('node', a, 0),
    wide: ({ a }) => this.#allocate('wide', a, 0),
    medium: ({ a }) => this.#allocate('medium', a, 0),
    vector: ({ a, b }) => this.#allocate('vector', a, b % 300),
    records: ({ a, b }) => this.#allocate('records', a, b % 300),
    bytes: ({ a, b }) => this.#allocate('bytes', a, b),
    large: ({ a, b }) => this.#allocate('vector', a, 16000 + (b % 8) * 5000),
    'mut-vector': ({ a }) => this.#allocate('mut-vector', a, 0),
    segments: ({ a }) => this.#allocate('segments', a, 0),
    garbage: ({ a, b }) => this.#allocateGarbage(a, b),
    link: ({ a, b, c }) => this.#link(this.#local(a), b, this.#local(c)),
    unlink: ({ a, b }) => this.#link(this.#local(a), b, null),
    load: ({ a, b, c }) => this.#load(a, this.#local(b), c),
    push: ({ a, b, c }) => this.#push(this.#local(a), this.#local(b), 1 + (c % 3)),
    add: ({ a, b, c }) => this.#add(this.#local(a), this.#local(b), 1 + (c % 7)),
    forget: ({ a }) => this.#forgetAll(this.#local(a)),
    shorten: ({ a, b }) => this.#shorten(this.#local(a), b),
    clear: ({ a, b, c }) => this.#clear(this.#local(a), b, c),
    copy: ({ a, b, c }) => this.#copy(this.#local(a), this.#local(b), c),
    global: ({ a, b }) => this.#setGlobal(a % GLOBALS, this.#local(b)),
    'drop-global': ({ a }) => this.#setGlobal(a % GLOBALS, null),
    drop: ({ a }) => this.#setLocal(a, null),
    handle: ({ a }) => this.#takeHandle(this.#local(a)),
    'free-handle': ({ a }) => this.#freeHandle(a),
    'open-arena': ({ b }) => this.#openArena((b % 4) * 65536, 0),
    'open-limited': ({ b }) => this.#openArena(0, 20000 + b * 40),
    // Calls end less often than the rest, so that failures find something open.
    close: ({ a }) => (this.#open.at(-1)?.kind === 'call' && a % 2 === 1 ? undefined : this.#close()),
    'enter-frame': () => this.#enterFrame(),
    'enter-region': ({ a }) => this.#enterRegionOf(this.#local(a)),
    'enter-suppressed': () => this.#enterSuppressed(),
    'enter-call': () => this.#enterCall(),
    fail: () => this.#fail(),
    suppress: () => this.#suppress(),
    resume: () => this.#resume(),
    'reset-frame': () => this.#resetFrame(),
    weaken: ({ a, b, c }) => this.#weaken(a, this.#local(b), c % 2 === 0),
    upgrade: ({ a, b }) => this.#upgrade(a, this.#local(b)),
    'register-drop': ({ a }) => this.#registerDrop(this.#local(a)),
    'take-drops': ({ a, b }) => this.#takeDrops(a % 3, b),
    proxy: ({ a }) => this.#makeProxy(a),
    'take-proxies': () => this.#takeProxies(),
    collect: ({ a }) => this.#collect(a % 2 === 0),
    request: () => this.target.heap.requestCollection(),
    // From one object to all there is.
    gap: ({ a }) => void this.target.heap.gapSlice(a % 5 === 0 ? 1000 : 1 + (a % 17)),
    force: ({ a }) => this.target.heap.force(WISHES[a % WISHES.length]!), // there are some
    'force-slice': ({ a, b }) => this.#forceSlice(1 + (a % 40), b % 12),
    'force-all': ({ a, b }) => this.#forceAll(WISHES[a % WISHES.length]!, 1 + (b % 40)), // there are some
    verify: () => this.#verify(),
  };

  constructor(target: HeapUnderTest) {
    this.target = target;
    this.#descriptors = {
      node: target.describe({ size: 16, addresses: [4, 8] }),
      wide: target.describe({ size: 212, addresses: [4, 8, 12, 104] }),
      medium: target.describe({ size: 9004, addresses: [4, 8] }),
      vector: target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] }),
      records: target.describe({ size: 16, stride: 12, addresses: [8], elementAddresses: [0, 8] }),
      bytes: target.describe({ size: 12, stride: 1 }),
      'mut-vector': target.describe({ size: MUT_VECTOR_SIZE, addresses: [MUT_VECTOR_BUFFER] }),
      segments: target.describe({ size: MUT_VECTOR_SIZE, addresses: [MUT_VECTOR_BUFFER] }),
      buffer: target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] }),
      weak: WEAK_DESCRIPTOR,
      proxy: PROXY_DESCRIPTOR,
    };
    this.#globalCells = target.allocateRoots(GLOBALS);
    for (let i = 0; i < LOCALS; i++) target.store(SHADOW_STACK + i * WORD, 0);
    target.store(SHADOW_TOP, SHADOW_STACK + LOCALS * WORD);
  }

  run(commands: readonly Command[]): void {
    for (const command of commands) this.step(command);
    this.finish();
  }

  /** Ends what is open, collects, and compares everything. */
  finish(): void {
    this.#endAll();
    this.#collect(true);
    this.target.check();
    this.compare();
  }

  step(command: Command): void {
    this.#actions[command.op](command);
  }

  /** Everything that can be reached is in memory as the model has it. */
  compare(): void {
    const { target } = this;
    this.#globals.forEach((thing, i) => {
      equal('a global', target.load(this.#globalCells + i * WORD), thing?.address ?? 0);
    });
    for (const { cell, thing } of this.#handles) equal('a handle', target.load(cell), thing.address);
    const roots = [...this.#globals, ...this.#locals, ...this.#handles.map(({ thing }) => thing)];
    const drops = [...this.#drops.values()].filter((thing) => !this.#adrift.has(thing));
    for (const thing of reachable([...roots, ...drops])) this.#compareThing(thing);
    equal('suppression', target.load(SUPPRESSED), this.#suppressed);
  }

  /** Right after a collection: exactly what is reachable, or in an open arena reaches it, counts as alive. */
  compareLiveBytes(): void {
    const kept = this.#kept();
    let bytes = 0;
    for (const thing of kept) if (thing.region.rank === HEAP_RANK) bytes += thing.bytes + (thing.buffer ?? 0);
    // Records live until they are taken, proxies until their death was heard of.
    bytes += this.#drops.size * GRANULE_SIZE;
    for (const proxy of this.#proxies.values()) if (!kept.has(proxy)) bytes += GRANULE_SIZE;
    equal('live bytes', this.target.load(STATS_LIVE_BYTES), bytes);
    equal('young bytes', this.target.load(STATS_YOUNG_BYTES), 0);
  }

  /** What scripts can get at. */
  #reached(): Set<Thing> {
    const roots = [...this.#globals, ...this.#locals, ...this.#handles.map(({ thing }) => thing)];
    for (const region of this.#arenas()) roots.push(...region.things);
    return reachable(roots);
  }

  /** What the heap must keep: also for drops. */
  #kept(): Set<Thing> {
    return reachable([...this.#reached(), ...this.#drops.values()]);
  }

  *#arenas(): Iterable<Region> {
    yield this.#frame;
    for (const open of this.#open) if (open.kind === 'arena') yield open.region;
  }

  #compareThing(thing: Thing): void {
    const { target } = this;
    const { shape, address } = thing;
    equal(`descriptor of a ${shape}`, target.load(address), this.#descriptors[shape]);
    if (shape === 'weak') return;
    if (isGrowing(thing)) equal('length', target.load(address + MUT_VECTOR_LENGTH), thing.links.length);
    else equal(`mark of a ${shape}`, target.load(this.#markCell(thing)), thing.mark);
    thing.links.forEach((link, i) => {
      equal(`link ${i} of a ${shape}`, target.load(this.#cellOf(thing, i)), link?.address ?? 0);
    });
  }

  /** Where a number lies that tells this object from all others; an array's length serves where there is no room. */
  #markCell(thing: Thing): Address {
    switch (thing.shape) {
      case 'node':
        return thing.address + 12;
      case 'wide':
        return thing.address + 208;
      case 'medium':
        return thing.address + 9000;
      default:
        // For a proxy this is its index.
        return thing.address + ARRAY_LENGTH;
    }
  }

  #cellOf(thing: Thing, i: number): Address {
    const { address } = thing;
    switch (thing.shape) {
      case 'wide':
        return address + [4, 8, 12, 104][i]!; // four links
      case 'vector':
        return address + VECTOR_DATA + i * WORD;
      case 'records':
        return i === 0 ? address + 8 : address + 16 + ((i - 1) >> 1) * 12 + ((i - 1) & 1) * 8;
      case 'mut-vector':
        return this.#holderOf(thing, i) + VECTOR_DATA + i * WORD;
      case 'segments':
        return this.#holderOf(thing, i) + VECTOR_DATA + (i % CHUNK) * WORD;
      default:
        return address + HEADER_SIZE + i * WORD;
    }
  }

  /** The object that a link's cell is part of. */
  #holderOf(thing: Thing, i = 0): Address {
    if (!isGrowing(thing)) return thing.address;
    const buffer = this.target.load(thing.address + MUT_VECTOR_BUFFER);
    if (thing.shape === 'mut-vector') return buffer;
    return this.target.load(buffer + VECTOR_DATA + (i >> CHUNK_SHIFT) * WORD);
  }

  #local(i: number): Thing | null {
    return this.#locals[i % LOCALS] ?? null;
  }

  #setLocal(i: number, thing: Thing | null): void {
    this.#locals[i % LOCALS] = thing;
    this.target.store(SHADOW_STACK + (i % LOCALS) * WORD, thing?.address ?? 0);
  }

  #setGlobal(i: number, thing: Thing | null): void {
    if (thing !== null && thing.region.rank > FRAME_RANK) return;
    this.#globals[i] = thing;
    this.target.store(this.#globalCells + i * WORD, thing?.address ?? 0);
  }

  #allocate(shape: Exclude<Shape, 'weak' | 'proxy'>, local: number, length: number): void {
    try {
      const { target } = this;
      const descriptor = this.#descriptors[shape];
      const isArray = shape === 'vector' || shape === 'records' || shape === 'bytes';
      const address = isArray ? target.allocateArray(descriptor, length) : target.allocate(descriptor);
      const links = {
        node: 2,
        wide: 4,
        medium: 2,
        vector: length,
        records: 1 + 2 * length,
        bytes: 0,
        'mut-vector': 0,
        segments: 0,
      };
      const sizes = {
        node: 16,
        wide: 212,
        medium: 9004,
        'mut-vector': MUT_VECTOR_SIZE,
        segments: MUT_VECTOR_SIZE,
      };
      const arraySizes = {
        vector: VECTOR_DATA + length * WORD,
        records: 16 + length * 12,
        bytes: 12 + length,
      };
      const bytes = granules({ ...sizes, ...arraySizes }[shape]);
      const mark = isArray ? length : this.#marks++;
      const thing: Thing = {
        shape,
        address,
        region: this.#region,
        mark,
        links: Array.from({ length: links[shape] }, () => null),
        bytes,
      };
      if (!isArray && !isGrowing(thing)) target.store(this.#markCell(thing), mark);
      if (this.#region !== this.#heap) this.#region.things.add(thing);
      this.#setLocal(local, thing);
    } catch (failure) {
      // A limited arena is full, or memory is: the command then did nothing, and the heap must be as it was.
      if (!(failure instanceof HeapFailure)) throw failure;
      this.target.check();
    }
  }

  #link(from: Thing | null, i: number, to: Thing | null): void {
    if (from === null || from.links.length === 0) return;
    if (to !== null && to.region.rank > from.region.rank) return;
    const index = linkOf(from, i);
    from.links[index] = to;
    this.target.storeAddress(this.#holderOf(from, index), this.#cellOf(from, index), to?.address ?? 0);
  }

  #load(local: number, from: Thing | null, i: number): void {
    if (from === null || from.links.length === 0) return;
    this.#setLocal(local, from.links[linkOf(from, i)] ?? null);
  }

  #push(vector: Thing | null, value: Thing | null, times: number): void {
    if (vector === null || vector.shape !== 'mut-vector') return;
    if (value !== null && value.region.rank > vector.region.rank) return;
    const { target } = this;
    for (let i = 0; i < times; i++) {
      const old = target.load(vector.address + MUT_VECTOR_BUFFER);
      try {
        target.call(() => target.heap.mutVectorGrow(vector.address, this.#descriptors.buffer, 1));
      } catch (failure) {
        if (!(failure instanceof HeapFailure)) throw failure;
        equal('the buffer after a failure', target.load(vector.address + MUT_VECTOR_BUFFER), old);
        return;
      }
      const buffer = target.load(vector.address + MUT_VECTOR_BUFFER);
      vector.buffer = granules(VECTOR_DATA + target.load(buffer + ARRAY_LENGTH) * WORD);
      if (old !== 0 && old !== buffer) this.#leaveBehind(vector, old);
      target.store(vector.address + MUT_VECTOR_LENGTH, vector.links.length + 1);
      vector.links.push(value);
      const cell = this.#cellOf(vector, vector.links.length - 1);
      target.storeAddress(this.#holderOf(vector), cell, value?.address ?? 0);
    }
  }

  /** Elements at the end of segments, which grow by a chunk at a time. */
  #add(segments: Thing | null, value: Thing | null, times: number): void {
    if (segments === null || segments.shape !== 'segments') return;
    if (value !== null && value.region.rank > segments.region.rank) return;
    const { target } = this;
    const { buffer } = this.#descriptors;
    for (let i = 0; i < times; i++) {
      const length = segments.links.length;
      const first = length === 0 ? 0 : this.#holderOf(segments);
      try {
        target.call(() => target.heap.segmentsAdd(segments.address, buffer, buffer, CHUNK_SHIFT));
      } catch (failure) {
        if (!(failure instanceof HeapFailure)) throw failure;
        equal('the length after a failure', target.load(segments.address + MUT_VECTOR_LENGTH), length);
        segments.buffer = this.#segmentBytes(segments);
        return;
      }
      if (first !== 0 && first !== this.#holderOf(segments)) this.#leaveBehind(segments, first);
      segments.buffer = this.#segmentBytes(segments);
      segments.links.push(value);
      const cell = this.#cellOf(segments, length);
      target.storeAddress(this.#holderOf(segments, length), cell, value?.address ?? 0);
    }
  }

  #forgetAll(segments: Thing | null): void {
    if (segments === null || segments.shape !== 'segments') return;
    for (let i = 0; i < segments.links.length; i += CHUNK) {
      this.#leaveBehind(segments, this.#holderOf(segments, i), i, i + CHUNK);
    }
    this.target.heap.segmentsClear(segments.address);
    segments.links.length = 0;
    segments.buffer = 0;
  }

  /** Bytes of the directory and of the chunks that it leads to. */
  #segmentBytes({ address }: Thing): number {
    const { target } = this;
    const bytes = (array: Address) => granules(VECTOR_DATA + target.load(array + ARRAY_LENGTH) * WORD);
    const directory = target.load(address + MUT_VECTOR_BUFFER);
    if (directory === 0) return 0;
    let sum = bytes(directory);
    for (let i = 0; i < target.load(directory + ARRAY_LENGTH); i++) {
      const chunk = target.load(directory + VECTOR_DATA + i * WORD);
      if (chunk !== 0) sum += bytes(chunk);
    }
    return sum;
  }

  /** What a removal from the end does: the cells after the new length are cleared, then the length is stored. */
  #shorten(vector: Thing | null, length: number): void {
    if (vector === null || vector.shape !== 'mut-vector' || vector.links.length === 0) return;
    const kept = length % vector.links.length;
    this.target.heap.arrayClear(this.#holderOf(vector), kept, vector.links.length - kept);
    this.target.store(vector.address + MUT_VECTOR_LENGTH, kept);
    vector.links.length = kept;
  }

  #clear(array: Thing | null, from: number, count: number): void {
    if (array === null) return;
    const length = elementsOf(array);
    if (length === 0) return;
    const first = from % length;
    const cleared = 1 + (count % (length - first));
    this.target.heap.arrayClear(this.#holderOf(array), first, cleared);
    array.links.fill(null, linkAt(array, first), linkAt(array, first + cleared));
  }

  /** Copies between two arrays of one stride, or within one, where stretches may overlap. */
  #copy(to: Thing | null, from: Thing | null, at: number): void {
    if (to === null || from === null || (to.shape === 'records') !== (from.shape === 'records')) return;
    const room = elementsOf(to);
    const given = elementsOf(from);
    if (room === 0 || given === 0) return;
    const target = at % room;
    const source = (at >> 1) % given;
    const count = Math.min(room - target, given - source);
    const links = from.links.slice(linkAt(from, source), linkAt(from, source + count));
    if (links.some((link) => link !== null && link.region.rank > to.region.rank)) return;
    this.target.heap.arrayCopy(this.#holderOf(to), target, this.#holderOf(from), source, count);
    to.links.splice(linkAt(to, target), links.length, ...links);
  }

  /** A buffer that was outgrown in an arena keeps what it held alive, as everything in an arena does; in a checked build it is emptied. */
  #leaveBehind(vector: Thing, address: Address, from = 0, to = vector.links.length): void {
    if (this.target.isChecked) return;
    const links = vector.links.slice(from, to);
    const buffer: Thing = {
      shape: 'vector',
      address,
      region: vector.region,
      mark: this.target.load(address + ARRAY_LENGTH),
      links,
      bytes: 0,
    };
    if (vector.region !== this.#heap) vector.region.things.add(buffer);
  }

  #takeHandle(thing: Thing | null): void {
    if (thing === null || thing.region !== this.#heap) return;
    this.#handles.push({ cell: this.target.heap.newHandle(thing.address) >>> 0, thing });
  }

  #freeHandle(i: number): void {
    if (this.#handles.length === 0) return;
    const [handle] = this.#handles.splice(i % this.#handles.length, 1);
    if (handle !== undefined) this.target.heap.freeHandle(handle.cell);
  }

  #openArena(chunk: number, limit: number): void {
    this.target.heap.openArena(chunk, limit);
    const arenas = this.#open.filter((open) => open.kind === 'arena').length;
    const region: Region = { rank: FRAME_RANK + 1 + arenas, things: new Set() };
    this.#open.push({ kind: 'arena', before: this.#region, region });
    this.#region = region;
  }

  #allocateGarbage(local: number, count: number): void {
    for (let i = 0; i < count; i++) this.#allocate(i % 7 === 0 ? 'wide' : 'node', local, 0);
  }

  #enterFrame(): void {
    this.target.heap.enterFrame();
    this.#enter('switch', this.#frame);
  }

  #enterSuppressed(): void {
    this.target.heap.enterSuppressed();
    this.#suppressed++;
    this.#enter('suppress', this.#region);
  }

  #enterCall(): void {
    this.#open.push({ kind: 'call', before: this.#region, record: this.target.heap.enter() });
    this.#region = this.#heap;
  }

  #suppress(): void {
    this.target.heap.suppress();
    this.#suppressed++;
  }

  /** A full collection; `exactly` takes what was queued before, so that the queues must hold just what it finds. */
  #collect(exactly: boolean): void {
    const runs = this.#suppressed === 0;
    if (exactly && runs) {
      this.#takeDrops(0, 0);
      this.#takeProxies();
    }
    this.target.heap.collect();
    if (runs) this.compareLiveBytes();
    this.compare();
    if (exactly && runs) this.#compareReferences();
  }

  /** Right after a collection that began with empty queues: weak references, drops and proxies are as they must be. */
  #compareReferences(): void {
    const reached = this.#reached();
    for (const weak of [...this.#weaks]) {
      if (!reached.has(weak) || !weak.subject) {
        if (!reached.has(weak)) this.#weaks.delete(weak);
        continue;
      }
      const found = this.target.heap.upgrade(weak.address) >>> 0;
      if (found === 0 && weak.uncertain) continue;
      equal('a weak reference', found, reached.has(weak.subject) ? weak.subject.address : 0);
    }
    const dead = [...this.#drops].filter(([, thing]) => !reached.has(thing)).map(([code]) => code);
    const kept = this.#kept();
    const proxies = [...this.#proxies.values()].filter((proxy) => !kept.has(proxy)).length;
    const dropped = this.#takeDrops(0, 0);
    equal('dropped', dropped.length, dead.length);
    equal('dead proxies', this.#takeProxies(), proxies);
  }

  #weaken(local: number, subject: Thing | null, inFrame: boolean): void {
    if (subject === null || subject.region !== this.#heap) return;
    this.#allocating(() => {
      if (inFrame) this.target.heap.enterFrame();
      const address = this.target.heap.newWeak(subject.address) >>> 0;
      if (inFrame) this.target.heap.leaveRegion();
      const weak: Thing = {
        shape: 'weak',
        address,
        region: this.#heap,
        mark: 0,
        links: [],
        bytes: GRANULE_SIZE,
        subject,
      };
      this.#weaks.add(weak);
      this.#setLocal(local, weak);
    });
  }

  /** Gone for good is only what nothing else leads to; what comes back must be whole. */
  #upgrade(local: number, weak: Thing | null): void {
    if (weak === null || weak.shape !== 'weak') return;
    const found = this.target.heap.upgrade(weak.address) >>> 0;
    const subject = weak.subject ?? null;
    if (found === 0) {
      if (subject !== null && !weak.uncertain && this.#reached().has(subject))
        throw new Error('a living object was given up');
      weak.subject = null;
      this.#weaks.delete(weak);
    } else {
      equal('a weak reference', found, subject?.address ?? 0);
      this.#setLocal(local, subject);
    }
  }

  #registerDrop(thing: Thing | null): void {
    if (thing === null || thing.region !== this.#heap) return;
    const code = this.#marks++;
    this.#allocating(() => {
      this.target.heap.registerDrop(thing.address, code);
      this.#drops.set(code, thing);
    });
  }

  /** Takes all records; their code may store the object somewhere, or forget it. Returns their codes. */
  #takeDrops(keep: number, local: number): number[] {
    const codes: number[] = [];
    const reached = this.#reached();
    for (;;) {
      const record = this.target.heap.takeDrop() >>> 0;
      if (record === 0) return codes;
      const code = this.target.load(record + DROP_CODE);
      const thing = this.#drops.get(code);
      if (thing === undefined) throw new Error(`the drop ${code} came out twice or was never registered`);
      const address = this.target.load(record + REFERENCE_SUBJECT);
      if (this.#adrift.delete(thing)) this.#follower(new Set(reached))(thing, address);
      equal('a drop', address, thing.address);
      if (reached.has(thing)) throw new Error('a living object is dropped');
      codes.push(code);
      this.#drops.delete(code);
      for (const weak of this.#weaks) weak.uncertain ||= weak.subject != null && !reached.has(weak.subject);
      if (keep === 1) this.#setLocal(local + codes.length, thing);
    }
  }

  #makeProxy(local: number): void {
    this.#allocating(() => {
      const mark = this.#marks++;
      const address = this.target.heap.newProxy(mark, mark + 1) >>> 0;
      const proxy: Thing = {
        shape: 'proxy',
        address,
        region: this.#heap,
        mark,
        links: [],
        bytes: GRANULE_SIZE,
      };
      this.#proxies.set(mark, proxy);
      this.#setLocal(local, proxy);
    });
  }

  /** Returns how many. */
  #takeProxies(): number {
    const kept = this.#kept();
    for (let count = 0; ; count++) {
      const address = this.target.heap.takeDeadProxy() >>> 0;
      if (address === 0) return count;
      const index = this.target.load(address + REFERENCE_SUBJECT);
      const proxy = this.#proxies.get(index);
      if (proxy === undefined) throw new Error(`the proxy ${index} died twice or was never made`);
      equal('generation of a dead proxy', this.target.load(address + PROXY_GENERATION), index + 1);
      if (kept.has(proxy)) throw new Error('a living proxy is given back');
      this.#proxies.delete(index);
    }
  }

  /** Where memory has run out, nothing has changed. */
  #allocating(body: () => void): void {
    const region = this.target.load(REGION);
    try {
      this.target.call(body);
    } catch (failure) {
      if (!(failure instanceof HeapFailure)) throw failure;
      equal('the region after a failure', this.target.load(REGION), region);
      this.target.check();
    }
  }

  /** A slice of the forced collection in progress. Where objects begin to move, some slices later a script is entered. */
  #forceSlice(work: number, slices: number): void {
    const { heap } = this.target;
    heap.forceSlice(work);
    if (this.target.load(STATS_PHASE) !== PHASE_MOVE) return;
    for (let i = 0; i < slices; i++) heap.forceSlice(work);
    heap.leave(heap.enter());
    this.#follow();
    this.compare();
  }

  /** A forced collection from beginning to end. */
  #forceAll(wishes: number, work: number): void {
    const { heap } = this.target;
    // Nothing moves while anything is open: every other time all of it ends first.
    if (work % 2 === 0) this.#endAll();
    heap.force(wishes);
    while (heap.forceSlice(work) !== 0);
    if (this.#open.length === 0) this.#follow();
    this.compare();
    if (wishes !== 0 && this.#suppressed === 0) this.compareLiveBytes();
  }

  /** Objects have moved: their new addresses are read from whatever holds them. */
  #follow(): void {
    const { target } = this;
    const seen = new Set<Thing>();
    const reach = this.#follower(seen);
    for (const region of this.#arenas()) for (const thing of region.things) reach(thing, thing.address);
    this.#globals.forEach((thing, i) => {
      reach(thing, target.load(this.#globalCells + i * WORD));
    });
    this.#locals.forEach((thing, i) => {
      reach(thing, target.load(SHADOW_STACK + i * WORD));
    });
    for (const { cell, thing } of this.#handles) reach(thing, target.load(cell));
    this.#adrift.clear();
    for (const thing of this.#drops.values()) if (!seen.has(thing)) this.#adrift.add(thing);
  }

  /** Takes note of an object's new address, and of those of all that it leads to. */
  #follower(seen: Set<Thing>): (thing: Thing | null, address: Address) => void {
    return (root, found) => {
      const pending: [Thing | null, Address][] = [[root, found]];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const [thing, address] = next;
        if (thing === null) {
          equal('an empty cell', address, 0);
        } else if (seen.has(thing)) {
          equal(`another address of a ${thing.shape}`, address, thing.address);
        } else {
          seen.add(thing);
          thing.address = address;
          thing.links.forEach((link, i) => {
            pending.push([link, this.target.load(this.#cellOf(thing, i))]);
          });
          if (thing.subject) {
            const subject = this.target.load(address + REFERENCE_SUBJECT);
            if (subject !== 0) pending.push([thing.subject, subject]);
          }
        }
      }
    };
  }

  #verify(): void {
    this.target.check();
    this.compare();
  }

  #enterRegionOf(thing: Thing | null): void {
    if (thing === null) return;
    this.target.heap.enterRegionOf(thing.address);
    this.#enter('switch', thing.region);
  }

  #enter(kind: 'switch' | 'suppress', region: Region): void {
    this.#open.push({ kind, before: this.#region });
    this.#region = region;
  }

  /** Ends what was opened last. */
  #close(): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    const { heap } = this.target;
    if (open.kind === 'arena') heap.closeArena();
    else if (open.kind === 'switch') heap.leaveRegion();
    else if (open.kind === 'suppress') heap.leaveSuppressed();
    else heap.leave(open.record);
    this.#ended();
  }

  #endAll(): void {
    while (this.#open.length > 0) this.#close();
    while (this.#suppressed > 0) this.#resume();
  }

  /** The innermost call fails. */
  #fail(): void {
    const call = this.#open.findLast((open) => open.kind === 'call');
    if (call === undefined || call.kind !== 'call') return;
    this.target.heap.unwind(call.record);
    while (this.#open.at(-1) !== call) this.#ended();
    this.#ended();
  }

  /** The model's side of an end. */
  #ended(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    if (open.kind === 'suppress') this.#suppressed--;
    if (open.kind === 'arena') this.#forget(open.region);
    this.#region = open.before;
  }

  /** What compiled code does when an arena ends: nothing on the shadow stack points into it any more. */
  #forget(region: Region): void {
    this.#locals.forEach((thing, i) => {
      if (thing?.region === region) this.#setLocal(i, null);
    });
    this.#globals.forEach((thing, i) => {
      if (thing?.region === region) this.#setGlobal(i, null);
    });
    region.things.clear();
  }

  #resume(): void {
    const inBlocks = this.#open.filter((open) => open.kind === 'suppress').length;
    if (this.#suppressed <= inBlocks) return;
    this.target.heap.resume();
    this.#suppressed--;
  }

  #resetFrame(): void {
    if (this.#region === this.#frame || this.#open.some((open) => open.before === this.#frame)) return;
    // Whatever an open arena holds of the frame's would dangle: the loop resets the frame when no script runs.
    if (this.#open.some((open) => open.kind === 'arena')) return;
    this.target.heap.resetFrame();
    this.#forget(this.#frame);
  }
}

/** Whether an object's elements lie in others that are exchanged as it grows. */
function isGrowing({ shape }: Thing): boolean {
  return shape === 'mut-vector' || shape === 'segments';
}

function granules(bytes: number): number {
  return (bytes + 15) & ~15;
}

function equal(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: found ${found}, the model says ${wanted}`);
}
