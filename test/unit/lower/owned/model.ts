/**
 * What a program with owned values must do, by a model that counts: each thing has a number, a name holds one or none, and whatever leaves a
 * scope drops what its names still hold, the last first. It knows nothing of how that is compiled. Of a program that uses what it has given
 * away, it says so.
 */
import { follow, followAll, type Way } from '../chance-flow.ts';
import type { Case, Statement } from './program.ts';

/** What a program does that it may not. */
export class Fault extends Error {}

interface Live {
  readonly id: number;
  /** The arena whose object holds it. */
  readonly arena?: number;
}

/** What it prints in `run`, then in `finish`; throws a `Fault`. */
export function expected({ body, bits }: Case): readonly string[] {
  const model = new Model(bits);
  model.run(body);
  return model.log;
}

class Model {
  readonly log: string[] = [];
  readonly #bits: number;
  readonly #names = new Map<number, number | undefined>();
  /** What no object of the heap holds, in the order in which it came to be so. */
  #live: Live[] = [];
  readonly #all: number[] = [];
  #next = 0;
  #arenas = 0;

  constructor(bits: number) {
    this.#bits = bits;
  }

  run(body: readonly Statement[]): void {
    if (this.#block(body) === 'fail') for (const { id } of [...this.#live].reverse()) this.#drop(id);
    for (const id of this.#all.reverse()) this.#drop(id);
  }

  #make(): number {
    this.#next += 1;
    this.log.push(`m${this.#next}`);
    this.#live.push({ id: this.#next });
    return this.#next;
  }

  #drop(id: number): void {
    this.#live = this.#live.filter((one) => one.id !== id);
    this.log.push(`d${id}`);
  }

  #held(name: number): number {
    const id = this.#names.get(name);
    if (id === undefined) throw new Fault(`x${name} holds nothing`);
    return id;
  }

  #taken(name: number): number {
    const id = this.#held(name);
    this.#names.set(name, undefined);
    return id;
  }

  #use(id: number): void {
    this.log.push(`u${id}`);
  }

  #block(body: readonly Statement[]): Way {
    return followAll(body, (s) => this.#statement(s));
  }

  #statement(s: Statement): Way {
    switch (s.kind) {
      case 'let': {
        this.#names.set(s.name, this.#make());
        this.#use(this.#held(s.name));
        const way = this.#block(s.body);
        const id = this.#names.get(s.name);
        if (way !== 'fail' && id !== undefined) this.#drop(id);
        this.#names.delete(s.name);
        return way;
      }
      case 'use':
        this.#use(this.#held(s.name));
        return 'on';
      case 'eat': {
        const id = this.#taken(s.name);
        this.#use(id);
        this.#drop(id);
        return 'on';
      }
      case 'drop':
        this.#drop(this.#taken(s.name));
        return 'on';
      case 'set': {
        const id = this.#make();
        const before = this.#names.get(s.name);
        this.#names.set(s.name, id);
        if (before !== undefined) this.#drop(before);
        return 'on';
      }
      case 'push': {
        const id = this.#taken(s.name);
        this.#live = this.#live.filter((one) => one.id !== id);
        this.#all.push(id);
        return 'on';
      }
      case 'lend':
        for (const _ of [1, 2]) this.#use(this.#held(s.name));
        this.log.push('[1 2]');
        return 'on';
      case 'both': {
        const lent = this.#held(s.name);
        const id = this.#taken(s.other);
        if (id === lent) throw new Fault(`x${s.name} is lent and moved`);
        this.#use(id);
        this.#drop(id);
        this.#use(lent);
        return 'on';
      }
      case 'pop': {
        const id = this.#all.pop();
        if (id === undefined) return 'on';
        this.#use(id);
        this.#drop(id);
        return 'on';
      }
      case 'arena': {
        const id = this.#taken(s.name);
        this.#arenas += 1;
        const arena = this.#arenas;
        this.#live = [...this.#live.filter((one) => one.id !== id), { id, arena }];
        this.#use(id);
        const way = this.#block(s.body);
        if (way === 'fail') return way;
        for (const held of this.#live.filter((one) => one.arena === arena).reverse()) this.#drop(held.id);
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
          (text) => this.log.push(text),
        );
      case 'wrong':
        throw new Fault(s.what);
    }
  }
}
