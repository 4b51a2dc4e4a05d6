/**
 * The heap's private cells: words in low memory that stand where another program would have global variables. State
 * in memory, not in WebAssembly globals, lets the same module be instantiated again over the same memory, and lets a
 * second module be merged with it without a word about initialisation order.
 *
 * The class below is the map: its fields lie in memory from CELLS on as they stand here, without a gap between them.
 */

/** Where the cells begin. */
export const CELLS: usize = 0x1f0;

@unmanaged
export class Cells {
  // ---------------------------------------------------------------------------------------------- blocks

  /** How many blocks there are: index of the first one after the last. Memory beyond is not the heap's (yet). */
  blocksEnd: u32;
  /** The hard limit in blocks. The fixed areas below FIRST_BLOCK count. */
  blocksLimit: u32;
  /** No block with a lower index is free. */
  freeHint: u32;

  // ---------------------------------------------------------------------------------------------- object space

  /** First and last of the swept blocks with holes that wait for their turn. */
  recycleFirst: usize;
  recycleLast: usize;
  /** The block whose holes are being filled, or 0, and the line where the search for its next hole goes on. */
  recycleBlock: usize;
  recycleLine: u32;
  /** Window of the block that takes medium objects which fit no hole; 0 and 0 where there is none. */
  overflowTop: usize;
  overflowLimit: usize;
  /** Where in the heap's window the bytes begin that are not yet in the statistics. */
  windowCounted: usize;

  // ---------------------------------------------------------------------------------------------- requests, mark stack

  /** Not 0 when somebody asked for a full collection in the next gap. */
  requested: u32;
  /** The mark stack: where it begins, ends, and is full. */
  markBase: usize;
  markTop: usize;
  markLimit: usize;
  /** Not 0 when an object was marked that found no place on the mark stack. */
  markOverflowed: u32;

  // ---------------------------------------------------------------------------------------------- arenas and tables

  /** Blocks of ended arenas, kept for the next: a list through the headers. */
  pool: usize;
  /** Runs of ended arenas that held one large object each, not yet sorted into the bins. */
  poolRuns: usize;
  /** The newest handle table, and the first free handle cell (tagged). */
  handleTables: usize;
  handleFree: usize;
  /** The newest table of root ranges. */
  rootTables: usize;
  /** The text buffer: where it begins, its bytes, and how many of them are written. */
  textBase: usize;
  textCapacity: u32;
  textLength: u32;
  /** The power of ten that belongs to the digits of the last float taken apart for printing. */
  decimalExponent: i32;
  /** The verifier's tables, while it runs: see `verify/verify-visiting.ts`. */
  verifyLinks: usize;
  verifyOccupied: usize;
  verifyRanks: usize;
  /** The last object that the verifier is still to visit: each leads to the one before it. */
  verifyQueue: usize;
  /** Runs like those above by the logarithm of their length: RUN_BIN_COUNT lists, two to a field but for the last. */
  runBins: u64;
  runBins2: u64;
  runBins4: u64;
  runBins6: u64;
  runBins8: u64;
  runBins10: u64;
  runBins12: u64;
  runBins14: u64;
  runBins16: u32;

  // ---------------------------------------------------------------------------------------------- cycle and nursery

  /** Old bytes (`statistics.liveBytes`) at which the next cycle starts. */
  cycleTrigger: u32;
  /** Number of the cycle in progress or, between cycles, of the last one. Blocks taken while it sweeps carry it. */
  cycle: u32;
  /** Index of the block that sweeping goes on with, and the live bytes it has found so far. */
  sweepNext: u32;
  sweptBytes: u32;
  /** What tracing does with an address it finds: a TRACE_ number of `trace/mark.ts`. */
  trace: u32;
  /** Bytes of the mark stack that belong to a cycle which a young collection has interrupted. */
  markFloor: u32;
  /** First of the blocks with young lines, and of the young large objects' blocks. */
  youngBlocks: usize;
  youngLarge: usize;
  /** The remembered set: where its table begins, ends, and is full; 0 while there is none. */
  rememberedBase: usize;
  rememberedTop: usize;
  rememberedLimit: usize;
  /** Not 0 when a remembered object found no place in the table: all that is old must be made clean before anything is traced. */
  rememberedLost: u32;
  /** Counts collections under STRESS_COLLECT, where full and young ones take turns. */
  stressTurn: u32;
  /** Live bytes when sweeping began. */
  liveBefore: u32;

