/** The host of programs by chance: what it offers, and what it calls. */
import type { Extern, Program } from '../../../scripting/ir/index.ts';
import { at } from './program.ts';

/** A function from node to node, the only shape there is. */
const NODE: Extern['result'] = { kind: 'opaque', name: 'Body', key: 'Body' };
export const SHAPES: Program['shapes'] = [
  {
    kind: 'function',
    key: 'function',
    comesOut: true,
    params: [NODE],
    result: NODE,
    call: 'call',
    wrap: 'wrap',
  },
  {
    kind: 'map',
    key: { kind: 'shape', name: 'Key', key: 'Key', shape: 2, reps: ['ref'] },
    value: undefined,
    make: 'make',
    put: 'put',
    start: 'start',
    more: 'more',
    here: 'here',
    after: 'after',
  },
  { kind: 'struct', fields: [], make: 'make key', take: 'take key' },
];

/** It calls the function that it is lent. */
const LENDING: Extern = {
  module: 'test',
  name: 'each',
  params: [
    {
      name: 'f',
      type: { kind: 'shape', name: '(Fn [Body] Body)', key: '(Fn [Body] Body)', shape: 0, reps: ['ref'] },
      borrows: true,
    },
  ],
  result: { kind: 'unit' },
  span: at('each'),
};

/** It calls what the program exports as `again`. */
const CALLING: Extern = {
  module: 'test',
  name: 'again',
  params: [],
  result: { kind: 'unit' },
  span: at('again'),
};

/** It returns a set of one key, which functions of the program make, as they put it into the set. */
const GIVING: Extern = {
  module: 'test',
  name: 'keys',
  params: [],
  result: { kind: 'shape', name: '(Set Key)', key: '(Set Key)', shape: 1, reps: ['ref'] },
  span: at('keys'),
};

/** Index of each. */
export const LENDS = 0;
export const CALLS_AGAIN = 1;
export const GIVES_A_SET = 2;
export const EXTERNS: readonly Extern[] = [LENDING, CALLING, GIVING];

/** What the host calls: the first begins a frame, the second is also called in the middle of one. */
export const EXPORTS = ['main', 'again'] as const;
