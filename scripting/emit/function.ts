/**
 * Prints one function of the representation as WebAssembly, through Binaryen.
 *
 * On entry a function that can recurse counts its depth and burns fuel, and one that keeps addresses claims and clears
 * its slots of the shadow stack; every way out returns both back. A failure returns nothing: the machine restores all
 * of it from the unwinding record.
 */
import binaryen from 'binaryen';
import { DEPTH, DEPTH_LIMIT, FAIL_DEPTH, REGION } from '../heap/index.ts';
import type { Call, Expression, Func, Local, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { loadCell, storeCell, storeStored } from './access.ts';
import { storeAddress } from './barrier.ts';
import { type Code, FunctionBody } from './body.ts';
import type { ModuleContext } from './context.ts';
import { ExpressionEmitter } from './expression.ts';
import { ShadowFrame } from './shadow.ts';
import { REP_TYPES, resultType } from './types.ts';
import { type Loop, Watch } from './watch.ts';

/**
 * Native stack a function is reckoned to take: a fixed part for the call and eight bytes a local, which is what
 * unoptimised code spends. The depth limit is in the same bytes.
 */
const FRAME_BYTES = 96;
const FRAME_BYTES_PER_LOCAL = 8;

/** Where a jump out of nested constructs lands, and what it has to close on its way. */
type Frame =
  /** `counts`: whether its rounds burn fuel. */
  | { readonly kind: 'loop'; readonly id: number; readonly counts: boolean }
  | { readonly kind: 'block'; readonly id: number }
  | { readonly kind: 'guard'; readonly close: () => Code[]; readonly arena?: Arena };

type Arena = Extract<Statement, { kind: 'arena' }>;

/** Whether a body is no more than one object that is made. */
function makesOne(body: readonly Statement[]): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === 'set' && only.value.kind === 'allocate';
}

export function emitFunction(context: ModuleContext, func: Func): void {
  new FunctionEmitter(new FunctionBody(context, func)).run();
}

class FunctionEmitter {
  readonly #body: FunctionBody;
  readonly #context: ModuleContext;
  readonly #m: binaryen.Module;
  readonly #func: Func;
  readonly #shadow: ShadowFrame;
  readonly #expressions: ExpressionEmitter;
  readonly #frames: Frame[] = [];
  readonly #recursive: boolean;
  readonly #watch: Watch;

  constructor(body: FunctionBody) {
    this.#body = body;
    this.#context = body.context;
    this.#m = body.module;
    this.#func = body.func;
    this.#shadow = new ShadowFrame(body);
    this.#expressions = new ExpressionEmitter(body, this.#shadow, (statements) => this.#block(statements));
    this.#recursive = body.context.effects.recursive.has(body.func.key);
    this.#watch = new Watch(body, this.#recursive, (e) => this.#expressions.emit(e));
  }

  run(): void {
    this.#body.finish([...this.#prologue(), ...this.#block(this.#func.body), this.#m.unreachable()]);
  }

  // ------------------------------------------------------------------------------------------ entry and exit

  #prologue(): Code[] {
    return [
      ...(this.#recursive ? this.#descend() : []),
      ...this.#shadow.claim(),
      ...this.#body.sites.enter(),
    ];
  }

  #epilogue(): Code[] {
    const code = this.#shadow.release();
    if (this.#recursive) code.push(storeCell(this.#m, DEPTH, this.#m.local.get(this.#depth(), binaryen.i32)));
    return code;
  }

  /** Counts the depth, and asks now and then if the script may go on. */
  #descend(): Code[] {
    const m = this.#m;
    const cost = FRAME_BYTES + FRAME_BYTES_PER_LOCAL * this.#body.size;
    const depth = this.#depth();
    const deeper = this.#body.temp('deeper', binaryen.i32);
    const get = (local: number): Code => m.local.get(local, binaryen.i32);
    const tooDeep = m.i32.gt_u(get(deeper), loadCell(m, DEPTH_LIMIT));
    return [
      m.local.set(depth, loadCell(m, DEPTH)),
      m.local.set(deeper, m.i32.add(get(depth), m.i32.const(cost))),
      m.if(tooDeep, this.#body.fail(FAIL_DEPTH, this.#func.span)),
      storeCell(m, DEPTH, get(deeper)),
      ...this.#watch.burn(this.#func.span),
    ];
  }

