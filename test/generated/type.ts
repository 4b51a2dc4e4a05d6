/** Types of generated programs: a name and what stands after it. Equal types are one object. */

export interface Type {
  /** As it is written in a script. */
  readonly text: string;
  /** `Fn` for functions: then the arguments are the parameters and, last, the result. */
  readonly name: string;
  readonly args: readonly Type[];
}

const known = new Map<string, Type>();

export function type(name: string, ...args: readonly Type[]): Type {
  const inner = args.map((arg) => arg.text);
  let text = name;
  if (name === 'Fn') text = `(Fn [${inner.slice(0, -1).join(' ')}] ${inner.at(-1)})`;
  else if (args.length > 0) text = `(${name} ${inner.join(' ')})`;
  const found = known.get(text) ?? { text, name, args };
  known.set(text, found);
  return found;
}

export const I64 = type('i64');
export const F64 = type('f64');
export const BOOL = type('Bool');
export const STRING = type('String');
export const UNIT = type('Unit');

export const functionType = (params: readonly Type[], result: Type): Type => type('Fn', ...params, result);
export const option = (of: Type): Type => type('Option', of);
export const vector = (of: Type): Type => type('Vector', of);
export const mutableVector = (of: Type): Type => type('MutVec', of);

/** The only argument of a type that has one. */
export function argument(of: Type, index = 0): Type {
  const found = of.args[index];
  if (found === undefined) throw new Error(`${of.text} has no argument ${index}`);
  return found;
}

export const resultOf = (of: Type): Type => argument(of, of.args.length - 1);
export const paramsOf = (of: Type): readonly Type[] => of.args.slice(0, -1);

/** A type with others in the place of its variables. */
export function substitute(of: Type, by: ReadonlyMap<string, Type>): Type {
  const found = by.get(of.name);
  if (found !== undefined) return found;
  return of.args.length === 0 ? of : type(of.name, ...of.args.map((arg) => substitute(arg, by)));
}
