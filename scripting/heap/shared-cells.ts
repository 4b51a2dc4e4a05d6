/**
 * The words in low memory that compiled code, heap and host share, as the heap reads and writes them. What each is and where
 * it lies is said in `layout.ts`, which the compiler reads too; `overlays.ts` asserts that the two agree.
 */
import { FORCED_PROGRESS, STATS, TOP, VERIFY_CODE } from './layout.ts';

/** From TOP on. */
@unmanaged
export class SharedCells {
  top: usize;
  limit: usize;
  region: usize;
  shadowTop: usize;
  unwind: usize;
  depth: u32;
  depthLimit: u32;
  fuel: u32;
  suppressed: u32;
  stress: u32;
  placeBehaviour: u32;
  placeEntity: u32;
  placeCount: u32;
  inFrame: u32;
  scarce: u32;
  spare: u32;
  /** Two words of 64 bits, which `library/native/random.ts` reads. */
  randomState: u64;
  randomStateRest: u64;
  spareRest: u64;
  cycleStart: u32;
  nurseryQuota: u32;
  youngStart: u32;
  allocationSite: u32;
  ownersTop: u32;
  ownersFloor: u32;
  loansTop: u32;
  owners: usize;
  loansFloor: u32;
}

/** From STATS on: what the host reads straight from memory. */
@unmanaged
export class Statistics {
  liveBytes: u32;
  youngBytes: u32;
  arenaBytes: u32;
  collections: u32;
  collectionsMidRun: u32;
  blocks: u32;
  blocksFree: u32;
  largeBytes: u32;
  arenaChunks: u32;
  arenaOpenings: u32;
  handles: u32;
  youngCollections: u32;
  allocated: f64;
  promoted: f64;
  phase: u32;
  remembered: u32;
  slices: u32;
  sliceWork: u32;
  agedBytes: u32;
  youngSeen: u32;
  youngSurvived: u32;
  cards: u32;
  holeBytes: u32;
  next: u32;
  /** Milliseconds that the longest collection or slice of one took. */
  longestSlice: f64;
  /** Milliseconds of all of them, whoever asked for them. */
  collectorTime: f64;
  tracing: u32;
  givenUp: u32;
}

/** From VERIFY_CODE on: what the verifier found. */
@unmanaged
export class Verdict {
  code: u32;
  object: usize;
  address: usize;
}

/** From FORCED_PROGRESS on: the forced collection in progress, or the last one. */
@unmanaged
export class ForcedCells {
  progress: f32;
  moved: u32;
  moves: u32;
  stage: u32;
}

export const shared = changetype<SharedCells>(TOP);
export const statistics = changetype<Statistics>(STATS);
export const verdict = changetype<Verdict>(VERIFY_CODE);
export const forced = changetype<ForcedCells>(FORCED_PROGRESS);
