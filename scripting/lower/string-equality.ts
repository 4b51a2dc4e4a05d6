/**
 * Whether two strings are the same text. Most are told apart by their lengths, which are compared in place; so is a short text that
 * the script itself has, whose bytes are a number.
 */
import { STRING_BYTES, STRING_DATA } from '../heap/index.ts';
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { binary, i32, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';

/** Bytes of a word, and of the longest text that is compared as two of them. */
const WORD = 4;
const SHORT = 2 * WORD;

/** 0 or 1. */
export function equalStrings(lowering: FunctionLowering, [a]: Value, [b]: Value, span: Span): Expression {
  const { builder } = lowering;
  const left = builder.stableOne(a as Expression, 'left');
  const right = builder.stableOne(b as Expression, 'right');
  const [text, other] = right.kind === 'literal' ? [right, left] : [left, right];
  const known = text.kind === 'literal' ? lowering.program.literalText(text.index) : undefined;
  const bytes = known === undefined ? undefined : new TextEncoder().encode(known);
  const length = bytes === undefined ? word(lowering, text, STRING_BYTES) : i32(bytes.length);
  const sameLength = binary('i32', 'eq', word(lowering, other, STRING_BYTES), length, 'i32');
  const isEqual =
    bytes !== undefined && bytes.length <= SHORT
      ? sameWords(lowering, other, bytes)
      : sameBytes(left, right, span);
  const byLength = either(sameLength, isEqual, i32(0));
  // Two strings of the script's own making may be one; a short literal is seldom the other.
  return bytes === undefined ? either(binary('ref', 'eq', left, right, 'i32'), i32(1), byLength) : byLength;
}

function sameBytes(left: Expression, right: Expression, span: Span): Expression {
  const call = { to: 'runtime', name: 'stringEqual', args: [left, right], reps: ['i32'], span } as const;
  return { kind: 'call', rep: 'i32', call };
}

/** Of a string with as many bytes: an object has whole words from its first byte on, and what follows its last is masked out. */
function sameWords(lowering: FunctionLowering, string: Expression, bytes: Uint8Array): Expression {
  const tests: Expression[] = [];
  for (let at = 0; at < bytes.length; at += WORD) {
    const part = bytes.subarray(at, at + WORD);
    const mask = part.length === WORD ? -1 : (1 << (8 * part.length)) - 1;
    const number = part.reduce((sum, byte, i) => sum | (byte << (8 * i)), 0);
    const held = word(lowering, string, STRING_DATA + at);
    tests.push(
      binary('i32', 'eq', mask === -1 ? held : binary('i32', 'and', held, i32(mask)), i32(number), 'i32'),
    );
  }
  return (
    tests.reduceRight<Expression | undefined>(
      (rest, test) => (rest === undefined ? test : either(test, rest, i32(0))),
      undefined,
    ) ?? i32(1)
  );
}

function word(lowering: FunctionLowering, string: Expression, offset: number): Expression {
  return lowering.load(string, offset, 'i32');
}

function either(condition: Expression, yes: Expression, no: Expression): Expression {
  return { kind: 'if-expression', rep: 'i32', condition, then: yes, else: no };
}
