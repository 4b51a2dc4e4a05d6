/**
 * What a generated program does: all that the host does with a case, and what there is from one of its calls to the next. The
 * meaning of expressions is in `evaluator.ts`.
 */
import { Definitions } from './definitions.ts';
import { Evaluator, type Surroundings } from './evaluator.ts';
import { type Host, hostFunctions } from './host.ts';
import {
  type Case,
  type Expression,
  entry,
  type HostAct,
  hostActs,
  reported,
  type World,
} from './program.ts';
import { Failure } from './runtime.ts';
import { Discard, reachable, Shower, unshare, type Value, type WeakLink } from './value.ts';

/** What one call by the host does. */
export interface Outcome {
  readonly output: string;
  /** `kind: message` of what stopped it. */
  readonly failure: string | undefined;
}

/** What a call may take: more is not worth running under stress. */
export interface Limits {
  readonly steps: number;
  readonly allocations: number;
}

export class Interpreter implements Surroundings {
  readonly #definitions: Definitions;
  readonly #evaluator: Evaluator;
  readonly #shower: Shower;
  readonly #limits: Limits;
  readonly #case: Case;
  readonly #host: Host;
  readonly #held = new Map<string, Value>();
  readonly #links = new Set<WeakLink>();
  /** What the host was given by the case and returns to it. */
  #given: Value;
  #births = 0;
  #steps = 0;
  #start = 0;
  #output = '';
  /** Greater than 0 where nothing may have an effect. */
  #pure = 0;
  /** Subjects of weak references that are in use. */
  readonly used: Value[] = [];
  readonly copied = new Set<Value>();

  constructor(world: World, one: Case, limits: Limits) {
    this.#definitions = new Definitions(world, one);
    this.#evaluator = new Evaluator(this.#definitions, this);
    this.#shower = new Shower(world);
    this.#limits = limits;
    this.#case = one;
    this.#host = hostFunctions((n) => this.#enter(entry.visit(one.index), [n]));
  }

  /** All that the host does with a case. */
  run(): Outcome[] {
    return hostActs(this.#case).map((act) => this.#outcome(() => this.#act(act)));
  }

  #act(act: HostAct): void {
    const { index } = this.#case;
    switch (act.kind) {
      case 'reset':
        this.#reset();
        return;
      case 'step':
        this.#enter(entry.step(index), [BigInt(act.round)]);
        return;
      case 'give':
        this.#given = undefined;
        this.#given = this.#enter(entry.give(index), [BigInt(act.round)]);
        return;
      case 'collect':
        this.#collect();
        return;
      case 'gap':
        return;
      case 'report':
        this.#report();
        return;
      case 'take':
        if (this.#given === undefined) return;
        this.#enter(entry.take(index), [this.#given]);
        this.#given = undefined;
    }
  }

  #outcome(body: () => void): Outcome {
    this.#output = '';
    this.#steps = 0;
    this.#start = this.#births;
    let failure: string | undefined;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = `${error.kind}: ${error.message}`;
    }
    // The frame ends with the host's call.
    unshare(this.copied);
    this.copied.clear();
    for (const { name, frame } of this.#definitions.globals) if (frame) this.#held.delete(name);
    return { output: this.#output, failure };
  }

  #reset(): void {
    this.#host.forget();
    for (const { name, frame, init } of this.#definitions.globals)
      if (!frame) this.#held.set(name, this.#evaluator.initial(init));
  }

  #report(): void {
    for (const { name } of reported(this.#case)) this.print(`${name} ${this.text(this.global(name))}\n`);
    for (const report of this.#definitions.reports) this.#evaluator.callFunction(report, []);
  }

  /** What lives for sure while no call runs. */
  #roots(): Value[] {
    return [...this.#held.values(), ...this.#host.kept(), this.#given];
  }

  /** A full collection: weak references to what no global reaches are cleared. What the host keeps is kept. */
  #collect(): void {
    const alive = reachable(this.#roots());
    for (const link of this.#links) if (!alive.has(link.subject)) link.cleared = true;
  }

  /** The host calls an exported function. */
  #enter(name: string, args: readonly Value[]): Value {
    return this.#evaluator.callFunction(this.#definitions.function(name), args);
  }

  // -------------------------------------------------------------------------------------------- runtime

  born(): number {
    this.#births += 1;
    if (this.#births - this.#start > this.#limits.allocations) throw new Discard('too many allocations');
    return this.#births;
  }

  text(value: Value): string {
    return this.#shower.text(value);
  }

  show(value: Value): string {
    return this.#shower.show(value);
  }

  pure<T>(body: () => T): T {
    this.#pure += 1;
    try {
      return body();
    } finally {
      this.#pure -= 1;
    }
  }

  print(text: string): undefined {
    this.#output += text;
    if (this.#output.length > 20_000) throw new Discard('too much output');
    return undefined;
  }

  /** Deterministic only where the subject is reached for sure, or was found dead by a collection of the host's. */
  upgrade(link: WeakLink): Value {
    if (link.cleared) return undefined;
    if (!reachable([...this.#roots(), ...this.used]).has(link.subject))
      throw new Discard('nobody knows whether this is collected');
    return link.subject;
  }

  global(name: string): Value {
    if (!this.#held.has(name)) {
      const found = this.#definitions.globals.find((g) => g.name === name);
      if (found === undefined) throw new Discard(`no global ${name}`);
      this.#held.set(name, this.#evaluator.initial(found.init));
    }
    return this.#held.get(name);
  }

  setGlobal(name: string, value: Value): void {
    this.#held.set(name, value);
  }

  call(f: Value, args: readonly Value[]): Value {
    return this.#evaluator.call(f, args);
  }

  callHost(name: string, args: readonly Value[]): Value {
    return this.#host.call(this, name, args);
  }

  step(e: Expression): void {
    this.#steps += 1;
    if (this.#steps > this.#limits.steps) throw new Discard('too many steps');
    if (this.#pure > 0 && hasEffect(e)) throw new Discard('an effect where nobody says how often');
  }

  linked(link: WeakLink): void {
    this.#links.add(link);
  }

  begun(since: 'call' | 'now'): number {
    return since === 'call' ? this.#start : this.#births;
  }
}

/** Whether an expression by itself changes something, or is seen from outside. */
function hasEffect({ kind, name }: Expression): boolean {
  if (kind === 'primitive') return /!$|^print/.test(name);
  return kind.startsWith('set-') || kind === 'host' || kind === 'weak';
}
