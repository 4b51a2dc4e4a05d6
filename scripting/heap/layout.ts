/**
 * Where everything lies in linear memory.
 *
 * This file is read twice: by AssemblyScript, when the heap is compiled, and by TypeScript, when the compiler lays out
 * literals and inlines allocation and when the machine reads what the heap says of itself. It therefore holds nothing
 * but numeric constants, each derived from the ones before it.
 *
 *     0x00000  never used: address 0 is "no object"
 *     0x00040  cells: the words that compiled code, heap and host share (below)
 *     0x001f0  the heap's own words (`cells.ts`)
 *     0x00500  region descriptors that always exist: the heap's and the frame's
 *     0x00800  the input page
 *     0x01000  constant tables of the heap's own code (AssemblyScript's memoryBase)
 *     0x0c000  powers of ten for printing floats, computed at first use
 *     0x0f000  the strings of one character
 *     0x10000  block table: one byte for each 64 KiB block, says what the block is
 *     0x20000  shadow stack: addresses that live across a call that may allocate
 *     0x120000 unwinding records: open arenas, heights, suppression (a stack that grows up)
 *     0x130000 the mark stack's first 64 KiB
 *     0x140000 blocks
 */

// ---------------------------------------------------------------------------------------------- blocks

export const BLOCK_SHIFT = 16;
export const BLOCK_SIZE = 1 << BLOCK_SHIFT;
export const BLOCK_MASK = BLOCK_SIZE - 1;

/** Objects start at multiples of a granule, and each granule has one state byte in its block's side table. */
export const GRANULE_SHIFT = 4;
export const GRANULE_SIZE = 1 << GRANULE_SHIFT;
export const GRANULE_MASK = GRANULE_SIZE - 1;

/** Free space is found by lines. A line is free when no live object touches it. */
export const LINE_SHIFT = 7;
export const LINE_SIZE = 1 << LINE_SHIFT;

/**
 * The first granules of a block hold its side table: one byte for each granule of the block. The bytes that would
 * describe the side table itself are the block's header instead.
 *
 *     block + 0      header (256 bytes)
 *     block + 256    state bytes of the granules from BLOCK_DATA on
 *     block + 4096   objects
 *
 * The state byte of the object at `a` is at `(a & ~BLOCK_MASK) | ((a & BLOCK_MASK) >>> GRANULE_SHIFT)`.
 */
export const BLOCK_DATA = BLOCK_SIZE >> GRANULE_SHIFT;
export const BLOCK_HEADER_SIZE = BLOCK_DATA >> GRANULE_SHIFT;

/**
 * What a state byte says of the collected object that begins at its granule:
 *
 *     bit 0  MARKED  the cycle or full collection in progress has reached it, or it was promoted before that cycle sweeps;
 *                    beside AGED: the young collection in progress has reached it. Otherwise 0
 *     bit 1  CLEAN   old, and not remembered: a store of an address into it takes the barrier's slow path, which takes this
 *                    bit away. A large object keeps it, since its cards are remembered in its place (`trace/cards.ts`)
 *     bit 2  OLD     it was promoted: it has survived enough young collections, or became old with its block
 *     bit 3  AGED    young still, but it has survived one young collection: the next one promotes it, or frees it
 *     bit 4  LOGGED  the cycle in progress knows all that it held when that began: a store needs to shade nothing of it
 *     bit 7  FORWARDED  it was moved, in the move phase in progress: its first word says where, and no other bit is set
 *
 * New objects and those of arenas have 0. Where a block was promoted as it stood, CLEAN and OLD are also set at granules
 * at which no object begins; MARKED and LOGGED never are.
 */
export const STATE_MARKED = 1;
export const STATE_CLEAN = 2;
export const STATE_OLD = 4;
export const STATE_AGED = 8;
export const STATE_LOGGED = 16;
export const STATE_FORWARDED = 0x80;

/** Objects up to this size in bytes are allocated inside one block; larger ones get blocks of their own. */
export const SMALL_OBJECT_LIMIT = BLOCK_SIZE - BLOCK_DATA;

