/**
 * Which of a script's own functions are compiled anew for a function that they are given, as the library's are: in a release, small
 * ones that do nothing with it but call it, or pass it on to such functions.
 *
 *     (defn each-side ((body : Body) (visit : (Fn [Side] Unit))) ...)    ; calls `visit` twice
 *     (each-side body (fn (side) (push! (.sides body) side)))            ; a copy, of direct calls, and no closure
 *
 * What keeps, compares or returns what it was given wants it to be one object, and gets no copy. Nor does what opens an arena: there the
 * proof knows a known function better than any, and a release must not accept what a check refuses.
 */
import {
  type Binding,
  isLibrary,
  partsOf,
  type TypedExpression,
  type TypedFunction,
} from '../types/index.ts';

/** How large such a function is, in expressions. Copies of larger ones would cost more room than their calls cost time. */
const LARGEST = 150;
/** A function that is given ever other functions is compiled so often. */
const MOST_COPIES = 16;

interface Passed {
  readonly key: string;
  readonly index: number;
}

/** What a function does with the parameters that it does nothing else with; the others are not in it. */
interface Body {
  readonly size: number;
  readonly opensArena: boolean;
  /** By parameters: where each is passed on to. */
  readonly given: ReadonlyMap<number, readonly Passed[]>;
}

export class GivenFunctions {
  readonly #functionOf: (key: string) => TypedFunction;
  readonly #bodies = new Map<string, Body>();
  readonly #copies = new Map<string, Set<string>>();

  constructor(functionOf: (key: string) => TypedFunction) {
    this.#functionOf = functionOf;
  }

  /** Whether a function, and whatever it passes this parameter on to, gains by knowing what function that is. */
  isOnlyCalled(key: string, index: number): boolean {
    const open: Passed[] = [{ key, index }];
    const met = new Set<string>();
    for (const at of open) {
      const name = `${at.index} ${at.key}`;
      if (met.has(name)) continue;
      met.add(name);
      const passed = this.#passedOn(at);
      if (passed === undefined) return false;
      open.push(...passed);
    }
    return true;
  }

  /** Whether there may be a copy with this key: it is there, or there are few yet. */
  hasRoom(key: string, copy: string): boolean {
    const copies = this.#copies.get(key) ?? new Set<string>();
    this.#copies.set(key, copies);
    if (copies.size < MOST_COPIES) copies.add(copy);
    return copies.has(copy);
  }

  #passedOn({ key, index }: Passed): readonly Passed[] | undefined {
    const f = this.#functionOf(key);
    const body = this.#bodies.get(key) ?? bodyOf(f);
    this.#bodies.set(key, body);
    const isSuited = isLibrary(f.span.source) || (body.size <= LARGEST && !body.opensArena);
    return isSuited ? body.given.get(index) : undefined;
  }
}

function bodyOf({ params, body }: TypedFunction): Body {
  const given = new Map<Binding, Passed[]>();
  for (const { pattern } of params)
    if (pattern.kind === 'name' && !pattern.binding.mutable) given.set(pattern.binding, []);
  let size = 0;
  let opensArena = false;
  const walk = (e: TypedExpression): void => {
    size++;
    if (e.kind === 'local') given.delete(e.binding);
    if (e.kind === 'with-arena') opensArena = true;
    if (e.kind !== 'call') {
      for (const part of partsOf(e)) walk(part);
      return;
    }
    const { callee, args } = e;
    if (callee.kind !== 'local') walk(callee);
    for (const [index, arg] of args.entries()) {
      if (arg.kind === 'local' && callee.kind === 'function')
        given.get(arg.binding)?.push({ key: callee.key, index });
      else walk(arg);
    }
  };
  walk(body);
  const passed = params.flatMap(({ pattern }, index): [number, readonly Passed[]][] => {
    const found = pattern.kind === 'name' ? given.get(pattern.binding) : undefined;
    return found === undefined ? [] : [[index, found]];
  });
  return { size, opensArena, given: new Map(passed) };
}
