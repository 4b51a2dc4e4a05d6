/**
 * Unification: making two types the same by solving unknowns (Robinson 1965, with destructive update). Binding an
 * unknown checks that it does not occur in its solution, and lowers the levels of the unknowns in it (Remy 1992), so
 * that generalisation can tell by its level whether an unknown is still held by something outside.
 */
import { FLOAT_NAMES, isBuiltin, isError, NUMBER_NAMES } from './builtin.ts';
import type { Meta, Parameter, Type } from './type.ts';

let lastMeta = 0;

/** A new unknown. */
export function newMeta(level: number, literal?: Meta['literal']): Meta {
  return { kind: 'meta', id: ++lastMeta, level, solution: undefined, literal, written: undefined };
}

/** The type with solved unknowns followed at its head, and the application of a known head carried out. */
export function prune(type: Type): Type {
  if (type.kind === 'meta') {
    if (type.solution === undefined) return type;
    const end = prune(type.solution);
    type.solution = end;
    return end;
  }
  if (type.kind === 'apply') {
    const head = prune(type.head);
    if (head.kind === 'named') return { ...head, args: [...head.args, ...type.args] };
    if (head.kind === 'apply') return { kind: 'apply', head: head.head, args: [...head.args, ...type.args] };
    if (isError(head)) return head;
  }
  return type;
}

/** The type with all solved unknowns replaced. Parts that are shared stay shared. */
export function resolve(type: Type): Type {
  return rebuild(type, (t) => t, new Map());
}

/** The type with parameters replaced; those without a replacement stay. */
export function substitute(type: Type, replacement: ReadonlyMap<Parameter, Type>): Type {
  if (replacement.size === 0) return type;
  return rebuild(type, (t) => (t.kind === 'parameter' ? (replacement.get(t.parameter) ?? t) : t), new Map());
}

function rebuild(type: Type, leaf: (type: Type) => Type, memo: Map<Type, Type>): Type {
  const pruned = prune(type);
  // Most types are names alone.
  if (pruned.kind === 'named' && pruned.args.length === 0) return pruned;
  const known = memo.get(pruned);
  if (known !== undefined) return known;
  const result = rebuildParts(pruned, leaf, memo);
  memo.set(pruned, result);
  return result;
}

function rebuildParts(type: Type, leaf: (type: Type) => Type, memo: Map<Type, Type>): Type {
  const all = (types: readonly Type[]): readonly Type[] => {
    const parts = types.map((t) => rebuild(t, leaf, memo));
    return parts.every((t, i) => t === types[i]) ? types : parts;
  };
  switch (type.kind) {
    case 'meta':
    case 'parameter':
      return leaf(type);
    case 'named': {
      const args = all(type.args);
      return args === type.args ? type : { ...type, args };
    }
    case 'function': {
      const params = all(type.params);
      const result = rebuild(type.result, leaf, memo);
      return params === type.params && result === type.result ? type : { kind: 'function', params, result };
    }
    case 'apply':
      return prune({ kind: 'apply', head: rebuild(type.head, leaf, memo), args: all(type.args) });
  }
}

/** A type's direct parts. */
export function parts(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'named':
      return type.args;
    case 'function':
      return [...type.params, type.result];
    case 'apply':
      return [type.head, ...type.args];
    default:
      return [];
  }
}

/** Every unsolved unknown and parameter in a type, each once, in order of appearance. */
export function variables(
  type: Type,
  found: Set<Meta | Parameter> = new Set(),
  seen = new Set<Type>(),
): Set<Meta | Parameter> {
  const t = prune(type);
  if (seen.has(t)) return found;
  seen.add(t);
  if (t.kind === 'meta') found.add(t);
  else if (t.kind === 'parameter') found.add(t.parameter);
  else for (const part of parts(t)) variables(part, found, seen);
  return found;
}

/** True where two types are the same already, without solving anything. */
export function sameType(left: Type, right: Type): boolean {
  const a = prune(left);
  const b = prune(right);
  if (a === b) return true;
  if (a.kind !== b.kind || a.kind === 'meta') return false;
  if (a.kind === 'parameter' && b.kind === 'parameter') return a.parameter === b.parameter;
  if (a.kind === 'named' && b.kind === 'named' && a.definition !== b.definition) return false;
  const inA = parts(a);
  const inB = parts(b);
  return inA.length === inB.length && inA.every((t, i) => sameType(t, inB[i] as Type));
}

