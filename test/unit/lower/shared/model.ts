/**
 * What a program with shared values must do, by a model that counts owners: names, elements, globals and arenas, each for as long as it
 * could have its share. A program may let go of a name's share before the model does, at the name's last use, and no later. So the model says what is
 * printed beside drops, and for each thing by when it is dropped.
 */
import { follow, followAll, type Way } from '../chance-flow.ts';
import { type Case, DOINGS, type Statement } from './program.ts';

export interface Expected {
  /** What is printed, without drops. */
  readonly printed: readonly string[];
  /** How much was printed, at most, when something is dropped, by its number. What no call drops, as what a function has captured, is not there. */
  readonly latest: ReadonlyMap<number, number>;
}

export function expected({ body, bits }: Case): Expected {
  const model = new Model(bits);
  model.run(body);
  return model;
}

class Model implements Expected {
  readonly printed: string[] = [];
  readonly latest = new Map<number, number>();
  readonly #bits: number;
  readonly #owners = new Map<number, number>();
  readonly #names = new Map<number, number>();
  /** What locals and arenas have shares of, which a failed call leaves behind. */
  readonly #left: number[] = [];
  readonly #all: number[] = [];
  #kept: number | undefined;
  #next = 0;

  constructor(bits: number) {
    this.#bits = bits;
  }

  run(body: readonly Statement[]): void {
    const way = this.#block(body);
    if (way === 'fail') for (const id of this.#left) this.#release(id);
    for (const id of this.#all) this.#release(id);
    if (this.#kept !== undefined) this.#release(this.#kept);
  }

  #make(): number {
    this.#next += 1;
    this.printed.push(`m${this.#next}`);
    return this.#next;
  }

  #retain(id: number): number {
    this.#owners.set(id, (this.#owners.get(id) ?? 0) + 1);
    return id;
  }

  #release(id: number): void {
    const left = (this.#owners.get(id) ?? 0) - 1;
    this.#owners.set(id, left);
    if (left === 0) this.latest.set(id, this.printed.length);
  }

  #use(id: number, times = 1): void {
    for (let i = 0; i < times; i += 1) this.printed.push(`u${id}`);
  }

  #held(name: number): number {
    return this.#names.get(name) as number;
  }

  /** The value of a name, or a new one, with one more owner. */
  #value(from: number | undefined): number {
    return this.#retain(from === undefined ? this.#make() : this.#held(from));
  }

  #keep(id: number | undefined): void {
    const before = this.#kept;
    this.#kept = id === undefined ? undefined : this.#retain(id);
    if (before !== undefined) this.#release(before);
  }

  #block(body: readonly Statement[]): Way {
    return followAll(body, (s) => this.#statement(s));
  }

  #statement(s: Statement): Way {
    switch (s.kind) {
      case 'let': {
        this.#names.set(s.name, this.#value(s.from));
        this.#left.push(this.#held(s.name));
        const at = this.#left.length - 1;
        this.#use(this.#held(s.name));
        const way = this.#block(s.body);
        this.#left[at] = this.#held(s.name);
        if (way === 'fail') return way;
        this.#left.length = at;
        this.#release(this.#held(s.name));
        return way;
      }
      case 'do':
        this.#do(s.name, DOINGS[s.what].uses);
        if (s.what === 'lent to a function') this.printed.push('[1 2]');
        return 'on';
      case 'set': {
        const id = this.#value(s.from);
        this.#release(this.#held(s.name));
        this.#names.set(s.name, id);
        return 'on';
      }
      case 'push':
        this.#all.push(this.#retain(this.#held(s.name)));
        return 'on';
      case 'keep':
        this.#keep(this.#held(s.name));
        return 'on';
      case 'later':
        // What the function has is let go when a collection finds it dead.
        this.#retain(this.#held(s.name));
        this.#do(s.name, 4);
        return 'on';
      case 'pop': {
        const id = this.#all.pop();
        if (id === undefined) return 'on';
        this.#use(id);
        this.#release(id);
        return 'on';
      }
      case 'first':
        if (this.#all[0] !== undefined) this.#use(this.#all[0]);
        return 'on';
      case 'each':
        for (const id of this.#all) this.#use(id);
        return 'on';
      case 'kept':
      case 'taken':
        if (this.#kept !== undefined) this.#use(this.#kept, 2);
        this.#keep(undefined);
        return 'on';
      case 'forget':
        this.#keep(undefined);
        return 'on';
      case 'arena': {
        const id = this.#retain(this.#held(s.name));
        this.#left.push(id);
        const at = this.#left.length - 1;
        this.#use(id);
        const way = this.#block(s.body);
        if (way === 'fail') return way;
        if (way === 'on') this.#use(id);
        this.#left.length = at;
        this.#release(id);
        return way;
      }
      case 'if':
      case 'loop':
      case 'return':
      case 'fail':
        return follow(
          s,
          this.#bits,
          (body) => this.#block(body),
          (text) => this.printed.push(text),
        );
    }
  }

  #do(name: number, uses: number): void {
    this.#use(this.#held(name), uses);
  }
}
