/**
 * Whether this is the heap of checked builds, `build/heap-checked.wasm`: it tests at run time what `scripting/regions` proves
 * (`checks.ts`), and overwrites all that it frees. In every other heap CHECKED is false, and the compiler drops what asks for it.
 */
import { STRESS, STRESS_POISON } from './layout.ts';

export const CHECKED: bool = isDefined(SLUICE_CHECKED);

/** Whether what is freed is overwritten with POISON bytes. */
export function poisons(): bool {
  return CHECKED || (load<u32>(STRESS) & STRESS_POISON) !== 0;
}
