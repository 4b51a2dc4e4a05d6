/**
 * Rules of the barrier, of collections and of moving that a test build can switch off, one at a time, to show that the
 * tests would notice (`test/heap/faulty-heap.ts` puts another number in the place of this 0). In every other build the
 * compiler drops what asks for it.
 */

/** The rule that is broken on purpose. */
export const FAULT: u32 = 0;

export const FAULT_SNAPSHOT: u32 = 1; // the barrier does not shade what it is about to lose
export const FAULT_BORN_MARKED: u32 = 2; // survivors are not marked while a cycle marks
export const FAULT_BORN_SWEPT: u32 = 3; // blocks taken while a cycle sweeps do not carry its number
export const FAULT_HOLES: u32 = 4; // holes of unswept blocks are filled while a cycle sweeps
export const FAULT_KEPT: u32 = 5; // blocks promoted as they stand while a cycle marks are swept by it
export const FAULT_REMEMBER: u32 = 6; // what the barrier is told is not remembered
export const FAULT_CLEAN: u32 = 7; // remembered objects do not become clean again
export const FAULT_BULK: u32 = 8; // copying and growing vectors pass no barrier
export const FAULT_UPGRADE: u32 = 30; // upgrading a weak reference while a cycle marks does not shade what it returns
export const FAULT_DOOMED: u32 = 31; // upgrading returns what is doomed between marking and clearing
export const FAULT_CLEAR: u32 = 32; // weak references to what died are not cleared
export const FAULT_DROPS: u32 = 33; // what drops will need is not marked before sweeping
export const FAULT_PROXY_TOLD: u32 = 35; // proxies that are reached are told to be dead
export const FAULT_PROXY_LOST: u32 = 36; // the death of proxies is not told
export const FAULT_PROXY_QUEUE: u32 = 37; // dead proxies are not kept until the host has heard of them
export const FAULT_AGED_EDGE: u32 = 20; // remembered objects that hold aged ones become clean
export const FAULT_AGED_PROMOTED: u32 = 21; // promoted objects that hold aged ones are not remembered
export const FAULT_AGED_START: u32 = 22; // a cycle begins beside aged objects
export const FAULT_AGED_SWEEP: u32 = 23; // a cycle begins to sweep beside aged objects
export const FAULT_AGED_LINES: u32 = 24; // lines with aged objects are not young
export const FAULT_MOVE_RANGES: u32 = 41; // globals keep the addresses of what was moved
export const FAULT_MOVE_HANDLES: u32 = 42; // handles keep the addresses of what was moved
export const FAULT_MOVE_ARENA: u32 = 43; // objects of the frame's arena keep the addresses of what was moved
export const FAULT_MOVE_FIELDS: u32 = 44; // fields keep the addresses of what was moved
export const FAULT_MOVE_ELEMENTS: u32 = 45; // elements keep the addresses of what was moved
export const FAULT_MOVE_LARGE: u32 = 46; // large objects keep the addresses of what was moved
export const FAULT_MOVE_STATES: u32 = 47; // moved objects are not clean
export const FAULT_MOVE_ENTER: u32 = 49; // scripts are entered while objects are moving
export const FAULT_MOVE_INEXACT: u32 = 50; // objects move although states do not tell where they begin
export const FAULT_MOVE_REFERENCES: u32 = 51; // references keep the addresses of what was moved
export const FAULT_CARD: u32 = 25; // a store into a large object is not remembered
export const FAULT_CARD_SNAPSHOT: u32 = 26; // a card does not shade what it is about to lose
export const FAULT_CARD_AGED: u32 = 27; // cards that hold aged objects become clean
export const FAULT_PROMOTING: u32 = 28; // what becomes old in slices is taken for old before it is
export const FAULT_HANDLE_CARD: u32 = 29; // young collections do not hear of new handles
export const FAULT_AHEAD: u32 = 52; // what is logged ahead is not shaded
export const FAULT_LOGGED: u32 = 53; // blocks that a cycle kept are taken for logged by the next
export const FAULT_ASIDE: u32 = 54; // blocks that were left aside are not counted any less when they are refilled
export const FAULT_AHEAD_STALE: u32 = 55; // what was to be logged ahead is not forgotten when it is freed or moves
export const FAULT_STAYS_START: u32 = 70; // a cycle begins beside objects that stay remembered
export const FAULT_STAYS_SWEEP: u32 = 71; // a cycle begins to sweep beside objects that stay remembered
export const FAULT_ASKED: u32 = 56; // a host that gives up what it forced gives up what a script has asked for
export const FAULT_TEXT_PLACE: u32 = 57; // where a string was read last is not forgotten when it is freed or moves
export const FAULT_TRACE_PROMOTING: u32 = 58; // a young collection that gives up is taken for one that is over
export const FAULT_TRACE_FLOOR: u32 = 59; // one that gives up leaves what it has on the mark stack, and the cycle's part below
export const FAULT_TRACE_OVERFLOW: u32 = 60; // one that interrupts a cycle forgets that the mark stack was too small for that
export const FAULT_TRACE_ENTER: u32 = 61; // a script runs between two portions of a young collection
export const FAULT_TRACE_REMEMBERED: u32 = 62; // one that gives up forgets the remembered objects that it did not come to
export const FAULT_TRACE_BLOCKS: u32 = 63; // one that gives up forgets the young blocks that it did not come to
export const FAULT_TRACE_LARGE: u32 = 72; // one that gives up leaves dead large objects to become old
export const FAULT_TRACE_MARKED: u32 = 64; // what one has reached that gave up counts as marked for a full collection
export const FAULT_TRACE_CLEAR: u32 = 65; // one that gives up leaves some of the weak references to what died as they are
export const FAULT_HOLE_FIT: u32 = 73; // a longer object goes to the first hole of a block that has a long one
export const FAULT_HOLE_COUNT: u32 = 74; // a block whose long hole was handed out is taken to have it still
export const FAULT_HOLE_LINES: u32 = 75; // lines that were handed out count as free
export const FAULT_HOLE_YOUNG: u32 = 76; // lines of a hole that was handed out are not young
export const FAULT_GLOBALS_LATE: u32 = 81; // a cycle shades what globals hold when it comes to them
export const FAULT_GLOBALS_EARLY: u32 = 82; // a cycle has marked all before it has come to all roots that it began with
export const FAULT_QUEUE_TAKEN: u32 = 83; // what the host takes from a queue while a cycle marks is not shaded
export const FAULT_QUEUE_TRACED: u32 = 84; // the host takes from a queue that a young collection is in the midst of
export const FAULT_LOST_TRACED: u32 = 77; // a young collection traces although the remembered set lacks objects
export const FAULT_LOST_CLEAN: u32 = 78; // objects that the remembered set has no room for do not become clean
export const FAULT_LOST_ROOM: u32 = 79; // one for which there is no room while all becomes clean is not clean
export const FAULT_LOST_CARDS: u32 = 80; // cards that the remembered set has no room for do not become clean
export const FAULT_HANDLE_FREED: u32 = 34; // what a handle held that is freed while a cycle marks is not shaded
