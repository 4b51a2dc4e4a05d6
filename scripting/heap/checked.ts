/**
 * Whether this is the heap of checked builds, `build/heap-checked.wasm`: it tests at run time what `scripting/regions` proves
 * (`checks.ts`), and overwrites all that it frees. In every other heap CHECKED is false, and the compiler drops what asks for it.
 */
import { STRESS_POISON } from './layout.ts';
import { shared } from './shared-cells.ts';

export const CHECKED: bool = isDefined(SLUICE_CHECKED);

/** Whether what is freed is overwritten with POISON bytes. */
export function poisons(): bool {
  return CHECKED || (shared.stress & STRESS_POISON) !== 0;
}
