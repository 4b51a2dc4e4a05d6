/**
 * The verifier's second step: the block table, and everything that is said of blocks elsewhere. Between cycles
 * no state byte says MARKED.
 */
import {
  ASIDE_BYTES,
  cells,
  OVERFLOW_TOP,
  POOL,
  POOL_RUNS,
  RECYCLE_BLOCK,
  RECYCLE_FIRST,
  RUN_BIN_COUNT,
  RUN_BINS,
} from '../cells.ts';
import {
  BLOCK_ARENA,
  BLOCK_ARENA_REST,
  BLOCK_DATA,
  BLOCK_FREE,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_LARGE_REST,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_TABLE,
  BLOCK_WORK,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  LINE_SHIFT,
  LINE_SIZE,
  PHASE_IDLE,
  REGION_FRAME,
  REGION_HEAP,
  STATE_AGED,
  STATE_LOGGED,
  STATE_MARKED,
  STATS_ARENA_BYTES,
  STATS_BLOCKS_FREE,
  STATS_HOLE_BYTES,
  STATS_LARGE_BYTES,
  VERIFY_BLOCK_COUNT,
  VERIFY_BLOCK_KIND,
  VERIFY_BLOCK_LIST,
  VERIFY_STATE,
  VERIFY_WINDOW,
} from '../layout.ts';
import { shared, statistics } from '../shared-cells.ts';
import { BLOCK_LINES, BlockHeader } from '../spaces/block-header.ts';
import { RECORD_ARENA, RECORD_SIZE, UnwindRecord } from '../spaces/records.ts';
import {
  REGION_NEWEST,
  REGION_NEWEST_RUN,
  REGION_OLDEST,
  REGION_OLDEST_RUN,
  Region,
} from '../spaces/window.ts';
import { broken } from './verdict.ts';

/** A line's states are a byte for each of its granules: a word of eight. */
const LINE_STATES_SHIFT = LINE_SHIFT - GRANULE_SHIFT;
/** The mark bits of eight granules. */
const EACH: u64 = u64.MAX_VALUE / 0xff;
const MARKS: u64 = EACH * (STATE_MARKED | STATE_LOGGED);
/** A list that is longer than this many blocks goes in circles. */
const MOST_BLOCKS: u32 = 1 << 16;

export function verifyBlocks(): bool {
  return verifyTable() && verifyStates() && verifyHoles() && verifyHeapLists() && verifyArenaLists();
}

function entryOf(index: u32): u32 {
  return load<u8>(BLOCK_TABLE + (index as usize));
}

/** The kind of the block that `address` lies in, or of none for an address outside the heap's memory. */
function kindAt(address: usize): u32 {
  const index = (address >>> BLOCK_SHIFT) as u32;
  return index < cells.blocksEnd ? entryOf(index) : BLOCK_FREE;
}

function verifyTable(): bool {
  const end = cells.blocksEnd;
  let free: u32 = 0;
  let arena: u32 = 0;
  let large: u32 = 0;
  for (let index: u32 = FIRST_BLOCK; index < end; ) {
    const kind = entryOf(index);
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind > (BLOCK_WORK as u32)) return broken(VERIFY_BLOCK_KIND, block, kind);
    let count: u32 = 1;
    if (kind === BLOCK_LARGE || kind === BLOCK_ARENA) {
      count = BlockHeader.at(block).run;
      const rest = kind === BLOCK_LARGE ? BLOCK_LARGE_REST : BLOCK_ARENA_REST;
      if (count === 0 || count > end - index) return broken(VERIFY_BLOCK_KIND, block, count);
      for (let i: u32 = 1; i < count; i++) {
        if (entryOf(index + i) !== rest) return broken(VERIFY_BLOCK_KIND, block, i);
      }
    } else if (kind === BLOCK_LARGE_REST || kind === BLOCK_ARENA_REST) {
      return broken(VERIFY_BLOCK_KIND, block, kind);
    }
    if (kind === BLOCK_FREE) free++;
    else if (kind === BLOCK_ARENA) arena += count;
    else if (kind === BLOCK_LARGE) large += count;
    index += count;
  }
  if (free !== statistics.blocksFree) return broken(VERIFY_BLOCK_COUNT, STATS_BLOCKS_FREE, free);
  if (arena << BLOCK_SHIFT !== statistics.arenaBytes) {
    return broken(VERIFY_BLOCK_COUNT, STATS_ARENA_BYTES, arena);
  }
  if (large << BLOCK_SHIFT !== statistics.largeBytes) {
    return broken(VERIFY_BLOCK_COUNT, STATS_LARGE_BYTES, large);
  }
  return true;
}