// What the block table says of a block.
export const BLOCK_FREE = 0;
export const BLOCK_OBJECTS = 1; // collected objects
export const BLOCK_LARGE = 2; // first block of a large collected object
export const BLOCK_LARGE_REST = 3; // its further blocks
export const BLOCK_ARENA = 4; // first block of a run that belongs to an arena (most runs are one block long)
export const BLOCK_ARENA_REST = 5; // further blocks of a run that holds one large arena object
export const BLOCK_STATIC = 6; // descriptors, literals, globals, handle tables: never moved, never freed
export const BLOCK_WORK = 7; // working space of the heap's own code: the text buffer, a mark stack that grew

/** In an arena's block, where the address of its region is. */
export const BLOCK_OWNER = 8;

// ---------------------------------------------------------------------------------------------- cells

/** The current region's allocation window: the next free byte, and the first byte after the window. */
export const TOP = 0x40;
export const LIMIT = 0x44;
/** Address of the current region's descriptor. */
export const REGION = 0x48;
/** First free slot of the shadow stack. Grows up from SHADOW_STACK. */
export const SHADOW_TOP = 0x4c;
/** The innermost unwinding record. */
export const UNWIND = 0x50;
/** Estimated bytes of native stack in use by functions that can recurse, and the most they may use. */
export const DEPTH = 0x54;
export const DEPTH_LIMIT = 0x58;
/** Counts down in loops and recursive functions; below zero the host is asked whether the call may go on. */
export const FUEL = 0x5c;
/** How many suppressions are open: while it is not 0 no collection of any kind runs. */
export const SUPPRESSED = 0x60;
/** Stress modes, STRESS_* bits. Set through the heap's `setStress` only. */
export const STRESS = 0x64;
/** Where the frame call is: which behaviour (0: the script's own `frame`), which entity of it, of how many. */
export const PLACE_BEHAVIOUR = 0x68;
export const PLACE_ENTITY = 0x6c;
export const PLACE_COUNT = 0x70;
/** Not 0 from the start of a frame's call to the frame's end: nothing is collected then unless memory runs out. */
export const IN_FRAME = 0x74;
/** For tests: the so-manieth slow path of allocation from now on finds no memory, and so do those after it. 0: none does. */
export const SCARCE = 0x78;
/** State of the seeded random generator: 16 bytes. */
export const RANDOM_STATE = 0x80;
/**
 * Set by whoever paces the collector: old bytes (STATS_LIVE_BYTES) from which on a gap begins a cycle. 0, as it is at first:
 * the heap goes by its own trigger, which programs without frames always do.
 */
export const CYCLE_START = 0x98;
/** Bytes of the nursery up to which a young collection in a gap traces; a larger one becomes old as it stands. */
export const NURSERY_QUOTA = 0x9c;
/**
 * Set by whoever paces the collector: bytes allocated (STATS_YOUNG_BYTES) beyond which a gap begins a young collection. 0, as it is
 * at first: 256 KiB. It goes with a quota well above it, or what was meant to be traced becomes old as it stands.
 */
export const YOUNG_START = 0xa0;
/**
 * Of programs that count what they allocate alone: the number of the place in the script that allocates, or calls what does. The heap
 * itself knows nothing of it.
 */
export const ALLOCATION_SITE = 0xa4;
/**
 * The stack of owned values that no object of the heap holds (`owners.ts`): how many entries it has, of which so many are those of
 * calls around the one at hand; and how many loans are open.
 */
export const OWNERS_TOP = 0xa8;
export const OWNERS_FLOOR = 0xac;
export const LOANS_TOP = 0xb0;
/** Where both lie, in static cells that are roots: first the entries, then the loans, then a share to be had again. 0 where no program owns anything. */
export const OWNERS = 0xb4;
/** So many of the open loans are those of calls around the one at hand. */
export const LOANS_FLOOR = 0xb8;
export const OWNERS_ROOM = 1 << 16;
export const LOANS_ROOM = 1 << 14;

