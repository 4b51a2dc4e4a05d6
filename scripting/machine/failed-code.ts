/**
 * New code of which a global's first value failed. It has run meanwhile, so that what stays may hold function values that are
 * its code; but its globals have no values, and their cells are given back. So none of it runs again: its slots of the table
 * are empty, and who calls such a function value is told (`calls.ts`), the host too. Its objects are like any others.
 */
import type { LinkedProgram } from './program.ts';
import type { Rebindable } from './shrink.ts';

export class FailedCode implements Rebindable {
  readonly #program: LinkedProgram;
  readonly #table: WebAssembly.Table;
  readonly #first: number;
  readonly #end: number;

  /** The slots from `first` to before `end` are the program's. */
  constructor(program: LinkedProgram, table: WebAssembly.Table, first: number, end: number) {
    program.fail();
    this.#program = program;
    this.#table = table;
    this.#first = first;
    this.#end = end;
    this.#empty();
  }

  instantiate(memory: WebAssembly.Memory, heap: WebAssembly.Exports | undefined): WebAssembly.Instance {
    return this.#program.instantiate(memory, heap);
  }

  /** The new instance has put its functions into the table again. */
  adopt(instance: WebAssembly.Instance): void {
    this.#program.adopt(instance);
    this.#empty();
  }

  #empty(): void {
    for (let slot = this.#first; slot < this.#end; slot++) this.#table.set(slot, null);
  }
}