  #depth(): number {
    return this.#body.temp('depth', binaryen.i32);
  }

  // ------------------------------------------------------------------------------------------ statements

  #block(body: readonly Statement[]): Code[] {
    return body.flatMap((s, i) => {
      this.#body.checks.begin(body, i);
      return this.#statement(s);
    });
  }

  #statement(s: Statement): Code[] {
    const m = this.#m;
    switch (s.kind) {
      case 'set':
        return this.#set(s.local, this.#expression(s.value));
      case 'set-call':
        return this.#setCall(s.locals, s.call);
      case 'set-global': {
        const stored = this.#context.reps(s.global, s.cell);
        const cell = this.#context.cell(s.global, s.cell);
        const value = this.#body.checks.global(s, this.#expression(s.value));
        return [storeStored(m, stored, cell, 0, value)];
      }
      case 'set-cell':
        return [storeCell(this.#m, s.address, this.#expression(s.value))];
      case 'evaluate': {
        const code = this.#expression(s.value);
        return [s.value.kind === 'call' && s.value.rep === 'none' ? code : m.drop(code)];
      }
      case 'store': {
        if (s.stored === 'ref') return this.#storeAddress(s, undefined);
        const target = this.#body.checks.use(this.#expression(s.target), s.target);
        return [storeStored(m, s.stored, target, s.offset, this.#expression(s.value))];
      }
      case 'store-element': {
        if (s.stored === 'ref') return this.#storeAddress(s, this.#expressions.scaled(s.index, s.stride));
        const address = this.#expressions.elementAddress(s.target, s.index, s.stride);
        return [storeStored(m, s.stored, address, s.offset, this.#expression(s.value))];
      }
      case 'if': {
        const condition = this.#expression(s.condition);
        const then = m.block(null, this.#block(s.then));
        if (s.else.length === 0) return [m.if(condition, then)];
        return [m.if(condition, then, m.block(null, this.#block(s.else)))];
      }
      case 'loop':
        return [this.#loop(s)];
      case 'break':
        return this.#jump(s, (f) => f.kind === 'loop' && f.id === s.loop, `break ${s.loop}`);
      case 'continue':
        return this.#jump(s, (f) => f.kind === 'loop' && f.id === s.loop, `continue ${s.loop}`);
      case 'block': {
        this.#frames.push({ kind: 'block', id: s.id });
        const body = this.#block(s.body);
        this.#frames.pop();
        return [m.block(`block ${s.id}`, body)];
      }
      case 'leave':
        return this.#jump(s, (f) => f.kind === 'block' && f.id === s.block, `block ${s.block}`);
      case 'return':
        return this.#return(s.values, s.span);
      case 'tail-call':
        return this.#tailCall(s);
      case 'fail':
        return [this.#body.fail(s.failure, s.span, this.#optional(s.a), this.#optional(s.b))];
      case 'arena':
        return this.#arena(s);
      case 'outside': {
        const handle = this.#m.local.get(this.#body.indexOf(s.handle), binaryen.i32);
        const begin = this.#body.at(this.#body.heap('enterOutside', [handle]), s.span);
        return [begin, ...this.#guarded(s.body, () => [this.#body.heap('leaveRegion', [])])];
      }
      case 'within': {
        const region = s.region === 'current' ? loadCell(m, REGION) : this.#body.region(s.region);
        const begin = this.#body.at(this.#body.heap('enterRegion', [region]), s.span);
        const switched = [begin, ...this.#guarded(s.body, () => [this.#body.heap('leaveRegion', [])])];
        if (s.region !== 'heap' || !makesOne(s.body)) return switched;
        // An entity is made in the heap wherever it is made, which is nearly always the heap.
        const isThere = m.i32.eq(loadCell(m, REGION), this.#body.region('heap'));
        return [m.if(isThere, m.block(null, this.#block(s.body)), m.block(null, switched))];
      }
      case 'suppressed':
        return [
          this.#body.heap('enterSuppressed', []),
          ...this.#guarded(s.body, () => [this.#body.heap('leaveSuppressed', [])]),
        ];
    }
  }

  /** Sets a local; what it holds then is tested where it can be reached outside of an arena. */
  #set(local: Local, value: Code): Code[] {
    const { checks, here } = this.#body;
    return [...this.#shadow.set(local, value), ...checks.local(local, here)];
  }

  #setCall(locals: readonly Local[], call: Call): Code[] {
    const [only] = locals;
    if (locals.length === 1 && only !== undefined) return this.#set(only, this.#expressions.call(call));
    const type = resultType(call.reps);
    const tuple = this.#body.temp(`results ${call.reps.join(' ')}`, type);
    const code = [this.#m.local.set(tuple, this.#expressions.call(call))];
    locals.forEach((local, i) => {
      code.push(...this.#set(local, this.#m.tuple.extract(this.#m.local.get(tuple, type), i)));
    });
    return code;
  }

  /**
   * A loop that counts its rounds leaves itself to burn fuel, and is entered again: no call is then inside of it, for which an engine
   * would have to put aside what it keeps in registers.
   */
  #loop(s: Loop): Code {
    const m = this.#m;
    const counts = this.#watch.counts(s);
    const around = this.#frames.flatMap((f) => (f.kind === 'loop' ? [f.counts] : []));
    const begin = this.#watch.enter(s, around);
    this.#frames.push({ kind: 'loop', id: s.id, counts });
    const body = this.#block(s.body);
    this.#frames.pop();
    const round = [
      ...(counts ? [m.br(`burn ${s.id}`, this.#watch.isUsedUp())] : []),
      m.block(`continue ${s.id}`, body),
      ...this.#block(s.step),
      m.br(`loop ${s.id}`),
    ];
    const rounds = m.loop(`loop ${s.id}`, m.block(null, round));
    if (!counts) return m.block(`break ${s.id}`, [...begin, rounds]);
    const all = [m.block(`burn ${s.id}`, [rounds]), ...this.#watch.burnCounted(s), m.br(`again ${s.id}`)];
    return m.block(`break ${s.id}`, [...begin, m.loop(`again ${s.id}`, m.block(null, all))]);
  }

  /** Closes what lies between here and the target, clears the slots that are not needed there, and jumps. */
  #jump(s: Statement, isTarget: (frame: Frame) => boolean, label: string): Code[] {
    const left: Frame[] = [];
    for (const frame of this.#frames.toReversed()) {
      if (isTarget(frame)) break;
      left.push(frame);
    }
    return [...this.#close(left), ...this.#shadow.clearOn(s), ...this.#ended(left), this.#m.br(label)];
  }

  /** The slots need no clearing: the function returns them up before anything else can run. */
  #leaveAll(): Code[] {
    const left = this.#frames.toReversed();
    return [...this.#close(left), ...this.#epilogue(), ...this.#ended(left)];
  }

  #close(left: readonly Frame[]): Code[] {
    return left.flatMap((f) => (f.kind === 'guard' ? f.close() : []));
  }

  /** What a checked build asks once arenas have ended, and nothing is left of what leads into them. */
  #ended(left: readonly Frame[]): Code[] {
    const arena = left.flatMap((f) => (f.kind === 'guard' ? (f.arena ?? []) : [])).at(-1);
    return arena === undefined ? [] : this.#body.checks.end(arena);
  }

  #return(values: readonly Expression[], span: Span): Code[] {
    const m = this.#m;
    const cleanup = this.#leaveAll();
    if (values.length === 0) return [...cleanup, m.return()];
    const codes = values.map((v) => this.#expression(v));
    if (cleanup.length === 0) return [m.return(codes.length === 1 ? codes[0] : m.tuple.make(codes))];
    const held = codes.map((code, i) => {
      const type = REP_TYPES[this.#func.results[i] as 'i32'];
      return { type, local: this.#body.temp(`result ${i}`, type), code };
    });
    const gets = held.map((h) => m.local.get(h.local, h.type));
    return [
      ...held.map((h) => m.local.set(h.local, h.code)),
      ...held.flatMap((h, i) =>
        this.#func.results[i] === 'ref' ? this.#body.checks.result(h.local, span) : [],
      ),
      ...cleanup,
      m.return(gets.length === 1 ? gets[0] : m.tuple.make(gets)),
    ];
  }

  #tailCall({ call, region }: Extract<Statement, { kind: 'tail-call' }>): Code[] {
    const m = this.#m;
    const cleanup = this.#leaveAll();
    if (region !== undefined) cleanup.push(this.#body.heap('switchTo', [this.#body.region(region)]));
    const before: Code[] = [];
    let args = call.args.map((a) => this.#expression(a));
    cleanup.push(...this.#body.sites.note(call));
    if (cleanup.length > 0) {
      // Arguments are evaluated while the slots are still held.
      args = args.map((code, i) => {
        const type = REP_TYPES[(call.args[i] as Expression).rep as 'i32'];
        const local = this.#body.temp(`argument ${i} ${type}`, type);
        before.push(m.local.set(local, code));
        return m.local.get(local, type);
      });
    }
    const type = resultType(call.reps);
    let code: Code;
    if (call.to === 'function') {
      code = m.return_call(this.#context.nameOf(call.key), args, type);
    } else if (call.to === 'closure') {
      const closure = this.#expression(call.closure);
      const params = this.#expressions.closureParams(call);
      code = m.return_call_indirect(
        'table',
        this.#expressions.codeOf(call.closure),
        [...args, closure],
        params,
        type,
      );
    } else {
      throw new Error(`a call of ${call.to} is no tail call`);
    }
    return [...before, ...cleanup, this.#body.at(code, call.span)];
  }

  #arena(s: Arena): Code[] {
    const m = this.#m;
    const isFrame = s.name === 'frame';
    const call = m.call(
      this.#context.heapFunction(isFrame ? 'enterFrame' : 'openArena'),
      isFrame ? [] : [m.i32.const(s.chunk), m.i32.const(s.limit)],
      binaryen.i32,
    );
    this.#body.at(call, s.span);
    const code = this.#shadow.spilling(s, call, binaryen.i32);
    const begin = m.local.set(this.#body.indexOf(s.handle), code);
    const close = (): Code[] => [this.#body.heap(isFrame ? 'leaveRegion' : 'closeArena', [])];
    const { checks } = this.#body;
    const named = checks.open(s);
    const inside = this.#guarded(s.body, close, isFrame ? undefined : s);
    checks.close(s);
    const end = isFrame ? [] : checks.end(s);
    return [begin, ...named, ...inside, ...this.#shadow.clearOn(s), ...end];
  }

  #guarded(body: readonly Statement[], close: () => Code[], arena?: Arena): Code[] {
    this.#frames.push({ kind: 'guard', close, ...(arena && { arena }) });
    const code = this.#block(body);
    this.#frames.pop();
    return [...code, ...close()];
  }

  #expression(e: Expression): Code {
    return this.#expressions.emit(e);
  }

  #optional(e: Expression | undefined): Code | undefined {
    return e === undefined ? undefined : this.#expressions.emit(e);
  }

  #storeAddress(s: Extract<Statement, { kind: 'store' | 'store-element' }>, at: Code | undefined): Code[] {
    const [target, value] = [this.#expression(s.target), this.#expression(s.value)];
    return storeAddress(this.#body, target, at, s.offset, value, s.span);
  }
}
