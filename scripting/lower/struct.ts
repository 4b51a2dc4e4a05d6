/** Structs and values: made, read, changed in place, and copied with changes. */
import type { Expression, ObjectType } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { type Binding, ownedSubject, type Type, type TypedExpression } from '../types/index.ts';
import { isInArray, readPlace, setPlace } from './array-place.ts';
import { get, UNIT, type Value } from './builder.ts';
import { keepValue, subjectOf } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { readGlobal, setGlobalPart } from './global.ts';
import { borrowed, ownedIn, replace, stillThere } from './moving.ts';
import { copies, owningFields } from './owning-types.ts';
import { componentRange, components, fieldsOf, isArray, isFlat } from './representation.ts';
import { retained } from './retaining.ts';
import { makeVariant } from './variant.ts';
import { storeElement, storeElementPart } from './vector.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

export function lowerConstruct(lowering: FunctionLowering, e: Node<'construct'>): Value {
  const type = lowering.type(e.type);
  if (isArray(type)) lowering.program.rejectWideArray(type, e.span);
  const order = e.order ?? e.fields.map((_, i) => i);
  const written = lowering.operands(order.map((i) => e.fields[i] as TypedExpression));
  const inOrder = order.every((field, i) => field === i);
  const fields = new Array<Value>(e.fields.length);
  order.forEach((field, i) => {
    const value = written[i] as Value;
    fields[field] = inOrder ? value : lowering.builder.stable(value, 'field');
  });
  if (e.variant !== undefined) return makeVariant(lowering, type, e.variant, fields.flat(), e.span);
  if (isFlat(type)) return fields.flat();
  const object = lowering.allocate(lowering.program.types.struct(type), fields.flat(), e.span);
  const made = isEntity(type) ? inHeap(lowering, object, e.span) : object;
  return holding(
    lowering,
    type,
    made,
    new Map(fieldsOf(type).map(({ name }, i) => [name, fields[i]])),
    e.span,
  );
}

/** An object that is new, which holds what the values of its fields own from now on. */
function holding(
  lowering: FunctionLowering,
  type: Type,
  made: Expression,
  given: ReadonlyMap<string, Value | undefined>,
  span: Span,
): Value {
  const owning = lowering.program.hasOwners ? owningFields(type) : [];
  if (owning.length === 0) return [made];
  const holder = lowering.builder.stableOne(made, 'object');
  for (const { name, type: of } of owning) {
    const value = given.get(name);
    if (value !== undefined) keepValue(lowering, of, value, holder, span);
  }
  return [holder];
}

export const isEntity = (type: Type): boolean => type.kind === 'named' && type.definition.entity;

/** An entity may be put into the world at any time, so it is never made in an arena. */
function inHeap(lowering: FunctionLowering, object: Expression, span: Span): Expression {
  const { builder } = lowering;
  const made = builder.local('entity', 'ref');
  const body = builder.nested(() => builder.set(made, object));
  builder.emit({ kind: 'within', region: 'heap', body, span });
  return get(made);
}

export function lowerField(lowering: FunctionLowering, e: Node<'field'>): Value {
  const whole = lowering.type(e.target.type);
  const subject = ownedSubject(whole);
  const type = subject ?? whole;
  const { start, end } = componentRange(type, e.field);
  if (isInArray(lowering, e)) return readPlace(lowering, e);
  if (isFlat(type)) {
    const all = borrowed(lowering, e.target);
    if (all.length === 1) return all;
    const readable = e.target.kind === 'local' || e.target.kind === 'field' || e.target.kind === 'global';
    return (readable ? all : lowering.builder.stable(all, e.field)).slice(start, end);
  }
  const fields = lowering.program.types.struct(type).fields.slice(start, end);
  const [held] = (subject === undefined ? borrowed : ownedIn)(lowering, e.target) as readonly [Expression];
  const target = subject === undefined ? held : subjectOf(lowering, held);
  const object = fields.length === 1 ? target : lowering.builder.stableOne(target, 'object');
  return fields.map((f) => lowering.load(object, f.offset, f.stored));
}

/** A type whose fields are meant: of what is owned, those of that. */
const lent = (type: Type): Type => ownedSubject(type) ?? type;

