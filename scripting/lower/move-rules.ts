/** The rules by which values that own something are moved, by names that a test can switch them off by. */
export const RULES = {
  used: 'what was moved is not used after that',
  joined: 'what one of two ways moves is moved after both',
  'moved-in-loop': 'what stands outside of a loop is not moved by a round that another may follow',
  'moved-while-lent': 'what is lent to a call is not moved, set or dropped by a later argument of it',
  'moved-while-matched': 'what a `match` takes apart is not moved or set by its arms but through their names',
  place: 'what an object, a global or a collection holds is lent, not moved, where it is read',
  borrowed: 'a name for what is lent does not move it',
  captured: 'a function moves nothing out of what it has captured, as it may run twice',
  capture: 'what a function captures that may be kept is moved into it',
  'lent-kept':
    'what is lent is not kept: not in a field, a collection, a global, a name, or a function that is',
  'lent-returned': 'what is lent is not returned',
  fresh: 'what becomes owned is new',
  shared: 'what shares its structure, or is copied, owns nothing',
  update: 'a copy of a struct does not own what the struct owns',
  'drop-called': 'drop code runs when its owner drops what it owns, and is called by nothing else',
} as const;

export type MoveRule = keyof typeof RULES;

/** And those by which uses of what is shared make one more share. */
export const RETAINING = {
  used: 'a use that another may follow retains',
  'in-loop': 'so does one that the next round of a loop may follow',
  'while-lent': 'and one that follows a loan to the same call',
  'while-matched': 'and one of what a `match` takes apart',
  place: 'and what is read of an object, a global or a collection',
  borrowed: 'and a use of a name for what is lent',
  captured: 'and of one that a function has captured',
  copied: 'a copy of a struct has shares of its own',
} as const;

export type RetainRule = keyof typeof RETAINING;