  // ---------------------------------------------------------------------------------------------- references

  /**
   * References by kind (`trace/reference.ts`): those that the next young collection looks at; a queue, first and last, of
   * those that became old since the last cycle began; and the others.
   */
  weakYoung: usize;
  weakNew: usize;
  weakNewLast: usize;
  weakOld: usize;
  dropYoung: usize;
  dropNew: usize;
  dropNewLast: usize;
  dropOld: usize;
  proxyYoung: usize;
  proxyNew: usize;
  proxyNewLast: usize;
  proxyOld: usize;
  /** How far a cycle's weak phase is: its step, and the link that the step goes on with (`trace/weak-phase.ts`). */
  weakStep: u32;
  weakLink: usize;

  // ---------------------------------------------------------------------------------------------- young collections

  /** Not 0 while the young collection in progress lets survivors age instead of promoting them. */
  ageing: u32;
  /** Young collections left that promote at once, since too few of those that aged died; see `collect/young.ts`. */
  ageingRest: u32;
  /** Bytes that the young collection in progress has promoted. */
  promotedBytes: u32;
  /** Lines that the young collection in progress has made old. */
  promotedLines: u32;
  /** Bytes of such lines that no promoted object takes, since the last cycle: they count towards the next. */
  promotedSlack: u32;
  /** Number of the list of blocks with holes: a block that carries it is in the list. Its complement: is left aside. */
  recycleNumber: u32;
  /** Not 0 while the nursery becomes old as it stands, in slices: clean objects may hold young ones meanwhile. */
  promoting: u32;
  /** Where recovery from an overflow of the mark stack goes on: a block, plus a granule's number; 0 where there is none. */
  recoverNext: usize;
  /** The handle table that the cycle in progress has to go through next, or 0. */
  markHandles: usize;
  /** Bytes that the remembered set has a young collection go through: whole objects, and cards of large ones. */
  rememberedBytes: u32;
  /** What was remembered before the last young collection beside no cycle, from the first entry to the second: for `logAhead`. */
  aheadNext: usize;
  aheadEnd: usize;
  /** Bytes of the holes in blocks that are left aside (`spaces/recycling.ts`), and the most that may be. */
  asideBytes: u32;
  asideLimit: u32;
  /** Not 0 while a young collection in mid-run may leave blocks aside. */
  leaving: u32;
  /**
   * How far a young collection that traces is (`collect/young-trace.ts`): the table, list or link that its step goes on with, an
   * index there, and one in what that leads to.
   */
  traceAt: usize;
  traceIndex: u32;
  traceInner: u32;
  /** Of the remembered entries that it goes through: how many there are, and how many of those before `traceIndex` stay. */
  traceCount: u32;
  traceKept: u32;
  /** Bytes that had aged when it began; what `markOverflowed` was for the cycle that it interrupts. */
  traceAged: u32;
  cycleOverflowed: u32;
  /** The first of the blocks with young lines that it is still to reclaim. */
  reclaimNext: usize;
  /** Whether what is remembered stays so where it held something young; and whether tracing has come to that since this was set to 0. */
  staying: u32;
  reachedYoung: u32;

  // ---------------------------------------------------------------------------------------------- a cycle's roots

  /** How many cells all root ranges have. */
  rootCells: u32;
  /** What of the roots that the cycle in progress began with is still to be shaded (`collect/snapshot.ts`): each 0 where nothing is. */
  snapshotDrop: usize;
  snapshotProxy: usize;
  /** The copy of the globals, and from where to where of it. */
  snapshotGlobals: usize;
  snapshotNext: usize;
  snapshotEnd: usize;

  // ---------------------------------------------------------------------------------------------- moving

