/**
 * The heap's face: what the machine and compiled programs may call, as listed in `scripting/ir/runtime.ts` and in the
 * heap's README. Everything here leaves the heap whole also when it fails.
 */
import { allocateArray, allocateSlow } from './allocate.ts';
import { arenaCapacity, arenaPeak, arenaUsed } from './arena-reports.ts';
import { arrayClear, arrayCopy, mutVectorGrow } from './arrays.ts';
import { remember } from './barrier.ts';
import { collect, requestCollection } from './collect.ts';
import { registerDrop, takeDrop } from './drops.ts';
import { endForce, force, forceSlice, trim } from './forced.ts';
import { gapSlice } from './gap.ts';
import { freeHandle } from './handles.ts';
import {
  memoryArenas,
  memoryCollections,
  memoryLive,
  memoryLongestSlice,
  memorySuppressed,
  memoryYoung,
} from './memory-report.ts';
import { finishMove } from './move.ts';
import { newProxy, takeDeadProxy } from './proxies.ts';
import { segmentsAdd, segmentsClear } from './segments.ts';
import { addRoots, allocateStatic, initialise, newHandle, setStress } from './setup.ts';
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
} from './unwind.ts';
import { verify } from './verify.ts';
import { newWeak, upgrade } from './weak.ts';

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
  closeArena,
  collect,
  endForce,
  enter,
  enterFrame,
  enterOutside,
  enterRegion,
  enterRegionOf,
  enterSuppressed,
  finishMove,
  force,
  forceSlice,
  freeHandle,
  gapSlice,
  initialise,
  leave,
  leaveRegion,
  leaveSuppressed,
  memoryArenas,
  memoryCollections,
  memoryLive,
  memoryLongestSlice,
  memorySuppressed,
  memoryYoung,
  mutVectorGrow,
  newHandle,
  newProxy,
  newWeak,
  openArena,
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
