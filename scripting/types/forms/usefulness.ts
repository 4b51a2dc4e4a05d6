/**
 * Which values the arms of a `match` leave out, and which arms can never be reached: Maranget, "Warnings for pattern
 * matching" (Journal of Functional Programming 17, 2007). A matrix of patterns is taken apart column by column; an arm
 * is useful if it fits a value that no arm before it fits.
 *
 *     (match (tuple a b)      true  _       The tuple has one maker, so its parts become two columns: these rows. Is there a value
 *       ((true _) 1)          _     true    for the row `_ _` that neither fits? The first column holds `true` but not `false`,
 *       ((_ true) 2))         -----------   which is absent: what is left are the rows whose first pattern is `_`, without it.
 *                             _     _
 *
 *                             true          The row `_` after `true`: here `false` is absent again, and no row is left.
 *                             ----          An empty row after no rows is useful: the answer. On the way back each step says
 *                             _             what it chose, `false` and `false`: the `match` leaves out `(false false)`.
 */
import { prune, type TypeDefinition, type TypedExpression, type TypedPattern } from '../model/index.ts';

/** A pattern as far as it matters here: anything, or a constructor with patterns for its parts. */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'made'; readonly by: Maker; readonly parts: readonly Shape[] };

/** What a value can be made by: a variant, the one way to make a struct, or a literal. */
interface Maker {
  readonly key: string;
  readonly parts: number;
  /** All makers of the type, or undefined where they are without end, as numbers and strings. */
  readonly all: readonly Maker[] | undefined;
  /** A value made so, as a script writes it. */
  readonly show: (parts: readonly string[]) => string;
}

const ANY: Shape = { kind: 'any' };

/** Matching can be exponential in theory; beyond this it is given up. */
const STEP_LIMIT = 100_000;

interface Coverage {
  /** A value that no arm fits, as a script writes it. */
  readonly missing: string | undefined;
  /** Arms that no value reaches, because arms before them fit all that they fit. */
  readonly unreachable: readonly number[];
  /** False where it was too much work to find out. */
  readonly decided: boolean;
}

/** Looks at the arms of a `match`, in order. */
export function coverage(arms: readonly TypedPattern[]): Coverage {
  const work = { steps: 0 };
  const rows: Shape[][] = [];
  const unreachable: number[] = [];
  for (const [i, arm] of arms.entries()) {
    const row = [shapeOf(arm)];
    if (witness(rows, row, work) === undefined) unreachable.push(i);
    rows.push(row);
  }
  const missing = witness(rows, [ANY], work);
  const decided = work.steps <= STEP_LIMIT;
  return decided
    ? { missing: missing?.[0], unreachable, decided }
    : { missing: undefined, unreachable: [], decided };
}

/** A value, one text for each column, that fits the row and none of the rows before; undefined if there is none. */
function witness(
  rows: readonly (readonly Shape[])[],
  row: readonly Shape[],
  work: { steps: number },
): string[] | undefined {
  if (++work.steps > STEP_LIMIT) return undefined;
  const [first, ...rest] = row;
  if (first === undefined) return rows.length === 0 ? [] : undefined;
  if (first.kind === 'made') return withMaker(first.by, rows, row, work);
  const present = new Map<string, Maker>();
  for (const [head] of rows) if (head?.kind === 'made') present.set(head.by.key, head.by);
  const [some] = present.values();
  const absent = some?.all?.filter((maker) => !present.has(maker.key));
  if (some !== undefined && absent?.length === 0) {
    for (const maker of present.values()) {
      const found = withMaker(maker, rows, row, work);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const others = rows.filter(([head]) => head?.kind === 'any').map(([, ...tail]) => tail);
  const found = witness(others, rest, work);
  if (found === undefined) return undefined;
  const [left] = absent ?? [];
  const example = left === undefined ? '_' : left.show(Array.from({ length: left.parts }, () => '_'));
  return [example, ...found];
}

/** Only values that this maker made: its parts become columns of their own. */
function withMaker(
  maker: Maker,
  rows: readonly (readonly Shape[])[],
  row: readonly Shape[],
  work: { steps: number },
): string[] | undefined {
  const inner = rows.flatMap((r) => specialised(maker, r) ?? []);
  const found = witness(inner, specialised(maker, row)?.[0] ?? [], work);
  if (found === undefined) return undefined;
  return [maker.show(found.slice(0, maker.parts)), ...found.slice(maker.parts)];
}

function specialised(maker: Maker, [head, ...tail]: readonly Shape[]): Shape[][] | undefined {
  if (head === undefined) return undefined;
  if (head.kind === 'any') return [[...Array.from({ length: maker.parts }, () => ANY), ...tail]];
  return head.by.key === maker.key ? [[...head.parts, ...tail]] : undefined;
}

function shapeOf(pattern: TypedPattern): Shape {
  switch (pattern.kind) {
    case 'wildcard':
    case 'name':
      return ANY;
    case 'literal':
      return literalShape(pattern.value);
    case 'construct':
      return {
        kind: 'made',
        by: makerOf(pattern.definition, pattern.variant),
        parts: pattern.fields.map(shapeOf),
      };
    case 'fields': {
      const type = prune(pattern.type);
      if (type.kind !== 'named') return ANY;
      const { definition } = type;
      const parts = definition.fields.map((field) => {
        const named = pattern.fields.find((f) => f.name === field.name);
        return named === undefined ? ANY : shapeOf(named.pattern);
      });
      return { kind: 'made', by: makerOf(definition, undefined), parts };
    }
  }
}

function makerOf(definition: TypeDefinition, variant: string | undefined): Maker {
  const made = (name: string) => (parts: readonly string[]) =>
    parts.length === 0 ? name : `(${[name, ...parts].join(' ')})`;
  if (variant === undefined) {
    const isTuple = definition.name === 'Tuple';
    const show = isTuple ? (parts: readonly string[]) => `(${parts.join(' ')})` : made(definition.name);
    const maker: Maker = { key: definition.key, parts: definition.fields.length, all: [], show };
    return { ...maker, all: [maker] };
  }
  const all: Maker[] = [];
  for (const v of definition.variants)
    all.push({ key: v.name, parts: v.fields.length, all, show: made(v.name) });
  return all.find((maker) => maker.key === variant) ?? { key: variant, parts: 0, all, show: made(variant) };
}

const BOOLEANS: Maker[] = [];
for (const key of ['true', 'false']) BOOLEANS.push({ key, parts: 0, all: BOOLEANS, show: () => key });

function literalShape(value: TypedExpression): Shape {
  if (value.kind === 'bool') {
    const maker = BOOLEANS.find((m) => m.key === String(value.value));
    return maker === undefined ? ANY : { kind: 'made', by: maker, parts: [] };
  }
  const key = literalKey(value);
  return { kind: 'made', by: { key, parts: 0, all: undefined, show: () => key }, parts: [] };
}

function literalKey(value: TypedExpression): string {
  switch (value.kind) {
    case 'integer':
    case 'float':
      // 3 and 3.0 are one value where the type is a float's.
      return String(value.value);
    case 'string':
      return JSON.stringify(value.value);
    case 'keyword':
      return `:${value.name}`;
    default:
      return '_';
  }
}
