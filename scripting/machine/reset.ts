/**
 * The end of a program. What it owns is dropped while all of it is there still; then the machine lets go of everything: memory, table and
 * instances are JavaScript's garbage, whatever the host has of them. An instance that nobody can call keeps no memory.
 */
import { CALLED_BY_HOST } from '../heap/index.ts';
import type { Image } from '../image/index.ts';
import type { Heap } from './heap.ts';
import type { HandleObserver } from './object.ts';
import type { MachineOptions } from './options.ts';
import { type Session, type Supply, supplyFor } from './session.ts';

/** Nothing that was held is there any more. */
const ENDED: HandleObserver = {
  made: () => undefined,
  freed: () => undefined,
  expectUsable: (_, type) => {
    throw new TypeError(`this ${type} went with its program, which has ended`);
  },
};

/**
 * Ends the program that runs, if any does, once what begins in its place is ready. Throws where that cannot be read, or a script is on the
 * stack: nothing has ended then.
 */
export async function endFor(
  image: Image,
  options: MachineOptions,
  running: () => Session | undefined,
): Promise<Supply> {
  const supply = await supplyFor(image, options);
  const session = running();
  if (session?.running === true) throw new Error('a script is running: reset when its call is over');
  if (session !== undefined) end(session);
  return supply;
}

/** Throws what printing throws in drop code: the program has ended then too. */
function end(session: Session): void {
  const { calls, heap, views, converter, program, development } = session;
  try {
    calls.owned?.dropEverything();
  } finally {
    converter.held.observer = ENDED;
    endHeap(heap);
    development?.end();
    program.end();
    views.replace(new WebAssembly.Memory({ initial: 0 }));
    session.target.table = new WebAssembly.Table({ element: 'anyfunc', initial: 0 });
  }
}

/** Who has something of the program still is told that it has ended. Letting go of it does nothing. */
function endHeap(heap: Heap): void {
  const ended = (): never => {
    throw new Error('this is of a program that has ended: its machine was reset');
  };
  Object.assign(heap, Object.fromEntries(CALLED_BY_HOST.map((name) => [name, ended])), {
    freeHandle: () => undefined,
  });
}
