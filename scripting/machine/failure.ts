/**
 * Why a call was stopped, in words. Compiled code and the heap give a number and two arguments (`FAIL_*` of the heap's
 * layout); the texts are here, so that a shipped program carries them once.
 */
import {
  FAIL_ARENA,
  FAIL_BROKEN,
  FAIL_CONVERSION,
  FAIL_DEPTH,
  FAIL_DIVISION,
  FAIL_EMPTY,
  FAIL_ERROR,
  FAIL_ESCAPE,
  FAIL_FREED,
  FAIL_FUEL,
  FAIL_HOST,
  FAIL_INDEX,
  FAIL_KEY,
  FAIL_MEMORY,
  FAIL_SIZE,
  FAIL_UNREACHABLE,
  FAIL_UNWRAP,
  INDEX_LOW_BITS,
} from '../heap/index.ts';

const INDEX_LOW = 2 ** INDEX_LOW_BITS;

/** The stable name of each kind of failure. */
export type FailureKind =
  | 'index'
  | 'division'
  | 'error'
  | 'depth'
  | 'fuel'
  | 'memory'
  | 'arena'
  | 'key'
  | 'empty'
  | 'unwrap'
  | 'size'
  | 'conversion'
  | 'escape'
  | 'freed'
  | 'heap'
  | 'host'
  | 'trap';

const KINDS: Readonly<Record<number, FailureKind>> = {
  [FAIL_INDEX]: 'index',
  [FAIL_DIVISION]: 'division',
  [FAIL_ERROR]: 'error',
  [FAIL_DEPTH]: 'depth',
  [FAIL_FUEL]: 'fuel',
  [FAIL_MEMORY]: 'memory',
  [FAIL_ARENA]: 'arena',
  [FAIL_KEY]: 'key',
  [FAIL_EMPTY]: 'empty',
  [FAIL_UNWRAP]: 'unwrap',
  [FAIL_SIZE]: 'size',
  [FAIL_CONVERSION]: 'conversion',
  [FAIL_HOST]: 'host',
  [FAIL_ESCAPE]: 'escape',
  [FAIL_FREED]: 'freed',
  [FAIL_BROKEN]: 'heap',
  [FAIL_UNREACHABLE]: 'trap',
};

/** Why function values of new code cannot be called of which a global's first value failed (`versions.ts`). */
export const FAILED_CODE = 'this function value is of new code that could not be loaded';

/** Why function values of before cannot be called by a first value of new code, or meanwhile by the host. */
export const WAITING_CODE =
  'the new code of this function value needs a global whose first value comes later: define that one before';

export function failureKind(failure: number): FailureKind {
  return KINDS[failure] ?? 'trap';
}

/** One sentence without a full stop. `text` reads the string object at an address. */
export function failureMessage(
  failure: number,
  a: number,
  b: number,
  text: (address: number) => string,
): string {
  switch (failure) {
    case FAIL_INDEX:
      return `index ${whole(a, b % INDEX_LOW)} is out of range for length ${Math.floor(b / INDEX_LOW)}`;
    case FAIL_DIVISION:
      return 'division by zero';
    case FAIL_ERROR:
      return text(a);
    case FAIL_DEPTH:
      return 'the recursion is too deep';
    case FAIL_FUEL:
      return `the call ran longer than ${a} ms`;
    case FAIL_MEMORY:
      return `out of memory: ${bytes(a)} more would pass the limit of ${bytes(b)}`;
    case FAIL_ARENA:
      return `the arena is full: ${bytes(a)} more would pass its limit of ${bytes(b)}`;
    case FAIL_KEY:
      return `there is no key ${text(a)}`;
    case FAIL_EMPTY:
      return 'the collection is empty';
    case FAIL_UNWRAP:
      return 'unwrap found no value';
    case FAIL_BROKEN:
      return `the heap is broken at the end of an arena: rule ${a} of its verifier`;
    case FAIL_SIZE:
      return `no object can hold ${whole(a, b)} elements`;
    default:
      return 'the code reached a place that it should not';
  }
}

/** A number of 64 bits that came in two parts: it is written in full. */
function whole(high: number, low: number): bigint {
  return BigInt(high) * BigInt(INDEX_LOW) + BigInt(low);
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
