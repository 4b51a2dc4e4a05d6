/** How a compiled script reaches a built page: by files that are fetched, the program when a game starts. */
import type { Atlas } from '../atlas/index.ts';
import type { DebugInfo, Image } from './manifest.ts';
import type { ScriptModule } from './script-module.ts';

/** An image whose program is a file, at `wasm`, and whose debug information may be another, with JSON. */
export interface BuiltProgram extends Pick<Image, 'sourceMap' | 'manifest' | 'codeName'> {
  readonly wasm: string;
  readonly debugInfo?: string;
}

/** The `ScriptModule` that a generated module exports in a built page: no other program and no other images ever come. */
export class BuiltScript implements ScriptModule {
  readonly name: string;
  readonly atlas: Atlas | undefined;
  readonly isFinal = true;
  readonly #program: BuiltProgram;

  constructor(name: string, program: BuiltProgram, atlas?: Atlas) {
    this.name = name;
    this.atlas = atlas;
    this.#program = program;
  }

  /** Rejects with a sentence where the program does not come. */
  async load(): Promise<Image> {
    const { wasm, debugInfo, ...rest } = this.#program;
    const response = await fetched('program', wasm);
    return {
      ...rest,
      wasm: new Uint8Array(await response.arrayBuffer()),
      ...(debugInfo !== undefined && {
        debugInfo: async () => (await (await fetched('file', debugInfo)).json()) as DebugInfo,
      }),
    };
  }

  subscribe(): () => void {
    return () => undefined;
  }
}

async function fetched(what: string, url: string): Promise<Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`the ${what} ${url} cannot be fetched`, { cause: error });
  });
  if (!response.ok) throw new Error(`the ${what} ${url} cannot be fetched: ${response.status}`);
  return response;
}
