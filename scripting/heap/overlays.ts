/**
 * That the overlays are what compiler and machine think they are. Both go by the numbers of `layout.ts`, and the heap by classes
 * whose fields lie where AssemblyScript puts them: here the one is held against the other, in checked builds, when the heap
 * starts. Where all agree the compiler can tell, and nothing is left of it.
 */
import { CELLS, Cells, RUN_BIN_COUNT } from './cells.ts';
import { fail } from './host.ts';
import {
  ALLOCATION_SITE,
  ARRAY_LENGTH,
  BLOCK_HEADER_SIZE,
  BLOCK_OWNER,
  CYCLE_START,
  DEPTH,
  DEPTH_LIMIT,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_ID_AT,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  DROP_CODE,
  FAIL_BROKEN,
  FORCED_PROGRESS,
  FORCED_STAGE,
  FUEL,
  HEADER_SIZE,
  IN_FRAME,
  INPUT,
  LIMIT,
  LOANS_FLOOR,
  LOANS_TOP,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  MUT_VECTOR_SIZE,
  NURSERY_QUOTA,
  OWNED_LOANS,
  OWNED_PLACE,
  OWNED_REGION,
  OWNED_SHARES,
  OWNED_SIZE,
  OWNED_SLOT,
  OWNED_SUBJECT,
  OWNED_TYPE,
  OWNERS,
  OWNERS_FLOOR,
  OWNERS_TOP,
  PLACE_BEHAVIOUR,
  PLACE_COUNT,
  PLACE_ENTITY,
  PROXY_GENERATION,
  RANDOM_STATE,
  REFERENCE_SUBJECT,
  REGION,
  REGION_FRAME,
  REGION_HEAP,
  REGION_TEXT,
  SCARCE,
  SHADOW_TOP,
  STATS,
  STATS_AGED_BYTES,
  STATS_ALLOCATED,
  STATS_ARENA_BYTES,
  STATS_ARENA_CHUNKS,
  STATS_ARENA_OPENINGS,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
  STATS_CARDS,
  STATS_COLLECTIONS,
  STATS_COLLECTIONS_MID_RUN,
  STATS_COLLECTOR_TIME,
  STATS_GIVEN_UP,
  STATS_HANDLES,
  STATS_HOLE_BYTES,
  STATS_LARGE_BYTES,
  STATS_LIVE_BYTES,
  STATS_MOVED,
  STATS_MOVES,
  STATS_NEXT,
  STATS_PHASE,
  STATS_PROMOTED,
  STATS_REMEMBERED,
  STATS_SLICE_WORK,
  STATS_SLICES,
  STATS_TRACING,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
  STRESS,
  STRING_DESCRIPTOR,
  SUPPRESSED,
  TOP,
  UNWIND,
  VECTOR_DATA,
  VERIFY_ADDRESS,
  VERIFY_CODE,
  VERIFY_OBJECT,
  YOUNG_START,
} from './layout.ts';
import { EvacuationWindow } from './moving/evacuate.ts';
import { Owned } from './owners.ts';
import { ForcedCells, SharedCells, Statistics, Verdict } from './shared-cells.ts';
import { BLOCK_LINES, BLOCK_LINES_END, BlockHeader } from './spaces/block-header.ts';
import { ArrayHeader, Descriptor, MutVector, ObjectHeader } from './spaces/object.ts';
import { TextPlace } from './spaces/text-place.ts';
import { Region } from './spaces/window.ts';
import { HANDLE_CARDS } from './trace/handles.ts';
import { DropRecord, HostProxy, Queue, REFERENCE_SIZE, Reference, WeakReference } from './trace/reference.ts';
import { TABLE_START } from './trace/remembered-table.ts';

function agree(found: usize, said: usize): void {
  if (found !== said) fail(FAIL_BROKEN, -1, found as f64, said as f64);
}

/** What ends at `end` does so before the next begins. */
function fits(end: usize, next: usize): void {
  if (end > next) fail(FAIL_BROKEN, -1, end as f64, next as f64);
}

export function checkOverlays(): void {
  checkShared();
  checkStatistics();
  checkCells();
  checkBlocks();
  checkObjects();
}

