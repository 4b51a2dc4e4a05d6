/**
 * What tests see of a program: its code as it is printed, before anything is optimised, and which of the values in it are
 * addresses, which WebAssembly's types do not tell.
 */
import type binaryen from 'binaryen';
import type { Image } from '../image/index.ts';
import type { Program } from '../ir/index.ts';
import type { CodeReps, EmitOptions } from './context.ts';
import { contextOf, finish, printInto } from './module.ts';

export interface Printed {
  readonly module: binaryen.Module;
  /** The program as it is printed, after the changes that `emit` makes. */
  readonly program: Program;
  /** What a function of the program is called in the module. */
  readonly nameOf: (key: string) => string;
  readonly reps: CodeReps;
  /** The image that `emit` would make of it. Optimised for that, the module is not what was printed any more. */
  readonly finish: () => Image;
}

/** Prints a program and shows it; the module is gone when `look` returns. */
export function inspect<T>(program: Program, options: EmitOptions, look: (printed: Printed) => T): T {
  const reps: CodeReps = new Map();
  const context = contextOf(program, options, reps);
  try {
    printInto(context);
    return look({
      module: context.module,
      program: context.program,
      nameOf: (key) => context.nameOf(key),
      reps,
      finish: () => finish(context),
    });
  } finally {
    context.module.dispose();
  }
}
