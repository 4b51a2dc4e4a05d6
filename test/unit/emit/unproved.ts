/**
 * Checked images of scripts that the proof need not accept: what it refuses, the checked build must find. The stages are put
 * together as `compile` does it.
 */
import { emit } from '../../../scripting/emit/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { preludeForms } from '../../../scripting/library/index.ts';
import {
  type Expression,
  type Func,
  type Local,
  lower,
  type Program,
  rewriteBlock,
  type Statement,
} from '../../../scripting/lower/index.ts';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { prove, type Rule } from '../../../scripting/regions/index.ts';
import { Diagnostics, readOnce, render, Source } from '../../../scripting/syntax/index.ts';
import { loadHeap } from '../../../scripting/tools/index.ts';
import { check } from '../../../scripting/types/index.ts';

export type Mode = 'development' | 'release';

/** What the proof says of a script, without one of its rules if one is named. */
export function refusals(text: string, without?: Rule): readonly string[] {
  const diagnostics = new Diagnostics();
  prove(lowered(text), diagnostics, { without });
  return diagnostics.all.map(render);
}

/** A checked image of a script: as the proof leaves it without a rule, or as it is where none is named. */
export async function unproved(text: string, mode: Mode, without?: Rule): Promise<Image> {
  return checkedImage(lowered(text), mode, without);
}

/** The same without copies: what `copy-out` and `?` give is what they are given. */
export async function withoutCopies(text: string, mode: Mode): Promise<Image> {
  const program = lowered(text);
  const uncopied = (s: Statement): readonly Statement[] => {
    const copies = s.kind === 'set-call' && s.call.to === 'runtime' && s.call.name === 'copyOut';
    if (!copies) return [s];
    return [{ kind: 'set', local: s.locals[0] as Local, value: s.call.args[2] as Expression }];
  };
  const functions = [...program.functions].map(([key, f]): [string, Func] => [
    key,
    { ...f, body: rewriteBlock(f.body, { expression: (e) => e, statement: uncopied }) },
  ]);
  return checkedImage({ ...program, functions: new Map(functions) }, mode);
}

async function checkedImage(program: Program, mode: Mode, without?: Rule): Promise<Image> {
  const placed = without === undefined ? program : prove(program, new Diagnostics(), { without });
  const heap = await loadHeap(true);
  const image = emit(placed, { mode, watch: true, checked: true, heap });
  return mode === 'development' ? { ...image, heap } : image;
}

function lowered(text: string): Program {
  const source = new Source('game.slu', text);
  const diagnostics = new Diagnostics();
  const forms = [preludeForms(diagnostics), { source, forms: readOnce(source, diagnostics) }];
  const typed = check(expandProgram(forms, diagnostics, { tests: false }), diagnostics);
  const program = typed && lower(typed, diagnostics, { tests: false });
  if (program === undefined || diagnostics.failed) throw new Error(diagnostics.all.map(render).join('\n'));
  return program;
}
