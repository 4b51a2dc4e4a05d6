/**
 * The native library's face: functions of the prelude that are written here rather than in Sluice, because they work on
 * bytes or must give the same bits everywhere. What the compiler knows of them stands in `scripting/ir/runtime.ts`.
 * Each is named twice, since AssemblyScript finds no file of an `export ... from` that ends in `.ts`.
 */
import { time } from '../../heap/host.ts';
import { copyBegin, copyEnd, copyOut } from './copy-out.ts';
import { textFixed } from './fixed-decimal.ts';
import { hashPart, hashString, hashWord } from './hash.ts';
import { inputBit, inputFloat, inputStrength, inputWord } from './input.ts';
import { stringDowncase, stringUpcase } from './letter-case.ts';
import { acos, asin, atan, atan2, cos, exp, log, pow, remF64, roundF64, sin, tan } from './mathematics.ts';
import { isDecimal, isInteger, readDecimal, readInteger } from './numerals.ts';
import { orderBits } from './order-bits.ts';
import { random, randomInt, randomSeed } from './random.ts';
import { ropeLeft, ropeRight } from './ropes.ts';
import {
  stringBytes,
  stringCompare,
  stringCut,
  stringEqual,
  stringFind,
  stringIndex,
  stringLength,
  stringNext,
  stringOffset,
  stringPlain,
  stringPoint,
  stringSpace,
  stringTrim,
} from './strings.ts';
import { textBool, textF32, textF64, textI64, textQuoted, textString, textU64 } from './text.ts';
import { textMark, textPoint, textPrint, textTake } from './text-buffer.ts';

/** Milliseconds of the host's clock. */
function timeMs(): f64 {
  return time();
}

export {
  acos,
  asin,
  atan,
  atan2,
  copyBegin,
  copyEnd,
  copyOut,
  cos,
  exp,
  hashPart,
  hashString,
  hashWord,
  inputBit,
  inputFloat,
  inputStrength,
  inputWord,
  isDecimal,
  isInteger,
  log,
  orderBits,
  pow,
  random,
  randomInt,
  randomSeed,
  readDecimal,
  readInteger,
  remF64,
  ropeLeft,
  ropeRight,
  roundF64,
  sin,
  stringBytes,
  stringCompare,
  stringCut,
  stringDowncase,
  stringEqual,
  stringFind,
  stringIndex,
  stringLength,
  stringNext,
  stringOffset,
  stringPlain,
  stringPoint,
  stringSpace,
  stringTrim,
  stringUpcase,
  tan,
  textBool,
  textF32,
  textF64,
  textFixed,
  textI64,
  textMark,
  textPoint,
  textPrint,
  textQuoted,
  textString,
  textTake,
  textU64,
  timeMs,
};
