/** Compiled modules, as stack traces tell of them. */
import { debugInfoIn, type Image, type SourcePosition } from '../image/index.ts';
import { fetchTracing } from './fetch-tracing.ts';
import type { Places } from './tracing.ts';

/** What tells of code where it fails. */
type Described = Pick<Image, 'sourceMap' | 'manifest' | 'debugInfo'>;

/** One compiled module's name in stack traces, and what is known of its places. */
export class CodeModule {
  readonly name: string;
  readonly #image: Described;
  #places: Places | undefined;

  constructor(name: string, { sourceMap, manifest, debugInfo }: Described) {
    this.name = name;
    // No more of the image: its code is the engine's by now.
    this.#image = { sourceMap, manifest, ...(debugInfo !== undefined && { debugInfo }) };
  }

  /** Undefined until `describe` has been waited for. */
  get places(): Places | undefined {
    return this.#places;
  }

  /** Has `places`: in a built page they are fetched. Rejects where they do not come. */
  async describe(): Promise<void> {
    if (this.#places !== undefined) return;
    const { debugInfo } = this.#image;
    const [{ Places }, info] = await Promise.all([
      fetchTracing(),
      debugInfo === undefined ? debugInfoIn(this.#image) : debugInfo(),
    ]);
    this.#places ??= new Places(info);
  }
}

/** A place that can fail, by its number. */
export interface Site {
  readonly code: CodeModule;
  readonly number: number;
}

/** Undefined where the number is none, and while nothing is known of the code's places. */
export function positionOf({ code, number }: Site): SourcePosition | undefined {
  return code.places?.site(number);
}
