/** What crossing to the host means for where things live: is a value copied, or does the host hold on to it? */
import type { Extern, Program, Rep } from '../ir/index.ts';

type HostType = Extern['result'];
type Shapes = Program['shapes'];
type FunctionShape = Extract<Shapes[number], { readonly kind: 'function' }>;

/** How the components of a value of the type are represented. */
export function hostReps(type: HostType): readonly Rep[] {
  switch (type.kind) {
    case 'unit':
      return [];
    case 'bool':
      return ['i32'];
    case 'number':
      if (type.type === 'f32' || type.type === 'f64') return [type.type];
      return [type.type === 'i64' || type.type === 'u64' ? 'i64' : 'i32'];
    case 'value':
    case 'tuple':
      return type.fields.flatMap((field) => hostReps(field.type));
    case 'shape':
      return type.reps;
    case 'string':
    case 'object':
    case 'opaque':
      return ['ref'];
  }
}

/** What functions of the type take and give; undefined where it is no type of functions. */
export function functionShape(type: HostType, shapes: Shapes): FunctionShape | undefined {
  const shape = type.kind === 'shape' ? shapes[type.shape] : undefined;
  return shape?.kind === 'function' ? shape : undefined;
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
      return partsOf(shape).some((part) => isKept(part, shapes, seen));
    }
    default:
      return false;
  }
}

/** Is the value a proxy of an object of the host, or an Option of one, which is that proxy or no address? */
export function isHostObject(type: HostType, shapes: Shapes): boolean {
  if (type.kind === 'object') return true;
  const shape = type.kind === 'shape' ? shapes[type.shape] : undefined;
  if (shape?.kind !== 'sum' || shape.variants.length !== 2) return false;
  const fields = shape.variants.flatMap((v) => v.fields);
  return fields.length === 1 && fields[0]?.type.kind === 'object';
}

/** Is a map or set somewhere in the value? */
export function hasMaps(type: HostType, shapes: Shapes, seen: Set<number> = new Set()): boolean {
  if (type.kind === 'value' || type.kind === 'tuple')
    return type.fields.some((field) => hasMaps(field.type, shapes, seen));
  if (type.kind !== 'shape' || seen.has(type.shape)) return false;
  seen.add(type.shape);
  const shape = shapes[type.shape];
  if (shape === undefined || shape.kind === 'function') return false;
  return shape.kind === 'map' || partsOf(shape).some((part) => hasMaps(part, shapes, seen));
}

function partsOf(shape: Exclude<Shapes[number], { readonly kind: 'function' }>): readonly HostType[] {
  switch (shape.kind) {
    case 'vector':
      return [shape.element];
    case 'map':
      return shape.value === undefined ? [shape.key] : [shape.key, shape.value];
    case 'struct':
      return shape.fields.map((f) => f.type);
    case 'sum':
      return shape.variants.flatMap((v) => v.fields.map((f) => f.type));
  }
}
