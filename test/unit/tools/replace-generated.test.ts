/**
 * Random types, values of them in many places, and random edits: after each reload everything that lives must be shown as a plain model
 * has it, which goes by names; where the model has no answer, nothing may have changed.
 *
 * A family is some versions of one program, each an edit of another. A machine walks from one to another, so that every edit is also made
 * backwards, and over several versions at once.
 */
import { describe, expect, it } from 'vitest';
import { STRESS_EAGER, STRESS_MOVE } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import type { Machine, ScriptObject } from '../../../scripting/machine/index.ts';
import { Random } from '../../generated/random.ts';
import { type Held, migrated, type Placement, placements, programText } from './migrating-program.ts';
import { type Definitions, RandomTypes } from './migrating-types.ts';
import { Impossible } from './migrating-values.ts';
import { imageOf, STRESS, start } from './script.ts';

const LONG = process.env.SLUICE_LONG === '1';
const FAMILIES = Number(process.env.SLUICE_CASES ?? (LONG ? 400 : 4));
const SEED = Number(process.env.SLUICE_SEED ?? (LONG ? Date.now() % 1_000_000 : 1));
const VERSIONS = 6;
const WALKS = 2;
const STEPS = 10;

interface Version {
  readonly definitions: Definitions;
  readonly text: string;
  readonly image: Image;
}

/** What is the matter with the heap while code is replaced. */
const MODES = [0, STRESS, STRESS | STRESS_EAGER, STRESS | STRESS_MOVE, STRESS_MOVE | STRESS_EAGER];

class Walk {
  readonly #random: Random;
  readonly #places: readonly Placement[];
  readonly #versions: readonly Version[];
  readonly #broken: Image;
  readonly #machine: Machine;
  readonly counts = { values: 0, replaced: 0, restart: 0, refused: 0 };
  #at: Version;
  #world: ReadonlyMap<Placement, Held> = new Map();
  /** What the host holds. */
  readonly #lent = new Map<Placement, ScriptObject>();

  constructor(
    random: Random,
    places: readonly Placement[],
    versions: readonly Version[],
    broken: Image,
    machine: Machine,
  ) {
    this.#random = random;
    this.#places = places;
    this.#versions = versions;
    this.#broken = broken;
    this.#machine = machine;
    this.#at = versions[0] as Version;
  }

  async run(): Promise<void> {
    this.#fill(1);
    for (let step = 0; step < STEPS; step += 1) {
      const release = await this.#disturb();
      await this.#replace(this.#random.pick(this.#versions));
      await release();
      this.#look();
      if (this.#random.chance(0.6)) this.#fill(0.3);
    }
  }

  #fill(probability: number): void {
    this.#machine.setStress(0);
    const world = new Map(this.#world);
    const { definitions } = this.#at;
    for (const place of this.#places) {
      if (!this.#random.chance(probability)) continue;
      const n = this.#random.below(400);
      this.#machine.call(`fill-${place.name}`, n);
      world.set(place, { values: place.fill(n, definitions), looks: 0 });
      if (place.isLent !== true) continue;
      // What it held before would live on, unknown to the model.
      this.#lent.get(place)?.release();
      this.#lent.set(place, this.#machine.call(`give-${place.name}`) as ScriptObject);
    }
    this.#world = world;
    this.#look();
  }

  /** Brings the heap into some state; what it returns ends that. */
  async #disturb(): Promise<() => Promise<void>> {
    const random = this.#random;
    const machine = this.#machine;
    machine.setStress(random.pick(MODES));
    const nothing = async (): Promise<void> => undefined;
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
        return nothing;
      case 3:
      case 4:
        machine.requestCollection();
        for (let i = random.below(30); i > 0; i -= 1) machine.gapSlice(1 + random.below(200));
        return nothing;
      case 5: {
        const prepared = await machine.prepare(this.#broken);
        // What cannot be migrated is not even tried.
        expect(attempt(() => machine.replace(prepared).kind)).not.toBe('replaced');
        expect(machine.verify()).toBeUndefined();
        this.#look();
        return nothing;
      }
      case 6:
        machine.tidy();
        return nothing;
      default:
        return nothing;
    }
  }

  async #replace(next: Version): Promise<void> {
    const machine = this.#machine;
    const wanted = this.#wanted(next);
    const ask = this.#random.chance(0.5);
    const outcome = machine.replace(await machine.prepare(next.image), { ask });
    const reason = 'reason' in outcome ? outcome.reason : '';
    expect(machine.verify(), reason).toBeUndefined();
    this.counts[outcome.kind as 'replaced'] += 1;
    if (wanted === undefined) {
      expect(outcome.kind, reason).not.toBe('replaced');
    } else {
      expect(outcome.kind, reason).toBe('replaced');
      this.#world = wanted;
      this.#at = next;
    }
    this.#look();
  }

  /** What there is after; undefined where the model has no answer. */
  #wanted(next: Version): ReadonlyMap<Placement, Held> | undefined {
    const was = this.#at.definitions;
    try {
      return migrated(this.#world, was, next.definitions);
    } catch (error) {
      if (error instanceof Impossible) return undefined;
      throw error;
    }
  }

  #look(): void {
    const machine = this.#machine;
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    const world = new Map(this.#world);
    for (const [place, held] of world) {
      const next = { ...held, looks: held.looks + 1 };
      world.set(place, next);
      expect(machine.call(`look-${place.name}`), place.name).toBe(place.show(next, this.#at.definitions));
      if (place.isLent === true)
        expect(machine.call(`take-${place.name}`, this.#lent.get(place))).toBe(
          `true${place.show(next, this.#at.definitions)}`,
        );
      this.counts.values += 1;
    }
    this.#world = world;
  }
}

function attempt<T>(body: () => T): T | unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

describe('a reload of changed types', () => {
  it(
    `shows what a model has that goes by names, or changes nothing (seed ${SEED})`,
    async () => {
      const counts = { values: 0, replaced: 0, restart: 0, refused: 0 };
      for (let family = 0; family < FAMILIES; family += 1) {
        const random = new Random(SEED + family);
        const types = new RandomTypes(random);
        const all: Definitions[] = [types.definitions()];
        while (all.length < VERSIONS) all.push(types.edited(random.pick(all)));
        const places = placements(random, all[0] as Definitions);
        const versions: Version[] = [];
        for (const definitions of all) {
          const text = programText(definitions, places);
          versions.push({ definitions, text, image: await imageOf(text) });
        }
        const bad = '(defglobal *bad* : (Vector i64) (map (fn (i) (nth [1] i)) (range 0 9)))';
        const broken = await imageOf(`${versions[0]?.text}\n${bad}`);
        for (let i = 0; i < WALKS; i += 1) {
          const { machine } = await start((versions[0] as Version).image, {
            timeLimit: Number.POSITIVE_INFINITY,
          });
          const walk = new Walk(random, places, versions, broken, machine);
          await walk.run();
          for (const [name, count] of Object.entries(walk.counts)) counts[name as 'values'] += count;
        }
      }
      expect(counts.values).toBeGreaterThan(FAMILIES * 250);
      const reloads = FAMILIES * WALKS * STEPS;
      expect(counts.replaced).toBeGreaterThan(reloads / 4);
      expect(counts.refused + counts.restart).toBeGreaterThan(reloads / 20);
    },
    FAMILIES * 60_000,
  );
});
