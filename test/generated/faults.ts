/** Compilers with a fault each, put there on purpose: a search that does not find it is none. */
import { emit } from '../../scripting/emit/index.ts';
import { ShadowFrame } from '../../scripting/emit/shadow.ts';
import { preludeForms } from '../../scripting/library/index.ts';
import { lower } from '../../scripting/lower/index.ts';
import { expandProgram } from '../../scripting/macros/index.ts';
import { prove } from '../../scripting/regions/index.ts';
import type { Rule } from '../../scripting/regions/rules.ts';
import { Diagnostics, readOnce } from '../../scripting/syntax/index.ts';
import { compile, loadHeap } from '../../scripting/tools/index.ts';
import { check } from '../../scripting/types/index.ts';
import type { Compiler } from './run.ts';

/** The compiler with one rule less in its escape proof. Development only. */
export function withoutRule(rule: Rule): Compiler {
  return async (sources, { mode, checked = false }) => {
    const diagnostics = new Diagnostics();
    const forms = [
      preludeForms(diagnostics),
      ...sources.map((source) => ({ source, forms: readOnce(source, diagnostics) })),
    ];
    const typed = check(expandProgram(forms, diagnostics, { tests: false }), diagnostics);
    if (typed === undefined || diagnostics.failed) return { diagnostics: diagnostics.all };
    const program = lower(typed, diagnostics, { tests: false });
    if (program === undefined || diagnostics.failed) return { diagnostics: diagnostics.all };
    const proved = prove(program, diagnostics, { without: rule });
    if (diagnostics.failed) return { diagnostics: diagnostics.all };
    const heap = await loadHeap(checked);
    return {
      image: { ...emit(proved, { mode, watch: true, checked, heap }), heap },
      diagnostics: diagnostics.all,
    };
  };
}

/** The compiler, where every `nth` store of a name into its slot of the shadow stack is left out. */
export function withoutStores(nth: number): Compiler {
  return async (sources, options) => {
    const { set } = ShadowFrame.prototype;
    let count = 0;
    ShadowFrame.prototype.set = function (...args) {
      const code = set.apply(this, args);
      if (code.length < 2) return code;
      count += 1;
      return count % nth === 0 ? code.slice(0, 1) : code;
    };
    try {
      return await compile(sources, options);
    } finally {
      ShadowFrame.prototype.set = set;
    }
  };
}

/** The compiler with a heap that has a fault, as `scripting/heap/fault.ts` numbers them. Development only. */
export const withHeap =
  (heap: Uint8Array): Compiler =>
  (sources, options) =>
    compile(sources, { ...options, heap });
