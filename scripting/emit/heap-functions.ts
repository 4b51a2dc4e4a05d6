/** Functions of the heap that compiled code calls, as it imports them. */
import { RUNTIME, type RuntimeFunction, type RuntimeName } from '../ir/index.ts';

type Signature = Pick<RuntimeFunction, 'params' | 'result'>;

/** Those of the heap of checked builds. */
export const CHECK_FUNCTIONS = {
  checkUse: { params: ['ref'], result: 'ref' },
  checkStore: { params: ['ref', 'ref'], result: 'none' },
  checkOutlives: { params: ['ref', 'i32', 'ref'], result: 'none' },
  checkEnd: { params: [], result: 'none' },
} as const satisfies Readonly<Record<string, Signature>>;

/** Those that no call in the representation names: they are parts of allocation, of stores, and of what opens and closes. */
const OWN_FUNCTIONS = {
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
} as const satisfies Readonly<Record<string, Signature>>;

export type HeapFunctionName = RuntimeName | keyof typeof OWN_FUNCTIONS | keyof typeof CHECK_FUNCTIONS;

export const HEAP_FUNCTIONS: Readonly<Record<HeapFunctionName, Signature>> = {
  ...RUNTIME,
  ...OWN_FUNCTIONS,
  ...CHECK_FUNCTIONS,
};
