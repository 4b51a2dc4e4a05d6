/** Compiles program text up to its typed tree, for the tests of this folder. */
import { preludeForms } from '../../../scripting/library/index.ts';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { Diagnostics, read, render, Source } from '../../../scripting/syntax/index.ts';
import { check, type TypedFunction, type TypedProgram } from '../../../scripting/types/index.ts';
import { showPredicate, showType } from '../../../scripting/types/model/show.ts';

export interface Checked {
  readonly program: TypedProgram | undefined;
  readonly diagnostics: Diagnostics;
  readonly codes: readonly string[];
  /** All diagnostics as a terminal shows them. */
  readonly report: string;
}

/** Checks a program of one file, `main.slu`, or of several, by their names. */
export function checkText(text: string | Readonly<Record<string, string>>): Checked {
  const diagnostics = new Diagnostics();
  const files = typeof text === 'string' ? { 'main.slu': text } : text;
  const sources = Object.entries(files).map(([name, content]) => new Source(name, content));
  const forms = [
    preludeForms(diagnostics),
    ...sources.map((source) => ({ source, forms: read(source, diagnostics) })),
  ];
  const program = check(expandProgram(forms, diagnostics), diagnostics);
  const codes = diagnostics.all.map((d) => d.code);
  return { program, diagnostics, codes, report: diagnostics.all.map(render).join('\n') };
}

/** A function of the program, which must be without errors. */
export function functionOf(text: string, name: string): TypedFunction {
  const { program, report } = checkText(text);
  const found = program?.functions.find((f) => f.key === `main.${name}`);
  if (found === undefined) throw new Error(`no ${name} in a program that should be good:\n${report}`);
  return found;
}

/** The inferred signature of a function: `(=> (Num 'a) (Fn ['a] 'a))`. */
export function signatureOf(text: string, name: string): string {
  const { constraints, params, result } = functionOf(text, name);
  const type = showType({ kind: 'function', params: params.map((p) => p.type), result });
  return constraints.length === 0 ? type : `(=> ${constraints.map(showPredicate).join(' ')} ${type})`;
}
