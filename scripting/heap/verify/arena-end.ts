/** What a checked build asks of the heap when an arena has ended. */
import { fail } from '../host.ts';
import { FAIL_BROKEN, STRESS_VERIFY } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { verify } from './verify.ts';

/** After the end of an arena, when its code has let go of what lay there: under stress nothing at all may lead into it. */
export function checkEnd(): void {
  if (!(shared.stress & STRESS_VERIFY)) return;
  const code = verify();
  if (code !== 0) fail(FAIL_BROKEN, -1, code as f64, 0);
}