/** Why two types cannot be the same. */
export type Clash = 'mismatch' | 'infinite' | 'too-large';

/** Work that one unification may take: types larger than this are nothing a person wrote or wants. */
const STEP_LIMIT = 200_000;

/** Makes two types the same; says why not, where they cannot be. What was solved on the way stays solved. */
export function unify(a: Type, b: Type): Clash | undefined {
  return unifyParts(a, b, { steps: 0 });
}

function unifyParts(left: Type, right: Type, work: { steps: number }): Clash | undefined {
  const a = prune(left);
  const b = prune(right);
  if (a === b || isError(a) || isError(b)) return undefined;
  if (++work.steps > STEP_LIMIT) return 'too-large';
  if (a.kind === 'meta') return solve(a, b);
  if (b.kind === 'meta') return solve(b, a);
  if (a.kind === 'apply' || b.kind === 'apply') return unifyApplications(a, b, work);
  if (a.kind === 'parameter' || b.kind === 'parameter')
    return a.kind === 'parameter' && b.kind === 'parameter' && a.parameter === b.parameter
      ? undefined
      : 'mismatch';
  if (a.kind === 'function' && b.kind === 'function')
    return a.params.length === b.params.length
      ? unifyAll([...a.params, a.result], [...b.params, b.result], work)
      : 'mismatch';
  if (a.kind === 'named' && b.kind === 'named' && a.definition === b.definition)
    return a.args.length === b.args.length ? unifyAll(a.args, b.args, work) : 'mismatch';
  return 'mismatch';
}

function unifyAll(a: readonly Type[], b: readonly Type[], work: { steps: number }): Clash | undefined {
  for (let i = 0; i < a.length; i++) {
    const clash = unifyParts(a[i] as Type, b[i] as Type, work);
    if (clash !== undefined) return clash;
  }
  return undefined;
}

/** `('f 'a)` with `(Result e i64)`: the last arguments agree, and what is left is the head. */
function unifyApplications(a: Type, b: Type, work: { steps: number }): Clash | undefined {
  const argsOf = (t: Type) => (t.kind === 'apply' || t.kind === 'named' ? t.args : []);
  const count = Math.min(...[a, b].filter((t) => t.kind === 'apply').map((t) => argsOf(t).length));
  const split = (t: Type): { head: Type; args: readonly Type[] } | undefined => {
    const args = argsOf(t);
    if (args.length < count || (t.kind !== 'apply' && t.kind !== 'named')) return undefined;
    const kept = args.slice(0, args.length - count);
    const head: Type =
      t.kind === 'named'
        ? { ...t, args: kept }
        : kept.length === 0
          ? t.head
          : { kind: 'apply', head: t.head, args: kept };
    return { head, args: args.slice(args.length - count) };
  };
  const left = split(a);
  const right = split(b);
  if (left === undefined || right === undefined) return 'mismatch';
  return unifyParts(left.head, right.head, work) ?? unifyAll(left.args, right.args, work);
}

function solve(meta: Meta, type: Type): Clash | undefined {
  if (type.kind === 'meta') {
    if (meta.literal === 'float' || type.literal === undefined) type.literal = meta.literal ?? type.literal;
    if (meta.written === 'float' || type.written === undefined) type.written = meta.written ?? type.written;
    type.level = Math.min(type.level, meta.level);
    meta.solution = type;
    return undefined;
  }
  if (meta.literal !== undefined && type.kind !== 'parameter') {
    const allowed = meta.literal === 'float' ? FLOAT_NAMES : NUMBER_NAMES;
    if (!isBuiltin(type, ...allowed)) return 'mismatch';
  }
  if (!lower(type, meta, new Set())) return 'infinite';
  meta.solution = type;
  return undefined;
}

/** Lowers the levels in a type to a meta's; false if the meta itself is in it. */
function lower(type: Type, meta: Meta, seen: Set<Type>): boolean {
  const t = prune(type);
  if (t === meta) return false;
  if (t.kind === 'meta') t.level = Math.min(t.level, meta.level);
  if (seen.has(t)) return true;
  seen.add(t);
  return parts(t).every((part) => lower(part, meta, seen));
}
