/**
 * Checked images of scripts that the proof need not accept: what it refuses, the checked build must find. The stages are put
 * together as `compile` does it.
 */
import { emit } from '../../../scripting/emit/index.ts';
import { POISON } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import {
  type Expression,
  type Func,
  type Local,
  type Program,
  type Rewriting,
  rewriteBlock,
} from '../../../scripting/ir/index.ts';
import { preludeForms } from '../../../scripting/library/index.ts';
import { lower } from '../../../scripting/lower/index.ts';
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
export function withoutCopies(text: string, mode: Mode): Promise<Image> {
  return rewritten(text, mode, (s) => {
    const copies = s.kind === 'set-call' && s.call.to === 'runtime' && s.call.name === 'copyOut';
    if (!copies) return [s];
    return [{ kind: 'set', local: s.locals[0] as Local, value: s.call.args[2] as Expression }];
  });
}

/** The same with a function `gone` whose argument is not there any more afterwards: its header is overwritten. */
export function withGone(text: string, mode: Mode): Promise<Image> {
  const poison: Expression = { kind: 'constant', rep: 'i32', value: POISON * 0x01010101 };
  return rewritten(text, mode, (s) => {
    if (s.kind !== 'evaluate' || s.value.kind !== 'call') return [s];
    const { call } = s.value;
    const [target] = call.args;
    if (target === undefined || call.to !== 'function' || !call.key.includes('gone')) return [s];
    return [{ kind: 'store', stored: 'i32', target, offset: 0, value: poison, span: call.span }];
  });
}

function rewritten(text: string, mode: Mode, statement: Rewriting['statement']): Promise<Image> {
  const program = lowered(text);
  const functions = [...program.functions].map(([key, f]): [string, Func] => [
    key,
    { ...f, body: rewriteBlock(f.body, { expression: (e) => e, statement }) },
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