  /** Not 0 when blocks became old as they stood since the last cycle began: their states do not tell where objects begin. */
  inexact: u32;
  /** The move phase (`moving/move.ts`): its kind, its step, the block it goes on with, and where in a large object. */
  moveKind: u32;
  moveStep: u32;
  moveNext: u32;
  moveIndex: u32;
  /** Index of the first block that nothing moves to. */
  moveFloor: u32;
  /** The run that a large object is being copied to, or 0. */
  moveTarget: usize;
  /** The handle table that is next to be brought up to date. */
  moveTable: usize;
  /** Where moved objects go: two windows, four words each (`moving/evacuate.ts`). */
  evacuateSmall: u64;
  evacuateSmallRest: u64;
  evacuateBig: u64;
  evacuateBigRest: u64;
  /** Index of the block that is next to be made clean, since remembered objects found no place; 0 when none is. */
  cleanNext: u32;
  /** The forced collection in progress (`collect/forced.ts`): FORCE_ bits, work of its cycle, rounds of moving, the end then. */
  forcedWishes: u32;
  forcedWork: u32;
  forcedRounds: u32;
  forcedEnd: u32;

  // ---------------------------------------------------------------------------------------------- text

  /** Where a string was read last (`spaces/text-place.ts`): the string or 0, then an index and a byte. */
  textPlace: usize;
  textPlaceIndex: u32;
  textPlaceByte: u32;

  // ---------------------------------------------------------------------------------------------- queues

  /** Queues, first and last: records that a cycle found, or a young collection, and what waits for the host. */
  dropsFound: usize;
  dropsFoundLast: usize;
  dropsFoundYoung: usize;
  dropsFoundYoungLast: usize;
  dropsReady: usize;
  dropsReadyLast: usize;
  proxiesDead: usize;
  proxiesDeadLast: usize;
}

export const cells = changetype<Cells>(CELLS);

/** How many lists of runs there are. */
export const RUN_BIN_COUNT = 17;

// Cells that are handed on by their address: first words of lists, queues and windows.
export const POOL: usize = CELLS + offsetof<Cells>('pool');
export const POOL_RUNS: usize = CELLS + offsetof<Cells>('poolRuns');
export const RUN_BINS: usize = CELLS + offsetof<Cells>('runBins');
export const YOUNG_BLOCKS: usize = CELLS + offsetof<Cells>('youngBlocks');
export const YOUNG_LARGE: usize = CELLS + offsetof<Cells>('youngLarge');
export const WEAK_YOUNG: usize = CELLS + offsetof<Cells>('weakYoung');
export const WEAK_NEW: usize = CELLS + offsetof<Cells>('weakNew');
export const WEAK_OLD: usize = CELLS + offsetof<Cells>('weakOld');
export const DROP_YOUNG: usize = CELLS + offsetof<Cells>('dropYoung');
export const DROP_NEW: usize = CELLS + offsetof<Cells>('dropNew');
export const DROP_OLD: usize = CELLS + offsetof<Cells>('dropOld');
export const PROXY_YOUNG: usize = CELLS + offsetof<Cells>('proxyYoung');
export const PROXY_NEW: usize = CELLS + offsetof<Cells>('proxyNew');
export const PROXY_OLD: usize = CELLS + offsetof<Cells>('proxyOld');
export const EVACUATE_SMALL: usize = CELLS + offsetof<Cells>('evacuateSmall');
export const EVACUATE_BIG: usize = CELLS + offsetof<Cells>('evacuateBig');
export const DROPS_FOUND: usize = CELLS + offsetof<Cells>('dropsFound');
export const DROPS_FOUND_YOUNG: usize = CELLS + offsetof<Cells>('dropsFoundYoung');
export const DROPS_READY: usize = CELLS + offsetof<Cells>('dropsReady');
export const PROXIES_DEAD: usize = CELLS + offsetof<Cells>('proxiesDead');
export const TEXT_PLACE: usize = CELLS + offsetof<Cells>('textPlace');

// And those that the verifier names.
export const RECYCLE_FIRST: usize = CELLS + offsetof<Cells>('recycleFirst');
export const RECYCLE_BLOCK: usize = CELLS + offsetof<Cells>('recycleBlock');
export const OVERFLOW_TOP: usize = CELLS + offsetof<Cells>('overflowTop');
export const REMEMBERED_BYTES: usize = CELLS + offsetof<Cells>('rememberedBytes');
export const MARK_FLOOR: usize = CELLS + offsetof<Cells>('markFloor');
export const AHEAD_NEXT: usize = CELLS + offsetof<Cells>('aheadNext');
export const ASIDE_BYTES: usize = CELLS + offsetof<Cells>('asideBytes');
