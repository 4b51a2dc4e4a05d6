/**
 * Random programs whose code is replaced while they run, beside the model. A family is some versions of one program, each an edit of
 * another. A machine walks from one to another, so that every edit is also made backwards, and over several versions at once.
 */
import { expect } from 'vitest';
import { STRESS_EAGER, STRESS_MOVE } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import {
  Machine,
  type PreparedImage,
  type ReplaceReport,
  type ScriptFunction,
  type ScriptObject,
} from '../../../scripting/machine/index.ts';
import { Random } from '../../generated/random.ts';
import { type Given, type Held, Moved, type Placement, type Version } from './migrating-places.ts';
import { migrated, programText } from './migrating-program.ts';
import { placements } from './migrating-shapes.ts';
import { type Definitions, RandomTypes } from './migrating-types.ts';
import { Impossible, Migrating } from './migrating-values.ts';
import { imageOf, STRESS } from './script.ts';

interface Compiled extends Version {
  readonly image: Image;
}

/** What a run of all tests walks through: families from seed 1 on, each of so many programs, which are compiled, and machines that walk among them. */
export const FAMILIES = 8;
export const VERSIONS = 5;
export const WALKS = 5;
export const STEPS = 25;

export interface Family {
  readonly seed: number;
  readonly places: readonly Placement[];
  readonly versions: readonly Compiled[];
}

/** What walks have come by. */
export interface Counts {
  values: number;
  replaced: number;
  migrated: number;
  rearranged: number;
  restart: number;
  refused: number;
  failed: number;
  renamed: number;
  restored: number;
  applied: number;
}

export const noCounts = (): Counts => ({
  values: 0,
  replaced: 0,
  migrated: 0,
  rearranged: 0,
  restart: 0,
  refused: 0,
  failed: 0,
  renamed: 0,
  restored: 0,
  applied: 0,
});

/** The programs of a family, compiled. */
export async function familyOf(seed: number, count: number): Promise<Family> {
  const random = new Random(seed);
  const types = new RandomTypes(random);
  const all: Definitions[] = [types.definitions()];
  while (all.length < count) all.push(types.edited(random.pick(all)));
  const places = placements(random, all);
  const versions: Compiled[] = [];
  for (const [number, definitions] of all.entries()) {
    const version = { definitions, number, isRenamed: random.chance(0.3) };
    versions.push({ ...version, image: await imageOf(programText(version, places)) });
  }
  return { seed, places, versions };
}

/** One machine's walk of so many reloads. */
export async function walk(family: Family, number: number, steps: number): Promise<Counts> {
  const walk = new Walk(family, new Random(family.seed * 1000 + number));
  await walk.start();
  for (let i = 0; i < steps; i += 1) await walk.step();
  return walk.counts;
}

/** What is the matter with the heap while code is replaced. */
const MODES = [0, 0, 0, 0, STRESS, STRESS | STRESS_EAGER, STRESS | STRESS_MOVE, STRESS_MOVE | STRESS_EAGER];

/** What the host says to let the last first value fail. */
const FAILS = 9;

type World = ReadonlyMap<Placement, Held>;

/** What there is after a reload. */
interface Wanted {
  readonly world: World;
  /** Undefined where something that waits cannot be brought along. */
  readonly parked: ReadonlyMap<string, Held> | undefined;
  /** Whether it may be refused for what waits, or for what goes. */
  readonly isDoubtful: boolean;
}

class Walk {
  readonly counts = noCounts();
  readonly #random: Random;
  readonly #places: readonly Placement[];
  readonly #versions: readonly Compiled[];
  #machine!: Machine;
  #at: Compiled;
  #world: World = new Map();
  /** What waits for a name that has been the global's which has two. */
  #parked = new Map<string, Held>();
  /** The number of the version whose first value `*count*` began with. */
  #begun: number;
  /** What the host holds. */
  readonly #given = new Map<Placement, Given>();
  /** What it was given by first values. */
  #noted: ScriptObject[] = [];
  /** What it does when it is asked for the last time. */
  #trial: () => number = () => 0;
  /** Compiling an image takes longer than a reload, and another one of the same is no different. */
  readonly #prepared = new Map<Image, Promise<PreparedImage>>();

  constructor({ places, versions }: Family, random: Random) {
    this.#random = random;
    this.#places = places;
    this.#versions = versions;
    this.#at = versions[0] as Compiled;
    this.#begun = this.#at.number;
  }

