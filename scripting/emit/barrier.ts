/**
 * A store of an address into an object, with the write barrier: if the object is old and clean, the heap hears of it
 * and of the place before anything is overwritten. The test is a load from the side table and a branch that is rarely taken.
 */
import binaryen from 'binaryen';
import { BLOCK_MASK, GRANULE_SHIFT, STATE_CLEAN } from '../heap/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Code, FunctionBody } from './body.ts';

/** `at` is added to the object's address: an element's place in bytes. Evaluated in the order value, place, object. */
export function storeAddress(
  body: FunctionBody,
  target: Code,
  at: Code | undefined,
  offset: number,
  value: Code,
  span: Span,
): Code[] {
  const m = body.module;
  const object = body.temp('stored into', binaryen.i32);
  const get = (): Code => m.local.get(object, binaryen.i32);
  const state = m.i32.or(
    m.i32.and(get(), m.i32.const(~BLOCK_MASK)),
    m.i32.shr_u(m.i32.and(get(), m.i32.const(BLOCK_MASK)), m.i32.const(GRANULE_SHIFT)),
  );
  const clean = m.i32.and(m.i32.load8_u(0, 1, state), m.i32.const(STATE_CLEAN));
  const before = [m.local.set(object, target)];
  // The place and value may themselves use the local, so they are evaluated while nothing is in it.
  let address = get;
  if (at !== undefined) {
    const place = body.temp('stored at', binaryen.i32);
    before.unshift(m.local.set(place, at));
    address = () => m.i32.add(get(), m.local.get(place, binaryen.i32));
  }
  const held = body.temp('stored', binaryen.i32);
  before.unshift(m.local.set(held, value));
  const slot = m.i32.add(address(), m.i32.const(offset));
  const remember = m.call(body.context.heapFunction('remember'), [get(), slot], binaryen.none);
  return [
    ...before,
    ...body.checks.store(get, () => m.local.get(held, binaryen.i32), span),
    m.if(clean, remember),
    m.i32.store(offset, 4, address(), m.local.get(held, binaryen.i32)),
  ];
}
