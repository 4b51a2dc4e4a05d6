/**
 * What a checked build has found, in words. Its tests give addresses; what lies there, and in which arena, is read from memory
 * before the call is unwound.
 */
import {
  BLOCK_ARENA,
  BLOCK_MASK,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  REGION_FRAME,
  REGION_TEXT,
  STRING_DESCRIPTOR,
} from '../heap/index.ts';
import { readString } from './text.ts';
import type { TypeNames } from './type-names.ts';
import type { MemoryViews } from './views.ts';

/**
 * The object at `held` would be where it can be reached for longer than it lives: in the object at `holder`, or where the text
 * there says, or, at 0, in a weak reference.
 */
export function escapeMessage(views: MemoryViews, names: TypeNames, held: number, holder: number): string {
  const what = `this \`${names.of(held, views)}\` lives in ${home(views, held)}`;
  const isText = views.word(holder) === STRING_DESCRIPTOR;
  if (holder === 0) return `${what}; a weak reference to it would outlive it`;
  if (isText) return `${what}; ${readString(views, holder)} would outlive it`;
  return `${what}; a \`${names.of(holder, views)}\` that lives in ${home(views, holder)} would hold it for longer`;
}

/** Why nothing may be read or written at an address. */
export function freedMessage(views: MemoryViews, address: number): string {
  return isArena(views, address)
    ? 'this uses what lay in an arena that has ended'
    : 'this uses what the collector has freed';
}

/** Where an object lives. */
function home(views: MemoryViews, object: number): string {
  if (!isArena(views, object)) return 'the heap';
  const region = views.word((object & ~BLOCK_MASK) + BLOCK_OWNER);
  if (region === REGION_FRAME) return 'the frame';
  const text = views.word(region + REGION_TEXT);
  return text === 0 ? 'an arena' : readString(views, text);
}

function isArena(views: MemoryViews, address: number): boolean {
  return views.u8[BLOCK_TABLE + (address >>> BLOCK_SHIFT)] === BLOCK_ARENA;
}
