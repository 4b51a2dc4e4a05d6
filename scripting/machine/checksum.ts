/**
 * A checksum of the world: two runs of one image whose scripts have come to the same have the same one, whatever machine they ran on
 * and whenever its collector did. What the globals hold, and all that they reach, is written as a sequence of words, which SHA-256 sums
 * up. An address in it is the number of the object there, in the order in which the walk comes to them, breadth first:
 *
 *     *hero* : Hero ──▶ (Hero :hp 3 :name ──▶ "Ann" :rival ──▶ (Hero :hp 5 :name ──▶ "Ann" :rival ●))
 *
 *     globals   [key] 1                      what `*hero*` holds is object 1
 *     object 1  [new type: "Hero"] 3 2 3     its hp, its name, its rival
 *     object 2  [new type: "String"] 3 "Ann"
 *     object 3  [type 1] 5 2 1               the same name, and the rival's rival is object 1
 *
 * What differs though nothing has happened differently is left out: addresses, spare room of collections, the bits of a NaN, what nothing
 * but a weak reference leads to, and what `sluice.stage` keeps for itself, since a run without a screen draws nothing.
 */
import {
  CLOSURE_CODE,
  DESCRIPTOR_STRIDE_AT,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  PROXY_DESCRIPTOR,
  RANDOM_STATE,
  REFERENCE_SUBJECT,
  STRING_BYTES,
  STRING_DATA,
  VECTOR_DATA,
  VECTOR_LENGTH,
  WEAK_DESCRIPTOR,
} from '../heap/index.ts';
import type { GlobalEntry, TypeEntry } from '../image/index.ts';
import { Words } from './words.ts';
import { describedWorld, type HasWorld, type World } from './world.ts';

type Stored = TypeEntry['fields'][number]['rep'];

/**
 * Sums up what a machine's script has come to: its globals but for those of the frame, all that they reach, and where its random numbers
 * are. The world is read at once; 16 hexadecimal digits follow. Throws while a script is running, in a game whose machine is not described
 * yet (`Machine.describe`), and a `TypeError` in a page that was not served safely (by https, or from localhost), since such a
 * page has no SHA-256.
 */