export const STRESS_COLLECT = 1; // collect at every allocation that may
export const STRESS_POISON = 2; // overwrite what is freed with POISON bytes
export const STRESS_OVERFLOW = 4; // a mark stack and a remembered set of a few entries, so that their overflow is exercised
export const STRESS_EAGER = 8; // a young collection in every gap, a cycle whenever none is running, small quotas
export const STRESS_THIN = 16; // after the first thousands of allocations STRESS_COLLECT collects at some of them only
export const STRESS_MOVE = 32; // whenever the host calls with nothing on the stack: a full collection, then everything moves
export const STRESS_VERIFY = 64; // in a checked build: the whole heap is verified at the end of each arena
export const POISON = 0xdb;

// Statistics: read by the host straight from memory, so that reading them allocates nothing. All u32 but the f64s.
export const STATS = 0x100;
export const STATS_LIVE_BYTES = STATS + 0; // old bytes: found alive by the last cycle or full collection, and promoted since
export const STATS_YOUNG_BYTES = STATS + 4; // bytes allocated in the heap since the last young or full collection
export const STATS_ARENA_BYTES = STATS + 8; // bytes of blocks held by arenas, open or kept for reuse
export const STATS_COLLECTIONS = STATS + 12; // cycles and full collections finished
export const STATS_COLLECTIONS_MID_RUN = STATS + 16; // those of them that ran while script code was on the stack
export const STATS_BLOCKS = STATS + 20; // blocks in memory
export const STATS_BLOCKS_FREE = STATS + 24; // those of them that are free
export const STATS_LARGE_BYTES = STATS + 28; // bytes in large objects
export const STATS_ARENA_CHUNKS = STATS + 32; // chunks ever taken from the block table by arenas
export const STATS_ARENA_OPENINGS = STATS + 36; // arenas opened
export const STATS_HANDLES = STATS + 40; // handles in use
export const STATS_YOUNG_COLLECTIONS = STATS + 44; // young collections finished
export const STATS_ALLOCATED = STATS + 48; // f64: bytes ever allocated in the heap
export const STATS_PROMOTED = STATS + 56; // f64: bytes that young collections ever made old
export const STATS_PHASE = STATS + 64; // what the collector is at: a PHASE_ number
export const STATS_REMEMBERED = STATS + 68; // objects in the remembered set
export const STATS_SLICES = STATS + 72; // slices of marking and sweeping
export const STATS_SLICE_WORK = STATS + 76; // units of work that the last slice did
export const STATS_AGED_BYTES = STATS + 80; // bytes that have survived one young collection and are still young
export const STATS_YOUNG_SEEN = STATS + 84; // bytes that the last young collection found in the nursery
export const STATS_YOUNG_SURVIVED = STATS + 88; // those of them that it kept, aged or promoted: the survival rate
export const STATS_CARDS = STATS + 92; // cards of large vectors in the remembered set
export const STATS_HOLE_BYTES = STATS + 96; // free bytes in blocks that hold something, where sweeping has come: fragmentation
export const STATS_NEXT = STATS + 100; // what the next slice in a gap would be, as of the last call of gapSlice: a NEXT_ number
export const STATS_COLLECTOR_TIME = STATS + 112; // f64: milliseconds ever spent in collections and slices, in mid-run ones too
export const STATS_TRACING = STATS + 120; // not 0 between two portions of a young collection that traces: no script may run then
export const STATS_GIVEN_UP = STATS + 124; // young collections that gave tracing up, as a script was about to run or memory had run out

/** What STATS_TRACING says when all that can be reached has been: what is young and unmarked is dead, and its memory may be free already. */
export const TRACING_RECLAIM = 6;

/** What a slice in a gap may be. */
export const NEXT_NOTHING = 0; // nothing is due
export const NEXT_YOUNG = 1; // a portion of a young collection, as much as is asked for
export const NEXT_CYCLE = 2; // some of a cycle, as much as is asked for
export const NEXT_FULL = 3; // a whole collection, which is not divided

/** What the collector is at between two slices, in the order in which a cycle comes to them: some rules hold up to sweeping. */
export const PHASE_IDLE = 0;
export const PHASE_MARK = 2;
export const PHASE_WEAK = 3;
export const PHASE_SWEEP = 4;
export const PHASE_MOVE = 5; // objects are moving: no script runs before it is completed

