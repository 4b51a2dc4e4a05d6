/** What crossing to the host means for where things live: is a value copied, or does the host hold on to it? */
import type { Extern, Program } from '../lower/index.ts';

type HostType = Extern['result'];
type Shapes = Program['shapes'];

/** How many components a value of the type has. */
export function hostReps(type: HostType): number {
  switch (type.kind) {
    case 'unit':
      return 0;
    case 'value':
    case 'tuple':
      return type.fields.reduce((sum, field) => sum + hostReps(field.type), 0);
    case 'shape':
      return type.reps.length;
    default:
      return 1;
  }
}

/** Is the value, or something in it, a handle or a function, which the host keeps? */
export function isKept(type: HostType, shapes: Shapes, seen: Set<number> = new Set()): boolean {
  switch (type.kind) {
    case 'opaque':
      return true;
    case 'value':
    case 'tuple':
      return type.fields.some((field) => isKept(field.type, shapes, seen));
    case 'shape': {
      if (seen.has(type.shape)) return false;
      seen.add(type.shape);
      const shape = shapes[type.shape];
      if (shape === undefined || shape.kind === 'function') return true;
      const parts =
        shape.kind === 'vector'
          ? [shape.element]
          : shape.kind === 'struct'
            ? shape.fields.map((f) => f.type)
            : shape.variants.flatMap((v) => v.fields.map((f) => f.type));
      return parts.some((part) => isKept(part, shapes, seen));
    }
    default:
      return false;
  }
}
