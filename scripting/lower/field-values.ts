/**
 * What a reload computes for fields of objects that live on: where the definition of a type has a field that it had not before, the
 * default of the field. Each becomes an export of a development image, `sluice:default game.Body hp`.
 */
import type { FieldValue, KeptType } from '../image/index.ts';
import type { Export } from '../ir/index.ts';
import type { Type } from '../types/index.ts';
import { type Changing, type CompiledProgram, dependenceOf } from './dependence.ts';
import type { ProgramLowering } from './program.ts';

/** A field of a type that may live on, and the key of the function that computes it. */
interface Computed {
  readonly field: string;
  readonly function: string;
}

export class FieldValues {
  readonly #program: ProgramLowering;
  readonly #computed = new Map<string, readonly Computed[]>();

  constructor(program: ProgramLowering) {
    this.#program = program;
  }

  /** Has the functions compiled for the types that may live on. True where there were types that it had not come by before. */
  compile(): boolean {
    const { kept } = this.#program;
    const found = kept.types.filter(({ key }) => !this.#computed.has(key));
    for (const { key, layout } of found) {
      const type = kept.typeOf(key);
      // A type without end is kept by no reload.
      this.#computed.set(key, layout === undefined || type === undefined ? [] : this.#compileFor(type));
    }
    return found.length > 0;
  }

  #compileFor(type: Type): readonly Computed[] {
    if (type.kind !== 'named') return [];
    return type.definition.fields.flatMap(({ name: field, default: key }) =>
      key === undefined ? [] : [{ field, function: this.#program.instance(key, type.args) }],
    );
  }

  /** The types that may live on, with what is known of their fields, and the exports that compute them. */
  offer(compiled: CompiledProgram): { types: readonly KeptType[]; exports: readonly Export[] } {
    const exports: Export[] = [];
    const types = this.#program.kept.types.map((type): KeptType => {
      const fieldDefaults: FieldValue[] = [];
      const without: { field: string; reason: string }[] = [];
      for (const { field, function: key } of this.#computed.get(type.key) ?? []) {
        const { needs, changing } = dependenceOf(key, compiled);
        if (changing !== undefined) {
          without.push({ field, reason: reasonOf(changing) });
          continue;
        }
        const name = `sluice:default ${type.key} ${field}`;
        fieldDefaults.push({ field, export: name, reads: [], needs });
        exports.push({ name, key, params: [], result: { kind: 'unit' }, forReload: true });
      }
      return {
        ...type,
        ...(fieldDefaults.length > 0 && { fieldDefaults }),
        ...(without.length > 0 && { without }),
      };
    });
    return { types, exports };
  }
}

/** `reads the global \`*score*\`, by way of \`next-number\``. */
function reasonOf({ what, way }: Changing): string {
  return way.length === 0 ? what : `${what}, by way of ${way.map((name) => `\`${name}\``).join(' -> ')}`;
}
