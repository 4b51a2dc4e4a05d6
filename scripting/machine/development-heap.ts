import type { Image } from '../image/index.ts';
import { bindHeap, type Heap } from './heap.ts';
import { named } from './naming.ts';
import type { Rebindable } from './rebind.ts';

/** The heap of development images: a module of its own, whose exports the programs import. */
export class DevelopmentHeap implements Rebindable {
  readonly #module: WebAssembly.Module;
  readonly #heap: Heap;
  readonly #host: WebAssembly.ModuleImports;
  readonly #wrap: (exports: WebAssembly.Exports) => WebAssembly.Exports;
  #exports: WebAssembly.Exports = {};

  /** `heap` is bound by `adopt`. `wrap` says what programs and the host call in place of its functions. */
  constructor(
    module: WebAssembly.Module,
    heap: Heap,
    host: WebAssembly.ModuleImports,
    wrap: (exports: WebAssembly.Exports) => WebAssembly.Exports = (exports) => exports,
  ) {
    this.#module = module;
    this.#heap = heap;
    this.#host = host;
    this.#wrap = wrap;
  }

  get exports(): WebAssembly.Exports {
    return this.#exports;
  }

  /** Nothing of it is called again, and it keeps no memory. */
  end(): void {
    this.#exports = {};
  }

  /** What of static memory is needed: see the heap's `findUsedStatics`. */
  findUsedStatics(): number {
    return (this.#exports.findUsedStatics as () => number)() >>> 0;
  }

  /** A zeroed object, with so many elements where it is an array. */
  makeObject(descriptor: number, length: number): number {
    return (
      (this.#exports.makeObject as (descriptor: number, length: number) => number)(descriptor, length) >>> 0
    );
  }

  /** From now on `to` is what `from` was; whoever holds it is told by `redirectAll`, and by `redirectIn` where it is new itself. */
  redirect(from: number, to: number): void {
    (this.#exports.redirect as (from: number, to: number) => void)(from, to);
  }

  redirectIn(object: number): void {
    (this.#exports.redirectIn as (object: number) => void)(object);
  }

  redirectAll(): void {
    (this.#exports.redirectAll as () => void)();
  }

  instantiate(memory: WebAssembly.Memory): WebAssembly.Instance {
    return new WebAssembly.Instance(this.#module, { env: { memory }, host: this.#host });
  }

  adopt({ exports }: WebAssembly.Instance): void {
    this.#exports = this.#wrap(exports);
    bindHeap(this.#heap, this.#exports, '');
  }
}

export async function compileHeap(image: Image): Promise<WebAssembly.Module> {
  if (image.heap === undefined) throw new Error('a development image comes with its heap; this one lacks it');
  return WebAssembly.compile(named('heap', image.heap).wasm);
}
