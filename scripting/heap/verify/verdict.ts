/**
 * How the verifier says what it found.
 */
import { VERIFY_ADDRESS, VERIFY_CODE, VERIFY_OBJECT } from '../layout.ts';

/** Notes a broken rule and gives false, for the caller to pass on: nothing is checked after the first. */
export function broken(code: u32, object: usize, address: usize): bool {
  store<u32>(VERIFY_CODE, code);
  store<usize>(VERIFY_OBJECT, object);
  store<usize>(VERIFY_ADDRESS, address);
  return false;
}
