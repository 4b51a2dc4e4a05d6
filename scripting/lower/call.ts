/** Calls: of named functions, methods, primitives, the host's functions, and function values. */
import type { Call, Expression, Rep } from '../ir/index.ts';
import { isLibrary, type TypedExpression } from '../types/index.ts';
import { UNIT, type Value } from './builder.ts';
import { isBodyEnough } from './capture.ts';
import { type Known, knownFunction } from './closure.ts';
import type { FunctionLowering } from './function.ts';
import { lowerOwnWay, noteLooked } from './moving.ts';
import { bindValue } from './pattern.ts';
import { lowerMethod, lowerPrimitive } from './primitive.ts';

type CallNode = Extract<TypedExpression, { kind: 'call' }>;

/**
 * A library function inside a library function inside ... is specialised this often; a function that passes on ever
 * larger functions would otherwise be compiled for ever.
 */
const MOST_SPECIALISED = 4;

/** A call of the representation, or the value where the callee is something the compiler knows. */
export function lowerCall(lowering: FunctionLowering, e: CallNode): Call | { readonly value: Value } {
  const { program, builder } = lowering;
  const { callee, span } = e;
  const reps = lowering.components(e.type).map((c) => c.rep);
  if (program.hasOwners) noteLooked(lowering, e);
  switch (callee.kind) {
    case 'function': {
      const own = program.hasOwners ? lowerOwnWay(lowering, e) : undefined;
      if (own !== undefined) return { value: own };
      const types = callee.typeArguments.map((t) => lowering.type(t));
      const knowns = knownArguments(lowering, callee.key, e.args);
      const copy = program.specialisation(callee.key, types, knowns, lowering.specialised + 1);
      if (copy !== undefined) {
        const args = operandsWith(lowering, e.args, knowns);
        return { to: 'function', key: copy, args: args.flat(), reps, span };
      }
      const key = program.instance(callee.key, types);
      return { to: 'function', key, args: lowering.operands(e.args).flat(), reps, span };
    }
    case 'method': {
      const types = callee.classArguments.map((t) => lowering.type(t));
      const known = lowerMethod(lowering, callee, types, e);
      if (known !== undefined) return { value: known };
      program.rejectLeftOut(callee.class, callee.method, types, lowering.name.replace(/ of .*$/, ''), span);
      const own = callee.typeArguments.map((t) => lowering.type(t));
      const key = program.methodInstance(callee.class, callee.method, types, own);
      return { to: 'function', key, args: lowering.operands(e.args).flat(), reps, span };
    }
    case 'primitive':
      return { value: lowerPrimitive(lowering, callee.name, e) };
    case 'extern': {
      const index = program.extern(callee.extern);
      return { to: 'extern', index, args: lowering.operands(e.args).flat(), reps, span };
    }
    case 'lambda': {
      if (!isBodyEnough(callee, e.args)) return applied(lowering, e, reps);
      const args = lowering.operands(e.args).map((v) => builder.stable(v, 'argument'));
      callee.params.forEach((p, i) => {
        bindValue(lowering, p.pattern, args[i] ?? UNIT);
      });
      return { value: lowering.value(callee.body) };
    }
    case 'local-function': {
      const known = knownFunction(lowering, callee);
      if (known === undefined) return applied(lowering, e, reps);
      const args = lowering.operands(e.args).flat();
      return { to: 'function', key: known.key, args: [...args, ...known.captures], reps, span };
    }
    default: {
      const location = callee.kind === 'local' ? lowering.location(callee.binding) : undefined;
      if (location?.kind === 'known') {
        const args = lowering.operands(e.args).flat();
        return {
          to: 'function',
          key: location.known.key,
          args: [...args, ...location.known.captures],
          reps,
          span,
        };
      }
      return applied(lowering, e, reps);
    }
  }
}

/** A call of a function value. */
function applied(lowering: FunctionLowering, { callee, args, span }: CallNode, reps: readonly Rep[]): Call {
  const [closure, ...operands] = lowering.operands([callee, ...args]);
  const held = lowering.builder.stableOne(closure?.[0] as Expression, 'function');
  return { to: 'closure', closure: held, args: operands.flat(), reps, span };
}

/** Whether an argument is a function that may be kept, and that captures what is owned. */
function movesCaptures({ program }: FunctionLowering, arg: TypedExpression): boolean {
  return program.hasOwners && arg.kind === 'lambda' && !program.looked.has(arg);
}

/**
 * Which arguments of a call are functions whose code is known here. A library function is compiled anew for those, so that
 * `(fold (fn (a x) ...) 0 xs)` is a loop without a closure; some of the script's are too (`given-functions.ts`).
 */
function knownArguments(
  lowering: FunctionLowering,
  key: string,
  args: readonly TypedExpression[],
): Map<number, Known> {
  const knowns = new Map<number, Known>();
  const { program, specialised } = lowering;
  const f = program.typedFunction(key);
  const isOwn = !isLibrary(f.span.source);
  if ((isOwn && program.given === undefined) || specialised >= MOST_SPECIALISED) return knowns;
  f.params.forEach((param, i) => {
    if (param.pattern.kind !== 'name' || param.pattern.binding.mutable) return;
    if (isOwn && program.given?.isOnlyCalled(key, i) !== true) return;
    const arg = args[i] as TypedExpression;
    // What is moved into a function has to be in one that is an object.
    if (movesCaptures(lowering, arg)) return;
    const known = knownFunction(lowering, arg, i === 0);
    if (known !== undefined) knowns.set(i, known);
  });
  return knowns;
}

/** The arguments' values in order, a known function's being its captures; those are in locals or constants already. */
function operandsWith(
  lowering: FunctionLowering,
  args: readonly TypedExpression[],
  knowns: ReadonlyMap<number, Known>,
): Value[] {
  const rest = lowering.operands(args.filter((_, i) => !knowns.has(i)));
  return args.map((_, i) => knowns.get(i)?.captures ?? (rest.shift() as Value));
}
