/**
 * What the host supplies to generated programs, in two forms: for the reference, on its own values, and for the machine. A
 * script is entered again by `visit`, `each` and `kept`.
 */
import { STATS_TRACING } from '../../scripting/heap/index.ts';
import type { Machine, ScriptObject } from '../../scripting/machine/index.ts';
import { entry, type HostAct } from './program.ts';
import { Failure, type Runtime } from './runtime.ts';
import { Discard, Product, type Value, Vec } from './value.ts';

/** Visits within visits. */
const VISITS = 2;

const tagged = (n: number): string => `t${n}`;
const names = (n: number): string[] => Array.from({ length: mod(n, 4) }, (_, i) => `n${n + i}`);
const mod = (n: number, by: number): number => ((n % by) + by) % by;
const message = (n: number): string => `refused ${n}`;

/** An integer that crosses to JavaScript, where not all have room. */
function small(value: Value): number {
  const crossed = Number(value as bigint);
  if (!Number.isSafeInteger(crossed)) throw new Discard('an integer that JavaScript does not have');
  return crossed;
}

/** The host of the reference. */
export interface Host {
  call(rt: Runtime, name: string, args: readonly Value[]): Value;
  /** What it keeps of the script's. */
  kept(): readonly Value[];
  forget(): void;
}

export function hostFunctions(visit: (n: bigint) => Value): Host {
  let kept: Value;
  let visits = 0;
  const call = (rt: Runtime, name: string, args: readonly Value[]): Value => {
    const [first, second] = args;
    switch (name) {
      case 'tag':
        rt.born();
        return tagged(small(first));
      case 'names':
        return new Vec(names(small(first)), false, rt.born());
      case 'card':
        return new Product('Card', [tagged(small(first)), BigInt(small(first))], rt.born());
      case 'rank-of':
        return BigInt(small((first as Product).fields[1]));
      case 'visit': {
        if (visits >= VISITS) return -1n;
        visits += 1;
        try {
          return BigInt(small(visit(BigInt(small(second)))));
        } finally {
          visits -= 1;
        }
      }
      case 'each':
        for (let i = 0n; i < BigInt(mod(small(first), 4)); i += 1n) rt.call(second, [i]);
        return undefined;
      case 'keep':
        kept = first;
        return undefined;
      case 'kept':
        if (kept === undefined || visits >= VISITS) return -1n;
        visits += 1;
        try {
          return BigInt(small(rt.call(kept, [BigInt(small(first))])));
        } finally {
          visits -= 1;
        }
      case 'attempt':
        rt.born();
        if (mod(small(first), 2) === 1) return new Product('Err', [message(small(first))], rt.born());
        return new Product('Ok', [tagged(small(first))], rt.born());
      case 'refuse':
        rt.born();
        if (mod(small(first), 3) === 0)
          throw new Failure('host', `host.refuse failed: ${message(small(first))}`);
        return tagged(small(first));
      default:
        throw new Error(`the host has no ${name}`);
    }
  };
  return {
    call,
    kept: () => [kept],
    forget: () => {
      kept = undefined;
    },
  };
}

interface Kept {
  (n: number): number;
  release(): void;
}

/** The host of a machine. */
export class MachineHost {
  #machine: Machine | undefined;
  #kept: Kept | undefined;
  #visits = 0;
  /** What a case gave, and is given back. */
  #given: ScriptObject | undefined;

  adopt(machine: Machine): void {
    this.#machine = machine;
  }

  forget(): void {
    this.#kept?.release();
    this.#kept = undefined;
    this.#given?.release();
    this.#given = undefined;
  }

  /** Does with a case what the reference does. */
  act(act: HostAct, index: number): void {
    const machine = this.#machine as Machine;
    switch (act.kind) {
      case 'reset':
        machine.call(entry.reset(index));
        return;
      case 'step':
        machine.call(entry.step(index), act.round);
        return;
      case 'give':
        this.#given?.release();
        this.#given = undefined;
        this.#given = machine.call(entry.give(index), act.round) as ScriptObject;
        return;
      case 'collect':
        machine.collect();
        return;
      case 'gap':
        do machine.gapSlice(act.work);
        while (act.whole && machine.statistic(STATS_TRACING) !== 0);
        return;
      case 'report':
        machine.call(entry.report(index));
        return;
      case 'take':
        if (this.#given !== undefined) machine.call(entry.take(index), this.#given);
        this.#given?.release();
        this.#given = undefined;
    }
  }

  readonly functions = {
    tag: tagged,
    names,
    card: (n: number) => ({ title: tagged(n), rank: n }),
    'rank-of': ({ rank }: { rank: number }) => rank,
    visit: (id: number, n: number): number => {
      if (this.#visits >= VISITS) return -1;
      this.#visits += 1;
      try {
        return this.#machine?.call(entry.visit(id), n) as number;
      } finally {
        this.#visits -= 1;
      }
    },
    each: (n: number, f: (i: number) => void) => {
      for (let i = 0; i < mod(n, 4); i += 1) f(i);
    },
    keep: (f: Kept) => {
      this.forget();
      this.#kept = f;
    },
    kept: (n: number): number => {
      if (this.#kept === undefined || this.#visits >= VISITS) return -1;
      this.#visits += 1;
      try {
        return this.#kept(n);
      } finally {
        this.#visits -= 1;
      }
    },
    attempt: (n: number): string => {
      if (mod(n, 2) === 1) throw new Error(message(n));
      return tagged(n);
    },
    refuse: (n: number): string => {
      if (mod(n, 3) === 0) throw new Error(message(n));
      return tagged(n);
    },
  };
}
