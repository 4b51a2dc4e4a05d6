/**
 * Has a function tell of each object that it makes, where the program counts them: the machine is called with the object and the number
 * of the place in the script that made it.
 *
 * What the library makes counts to the place that called it, so each place is noted in a word of memory, ALLOCATION_SITE, before what may
 * allocate is called: a function of the library, one that nobody knows by name, the host, the heap. A function of the library reads it
 * as it is entered, and notes it again before it calls, since what it called may have noted places of its own.
 *
 *     (defn names () (map name-of *enemies*))        site = 7; call map
 *     map, of the library                            mine = site; ...; site = mine; call name-of; ...; site = mine; grow
 *     (defn name-of (e) (str "enemy " (.n e)))       site = 9; take text
 *
 * A function of the script notes nothing for one it calls by name, which knows its own places.
 */
import binaryen from 'binaryen';
import { ALLOCATION_SITE } from '../heap/index.ts';
import { isDerivedName, isLibraryFile } from '../image/index.ts';
import { type Call, type Func, RUNTIME } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { loadCell, storeCell } from './access.ts';
import type { Code, FunctionBody } from './body.ts';

export class AllocationSites {
  readonly #body: FunctionBody;
  readonly #isLibrary: boolean;
  /** The last place of the script that was met: what macros of the library stand for has none of its own. */
  #last: Span;

  constructor(body: FunctionBody) {
    this.#body = body;
    this.#isLibrary = isLibrary(body.func);
    this.#last = body.func.span;
  }

  /** On entry. */
  enter(): Code[] {
    if (!this.#body.context.counted || !this.#isLibrary) return [];
    return [this.#body.module.local.set(this.#mine, loadCell(this.#body.module, ALLOCATION_SITE))];
  }

  /** Whether a place is to be noted before a call. */
  notes(call: Call): boolean {
    const { counted, program } = this.#body.context;
    if (!counted) return false;
    if (call.to === 'runtime') return RUNTIME[call.name].allocates;
    const callee = call.to === 'function' ? program.functions.get(call.key) : undefined;
    return callee === undefined || isLibrary(callee);
  }

  /** Notes the place of a call, where that is due. Nothing may run between it and the call. */
  note(call: Call): Code[] {
    return this.notes(call) ? [storeCell(this.#body.module, ALLOCATION_SITE, this.#place(call.span))] : [];
  }

  /** After an object was made. */
  made(object: Code, span: Span): Code[] {
    const { context, module } = this.#body;
    if (!context.counted) return [];
    context.importFunction('host.made', 'host', 'made', ['ref', 'i32'], []);
    return [this.#body.at(module.call('host.made', [object, this.#place(span)], binaryen.none), span)];
  }

  #place(span: Span): Code {
    const { module, context, func } = this.#body;
    if (this.#isLibrary) return module.local.get(this.#mine, binaryen.i32);
    if (!isLibraryFile(span.source.name)) this.#last = span;
    return module.i32.const(context.allocationSite(this.#last, func.name));
  }

  get #mine(): number {
    return this.#body.temp('allocation site', binaryen.i32);
  }
}

const isLibrary = ({ name, span }: Func): boolean => isLibraryFile(span.source.name) || isDerivedName(name);
