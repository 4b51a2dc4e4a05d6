/**
 * `(pub defn inc (x) (+ x 1))` works at every kind of number. The host, which has only one, gets it at the types that its
 * literals would have: `i64`, or `f64` where only floats will do. A type that stands in the result alone, and that nothing
 * is asked of, is one that no value ever has, as in `(defn main () (error "no"))`: it may as well be `Unit`.
 */
import { F64, I64, type Parameter, type Type, type TypedFunction, UNIT, variables } from '../model/index.ts';

/** Classes that say "a number", and those of them that say "with a point". */
const NUMERIC = new Set(['Num', 'Number', 'IntegerLiteral', 'FloatLiteral', 'Real', 'Bits']);
const WITH_POINT = new Set(['FloatLiteral', 'Real']);
/** Classes that all numbers have besides. */
const COMMON = new Set(['Eq', 'Ord', 'Show', 'Hash']);

/** The types at which the host gets a function, one for each type parameter; undefined where it is too general for that. */
export function hostArguments(f: TypedFunction): readonly Type[] | undefined {
  const types = f.typeParameters.map((parameter) => defaultOf(f, parameter));
  return types.every((t) => t !== undefined) ? types : undefined;
}

function defaultOf(f: TypedFunction, parameter: Parameter): Type | undefined {
  const own = f.constraints.filter(({ args }) =>
    args.some((arg) => arg.kind === 'parameter' && arg.parameter === parameter),
  );
  if (own.length === 0) return f.params.some(({ type }) => variables(type).has(parameter)) ? undefined : UNIT;
  const classes = own.map((c) => c.class);
  const isNumber =
    classes.some((c) => NUMERIC.has(c)) && classes.every((c) => NUMERIC.has(c) || COMMON.has(c));
  if (!isNumber) return undefined;
  return classes.some((c) => WITH_POINT.has(c)) ? F64 : I64;
}
