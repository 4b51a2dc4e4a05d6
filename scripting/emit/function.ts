/**
 * Prints one function of the representation as WebAssembly, through Binaryen.
 *
 * On entry a function that can recurse counts its depth and burns fuel, and one that keeps addresses claims and clears
 * its slots of the shadow stack; every way out gives both back. A failure gives nothing back: the machine restores all
 * of it from the unwinding record.
 */
import binaryen from 'binaryen';
import {
  BLOCK_MASK,
  CLOSURE_CODE,
  DEPTH,
  DEPTH_LIMIT,
  FAIL_DEPTH,
  FAIL_DIVISION,
  FAIL_INDEX,
  FUEL,
  GRANULE_SHIFT,
  GRANULE_SIZE,
  LIMIT,
  SHADOW_TOP,
  STATE_CLEAN,
  TOP,
} from '../heap/index.ts';
import {
  type Call,
  type Expression,
  type Func,
  type Local,
  RUNTIME,
  type Statement,
  type Stored,
} from '../lower/index.ts';
import type { Span } from '../syntax/index.ts';
import { loadCell, loadStored, storeCell, storeStored } from './access.ts';
import type { ModuleContext } from './module.ts';
import { operator } from './operator.ts';
import { findRoots, type Roots, type Safepoint } from './roots.ts';
import { REP_TYPES, resultType } from './types.ts';
import { partsOfExpression } from './walk.ts';

type Code = binaryen.ExpressionRef;

/**
 * Native stack a function is reckoned to take: a fixed part for the call and eight bytes a local, which is what
 * unoptimised code spends. The depth limit is in the same bytes.
 */
const FRAME_BYTES = 96;
const FRAME_BYTES_PER_LOCAL = 8;

/** Where a jump out of nested constructs lands, and what it has to close on its way. */
type Frame =
  | { readonly kind: 'loop'; readonly id: number }
  | { readonly kind: 'block'; readonly id: number }
  | { readonly kind: 'guard'; readonly close: () => Code[] };

export function emitFunction(context: ModuleContext, func: Func): void {
  new FunctionEmitter(context, func).run();
}

class FunctionEmitter {
  readonly #context: ModuleContext;
  readonly #m: binaryen.Module;
  readonly #func: Func;
  readonly #roots: Roots;
  readonly #index = new Map<Local, number>();
  readonly #types: binaryen.Type[] = [];
  readonly #frames: Frame[] = [];
  readonly #located: { code: Code; span: Span }[] = [];
  readonly #recursive: boolean;
  /** Locals of the emitter's own, made when first asked for. */
  readonly #extra = new Map<string, number>();

  constructor(context: ModuleContext, func: Func) {
    this.#context = context;
    this.#m = context.module;
    this.#func = func;
    this.#roots = findRoots(func, context.effects);
    this.#recursive = context.effects.recursive.has(func.key);
    for (const local of func.params) this.#index.set(local, this.#index.size);
    for (const local of func.locals) {
      this.#index.set(local, this.#index.size);
      this.#types.push(REP_TYPES[local.rep]);
    }
  }

