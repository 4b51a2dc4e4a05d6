/**
 * What finds each fault of `scripting/heap/fault.ts` soonest, recorded: the named sequence, or the seed whose first generated program does. A
 * fault that is not here yet is looked for by all there is, as each is in a long run.
 */
export const FOUND_BY: Readonly<Record<string, string | number>> = {
  FAULT_SNAPSHOT: 'an object in a vector that is cleared while a cycle marks',
  FAULT_BORN_MARKED: 'an object promoted while a cycle marks, in a block of its own',
  FAULT_BORN_SWEPT:
    'weak references to one object are cleared all or not at all, whenever a young collection gives up',
  FAULT_HOLES: 'the blocks that a young collection has not come to when it gives up become old',
  FAULT_KEPT: 'the blocks that a young collection has not come to when it gives up become old',
  FAULT_REMEMBER: 'an aged object in a block that a cycle sweeps',
  FAULT_CLEAN: 'a buffer that is filled by a function whose callback collects',
  FAULT_BULK: 'an object in a vector that is cleared while a cycle marks',
  FAULT_UPGRADE: 'an object that only a weak reference leads to is upgraded while a cycle marks',
  FAULT_DOOMED: 'a weak reference to what is doomed is upgraded between marking and clearing',
  FAULT_CLEAR:
    'weak references to one object are cleared all or not at all, whenever a young collection gives up',
  FAULT_DROPS: 'what weak references, drop records and proxies lead to moves, and so do they',
  FAULT_PROXY_TOLD: 'a proxy that dies gives its index back once, and not before',
  FAULT_PROXY_LOST: 'a proxy that dies gives its index back once, and not before',
  FAULT_PROXY_QUEUE: 'what weak references, drop records and proxies lead to moves, and so do they',
  FAULT_AGED_EDGE: 'an object promoted while a cycle marks, in a block of its own',
  FAULT_AGED_PROMOTED: 'a young object held only by one that was promoted beside it',
  FAULT_AGED_START: 'a snapshot that begins while an object has been stored into and nothing is young',
  FAULT_AGED_SWEEP: 'an object in a vector that is cleared while a cycle marks',
  FAULT_AGED_LINES: 'a young object held only by one that was promoted beside it',
  FAULT_MOVE_RANGES: 'an object that a global holds moves',
  FAULT_MOVE_HANDLES: 'an object that a handle holds moves',
  FAULT_MOVE_ARENA: "an object moves that only the frame's arena holds",
  FAULT_MOVE_FIELDS: "an object moves that only the frame's arena holds",
  FAULT_MOVE_ELEMENTS: 'the elements of a vector move with it',
  FAULT_MOVE_LARGE: 'the elements of a large vector move',
  FAULT_MOVE_STATES: 'a store into an object that has moved',
  FAULT_MOVE_ENTER: 'a script is entered while objects move',
  FAULT_MOVE_INEXACT: 'blocks are promoted as they stand before objects move',
  FAULT_MOVE_REFERENCES: 'what weak references, drop records and proxies lead to moves, and so do they',
  FAULT_CARD: 'a young object stored into a long vector, card by card',
  FAULT_CARD_SNAPSHOT: 'the only address of an object moves out of a card that is not marked yet',
  FAULT_CARD_AGED: 'a young object stored into a long vector, card by card',
  FAULT_PROMOTING: 'a script is entered while objects move',
  FAULT_HANDLE_CARD: 'a weak reference to what is doomed is upgraded between marking and clearing',
  FAULT_AHEAD: 'a snapshot that begins while an object has been stored into and nothing is young',
  FAULT_LOGGED:
    'an edge lost while a cycle marks, of an object logged by the cycle before in a block that it kept',
  FAULT_ASIDE: 'an aged object in a block that a cycle sweeps',
  FAULT_AHEAD_STALE:
    'an object stored into before a cycle, when objects move or die before that cycle begins',
  FAULT_STAYS_START: 'a snapshot that begins while an object has been stored into and nothing is young',
  FAULT_STAYS_SWEEP: 'a snapshot that begins while an object has been stored into and nothing is young',
  FAULT_ASKED: 'a collection that a script asked for, when the host gives up one of its own',
  FAULT_TEXT_PLACE: 'a text where another lay in an arena that ended',
  FAULT_TRACE_PROMOTING: 'the blocks that a young collection has not come to when it gives up become old',
  FAULT_TRACE_FLOOR:
    'objects that became old beside aged ones, and more than the remembered set has room for',
  FAULT_TRACE_OVERFLOW:
    'a young collection beside a cycle for which the mark stack was too small, after so many slices, gives up',
  FAULT_TRACE_ENTER: 'the blocks that a young collection has not come to when it gives up become old',
  FAULT_TRACE_REMEMBERED: 'a young collection gives up among the cards of a long vector',
  FAULT_TRACE_BLOCKS:
    'a young collection gives up before it frees a large object, which a cycle then finds when its mark stack was too small',
  FAULT_TRACE_LARGE:
    'a young collection gives up before it frees a large object, which a cycle then finds when its mark stack was too small',
  FAULT_TRACE_MARKED:
    'objects that a young collection has not come to when it gives up are collected with all others',
  FAULT_TRACE_CLEAR:
    'weak references to one object are cleared all or not at all, whenever a young collection gives up',
  FAULT_HOLE_FIT: 22,
  FAULT_HOLE_COUNT: 34,
  FAULT_HOLE_LINES: 'a young object held only by one that was promoted beside it',
  FAULT_HOLE_YOUNG:
    'an edge lost while a cycle marks, of an object logged by the cycle before in a block that it kept',
  FAULT_HANDLE_FREED: 'a handle that is freed before a cycle has come to it',
  FAULT_GLOBALS_LATE: 'an object in a hole that was there when a cycle began to sweep',
  FAULT_GLOBALS_EARLY: 'the only address of an unmarked object moves to a marked one while a cycle marks',
  FAULT_QUEUE_TAKEN: 'what waits for the host is taken before a cycle has come to it',
  FAULT_QUEUE_TRACED: 'what waits for the host is taken while a young collection goes through it',
  FAULT_LOST_TRACED: 'young objects in more old ones than the remembered set has room for',
  FAULT_LOST_CLEAN: 'young objects in more old ones than the remembered set has room for',
  FAULT_LOST_ROOM: 'stores between two slices in which all becomes clean',
  FAULT_LOST_CARDS: 'young objects in more large old ones than the remembered set has room for',
};