/** What a forced collection does beyond a young collection and the end of the cycle in progress: bits for `force`. */
export const FORCE_FULL = 1; // a cycle of its own: all that is dead is freed
export const FORCE_MOVE = 2; // then objects of sparse blocks move together; only with FORCE_FULL
export const FORCE_LOW = 4; // and towards low memory, large ones too; only with FORCE_MOVE
export const FORCE_ALL = 8; // or everything that can move does, for tests; only with FORCE_MOVE

/** How far the forced collection in progress is: f32, 0 to 1, never falls before it is done. */
export const FORCED_PROGRESS = 0x1c0;
/** Bytes of the objects that the last forced collection moved, and how many move phases there were. */
export const STATS_MOVED = 0x1c4;
export const STATS_MOVES = 0x1c8;
/** Not 0 while a forced collection is in progress, or a full one that a script has asked for: its stage. */
export const FORCED_STAGE = 0x1cc;

/** What the verifier found: 0, or the code of the first broken rule, with the object and the address at fault. */
export const VERIFY_CODE = 0x180;
export const VERIFY_OBJECT = 0x184; // the object, block, region or root cell in which the rule is broken
export const VERIFY_ADDRESS = 0x188; // the address or number found there

/**
 * The input page: what the player did since the frame before, written by the engine when a frame begins.
 *
 *     +0    f32  pointer x, +4 f32 pointer y: in the stage's units; +8 f32 wheel x, +12 f32 wheel y: turned since the last frame
 *     +16   u32  how many touches there are; +20 u32 gamepads that are there, bit 0: the first
 *     +32   the touches, 16 bytes each: u32 id, u32 state (1 held, 2 pressed, 4 released), f32 x, f32 y
 *     +192  controls held, +272 pressed since the last frame, +352 released: 640 bits each, by the image's numbers for controls
 *     +432  f32  how far each control from 288 on is pushed, 0 to 1; those before it are pushed or not
 */
export const INPUT = 0x800;
export const INPUT_TOUCHES = 32;
export const INPUT_TOUCH_SIZE = 16;
export const INPUT_MOST_TOUCHES = 10;
export const INPUT_HELD = 192;
export const INPUT_ROW = 80;
export const INPUT_STRENGTHS = 432;
/** So many controls have no strength of their own. */
export const INPUT_PLAIN_CONTROLS = 288;
export const INPUT_SIZE = 0x730;
export const TOUCH_HELD = 1;
export const TOUCH_PRESSED = 2;
export const TOUCH_RELEASED = 4;

export const VERIFY_WINDOW = 1; // the current window does not lie in a block of its region
export const VERIFY_BLOCK_KIND = 2; // the block table holds a value that is no kind, or a run is broken off
export const VERIFY_BLOCK_COUNT = 3; // counts of free or arena blocks disagree with the block table
export const VERIFY_BLOCK_LIST = 4; // a list of blocks holds a block of another kind, or of another owner
export const VERIFY_STATE = 5; // a state byte is set that must be clear between collections
export const VERIFY_ARENA = 6; // an arena's block does not parse into objects up to its fill mark
export const VERIFY_ADDRESS_KIND = 7; // an address points into a block that cannot hold objects, or is not aligned
export const VERIFY_DESCRIPTOR = 8; // what an address points at does not begin with a sane descriptor
export const VERIFY_EXTENT = 9; // an object runs over the end of its block or run
export const VERIFY_OVERLAP = 10; // two live objects share a granule
export const VERIFY_FREE_LINE = 11; // a live object touches a line that is free for allocation
export const VERIFY_ESCAPE = 12; // an object holds an address of something shorter-lived
export const VERIFY_DANGLING = 13; // an address points into an arena that has ended
export const VERIFY_UNWIND = 14; // the unwinding records are broken
export const VERIFY_ROOM = 15; // there is no memory left for the verifier's own tables
export const VERIFY_UNREMEMBERED = 16; // a clean old object holds the address of a young one
export const VERIFY_REFERENCE = 17; // a list of references holds what is none, or an old one of something young
export const VERIFY_YOUNG = 20; // young lines, their blocks' list and aged objects disagree
export const VERIFY_REMEMBERED = 21; // the remembered set holds something else than old objects that are not clean
export const VERIFY_SNAPSHOT = 22; // a cycle is about to free an object that scripts can get at, or one among the roots that it began with

