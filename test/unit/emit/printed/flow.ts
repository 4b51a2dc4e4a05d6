/**
 * A printed function as a graph of blocks of plain instructions over variables: WebAssembly's locals, then the places of its
 * operand stack. Made from Binaryen's tree alone, so that what is found in it is independent of the compiler's own walks.
 */
import binaryen from 'binaryen';

/** A local, or a place of the operand stack. */
export type Variable = number;

export type Instruction =
  | { readonly kind: 'copy'; readonly to: Variable; readonly from: Variable }
  | { readonly kind: 'constant'; readonly to: Variable; readonly value: number }
  /** An address in static memory that the machine gives when it links. */
  | { readonly kind: 'static'; readonly to: Variable }
  | { readonly kind: 'add'; readonly to: Variable; readonly left: Variable; readonly right: Variable }
  /** Anything else that is computed of variables, or of nothing. */
  | { readonly kind: 'other'; readonly to: Variable; readonly of: readonly Variable[] }
  | { readonly kind: 'load'; readonly to: Variable; readonly at: Variable; readonly offset: number }
  | { readonly kind: 'store'; readonly at: Variable; readonly offset: number; readonly value: Variable }
  /** The variable holds an address of an object: so says the representation. */
  | { readonly kind: 'address'; readonly of: Variable }
  | {
      readonly kind: 'call';
      readonly to: readonly Variable[];
      readonly args: readonly Variable[];
      /** Undefined for a call through the table. */
      readonly callee: string | undefined;
    }
  /** What a branch asks, what is returned, what is given to a call in the place of a return. */
  | { readonly kind: 'use'; readonly of: readonly Variable[] }
  /** Such a call: the function has returned by then. */
  | { readonly kind: 'tail-call'; readonly callee: string | undefined }
  | { readonly kind: 'return' };

export interface Block {
  readonly number: number;
  readonly instructions: Instruction[];
  readonly next: Block[];
}

export interface Flow {
  readonly name: string;
  /** The first block is where the function begins. */
  readonly blocks: readonly Block[];
  /** Parameters and other locals with one value; those with several have a variable for each. */
  readonly locals: number;
  readonly variables: number;
  readonly params: number;
}

/** Which of the values that a piece of code leaves are addresses. */
export type Addresses = (code: binaryen.ExpressionRef) => readonly boolean[] | undefined;

export function flowOf(info: binaryen.FunctionInfo, addresses: Addresses): Flow {
  return new Builder(info, addresses).run();
}

/** Where a branch leads, and where on the stack it leaves its values. */
interface Label {
  readonly name: string;
  readonly block: Block;
  readonly depth: number;
  readonly count: number;
}

class Builder {
  readonly #info: binaryen.FunctionInfo;
  readonly #addresses: Addresses;
  readonly #blocks: Block[] = [];
  /** The first variable of each local. */
  readonly #first: number[] = [];
  readonly #stack: number;
  readonly #params: number;
  readonly #labels: Label[] = [];
  #deepest = 0;
  /** Undefined after a jump. */
  #current: Block | undefined;

  constructor(info: binaryen.FunctionInfo, addresses: Addresses) {
    this.#info = info;
    this.#addresses = addresses;
    const params = binaryen.expandType(info.params);
    this.#params = params.length;
    let next = 0;
    for (const type of [...params, ...info.vars]) {
      this.#first.push(next);
      next += width(type);
    }
    this.#stack = next;
  }

  run(): Flow {
    this.#current = this.#block();
    const left = this.#evaluate(this.#info.body, 0);
    if (left > 0) this.#emit({ kind: 'use', of: this.#places(0, left) });
    this.#emit({ kind: 'return' });
    return {
      name: this.#info.name,
      blocks: this.#blocks,
      locals: this.#stack,
      variables: this.#stack + this.#deepest,
      params: this.#params,
    };
  }

  #block(): Block {
    const block = { number: this.#blocks.length, instructions: [], next: [] };
    this.#blocks.push(block);
    return block;
  }

