/** What must hold between the heap and the model, and the one way in which a call may fail: for want of memory. */
import { REGION } from '../../../scripting/heap/index.ts';
import { HeapFailure, type HeapUnderTest } from '../heap-under-test.ts';

export function equal(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: found ${found}, the model says ${wanted}`);
}

/** Whether there was memory for it, or room in a limited arena. */
export function succeeds(body: () => void): boolean {
  try {
    body();
    return true;
  } catch (failure) {
    if (!(failure instanceof HeapFailure)) throw failure;
    return false;
  }
}

/** A call that allocates. Where memory has run out, nothing has changed. */
export function call(target: HeapUnderTest, body: () => void): void {
  const region = target.load(REGION);
  if (succeeds(() => target.call(body))) return;
  equal('the region after a failure', target.load(REGION), region);
  target.check();
}