function checkShared(): void {
  agree(TOP + offsetof<SharedCells>('top'), TOP);
  agree(TOP + offsetof<SharedCells>('limit'), LIMIT);
  agree(TOP + offsetof<SharedCells>('region'), REGION);
  agree(TOP + offsetof<SharedCells>('shadowTop'), SHADOW_TOP);
  agree(TOP + offsetof<SharedCells>('unwind'), UNWIND);
  agree(TOP + offsetof<SharedCells>('depth'), DEPTH);
  agree(TOP + offsetof<SharedCells>('depthLimit'), DEPTH_LIMIT);
  agree(TOP + offsetof<SharedCells>('fuel'), FUEL);
  agree(TOP + offsetof<SharedCells>('suppressed'), SUPPRESSED);
  agree(TOP + offsetof<SharedCells>('stress'), STRESS);
  agree(TOP + offsetof<SharedCells>('placeBehaviour'), PLACE_BEHAVIOUR);
  agree(TOP + offsetof<SharedCells>('placeEntity'), PLACE_ENTITY);
  agree(TOP + offsetof<SharedCells>('placeCount'), PLACE_COUNT);
  agree(TOP + offsetof<SharedCells>('inFrame'), IN_FRAME);
  agree(TOP + offsetof<SharedCells>('scarce'), SCARCE);
  agree(TOP + offsetof<SharedCells>('randomState'), RANDOM_STATE);
  agree(TOP + offsetof<SharedCells>('cycleStart'), CYCLE_START);
  agree(TOP + offsetof<SharedCells>('nurseryQuota'), NURSERY_QUOTA);
  agree(TOP + offsetof<SharedCells>('youngStart'), YOUNG_START);
  agree(TOP + offsetof<SharedCells>('allocationSite'), ALLOCATION_SITE);
  agree(TOP + offsetof<SharedCells>('ownersTop'), OWNERS_TOP);
  agree(TOP + offsetof<SharedCells>('ownersFloor'), OWNERS_FLOOR);
  agree(TOP + offsetof<SharedCells>('loansTop'), LOANS_TOP);
  agree(TOP + offsetof<SharedCells>('owners'), OWNERS);
  agree(TOP + offsetof<SharedCells>('loansFloor'), LOANS_FLOOR);
  agree(VERIFY_CODE + offsetof<Verdict>('code'), VERIFY_CODE);
  agree(VERIFY_CODE + offsetof<Verdict>('object'), VERIFY_OBJECT);
  agree(VERIFY_CODE + offsetof<Verdict>('address'), VERIFY_ADDRESS);
  agree(FORCED_PROGRESS + offsetof<ForcedCells>('progress'), FORCED_PROGRESS);
  agree(FORCED_PROGRESS + offsetof<ForcedCells>('moved'), STATS_MOVED);
  agree(FORCED_PROGRESS + offsetof<ForcedCells>('moves'), STATS_MOVES);
  agree(FORCED_PROGRESS + offsetof<ForcedCells>('stage'), FORCED_STAGE);
}

function checkStatistics(): void {
  agree(STATS + offsetof<Statistics>('liveBytes'), STATS_LIVE_BYTES);
  agree(STATS + offsetof<Statistics>('youngBytes'), STATS_YOUNG_BYTES);
  agree(STATS + offsetof<Statistics>('arenaBytes'), STATS_ARENA_BYTES);
  agree(STATS + offsetof<Statistics>('collections'), STATS_COLLECTIONS);
  agree(STATS + offsetof<Statistics>('collectionsMidRun'), STATS_COLLECTIONS_MID_RUN);
  agree(STATS + offsetof<Statistics>('blocks'), STATS_BLOCKS);
  agree(STATS + offsetof<Statistics>('blocksFree'), STATS_BLOCKS_FREE);
  agree(STATS + offsetof<Statistics>('largeBytes'), STATS_LARGE_BYTES);
  agree(STATS + offsetof<Statistics>('arenaChunks'), STATS_ARENA_CHUNKS);
  agree(STATS + offsetof<Statistics>('arenaOpenings'), STATS_ARENA_OPENINGS);
  agree(STATS + offsetof<Statistics>('handles'), STATS_HANDLES);
  agree(STATS + offsetof<Statistics>('youngCollections'), STATS_YOUNG_COLLECTIONS);
  agree(STATS + offsetof<Statistics>('allocated'), STATS_ALLOCATED);
  agree(STATS + offsetof<Statistics>('promoted'), STATS_PROMOTED);
  agree(STATS + offsetof<Statistics>('phase'), STATS_PHASE);
  agree(STATS + offsetof<Statistics>('remembered'), STATS_REMEMBERED);
  agree(STATS + offsetof<Statistics>('slices'), STATS_SLICES);
  agree(STATS + offsetof<Statistics>('sliceWork'), STATS_SLICE_WORK);
  agree(STATS + offsetof<Statistics>('agedBytes'), STATS_AGED_BYTES);
  agree(STATS + offsetof<Statistics>('youngSeen'), STATS_YOUNG_SEEN);
  agree(STATS + offsetof<Statistics>('youngSurvived'), STATS_YOUNG_SURVIVED);
  agree(STATS + offsetof<Statistics>('cards'), STATS_CARDS);
  agree(STATS + offsetof<Statistics>('holeBytes'), STATS_HOLE_BYTES);
  agree(STATS + offsetof<Statistics>('next'), STATS_NEXT);
  agree(STATS + offsetof<Statistics>('collectorTime'), STATS_COLLECTOR_TIME);
  agree(STATS + offsetof<Statistics>('tracing'), STATS_TRACING);
  agree(STATS + offsetof<Statistics>('givenUp'), STATS_GIVEN_UP);
}

