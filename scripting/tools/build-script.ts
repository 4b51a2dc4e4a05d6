/** Compiling for the command line: diagnostics are printed, and only a program without errors comes back. */
import type { Image } from '../image/index.ts';
import { type Diagnostic, render, type Source } from '../syntax/index.ts';
import type { Streams } from './command.ts';
import { type CompileOptions, compile } from './compile.ts';

/** Compiles, and tells what is wrong and was not `told` before. Undefined where there were errors. */
export async function buildScript(
  sources: readonly Source[],
  options: CompileOptions,
  streams: Streams,
  told?: Set<string>,
): Promise<Image | undefined> {
  const { image, diagnostics } = await compile(sources, options);
  printDiagnostics(diagnostics, streams, told);
  return image;
}

/**
 * Prints each diagnostic with its source line, once; at the end, how many errors there were. Programs that share a module
 * share what is wrong with it: what is in `told` is left out, and what is printed added.
 */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  streams: Streams,
  told: Set<string> = new Set(),
): void {
  const texts = new Map(
    diagnostics
      .map((diagnostic) => [render(diagnostic), diagnostic.severity] as const)
      .filter(([text]) => !told.has(text)),
  );
  for (const text of texts.keys()) {
    told.add(text);
    streams.error(`${text}\n`);
  }
  const errors = [...texts.values()].filter((severity) => severity === 'error').length;
  if (errors > 1) streams.error(`${errors} errors\n`);
}
