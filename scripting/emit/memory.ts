/** The module's memory, which the machine makes, and the static data the module brings for it. */
import type binaryen from 'binaryen';

/** What binaryen.js has at run time where its declarations still name functions of an older version. */
interface DataSegments {
  getNumDataSegments(): number;
  getDataSegmentInfo(segment: binaryen.DataSegmentRef): {
    readonly offset: number;
    readonly data: ArrayBuffer;
    readonly passive: boolean;
  };
}

/** Pages a memory must have at least; how large it may get is the machine's decision. */
const INITIAL_PAGES = 1;
const MAXIMUM_PAGES = 65536;
/** The memory's name inside a module that has none yet. */
const MEMORY = '0';

/**
 * Imports the memory and adds the data as a passive segment; the number of that segment is what `memory.init` takes. `heap` is what the
 * module was read from, where it was: the segments that it has, constant tables, stay. Any other segment is a program's, and replaced.
 */
export function importMemory(module: binaryen.Module, data: Uint8Array, heap?: Uint8Array): string {
  const access = module as unknown as DataSegments;
  const segments: binaryen.MemorySegment[] = [];
  const others = heap === undefined ? 0 : access.getNumDataSegments();
  for (let i = 0; i < others; i++) {
    const known = access.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    const offset = module.i32.const(known.offset);
    segments.push({ offset, data: new Uint8Array(known.data), passive: known.passive });
  }
  // A passive segment has no offset: 0 is Binaryen's null.
  segments.push({ offset: 0, data, passive: true });
  const name = heap === undefined ? MEMORY : memoryName(module, heap);
  module.setMemory(INITIAL_PAGES, MAXIMUM_PAGES, null, segments, false, false, name);
  module.addMemoryImport(name, 'env', 'memory');
  return String(segments.length - 1);
}

const names = new WeakMap<Uint8Array, string>();

/** Loads and stores that are there already name their memory, so it must keep its name; only the text tells it, which takes long to write. */
function memoryName(module: binaryen.Module, heap: Uint8Array): string {
  const known = names.get(heap) ?? /\(memory \$(\S+)/.exec(module.emitText())?.[1] ?? MEMORY;
  names.set(heap, known);
  return known;
}