/** What an image without a verifier says when it is asked: finished games have none. */
export const NO_VERIFIER = 0x7fffffff;

// ---------------------------------------------------------------------------------------------- fixed areas

export const REGION_HEAP = 0x500;
export const REGION_FRAME = 0x540;
/** Where a region's descriptor has, in a checked build, the address of a text that says which arena it is. */
export const REGION_TEXT = 48;
export const CELLS_END = 0x1000;

/** 617 powers of ten, 128 bits each, for printing floats. The heap's constant tables must end before it. */
export const POWERS_OF_TEN = 0xc000;

/** The strings of one ASCII character, by its code, a granule each: such a string is never made. Static: never freed or moved. */
export const LETTERS = 0xf000;
export const LETTER_COUNT = 128;

export const BLOCK_TABLE = 0x10000;
export const BLOCK_TABLE_SIZE = 1 << (32 - BLOCK_SHIFT);

export const SHADOW_STACK = BLOCK_TABLE + BLOCK_TABLE_SIZE;
export const SHADOW_STACK_SIZE = 1 << 20;

export const UNWIND_STACK = SHADOW_STACK + SHADOW_STACK_SIZE;
export const UNWIND_STACK_SIZE = 1 << 16;

/** Where marking starts out; a mark stack that outgrows it moves to blocks of its own for that collection. */
export const MARK_STACK = UNWIND_STACK + UNWIND_STACK_SIZE;
export const MARK_STACK_SIZE = 1 << 16;

/** Here the blocks begin. A release build lays its literals and globals out from this address on. */
export const STATIC_BASE = MARK_STACK + MARK_STACK_SIZE;
export const FIRST_BLOCK = STATIC_BASE >> BLOCK_SHIFT;

// ---------------------------------------------------------------------------------------------- objects

/**
 * Every object begins with the address of its type's descriptor.
 *
 *     object:  [descriptor u32] [fields ...]
 *     array:   [descriptor u32] [length u32] [further fixed fields ...] [elements: length x stride]
 *
 * A descriptor lies in static memory:
 *
 *     +0   u32  DESCRIPTOR_MAGIC | kind
 *     +4   u32  size: bytes of the fixed part, header included (where an array's elements begin)
 *     +8   u32  stride: bytes of one element; 0 for a KIND_OBJECT
 *     +12  u16  how many of the fixed fields are addresses
 *     +14  u16  how many fields of one element are addresses
 *     +16  u32  type id: index into the program's list of type names
 *     +20  u16  offsets: of the fixed addresses from the object's start, then of the element's from the element's start
 *
 * An object takes its size rounded up to whole granules. Address 0 in an address field means "nothing yet".
 */
export const HEADER_SIZE = 4;
export const ARRAY_LENGTH = 4;
export const DESCRIPTOR_MAGIC = 0x51ce0000;
export const DESCRIPTOR_MAGIC_MASK = 0xffff0000;
export const KIND_OBJECT = 0;
export const KIND_ARRAY = 1;
export const DESCRIPTOR_SIZE_AT = 4;
export const DESCRIPTOR_STRIDE_AT = 8;
export const DESCRIPTOR_FIXED_AT = 12;
export const DESCRIPTOR_ELEMENT_AT = 14;
export const DESCRIPTOR_ID_AT = 16;
export const DESCRIPTOR_OFFSETS_AT = 20;

/** A string is an array of UTF-8 bytes that also knows its code points; it is ASCII when both counts agree. */
export const STRING_BYTES = ARRAY_LENGTH;
export const STRING_POINTS = 8;
export const STRING_DATA = 12;
/** The descriptors that the heap makes itself: that of strings, and those of the three kinds of references. Type id 0. */
export const STRING_DESCRIPTOR = 0x480;
export const WEAK_DESCRIPTOR = 0x4a0;
export const DROP_DESCRIPTOR = 0x4c0;
export const PROXY_DESCRIPTOR = 0x4e0;

