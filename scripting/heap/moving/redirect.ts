/**
 * For the machine, when it gives live objects another layout: objects are made anew, and every cell that holds the address of an old
 * one gets the new one's. What is there of the move phase does all the work: an old object counts as moved (`relocate.ts`).
 *
 * The machine does this between calls, right after a full collection and while nothing is collected: nothing else is young then,
 * nothing remembered, and state bytes tell where objects begin. Another full collection follows, since the new objects are
 * young, and stores have passed no barrier. Until then no script runs but what the new fields begin with, which has
 * nothing of what is being changed.
 */
import { cells } from '../cells.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  STATE_FORWARDED,
} from '../layout.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { freeLarge } from '../spaces/large-space.ts';
import { EACH_GRANULE, stateOf } from '../spaces/object.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { Forwarded } from './evacuate.ts';
import {
  beginRelocating,
  relocateBlock,
  relocateHandles,
  relocateLarge,
  relocateObject,
} from './relocate.ts';

/** From now on `to` is what `from` was; whoever holds `from` learns of it from `redirectAll`. */
export function redirect(from: usize, to: usize): void {
  store<u8>(stateOf(from), STATE_FORWARDED);
  Forwarded.at(from).target = to;
}

/** Brings what a new object holds up to date: `redirectAll` looks at old ones only. */
export function redirectIn(object: usize): void {
  relocateObject(object);
}

/** Brings every other cell up to date, and frees what was redirected. */
export function redirectAll(): void {
  closeWindow();
  beginRelocating();
  while (relocateHandles() !== 0);
  const end = cells.blocksEnd;
  cells.moveIndex = 0;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
    if (kind === BLOCK_OBJECTS) relocateBlock(block);
    else if (kind === BLOCK_LARGE) relocateWhole(block, index);
  }
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
    if (kind === BLOCK_OBJECTS) forgetRedirected(block);
    else if (kind === BLOCK_LARGE && load<u8>(stateOf(block + BLOCK_DATA)) & STATE_FORWARDED)
      freeLarge(block);
  }
  openWindow();
}

function relocateWhole(block: usize, index: u32): void {
  cells.moveNext = index;
  const after = index + BlockHeader.at(block).run;
  while (cells.moveNext !== after) relocateLarge(block, after);
}

function forgetRedirected(block: usize): void {
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8)
    store<u64>(states, load<u64>(states) & ~(EACH_GRANULE * STATE_FORWARDED));
}
