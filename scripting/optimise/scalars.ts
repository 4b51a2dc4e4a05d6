/**
 * Objects that never leave the function that makes them are not made: their fields become locals (scalar replacement of
 * aggregates, on the escape analysis of one function). A struct that is built, changed and read in place, or a variant
 * that is matched where it is made, so costs no more than its numbers.
 *
 * An object qualifies if it is allocated into a local that is set nowhere else, and that local is used for nothing but
 * loading and storing fields. A local that is set once is set before it is used, as the language has no names without a
 * value, and anew in each round of a loop, like the fields' locals. A release finds more, since calls
 * that an object was given to are gone by then: an arena holds at most what it does in development.
 */
import {
  type Expression,
  type Func,
  type Local,
  type Rep,
  type Rewriting,
  rewriteBlock,
  type Statement,
  type Stored,
  visit,
} from '../ir/index.ts';

type Allocation = Extract<Expression, { kind: 'allocate' }>;

type FieldAccess = Pick<Extract<Statement, { kind: 'store' }>, 'target' | 'offset' | 'stored'>;

/** An object's fields as locals, by offset. */
type Fields = ReadonlyMap<number, { readonly local: Local; readonly stored: Stored }>;

export function replaceScalars(func: Func): Func {
  const objects = findObjects(func);
  if (objects.size === 0) return func;
  let id = Math.max(...[...func.params, ...func.locals].map((l) => l.id));
  const replaced = new Map<Local, Fields>();
  for (const [object, allocation] of objects) {
    const fields = allocation.fields.map(({ offset, stored }) => {
      id += 1;
      return [
        offset,
        { local: { id, name: `${object.name}+${offset}`, rep: repOf(stored) }, stored },
      ] as const;
    });
    replaced.set(object, new Map(fields));
  }
  const body = rewriteBlock(func.body, new Replacement(replaced));
  const added = [...replaced.values()].flatMap((fields) => [...fields.values()].map((f) => f.local));
  const locals = [...func.locals.filter((l) => !replaced.has(l)), ...added];
  return { ...func, locals, body };
}

/** The locals that hold an object which stays, with what makes it. */
function findObjects(func: Func): Map<Local, Allocation> {
  const made = new Map<Local, Allocation>();
  const given = new Set<Local>(func.params);
  const set = (local: Local, value: Expression | undefined): void => {
    if (given.has(local) || value?.kind !== 'allocate') made.delete(local);
    else made.set(local, value);
    given.add(local);
  };
  visit(
    func.body,
    (s) => {
      if (s.kind === 'set') set(s.local, s.value);
      if (s.kind === 'set-call') for (const local of s.locals) set(local, undefined);
      if (s.kind === 'arena') set(s.handle, undefined);
    },
    () => {},
  );
  if (made.size === 0) return made;
  // Whatever is read other than as the target of a field escapes. Counted, as one expression may stand in many places.
  const others = new Map<Local, number>();
  const count = (target: Expression, by: number): void => {
    if (target.kind === 'get') others.set(target.local, (others.get(target.local) ?? 0) + by);
  };
  const field = (access: FieldAccess): void => {
    if (access.target.kind !== 'get') return;
    const fields = made.get(access.target.local)?.fields;
    if (fields?.some((f) => f.offset === access.offset && f.stored === access.stored))
      count(access.target, -1);
  };
  visit(
    func.body,
    (s) => {
      if (s.kind === 'store') field(s);
    },
    (e) => {
      count(e, 1);
      if (e.kind === 'load') field(e);
    },
  );
  for (const [local, uses] of others) if (uses > 0) made.delete(local);
  return made;
}

class Replacement implements Rewriting {
  readonly #objects: ReadonlyMap<Local, Fields>;

  constructor(objects: ReadonlyMap<Local, Fields>) {
    this.#objects = objects;
  }

  expression(e: Expression): Expression {
    if (e.kind !== 'load') return e;
    const field = this.#field(e.target, e.offset);
    return field === undefined ? e : { kind: 'get', rep: e.rep, local: field.local };
  }

  statement(s: Statement): readonly Statement[] {
    if (s.kind === 'store') {
      const field = this.#field(s.target, s.offset);
      return field === undefined
        ? [s]
        : [{ kind: 'set', local: field.local, value: narrowed(s.value, s.stored) }];
    }
    if (s.kind !== 'set' || s.value.kind !== 'allocate') return [s];
    const fields = this.#objects.get(s.local);
    if (fields === undefined) return [s];
    return s.value.fields.map((f) => {
      const field = fields.get(f.offset);
      if (field === undefined) throw new Error(`${s.local.name} has no field at ${f.offset}`);
      return { kind: 'set', local: field.local, value: narrowed(f.value, f.stored) };
    });
  }

  #field(target: Expression, offset: number): { readonly local: Local; readonly stored: Stored } | undefined {
    return target.kind === 'get' ? this.#objects.get(target.local)?.get(offset) : undefined;
  }
}

/** As a local holds what is stored like this. */
function repOf(stored: Stored): Rep {
  switch (stored) {
    case 'i8s':
    case 'i8u':
    case 'i16s':
    case 'i16u':
      return 'i32';
    default:
      return stored;
  }
}

/** What memory would do to a value: a narrow field keeps its low bits. */
function narrowed(value: Expression, stored: Stored): Expression {
  switch (stored) {
    case 'i8u':
      return masked(value, 0xff);
    case 'i16u':
      return masked(value, 0xffff);
    case 'i8s':
      return extended(value, 24);
    case 'i16s':
      return extended(value, 16);
    default:
      return value;
  }
}

function masked(value: Expression, mask: number): Expression {
  const right: Expression = { kind: 'constant', rep: 'i32', value: mask };
  return { kind: 'binary', rep: 'i32', of: 'i32', op: 'and', left: value, right };
}

function extended(value: Expression, bits: number): Expression {
  const right: Expression = { kind: 'constant', rep: 'i32', value: bits };
  const left: Expression = { kind: 'binary', rep: 'i32', of: 'i32', op: 'shl', left: value, right };
  return { kind: 'binary', rep: 'i32', of: 'i32', op: 'shr_s', left, right };
}
