/**
 * The heap's private cells: words in low memory that stand where another program would have global variables. State
 * in memory, not in WebAssembly globals, lets the same module be instantiated again over the same memory, and lets a
 * second module be merged with it without a word about initialisation order.
 *
 *     0x200  blocks        how many there are, how many may be, where the search for a free one starts
 *     0x20c  object space  the blocks with holes, the hole being filled, the block for what fits no hole
 *     0x228  collector     when to collect next, and the mark stack's bounds
 *     0x240  arena space   blocks and runs kept for the next arena
 *     0x248  tables        handles, root ranges, the text buffer
 *     0x2d0  collector     the cycle, the nursery, the remembered set
 *     0x308  references    weak references, drop records, proxies
 *     0x380  moving        the move phase and the forced collection in progress
 *     0x3e0  queues        dead objects and proxies that wait for the host
 */

/** How many blocks there are: index of the first one behind the last. Memory beyond is not the heap's (yet). */
export const BLOCKS_END = 0x200;
/** The hard limit in blocks. The fixed areas below FIRST_BLOCK count. */
export const BLOCKS_LIMIT = 0x204;
/** No block with a lower index is free. */
export const FREE_HINT = 0x208;

/** First and last of the swept blocks with holes that wait for their turn. */
export const RECYCLE_FIRST = 0x20c;
export const RECYCLE_LAST = 0x210;
/** The block whose holes are being filled, or 0, and the line where the search for its next hole goes on. */
export const RECYCLE_BLOCK = 0x214;
export const RECYCLE_LINE = 0x218;
/** Window of the block that takes medium objects which fit no hole; 0 and 0 where there is none. */
export const OVERFLOW_TOP = 0x21c;
export const OVERFLOW_LIMIT = 0x220;
/** Where in the heap's window the bytes begin that are not yet in the statistics. */
export const WINDOW_COUNTED = 0x224;

/** Not 0 when somebody asked for a full collection in the next gap. */
export const REQUESTED = 0x22c;
export const MARK_BASE = 0x230;
export const MARK_TOP = 0x234;
export const MARK_LIMIT = 0x238;
/** Not 0 when an object was marked that found no place on the mark stack. */
export const MARK_OVERFLOWED = 0x23c;

/** Blocks of ended arenas, kept for the next: a list through the headers. */
export const POOL = 0x240;
/** Runs of ended arenas that held one large object each, not yet sorted into RUN_BINS. */
export const POOL_RUNS = 0x244;
/** Such runs by the logarithm of their length: 17 lists. */
export const RUN_BINS = 0x280;
export const RUN_BIN_COUNT = 17;

/** The newest handle table, the first free handle cell (tagged), and the stretch of cells never used. */
export const HANDLE_TABLES = 0x248;
export const HANDLE_FREE = 0x24c;
/** The newest table of root ranges. */
export const ROOT_TABLES = 0x250;

/** The text buffer: where it begins, its bytes, and how many of them are written. */
export const TEXT_BASE = 0x254;
export const TEXT_CAPACITY = 0x258;
export const TEXT_LENGTH = 0x25c;

/** The power of ten that belongs to the digits of the last float taken apart for printing. */
export const DECIMAL_EXPONENT = 0x260;

/** Old bytes (STATS_LIVE_BYTES) at which the next cycle starts. */
export const CYCLE_TRIGGER = 0x2d0;
/** Number of the cycle in progress or, between cycles, of the last one. Blocks taken while it sweeps carry it. */
export const CYCLE = 0x2d4;
/** Index of the block that sweeping goes on with, and the live bytes it has found so far. */
export const SWEEP_NEXT = 0x2d8;
export const SWEPT_BYTES = 0x2dc;
/** What tracing does with an address it finds: a TRACE_ number of `mark.ts`. */
export const TRACE = 0x2e0;
/** Bytes of the mark stack that belong to a cycle which a young collection has interrupted. */
export const MARK_FLOOR = 0x2e4;
/** First of the blocks with young lines, and of the young large objects' blocks. */
export const YOUNG_BLOCKS = 0x2e8;
export const YOUNG_LARGE = 0x2ec;
/** The remembered set: where its table begins, ends, and is full; 0 while there is none. */
export const REMEMBERED_BASE = 0x2f0;
export const REMEMBERED_TOP = 0x2f4;
export const REMEMBERED_LIMIT = 0x2f8;
/** Not 0 when a remembered object found no place in the table: the next young collection must be a full one. */
export const REMEMBERED_LOST = 0x2fc;
/** Live bytes when sweeping began. */
export const LIVE_BEFORE = 0x304;
/** Counts collections under STRESS_COLLECT, where full and young ones take turns. */
export const STRESS_TURN = 0x300;

