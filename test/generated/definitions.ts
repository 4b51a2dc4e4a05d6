/** What a program defines, by name, for the reference. */
import {
  type Case,
  type FunctionDeclaration,
  functionsOf,
  type GlobalDeclaration,
  type MethodDeclaration,
  type World,
} from './program.ts';
import { Discard, Product, type Value, Vec } from './value.ts';

export class Definitions {
  readonly globals: readonly GlobalDeclaration[];
  /** What prints the globals of modules. */
  readonly reports: readonly FunctionDeclaration[];
  readonly #functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly #methods: readonly MethodDeclaration[];
  readonly #products: ReadonlyMap<string, readonly string[]>;
  readonly #flat: ReadonlySet<string>;

  constructor(world: World, one: Case) {
    const { modules } = world;
    const functions = [...world.functions, ...modules.flatMap(functionsOf), ...one.functions];
    this.#functions = new Map(functions.map((f) => [f.name, f]));
    this.#methods = world.methods;
    this.globals = [...one.globals, ...modules.flatMap(({ globals }) => globals)];
    this.reports = modules.map(({ report }) => report);
    const products = [...world.products, ...modules.map(({ product }) => product)];
    this.#products = new Map(products.map((p) => [p.name, p.fields.map((f) => f.name)]));
    this.#flat = new Set(world.products.filter((p) => p.flat).map((p) => p.name));
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  function(name: string): FunctionDeclaration {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Discard(`no function ${name}`);
    return found;
  }

  /** The instance for a value, by what it is at run time. */
  method(value: Value): MethodDeclaration {
    let name = 'Option';
    if (typeof value === 'bigint') name = 'i64';
    else if (typeof value === 'string') name = 'String';
    else if (value instanceof Vec) name = value.mutable ? 'MutVec' : 'Vector';
    else if (value instanceof Product && this.#products.has(value.name)) name = value.name;
    const found = this.#methods.find((m) => m.of.name === name);
    if (found === undefined) throw new Discard(`no method for ${name}`);
    return found;
  }

  fieldIndex(product: string, field: string): number {
    if (product === 'Tuple') return Number(field);
    return this.#products.get(product)?.indexOf(field) ?? -1;
  }

  /** Whether it is a value, without identity. */
  isFlat(product: string): boolean {
    return this.#flat.has(product);
  }
}
