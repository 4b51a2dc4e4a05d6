/**
 * The code of functions: small, typed, monomorphic. Values are flat: a `defvalue` is several locals, several
 * fields, several results. What is left are numbers, addresses of objects (`ref`), and explicit control flow, so that
 * `regions` can prove where things live and `emit` can print WebAssembly without thinking about the language.
 *
 * Invariant that `lower` keeps and `emit` relies on: no `ref` waits on the operand stack while something that may
 * allocate is evaluated, unless it was read from a local that is not set meanwhile. Where a sibling evaluated later may
 * allocate, any other address is bound to a local first.
 */
import type { Rep, Stored } from '../image/index.ts';
import type { Span } from '../syntax/index.ts';
import type { RuntimeName } from './runtime.ts';

export interface Local {
  readonly id: number;
  /** As the script calls it, with `.x` for a component; temporaries are named after what they hold. */
  readonly name: string;
  readonly rep: Rep;
}

/** A call that gives as many values as `reps`; usable as an expression where that is at most one. */
export type Call = {
  readonly args: readonly Expression[];
  readonly reps: readonly Rep[];
  readonly span: Span;
} & (
  | { readonly to: 'function'; readonly key: string }
  /** The closure is passed as the last argument too; it is in a local or constant, so reading it twice is free. */
  | { readonly to: 'closure'; readonly closure: Expression }
  | { readonly to: 'extern'; readonly index: number }
  /** A function of the heap or the native library; its effects stand in `runtime.ts`. */
  | { readonly to: 'runtime'; readonly name: RuntimeName }
);

