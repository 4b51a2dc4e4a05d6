/**
 * What a reload computes for fields of objects that live on, where the objects have none that it can keep: what `migrate` says, or else
 * the default. Each is an export of a development image, `sluice:migrate game.Body hp`.
 */
import type { FieldValue, KeptType } from '../image/index.ts';
import type { Export } from '../ir/index.ts';
import type { Diagnostics } from '../syntax/index.ts';
import type { Type, TypeDefinition, TypedMigration } from '../types/index.ts';
import { type Changing, type CompiledProgram, Dependences } from './dependence.ts';
import type { ProgramLowering } from './program.ts';
import { bind, concrete } from './substitution.ts';

/** A field of a type that may live on, and the function that computes it. */
interface Computed {
  readonly variant?: string;
  readonly field: string;
  readonly by: 'migrate' | 'default';
  /** The function's key as the program has it, and where it is compiled for the type at hand. */
  readonly function: string;
  readonly instance: string;
  readonly reads: FieldValue['reads'];
}

export class FieldValues {
  readonly #program: ProgramLowering;
  readonly #migrations: readonly TypedMigration[];
  readonly #computed = new Map<string, readonly Computed[]>();

  constructor(program: ProgramLowering, migrations: readonly TypedMigration[]) {
    this.#program = program;
    this.#migrations = migrations;
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
    const migrated = this.#migrations.find(({ definition }) => definition === type.definition)?.functions;
    const { fields, variants } = type.definition;
    const all: readonly { readonly variant?: string; readonly field: TypeDefinition['fields'][number] }[] = [
      ...fields.map((field) => ({ field })),
      ...variants.flatMap(({ name, fields: data }) => data.map((field) => ({ variant: name, field }))),
    ];
    return all.flatMap(({ field: { name: field, default: value }, ...of }): Computed[] => {
      const migration = migrated?.get(field);
      const key = migration ?? value;
      if (key === undefined) return [];
      const { params, typeParameters } = this.#program.typedFunction(key);
      const substitution = bind(typeParameters, type.args);
      const reads = params.map((param) => ({
        field: param.name ?? '',
        type: this.#program.kept.add(concrete(param.type, substitution)),
      }));
      const instance = this.#program.instance(key, type.args);
      const by = migration === undefined ? 'default' : 'migrate';
      return [{ ...of, field, by, function: key, instance, reads }];
    });
  }

  /** The types that may live on, with what is known of their fields, and the exports that compute them. */
  offer(
    compiled: CompiledProgram,
    diagnostics: Diagnostics,
  ): { types: readonly KeptType[]; exports: readonly Export[] } {
    const dependences = new Dependences(compiled);
    this.#rejectChanging(dependences, diagnostics);
    const exports: Export[] = [];
    const types = this.#program.kept.types.map((type): KeptType => {
      const fieldDefaults: FieldValue[] = [];
      const without: NonNullable<KeptType['without']>[number][] = [];
      for (const { variant, field, by, instance: key, reads } of this.#computed.get(type.key) ?? []) {
        const of = variant === undefined ? { field } : { variant, field };
        const { needs, changing } = dependences.of(key);
        if (changing !== undefined) {
          without.push({ ...of, reason: reasonOf(changing) });
          continue;
        }
        const name = `sluice:${by} ${[type.key, ...(variant === undefined ? [] : [variant]), field].join(' ')}`;
        fieldDefaults.push({ ...of, by, export: name, reads, needs });
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

  /** A default may be of its moment where something is made; what `migrate` says is for a reload alone. */
  #rejectChanging(dependences: Dependences, diagnostics: Diagnostics): void {
    const instances = new Map<string, string>();
    for (const { function: key, instance } of [...this.#computed.values()].flat())
      instances.set(key, instance);
    for (const { functions } of this.#migrations)
      for (const [field, key] of functions) {
        const { changing } = dependences.of(instances.get(key) ?? key);
        if (changing === undefined) continue;
        const { what, way } = changing;
        diagnostics.error(
          'changing-migration',
          this.#program.typedFunction(key).span,
          `\`:${field}\` here ${what}, and may not be the same at another time`,
          {
            hint:
              way.length === 0
                ? 'what it is made of can be fields of the object, and constants'
                : `it does so by way of ${shown(way)}; what it is made of can be fields of the object, and constants`,
          },
        );
      }
  }
}

/** `reads the global \`*score*\`, by way of \`next-number\``. */
function reasonOf({ what, way }: Changing): string {
  return way.length === 0 ? what : `${what}, by way of ${shown(way)}`;
}

const shown = (way: readonly string[]): string => way.map((name) => `\`${name}\``).join(' -> ');
