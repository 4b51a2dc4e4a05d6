/**
 * The compiler as one function: source text in, an image or diagnostics out. This is the only place that knows the
 * order of the stages.
 */
import type { Image } from '../image/index.ts';
import type { Program } from '../ir/index.ts';
import { LIBRARY_MODULES } from '../library/index.ts';
import {
  type LoweredProgram,
  type LoweringRule,
  lowerProgram as lower,
  type MoveRule,
  type RetainRule,
} from '../lower/index.ts';
import { expandProgram, type ModuleForms } from '../macros/index.ts';
import { prove } from '../regions/index.ts';
import { type Diagnostic, Diagnostics, type Source } from '../syntax/index.ts';
import { type BodyRule, type CheckedProgram, checkProgram as check } from '../types/index.ts';
import { programForms } from './program-forms.ts';

export interface CompileOptions {
  readonly mode: 'development' | 'release';
  /** Whether loops and recursion look at the clock, so that a call that does not end is ended. Default: true. */
  readonly watch?: boolean;
  /** Whether the main script's tests are compiled too. Default: false. */
  readonly tests?: boolean;
  /**
   * Whether the main script is a module of other programs: then nobody calls its `main`, `start` and `frame` but scripts, and they
   * may be of any type. Default: false.
   */
  readonly imported?: boolean;
  /** Names of exported functions whose results can be printed as well, by calling `shownExport(name)`. Default: none. */
  readonly shown?: readonly string[];
  /**
   * Whether the program tests at run time what was proved of it, and that nothing is used that was freed (`emit/checks.ts`). Default:
   * false.
   */
  readonly checked?: boolean;
  /**
   * Whether the program tells its machine of each object that it makes, and from which place (`MachineOptions.allocations`). Only in
   * development, and not with `checked`. Default: false.
   */
  readonly counted?: boolean;
  /** Whether a release program can look its heap through (`Machine.verify`), which takes 7 KB. Default: true. */
  readonly verifier?: boolean;
  /** Names of the images there are; undefined: not checked. */
  readonly images?: ReadonlySet<string> | undefined;
  /** heap.wasm, that of checked builds for one of those. Default: the file that `npm run build:heap` made, which needs Node. */
  readonly heap?: Uint8Array;
}

export interface Compilation {
  /** Undefined where any diagnostic is an error. */
  readonly image?: Image;
  /** In the order of the stages; those of one stage in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a program: `sources` are its modules. Never throws for anything a source may say. */
export async function compile(sources: readonly Source[], options: CompileOptions): Promise<Compilation> {
  const { program, diagnostics } = analyse(sources, options);
  return program === undefined ? { diagnostics } : { image: await print(program, options), diagnostics };
}

/** The last stage: a program that `analyse` has found nothing wrong with as an image. It can be printed more than once. */
export async function print(program: Program, options: CompileOptions): Promise<Image> {
  const { mode, watch = true, checked = false, counted = false, verifier = true } = options;
  const heap = options.heap ?? (await (await import('./heap-file.ts')).loadHeap(checked));
  // Binaryen is half a second of loading, which only a program without mistakes needs.
  const { emit } = await import('../emit/index.ts');
  const image = emit(program, { mode, watch, checked, counted, heap, verifier });
  // A development program runs beside its heap, a release program holds it.
  return mode === 'development' ? { ...image, heap } : image;
}

export interface Analysis {
  /** Undefined where any diagnostic is an error. */
  readonly program?: Program;
  /**
   * The program of which the escape proof alone refuses something: it can be printed, but what was refused must not run; none of it
   * where the proof has given up (`arena-tangled`).
   */
  readonly refused?: Program;
  readonly diagnostics: readonly Diagnostic[];
}

type AnalysisOptions = Pick<CompileOptions, 'tests' | 'imported' | 'shown' | 'images'> & {
  /** What the program is to be emitted for, if it is. */
  readonly mode?: CompileOptions['mode'];
  /** For tests: a rule of moves that is not checked, and one by which nothing is retained. */
  readonly withoutMove?: MoveRule | undefined;
  readonly withoutRetain?: RetainRule | undefined;
};

/** Everything but the last stage: finds whatever is wrong with a program. */
export function analyse(sources: readonly Source[], options: AnalysisOptions = {}): Analysis {
  return analyseAgain(sources, options, undefined).analysis;
}

/** What makes it right that an edit is compiled by itself; a test leaves one out. */
export type RecompilerRule = BodyRule | LoweringRule;

/** What the stages have made of a program, for the next time that it is compiled. */
export interface Made {
  readonly checked: CheckedProgram;
  readonly lowered: LoweredProgram;
}

/** The same, with what was made of the program before, if anything; what comes back is for the next time. */
export function analyseAgain(
  sources: readonly Source[],
  { tests = false, imported = false, shown = [], images, mode, withoutMove, withoutRetain }: AnalysisOptions,
  before: Made | undefined,
  without?: RecompilerRule,
): { readonly analysis: Analysis; readonly made?: Made } {
  const diagnostics = new Diagnostics();
  const forms = expandProgram(programForms(sources, diagnostics), diagnostics, { tests });
  const [again, said] = [before && lowerAgain(before, forms, diagnostics, without), diagnostics.all];
  if (again !== undefined) return { analysis: judge(again.program, again.diagnostics), made: before as Made };
  const checked = check(forms, diagnostics, { imported, library: LIBRARY_MODULES, images });
  // A stage may rely on what the stages before it have found to be right.
  if (checked === undefined || diagnostics.failed) return { analysis: { diagnostics: said } };
  const lowered = lower(checked.program, diagnostics, {
    tests,
    imported,
    shown,
    replaceable: mode === 'development',
    specialised: mode === 'release',
    withoutMove,
    withoutRetain,
  });
  if (lowered === undefined || diagnostics.failed) return { analysis: { diagnostics: said } };
  return { analysis: judge(lowered.program, diagnostics), made: { checked, lowered } };
}

/** What an edit has made of a program, where it changed nothing but bodies of functions and nothing is wrong with those. */
function lowerAgain(
  { checked, lowered }: Made,
  forms: readonly ModuleForms[],
  { all }: Diagnostics,
  without: RecompilerRule | undefined,
): { readonly program: Program; readonly diagnostics: Diagnostics } | undefined {
  const diagnostics = new Diagnostics();
  diagnostics.all.push(...all);
  const changed = diagnostics.failed ? undefined : checked.again(forms, diagnostics, without as BodyRule);
  const program =
    changed === undefined ? undefined : lowered.again(changed, diagnostics, without as LoweringRule);
  if (changed !== undefined && program === undefined) checked.spoil();
  return program === undefined ? undefined : { program, diagnostics };
}

function judge(program: Program, diagnostics: Diagnostics): Analysis {
  const proved = prove(program, diagnostics);
  return { [diagnostics.failed ? 'refused' : 'program']: proved, diagnostics: diagnostics.all };
}