export type Expression =
  | { readonly kind: 'constant'; readonly rep: 'i32' | 'f32' | 'f64'; readonly value: number }
  | { readonly kind: 'constant'; readonly rep: 'i64'; readonly value: bigint }
  /** No object. */
  | { readonly kind: 'null'; readonly rep: 'ref' }
  | { readonly kind: 'literal'; readonly rep: 'ref'; readonly index: number }
  /** Address of a type's descriptor. */
  | { readonly kind: 'descriptor'; readonly rep: 'i32'; readonly type: number }
  /** The closure without captures of a named function: an object in static memory. */
  | { readonly kind: 'static-closure'; readonly rep: 'ref'; readonly slot: number }
  /** A variant without data of a boxed sum: an object in static memory, `index` among the program's constants. */
  | { readonly kind: 'static-variant'; readonly rep: 'ref'; readonly index: number }
  /** A region, for a function that has a region parameter. */
  | { readonly kind: 'region'; readonly rep: 'i32'; readonly region: RegionName }
  /** The table index of a function, as a closure holds it. */
  | { readonly kind: 'code'; readonly rep: 'i32'; readonly slot: number }
  | { readonly kind: 'get'; readonly rep: Rep; readonly local: Local }
  | { readonly kind: 'get-global'; readonly rep: Rep; readonly global: string; readonly cell: number }
  /** A shared word of `layout.ts`, as PLACE_ENTITY. */
  | { readonly kind: 'get-cell'; readonly rep: 'i32'; readonly address: number }
  /** A WebAssembly operator: `op` is its name without the type, as Binaryen spells it (`add`, `lt_s`, `trunc_s_sat.f64`). */
  | {
      readonly kind: 'unary';
      readonly rep: Rep;
      readonly of: Rep;
      readonly op: string;
      readonly value: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly rep: Rep;
      /** The operands' type; comparisons give `i32`. */
      readonly of: Rep;
      readonly op: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Integer division that fails on a zero divisor and wraps on overflow. */
  | {
      readonly kind: 'divide';
      readonly rep: 'i32' | 'i64';
      readonly op: 'div_s' | 'div_u' | 'rem_s' | 'rem_u';
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  /** An `i64` index checked against an `i32` length: returns it as `i32`, or fails naming both. */
  | {
      readonly kind: 'check-index';
      readonly rep: 'i32';
      readonly index: Expression;
      readonly length: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'load';
      readonly rep: Rep;
      readonly stored: Stored;
      readonly target: Expression;
      readonly offset: number;
    }
  /** Element `index` of the array at `target`, plus `offset` bytes (elements' start included). */
  | {
      readonly kind: 'load-element';
      readonly rep: Rep;
      readonly stored: Stored;
      readonly target: Expression;
      readonly index: Expression;
      readonly stride: number;
      readonly offset: number;
    }
  /** A new object with all of its fields set. Nothing runs between allocation and last field. */
  | {
      readonly kind: 'allocate';
      readonly rep: 'ref';
      readonly type: number;
      readonly fields: readonly {
        readonly offset: number;
        readonly stored: Stored;
        readonly value: Expression;
      }[];
      readonly span: Span;
    }
  | { readonly kind: 'call'; readonly rep: Rep | 'none'; readonly call: Call }
  | {
      readonly kind: 'if-expression';
      readonly rep: Rep;
      readonly condition: Expression;
      readonly then: Expression;
      readonly else: Expression;
    }
  /** Statements, then a value. */
  | {
      readonly kind: 'sequence';
      readonly rep: Rep;
      readonly body: readonly Statement[];
      readonly value: Expression;
    };

/** A region that code can name: a local stands for an arena's block that it is in, or is the function's region parameter. */
export type RegionName = 'heap' | 'frame' | Local;

export type Statement =
  | { readonly kind: 'set'; readonly local: Local; readonly value: Expression; readonly span?: Span }
  /** A call with several results, or with one that is kept. */
  | { readonly kind: 'set-call'; readonly locals: readonly Local[]; readonly call: Call }
  | {
      readonly kind: 'set-global';
      readonly global: string;
      readonly cell: number;
      readonly value: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'set-cell'; readonly address: number; readonly value: Expression }
  /** Evaluated for its effect. */
  | { readonly kind: 'evaluate'; readonly value: Expression }
  | {
      readonly kind: 'store';
      readonly stored: Stored;
      readonly target: Expression;
      readonly offset: number;
      readonly value: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'store-element';
      readonly stored: Stored;
      readonly target: Expression;
      readonly index: Expression;
      readonly stride: number;
      readonly offset: number;
      /** Of a fixed array among an object's fields: the offsets of all that it may set. None of them holds an address. */
      readonly within?: readonly number[];
      readonly value: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly else: readonly Statement[];
      /**
       * Set where the condition asks whether a vector has an element in place: whether the vector is flat at all (readable
       * at any time), and what `else` comes to where it is.
       */
      readonly flat?: {
        readonly vector: Local;
        readonly isFlat: Expression;
        readonly outside: readonly Statement[];
      };
    }
  /** Runs its body again and again until a `break`; `continue` goes on after the `body`, with `step`. Burns fuel. */
  | {
      readonly kind: 'loop';
      readonly id: number;
      readonly body: readonly Statement[];
      readonly step: readonly Statement[];
      /** Burns none: it ends by itself, and nothing may be stopped between two of its rounds. */
      readonly unwatched?: true;
      /** An `i64`: it has no more rounds than that, nor than a vector has elements. Burns for all of them at once, in front. */
      readonly bounded?: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'break'; readonly loop: number }
  | { readonly kind: 'continue'; readonly loop: number }
  /** A stretch that `leave` jumps out of, to its end: pattern matching and `?` are made of these. */
  | { readonly kind: 'block'; readonly id: number; readonly body: readonly Statement[] }
  | { readonly kind: 'leave'; readonly block: number }
  | { readonly kind: 'return'; readonly values: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'tail-call';
      readonly call: Call;
      /** Where allocation goes from then on. Whoever called the function without a tail call sees to it that it goes on as before. */
      readonly region?: RegionName;
    }
  /** Stops the call: `failure` is a FAIL_ number of `layout.ts`; a and b are `f64` or absent. */
  | {
      readonly kind: 'fail';
      readonly failure: number;
      readonly a?: Expression;
      readonly b?: Expression;
      readonly span: Span;
    }
  /**
   * Allocation goes to an arena while the body runs. Every way out (the end, `break`, `continue`, `leave`, `return`)
   * closes it; `emit` adds that where a jump crosses the border. There is no tail call inside.
   */
  | {
      readonly kind: 'arena';
      /** 'frame' is the loop's own, which stays full until the frame ends. */
      readonly name: string;
      /** Holds what stands for the arena while the body runs: a block arena's region, an entry of the frame's. */
      readonly handle: Local;
      readonly chunk: number;
      readonly limit: number;
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  /** Allocation goes where the arena was opened from while the body runs; closed as arenas are. */
  | {
      readonly kind: 'outside';
      /** That of an arena around this. */
      readonly handle: Local;
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  /** Allocation goes to another region while the body runs; closed as arenas are. */
  | {
      readonly kind: 'within';
      /** `current`: where it goes already; what the body changes about that ends with it. */
      readonly region: RegionName | 'current';
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  /** Like an arena, but what is switched off is collection. */
  | { readonly kind: 'suppressed'; readonly body: readonly Statement[]; readonly span: Span };
