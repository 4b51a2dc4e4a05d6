/** The compiler from text to proven intermediate representation: everything but writing WebAssembly. */
import { preludeForms } from '../../scripting/library/index.ts';
import { lower } from '../../scripting/lower/index.ts';
import { expandProgram } from '../../scripting/macros/index.ts';
import { prove } from '../../scripting/regions/index.ts';
import { Diagnostics, read, render, Source } from '../../scripting/syntax/index.ts';
import { check } from '../../scripting/types/index.ts';

/** Milliseconds of each stage. */
export interface Stages {
  readonly read: number;
  readonly expand: number;
  readonly types: number;
  readonly lower: number;
  readonly regions: number;
}

/** Runs the front end over a project, by file name; throws its diagnostics where it has errors. */
export function runFrontEnd(files: ReadonlyMap<string, string>): Stages {
  const diagnostics = new Diagnostics();
  let last = performance.now();
  const lap = (): number => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    return ms;
  };
  const sources = [...files].map(([name, text]) => new Source(name, text));
  const forms = [
    preludeForms(diagnostics),
    ...sources.map((source) => ({ source, forms: read(source, diagnostics) })),
  ];
  const reading = lap();
  const expanded = expandProgram(forms, diagnostics);
  const expanding = lap();
  const typed = check(expanded, diagnostics);
  const typing = lap();
  if (typed === undefined) throw new Error(diagnostics.all.slice(0, 3).map(render).join('\n'));
  const program = lower(typed, diagnostics);
  const lowering = lap();
  if (program !== undefined) prove(program, diagnostics);
  if (diagnostics.failed) throw new Error(diagnostics.all.slice(0, 3).map(render).join('\n'));
  return { read: reading, expand: expanding, types: typing, lower: lowering, regions: lap() };
}