/** Arena objects have no state, and nothing is marked between cycles. */
function verifyStates(): bool {
  const idle = statistics.phase === PHASE_IDLE;
  const traced = statistics.tracing !== 0 || cells.promoting !== 0;
  const end = cells.blocksEnd;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const kind = entryOf(index);
    if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE && kind !== BLOCK_ARENA) continue;
    const block = (index as usize) << BLOCK_SHIFT;
    // After a large object's own state lie its cards.
    const after = block + (kind === BLOCK_LARGE ? BLOCK_HEADER_SIZE + 8 : BLOCK_DATA);
    for (let states = block + BLOCK_HEADER_SIZE; states < after; states += 8) {
      const wrong = kind === BLOCK_ARENA ? u64.MAX_VALUE : idle ? MARKS : 0;
      const found = load<u64>(states);
      // What a young collection has reached that traces, or has given up.
      const reached = traced ? (found / STATE_AGED) & (EACH * STATE_MARKED) : 0;
      if (found & wrong & ~reached) return broken(VERIFY_STATE, block, states);
    }
  }
  return true;
}

/** How many of a block's lines are free. */
function freeLines(block: usize): u32 {
  let free: u32 = 0;
  for (let line: u32 = 0; line < (BLOCK_SIZE as u32) >>> LINE_SHIFT; line++) {
    if (!isUsed(block, line)) free++;
  }
  return free;
}

function isUsed(block: usize, line: u32): bool {
  return (load<u8>(block + (line >>> 3), BLOCK_LINES) & (1 << (line & 7))) !== 0;
}

/** A block's longest hole is as long as it is said to be, and no state is left of what lay in its holes. */
function verifyLongest(block: usize): bool {
  let longest: u32 = 0;
  let length: u32 = 0;
  for (let line: u32 = 0; line < (BLOCK_SIZE as u32) >>> LINE_SHIFT; line++) {
    length = isUsed(block, line) ? 0 : length + 1;
    longest = max(longest, length);
    const states = block + ((line as usize) << LINE_STATES_SHIFT);
    if (length !== 0 && load<u64>(states) !== 0) return broken(VERIFY_STATE, block, states);
  }
  const said = BlockHeader.at(block).longest;
  return longest === said || broken(VERIFY_BLOCK_COUNT, block, said);
}

/** Holes are counted in the blocks that are listed and in those that are left aside, and nowhere else. */
function verifyHoles(): bool {
  const number = cells.recycleNumber;
  const end = cells.blocksEnd;
  let listed: u32 = 0;
  let aside: u32 = 0;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    if (entryOf(index) !== BLOCK_OBJECTS) continue;
    const block = (index as usize) << BLOCK_SHIFT;
    const list = BlockHeader.at(block).listed;
    if (list !== number && list !== ~number) continue;
    const holes = BlockHeader.at(block).holes;
    if (holes !== freeLines(block) << LINE_SHIFT) return broken(VERIFY_BLOCK_COUNT, block, holes);
    if (!verifyLongest(block)) return false;
    if (list === number) listed += holes;
    else aside += holes;
  }
  if (aside !== cells.asideBytes) return broken(VERIFY_BLOCK_COUNT, ASIDE_BYTES, aside);
  const sound = listed + aside === statistics.holeBytes;
  return sound || broken(VERIFY_BLOCK_COUNT, STATS_HOLE_BYTES, listed + aside);
}