export function lowerSetField(lowering: FunctionLowering, e: Node<'set-field'>): Value {
  const whole: TypedExpression = {
    kind: 'field',
    target: e.target,
    field: e.field,
    type: e.value.type,
    span: e.span,
  };
  if (isInArray(lowering, whole)) {
    setPlace(lowering, whole, e.value, e.span);
    return UNIT;
  }
  // Walk out of the flat values to what holds them: a name, a global, an element, or an object's field.
  const path: { type: Type; field: string }[] = [
    { type: lent(lowering.type(e.target.type)), field: e.field },
  ];
  let place = e.target;
  while (isFlat(lowering.type(place.type)) && place.kind === 'field') {
    path.unshift({ type: lent(lowering.type(place.target.type)), field: place.field });
    place = place.target;
  }
  const first = path.reduce((sum, step) => sum + componentRange(step.type, step.field).start, 0);
  if (isFlat(lowering.type(place.type))) {
    if (place.kind === 'call') {
      setElementPart(lowering, place, first, e);
      return UNIT;
    }
    const values = lowering.value(e.value);
    const part = (whole: Value): Value => whole.slice(first, first + values.length);
    const of = lowering.type(e.value.type);
    if (place.kind === 'local') {
      const { binding } = place;
      const write = (held: Value): void => lowering.write(binding, held, first, e.span);
      replace(lowering, of, values, { read: () => part(lowering.read(binding)), write }, e.span);
    } else if (place.kind === 'global') {
      const { definition } = place;
      const read = (): Value => part(readGlobal(lowering, definition, e.span));
      const write = (held: Value): void => setGlobalPart(lowering, definition, first, held, e.span);
      replace(lowering, of, values, { holder: 'global', read, write }, e.span);
    } else {
      throw new Error(`a component of ${place.kind} cannot be set`);
    }
    return UNIT;
  }
  const placeType = lowering.type(place.type);
  const subject = ownedSubject(placeType);
  const [held] = (subject === undefined ? borrowed : ownedIn)(lowering, place) as readonly [Expression];
  const object = lowering.builder.stableOne(
    subject === undefined ? held : subjectOf(lowering, held),
    'object',
  );
  const values = lowering.builder.stable(lowering.value(e.value), 'value');
  const fields = lowering.program.types
    .struct(subject ?? placeType)
    .fields.slice(first, first + values.length);
  replace(
    lowering,
    lowering.type(e.value.type),
    values,
    {
      holder: object,
      read: () => fields.map((f) => lowering.load(object, f.offset, f.stored)),
      write: (given) => {
        for (const [i, value] of given.entries()) {
          const { offset, stored } = fields[i] as ObjectType['fields'][number];
          lowering.builder.emit({ kind: 'store', stored, target: object, offset, value, span: e.span });
        }
      },
    },
    e.span,
  );
  return UNIT;
}

/** Of an element `(nth xs i)` some components are set. The others are read when the new ones are there, which may change them. */
function setElementPart(
  lowering: FunctionLowering,
  { callee, args, type, span }: Node<'call'>,
  first: number,
  { value }: Node<'set-field'>,
): void {
  const names = args.map((arg): Node<'local'> => {
    const binding: Binding = { name: 'place', type: arg.type, mutable: false, span: arg.span };
    lowering.bind(binding, lowering.value(arg));
    return { kind: 'local', binding, type: arg.type, span: arg.span };
  });
  const part = lowering.builder.stable(lowering.value(value), 'part');
  const [vector, index] = names.map((name) => lowering.one(name)) as [Expression, Expression];
  const vectorType = lowering.type((args[0] as TypedExpression).type);
  if (lowering.program.owns(lowering.type(type))) {
    const given = { type: lowering.type(value.type), first, value: part };
    storeElementPart(lowering, vectorType, [vector, index], given, span);
    return;
  }
  const changed = [...lowering.value({ kind: 'call', callee, args: names, type, span })];
  changed.splice(first, part.length, ...part);
  storeElement(lowering, vectorType, vector, index, changed, span);
}

export function lowerUpdate(lowering: FunctionLowering, e: Node<'update'>): Value {
  const type = lowering.type(e.target.type);
  // Of what the original owns nothing goes into the copy.
  lowering.program.looked.add(e.target);
  const [target, ...changes] = lowering
    .operands([e.target, ...e.fields.map((f) => f.value)])
    .map((v) => lowering.builder.stable(v, 'update'));
  const flat = isFlat(type);
  const layout = flat ? undefined : lowering.program.types.struct(type);
  const count = flat ? components(type).length : componentsOfFields(type);
  const values: Expression[] = [];
  for (let i = 0; i < count; i++) {
    const f = layout?.fields[i];
    values.push(
      f === undefined
        ? (target?.[i] as Expression)
        : lowering.load(target?.[0] as Expression, f.offset, f.stored),
    );
  }
  e.fields.forEach((field, k) => {
    const { start } = componentRange(type, field.name);
    changes[k]?.forEach((value, i) => {
      values[start + i] = value;
    });
  });
  const given = new Map(e.fields.map(({ name }, k) => [name, changes[k]]));
  for (const { name, type: of } of copiedShares(lowering, type)) {
    if (given.has(name)) continue;
    const { start, end } = componentRange(type, name);
    const held = values.slice(start, end);
    const there = isEntity(type) ? stillThere(lowering, of, held, e.span) : held;
    const share = retained(lowering, of, there, e.span);
    values.splice(start, share.length, ...share);
    given.set(name, share);
  }
  if (layout === undefined) return values;
  const object = lowering.allocate(layout, values, e.span);
  const made = isEntity(type) ? inHeap(lowering, object, e.span) : object;
  return holding(lowering, type, made, given, e.span);
}

/** Fields of which a copy has shares of its own. */
function copiedShares({ program }: FunctionLowering, type: Type): ReturnType<typeof fieldsOf> {
  if (!program.hasOwners || !program.retains.keeps('copied')) return [];
  return fieldsOf(type).filter((field) => copies(field.type));
}

function componentsOfFields(type: Type): number {
  if (type.kind !== 'named') return 0;
  return type.definition.fields.reduce((sum, f) => sum + componentsOfField(type, f.name), 0);
}

function componentsOfField(type: Type, field: string): number {
  const { start, end } = componentRange(type, field);
  return end - start;
}
