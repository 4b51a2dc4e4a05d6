/** Functions of the heap that compiled code calls by itself, besides those that the representation names (`ir/runtime.ts`). */
import type { Rep } from '../ir/index.ts';

/** Functions of the heap of checked builds. */
export const CHECK_FUNCTIONS: Readonly<Record<string, { params: readonly Rep[]; result: Rep | 'none' }>> = {
  checkUse: { params: ['ref'], result: 'ref' },
  checkStore: { params: ['ref', 'ref'], result: 'none' },
  checkOutlives: { params: ['ref', 'i32', 'ref'], result: 'none' },
  checkEnd: { params: [], result: 'none' },
};

/** Heap functions that compiled code calls by itself, besides those of `RUNTIME`. */
export const HEAP_FUNCTIONS: Readonly<Record<string, { params: readonly Rep[]; result: Rep | 'none' }>> = {
  allocateSlow: { params: ['i32'], result: 'ref' },
  openArena: { params: ['i32', 'i32'], result: 'i32' },
  closeArena: { params: [], result: 'none' },
  enterFrame: { params: [], result: 'i32' },
  enterOutside: { params: ['i32'], result: 'none' },
  enterRegion: { params: ['i32'], result: 'none' },
  leaveRegion: { params: [], result: 'none' },
  switchTo: { params: ['i32'], result: 'none' },
  enterSuppressed: { params: [], result: 'none' },
  leaveSuppressed: { params: [], result: 'none' },
  remember: { params: ['ref', 'i32'], result: 'none' },
  ...CHECK_FUNCTIONS,
};
