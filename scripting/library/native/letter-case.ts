/**
 * Upper and lower case by Unicode's tables, which are AssemblyScript's own (musl's, compressed): also letters that become
 * several (`ß` is `SS` in capitals), and the sigma that ends a word. No language's own rules: the result is the same everywhere.
 */
import { bsearch, casemap, SPECIALS_UPPER } from 'util/casemap';
import { isCased, isCaseIgnorable } from 'util/string';
import { STRING_BYTES, STRING_DATA } from '../../heap/layout.ts';
import { before, decode, widthOf } from './strings.ts';
import { textMark, textTake, writePoint } from './text-buffer.ts';

const TO_LOWER = 0;
const TO_UPPER = 1;
/** The tables' results carry marks above the code point's bits. */
const POINT_BITS = 0x1fffff;
/** From here on there are no letters with case. */
const CASE_END: u32 = 0x20000;

/** Letters in circles, which the tables leave out: capitals, and 26 after them small ones. */
const CIRCLED_A: u32 = 0x24b6;
const CIRCLED_SMALL_A: u32 = 0x24d0;

const CAPITAL_I_WITH_DOT: u32 = 0x130;
const COMBINING_DOT: u32 = 0x307;
const SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

/** All letters as capitals, in a new string. */
export function stringUpcase(string: usize): usize {
  const mark = textMark();
  const end = string + STRING_DATA + load<u32>(string, STRING_BYTES);
  for (let at = string + STRING_DATA; at < end; at += widthOf(load<u8>(at))) writeUpper(decode(at));
  return textTake(mark);
}

/** All letters small, in a new string. */
export function stringDowncase(string: usize): usize {
  const mark = textMark();
  const start = string + STRING_DATA;
  const end = start + load<u32>(string, STRING_BYTES);
  for (let at = start; at < end; at += widthOf(load<u8>(at))) {
    const point = decode(at);
    if (point === SIGMA) {
      writePoint(endsWord(start, at, end) ? FINAL_SIGMA : SMALL_SIGMA);
    } else if (point === CAPITAL_I_WITH_DOT) {
      writePoint(lower(0x49));
      writePoint(COMBINING_DOT);
    } else {
      writePoint(lower(point));
    }
  }
  return textTake(mark);
}

function writeUpper(point: u32): void {
  const row = point < 0x80 ? -1 : bsearch(point, changetype<usize>(SPECIALS_UPPER), SPECIALS_UPPER.length);
  if (row < 0) {
    writePoint(upper(point));
    return;
  }
  // A row of the table: the letter, then two or three that stand for it, 0 where there is no third.
  for (let i = 1; i < 4; i++) {
    const letter: u32 = load<u16>(changetype<usize>(SPECIALS_UPPER) + ((row + i) << 1));
    if (letter !== 0) writePoint(letter);
  }
}

function upper(point: u32): u32 {
  if (point < 0x80) return point >= 0x61 && point <= 0x7a ? point - 32 : point;
  if (point >= CASE_END) return point;
  if (point >= CIRCLED_SMALL_A && point < CIRCLED_SMALL_A + 26) return point - 26;
  return (casemap(point, TO_UPPER) as u32) & POINT_BITS;
}

function lower(point: u32): u32 {
  if (point < 0x80) return point >= 0x41 && point <= 0x5a ? point + 32 : point;
  if (point >= CASE_END) return point;
  if (point >= CIRCLED_A && point < CIRCLED_A + 26) return point + 26;
  return (casemap(point, TO_LOWER) as u32) & POINT_BITS;
}

/**
 * Unicode's Final_Sigma: whether a letter with case stands before `at` and none after it. What makes no difference to case (marks,
 * apostrophes, full stops and colons) is passed over on both sides.
 */
function endsWord(start: usize, at: usize, end: usize): bool {
  let left = at;
  let point: u32 = 0;
  do {
    if (left <= start) return false;
    left = before(left);
    point = decode(left);
  } while (isIgnorable(point));
  if (!hasCase(point)) return false;
  let right = at;
  do {
    right += widthOf(load<u8>(right));
    if (right >= end) return true;
    point = decode(right);
  } while (isIgnorable(point));
  return !hasCase(point);
}

/** Of the two tables there is one look-up each: what they are inlined into holds them. */
function isIgnorable(point: u32): bool {
  return isCaseIgnorable(point);
}

function hasCase(point: u32): bool {
  return isCased(point);
}
