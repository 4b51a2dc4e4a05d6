/**
 * Collections of the library's that lie by what methods say of their parts, as maps do by hashes of keys. A reload must know what decides
 * how they lie, and makes them anew where that is something else now: `sluice:arrange (prelude.Map game.Key i64)` takes a collection
 * and returns one with the same parts.
 */
import { arrangeExport } from '../image/index.ts';
import type { Arrangement, Export } from '../ir/index.ts';
import { type CompiledProgram, Dependences } from './dependence.ts';
import { derivedKeys } from './derive.ts';
import type { Arranged } from './kept-types.ts';
import type { ProgramLowering } from './program.ts';
import { typeKey } from './substitution.ts';

export class Arrangements {
  readonly #program: ProgramLowering;
  /** Keys of the functions that make collections anew, by their types' keys. */
  readonly #making = new Map<string, string>();

  constructor(program: ProgramLowering) {
    this.#program = program;
  }

  /** Has the methods of a program's own compiled. */
  compileMethods(): void {
    for (const arranged of this.#program.kept.arranged) this.#methodsOf(arranged);
  }

  /** Has compiled what makes collections anew, where there is a use for it: all methods that the program calls are known by now. */
  compile(isCompiled: (key: string) => boolean): void {
    for (const arranged of this.#program.kept.arranged)
      if (this.#methodsOf(arranged).some(isCompiled))
        this.#making.set(arranged.key, this.#program.instance(arranged.again, arranged.args));
  }

  /** What is known of the types, by their keys, and the exports that make collections of them. */
  offer(compiled: CompiledProgram): {
    arrangements: ReadonlyMap<string, Arrangement>;
    exports: readonly Export[];
  } {
    const dependences = new Dependences(compiled);
    const exports: Export[] = [];
    const arrangements = new Map<string, Arrangement>();
    for (const arranged of this.#program.kept.arranged) {
      const { key, by } = arranged;
      const making = this.#making.get(key);
      const dependence = making === undefined ? undefined : dependences.of(making);
      const needs = dependence?.changing === undefined ? dependence?.needs : undefined;
      arrangements.set(key, { methods: this.#methodsOf(arranged), by: typeKey(by), ...(needs && { needs }) });
      if (making !== undefined && needs !== undefined)
        exports.push({
          name: arrangeExport(key),
          key: making,
          params: [],
          result: { kind: 'unit' },
          forReload: true,
        });
    }
    return { arrangements, exports };
  }

  #methodsOf({ by, methods }: Arranged): readonly string[] {
    return methods.flatMap(([className, method]) =>
      this.#program.instances.has(className, [by])
        ? this.#program.methodInstance(className, method, [by], [])
        : derivedKeys(method, by),
    );
  }
}
