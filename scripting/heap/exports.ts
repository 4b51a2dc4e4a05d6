/**
 * The heap's face: what the machine and compiled programs may call. `scripting/ir/runtime.ts` says what the compiler must
 * know of those that scripts reach, `scripting/emit/heap-functions.ts` adds what it calls by itself: `allocateSlow`,
 * `remember`. Everything here leaves the heap whole also when it fails.
 */
import { collect, requestCollection } from './collect/collect.ts';
import { endForce, force, forceSlice, trim } from './collect/forced.ts';
import { gapSlice } from './collect/gap.ts';
import { finishMove } from './moving/move.ts';
import { redirect, redirectAll, redirectIn } from './moving/redirect.ts';
import { allocateArray, allocateSlow, makeObject, newArray } from './mutator/allocate.ts';
import { arenaCapacity, arenaPeak, arenaUsed } from './mutator/arena-reports.ts';
import { arrayClear, arrayCopy, arrayRepeat, mutVectorGrow } from './mutator/arrays.ts';
import { remember } from './mutator/barrier.ts';
import { registerDrop, takeDrop } from './mutator/drops.ts';
import {
  memoryArenas,
  memoryCollections,
  memoryLive,
  memoryLongestSlice,
  memorySuppressed,
  memoryYoung,
} from './mutator/memory-report.ts';
import { newProxy, takeDeadProxy } from './mutator/proxies.ts';
import { segmentsAdd, segmentsClear } from './mutator/segments.ts';
import {
  closeArena,
  enter,
  enterFrame,
  enterOutside,
  enterRegion,
  enterRegionOf,
  enterSuppressed,
  leave,
  leaveRegion,
  leaveSuppressed,
  openArena,
  resetFrame,
  resume,
  suppress,
  switchTo,
  unwind,
} from './mutator/unwind.ts';
import { newWeak, upgrade } from './mutator/weak.ts';
import { addRoots, allocateStatic, freeHandle, initialise, newHandle, setStress } from './setup.ts';
import { findUsedStatics, verify } from './verify/verify.ts';

export {
  addRoots,
  allocateArray,
  allocateSlow,
  allocateStatic,
  arenaCapacity,
  arenaPeak,
  arenaUsed,
  arrayClear,
  arrayCopy,
  arrayRepeat,
  closeArena,
  collect,
  endForce,
  enter,
  enterFrame,
  enterOutside,
  enterRegion,
  enterRegionOf,
  enterSuppressed,
  findUsedStatics,
  finishMove,
  force,
  forceSlice,
  freeHandle,
  gapSlice,
  initialise,
  leave,
  leaveRegion,
  leaveSuppressed,
  makeObject,
  memoryArenas,
  memoryCollections,
  memoryLive,
  memoryLongestSlice,
  memorySuppressed,
  memoryYoung,
  mutVectorGrow,
  newArray,
  newHandle,
  newProxy,
  newWeak,
  openArena,
  redirect,
  redirectAll,
  redirectIn,
  registerDrop,
  remember,
  requestCollection,
  resetFrame,
  resume,
  segmentsAdd,
  segmentsClear,
  setStress,
  suppress,
  switchTo,
  takeDeadProxy,
  takeDrop,
  trim,
  unwind,
  upgrade,
  verify,
};
