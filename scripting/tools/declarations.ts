/**
 * TypeScript declarations of what a program exports and what it needs of its host: structs and sums become interfaces and
 * unions by their script names, `(Pair i64 String)` as `Pair_i64_String`. What a script knows of an object of the host is its
 * name only: what it is in TypeScript, the host's author may say.
 */
import {
  type ExternEntry,
  HOST_CALLS,
  type HostShape,
  type HostSignature,
  type HostType,
  isLibraryFile,
  type Manifest,
} from '../image/index.ts';

/** The text of the declarations beside a script (`game.d.slu.ts`): what an import of it gives. `file` is the script's name, for its first line. */
export function declarations(manifest: Manifest, file: string): string {
  const writer = new Writer(manifest);
  const hosts = new Map<string, string[]>();
  for (const extern of manifest.externs) {
    if (extern.module === HOST_CALLS || isEngines(extern)) continue;
    hosts.set(extern.module, [...(hosts.get(extern.module) ?? []), writer.method(extern.name, extern)]);
  }
  const exported = manifest.exports.map((entry) => writer.method(entry.name, entry));
  const modules = [...hosts].map(
    ([name, methods]) => `  ${key(name)}: {\n${methods.map((m) => `  ${m}`).join('\n')}\n  };`,
  );
  return [
    `// What ${file} exports and imports. Written by Sluice: changes here are lost.\n`,
    SCRIPT,
    block('What `machine.call` may be given.', 'ScriptExports', exported),
    block('What the program needs as `host`.', 'ScriptHost', modules),
    HANDLES,
    ...writer.named.values(),
  ].join('\n');
}

/** A library module's own needs are met by the engine: `sluice.input` has its externs from the module `sluice.input`. */
const isEngines = ({ module, span }: ExternEntry): boolean =>
  isLibraryFile(span.file) && span.file === `${module.replaceAll('.', '/')}.slu`;

const SCRIPT = `declare const script: import('sluice/machine').ScriptModule<ScriptExports, ScriptHost>;
export default script;
`;

const HANDLES = `/** An object that stays the script's. */
export interface ScriptObject {
  readonly type: string;
  release(): void;
}

/** A function of the script's, not to be called after its \`release\`; or one of yours, which has none and comes back as itself. */
export type ScriptFunction<F> = F & { release?(): void };

/** What the host's objects are: declare an interface of this name beside this one, \`'stage.Sprite': Sprite\`. */
export interface HostTypes {}

/** An object that a script holds for you. */
export type HostObject<Name extends string> = Name extends keyof HostTypes ? HostTypes[Name] : object;
`;

const block = (comment: string, name: string, lines: readonly string[]): string =>
  `/** ${comment} */\nexport interface ${name} {${lines.length === 0 ? '' : `\n${lines.join('\n')}\n`}}\n`;

class Writer {
  /** Declarations by name. */
  readonly named = new Map<string, string>();
  /** Names by the types' keys: those of two modules may be called the same. */
  readonly #names = new Map<string, string>();
  readonly #shapes: readonly HostShape[];

  constructor({ shapes }: Manifest) {
    this.#shapes = shapes;
  }

  method(name: string, { params, result }: HostSignature): string {
    const list = params.map((p, i) => `${parameterName(p.name, i)}: ${this.#type(p.type)}`).join(', ');
    return `  ${key(name)}(${list}): ${result.kind === 'unit' ? 'void' : this.#type(result)};`;
  }

  #type(type: HostType): string {
    switch (type.kind) {
      case 'unit':
        return 'undefined';
      case 'bool':
        return 'boolean';
      case 'string':
      case 'number':
        return type.kind;
      case 'value':
        return `{ ${this.#fields(type.fields)} }`;
      case 'tuple':
        return `[${type.fields.map((f) => this.#type(f.type)).join(', ')}]`;
      case 'object':
        return `HostObject<'${type.host}.${type.name}'>`;
      case 'opaque':
        return 'ScriptObject';
      case 'shape':
        return this.#shape(type);
    }
  }

  #shape(type: Extract<HostType, { readonly kind: 'shape' }>): string {
    const shape = this.#shapes[type.shape] as HostShape;
    switch (shape.kind) {
      case 'vector':
        return `readonly ${wrapped(this.#type(shape.element))}[]`.replace('readonly readonly', 'readonly');
      case 'map': {
        const key = this.#type(shape.key);
        return shape.value === undefined
          ? `ReadonlySet<${key}>`
          : `ReadonlyMap<${key}, ${this.#type(shape.value)}>`;
      }
      case 'function': {
        const params = shape.params.map((p, i) => `a${i}: ${this.#type(p)}`).join(', ');
        const result = shape.result.kind === 'unit' ? 'void' : this.#type(shape.result);
        return `ScriptFunction<(${params}) => ${result}>`;
      }
      case 'struct':
        return this.#declare(type, (name) => `export interface ${name} { ${this.#fields(shape.fields)} }\n`);
      case 'sum': {
        const [some] = shape.variants.find((v) => v.name === 'Some')?.fields ?? [];
        if (type.key.startsWith('(prelude.Option ') && some !== undefined)
          return `${this.#type(some.type)} | undefined`;
        const variants = () =>
          shape.variants.map(
            (v) => `{ tag: '${v.name}'${v.fields.length > 0 ? `; ${this.#fields(v.fields)}` : ''} }`,
          );
        return this.#declare(type, (name) => `export type ${name} = ${variants().join(' | ')};\n`);
      }
    }
  }

  /** Named before its parts are written: they may speak of it. */
  #declare(type: { readonly name: string; readonly key: string }, text: (name: string) => string): string {
    const known = this.#names.get(type.key);
    if (known !== undefined) return known;
    let name = identifier(type.name);
    if (this.named.has(name)) name = identifier(type.key);
    this.#names.set(type.key, name);
    this.named.set(name, '');
    this.named.set(name, text(name));
    return name;
  }

  #fields(fields: readonly { readonly name: string; readonly type: HostType }[]): string {
    return fields.map((f) => `${key(f.name)}: ${this.#type(f.type)}`).join('; ');
  }
}

/** `(Pair i64 String)` is `Pair_i64_String`. */
const identifier = (type: string): string => type.replace(/[()[\]]/g, '').replace(/[^A-Za-z0-9_$]+/g, '_');

const key = (name: string): string => (/^([A-Za-z_$][\w$]*|\d+)$/.test(name) ? name : `'${name}'`);

/** A parameter's name says something, but may be none in TypeScript. */
const parameterName = (name: string, index: number): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name) ? name : `a${index}`;

const RESERVED = new Set([
  'in',
  'of',
  'new',
  'this',
  'function',
  'default',
  'class',
  'delete',
  'with',
  'for',
  'if',
]);

const wrapped = (type: string): string => (/[ |]/.test(type) && !/^[{[]/.test(type) ? `(${type})` : type);
