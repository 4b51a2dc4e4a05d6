/** What lies in the cells of globals. */
import type { Manifest, Rep, Stored } from '../../image/index.ts';
import type { Raw } from '../convert.ts';
import type { Types } from '../kept.ts';
import type { KnownObjects } from './known-objects.ts';
import { type Memory, read, type WritableMemory, write } from './memory.ts';

/** A global whose value stays; where that lies otherwise now, in other cells. */
export interface LivingGlobal {
  readonly name: string;
  /** The key of its type. */
  readonly type: string;
  /** Types of the version as whose it lies. */
  readonly types: Types;
  /** Its cells before. */
  readonly was: readonly number[];
}

/** The components that its value becomes; undefined where it stays where it is. Throws an `Unconvertible`. */
export function convertGlobal(
  from: Memory,
  objects: KnownObjects,
  { name, type, types, was }: LivingGlobal,
): readonly Raw[] | undefined {
  const values = objects.valuesOf(types);
  if (values.isSame(type)) return undefined;
  const old = values.componentsBefore(type).map((stored, i) => read(from, cellRep(stored), was[i] as number));
  const made: Raw[] = [];
  values.between(type, type, `\`${name}\``)(old, 0, made);
  return made;
}

/** Writes what its value has become into its cells. */
export function writeGlobal(
  into: WritableMemory,
  { next }: KnownObjects,
  { type }: LivingGlobal,
  made: readonly Raw[],
  cells: readonly number[],
): void {
  const parts = next.kept.get(type)?.components ?? [];
  for (const [i, value] of made.entries())
    write(into, cellRep(parts[i] as Stored), cells[i] as number, value);
}

/** What the cells hold in which a value of a type lies. */
export function cellReps({ kept }: Manifest, type: string): readonly Rep[] {
  return (kept.types.find(({ key }) => key === type)?.components ?? []).map(cellRep);
}

/** A cell holds a component as a local does. */
const cellRep = (stored: Stored): Rep =>
  stored === 'i8s' || stored === 'i8u' || stored === 'i16s' || stored === 'i16u' ? 'i32' : stored;