/**
 * References by kind (`trace/reference.ts`), three words each: those that the next young collection looks at; first and last of
 * those that became old since the last cycle began; and the others.
 */
export const WEAK_YOUNG = 0x308;
export const WEAK_NEW = 0x30c;
export const WEAK_OLD = 0x314;
export const DROP_YOUNG = 0x318;
export const DROP_NEW = 0x31c;
export const DROP_OLD = 0x324;
export const PROXY_YOUNG = 0x328;
export const PROXY_NEW = 0x32c;
export const PROXY_OLD = 0x334;
/** How far a cycle's weak phase is: its step, and the link that the step goes on with (`weak-phase.ts`). */
export const WEAK_STEP = 0x338;
export const WEAK_LINK = 0x33c;
/** Not 0 while the young collection in progress lets survivors age instead of promoting them. */
export const AGEING = 0x340;
/** Young collections left that promote at once, since too few of those that aged died; see `young.ts`. */
export const AGEING_REST = 0x344;
/** Bytes that the young collection in progress has promoted. */
export const PROMOTED_BYTES = 0x348;
/** Lines that the young collection in progress has made old. */
export const PROMOTED_LINES = 0x34c;
/** Bytes of such lines that no promoted object takes, since the last cycle: they count towards the next. */
export const PROMOTED_SLACK = 0x350;
/** Not 0 while the nursery becomes old as it stands, in slices: clean objects may hold young ones meanwhile. */
export const PROMOTING = 0x358;
/** Where recovery from an overflow of the mark stack goes on: a block, plus the number of a granule; 0 where there is none. */
export const RECOVER_NEXT = 0x35c;
/** The handle table that the cycle in progress has to go through next, or 0. */
export const MARK_HANDLES = 0x360;
/** Bytes that the remembered set has a young collection go through: whole objects, and cards of large ones. */
export const REMEMBERED_BYTES = 0x364;
/** Entries that the remembered set had when no cycle was in progress: the next cycle logs them ahead, from the first to the second. */
export const AHEAD_NEXT = 0x368;
export const AHEAD_END = 0x36c;
/** Bytes of the holes in blocks that are left aside (`spaces/recycling.ts`), and the most that may be. */
export const ASIDE_BYTES = 0x370;
export const ASIDE_LIMIT = 0x374;
/** Not 0 while a young collection in mid-run may leave blocks aside. */
export const LEAVING = 0x378;
/** Number of the list of blocks with holes: a block that carries it is in the list. Its complement: is left aside. */
export const RECYCLE_NUMBER = 0x354;
/** Not 0 when blocks became old as they stood since the last cycle began: their states do not tell where objects begin. */
export const INEXACT = 0x380;
/** The move phase (`move.ts`): its kind, its step, the block it goes on with, and where in a large object. */
export const MOVE_KIND = 0x384;
export const MOVE_STEP = 0x388;
export const MOVE_NEXT = 0x38c;
export const MOVE_INDEX = 0x390;
/** Index of the first block that nothing moves to. */
export const MOVE_FLOOR = 0x394;
/** The run that a large object is being copied to, or 0. */
export const MOVE_TARGET = 0x398;
/** The handle table that is next to be brought up to date. */
export const MOVE_TABLE = 0x39c;
/** Where moved objects go: two windows (`evacuate.ts`). */
export const EVACUATE_SMALL = 0x3a0;
export const EVACUATE_BIG = 0x3b0;
/** The forced collection in progress (`forced.ts`): FORCE_ bits, work of its cycle, rounds of moving, and the end then. */
export const FORCED_WISHES = 0x3c4;
export const FORCED_WORK = 0x3c8;
export const FORCED_ROUNDS = 0x3cc;
export const FORCED_END = 0x3d0;

/** Queues, first and last: records that a cycle found, or a young collection, and what waits for the host. */
export const DROPS_FOUND = 0x3e0;
export const DROPS_FOUND_YOUNG = 0x3e8;
export const DROPS_READY = 0x3f0;
export const PROXIES_DEAD = 0x3f8;

/** The verifier's tables, while it runs: see `verify/verify-visiting.ts`. */
export const VERIFY_LINKS = 0x264;
export const VERIFY_OCCUPIED = 0x268;
export const VERIFY_RANKS = 0x26c;
export const VERIFY_QUEUE = 0x270;