  #prepare({ image }: Compiled): Promise<PreparedImage> {
    const prepared = this.#prepared.get(image) ?? this.#machine.prepare(image);
    this.#prepared.set(image, prepared);
    return prepared;
  }

  async start(): Promise<void> {
    const things = [0, 1, 2, 3, 4].map((n) => ({ n }));
    const host = {
      zero: () => 0,
      thing: (n: number) => things[n],
      'number-of': ({ n }: { n: number }) => n,
      note: (object: ScriptObject) => void this.#noted.push(object),
      trial: () => this.#trial(),
    };
    this.#machine = await Machine.create(this.#at.image, {
      host: { host },
      onFailure: ({ error }) => {
        throw error;
      },
      timeLimit: Number.POSITIVE_INFINITY,
      // As little as there can be: migrations copy it, and it grows while they go on.
      initialMemory: 0,
    });
    this.#world = new Map(
      this.#places.flatMap((place) => {
        const values = place.first?.(this.#at);
        return values === undefined ? [] : [[place, { values, looks: 0, hidden: [], n: 0 }] as const];
      }),
    );
    this.#takeNoted();
    this.#fill(1);
  }

  async step(): Promise<void> {
    const random = this.#random;
    const release = await this.#disturb();
    const next = random.pick(this.#versions);
    if (random.chance(0.25)) await this.#fail(next);
    else await this.#replace(next);
    await release?.();
    this.#machine.setStress(0);
    // Without anything that was waiting, nothing has happened since the last look.
    if (release !== undefined) this.#look();
    this.#countThings();
    if (random.chance(0.3)) this.#apply();
    if (random.chance(0.6)) this.#fill(0.3);
  }

  // ---------------------------------------------------------------------------------------- what lives

  #fill(probability: number): void {
    const machine = this.#machine;
    machine.setStress(0);
    const world = new Map(this.#world);
    for (const place of this.#places) {
      if (!this.#random.chance(probability)) continue;
      const n = this.#random.below(400);
      // What it held before would live on, unknown to the model.
      this.#letGo(place);
      machine.call(`fill-${place.name}`, n);
      const before = world.get(place);
      const hidden =
        place.hide === undefined
          ? []
          : [...place.hide(n, this.#at), ...(before?.values ?? []), ...(before?.hidden ?? [])];
      world.set(place, { values: place.fill(n, this.#at), looks: 0, hidden, n });
      if (place.host !== undefined) this.#given.set(place, place.host.give(machine));
    }
    this.#world = world;
    if (this.#random.chance(0.7)) this.#endFrame();
    this.#look();
  }

  /** What waits for the end of a frame is gone. */
  #endFrame(): void {
    this.#machine.step(1 / 60);
    this.#machine.resetFrame();
    this.#world = new Map([...this.#world].map(([place, held]) => [place, { ...held, hidden: [] }]));
  }

  #letGo(place: Placement): void {
    this.#given.get(place)?.release();
    this.#given.delete(place);
  }

  #look(): void {
    const machine = this.#machine;
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    const world = new Map(this.#world);
    for (const [place, held] of world) {
      const next = { ...held, looks: held.looks + 1 };
      expectSame(place.see(machine), place.show(next, this.#at), place.name);
      world.set(place, next);
      this.counts.values += 1;
    }
    this.#world = world;
    this.#lookFromHost();
  }

  #lookFromHost(): void {
    for (const [place, given] of this.#given) {
      const held = this.#world.get(place) as Held;
      expectSame(place.host?.see(this.#machine, given), place.host?.show(held, this.#at), place.name);
    }
  }

  /** The host's objects that the script holds are those of the place, each once. */
  #countThings(): void {
    this.#machine.collect();
    const place = this.#places.find(({ name }) => name === 'things') as Placement;
    const { values } = this.#world.get(place) as Held;
    expect(this.#machine.hostObjects).toBe(values.length);
  }

  /** Brings the heap into some state; what it returns ends that, where it has no end of its own. */
  async #disturb(): Promise<(() => Promise<void>) | undefined> {
    const random = this.#random;
    const machine = this.#machine;
    machine.setStress(random.pick(MODES));
    switch (random.below(8)) {
      case 0:
        machine.suppress();
        return async () => machine.resume();
      case 1: {
        const forced = machine.force({ move: true });
        return async () => void (await forced);
      }
      case 2:
        await machine.force({ move: true, shrink: true });
        return undefined;
      case 3:
      case 4:
        machine.requestCollection();
        for (let i = random.below(30); i > 0; i -= 1) machine.gapSlice(1 + random.below(200));
        return undefined;
      case 5:
        machine.tidy();
        return undefined;
      default:
        return undefined;
    }
  }

  // ---------------------------------------------------------------------------------------- reloads

  async #replace(next: Compiled): Promise<void> {
    const machine = this.#machine;
    const wanted = this.#wanted(next);
    const ask = this.#random.chance(0.5);
    this.#trial = () => {
      this.#expectHeld(wanted?.world, next);
      return 0;
    };
    const outcome = machine.replace(await this.#prepare(next), { ask });
    const reason = 'reason' in outcome ? outcome.reason : '';
    expect(machine.verify(), reason).toBeUndefined();
    this.counts[outcome.kind as 'replaced'] += 1;
    if (outcome.kind !== 'replaced') expect(wanted?.isDoubtful ?? true, reason).toBe(true);
    else if (wanted === undefined) expect(outcome.kind, 'the model has no answer').not.toBe('replaced');
    else this.#take(next, wanted, outcome);
    this.#takeNoted();
    this.#look();
  }

  /** What there is after; undefined where the model has no answer. */
  #wanted(next: Compiled): Wanted | undefined {
    const migrating = new Migrating(this.#at.definitions, next.definitions);
    const bring = <K>(held: ReadonlyMap<K, Held>, place: (key: K) => Placement): ReadonlyMap<K, Held> =>
      new Map([...held].map(([key, one]) => [key, migrated(one, place(key), migrating)] as const));
    const world = possible(() => bring(this.#world, (place) => place));
    const parked = possible(() => bring(this.#parked, () => this.#moved));
    const isBack = this.#parked.has(this.#moved.global(next));
    if (world === undefined || (isBack && parked === undefined)) return undefined;
    if ([...world].some(([place, held]) => place.isAmiss?.(held, next))) return undefined;
    return { world, parked, isDoubtful: parked === undefined || migrating.isDoubtful };
  }

  #take(next: Compiled, { world, parked }: Wanted, report: ReplaceReport): void {
    if (report.migrated.length > 0) {
      this.counts.migrated += 1;
      // What waits is given the new layouts with all others.
      this.#parked = new Map(parked as ReadonlyMap<string, Held>);
    }
    if (report.rearranged.length > 0) this.counts.rearranged += 1;
    const isNew = next.number !== this.#at.number && next.number !== this.#begun;
    expect(report.notApplied.includes('*count*')).toBe(isNew);
    expect(report.forgotten).toEqual([]);
    this.#world = world;
    this.#move(next, report);
    this.#at = next;
  }

  /** The global that has two names. */
  #move(next: Compiled, { parked, restored, renames }: ReplaceReport): void {
    const place = this.#moved;
    const [from, to] = [place.global(this.#at), place.global(next)];
    expect(parked).toEqual(from === to ? [] : [from]);
    if (from === to) return;
    const world = new Map(this.#world);
    const held = world.get(place) as Held;
    const back = this.#parked.get(to);
    expect(restored).toEqual(back === undefined ? [] : [to]);
    this.#parked.delete(to);
    this.#parked.set(from, held);
    world.set(place, back ?? { values: place.first(), looks: 0, hidden: [], n: 0 });
    if (back !== undefined) this.counts.restored += 1;
    else {
      expect(renames).toEqual([{ from, to }]);
      if (this.#random.chance(0.6)) {
        this.#machine.rename({ from, to });
        this.#parked.delete(from);
        world.set(place, held);
        this.counts.renamed += 1;
      }
    }
    expect(this.#machine.parked).toEqual([...this.#parked.keys()]);
    this.#world = world;
  }

  get #moved(): Moved {
    return this.#places.find((place) => place instanceof Moved) as Moved;
  }

  /** New code is tried whose last first value fails: nothing has changed. */
  async #fail(next: Compiled): Promise<void> {
    const machine = this.#machine;
    const prepared = await this.#prepare(next);
    const wanted = this.#wanted(next);
    const letsGo = this.#random.chance(0.3);
    this.#trial = () => {
      this.#expectHeld(wanted?.world, next);
      if (letsGo) for (const place of [...this.#given.keys()]) this.#letGo(place);
      return FAILS;
    };
    const error = attempt(() => machine.replace(prepared).kind);
    expect(error).not.toBe('replaced');
    this.counts.failed += 1;
    this.#trial = () => 0;
    expect(machine.verify()).toBeUndefined();
    this.#takeNoted();
    this.#look();
  }

  /** A function that the host holds does what it does by now, also while first values are computed. */
  #expectHeld(world: World | undefined, version: Version): void {
    if (world === undefined) return;
    for (const [place, given] of this.#given) {
      if (place.name !== 'held') continue;
      const held = world.get(place) as Held;
      expect((given as ScriptFunction)()).toBe(place.host?.show(held, version));
    }
  }

  /** What first values have given to the host is what it was, or nothing. */
  #takeNoted(): void {
    const lent = this.#places.find(({ name }) => name === 'lent') as Placement;
    for (const object of this.#noted) {
      const held = this.#world.get(lent);
      if (object.released) expect(attempt(() => object.address)).toBeInstanceOf(TypeError);
      else if (held !== undefined)
        expect(lent.host?.see(this.#machine, object)).toBe(lent.host?.show(held, this.#at));
      object.release();
    }
    this.#noted = [];
  }

  // ---------------------------------------------------------------------------------------- what a reload leaves to be decided

  /** Globals begin anew, as their code says now. */
  #apply(): void {
    const machine = this.#machine;
    expect(machine.notApplied.includes('*count*')).toBe(this.#begun !== this.#at.number);
    const world = new Map(this.#world);
    for (const place of this.#places) {
      if (!['count', 'initial'].includes(place.name)) continue;
      machine.applyInitial([`*${place.name}*`]);
      world.set(place, { values: place.first?.(this.#at) ?? [], looks: 0, hidden: [], n: 0 });
    }
    this.#world = world;
    this.#begun = this.#at.number;
    this.counts.applied += 1;
    this.#look();
  }
}

/** Each `expect` costs as much as a look. */
function expectSame(found: unknown, wanted: unknown, name: string): void {
  if (found !== wanted) expect(found, name).toBe(wanted);
}

/** Undefined where the model has no answer. */
function possible<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof Impossible) return undefined;
    throw error;
  }
}

function attempt<T>(body: () => T): T | unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}
