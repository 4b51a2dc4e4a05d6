/**
 * How the verifier says what it found.
 */
import { verdict } from '../shared-cells.ts';

/** Notes a broken rule and returns false, for the caller to pass on: nothing is checked after the first. */
export function broken(code: u32, object: usize, address: usize): bool {
  verdict.code = code;
  verdict.object = object;
  verdict.address = address;
  return false;
}