  run(): void {
    const { params, results, body, key, span } = this.#func;
    const code = [...this.#block(body), this.#m.unreachable()];
    const whole = this.#m.block(null, [...this.#prologue(), ...code], binaryen.unreachable);
    const ref = this.#m.addFunction(
      this.#context.nameOf(key),
      binaryen.createType(params.map((p) => REP_TYPES[p.rep])),
      resultType(results),
      this.#types,
      whole,
    );
    this.#context.locate(ref, whole, span);
    for (const located of this.#located) this.#context.locate(ref, located.code, located.span);
  }

  // ------------------------------------------------------------------------------------------ entry and exit

  #prologue(): Code[] {
    const m = this.#m;
    const code: Code[] = [];
    if (this.#recursive) {
      const cost = FRAME_BYTES + FRAME_BYTES_PER_LOCAL * this.#index.size;
      const depth = this.#temp('depth', binaryen.i32);
      const deeper = this.#temp('deeper', binaryen.i32);
      const get = (local: number): Code => m.local.get(local, binaryen.i32);
      code.push(m.local.set(depth, loadCell(this.#m, DEPTH)));
      code.push(m.local.set(deeper, m.i32.add(get(depth), m.i32.const(cost))));
      const tooDeep = m.i32.gt_u(get(deeper), loadCell(this.#m, DEPTH_LIMIT));
      code.push(m.if(tooDeep, this.#fail(FAIL_DEPTH, this.#func.span)));
      code.push(storeCell(this.#m, DEPTH, get(deeper)));
      code.push(...this.#burnFuel(this.#func.span));
    }
    if (this.#roots.slots.size > 0) {
      const base = this.#shadow();
      code.push(m.local.set(base, loadCell(this.#m, SHADOW_TOP)));
      const top = m.i32.add(m.local.get(base, binaryen.i32), m.i32.const(4 * this.#roots.slots.size));
      code.push(storeCell(this.#m, SHADOW_TOP, top));
      for (const [local, slot] of this.#roots.slots) {
        const isParam = this.#func.params.includes(local);
        const value = isParam ? this.#get(local) : m.i32.const(0);
        code.push(m.i32.store(4 * slot, 4, m.local.get(base, binaryen.i32), value));
      }
    }
    return code;
  }

  #epilogue(): Code[] {
    const code: Code[] = [];
    if (this.#roots.slots.size > 0) {
      code.push(storeCell(this.#m, SHADOW_TOP, this.#m.local.get(this.#shadow(), binaryen.i32)));
    }
    if (this.#recursive) {
      code.push(
        storeCell(this.#m, DEPTH, this.#m.local.get(this.#temp('depth', binaryen.i32), binaryen.i32)),
      );
    }
    return code;
  }

  #shadow(): number {
    return this.#temp('shadow', binaryen.i32);
  }

  #temp(name: string, type: binaryen.Type): number {
    let index = this.#extra.get(name);
    if (index === undefined) {
      index = this.#index.size + this.#extra.size;
      this.#extra.set(name, index);
      this.#types.push(type);
    }
    return index;
  }

  #burnFuel(span: Span): Code[] {
    if (!this.#context.watched) return [];
    const m = this.#m;
    const fuel = this.#temp('fuel', binaryen.i32);
    const left = m.local.tee(fuel, m.i32.sub(loadCell(this.#m, FUEL), m.i32.const(1)), binaryen.i32);
    const ask = this.#at(m.call('host.fuel', [], binaryen.none), span);
    return [
      storeCell(this.#m, FUEL, left),
      m.if(m.i32.lt_s(m.local.get(fuel, binaryen.i32), m.i32.const(0)), ask),
    ];
  }

  // ------------------------------------------------------------------------------------------ statements

  #block(body: readonly Statement[]): Code[] {
    return body.flatMap((s) => this.#statement(s));
  }

  #statement(s: Statement): Code[] {
    const m = this.#m;
    switch (s.kind) {
      case 'set':
        return this.#set(s.local, this.#expression(s.value));
      case 'set-call':
        return this.#setCall(s.locals, s.call);
      case 'set-global':
        return [
          this.#store(this.#context.reps(s.global, s.cell), this.#context.cell(s.global, s.cell), 0, s.value),
        ];
      case 'set-cell':
        return [storeCell(this.#m, s.address, this.#expression(s.value))];
      case 'evaluate': {
        const code = this.#expression(s.value);
        return [s.value.kind === 'call' && s.value.rep === 'none' ? code : m.drop(code)];
      }
      case 'store':
        if (s.stored === 'ref') return this.#storeAddress(s.target, undefined, 0, s.offset, s.value);
        return [this.#store(s.stored, this.#expression(s.target), s.offset, s.value)];
      case 'store-element': {
        if (s.stored === 'ref') return this.#storeAddress(s.target, s.index, s.stride, s.offset, s.value);
        const address = this.#elementAddress(s.target, s.index, s.stride);
        return [this.#store(s.stored, address, s.offset, s.value)];
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
        return this.#jump((f) => f.kind === 'loop' && f.id === s.loop, `break ${s.loop}`);
      case 'continue':
        return this.#jump((f) => f.kind === 'loop' && f.id === s.loop, `continue ${s.loop}`);
      case 'block': {
        this.#frames.push({ kind: 'block', id: s.id });
        const body = this.#block(s.body);
        this.#frames.pop();
        return [m.block(`block ${s.id}`, body)];
      }
      case 'leave':
        return this.#jump((f) => f.kind === 'block' && f.id === s.block, `block ${s.block}`);
      case 'return':
        return this.#return(s.values);
      case 'tail-call':
        return this.#tailCall(s.call);
      case 'fail':
        return [this.#fail(s.failure, s.span, s.a, s.b)];
      case 'arena':
        return this.#arena(s);
      case 'suppressed':
        return [
          this.#heap('enterSuppressed', []),
          ...this.#guarded(s.body, () => [this.#heap('leaveSuppressed', [])]),
        ];
    }
  }

  #set(local: Local, value: Code): Code[] {
    const set = this.#m.local.set(this.#indexOf(local), value);
    const slot = this.#roots.slots.get(local);
    if (slot === undefined) return [set];
    const base = this.#m.local.get(this.#shadow(), binaryen.i32);
    return [set, this.#m.i32.store(4 * slot, 4, base, this.#get(local))];
  }

  #setCall(locals: readonly Local[], call: Call): Code[] {
    const [only] = locals;
    if (locals.length === 1 && only !== undefined) return this.#set(only, this.#call(call));
    const type = resultType(call.reps);
    const tuple = this.#temp(`results ${call.reps.join(' ')}`, type);
    const code = [this.#m.local.set(tuple, this.#call(call))];
    locals.forEach((local, i) => {
      code.push(...this.#set(local, this.#m.tuple.extract(this.#m.local.get(tuple, type), i)));
    });
    return code;
  }

  #loop(s: Extract<Statement, { kind: 'loop' }>): Code {
    const m = this.#m;
    this.#frames.push({ kind: 'loop', id: s.id });
    const body = this.#block(s.body);
    this.#frames.pop();
    const round = [
      ...this.#burnFuel(s.span),
      m.block(`continue ${s.id}`, body),
      ...this.#block(s.step),
      m.br(`loop ${s.id}`),
    ];
    return m.block(`break ${s.id}`, [m.loop(`loop ${s.id}`, m.block(null, round))]);
  }

  /** Closes what lies between here and the target, then jumps. */
  #jump(isTarget: (frame: Frame) => boolean, label: string): Code[] {
    const code: Code[] = [];
    for (const frame of this.#frames.toReversed()) {
      if (isTarget(frame)) break;
      if (frame.kind === 'guard') code.push(...frame.close());
    }
    return [...code, this.#m.br(label)];
  }

  #closeAll(): Code[] {
    return this.#frames.toReversed().flatMap((f) => (f.kind === 'guard' ? f.close() : []));
  }

  #return(values: readonly Expression[]): Code[] {
    const m = this.#m;
    const cleanup = [...this.#closeAll(), ...this.#epilogue()];
    if (values.length === 0) return [...cleanup, m.return()];
    const codes = values.map((v) => this.#expression(v));
    if (cleanup.length === 0) return [m.return(codes.length === 1 ? codes[0] : m.tuple.make(codes))];
    const held = codes.map((code, i) => {
      const type = REP_TYPES[this.#func.results[i] as 'i32'];
      return { type, local: this.#temp(`result ${i}`, type), code };
    });
    const gets = held.map((h) => m.local.get(h.local, h.type));
    return [
      ...held.map((h) => m.local.set(h.local, h.code)),
      ...cleanup,
      m.return(gets.length === 1 ? gets[0] : m.tuple.make(gets)),
    ];
  }

  #tailCall(call: Call): Code[] {
    const m = this.#m;
    const cleanup = [...this.#closeAll(), ...this.#epilogue()];
    const before: Code[] = [];
    let args = call.args.map((a) => this.#expression(a));
    if (cleanup.length > 0) {
      // Arguments are evaluated while the slots are still held.
      args = args.map((code, i) => {
        const type = REP_TYPES[(call.args[i] as Expression).rep as 'i32'];
        const local = this.#temp(`argument ${i} ${type}`, type);
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
      const params = this.#closureParams(call);
      code = m.return_call_indirect('table', this.#codeOf(call.closure), [...args, closure], params, type);
    } else {
      throw new Error(`a call of ${call.to} is no tail call`);
    }
    return [...before, ...cleanup, this.#at(code, call.span)];
  }

  #arena(s: Extract<Statement, { kind: 'arena' }>): Code[] {
    const m = this.#m;
    const isFrame = s.name === 'frame';
    const call = isFrame
      ? this.#heap('enterFrame', [])
      : m.call(
          this.#context.heapFunction('openArena'),
          [m.i32.const(s.chunk), m.i32.const(s.limit)],
          binaryen.i32,
        );
    this.#at(call, s.span);
    const code = this.#spilling(s, call, isFrame ? binaryen.none : binaryen.i32);
    const begin = isFrame
      ? code
      : s.handle === undefined
        ? m.drop(code)
        : m.local.set(this.#indexOf(s.handle), code);
    const close = (): Code[] => [
      this.#heap(isFrame ? 'leaveRegion' : 'closeArena', []),
      ...(isFrame ? [] : this.#clearSlots(this.#roots.cleared.get(s) ?? [])),
    ];
    return [begin, ...this.#guarded(s.body, close)];
  }

  #guarded(body: readonly Statement[], close: () => Code[]): Code[] {
    this.#frames.push({ kind: 'guard', close });
    const code = this.#block(body);
    this.#frames.pop();
    return [...code, ...close()];
  }

  #clearSlots(locals: readonly Local[]): Code[] {
    return locals.map((local) => {
      const base = this.#m.local.get(this.#shadow(), binaryen.i32);
      return this.#m.i32.store(4 * (this.#roots.slots.get(local) as number), 4, base, this.#m.i32.const(0));
    });
  }

  // ------------------------------------------------------------------------------------------ expressions

  #expression(e: Expression): Code {
    const m = this.#m;
    switch (e.kind) {
      case 'constant':
        return e.rep === 'i64' ? m.i64.const(e.value) : m[e.rep].const(e.value);
      case 'null':
        return m.i32.const(0);
      case 'literal':
        return this.#context.literal(e.index);
      case 'descriptor':
        return this.#context.descriptor(e.type);
      case 'static-closure':
        return this.#context.staticClosure(e.slot);
      case 'static-variant':
        return this.#context.staticVariant(e.index);
      case 'code':
        return this.#context.tableIndex(e.slot);
      case 'get':
        return this.#get(e.local);
      case 'get-global':
        return loadStored(m, e.rep, this.#context.cell(e.global, e.cell), 0);
      case 'get-cell':
        return loadCell(this.#m, e.address);
      case 'unary':
        return operator(
          m,
          e.of === 'ref' ? 'i32' : e.of,
          e.rep === 'ref' ? 'i32' : e.rep,
          e.op,
        )(this.#expression(e.value));
      case 'binary': {
        const type = e.of === 'ref' ? 'i32' : e.of;
        return operator(m, type, type, e.op)(this.#expression(e.left), this.#expression(e.right));
      }
      case 'divide':
        return this.#divide(e);
      case 'check-index':
        return this.#checkIndex(e);
      case 'load':
        return loadStored(m, e.stored, this.#expression(e.target), e.offset);
      case 'load-element':
        return loadStored(m, e.stored, this.#elementAddress(e.target, e.index, e.stride), e.offset);
      case 'allocate':
        return this.#allocate(e);
      case 'call':
        return this.#call(e.call);
      case 'if-expression':
        return m.if(this.#expression(e.condition), this.#expression(e.then), this.#expression(e.else));
      case 'sequence':
        return m.block(null, [...this.#block(e.body), this.#expression(e.value)], REP_TYPES[e.rep]);
    }
  }

  #indexOf(local: Local): number {
    const index = this.#index.get(local);
    if (index === undefined) throw new Error(`${local.name} is no local of ${this.#func.name}`);
    return index;
  }

  #get(local: Local): Code {
    return this.#m.local.get(this.#indexOf(local), REP_TYPES[local.rep]);
  }

  #divide(e: Extract<Expression, { kind: 'divide' }>): Code {
    const m = this.#m;
    const type = REP_TYPES[e.rep];
    // Locals of its own, since an operand may itself be a division.
    const left = this.#temp(`dividend ${this.#extra.size}`, type);
    const right = this.#temp(`divisor ${this.#extra.size}`, type);
    const [a, b] = [() => m.local.get(left, type), () => m.local.get(right, type)];
    const ops = m[e.rep];
    const minusOne = e.rep === 'i64' ? m.i64.const(-1n) : m.i32.const(-1);
    let result = ops[e.op](a(), b());
    // The one quotient that does not fit wraps, and its remainder is 0: the instruction would trap.
    if (e.op === 'div_s') result = m.if(ops.eq(b(), minusOne), ops.sub(this.#zero(e.rep), a()), result);
    return m.block(
      null,
      [
        m.local.set(left, this.#expression(e.left)),
        m.local.set(right, this.#expression(e.right)),
        m.if(ops.eqz(b()), this.#fail(FAIL_DIVISION, e.span)),
        result,
      ],
      type,
    );
  }

  #zero(rep: 'i32' | 'i64'): Code {
    return rep === 'i64' ? this.#m.i64.const(0n) : this.#m.i32.const(0);
  }

  #checkIndex(e: Extract<Expression, { kind: 'check-index' }>): Code {
    const m = this.#m;
    const index = this.#temp('index', binaryen.i64);
    const length = this.#temp('length', binaryen.i32);
    const i = (): Code => m.local.get(index, binaryen.i64);
    const n = (): Code => m.local.get(length, binaryen.i32);
    const outside = m.i64.ge_u(i(), m.i64.extend_u(n()));
    const failing = this.#failure(FAIL_INDEX, e.span, m.f64.convert_s.i64(i()), m.f64.convert_u.i32(n()));
    return m.block(
      null,
      [
        m.local.set(index, this.#expression(e.index)),
        m.local.set(length, this.#expression(e.length)),
        m.if(outside, failing),
        m.i32.wrap(i()),
      ],
      binaryen.i32,
    );
  }

  #elementAddress(target: Expression, index: Expression, stride: number): Code {
    return this.#m.i32.add(this.#expression(target), this.#scaled(index, stride));
  }

  #scaled(index: Expression, stride: number): Code {
    const m = this.#m;
    const at = this.#expression(index);
    const power = Math.log2(stride);
    if (!Number.isInteger(power)) return m.i32.mul(at, m.i32.const(stride));
    return power === 0 ? at : m.i32.shl(at, m.i32.const(power));
  }

  #store(stored: Stored, address: Code, offset: number, value: Expression): Code {
    return storeStored(this.#m, stored, address, offset, this.#expression(value));
  }

  /**
   * A store of an address into an object, with the write barrier: if the object is old and clean, the heap hears of it
   * before anything is overwritten. The test is a load from the side table and a branch that is rarely taken.
   */
  #storeAddress(
    target: Expression,
    index: Expression | undefined,
    stride: number,
    offset: number,
    value: Expression,
  ): Code[] {
    const m = this.#m;
    const object = this.#temp('stored into', binaryen.i32);
    const get = (): Code => m.local.get(object, binaryen.i32);
    const state = m.i32.or(
      m.i32.and(get(), m.i32.const(~BLOCK_MASK)),
      m.i32.shr_u(m.i32.and(get(), m.i32.const(BLOCK_MASK)), m.i32.const(GRANULE_SHIFT)),
    );
    const clean = m.i32.and(m.i32.load8_u(0, 1, state), m.i32.const(STATE_CLEAN));
    const remember = m.call(this.#context.heapFunction('remember'), [get()], binaryen.none);
    const before = [m.local.set(object, this.#expression(target))];
    // The index and value may themselves use the local, so they are evaluated while nothing is in it.
    let address = get();
    if (index !== undefined) {
      const at = this.#temp('stored at', binaryen.i32);
      before.unshift(m.local.set(at, this.#scaled(index, stride)));
      address = m.i32.add(address, m.local.get(at, binaryen.i32));
    }
    const held = this.#temp('stored', binaryen.i32);
    before.unshift(m.local.set(held, this.#expression(value)));
    return [
      ...before,
      m.if(clean, remember),
      m.i32.store(offset, 4, address, m.local.get(held, binaryen.i32)),
    ];
  }

  /** The same few instructions wherever an object is made: bump, and the heap's help when the window is full. */
  #allocate(e: Extract<Expression, { kind: 'allocate' }>): Code {
    const m = this.#m;
    const type = this.#context.program.types[e.type];
    if (type === undefined) throw new Error(`there is no type ${e.type}`);
    const size = Math.ceil(type.size / GRANULE_SIZE) * GRANULE_SIZE;
    const object = this.#temp('object', binaryen.i32);
    const end = this.#temp('end', binaryen.i32);
    const p = (): Code => m.local.get(object, binaryen.i32);
    const q = (): Code => m.local.get(end, binaryen.i32);
    const slow = this.#at(
      m.call(this.#context.heapFunction('allocateSlow'), [m.i32.const(size)], binaryen.i32),
      e.span,
    );
    const code = [
      m.local.set(object, loadCell(this.#m, TOP)),
      m.local.set(end, m.i32.add(p(), m.i32.const(size))),
      m.if(
        m.i32.gt_u(q(), loadCell(this.#m, LIMIT)),
        m.local.set(object, this.#spilling(e, slow, binaryen.i32)),
        storeCell(this.#m, TOP, q()),
      ),
      m.i32.store(0, 4, p(), this.#context.descriptor(e.type)),
    ];
    for (const f of e.fields) code.push(this.#store(f.stored, p(), f.offset, f.value));
    return m.block(null, [...code, p()], binaryen.i32);
  }

  // ------------------------------------------------------------------------------------------ calls

  #call(call: Call): Code {
    const m = this.#m;
    const type = resultType(call.reps);
    const before: Code[] = [];
    const operand = (e: Expression): Code => {
      const code = this.#expression(e);
      if (!this.#roots.spills.has(call) || isPlain(e)) return code;
      // What is evaluated for the call may set the locals that are spilled, or push spills of its own.
      const held = this.#temp(`operand ${this.#extra.size}`, REP_TYPES[e.rep as 'i32']);
      before.push(m.local.set(held, code));
      return m.local.get(held, REP_TYPES[e.rep as 'i32']);
    };
    const args = call.args.map(operand);
    const code = this.#at(this.#callOf(call, args, type), call.span);
    const spilled = this.#spilling(call, code, type);
    return before.length === 0 ? spilled : m.block(null, [...before, spilled], type);
  }

  #callOf(call: Call, args: Code[], type: binaryen.Type): Code {
    const m = this.#m;
    switch (call.to) {
      case 'function':
        return m.call(this.#context.nameOf(call.key), args, type);
      case 'closure': {
        const closure = this.#expression(call.closure);
        const params = this.#closureParams(call);
        return m.call_indirect('table', this.#codeOf(call.closure), [...args, closure], params, type);
      }
      case 'extern':
        return m.call(this.#context.externFunction(call.index), args, type);
      case 'runtime':
        if (RUNTIME[call.name] === undefined) throw new Error(`the runtime has no ${call.name}`);
        return m.call(this.#context.heapFunction(call.name), args, type);
    }
  }

  /** What may meet the collector, between a push of the addresses that have no slot and a pop. */
  #spilling(at: Safepoint, code: Code, type: binaryen.Type): Code {
    const locals = this.#roots.spills.get(at);
    if (locals === undefined) return code;
    const m = this.#m;
    const framed = this.#roots.slots.size > 0;
    const base = framed ? this.#shadow() : this.#temp('spilled', binaryen.i32);
    const get = (): Code => m.local.get(base, binaryen.i32);
    const above = (slots: number): Code => (slots === 0 ? get() : m.i32.add(get(), m.i32.const(4 * slots)));
    const first = this.#roots.slots.size;
    const push = [
      ...(framed ? [] : [m.local.set(base, loadCell(m, SHADOW_TOP))]),
      ...locals.map((local, i) => m.i32.store(4 * (first + i), 4, get(), this.#get(local))),
      storeCell(m, SHADOW_TOP, above(first + locals.length)),
    ];
    const pop = storeCell(m, SHADOW_TOP, above(first));
    if (type === binaryen.none) return m.block(null, [...push, code, pop]);
    const result = this.#temp(`result of ${type}`, type);
    return m.block(null, [...push, m.local.set(result, code), pop, m.local.get(result, type)], type);
  }

  #codeOf(closure: Expression): Code {
    return this.#m.i32.load(CLOSURE_CODE, 4, this.#expression(closure));
  }

  #closureParams(call: Call): binaryen.Type {
    const reps = call.args.map((a) => REP_TYPES[a.rep as 'i32']);
    return binaryen.createType([...reps, binaryen.i32]);
  }

  #heap(name: string, args: Code[]): Code {
    return this.#m.call(this.#context.heapFunction(name), args, binaryen.none);
  }

  #fail(failure: number, span: Span, a?: Expression, b?: Expression): Code {
    return this.#failure(
      failure,
      span,
      a === undefined ? undefined : this.#expression(a),
      b === undefined ? undefined : this.#expression(b),
    );
  }

  #failure(failure: number, span: Span, a?: Code, b?: Code): Code {
    const m = this.#m;
    const args = [
      m.i32.const(failure),
      m.i32.const(this.#context.site(span)),
      a ?? m.f64.const(0),
      b ?? m.f64.const(0),
    ];
    return m.block(null, [this.#at(m.call('host.fail', args, binaryen.none), span), m.unreachable()]);
  }

  #at(code: Code, span: Span): Code {
    this.#located.push({ code, span });
    return code;
  }
}

/** Whether evaluating an expression can set no local and meet no safepoint. */
function isPlain(e: Expression): boolean {
  if (e.kind === 'call' || e.kind === 'allocate' || e.kind === 'sequence') return false;
  return partsOfExpression(e).expressions.every(isPlain);
}
