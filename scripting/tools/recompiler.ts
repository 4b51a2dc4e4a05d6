/**
 * A compiler for a program that is edited and compiled again and again, for development. What it keeps of a program is what the stages
 * have made of it: each says itself when an edit leaves the most of that as it was (`types/checked-program.ts`, `lower/program.ts`,
 * `emit/edited-module.ts`).
 */
import type { EditedModule } from '../emit/index.ts';
import type { Source } from '../syntax/index.ts';
import {
  type Analysis,
  analyseAgain,
  type Compilation,
  type CompileOptions,
  type Made,
  print,
  type RecompilerRule,
} from './compile.ts';

interface RecompilerOptions extends Omit<CompileOptions, 'mode' | 'tests' | 'images' | 'verifier'> {
  /** A rule that is left out, which a test then finds. */
  readonly without?: RecompilerRule;
}

/** After so many edits all is compiled anew, so that what nothing uses any more does not pile up. */
const EDITS = 200;

/**
 * An edit that changes what some functions do, and nothing that others can see of them, has these functions compiled; after any other
 * all is compiled anew. The sources that it is given are its own from then on: places in them move with the text.
 */
export class Recompiler {
  readonly #options: RecompilerOptions;
  /** What was made of the last version that was right so far, and what can be seen of it. */
  #made: Made | undefined;
  #images: string | undefined;
  #edits = 0;
  #wasIncremental = false;
  /** The module of a program, as far as it was printed. */
  #printed: { readonly of: Made; readonly module: EditedModule } | undefined;

  constructor(options: RecompilerOptions = {}) {
    this.#options = options;
  }

  /** As `compile` does. `images` are the names of the images there are. */
  async compile(sources: readonly Source[], images?: ReadonlySet<string>): Promise<Compilation> {
    const { watch = true, checked = false, counted = false } = this.#options;
    // From here on nothing waits: who compiles while another compilation is going on comes after it.
    const { EditedModule } = await import('../emit/index.ts');
    const heap = this.#options.heap ?? (await (await import('./heap-file.ts')).loadHeap(checked));
    const { program, diagnostics } = this.analyse(sources, images);
    if (program === undefined) return { diagnostics };
    if (checked || counted)
      return {
        image: await print(program, { ...this.#options, mode: 'development', heap }),
        diagnostics,
      };
    const of = this.#made as Made;
    const printed = this.#printed?.of === of ? this.#printed : undefined;
    if (printed === undefined) this.dispose();
    const module = printed?.module ?? new EditedModule(program, { mode: 'development', watch });
    // Should it throw, nothing is left that is half changed.
    this.#printed = undefined;
    try {
      if (printed !== undefined) module.goOnWith(program);
      const image = module.image();
      this.#printed = { of, module };
      return { image: { ...image, heap }, diagnostics };
    } finally {
      if (this.#printed === undefined) module.dispose();
    }
  }

  /** As `analyse` does. */
  analyse(sources: readonly Source[], images?: ReadonlySet<string>): Analysis {
    const names = images === undefined ? undefined : JSON.stringify([...images]);
    const before = names === this.#images && this.#edits < EDITS ? this.#made : undefined;
    // Here too.
    this.#made = undefined;
    const options = { ...this.#options, mode: 'development', images } as const;
    const { analysis, made } = analyseAgain(sources, options, before, this.#options.without);
    this.#wasIncremental = made !== undefined && made === before;
    // A mistake leaves what was made of the version before it as it is, unless it was found out halfway.
    this.#made = made ?? (before?.checked.isGood === true ? before : undefined);
    this.#edits = this.#made !== undefined && this.#made === before ? this.#edits + 1 : 0;
    this.#images = names;
    return analysis;
  }

  /** Whether of the last version only what an edit changed was compiled. */
  get wasIncremental(): boolean {
    return this.#wasIncremental;
  }

  /** Gives back what is kept between edits. A program can be compiled all the same. */
  dispose(): void {
    this.#printed?.module.dispose();
    this.#printed = undefined;
  }
}