export function checksum(machine: HasWorld): Promise<string> {
  const words = new Walk(describedWorld(machine)).run();
  if (globalThis.crypto?.subtle === undefined)
    throw new TypeError(
      'a checksum needs `crypto.subtle`, which pages have that come by https or from localhost',
    );
  return crypto.subtle
    .digest('SHA-256', words)
    .then((digest) =>
      [...new Uint8Array(digest, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    );
}

const NAN_BITS = 0x7ff80000;

class Walk {
  readonly #world: World;
  readonly #words = new Words();
  /** The objects that were come to, by address; a proxy's by its index in the host's table, made negative. */
  readonly #numbers = new Map<number, number>();
  /** Types that were come to, by the address of their descriptor. */
  readonly #types = new Map<number, { readonly entry: TypeEntry | undefined; readonly number: number }>();
  readonly #queue: number[] = [];
  readonly #weak: number[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  run(): Uint32Array<ArrayBuffer> {
    const { globals, cells, views } = this.#world;
    for (let word = 0; word < 4; word += 1) this.#words.add(views.word(RANDOM_STATE + 4 * word));
    for (const global of globals) {
      if (!counts(global)) continue;
      // Without its module, whose name may begin with a folder: the same project may lie elsewhere.
      this.#text(global.name.slice(global.name.lastIndexOf('.') + 1));
      const addresses = cells.get(global.key) ?? [];
      for (const [i, { rep }] of global.cells.entries()) this.#part(addresses[i] as number, rep);
    }
    // Objects that are come to meanwhile are appended.
    for (let i = 0; i < this.#queue.length; i += 1) this.#object(this.#queue[i] as number);
    // What nothing else leads to may have been collected or not.
    for (const subject of this.#weak) this.#words.add(this.#numbers.get(subject) ?? 0);
    return this.#words.all;
  }

  #object(address: number): void {
    const { views } = this.#world;
    const descriptor = views.word(address);
    if (descriptor === WEAK_DESCRIPTOR) {
      this.#weak.push(views.word(address + REFERENCE_SUBJECT));
      return;
    }
    if (descriptor === PROXY_DESCRIPTOR) {
      this.#words.add(this.#number(-1 - views.word(address + REFERENCE_SUBJECT)));
      return;
    }
    const entry = this.#type(descriptor, address);
    switch (entry?.kind) {
      case undefined:
        throw new Error('there is an object of no type');
      case 'string':
        this.#bytes(address + STRING_DATA, views.word(address + STRING_BYTES));
        return;
      case 'vector':
        this.#elements(address, views.word(address + VECTOR_LENGTH));
        return;
      case 'mut-vector':
        // The buffer is nobody else's.
        this.#elements(views.word(address + MUT_VECTOR_BUFFER), views.word(address + MUT_VECTOR_LENGTH));
        return;
      case 'segmented':
        this.#segments(views.word(address + MUT_VECTOR_BUFFER), views.word(address + MUT_VECTOR_LENGTH));
        return;
      case 'closure':
        this.#words.add(views.word(address + CLOSURE_CODE) - this.#world.slots);
        this.#fields(address, entry);
        return;
      case 'struct':
      case 'rope':
      case 'other':
        this.#fields(address, entry);
    }
  }

  #fields(address: number, { fields }: TypeEntry): void {
    for (const { offset, rep } of fields) this.#part(address + offset, rep);
  }

  /** The first elements of a vector or a buffer. */
  #elements(vector: number, count: number): void {
    this.#words.add(count);
    if (vector === 0 || count === 0) return;
    const { views } = this.#world;
    const descriptor = views.word(vector);
    const stride = views.word(descriptor + DESCRIPTOR_STRIDE_AT);
    const fields = this.#type(descriptor, vector)?.fields ?? [];
    for (let i = 0; i < count; i += 1)
      for (const { offset, rep } of fields) this.#part(vector + VECTOR_DATA + i * stride + offset, rep);
  }

  /** Drawn in the heap's `mutator/segments.ts`: a list of chunks, of which only the last is not full; none for elements that are nothing. */
  #segments(directory: number, count: number): void {
    const { views } = this.#world;
    let left = directory === 0 ? 0 : count;
    for (let chunk = 0; left > 0; chunk += 1) {
      const address = views.word(directory + VECTOR_DATA + 4 * chunk);
      const here = Math.min(left, views.word(address + VECTOR_LENGTH));
      this.#elements(address, here);
      left -= here;
    }
    this.#words.add(0);
  }

  #part(address: number, stored: Stored): void {
    const { views } = this.#world;
    switch (stored) {
      case 'ref':
        this.#reference(views.word(address));
        return;
      case 'i8':
        this.#words.add(views.u8[address] as number);
        return;
      case 'i16':
        this.#words.add((views.u8[address] as number) | ((views.u8[address + 1] as number) << 8));
        return;
      case 'i32':
        this.#words.add(views.word(address));
        return;
      case 'f32':
        this.#words.add(Number.isNaN(views.f32[address >>> 2]) ? NAN_BITS : views.word(address));
        return;
      case 'i64':
      case 'f64': {
        const isNone = stored === 'f64' && Number.isNaN(views.f64[address >>> 3]);
        this.#words.add(isNone ? 0 : views.word(address));
        this.#words.add(isNone ? NAN_BITS : views.word(address + 4));
      }
    }
  }

  #reference(address: number): void {
    if (address !== 0 && !this.#numbers.has(address)) this.#queue.push(address);
    this.#words.add(address === 0 ? 0 : this.#number(address));
  }

  #number(of: number): number {
    const known = this.#numbers.get(of);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(of, number);
    return number;
  }

  /** The type of an object, which is named where it is come to first. */
  #type(descriptor: number, object: number): TypeEntry | undefined {
    const known = this.#types.get(descriptor);
    if (known !== undefined) {
      this.#words.add(known.number);
      return known.entry;
    }
    const { views, types } = this.#world;
    const number = this.#types.size + 1;
    const entry = types.entryOf(object, views);
    this.#types.set(descriptor, { entry, number });
    this.#words.add(number);
    this.#text((entry?.name ?? '').replace(/^fn at .*\//, 'fn at '));
    return entry;
  }

  #text(text: string): void {
    this.#words.add(text.length);
    for (let i = 0; i < text.length; i += 1) this.#words.add(text.charCodeAt(i));
  }

  #bytes(address: number, count: number): void {
    this.#words.add(count);
    const { u8 } = this.#world.views;
    for (let i = 0; i < count; i += 4) {
      let word = 0;
      for (let j = 0; j < Math.min(4, count - i); j += 1) word |= (u8[address + i + j] as number) << (8 * j);
      this.#words.add(word);
    }
  }
}

/** What is computed in each frame, or kept to draw and to find what was drawn, says nothing that the rest does not. */
function counts({ frame, key }: GlobalEntry): boolean {
  return !frame && !/^(?:layer:|sluice\.stage\.)/.test(key);
}
