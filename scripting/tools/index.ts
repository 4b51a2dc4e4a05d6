/** The compiler and what is built around it, for the Vite configuration, tests and benchmarks. */

export { type Command, FAILED, OK, REFUSED, type Streams } from './command.ts';
export { main } from './command-line.ts';
export {
  type Analysis,
  analyse,
  type Compilation,
  type CompileOptions,
  compile,
  print,
  type RecompilerRule,
} from './compile.ts';
export { declarations } from './declarations.ts';
export { expandLast } from './expand.ts';
export { loadHeap } from './heap-file.ts';
export { KeptSources } from './kept-sources.ts';
export { toProblem } from './problems.ts';
export { Recompiler } from './recompiler.ts';
export { renderScriptError } from './run-error.ts';
export { CONTENT_POLICY, ISOLATION } from './serve.ts';
export { type SluiceOptions, sluice } from './vite-plugin.ts';
