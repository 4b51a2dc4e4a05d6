/**
 * Objects by where they are held: those whose ways from the roots differ in indices alone are of one group, and a list that goes on and on is
 * one group and not as many as it has links.
 *
 *     *orcs*[0].target, *orcs*[7].target          *orcs*[].target
 *     *first*.next, *first*.next.next, ...        *first*.next
 */
import { isInnerStep, shown, stepAt } from './object-types.ts';
import { type ReadHeap, ROOTS_FROM } from './reading.ts';

export interface Groups {
  /** Each object's group. */
  readonly of: Uint32Array;
  /** Each group's way from the roots, and that of the collection or field that it is in: `*names*` for the keys of a map. */
  readonly paths: readonly string[];
  readonly owners: readonly string[];
}

/** So many groups back it is asked whether one is of the same type, and came to by the same step. */
const LONGEST_CIRCLE = 8;
const PORTION = 512;

interface Group {
  readonly number: number;
  readonly above: Group | undefined;
  /** The step to it, and the type of its objects. */
  readonly step: string;
  readonly type: number;
  readonly below: Map<string, Group>;
}

export function* groupsOf(heap: ReadHeap): Generator<void, Groups> {
  const { types, typeOf, parents, parentSlots, roots } = heap;
  const of = new Uint32Array(typeOf.length);
  const groups: Group[] = [];
  const paths: string[] = [];
  const owners: string[] = [];
  const fromRoots = new Map<string, Group>();
  const add = (above: Group | undefined, step: string, type: number): Group => {
    const key = `${type} ${step}`;
    const siblings = above?.below ?? fromRoots;
    let group = siblings.get(key) ?? circle(above, step, type);
    if (group === undefined) {
      group = { number: groups.length, above, step, type, below: new Map() };
      groups.push(group);
      const before = above === undefined ? '' : (paths[above.number] as string);
      const isInner = isInnerStep(step) || step.startsWith('[') || step === '';
      paths.push(`${before}${shown(step)}`);
      owners.push(
        above !== undefined && isInner ? (owners[above.number] as string) : `${before}${shown(step)}`,
      );
    }
    siblings.set(key, group);
    return group;
  };
  // Whoever an object was come to by has a lower number.
  for (const [number, type] of typeOf.entries()) {
    const parent = parents[number] as number;
    let group: Group;
    if (parent >= ROOTS_FROM) group = add(undefined, roots[parent - ROOTS_FROM] as string, type);
    else {
      const holder = types[typeOf[parent] as number];
      const step = holder === undefined ? '' : stepAt(holder, parentSlots[number] as number, '');
      group = add(groups[of[parent] as number], step, type);
    }
    of[number] = group.number;
    if (number % PORTION === 0) yield;
  }
  return { of, paths, owners };
}

function circle(above: Group | undefined, step: string, type: number): Group | undefined {
  let group = above;
  for (let i = 0; i < LONGEST_CIRCLE && group !== undefined; i += 1) {
    if (group.step === step && group.type === type) return group;
    group = group.above;
  }
  return undefined;
}
