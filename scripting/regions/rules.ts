/**
 * The rules of the proof, by name. A test switches one off at a time: then the search for a program that is accepted and
 * lets something out must find one. A rule without which nothing is found would be no part of the proof, or the search
 * would not look where it matters.
 */
export const RULES = {
  field: 'what is set in a field may be there',
  element: 'what is set in an element may be there',
  birth: 'what an object is made with, and a closure has captured, may be in it',
  global: 'what is set in a global is in the heap',
  frame: 'what lives in the frame is not held by what was made elsewhere',
  'frame-global': 'what is set in a global of the frame must live as long',
  older: 'what is read from a global of the frame may be older, if something older is stored there',
  framed: 'what a thing from a global of the frame leads to may be older',
  'frame-made': 'what a thing was made with may be there when a global of the frame leads to it',
  'frame-unknown':
    'what is put into a thing of the frame whose type is not known may be in any that is found there',
  local: 'what a block holds is not in a name that is used outside of it',
  result: 'what a block holds is not returned, and what the frame holds not given to the host',
  'carried-store': 'what a called function stores is stored by the call',
  'carried-result': 'what a called function returns is given by the call',
  candidates: 'a function value of which nothing is known may be any function',
  deferred: 'a call of a function value that was a parameter is carried out by the callers',
  'own-blocks': 'a call that is given what a block holds is not left to the callers',
  lent: 'a function that is lent to the host is called by it',
  'put-together': 'what the host returns is put together by functions of the program, where the call stands',
  shared: 'what others put into an object that they know too may be there',
  'shared-frame': 'an object that a global of the frame leads to may hold whatever may be in the frame',
  copies: 'a copy holds copies of what its original holds, or the same',
  'copied-together': 'addresses that are copied together share what they shared',
  'copied-buffers': 'a copy of a growable has copies of its elements',
  'given-copies': 'what a function was given may live in the frame, and be copied out of it',
  'perhaps-same': 'a copy out of the frame that is made inside the frame is the thing itself',
  outside: '`outside` leads to the region from which the arena was opened',
  within: 'allocation goes to the region that is named',
  weak: 'a weak reference leads to nothing that an arena holds',
  rope: 'the elements of a tree are those of its sides',
  table: 'the elements of a table lie in its chunks',
  placed: 'a program whose calls are given regions is proved too',
  restored: 'a call of what ends with another region goes on with the one it was in',
  'restored-values': 'and so does a call of a function value that may be such a function',
} as const;

export type Rule = keyof typeof RULES;

/** For tests: the proof without one of its rules accepts programs that let things out of arenas, and one may see it give up. */
export interface ProofOptions {
  readonly without?: Rule | undefined;
  /** Stores that a fixed point may look at; MOST_STORES where nothing is said. */
  readonly stores?: number;
}