/** The blocks with holes, and the windows of the heap. */
function verifyHeapLists(): bool {
  let left = MOST_BLOCKS;
  let last: usize = 0;
  for (let block = cells.recycleFirst; block !== 0; block = BlockHeader.at(block).next) {
    if (kindAt(block) !== BLOCK_OBJECTS || (block & BLOCK_MASK) !== 0 || --left === 0) {
      return broken(VERIFY_BLOCK_LIST, RECYCLE_FIRST, block);
    }
    if (BlockHeader.at(block).listed !== cells.recycleNumber)
      return broken(VERIFY_BLOCK_LIST, RECYCLE_FIRST, block);
    last = block;
  }
  if (last !== cells.recycleLast) return broken(VERIFY_BLOCK_LIST, RECYCLE_FIRST, last);
  const recycled = cells.recycleBlock;
  if (recycled !== 0 && kindAt(recycled) !== BLOCK_OBJECTS)
    return broken(VERIFY_BLOCK_LIST, RECYCLE_BLOCK, recycled);
  return (
    verifyWindow(REGION_HEAP, Region.at(REGION_HEAP).top, Region.at(REGION_HEAP).limit) &&
    verifyWindow(OVERFLOW_TOP, cells.overflowTop, cells.overflowLimit)
  );
}

/** A window of the heap lies in one block of objects, or is empty. */
function verifyWindow(owner: usize, top: usize, limit: usize): bool {
  if (top === 0 && limit === 0) return true;
  const first = (limit - 1) & ~BLOCK_MASK;
  const sane = top <= limit && top >= first + BLOCK_DATA && kindAt(first) === BLOCK_OBJECTS;
  if (!sane) return broken(VERIFY_WINDOW, owner, top);
  for (let at = top; at < limit; at += LINE_SIZE) {
    if (!isUsed(first, ((at - first) >>> LINE_SHIFT) as u32)) return broken(VERIFY_WINDOW, owner, at);
  }
  return true;
}

/** Every arena block is in exactly one list: an open arena's, whose own it is, or one of those kept. */
function verifyArenaLists(): bool {
  if (!verifyArena(REGION_FRAME)) return false;
  let counted = blocksOf(REGION_FRAME);
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    if (UnwindRecord.at(record).kind !== RECORD_ARENA) continue;
    if (!verifyArena(record + RECORD_SIZE)) return false;
    counted += blocksOf(record + RECORD_SIZE);
  }
  counted += countList(POOL) + countList(POOL_RUNS);
  for (let bin = 0; bin < RUN_BIN_COUNT; bin++) counted += countList(RUN_BINS + (bin << 2));
  const sound = counted << BLOCK_SHIFT === statistics.arenaBytes;
  return sound || broken(VERIFY_BLOCK_LIST, POOL, counted);
}

function verifyArena(region: usize): bool {
  if (!verifyArenaList(region, REGION_NEWEST, REGION_OLDEST)) return false;
  if (!verifyArenaList(region, REGION_NEWEST_RUN, REGION_OLDEST_RUN)) return false;
  const current = Region.at(region).current;
  const top = Region.at(region).top;
  const limit = Region.at(region).limit;
  if (current === 0) return (top === 0 && limit === 0) || broken(VERIFY_WINDOW, region, top);
  const inBlock = top >= current + BLOCK_DATA && top <= limit && limit <= current + BLOCK_MASK + 1;
  return (inBlock && BlockHeader.at(current).owner === region) || broken(VERIFY_WINDOW, region, top);
}

function verifyArenaList(region: usize, newest: usize, oldest: usize): bool {
  let last: usize = 0;
  let left = MOST_BLOCKS;
  for (let block = load<usize>(region + newest); block !== 0; block = BlockHeader.at(block).next) {
    if (kindAt(block) !== BLOCK_ARENA || (block & BLOCK_MASK) !== 0 || --left === 0) {
      return broken(VERIFY_BLOCK_LIST, region, block);
    }
    if (BlockHeader.at(block).owner !== region) return broken(VERIFY_BLOCK_LIST, region, block);
    last = block;
  }
  return last === load<usize>(region + oldest) || broken(VERIFY_BLOCK_LIST, region, last);
}

function blocksOf(region: usize): u32 {
  return countList(region + REGION_NEWEST) + countList(region + REGION_NEWEST_RUN);
}

/** Blocks of the runs in the list whose first is in `cell`; far too many where it holds anything else. */
function countList(cell: usize): u32 {
  let count: u32 = 0;
  for (let block = load<usize>(cell); block !== 0; block = BlockHeader.at(block).next) {
    if (kindAt(block) !== BLOCK_ARENA || count > MOST_BLOCKS) return MOST_BLOCKS;
    count += BlockHeader.at(block).run;
  }
  return count;
}
