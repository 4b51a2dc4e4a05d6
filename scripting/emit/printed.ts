/**
 * What tests see of a program: its code as it is printed, before anything is optimised, and which of the values in it are
 * addresses, which WebAssembly's types do not tell.
 */
import type binaryen from 'binaryen';
import type { Program, Rep } from '../ir/index.ts';
import { contextOf, type EmitOptions } from './module.ts';

/** What the values are that a piece of code leaves. */
export type CodeReps = Map<binaryen.ExpressionRef, readonly Rep[]>;

export interface Printed {
  readonly module: binaryen.Module;
  /** The program as it is printed, after the changes that `emit` makes. */
  readonly program: Program;
  /** What a function of the program is called in the module. */
  readonly nameOf: (key: string) => string;
  readonly reps: CodeReps;
}

/** Prints a program and shows it; the module is gone when `look` returns. */
export function inspect<T>(program: Program, options: EmitOptions, look: (printed: Printed) => T): T {
  const reps: CodeReps = new Map();
  const context = contextOf(program, options, reps);
  try {
    context.print();
    return look({
      module: context.module,
      program: context.program,
      nameOf: (key) => context.nameOf(key),
      reps,
    });
  } finally {
    context.module.dispose();
  }
}
