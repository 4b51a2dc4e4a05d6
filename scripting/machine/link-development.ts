import type { DevelopmentHeap } from './development-heap.ts';
import { externImports } from './extern.ts';
import {
  hostServices,
  type ImportsOn,
  immutable,
  LateAdapters,
  LinkedProgram,
  type LinkTarget,
  linked,
  type PreparedImage,
} from './program.ts';
import type { RangePool } from './ranges.ts';

/** What a development image is linked with besides. */
export interface Room {
  readonly heap: DevelopmentHeap;
  readonly statics: RangePool;
  readonly slots: RangePool;
}

/**
 * Links a development image: static memory and table slots of its own, and the cells given. Throws a `LinkError` before
 * anything is touched where host functions lack.
 */
export function linkDevelopment(
  prepared: PreparedImage,
  target: LinkTarget,
  room: Room,
  cells: ReadonlyMap<string, readonly number[]>,
): LinkedProgram {
  const { manifest } = prepared.image;
  const late = new LateAdapters(manifest.shapes);
  const externs = externImports(manifest.externs, target, late);
  const cell: WebAssembly.ModuleImports = {};
  for (const [global, addresses] of cells)
    for (const [component, address] of addresses.entries())
      cell[`${global}#${component}`] = immutable(address);
  const statics = room.statics.take(manifest.staticBytes);
  const slots = room.slots.take(manifest.tableSlots);
  // What was there before is gone; the image's own data comes over it.
  target.views.u8.fill(0, statics, statics + manifest.staticBytes);
  const link = { statics: immutable(statics), slots: immutable(slots) };
  const { allocations } = target;
  const host = {
    ...hostServices(target, prepared.code),
    made: (object: number, site: number) => allocations?.made(object >>> 0, site),
  };
  const imports: ImportsOn = (memory, heap) => ({
    ...externs,
    env: { memory, table: target.table },
    host,
    heap: heap as WebAssembly.ModuleImports,
    link,
    cell,
  });
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(prepared.module, imports(target.views.memory, room.heap.exports));
  } catch (error) {
    room.statics.give(statics, manifest.staticBytes);
    room.slots.give(slots, manifest.tableSlots);
    throw error;
  }
  const program = new LinkedProgram(prepared, imports, instance, cells, { statics, slots });
  late.program = program;
  return linked(program, target);
}
