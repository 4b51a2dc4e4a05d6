/** How long the host's functions take that a script calls: each is wrapped, and a call's time is added to its frame's. */
import type { HostModules } from '../../machine/index.ts';

/** A call of one that no other call of one is around. */
export interface HostCall {
  readonly name: string;
  /** By `performance.now`. */
  readonly begun: number;
  readonly ended: number;
}

type HostFunction = (...args: unknown[]) => unknown;

export class TimedHost {
  /** The same modules, timed. Their functions are called as methods of what they were. */
  readonly modules: HostModules;
  #calls: HostCall[] = [];
  #depth = 0;

  constructor(modules: HostModules) {
    this.modules = Object.fromEntries(
      Object.entries(modules).map(([name, module]) => [name, this.#timed(name, module)]),
    );
  }

  /** The calls since it was asked last, in order. */
  take(): readonly HostCall[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  #timed(module: string, members: object): object {
    const wrapped = new Map<unknown, HostFunction>();
    return new Proxy(members, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key);
        if (typeof found !== 'function' || typeof key !== 'string') return found;
        const known = wrapped.get(found);
        if (known !== undefined) return known;
        const timed: HostFunction = (...args) =>
          this.callHost(`${module}.${key}`, () => found.apply(target, args));
        wrapped.set(found, timed);
        return timed;
      },
    });
  }

  /** By its name a stack's sample is known to be in a function of the host: `HOST_CALL`. */
  callHost(name: string, call: () => unknown): unknown {
    const begun = performance.now();
    this.#depth += 1;
    try {
      return call();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#calls.push({ name, begun, ended: performance.now() });
    }
  }
}

/** What a native profile calls the function that host functions are called by. */
export const HOST_CALL = 'callHost';
