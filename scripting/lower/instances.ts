/** What a program says that classes mean at its types. */
import type { InstanceDefinition, Parameter, Predicate, Type, TypedFunction } from '../types/index.ts';
import { isLooking } from './moving.ts';
import type { Sight } from './sight.ts';
import { bind, concrete, match, type Substitution } from './substitution.ts';

/** An instance, and what its type parameters stand for, by their numbers. */
interface Found {
  readonly instance: InstanceDefinition;
  readonly found: ReadonlyMap<number, Type>;
}

export class Instances {
  readonly #byClass = new Map<string, InstanceDefinition[]>();
  readonly #lookers = new Set<string>();

  constructor(instances: readonly InstanceDefinition[]) {
    for (const instance of instances) {
      const alike = this.#byClass.get(instance.class);
      if (alike === undefined) this.#byClass.set(instance.class, [instance]);
      else alike.push(instance);
      if (isLooking(instance.class)) for (const { key } of instance.methods.values()) this.#lookers.add(key);
    }
  }

  hasClass(className: string): boolean {
    return this.#byClass.has(className);
  }

  /** Whether a method, by its key, only looks at its arguments: what those own is lent to it. */
  looks(key: string): boolean {
    return this.#lookers.has(key);
  }

  /** Whether the script says itself what a class means at these types. */
  has(className: string, types: readonly Type[], sight: Sight = 'all'): boolean {
    return this.find(className, types, sight) !== undefined;
  }

  /** The methods that the script's own instance defines, or undefined where it has none. */
  methods(
    className: string,
    types: readonly Type[],
    sight: Sight = 'all',
  ): ReadonlyMap<string, TypedFunction> | undefined {
    return this.find(className, types, sight)?.instance.methods;
  }

  /** What the type parameters of a method stand for, where an instance has it. */
  substitution(
    className: string,
    types: readonly Type[],
    method: string,
    own: readonly Type[],
  ): Substitution | undefined {
    const at = this.find(className, types);
    const f = at?.instance.methods.get(method);
    if (at === undefined || f === undefined) return undefined;
    return bind(f.typeParameters, [...argumentsOf(at), ...own]);
  }

  /** The key of a method and its type arguments, the instance's first; undefined where no instance has it. */
  method(
    className: string,
    method: string,
    types: readonly Type[],
    own: readonly Type[],
    sight: Sight,
  ): { readonly key: string; readonly typeArguments: readonly Type[] } | undefined {
    const at = this.find(className, types, sight);
    const f = at?.instance.methods.get(method);
    if (at === undefined || f === undefined) return undefined;
    return { key: f.key, typeArguments: [...argumentsOf(at), ...own] };
  }

  /** What an instance that is seen asks of its types; undefined where there is none. */
  needs(className: string, types: readonly Type[], sight: Sight = 'all'): readonly Predicate[] | undefined {
    const at = this.find(className, types, sight);
    return at?.instance.constraints.map(({ class: of, args }) => ({
      class: of,
      args: args.map((arg) => concrete(arg, at.found)),
    }));
  }

  /** The types of the instance that a class has for a first type, where that determines the others. */
  at(className: string, first: Type): readonly Type[] | undefined {
    for (const instance of this.#byClass.get(className) ?? []) {
      const found = match(instance.args[0] as Type, first);
      if (found !== undefined) return instance.args.map((arg) => concrete(arg, found));
    }
    return undefined;
  }

  find(className: string, types: readonly Type[], sight: Sight = 'all'): Found | undefined {
    for (const instance of this.#byClass.get(className) ?? []) {
      if (instance.args.length > types.length || (instance.restated === true && sight === 'prelude'))
        continue;
      let found: Map<number, Type> | undefined = new Map();
      for (const [i, pattern] of instance.args.entries()) {
        if (found !== undefined) found = match(pattern, types[i] as Type, found);
      }
      if (found !== undefined) return { instance, found };
    }
    return undefined;
  }
}

function argumentsOf({ instance, found }: Found): readonly Type[] {
  return instance.parameters.map((p: Parameter) => found.get(p.id) as Type);
}
