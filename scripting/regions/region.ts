/**
 * Regions as one function sees them. A function does not know where its caller allocates, nor where the things live
 * that it was given, so these are regions of their own and what depends on them is left to the callers to judge.
 *
 *     heap       globals, literals and all that they lead to; lives longest
 *     frame      the loop's own arena
 *     given      where a parameter, or what it leads to, lives: somewhere that outlives this call
 *     base       where the caller allocates: also outlives this call
 *     parameter  where the caller says that things are to be made which are stored into older ones: outlives this call too
 *     block      an arena this function opens: shorter than all of the above, and than the blocks around it
 *
 * How long `given`, `base` and `parameter` live compared with `heap` and `frame` is unknown here: they may be blocks of a caller.
 */
import type { Local, RegionName } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';

export interface Block {
  readonly kind: 'block';
  readonly name: string;
  readonly span: Span;
  /** Stands for the arena while it is open. */
  readonly handle: Local;
  /** The block around this one, in the same function. */
  readonly outer: Block | undefined;
  /** Whether it is opened inside an entry of `frame` in the same function. Whether callers are inside one they must say. */
  readonly inFrame: boolean;
}

export type Region = { readonly kind: 'heap' | 'frame' | 'given' | 'base' | 'parameter' } | Block;

export const HEAP: Region = { kind: 'heap' };
export const FRAME: Region = { kind: 'frame' };
export const GIVEN: Region = { kind: 'given' };
export const BASE: Region = { kind: 'base' };
export const REGION_PARAMETER: Region = { kind: 'parameter' };

/**
 * May something in `holder` hold the address of something in `held`? `caller`: that depends on what the caller's
 * regions are, so it is part of the function's summary and judged at each call.
 */
export function mayHold(holder: Region, held: Region): 'yes' | 'no' | 'caller' {
  if (held.kind === 'heap') return 'yes';
  if (holder.kind === 'block') return held.kind !== 'block' || encloses(held, holder) ? 'yes' : 'no';
  if (held.kind === 'block') return 'no';
  if (held.kind === 'frame' && holder.kind !== 'parameter') return holder.kind === 'frame' ? 'yes' : 'no';
  return 'caller';
}

/** Is `inner` the same block as `outer`, or inside it? */
export function encloses(outer: Block, inner: Block | undefined): boolean {
  for (let block = inner; block !== undefined; block = block.outer) if (block === outer) return true;
  return false;
}

/** How code names a region in which a called function is to make things that must outlive its own; the heap where it has none. */
export function nameOf(region: Region): RegionName {
  if (region.kind === 'block') return region.handle;
  return region.kind === 'frame' ? 'frame' : 'heap';
}
