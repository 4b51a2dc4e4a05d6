/**
 * What a checked build tests while it runs, in the words of `regions`: that what holds an address does not outlive what is
 * there, wherever one is stored; that nothing an arena holds is returned out of it or lies in a name of a wider scope;
 * and, wherever an address is used, that an object is there. The heap of checked builds does the testing (`heap/mutator/checks.ts`).
 * Other builds have none of this code.
 */
import binaryen from 'binaryen';
import { REGION_FRAME, REGION_HEAP, REGION_TEXT } from '../heap/index.ts';
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  type Program,
  type Statement,
  visit,
} from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Code, FunctionBody } from './body.ts';
import type { ModuleContext } from './context.ts';
import type { HeapFunctionName } from './heap-functions.ts';
import { Scopes } from './scopes.ts';

type Arena = Extract<Statement, { kind: 'arena' }>;
type SetGlobal = Extract<Statement, { kind: 'set-global' }>;

export class Checks {
  readonly #body: FunctionBody;
  readonly #scopes: Scopes | undefined;
  /** Arenas around the code that is being printed, from the outermost; without the frame's, which ends with no block. */
  readonly #open: Arena[] = [];

  constructor(body: FunctionBody) {
    this.#body = body;
    this.#scopes = body.context.checked ? new Scopes(body.func) : undefined;
  }

  get #on(): boolean {
    return this.#scopes !== undefined;
  }

  /** Before a statement is printed: where it has no place of its own, it is taken to prepare what follows. */
  begin(body: readonly Statement[], index: number): void {
    if (!this.#on) return;
    for (let i = index; i < body.length; i += 1) {
      const span = spanOf(body[i] as Statement);
      if (span === undefined) continue;
      this.#body.here = span;
      return;
    }
  }

  /** An address whose object is about to be read or written; `e` is where it comes from. */
  use(code: Code, e: Expression): Code {
    // A descriptor's address is no object's.
    if (!this.#on || e.rep !== 'ref' || isSound(e)) return code;
    return this.#call('checkUse', [code], binaryen.i32, this.#body.here);
  }

  /** Before an address is stored; both are read again, so they are in locals. */
  store(holder: () => Code, held: () => Code, span: Span): Code[] {
    return this.#on ? [this.#call('checkStore', [holder(), held()], binaryen.none, span)] : [];
  }

  /** Fields that hold addresses, in an object that is not yet filled: a test may end the call before it is. */
  empty(object: () => Code, fields: Extract<Expression, { kind: 'allocate' }>['fields']): Code[] {
    if (!this.#on) return [];
    const m = this.#body.module;
    return fields
      .filter(({ stored }) => stored === 'ref')
      .map(({ offset }) => m.i32.store(offset, 4, object(), m.i32.const(0)));
  }

  /** The value that a global gets. */
  global({ global, cell, span }: SetGlobal, value: Code): Code {
    const { context } = this.#body;
    if (!this.#on || context.reps(global, cell) !== 'ref') return value;
    const held = this.#body.temp('kept', binaryen.i32);
    const m = this.#body.module;
    const get = (): Code => m.local.get(held, binaryen.i32);
    const test = this.#body.at(testGlobal(context, global, get()), span);
    return m.block(null, [m.local.set(held, value), test, get()], binaryen.i32);
  }

  /** After the setting of a local. */
  local(local: Local, span: Span): Code[] {
    const arena = this.#scopes?.leaves(local, this.#open);
    if (arena === undefined) return [];
    const { context } = this.#body;
    return [
      this.#outlives(
        this.#body.indexOf(local),
        this.#body.get(arena.handle),
        context.text(localText(local)),
        span,
      ),
    ];
  }

  /** Before the arenas around a `return` end: `held` is the local that a result is in. */
  result(held: number, span: Span): Code[] {
    const [outermost] = this.#open;
    if (!this.#on || outermost === undefined) return [];
    const { context, func } = this.#body;
    return [this.#outlives(held, this.#body.get(outermost.handle), context.text(resultText(func)), span)];
  }

  /** An arena that was opened: it gets its name, for messages. */
  open(arena: Arena): Code[] {
    if (!this.#on || arena.name === 'frame') return [];
    this.#open.push(arena);
    const text = this.#body.context.text(arenaText(arena));
    return [this.#body.module.i32.store(REGION_TEXT, 4, this.#body.get(arena.handle), text)];
  }

  /** After each way out of its block. */
  end(arena: Arena): Code[] {
    return this.#on ? [this.#call('checkEnd', [], binaryen.none, arena.span)] : [];
  }

  /** Its block has been printed. */
  close(arena: Arena): void {
    if (this.#open.at(-1) === arena) this.#open.pop();
  }

  #outlives(held: number, end: Code, place: Code, span: Span): Code {
    const get = this.#body.module.local.get(held, binaryen.i32);
    return this.#call('checkOutlives', [get, end, place], binaryen.none, span);
  }

  #call(name: HeapFunctionName, args: Code[], type: binaryen.Type, span: Span): Code {
    return this.#body.at(this.#body.module.call(this.#body.context.heapFunction(name), args, type), span);
  }
}

/** The place of a statement, or of the first thing in it that has one. */
function spanOf(statement: Statement): Span | undefined {
  let found: Span | undefined;
  const note = (node: object): void => {
    if ('span' in node) found ??= node.span as Span | undefined;
    if ('call' in node) found ??= (node.call as Call).span;
  };
  visit([statement], note, note);
  return found;
}

/** What leads to nothing that is ever freed, or to what has only just been made. */
function isSound(e: Expression): boolean {
  return ['literal', 'static-closure', 'static-variant', 'null', 'allocate'].includes(e.kind);
}

/** Before a global gets an address. */
export function testGlobal(context: ModuleContext, key: string, held: Code): Code {
  const { module: m, program } = context;
  const isFrame = program.globals.find((g) => g.key === key)?.initializer === undefined;
  const end = m.i32.const((isFrame ? REGION_FRAME : REGION_HEAP) + 1);
  const args = [held, end, context.text(globalText(program, key))];
  return m.call(context.heapFunction('checkOutlives'), args, binaryen.none);
}

/** All that a test may have to say of the program: literals, since it is the heap that says it. */
export function checkTexts(program: Program): string[] {
  const texts = new Set(program.globals.map((g) => globalText(program, g.key)));
  for (const func of program.functions.values()) {
    const add = (local: Local): void => {
      if (local.rep === 'ref') texts.add(localText(local));
    };
    let opens = false;
    visit(
      func.body,
      (s) => {
        if (s.kind !== 'arena') return;
        opens = true;
        texts.add(arenaText(s));
      },
      () => undefined,
    );
    if (!opens) continue;
    texts.add(resultText(func));
    for (const local of [...func.params, ...func.locals]) add(local);
  }
  return [...texts];
}

function globalText({ globals }: Program, key: string): string {
  return `the global \`${globals.find((g) => g.key === key)?.name}\``;
}

function localText({ name }: Local): string {
  // A block's own value passes through a local whose name no script can write.
  if (!/^[A-Za-z*]/.test(name)) return 'what the block returns';
  const [object, field] = name.split('+');
  return field === undefined ? `the name \`${name}\`` : `a field of \`${object}\``;
}

function resultText({ name }: Func): string {
  return `the result of \`${name}\``;
}

function arenaText({ name, span }: Arena): string {
  const { line, column } = span.source.position(span.start);
  return `arena \`${name}\` (${span.source.name}:${line}:${column})`;
}