  #emit(instruction: Instruction): void {
    this.#current?.instructions.push(instruction);
  }

  #jump(to: Block): void {
    this.#current?.next.push(to);
  }

  #place(depth: number): Variable {
    this.#deepest = Math.max(this.#deepest, depth + 1);
    return this.#stack + depth;
  }

  #places(depth: number, count: number): Variable[] {
    return Array.from({ length: count }, (_, i) => this.#place(depth + i));
  }

  /** Each a value deeper than the one before. */
  #operands(operands: readonly binaryen.ExpressionRef[], depth: number): Variable[] {
    let at = depth;
    for (const operand of operands) at += this.#evaluate(operand, at);
    return this.#places(depth, at - depth);
  }

  /** Leaves the values of a piece of code from a depth of the stack on; returns how many those are. */
  #evaluate(code: binaryen.ExpressionRef, depth: number): number {
    const count = this.#instructions(code, depth);
    for (const [i, isAddress] of (this.#addresses(code) ?? []).entries())
      if (isAddress && i < count) this.#emit({ kind: 'address', of: this.#place(depth + i) });
    return count;
  }

  #instructions(code: binaryen.ExpressionRef, depth: number): number {
    // Binaryen tells nothing of these two.
    const id = binaryen.getExpressionId(code);
    if (id === binaryen.NopId) return 0;
    if (id === binaryen.UnreachableId) {
      this.#current = undefined;
      return 0;
    }
    const info = binaryen.getExpressionInfo(code);
    const result = (): Variable => this.#place(depth);
    switch (info.id) {
      case binaryen.BlockId:
        return this.#sequence(info as binaryen.BlockInfo, depth);
      case binaryen.IfId:
        return this.#if(info as binaryen.IfInfo, depth);
      case binaryen.LoopId:
        return this.#loop(info as binaryen.LoopInfo, depth);
      case binaryen.BreakId:
        return this.#break(info as binaryen.BreakInfo, depth);
      case binaryen.CallId: {
        const { target, operands, isReturn } = info as binaryen.CallInfo;
        return this.#call(target, this.#operands(operands, depth), isReturn, info.type, depth);
      }
      case binaryen.CallIndirectId: {
        const { target, operands, isReturn } = info as binaryen.CallIndirectInfo;
        const args = this.#operands([...operands, target], depth);
        return this.#call(undefined, args, isReturn, info.type, depth);
      }
      case binaryen.LocalGetId: {
        const from = this.#first[(info as binaryen.LocalGetInfo).index] as number;
        const count = width(info.type);
        for (const i of Array(count).keys())
          this.#emit({ kind: 'copy', to: this.#place(depth + i), from: from + i });
        return count;
      }
      case binaryen.LocalSetId: {
        const { index, value, isTee } = info as binaryen.LocalSetInfo;
        const to = this.#first[index] as number;
        const count = this.#evaluate(value, depth);
        for (const i of Array(count).keys())
          this.#emit({ kind: 'copy', to: to + i, from: this.#place(depth + i) });
        return isTee ? count : 0;
      }
      case binaryen.GlobalGetId:
        this.#emit({ kind: 'static', to: result() });
        return 1;
      case binaryen.LoadId: {
        const { ptr, offset } = info as binaryen.LoadInfo;
        this.#evaluate(ptr, depth);
        this.#emit({ kind: 'load', to: result(), at: result(), offset });
        return 1;
      }
      case binaryen.StoreId: {
        const { ptr, value, offset } = info as binaryen.StoreInfo;
        const [at, stored] = this.#operands([ptr, value], depth);
        if (at !== undefined && stored !== undefined)
          this.#emit({ kind: 'store', at, offset, value: stored });
        return 0;
      }
      case binaryen.ConstId: {
        const { value } = info as binaryen.ConstInfo;
        if (info.type === binaryen.i32)
          this.#emit({ kind: 'constant', to: result(), value: value as number });
        else this.#emit({ kind: 'other', to: result(), of: [] });
        return 1;
      }
      case binaryen.UnaryId: {
        const of = this.#operands([(info as binaryen.UnaryInfo).value], depth);
        this.#emit({ kind: 'other', to: result(), of });
        return 1;
      }
      case binaryen.BinaryId: {
        const { left, right, op } = info as binaryen.BinaryInfo;
        const [a, b] = this.#operands([left, right], depth);
        if (a === undefined || b === undefined) return 1;
        if (op === binaryen.AddInt32) this.#emit({ kind: 'add', to: result(), left: a, right: b });
        else this.#emit({ kind: 'other', to: result(), of: [a, b] });
        return 1;
      }
      case binaryen.DropId:
        this.#evaluate((info as binaryen.DropInfo).value, depth);
        return 0;
      case binaryen.ReturnId: {
        const { value } = info as binaryen.ReturnInfo;
        if (value !== 0) this.#emit({ kind: 'use', of: this.#operands([value], depth) });
        this.#emit({ kind: 'return' });
        this.#current = undefined;
        return 0;
      }
      case binaryen.TupleMakeId:
        return this.#operands((info as binaryen.TupleMakeInfo).operands, depth).length;
      case binaryen.TupleExtractId: {
        const { tuple, index } = info as unknown as binaryen.TupleExtract;
        this.#evaluate(tuple, depth);
        this.#emit({ kind: 'copy', to: result(), from: this.#place(depth + index) });
        return 1;
      }
      default:
        throw new Error(`${this.#info.name} has code of kind ${info.id}, which this does not know`);
    }
  }

  #sequence({ name, children, type }: binaryen.BlockInfo, depth: number): number {
    const count = width(type);
    const end = name ? this.#block() : undefined;
    if (end !== undefined) this.#labels.push({ name, block: end, depth, count });
    for (const child of children) this.#evaluate(child, depth);
    if (end !== undefined) {
      this.#labels.pop();
      this.#jump(end);
      this.#current = end;
    }
    return count;
  }

  #if({ condition, ifTrue, ifFalse, type }: binaryen.IfInfo, depth: number): number {
    this.#emit({ kind: 'use', of: this.#operands([condition], depth) });
    const [yes, no, end] = [this.#block(), this.#block(), this.#block()];
    this.#jump(yes);
    this.#jump(no);
    for (const [block, code] of [[yes, ifTrue] as const, [no, ifFalse] as const]) {
      if (this.#current === undefined) break;
      const before = this.#current;
      this.#current = block;
      if (code !== 0) this.#evaluate(code, depth);
      this.#jump(end);
      this.#current = before;
    }
    if (this.#current !== undefined) this.#current = end;
    return width(type);
  }

  #loop({ name, body, type }: binaryen.LoopInfo, depth: number): number {
    const head = this.#block();
    this.#jump(head);
    if (this.#current !== undefined) this.#current = head;
    this.#labels.push({ name, block: head, depth, count: 0 });
    this.#evaluate(body, depth);
    this.#labels.pop();
    return width(type);
  }

  #break({ name, condition, value }: binaryen.BreakInfo, depth: number): number {
    const label = this.#labels.findLast((l) => l.name === name);
    if (label === undefined) throw new Error(`${name} is not around its branch`);
    const values = value === 0 ? [] : this.#operands([value], depth);
    if (condition !== 0) {
      if (values.length > 0) throw new Error('no branch with a condition carries values');
      this.#emit({ kind: 'use', of: this.#operands([condition], depth) });
      const on = this.#block();
      this.#jump(label.block);
      this.#jump(on);
      if (this.#current !== undefined) this.#current = on;
      return 0;
    }
    for (const [i, from] of values.entries())
      this.#emit({ kind: 'copy', to: this.#place(label.depth + i), from });
    this.#jump(label.block);
    this.#current = undefined;
    return 0;
  }

  #call(
    callee: string | undefined,
    args: readonly Variable[],
    isReturn: boolean,
    type: binaryen.Type,
    depth: number,
  ): number {
    if (isReturn) {
      this.#emit({ kind: 'use', of: args });
      this.#emit({ kind: 'return' });
      this.#emit({ kind: 'tail-call', callee });
      this.#current = undefined;
      return 0;
    }
    const count = width(type);
    this.#emit({ kind: 'call', callee, args, to: this.#places(depth, count) });
    return count;
  }
}

/** How many values a type is. */
function width(type: binaryen.Type): number {
  if (type === binaryen.unreachable || type === binaryen.none) return 0;
  return binaryen.expandType(type).length;
}
