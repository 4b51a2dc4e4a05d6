/**
 * The model of reloads (`replace-generated.test.ts`) can fail: rules of a migration are switched off one at a time, and a recorded walk finds
 * each. The walks are found by `SLUICE_SEARCH=1`, which prints the first of each fault.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { REFERENCE_SUBJECT, WEAK_DESCRIPTOR } from '../../../scripting/heap/index.ts';
import type { Image, KeptField, KeptForm } from '../../../scripting/image/index.ts';
import { DevelopmentHeap } from '../../../scripting/machine/development-heap.ts';
import { FunctionValues, Takeover } from '../../../scripting/machine/function-values.ts';
import { Generations } from '../../../scripting/machine/kept.ts';
import { HeldTrial } from '../../../scripting/machine/migration/held-trial.ts';
import { visitObjects } from '../../../scripting/machine/migration/live-objects.ts';
import { type LiveMemory, MemoryCopy } from '../../../scripting/machine/migration/memory.ts';
import { Site } from '../../../scripting/machine/migration/site.ts';
import { ScriptObject, ScriptObjects } from '../../../scripting/machine/object.ts';
import { FAMILIES, type Family, familyOf, STEPS, VERSIONS, WALKS, walk } from './migrating-walk.ts';

/** A rule that is off, and the walk that finds it. */
interface Fault {
  readonly plant?: () => void;
  /** What images say instead. */
  readonly image?: (image: Image) => Image;
  readonly seed: number;
  readonly walk: number;
}

const families = new Map<number, Promise<Family>>();

async function found({ plant, image, seed, walk: number }: Fault): Promise<boolean> {
  const made = families.get(seed) ?? familyOf(seed, VERSIONS);
  families.set(seed, made);
  const family = await made;
  const versions = family.versions.map((version) => ({
    ...version,
    image: image?.(version.image) ?? version.image,
  }));
  plant?.();
  try {
    await walk({ ...family, versions }, number, STEPS);
    return false;
  } catch {
    return true;
  } finally {
    vi.restoreAllMocks();
  }
}

/** Fields are told by where they stand. */
function byPlace(image: Image, kinds: readonly KeptForm['kind'][]): Image {
  const numbered = (fields: readonly KeptField[]): KeptField[] =>
    fields.map((field, i) => ({ ...field, name: `${i}` }));
  const formOf = (form: KeptForm): KeptForm =>
    (form.kind === 'flat' || form.kind === 'struct') && kinds.includes(form.kind)
      ? { ...form, fields: numbered(form.fields) }
      : form;
  const { kept } = image.manifest;
  const types = kept.types.map((type) => ({ ...type, form: formOf(type.form) }));
  return { ...image, manifest: { ...image.manifest, kept: { ...kept, types } } };
}

/** What `cells` says is not told of objects that are others now. */
function leaveOut(cells: (memory: LiveMemory) => readonly number[]): void {
  let memory: LiveMemory | undefined;
  const trial = Site.prototype.trial;
  vi.spyOn(Site.prototype, 'trial').mockImplementation(function (this: Site, body) {
    memory = this.into;
    return trial.call(this, body);
  });
  const right = DevelopmentHeap.prototype.redirectAll;
  vi.spyOn(DevelopmentHeap.prototype, 'redirectAll').mockImplementation(function (this: DevelopmentHeap) {
    const of = memory as LiveMemory;
    const left = cells(of);
    const values = left.map((cell) => of.word(cell));
    right.call(this);
    for (const [i, cell] of left.entries()) of.setWord(cell, values[i] as number);
  });
}

/** Of those that were read. */
function cellsOfHandles(): () => readonly number[] {
  const cells = new Set<number>();
  const right = ScriptObjects.prototype.read;
  vi.spyOn(ScriptObjects.prototype, 'read').mockImplementation(function (this: ScriptObjects, cell, type) {
    cells.add(cell);
    return right.call(this, cell, type);
  });
  return () => [...cells];
}

function cellsOfWeak(memory: LiveMemory): readonly number[] {
  const found: number[] = [];
  visitObjects(memory, (object, descriptor) => {
    if (descriptor === WEAK_DESCRIPTOR) found.push(object + REFERENCE_SUBJECT);
  });
  return found;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'fields of objects are matched by where they stand': {
    image: (image) => byPlace(image, ['struct']),
    seed: 2,
    walk: 0,
  },
  'fields of values that lie flat are': { image: (image) => byPlace(image, ['flat']), seed: 1, walk: 0 },
  'keys are not hashed anew': {
    plant: () => {
      const right = Generations.prototype.misfits;
      vi.spyOn(Generations.prototype, 'misfits').mockImplementation(function (this: Generations, ...args) {
        return { ...right.apply(this, args), rearranged: [] };
      });
    },
    seed: 1,
    walk: 0,
  },
  'handles are not told of objects that are others': {
    plant: () => leaveOut(cellsOfHandles()),
    seed: 4,
    walk: 0,
  },
  'weak references are not': { plant: () => leaveOut(cellsOfWeak), seed: 5, walk: 0 },
  'objects that are made anew are not': {
    plant: () => void vi.spyOn(DevelopmentHeap.prototype, 'redirectIn').mockImplementation(() => undefined),
    seed: 2,
    walk: 2,
  },
  'function values keep their code': {
    plant: () =>
      void vi
        .spyOn(FunctionValues.prototype, 'take')
        .mockImplementation(
          () => new Takeover(new WebAssembly.Table({ element: 'anyfunc', initial: 0 }), []),
        ),
    seed: 1,
    walk: 0,
  },
  'memory is not put back': {
    plant: () => void vi.spyOn(MemoryCopy.prototype, 'restore').mockImplementation(() => undefined),
    seed: 1,
    walk: 0,
  },
  'objects of the host are not put back': {
    plant: () => void vi.spyOn(HeldTrial.prototype, 'putBack').mockImplementation(() => undefined),
    seed: 1,
    walk: 0,
  },
  'handles that were made in vain are left': {
    plant: () => void vi.spyOn(ScriptObject.prototype, 'void').mockImplementation(() => undefined),
    seed: 1,
    walk: 0,
  },
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(process.env.SLUICE_SEARCH === '1')('it is noticed when', () => {
  it.each(Object.entries(FAULTS))('%s', async (_, fault) => {
    expect(await found(fault)).toBe(true);
  });

  it('something is wrong: where nothing is, the same walks find nothing', () => {
    for (const [name, { seed, walk }] of Object.entries(FAULTS))
      expect(seed >= 1 && seed < 1 + FAMILIES && walk < WALKS, name).toBe(true);
  });
});

describe.runIf(process.env.SLUICE_SEARCH === '1')('a search', () => {
  it.each(Object.entries(FAULTS))(
    'finds: %s',
    async (name, fault) => {
      for (let seed = 1; seed < 8; seed += 1)
        for (let number = 0; number < 4; number += 1)
          if (await found({ ...fault, seed, walk: number })) return void console.log(name, seed, number);
      throw new Error('not found');
    },
    600_000,
  );
});
