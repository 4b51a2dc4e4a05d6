/** Prints expressions: each returns one value, or leaves several where a call has several results. */
import binaryen from 'binaryen';
import {
  CLOSURE_CODE,
  FAIL_DIVISION,
  FAIL_INDEX,
  GRANULE_SIZE,
  INDEX_LOW_BITS,
  LIMIT,
  TOP,
} from '../heap/index.ts';
import { type Call, type Expression, partsOfExpression, type Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { loadCell, loadStored, storeCell, storeStored } from './access.ts';
import type { Code, FunctionBody } from './body.ts';
import type { ModuleContext } from './context.ts';
import { operator } from './operator.ts';
import type { ShadowFrame } from './shadow.ts';
import { REP_TYPES, resultType } from './types.ts';

type Field = Extract<Expression, { kind: 'allocate' }>['fields'][number];

export class ExpressionEmitter {
  readonly #body: FunctionBody;
  readonly #context: ModuleContext;
  readonly #m: binaryen.Module;
  readonly #shadow: ShadowFrame;
  readonly #block: (body: readonly Statement[]) => Code[];

  /** `block` prints the statements that a `sequence` has in front of its value. */
  constructor(body: FunctionBody, shadow: ShadowFrame, block: (body: readonly Statement[]) => Code[]) {
    this.#body = body;
    this.#context = body.context;
    this.#m = body.module;
    this.#shadow = shadow;
    this.#block = block;
  }

  emit(e: Expression): Code {
    const code = this.#print(e);
    return e.rep === 'none' ? code : this.#context.leaving(code, [e.rep]);
  }

  #print(e: Expression): Code {
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
        return this.#body.get(e.local);
      case 'region':
        return this.#body.region(e.region);
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
        )(this.emit(e.value));
      case 'binary': {
        const type = e.of === 'ref' ? 'i32' : e.of;
        return operator(m, type, type, e.op)(this.emit(e.left), this.emit(e.right));
      }
      case 'divide':
        return this.#divide(e);
      case 'check-index':
        return this.#checkIndex(e);
      case 'load':
        return loadStored(m, e.stored, this.#used(e.target), e.offset);
      case 'load-element':
        return loadStored(m, e.stored, this.elementAddress(e.target, e.index, e.stride), e.offset);
      case 'allocate':
        return this.#allocate(e);
      case 'call':
        return this.call(e.call);
      case 'if-expression':
        return m.if(this.emit(e.condition), this.emit(e.then), this.emit(e.else));
      case 'sequence':
        return m.block(null, [...this.#block(e.body), this.emit(e.value)], REP_TYPES[e.rep]);
    }
  }

  /** An address whose object is about to be read or written. */
  #used(e: Expression): Code {
    return this.#body.checks.use(this.emit(e), e);
  }

  #divide(e: Extract<Expression, { kind: 'divide' }>): Code {
    const m = this.#m;
    const type = REP_TYPES[e.rep];
    // Locals of its own, since an operand may itself be a division.
    const left = this.#body.freshTemp('dividend', type);
    const right = this.#body.freshTemp('divisor', type);
    const [a, b] = [() => m.local.get(left, type), () => m.local.get(right, type)];
    const ops = m[e.rep];
    const minusOne = e.rep === 'i64' ? m.i64.const(-1n) : m.i32.const(-1);
    let result = ops[e.op](a(), b());
    // The one quotient that does not fit wraps, and its remainder is 0: the instruction would trap.
    if (e.op === 'div_s') result = m.if(ops.eq(b(), minusOne), ops.sub(this.#zero(e.rep), a()), result);
    return m.block(
      null,
      [
        m.local.set(left, this.emit(e.left)),
        m.local.set(right, this.emit(e.right)),
        m.if(ops.eqz(b()), this.#body.fail(FAIL_DIVISION, e.span)),
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
    const index = this.#body.temp('index', binaryen.i64);
    const length = this.#body.temp('length', binaryen.i32);
    const i = (): Code => m.local.get(index, binaryen.i64);
    const n = (): Code => m.local.get(length, binaryen.i32);
    const outside = m.i64.ge_u(i(), m.i64.extend_u(n()));
    const bits = (): Code => m.i64.const(BigInt(INDEX_LOW_BITS));
    const low = m.i64.and(i(), m.i64.const((1n << BigInt(INDEX_LOW_BITS)) - 1n));
    const failing = this.#body.fail(
      FAIL_INDEX,
      e.span,
      m.f64.convert_s.i64(m.i64.shr_s(i(), bits())),
      m.f64.convert_u.i64(m.i64.or(m.i64.shl(m.i64.extend_u(n()), bits()), low)),
    );
    return m.block(
      null,
      [
        m.local.set(index, this.emit(e.index)),
        m.local.set(length, this.emit(e.length)),
        m.if(outside, failing),
        m.i32.wrap(i()),
      ],
      binaryen.i32,
    );
  }

  /** Where an element lies, but for the offset of what is wanted in it. */
  elementAddress(target: Expression, index: Expression, stride: number): Code {
    return this.#m.i32.add(this.#used(target), this.scaled(index, stride));
  }

  /** An index in bytes. */
  scaled(index: Expression, stride: number): Code {
    const m = this.#m;
    const at = this.emit(index);
    const power = Math.log2(stride);
    if (!Number.isInteger(power)) return m.i32.mul(at, m.i32.const(stride));
    return power === 0 ? at : m.i32.shl(at, m.i32.const(power));
  }

  /** The same few instructions wherever an object is made: bump, and the heap's help when the window is full. */
  #allocate(e: Extract<Expression, { kind: 'allocate' }>): Code {
    const m = this.#m;
    const type = this.#context.program.types[e.type];
    if (type === undefined) throw new Error(`there is no type ${e.type}`);
    this.#body.here = e.span;
    const size = Math.ceil(type.size / GRANULE_SIZE) * GRANULE_SIZE;
    const object = this.#body.temp('object', binaryen.i32);
    const end = this.#body.temp('end', binaryen.i32);
    const p = (): Code => m.local.get(object, binaryen.i32);
    const q = (): Code => m.local.get(end, binaryen.i32);
    const slow = this.#body.at(
      m.call(this.#context.heapFunction('allocateSlow'), [m.i32.const(size)], binaryen.i32),
      e.span,
    );
    const code = [
      m.local.set(object, loadCell(this.#m, TOP)),
      m.local.set(end, m.i32.add(p(), m.i32.const(size))),
      m.if(
        m.i32.gt_u(q(), loadCell(this.#m, LIMIT)),
        m.local.set(object, this.#shadow.spilling(e, slow, binaryen.i32)),
        storeCell(this.#m, TOP, q()),
      ),
      m.i32.store(0, 4, p(), this.#context.descriptor(e.type)),
    ];
    code.push(...this.#body.checks.empty(p, e.fields));
    for (const f of e.fields) code.push(...this.#fill(p, f, e.span));
    return m.block(null, [...code, ...this.#body.sites.made(p(), e.span), p()], binaryen.i32);
  }

  /** Sets a field of an object that was made just now. */
  #fill(object: () => Code, { stored, offset, value }: Field, span: Span): Code[] {
    const m = this.#m;
    const code = this.emit(value);
    if (stored !== 'ref' || !this.#context.checked) return [storeStored(m, stored, object(), offset, code)];
    const field = this.#body.temp('field', binaryen.i32);
    const get = (): Code => m.local.get(field, binaryen.i32);
    const test = this.#body.checks.store(object, get, span);
    return [m.local.set(field, code), ...test, storeStored(m, stored, object(), offset, get())];
  }

  call(call: Call): Code {
    const m = this.#m;
    const type = resultType(call.reps);
    const before: Code[] = [];
    const holds = this.#shadow.hasSpills(call) || this.#body.sites.notes(call);
    const operand = (e: Expression): Code => {
      const code = this.#argument(call, e);
      if (!holds || isPlain(e)) return code;
      // What is evaluated for the call may set the locals that are spilled, push spills of its own, or note sites.
      const held = this.#body.freshTemp('operand', REP_TYPES[e.rep as 'i32']);
      before.push(m.local.set(held, code));
      return m.local.get(held, REP_TYPES[e.rep as 'i32']);
    };
    this.#body.here = call.span;
    const args = call.args.map(operand);
    this.#body.here = call.span;
    before.push(...this.#body.sites.note(call));
    const code = this.#body.at(this.#callOf(call, args, type), call.span);
    const spilled = this.#shadow.spilling(call, code, type);
    return this.#context.leaving(
      before.length === 0 ? spilled : m.block(null, [...before, spilled], type),
      call.reps,
    );
  }

  /** An argument; the heap and the host read what they are given, a script function reads it by itself. */
  #argument(call: Call, e: Expression): Code {
    return e.rep === 'ref' && (call.to === 'runtime' || call.to === 'extern') ? this.#used(e) : this.emit(e);
  }

  #callOf(call: Call, args: Code[], type: binaryen.Type): Code {
    const m = this.#m;
    switch (call.to) {
      case 'function':
        return m.call(this.#context.nameOf(call.key), args, type);
      case 'closure': {
        const closure = this.emit(call.closure);
        const params = this.closureParams(call);
        return m.call_indirect('table', this.codeOf(call.closure), [...args, closure], params, type);
      }
      case 'extern':
        return m.call(this.#context.externFunction(call.index), args, type);
      case 'runtime':
        return m.call(this.#context.heapFunction(call.name), args, type);
    }
  }

  /** The table index of a closure's code. */
  codeOf(closure: Expression): Code {
    return this.#m.i32.load(CLOSURE_CODE, 4, this.#used(closure));
  }

  /** What a closure's code takes: the arguments, then the closure itself. */
  closureParams(call: Call): binaryen.Type {
    const reps = call.args.map((a) => REP_TYPES[a.rep as 'i32']);
    return binaryen.createType([...reps, binaryen.i32]);
  }
}

/** Whether evaluating an expression can set no local and meet no safepoint. */
function isPlain(e: Expression): boolean {
  if (e.kind === 'call' || e.kind === 'allocate' || e.kind === 'sequence') return false;
  return partsOfExpression(e).expressions.every(isPlain);
}
