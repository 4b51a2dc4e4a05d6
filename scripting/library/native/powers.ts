/**
 * The table of powers of ten behind `decimal.ts`, computed with one long number of 32-bit words, lowest first. Upwards
 * from 1 it is multiplied by ten, which is exact; downwards it starts as a large power of two and is divided by ten,
 * where the top 128 bits are exact because a floor of a floor is the floor of the whole.
 */
import { MARK_STACK, POWERS_OF_TEN } from '../../heap/layout.ts';

export const LEAST_POWER = -292;
export const GREATEST_POWER = 324;

/** Enough for 10^324, and for 10^-292 with 128 bits that count. */
const WORDS: usize = 40;
/** The long number lies in the mark stack, which is unused outside a collection. */
const NUMBER: usize = MARK_STACK;

export function computePowers(): void {
  clear();
  store<u32>(NUMBER, 1);
  for (let k = 0; k <= GREATEST_POWER; k++) {
    note(k, false);
    multiplyByTen();
  }
  clear();
  store<u32>(NUMBER + (WORDS - 1) * 4, 0x80000000);
  for (let k = -1; k >= LEAST_POWER; k--) {
    divideByTen();
    note(k, true);
  }
}

function clear(): void {
  memory.fill(NUMBER, 0, WORDS * 4);
}

function multiplyByTen(): void {
  let carry: u64 = 0;
  for (let at = NUMBER; at < NUMBER + WORDS * 4; at += 4) {
    carry += (load<u32>(at) as u64) * 10;
    store<u32>(at, carry as u32);
    carry >>>= 32;
  }
}

function divideByTen(): void {
  let rest: u64 = 0;
  for (let at = NUMBER + (WORDS - 1) * 4; at >= NUMBER; at -= 4) {
    rest = (rest << 32) | (load<u32>(at) as u64);
    store<u32>(at, (rest / 10) as u32);
    rest %= 10;
  }
}

/** Notes the number's top 128 bits as 10^k, rounded up where bits were cut off, here or (`cut`) before. */
function note(k: i32, cut: bool): void {
  let top = NUMBER + (WORDS - 1) * 4;
  while (load<u32>(top) === 0) top -= 4;
  const shift = clz(load<u32>(top));
  let high = ((wordAt(top, shift) as u64) << 32) | (wordAt(top - 4, shift) as u64);
  let low = ((wordAt(top - 8, shift) as u64) << 32) | (wordAt(top - 12, shift) as u64);
  if (cut || isCut(top - 12, shift)) {
    low++;
    if (low === 0) high++;
  }
  const entry = POWERS_OF_TEN + (((k - LEAST_POWER) as usize) << 4);
  store<u64>(entry, high);
  store<u64>(entry, low, 8);
}

/** 32 bits of the number from `shift` bits below the top of the word at `at`; words below the number are 0. */
function wordAt(at: usize, shift: u32): u32 {
  const upper = word(at);
  return shift === 0 ? upper : (upper << shift) | (word(at - 4) >>> (32 - shift));
}

function word(at: usize): u32 {
  return at < NUMBER ? 0 : load<u32>(at);
}

/** Whether any bit is set below those that `wordAt(lowest, shift)` gives. */
function isCut(lowest: usize, shift: u32): bool {
  if (shift !== 0 && word(lowest - 4) << shift !== 0) return true;
  for (let at = NUMBER; at < lowest - (shift === 0 ? 0 : 4); at += 4) if (load<u32>(at) !== 0) return true;
  return false;
}