/**
 * References: a weak reference, a drop record, a proxy of a host object: [descriptor] [subject] [next in its list] [detail].
 * The subject is an address that does not keep alive, or the proxy's index in the host's table.
 */
export const REFERENCE_SUBJECT = 4;
export const DROP_CODE = 12; // what the machine calls with the object: an index into the function table
export const PROXY_GENERATION = 12; // which of those that had the index it stands for

/** An immutable vector, and a mutable vector's buffer: [descriptor] [length] [elements]. */
export const VECTOR_LENGTH = ARRAY_LENGTH;
export const VECTOR_DATA = 8;

/**
 * A vector that is a tree: [descriptor] [0] [length] [height] [left] [right]. Where a flat vector has its length, this has
 * 0, so that no index is in range for code that knows flat ones only. Both sides are vectors, flat or not.
 */
export const ROPE_LENGTH = 8;
export const ROPE_HEIGHT = 12;
export const ROPE_LEFT = 16;
export const ROPE_RIGHT = 20;
export const ROPE_SIZE = 24;

/** A mutable vector: [descriptor] [length] [buffer: address of a vector whose length is the capacity, or 0]. */
export const MUT_VECTOR_LENGTH = 4;
export const MUT_VECTOR_BUFFER = 8;
export const MUT_VECTOR_SIZE = 12;

/** A closure: [descriptor] [code: index into the function table] [captures ...]. */
export const CLOSURE_CODE = 4;
export const CLOSURE_CAPTURES = 8;

/**
 * An owned value, or a share of a shared one: [descriptor] [subject] [type] [place] [shares] [slot] [loans] [region]. Type and place are
 * texts: what it is, and where a script made it. The rest is the heap's (`owners.ts`); all shares of one value lead to the same object of
 * this kind, which counts them in its slot.
 */
export const OWNED_SUBJECT = 4;
export const OWNED_TYPE = 8;
export const OWNED_PLACE = 12;
export const OWNED_SHARES = 16;
export const OWNED_SLOT = 20;
export const OWNED_LOANS = 24;
export const OWNED_REGION = 28;
export const OWNED_SIZE = 32;

// ---------------------------------------------------------------------------------------------- failures

/** Why a running call was stopped. Passed to the host's `fail(kind, site, a, b)`; a and b are what the text needs. */
export const FAIL_INDEX = 1; // a: index >> INDEX_LOW_BITS, b: length << INDEX_LOW_BITS | the rest of the index
export const INDEX_LOW_BITS = 12; // a and b are floats of 53 bits, too few for an i64: so its lowest bits go with the length
export const FAIL_DIVISION = 2; // integer division or remainder by zero
export const FAIL_ERROR = 3; // (error "..."), a: address of the string
export const FAIL_DEPTH = 4; // recursion too deep
export const FAIL_FUEL = 5; // the call ran longer than it may, a: milliseconds
export const FAIL_MEMORY = 6; // hard limit reached, a: bytes asked for, b: the limit
export const FAIL_ARENA = 7; // an arena's own limit reached, a: bytes asked for, b: the limit
export const FAIL_KEY = 8; // map-get without that key, a: address of the shown key
export const FAIL_EMPTY = 9; // pop!, first or last of an empty collection
export const FAIL_UNWRAP = 10; // unwrap of None or Err
export const FAIL_SIZE = 11; // a length that no object can have, a: length >> INDEX_LOW_BITS, b: the rest of it
export const FAIL_CONVERSION = 12; // an argument or result at the host boundary, reported by the machine itself
export const FAIL_HOST = 13; // an extern threw
export const FAIL_UNREACHABLE = 14; // a trap the compiler did not foresee
// In a checked build only:
export const FAIL_ESCAPE = 15; // a: address of what would be held by what lives longer, b: of that, or of a text about it
export const FAIL_FREED = 16; // a: address of what is used though it was freed
export const FAIL_BROKEN = 17; // a: the rule that the verifier found broken, a VERIFY_ number; at the start a field and this file disagree, a and b
