/**
 * The table of powers of ten that `decimal.ts` uses, computed with one long number of 32-bit words, lowest first. Upwards
 * from 1 it is multiplied by ten, which is exact; downwards it starts as a large power of two and is divided by ten,
 * where the top 128 bits are exact because a floor of a floor is the floor of the whole.
 */
import { POWERS_OF_TEN } from '../../heap/layout.ts';
import { cutBack, reserve, textMark } from './text-buffer.ts';

export const LEAST_POWER = -292;
const GREATEST_POWER = 324;

/** Enough for 10^324, and for 10^-292 with 128 bits that count. */
const WORDS: usize = 40;
const BYTES: usize = WORDS * 4;

/** Figures in the text buffer, after what is written there. */
export function computePowers(): void {
  const mark = textMark();
  const number = reserve(BYTES as u32);
  memory.fill(number, 0, BYTES);
  store<u32>(number, 1);
  for (let k = 0; k <= GREATEST_POWER; k++) {
    note(number, k, false);
    multiplyByTen(number);
  }
  memory.fill(number, 0, BYTES);
  store<u32>(number + BYTES - 4, 0x80000000);
  for (let k = -1; k >= LEAST_POWER; k--) {
    divideByTen(number);
    note(number, k, true);
  }
  cutBack(mark);
}

function multiplyByTen(number: usize): void {
  let carry: u64 = 0;
  for (let at = number; at < number + BYTES; at += 4) {
    carry += (load<u32>(at) as u64) * 10;
    store<u32>(at, carry as u32);
    carry >>>= 32;
  }
}

function divideByTen(number: usize): void {
  let rest: u64 = 0;
  for (let at = number + BYTES - 4; at >= number; at -= 4) {
    rest = (rest << 32) | (load<u32>(at) as u64);
    store<u32>(at, (rest / 10) as u32);
    rest %= 10;
  }
}

/** Notes the number's top 128 bits as 10^k, rounded up where bits were cut off, here or (`cut`) before. */
function note(number: usize, k: i32, cut: bool): void {
  let top = number + BYTES - 4;
  while (load<u32>(top) === 0) top -= 4;
  const shift = clz(load<u32>(top));
  let high = ((wordAt(number, top, shift) as u64) << 32) | (wordAt(number, top - 4, shift) as u64);
  let low = ((wordAt(number, top - 8, shift) as u64) << 32) | (wordAt(number, top - 12, shift) as u64);
  if (cut || isCut(number, top - 12, shift)) {
    low++;
    if (low === 0) high++;
  }
  const entry = POWERS_OF_TEN + (((k - LEAST_POWER) as usize) << 4);
  store<u64>(entry, high);
  store<u64>(entry, low, 8);
}

/** 32 bits of the number from `shift` bits below the top of the word at `at`; words below the number are 0. */
function wordAt(number: usize, at: usize, shift: u32): u32 {
  const upper = word(number, at);
  return shift === 0 ? upper : (upper << shift) | (word(number, at - 4) >>> (32 - shift));
}

function word(number: usize, at: usize): u32 {
  return at < number ? 0 : load<u32>(at);
}

/** Whether any bit is set below those that `wordAt(lowest, shift)` gives. */
function isCut(number: usize, lowest: usize, shift: u32): bool {
  if (shift !== 0 && word(number, lowest - 4) << shift !== 0) return true;
  for (let at = number; at < lowest - (shift === 0 ? 0 : 4); at += 4) if (load<u32>(at) !== 0) return true;
  return false;
}