/** Cells follow one another, and what is a group of them for some is one for all. */
function checkCells(): void {
  fits(TOP + offsetof<SharedCells>(), STATS);
  fits(STATS + offsetof<Statistics>(), VERIFY_CODE);
  fits(VERIFY_CODE + offsetof<Verdict>(), FORCED_PROGRESS);
  fits(FORCED_PROGRESS + offsetof<ForcedCells>(), CELLS);
  fits(CELLS + offsetof<Cells>(), STRING_DESCRIPTOR);
  agree(offsetof<Cells>('runBins16'), offsetof<Cells>('runBins') + (RUN_BIN_COUNT - 1) * sizeof<usize>());
  agree(offsetof<Cells>('evacuateBig'), offsetof<Cells>('evacuateSmall') + offsetof<EvacuationWindow>());
  fits(offsetof<Cells>('evacuateBig') + offsetof<EvacuationWindow>(), offsetof<Cells>('forcedWishes'));
  agree(offsetof<Cells>('textPlaceIndex'), offsetof<Cells>('textPlace') + offsetof<TextPlace>('index'));
  agree(offsetof<Cells>('textPlaceByte'), offsetof<Cells>('textPlace') + offsetof<TextPlace>('byte'));
  agree(offsetof<Cells>('weakNewLast'), offsetof<Cells>('weakNew') + offsetof<Queue>('last'));
  agree(offsetof<Cells>('dropNewLast'), offsetof<Cells>('dropNew') + offsetof<Queue>('last'));
  agree(offsetof<Cells>('proxyNewLast'), offsetof<Cells>('proxyNew') + offsetof<Queue>('last'));
  agree(offsetof<Cells>(), offsetof<Cells>('dropsFound') + 4 * offsetof<Queue>());
  fits(REGION_HEAP + offsetof<Region>(), REGION_FRAME);
  fits(REGION_FRAME + offsetof<Region>(), INPUT);
  agree(offsetof<Region>('text'), REGION_TEXT);
}

function checkBlocks(): void {
  agree(offsetof<BlockHeader>('owner'), BLOCK_OWNER);
  agree(BLOCK_LINES_END, BLOCK_HEADER_SIZE);
  // Lines are handled 64 at a time.
  agree(BLOCK_LINES % sizeof<u64>(), 0);
  agree(HANDLE_CARDS % sizeof<u64>(), 0);
  fits(offsetof<BlockHeader>('run') + sizeof<u32>(), TABLE_START);
}

function checkObjects(): void {
  agree(offsetof<ObjectHeader>(), HEADER_SIZE);
  agree(offsetof<ArrayHeader>('length'), ARRAY_LENGTH);
  agree(offsetof<ArrayHeader>(), VECTOR_DATA);
  agree(offsetof<MutVector>('length'), MUT_VECTOR_LENGTH);
  agree(offsetof<MutVector>('buffer'), MUT_VECTOR_BUFFER);
  agree(offsetof<MutVector>(), MUT_VECTOR_SIZE);
  agree(offsetof<Descriptor>('size'), DESCRIPTOR_SIZE_AT);
  agree(offsetof<Descriptor>('stride'), DESCRIPTOR_STRIDE_AT);
  agree(offsetof<Descriptor>('fixed'), DESCRIPTOR_FIXED_AT);
  agree(offsetof<Descriptor>('element'), DESCRIPTOR_ELEMENT_AT);
  agree(offsetof<Descriptor>('id'), DESCRIPTOR_ID_AT);
  agree(offsetof<Descriptor>(), DESCRIPTOR_OFFSETS_AT);
  agree(offsetof<Reference>('subject'), REFERENCE_SUBJECT);
  agree(offsetof<WeakReference>(), REFERENCE_SIZE);
  agree(offsetof<DropRecord>('code'), DROP_CODE);
  agree(offsetof<DropRecord>(), REFERENCE_SIZE);
  agree(offsetof<Owned>('subject'), OWNED_SUBJECT);
  agree(offsetof<Owned>('type'), OWNED_TYPE);
  agree(offsetof<Owned>('place'), OWNED_PLACE);
  agree(offsetof<Owned>('shares'), OWNED_SHARES);
  agree(offsetof<Owned>('slot'), OWNED_SLOT);
  agree(offsetof<Owned>('loans'), OWNED_LOANS);
  agree(offsetof<Owned>('region'), OWNED_REGION);
  agree(offsetof<Owned>(), OWNED_SIZE);
  agree(offsetof<HostProxy>('generation'), PROXY_GENERATION);
  agree(offsetof<HostProxy>(), REFERENCE_SIZE);
}
